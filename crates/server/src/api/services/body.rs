//! What callers of the services dialect send about cases.

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
use crate::api::{
    failure::Envelope as _,
    fields::{Fields, FromFields, Given},
};

/// What a caller who sends back what it got may leave in the body of an update.
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

/// A case to create. Its values are checked with what they refer to, where the case is opened.
#[derive(Debug, ToSchema)]
pub struct CreateCaseBody {
    /// The customer, known elsewhere.
    #[schema(value_type = i64, example = 123, minimum = 1)]
    customer_id: Option<i64>,
    /// Title.
    #[schema(value_type = String, example = "The cooling unit leaks", min_length = 1, max_length = 500)]
    title: Option<String>,
    /// Its first status: any that is not terminal, `open` without it.
    #[schema(value_type = Option<String>, example = "open", nullable = false)]
    status: Option<String>,
    /// The case that it follows up. It takes that case's series and the next instance in it.
    #[schema(value_type = Option<i64>, example = json!(null))]
    parent_case_id: Given<CaseRef>,
    /// The inquiry that it comes from; one of this server's.
    #[schema(value_type = Option<i64>, example = 42)]
    initial_inquiry_id: Given<InquiryId>,
    /// The order that it comes from; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    order_id: Given<OrderId>,
    /// The offer that it is linked to, known elsewhere.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    offer_id: Given<i64>,
    /// The invoice that it is linked to, known elsewhere.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    invoice_id: Given<i64>,
    /// What it is about.
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// How urgent it is: `low`, `normal` (as is without it), `high` or `urgent`.
    #[schema(value_type = Option<String>, example = "high", nullable = false)]
    priority: Option<Priority>,
    /// The contractor who does the work, known elsewhere.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    contractor_id: Given<i64>,
    /// Words by which it is found.
    #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
    tags: Given<Vec<String>>,
    /// Free JSON fields.
    #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
    metadata: Given<Map<String, Value>>,
    /// The day by which it should be done.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    due_on: Given<NaiveDate>,
}

/// What may be said of a case that is made from something else; what is absent comes from there.
#[derive(Debug, ToSchema)]
pub struct OverridesBody {
    /// Title.
    #[schema(value_type = Option<String>, example = "The cooling unit leaks again", nullable = false, max_length = 500)]
    title: Option<String>,
    /// What it is about.
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// How urgent it is: `low`, `normal` (as is without it), `high` or `urgent`.
    #[schema(value_type = Option<String>, example = "high", nullable = false)]
    priority: Option<Priority>,
    /// The contractor who does the work, known elsewhere.
    #[schema(value_type = Option<i64>, example = 9, minimum = 1)]
    contractor_id: Given<i64>,
    /// Words by which it is found.
    #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
    tags: Given<Vec<String>>,
    /// Free JSON fields.
    #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
    metadata: Given<Map<String, Value>>,
    /// The day by which it should be done.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    due_on: Given<NaiveDate>,
}

/// What is to change about a case; what is absent stays.
#[derive(Debug, ToSchema)]
pub struct UpdateCaseBody {
    /// The customer, known elsewhere.
    #[schema(value_type = Option<i64>, example = 123, minimum = 1, nullable = false)]
    customer_id: Option<i64>,
    /// Title.
    #[schema(value_type = Option<String>, example = "The cooling unit leaks", max_length = 500, nullable = false)]
    title: Option<String>,
    /// The status to move to, through the workflow. The one that the case is in changes nothing.
    #[schema(value_type = Option<String>, example = "in_progress", nullable = false)]
    status: Option<String>,
    /// Why the status changes.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 2000)]
    reason: Given<String>,
    /// The inquiry that it is linked to; one of this server's.
    #[schema(value_type = Option<i64>, example = 42)]
    initial_inquiry_id: Given<InquiryId>,
    /// The order that it is linked to; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    order_id: Given<OrderId>,
    /// The offer that it is linked to, known elsewhere.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    offer_id: Given<i64>,
    /// The invoice that it is linked to, known elsewhere.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    invoice_id: Given<i64>,
    /// What it is about.
    #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
    description: Given<String>,
    /// How urgent it is: `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = Option<String>, example = "high", nullable = false)]
    priority: Option<Priority>,
    /// The contractor who does the work, known elsewhere.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    contractor_id: Given<i64>,
    /// The tags, all of them.
    #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
    tags: Given<Vec<String>>,
    /// The free JSON fields, all of them; the action `update_metadata` merges instead.
    #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
    metadata: Given<Map<String, Value>>,
    /// The day by which it should be done.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    due_on: Given<NaiveDate>,
    /// How it was resolved.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
    resolution: Given<String>,
    /// The case that it follows up. It is set at creation: only the present one is accepted.
    #[schema(value_type = Option<i64>, example = json!(null))]
    parent_case_id: Given<CaseRef>,
}

/// Collects the edits of those fields that were given.
#[derive(Default)]
struct Edits(Vec<Edit>);

impl Edits {
    fn set<T>(&mut self, given: Option<T>, edit: impl FnOnce(T) -> Edit) {
        self.0.extend(given.map(edit));
    }
}

impl CreateCaseBody {
    /// What is to be written.
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

    /// Its first status.
    #[must_use]
    pub fn status(&self) -> Option<StatusKey> {
        self.status.clone().map(StatusKey::new)
    }

    /// The case that it follows up.
    #[must_use]
    pub fn parent(&self) -> Option<CaseRef> {
        self.parent_case_id.flatten()
    }
}

impl FromFields for CreateCaseBody {
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
    /// What is to be written.
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
    /// What is to be written.
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

    /// Everything that is asked for, with the faults of the reading.
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

/// Lets the domain look at the values too, so that its faults come together with those of the reading.
pub fn check(fields: &mut Fields, edits: Vec<Edit>) {
    let mut details = Details::opened_on(NaiveDate::default());
    edits.into_iter().for_each(|edit| edit.apply(&mut details));
    let mut faults = FieldErrors::default();
    details.check(&mut faults);
    fields.adopt(faults, |name| Cow::Owned(Services::field(name).into_owned()));
}
