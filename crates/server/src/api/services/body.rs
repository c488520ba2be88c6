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

/// Defines a body from one list of fields: how each is read, and which edit it makes.
macro_rules! case_body {
    (
        $(#[$about:meta])*
        pub struct $body:ident {
            $($(#[$attr:meta])* $field:ident: $type:ty, $read:expr $(=> $edit:expr)?;)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, ToSchema)]
        pub struct $body {
            $($(#[$attr])* $field: $type,)*
        }

        impl $body {
            fn read(fields: &mut Fields) -> Self {
                Self { $($field: ($read)(fields, stringify!($field)),)* }
            }

            #[must_use]
            pub fn edits(&self) -> Vec<Edit> {
                let mut edits = Vec::new();
                $($(edits.extend(self.$field.clone().map($edit));)?)*
                edits
            }
        }
    };
}

/// Lists each field once, under the bodies that have it.
macro_rules! case_bodies {
    (
        create { $($create:tt)* }
        overrides { $($overrides:tt)* }
        update { $($update:tt)* }
        create_and_update { $($create_and_update:tt)* }
        create_and_overrides { $($create_and_overrides:tt)* }
        all { $($all:tt)* }
    ) => {
        case_body! {
            /// A case to create.
            pub struct CreateCaseBody { $($create)* $($create_and_update)* $($create_and_overrides)* $($all)* }
        }

        case_body! {
            /// Values of the new case that override those of the inquiry, the order or the parent case.
            pub struct OverridesBody { $($overrides)* $($create_and_overrides)* $($all)* }
        }

        case_body! {
            /// Fields to change. An absent field keeps its value; `null` clears an optional field.
            pub struct UpdateCaseBody { $($update)* $($create_and_update)* $($all)* }
        }
    };
}

case_bodies! {
    create {
        /// Id of the customer in another system; any positive integer.
        #[schema(value_type = i64, example = 123, minimum = 1)]
        customer_id: Option<i64>, |fields: &mut Fields, name| fields.required(name, |fields| fields.integer_id(name)) => customer;
        #[schema(value_type = String, example = "The cooling unit leaks", min_length = 1, max_length = 500)]
        title: Option<String>, |fields: &mut Fields, name| fields.required(name, |fields| fields.text(name)) => title;
        /// First status; must not be terminal. Default: the initial status of the workflow, `open` in the built-in one.
        #[schema(value_type = Option<String>, example = "open", nullable = false)]
        status: Option<String>, text;
        /// Id of the parent case. The new case is a follow-up: it joins the series of the parent as the next instance.
        #[schema(value_type = Option<i64>, example = json!(null))]
        parent_case_id: Given<CaseRef>, |fields: &mut Fields, name| fields.id(name, CaseRef::parse);
        /// Id of the inquiry that the case is created from. The inquiry must exist.
        #[schema(value_type = Option<i64>, example = 42)]
        initial_inquiry_id: Given<InquiryId>, |fields: &mut Fields, name| fields.id(name, InquiryId::parse) => Edit::Inquiry;
        /// Id of the order that the case is created from. The order must exist.
        #[schema(value_type = Option<i64>, example = json!(null))]
        order_id: Given<OrderId>, |fields: &mut Fields, name| fields.id(name, OrderId::parse) => Edit::Order;
    }
    overrides {
        /// Default: the title of the inquiry or order. For a follow-up: `Follow-up: ` and the title of the parent case.
        #[schema(value_type = Option<String>, example = "The cooling unit leaks again", nullable = false, max_length = 500)]
        title: Option<String>, text => title;
        /// Default: the description of the inquiry or the notes of the order. A follow-up has no default.
        #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
        description: Given<String>, Fields::text => Edit::Description;
        /// Id of the contractor in another system; any positive integer. Default for a follow-up: the contractor of the
        /// parent case.
        #[schema(value_type = Option<i64>, example = 9, minimum = 1)]
        contractor_id: Given<i64>, Fields::integer_id => contractor;
    }
    update {
        /// Id of the customer in another system; any positive integer.
        #[schema(value_type = Option<i64>, example = 123, minimum = 1, nullable = false)]
        customer_id: Option<i64>, |fields: &mut Fields, name| fields.not_null(name, |fields| fields.integer_id(name)) => customer;
        #[schema(value_type = Option<String>, example = "The cooling unit leaks", max_length = 500, nullable = false)]
        title: Option<String>, text => title;
        /// New status. The workflow must have a transition to it. Sending the current status changes nothing.
        #[schema(value_type = Option<String>, example = "in_progress", nullable = false)]
        status: Option<String>, text;
        /// Reason for the status change. Required if the transition requires one; ignored without `status`.
        #[schema(value_type = Option<String>, example = json!(null), max_length = 2000)]
        reason: Given<String>, Fields::text;
        /// Id of the linked inquiry. The inquiry must exist.
        #[schema(value_type = Option<i64>, example = 42)]
        initial_inquiry_id: Given<InquiryId>, |fields: &mut Fields, name| fields.id(name, InquiryId::parse) => Edit::Inquiry;
        /// Id of the linked order. The order must exist.
        #[schema(value_type = Option<i64>, example = json!(null))]
        order_id: Given<OrderId>, |fields: &mut Fields, name| fields.id(name, OrderId::parse) => Edit::Order;
        /// `low`, `normal`, `high` or `urgent`.
        #[schema(value_type = Option<String>, example = "high", nullable = false)]
        priority: Option<Priority>, priority => Edit::Priority;
        /// Replaces all tags. At most 100 tags of at most 255 characters each. Duplicates are dropped.
        #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
        tags: Given<Vec<String>>, Fields::tags => into_tags;
        /// Replaces all free JSON fields; the action `update_metadata` merges instead. At most 64 KiB of JSON (the
        /// operator can change this limit) and 100 levels of nesting.
        #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
        metadata: Given<Map<String, Value>>, Fields::object => into_fields;
        /// How the case was resolved.
        #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
        resolution: Given<String>, Fields::text => Edit::Resolution;
        /// Id of the parent case. It is set at creation; an update accepts only the current value.
        #[schema(value_type = Option<i64>, example = json!(null))]
        parent_case_id: Given<CaseRef>, |fields: &mut Fields, name| fields.id(name, CaseRef::parse);
    }
    create_and_update {
        /// Id of the linked offer in another system; any positive integer.
        #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
        offer_id: Given<i64>, Fields::integer_id => |id: Option<i64>| Edit::Offer(id.map(OfferId));
        /// Id of the linked invoice in another system; any positive integer.
        #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
        invoice_id: Given<i64>, Fields::integer_id => |id: Option<i64>| Edit::Invoice(id.map(InvoiceId));
        #[schema(value_type = Option<String>, example = "Water under the rack since Monday.", max_length = 100_000)]
        description: Given<String>, Fields::text => Edit::Description;
        /// Id of the contractor in another system; any positive integer.
        #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
        contractor_id: Given<i64>, Fields::integer_id => contractor;
    }
    create_and_overrides {
        /// `low`, `normal`, `high` or `urgent`. Default: `normal`.
        #[schema(value_type = Option<String>, example = "high", nullable = false)]
        priority: Option<Priority>, priority => Edit::Priority;
        /// At most 100 tags of at most 255 characters each. Duplicates are dropped.
        #[schema(value_type = Option<Vec<String>>, example = json!(["hvac"]))]
        tags: Given<Vec<String>>, Fields::tags => into_tags;
        /// Free JSON fields. At most 64 KiB of JSON (the operator can change this limit) and 100 levels of nesting.
        #[schema(value_type = Option<Object>, example = json!({"floor": 3}))]
        metadata: Given<Map<String, Value>>, Fields::object => into_fields;
    }
    all {
        /// Due date, `YYYY-MM-DD`, in the years 1000 to 9999.
        #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
        due_on: Given<NaiveDate>, Fields::date => Edit::DueOn;
    }
}

impl CreateCaseBody {
    #[must_use]
    pub fn status(&self) -> Option<StatusKey> {
        self.status.clone().map(StatusKey::new)
    }

    #[must_use]
    pub fn parent(&self) -> Option<CaseRef> {
        self.parent_case_id.flatten()
    }
}

impl UpdateCaseBody {
    #[must_use]
    pub fn into_request(self, faults: FieldErrors) -> EditCase {
        let reason = self.reason.clone().flatten();
        let status = self.status.clone().map(StatusKey::new);
        let then = status.map(|status| Command::Transition(TransitionRequest::to(status, reason)));
        EditCase { edits: self.edits(), parent: self.parent_case_id, then, faults }
    }
}

impl FromFields for CreateCaseBody {
    // The values are checked together with their references, in `open_case`.
    fn from_fields(fields: &mut Fields) -> Self {
        Self::read(fields)
    }
}

impl FromFields for OverridesBody {
    const IS_OPTIONAL: bool = true;

    fn from_fields(fields: &mut Fields) -> Self {
        Self::read(fields)
    }
}

impl FromFields for UpdateCaseBody {
    fn from_fields(fields: &mut Fields) -> Self {
        for name in READ_ONLY {
            fields.take(name);
        }
        let body = Self::read(fields);
        check(fields, body.edits());
        body
    }
}

fn text(fields: &mut Fields, name: &str) -> Option<String> {
    fields.not_null(name, |fields| fields.text(name))
}

fn priority(fields: &mut Fields, name: &str) -> Option<Priority> {
    fields.not_null(name, |fields| fields.word(name, "one of low, normal, high, urgent", |word| word.parse().ok()))
}

const fn customer(id: i64) -> Edit {
    Edit::Customer(Some(CustomerId(id)))
}

const fn title(title: String) -> Edit {
    Edit::Name(Some(title))
}

fn contractor(id: Option<i64>) -> Edit {
    Edit::Contractor(id.map(ContractorId))
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
