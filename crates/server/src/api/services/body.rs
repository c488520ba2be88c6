//! Request bodies about cases.
//!
//! They read fields and collect every error. They never read the store: references are checked there later.

use std::borrow::Cow;

use chrono::NaiveDate;
use docket_domain::{
    case::{Details, Edit, Priority, Tags},
    command::{Command, TransitionRequest},
    error::FieldErrors,
    id::{CaseRef, ContractorId, CustomerId, InquiryId, InvoiceId, OfferId, OrderId},
    service::EditCase,
    workflow::StatusKey,
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::error::Services;
use crate::wire::{
    api_error::Envelope as _,
    fields::{Fields, FromFields, Given},
};

/// Fields of a response that an update ignores, so that a client can send a response back.
const READ_ONLY: &[&str] = &[
    "id",
    "uuid",
    "case_number",
    "resolved_at",
    "closed_at",
    "created_by",
    "created_at",
    "updated_at",
    "deleted_at",
    "parent_case",
    "follow_ups",
    "status_history",
    "allowed_transitions",
];

/// A case to create.
#[derive(Debug, ToSchema)]
pub struct CreateCaseBody {
    /// Id of the customer in another system; any positive integer.
    #[schema(value_type = i64, example = 123, minimum = 1)]
    customer_id: Option<i64>,
    #[schema(value_type = String, example = "The cooling unit leaks", min_length = 1, max_length = 500)]
    title: Option<String>,
    /// First status; must not be terminal. Default: the initial status of the workflow, `open` in the built-in one.
    #[schema(value_type = Option<String>, example = "open", nullable = false)]
    status: Option<String>,
    /// Id of the parent case. The new case is a follow-up: it joins the series of the parent as the next instance.
    #[schema(value_type = Option<i64>, example = json!(null))]
    parent_case_id: Given<CaseRef>,
    /// Id of the inquiry that the case is created from. The inquiry must exist.
    #[schema(value_type = Option<i64>, example = 42)]
    initial_inquiry_id: Given<InquiryId>,
    /// Id of the order that the case is created from. The order must exist.
    #[schema(value_type = Option<i64>, example = json!(null))]
    order_id: Given<OrderId>,
    /// Id of the linked offer in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    offer_id: Given<i64>,
    /// Id of the linked invoice in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    invoice_id: Given<i64>,
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// `low`, `normal`, `high` or `urgent`. Default: `normal`.
    #[schema(value_type = Option<String>, example = "high", nullable = false)]
    priority: Option<Priority>,
    /// Id of the contractor in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    contractor_id: Given<i64>,
    /// At most 100 tags of at most 255 characters each. Duplicates are dropped.
    #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
    tags: Given<Vec<String>>,
    /// Free JSON fields. At most 64 KiB of JSON (the operator can change this limit) and 100 levels of nesting.
    #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
    metadata: Given<Map<String, Value>>,
    /// Due date, `YYYY-MM-DD`, in the years 1000 to 9999.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    due_on: Given<NaiveDate>,
}

/// Values of the new case that override those of the inquiry, the order or the parent case.
#[derive(Debug, ToSchema)]
pub struct OverridesBody {
    /// Default: the title of the inquiry or order. For a follow-up: `Follow-up: ` and the title of the parent case.
    #[schema(value_type = Option<String>, example = "The cooling unit leaks again", nullable = false, max_length = 500)]
    title: Option<String>,
    /// Default: the description of the inquiry or the notes of the order. A follow-up has no default.
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// `low`, `normal`, `high` or `urgent`. Default: `normal`.
    #[schema(value_type = Option<String>, example = "high", nullable = false)]
    priority: Option<Priority>,
    /// Id of the contractor in another system; any positive integer. Default for a follow-up: the contractor of the
    /// parent case.
    #[schema(value_type = Option<i64>, example = 9, minimum = 1)]
    contractor_id: Given<i64>,
    /// At most 100 tags of at most 255 characters each. Duplicates are dropped.
    #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
    tags: Given<Vec<String>>,
    /// Free JSON fields. At most 64 KiB of JSON (the operator can change this limit) and 100 levels of nesting.
    #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
    metadata: Given<Map<String, Value>>,
    /// Due date, `YYYY-MM-DD`, in the years 1000 to 9999.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    due_on: Given<NaiveDate>,
}

/// Fields to change. An absent field keeps its value; `null` clears an optional field.
#[derive(Debug, ToSchema)]
pub struct UpdateCaseBody {
    /// Id of the customer in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = 123, minimum = 1, nullable = false)]
    customer_id: Option<i64>,
    #[schema(value_type = Option<String>, example = "The cooling unit leaks", max_length = 500, nullable = false)]
    title: Option<String>,
    /// New status. The workflow must have a transition to it. Sending the current status changes nothing.
    #[schema(value_type = Option<String>, example = "in_progress", nullable = false)]
    status: Option<String>,
    /// Reason for the status change. Required if the transition requires one; ignored without `status`.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 2000)]
    reason: Given<String>,
    /// Id of the linked inquiry. The inquiry must exist.
    #[schema(value_type = Option<i64>, example = 42)]
    initial_inquiry_id: Given<InquiryId>,
    /// Id of the linked order. The order must exist.
    #[schema(value_type = Option<i64>, example = json!(null))]
    order_id: Given<OrderId>,
    /// Id of the linked offer in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    offer_id: Given<i64>,
    /// Id of the linked invoice in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    invoice_id: Given<i64>,
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = Option<String>, example = "high", nullable = false)]
    priority: Option<Priority>,
    /// Id of the contractor in another system; any positive integer.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    contractor_id: Given<i64>,
    /// Replaces all tags. At most 100 tags of at most 255 characters each. Duplicates are dropped.
    #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
    tags: Given<Vec<String>>,
    /// Replaces all free JSON fields; the action `update_metadata` merges instead. At most 64 KiB of JSON (the operator
    /// can change this limit) and 100 levels of nesting.
    #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
    metadata: Given<Map<String, Value>>,
    /// Due date, `YYYY-MM-DD`, in the years 1000 to 9999.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    due_on: Given<NaiveDate>,
    /// How the case was resolved.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
    resolution: Given<String>,
    /// Id of the parent case. It is set at creation; an update accepts only the current value.
    #[schema(value_type = Option<i64>, example = json!(null))]
    parent_case_id: Given<CaseRef>,
}

