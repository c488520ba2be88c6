//! Request bodies for cases. They validate fields and translate to commands; they decide nothing.

use std::borrow::Cow;

use chrono::NaiveDate;
use docket_domain::{
    case::{CasePhase, Details, Edit, Priority, Tags},
    command::{Command, TransitionRequest},
    error::FieldErrors,
    id::{CaseRef, ClientId, ContractorId, CustomerId, InquiryId, InvoiceId, OfferId, OrderId, RegionId},
    service::{ChangeOptions, EditCase},
    workflow::{Move, StatusKey, WorkflowId},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

use super::error::Native;
use crate::wire::{
    api_error::Envelope as _,
    fields::{Fields, FromFields, Given},
};

const READ_ONLY: &[&str] = &[
    "id",
    "number",
    "case_number",
    "series_number",
    "series_instance",
    "case_status",
    "resolved_at",
    "closed_at",
    "archived_at",
    "workflow_id",
    "version",
    "created_at",
    "updated_at",
];
/// Fields with their own endpoints.
const ELSEWHERE: &[&str] = &["parties", "staff"];

/// Lists the writable fields once: how each is read, and which edits it makes.
macro_rules! case_bodies {
    ($($(#[doc = $doc:literal])+ #[schema($($schema:tt)*)] $(#[validate($($rule:tt)*)])? $name:literal $field:ident: $type:ty, $read:expr => $edit:expr;)*) => {
        #[derive(Debug, Default, Validate, ToSchema)]
        pub struct CreateCaseBody {
            /// Name of the case, 1 to 500 characters.
            #[schema(value_type = String, example = "Smith v. Jones", min_length = 1, max_length = 500)]
            pub name: Option<String>,
            /// Only `active`, which is also the default: a case cannot be created closed.
            #[schema(value_type = Option<String>, example = "active")]
            pub status: Given<CasePhase>,
            /// Key of the workflow. Default: the workflow that claims `type`, else `default`.
            #[schema(value_type = Option<String>, example = json!(null), nullable = false)]
            pub workflow: Option<String>,
            /// Case that the new case follows up, by UUID or integer id. The new case gets the next instance in the
            /// series of that case.
            #[schema(value_type = Option<String>, example = json!(null))]
            pub parent: Given<CaseRef>,
            $($(#[doc = $doc])+ #[schema($($schema)*)] $(#[validate($($rule)*)])? pub $field: Given<$type>,)*
        }

        /// Changes to a case. Absent fields stay unchanged; `null` clears an optional field.
        #[derive(Debug, Default, Validate, ToSchema)]
        pub struct UpdateCaseBody {
            /// Name of the case, 1 to 500 characters.
            #[schema(example = "Smith v. Jones", min_length = 1, max_length = 500, nullable = false)]
            pub name: Option<String>,
            /// `closed` closes the case or unarchives an archived one, `active` reopens a closed or archived case,
            /// `archived` archives a closed case.
            #[schema(value_type = Option<String>, example = "active", nullable = false)]
            pub status: Option<CasePhase>,
            /// Reason for the change of `status`, up to 2,000 characters. A reopening without a reason is recorded with
            /// a default one.
            #[schema(value_type = Option<String>, example = json!(null))]
            pub reason: Given<String>,
            $($(#[doc = $doc])+ #[schema($($schema)*)] $(#[validate($($rule)*)])? pub $field: Given<$type>,)*
        }

        impl CreateCaseBody {
            #[must_use]
            pub fn edits(&self) -> Vec<Edit> {
                let mut edits = Vec::new();
                edits.extend(self.name.clone().map(|name| Edit::Name(Some(name))));
                $(if let Some(value) = self.$field.clone() { edits.extend(($edit)(value)); })*
                edits
            }
        }

        impl UpdateCaseBody {
            #[must_use]
            pub fn edits(&self) -> Vec<Edit> {
                let mut edits = Vec::new();
                edits.extend(self.name.clone().map(|name| Edit::Name(Some(name))));
                $(if let Some(value) = self.$field.clone() { edits.extend(($edit)(value)); })*
                edits
            }
        }

        impl FromFields for CreateCaseBody {
            fn from_fields(fields: &mut Fields) -> Self {
                let body = Self {
                    name: fields.required("name", |fields| fields.text("name")),
                    status: fields.word("status", "active", |word| CasePhase::parse(word).filter(|phase| *phase == CasePhase::Active)),
                    workflow: fields.not_null("workflow", |fields| fields.text("workflow")),
                    parent: fields.id("parent", CaseRef::parse),
                    $($field: ($read)(fields, $name),)*
                };
                fields.validate(&body);
                check(fields, body.edits());
                body
            }
        }

        impl FromFields for UpdateCaseBody {
            fn from_fields(fields: &mut Fields) -> Self {
                let body = Self {
                    name: fields.not_null("name", |fields| fields.text("name")),
                    status: fields.not_null("status", |fields| {
                        fields.word("status", "one of active, closed, archived", CasePhase::parse)
                    }),
                    reason: fields.text("reason"),
                    $($field: ($read)(fields, $name),)*
                };
                fields.refuse(&["parent", "workflow"], "can only be set at creation");
                fields.validate(&body);
                check(fields, body.edits());
                body
            }
        }
    };
}

case_bodies! {
    /// File number of the office, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "AZ-2026-042", max_length = 255)]
    "file_number" file_number: String, Fields::text => |value| [Edit::FileNumber(value)];
    /// Kind of matter, 1 to 255 characters.
    #[schema(value_type = Option<String>, rename = "type", example = "litigation", max_length = 255)]
    "type" case_type: String, Fields::text => |value| [Edit::CaseType(value)];
    /// Description of the matter, up to 100,000 characters.
    #[schema(value_type = Option<String>, example = "Wrongful termination claim", max_length = 100_000)]
    "description" description: String, Fields::text => |value| [Edit::Description(value)];
    /// Department that works on the case, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "Employment Law", max_length = 255)]
    "dezernat" dezernat: String, Fields::text => |value| [Edit::Dezernat(value)];
    /// `low`, `normal`, `high` or `urgent`. A new case has `normal` by default; `null` sets `normal`.
    #[schema(value_type = Option<String>, example = "high")]
    "priority" priority: Priority, priority => |value: Option<Priority>| [Edit::Priority(value.unwrap_or_default())];
    /// All tags of the case: at most 100, each 1 to 255 characters. Duplicates are dropped.
    #[schema(value_type = Option<Vec<String>>, example = json!(["appeal"]))]
    "tags" tags: Vec<String>, Fields::tags => |value: Option<Vec<String>>| [Edit::Tags(tags(value))];
    /// Day of opening, as the users state it. Default for a new case: the current day in UTC.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15", nullable = false)]
    "opened_on" opened_on: NaiveDate, opened_on => |value: Option<NaiveDate>| value.map(Edit::OpenedOn);
    /// Day by which the case should be done.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    "due_on" due_on: NaiveDate, Fields::date => |value| [Edit::DueOn(value)];
    /// How the matter was resolved, up to 100,000 characters.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
    "resolution" resolution: String, Fields::text => |value| [Edit::Resolution(value)];
    /// Whether the case is still only a request. Default for a new case: `false`.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    "is_request" is_request: bool, is_request => |value: Option<bool>| value.map(Edit::IsRequest);
    /// Up to three references, for example claim numbers, each 1 to 255 characters. `null` leaves a position empty.
    #[schema(value_type = Option<Vec<Option<String>>>, example = json!(["CLAIM-7781"]), max_items = 3)]
    #[validate(length(max = 3, message = "must have at most three items"))]
    "references" references: Vec<Option<String>>, |fields: &mut Fields, name| fields.nullable_texts(name, 100) => references_edits;
    /// Id of the customer in another system.
    #[schema(value_type = Option<i64>, example = 7, minimum = 1)]
    "customer_id" customer_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Customer(value.map(CustomerId))];
    /// Id of the contractor in another system.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    "contractor_id" contractor_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Contractor(value.map(ContractorId))];
    /// Id of the client. Must be an existing root client, not a location.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "client_id" client_id: ClientId, |fields: &mut Fields, name| fields.id(name, ClientId::parse) => |value| [Edit::Client(value)];
    /// Id of the location. Must exist, and belong to `client_id` if both are sent.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "location_id" location_id: ClientId, |fields: &mut Fields, name| fields.id(name, ClientId::parse) => |value| [Edit::Location(value)];
    /// Id of the region. Must exist.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "region_id" region_id: RegionId, |fields: &mut Fields, name| fields.id(name, RegionId::parse) => |value| [Edit::Region(value)];
    /// Id of the inquiry that the case was created from or is linked to. Must exist.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "inquiry_id" inquiry_id: InquiryId, |fields: &mut Fields, name| fields.id(name, InquiryId::parse) => |value| [Edit::Inquiry(value)];
    /// Id of the order that the case was created from or is linked to. Must exist.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "order_id" order_id: OrderId, |fields: &mut Fields, name| fields.id(name, OrderId::parse) => |value| [Edit::Order(value)];
    /// Id of the linked offer in another system.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    "offer_id" offer_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Offer(value.map(OfferId))];
    /// Id of the linked invoice in another system.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    "invoice_id" invoice_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Invoice(value.map(InvoiceId))];
    /// Free JSON fields, stored unchanged: at most 64 KiB of JSON by default, nested at most 100 levels.
    /// An update replaces the whole object.
    #[schema(value_type = Option<Object>, example = json!({"court": "ArbG Berlin"}))]
    "custom_fields" custom_fields: Map<String, Value>, Fields::object => |value: Option<Map<String, Value>>| [Edit::CustomFields(value.unwrap_or_default().into())];
}

impl CreateCaseBody {
    #[must_use]
    pub fn parent(&self) -> Option<CaseRef> {
        self.parent.flatten()
    }
}

impl UpdateCaseBody {
    /// Fields come first: the guards of the transition read the new values.
    #[must_use]
    pub fn into_request(self) -> EditCase {
        let reason = self.reason.clone().flatten();
        let then = self.status.map(|phase| Command::EnterPhase { phase, reason });
        EditCase { edits: self.edits(), parent: None, then, faults: FieldErrors::default() }
    }
}

/// A transition, by name or by target status. `transition` or `to` is required.
#[derive(Debug, Default, ToSchema)]
pub struct TransitionBody {
    /// Name of the transition. It must start from the current status.
    #[schema(value_type = Option<String>, example = "resolve", nullable = false)]
    transition: Option<String>,
    /// Target status. With `transition`: one of its targets; default: its first target. Alone: selects the transition
    /// from the current status to this one; the current status itself changes nothing.
    #[schema(value_type = Option<String>, example = "resolved", nullable = false)]
    to: Option<String>,
    /// Reason for the change, up to 2,000 characters. Some transitions require it.
    #[schema(value_type = Option<String>, example = "both sides agreed", max_length = 2000)]
    reason: Given<String>,
    /// Workflow version that the caller expects. The response is 409 if the case has another version.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(null))]
    workflow_id: Given<WorkflowId>,
    /// Whether to check the request without changing the case. Default: `false`.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    dry_run: Option<bool>,
}

impl FromFields for TransitionBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let body = Self {
            transition: fields.not_null("transition", |fields| fields.text("transition")),
            to: fields.not_null("to", |fields| fields.text("to")),
            reason: fields.text("reason"),
            workflow_id: fields.word("workflow_id", "a UUID", |word| word.parse().ok()),
            dry_run: fields.not_null("dry_run", |fields| fields.boolean("dry_run")),
        };
        if body.transition.is_none() && body.to.is_none() && fields.is_sound() {
            fields.fault("transition", "either transition or to is required");
        }
        body
    }
}

impl TransitionBody {
    #[must_use]
    pub fn into_command(self) -> (Command, ChangeOptions) {
        let options = ChangeOptions { dry_run: self.dry_run.unwrap_or_default() };
        let to = self.to.map(StatusKey::new);
        let movement = match (self.transition, to) {
            (Some(name), to) => Move::Named { name, to },
            (None, Some(to)) => Move::To(to),
            (None, None) => Move::named(""),
        };
        let (reason, workflow) = (self.reason.flatten(), self.workflow_id.flatten());
        (Command::Transition(TransitionRequest { movement, reason, workflow }), options)
    }
}

/// Runs the checks of the domain as well, so that the response lists all invalid fields at once.
fn check(fields: &mut Fields, edits: Vec<Edit>) {
    let mut details = Details::opened_on(NaiveDate::default());
    edits.into_iter().for_each(|edit| edit.apply(&mut details));
    let mut faults = FieldErrors::default();
    details.check(&mut faults);
    fields.adopt(faults, |name| Cow::Owned(Native::field(name).into_owned()));
    fields.refuse(READ_ONLY, "is read-only");
    fields.refuse(ELSEWHERE, "has its own path");
}

fn priority(fields: &mut Fields, name: &str) -> Given<Priority> {
    fields.word(name, "one of low, normal, high, urgent", |word| word.parse().ok())
}

fn opened_on(fields: &mut Fields, name: &str) -> Given<NaiveDate> {
    fields.not_null(name, |fields| fields.date(name)).map(Some)
}

fn is_request(fields: &mut Fields, name: &str) -> Given<bool> {
    fields.not_null(name, |fields| fields.boolean(name)).map(Some)
}

fn references_edits(references: Option<Vec<Option<String>>>) -> [Edit; 3] {
    let mut references = references.unwrap_or_default().into_iter();
    let mut next = || references.next().flatten();
    [Edit::Reference1(next()), Edit::Reference2(next()), Edit::Reference3(next())]
}

fn tags(tags: Option<Vec<String>>) -> Tags {
    tags.unwrap_or_default().into_iter().collect()
}