#[derive(Default)]
struct Edits(Vec<Edit>);

impl Edits {
    fn set<T>(&mut self, given: Option<T>, edit: impl FnOnce(T) -> Edit) {
        self.0.extend(given.map(edit));
    }
}

impl CreateCaseBody {
    #[must_use]
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits = Edits::default();
        edits.set(self.customer_id, |id| Edit::Customer(Some(CustomerId(id))));
        edits.set(self.title.clone(), |title| Edit::Name(Some(title)));
        edits.set(self.initial_inquiry_id, Edit::Inquiry);
        edits.set(self.order_id, Edit::Order);
        edits.set(self.offer_id, |id| Edit::Offer(id.map(OfferId)));
        edits.set(self.invoice_id, |id| Edit::Invoice(id.map(InvoiceId)));
        edits.set(self.description.clone(), Edit::Description);
        edits.set(self.priority, Edit::Priority);
        edits.set(self.contractor_id, |id| Edit::Contractor(id.map(ContractorId)));
        edits.set(self.tags.clone(), into_tags);
        edits.set(self.metadata.clone(), into_fields);
        edits.set(self.due_on, Edit::DueOn);
        edits.0
    }

    #[must_use]
    pub fn status(&self) -> Option<StatusKey> {
        self.status.clone().map(StatusKey::new)
    }

    #[must_use]
    pub fn parent(&self) -> Option<CaseRef> {
        self.parent_case_id.flatten()
    }
}

impl FromFields for CreateCaseBody {
    // The values are checked together with their references, in `open_case`.
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            customer_id: fields.required("customer_id", |fields| fields.integer_id("customer_id")),
            title: fields.required("title", |fields| fields.text("title")),
            status: fields.not_null("status", |fields| fields.text("status")),
            parent_case_id: fields.id("parent_case_id", CaseRef::parse),
            initial_inquiry_id: fields.id("initial_inquiry_id", InquiryId::parse),
            order_id: fields.id("order_id", OrderId::parse),
            offer_id: fields.integer_id("offer_id"),
            invoice_id: fields.integer_id("invoice_id"),
            description: fields.text("description"),
            priority: priority(fields),
            contractor_id: fields.integer_id("contractor_id"),
            tags: fields.tags("tags"),
            metadata: fields.object("metadata"),
            due_on: fields.date("due_on"),
        }
    }
}

impl OverridesBody {
    #[must_use]
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits = Edits::default();
        edits.set(self.title.clone(), |title| Edit::Name(Some(title)));
        edits.set(self.description.clone(), Edit::Description);
        edits.set(self.priority, Edit::Priority);
        edits.set(self.contractor_id, |id| Edit::Contractor(id.map(ContractorId)));
        edits.set(self.tags.clone(), into_tags);
        edits.set(self.metadata.clone(), into_fields);
        edits.set(self.due_on, Edit::DueOn);
        edits.0
    }
}

impl FromFields for OverridesBody {
    const IS_OPTIONAL: bool = true;

    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            title: fields.not_null("title", |fields| fields.text("title")),
            description: fields.text("description"),
            priority: priority(fields),
            contractor_id: fields.integer_id("contractor_id"),
            tags: fields.tags("tags"),
            metadata: fields.object("metadata"),
            due_on: fields.date("due_on"),
        }
    }
}

impl UpdateCaseBody {
    #[must_use]
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits = Edits::default();
        edits.set(self.customer_id, |id| Edit::Customer(Some(CustomerId(id))));
        edits.set(self.title.clone(), |title| Edit::Name(Some(title)));
        edits.set(self.initial_inquiry_id, Edit::Inquiry);
        edits.set(self.order_id, Edit::Order);
        edits.set(self.offer_id, |id| Edit::Offer(id.map(OfferId)));
        edits.set(self.invoice_id, |id| Edit::Invoice(id.map(InvoiceId)));
        edits.set(self.description.clone(), Edit::Description);
        edits.set(self.priority, Edit::Priority);
        edits.set(self.contractor_id, |id| Edit::Contractor(id.map(ContractorId)));
        edits.set(self.tags.clone(), into_tags);
        edits.set(self.metadata.clone(), into_fields);
        edits.set(self.due_on, Edit::DueOn);
        edits.set(self.resolution.clone(), Edit::Resolution);
        edits.0
    }

    #[must_use]
    pub fn into_request(self, faults: FieldErrors) -> EditCase {
        let reason = self.reason.clone().flatten();
        let status = self.status.clone().map(StatusKey::new);
        let then = status.map(|status| Command::Transition(TransitionRequest::to(status, reason)));
        EditCase { edits: self.edits(), parent: self.parent_case_id, then, faults }
    }
}

impl FromFields for UpdateCaseBody {
    fn from_fields(fields: &mut Fields) -> Self {
        for name in READ_ONLY {
            fields.take(name);
        }
        let body = Self {
            customer_id: fields.not_null("customer_id", |fields| fields.integer_id("customer_id")),
            title: fields.not_null("title", |fields| fields.text("title")),
            status: fields.not_null("status", |fields| fields.text("status")),
            reason: fields.text("reason"),
            initial_inquiry_id: fields.id("initial_inquiry_id", InquiryId::parse),
            order_id: fields.id("order_id", OrderId::parse),
            offer_id: fields.integer_id("offer_id"),
            invoice_id: fields.integer_id("invoice_id"),
            description: fields.text("description"),
            priority: priority(fields),
            contractor_id: fields.integer_id("contractor_id"),
            tags: fields.tags("tags"),
            metadata: fields.object("metadata"),
            due_on: fields.date("due_on"),
            resolution: fields.text("resolution"),
            parent_case_id: fields.id("parent_case_id", CaseRef::parse),
        };
        check(fields, body.edits());
        body
    }
}

fn priority(fields: &mut Fields) -> Option<Priority> {
    fields.not_null("priority", |fields| {
        fields.word("priority", "one of low, normal, high, urgent", |word| word.parse().ok())
    })
}

fn into_tags(tags: Option<Vec<String>>) -> Edit {
    Edit::Tags(tags.unwrap_or_default().into_iter().collect::<Tags>())
}

fn into_fields(fields: Option<Map<String, Value>>) -> Edit {
    Edit::CustomFields(fields.unwrap_or_default().into())
}

/// Checks the values by the rules of the domain, so that those errors are reported together with the errors of reading.
pub fn check(fields: &mut Fields, edits: Vec<Edit>) {
    let mut details = Details::opened_on(NaiveDate::default());
    edits.into_iter().for_each(|edit| edit.apply(&mut details));
    let mut faults = FieldErrors::default();
    details.check(&mut faults);
    fields.adopt(faults, |name| Cow::Owned(Services::field(name).into_owned()));
}
