//! What native callers send about cases.

use std::borrow::Cow;

use chrono::NaiveDate;
use docket_domain::{
    case::{CasePhase, Details, Edit, Priority, Tags},
    command::{Command, TransitionRequest},
    error::FieldErrors,
    id::{CaseRef, ClientId, ContractorId, CustomerId, InquiryId, InvoiceId, OfferId, OrderId, RegionId},
    service::{EditCase, Terms},
    workflow::{Move, StatusKey, WorkflowId},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::error::Native;
use crate::api::{
    failure::Envelope as _,
    fields::{Fields, FromFields, Given},
};

/// What only the server sets.
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
/// What has paths of its own.
const ELSEWHERE: &[&str] = &["parties", "staff"];

/// The writable fields, listed once: how each is read, and which edits it means.
macro_rules! case_bodies {
    ($($(#[doc = $doc:literal])+ #[schema($($schema:tt)*)] $name:literal $field:ident: $type:ty, $read:expr => $edit:expr;)*) => {
        /// A new case.
        #[derive(Debug, Default, ToSchema)]
        pub struct CreateCaseBody {
            /// What it is called; 1 to 500 characters.
            #[schema(value_type = String, example = "Smith v. Jones", min_length = 1, max_length = 500)]
            pub name: Option<String>,
            /// `active`, which is also what holds without it: a case cannot begin closed.
            #[schema(value_type = Option<String>, example = "active")]
            pub status: Given<CasePhase>,
            /// The case that this one follows up, by either of its ids: the new case takes the next place in its series.
            #[schema(value_type = Option<String>, example = json!(null))]
            pub parent: Given<CaseRef>,
            $($(#[doc = $doc])+ #[schema($($schema)*)] pub $field: Given<$type>,)*
        }

        /// Changes of a case. Only fields that are there change anything; `null` clears an optional one.
        #[derive(Debug, Default, ToSchema)]
        pub struct UpdateCaseBody {
            /// What it is called; 1 to 500 characters.
            #[schema(example = "Smith v. Jones", min_length = 1, max_length = 500, nullable = false)]
            pub name: Option<String>,
            /// `closed` closes the case, `active` re-opens it, `archived` archives a closed one.
            #[schema(value_type = Option<String>, example = "closed", nullable = false)]
            pub status: Option<CasePhase>,
            /// Why the status changes.
            #[schema(value_type = Option<String>, example = "settled out of court")]
            pub reason: Given<String>,
            $($(#[doc = $doc])+ #[schema($($schema)*)] pub $field: Given<$type>,)*
        }

        impl CreateCaseBody {
            /// What is to be written.
            #[must_use]
            pub fn edits(&self) -> Vec<Edit> {
                let mut edits = Vec::new();
                edits.extend(self.name.clone().map(|name| Edit::Name(Some(name))));
                $(if let Some(value) = self.$field.clone() { edits.extend(($edit)(value)); })*
                edits
            }
        }

        impl UpdateCaseBody {
            /// What is to be written.
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
                    parent: fields.id("parent", CaseRef::parse),
                    $($field: ($read)(fields, $name),)*
                };
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
                fields.refuse(&["parent"], "can only be set at creation");
                check(fields, body.edits());
                body
            }
        }
    };
}

case_bodies! {
    /// The file number that its office gave it.
    #[schema(value_type = Option<String>, example = "AZ-2026-042", max_length = 255)]
    "file_number" file_number: String, Fields::text => |value| [Edit::FileNumber(value)];
    /// The kind of matter.
    #[schema(value_type = Option<String>, rename = "type", example = "litigation", max_length = 255)]
    "type" case_type: String, Fields::text => |value| [Edit::CaseType(value)];
    /// What it is about.
    #[schema(value_type = Option<String>, example = "Wrongful termination claim", max_length = 100_000)]
    "description" description: String, Fields::text => |value| [Edit::Description(value)];
    /// The department that works on it.
    #[schema(value_type = Option<String>, example = "Employment Law", max_length = 255)]
    "dezernat" dezernat: String, Fields::text => |value| [Edit::Dezernat(value)];
    /// How urgent it is: `low`, `normal` (as is without it), `high` or `urgent`.
    #[schema(value_type = Option<String>, example = "high")]
    "priority" priority: Priority, priority => |value: Option<Priority>| [Edit::Priority(value.unwrap_or_default())];
    /// Words by which it is found.
    #[schema(value_type = Option<Vec<String>>, example = json!(["appeal"]))]
    "tags" tags: Vec<String>, Fields::tags => |value: Option<Vec<String>>| [Edit::Tags(tags(value))];
    /// The day on which it was opened, as its users see it; today without it.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15", nullable = false)]
    "opened_on" opened_on: NaiveDate, opened_on => |value: Option<NaiveDate>| value.map(Edit::OpenedOn);
    /// The day by which it should be done.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-31")]
    "due_on" due_on: NaiveDate, Fields::date => |value| [Edit::DueOn(value)];
    /// How it was resolved.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
    "resolution" resolution: String, Fields::text => |value| [Edit::Resolution(value)];
    /// Whether it is only a request for a case so far.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    "is_request" is_request: bool, is_request => |value: Option<bool>| value.map(Edit::IsRequest);
    /// Up to three references, e.g. a claim number; `null` leaves the place of one empty.
    #[schema(value_type = Option<Vec<Option<String>>>, example = json!(["CLAIM-7781"]), max_items = 3)]
    "references" references: Vec<Option<String>>, references => references_edits;
    /// The customer, known to another system.
    #[schema(value_type = Option<i64>, example = 7, minimum = 1)]
    "customer_id" customer_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Customer(value.map(CustomerId))];
    /// The contractor who does the work, known to another system.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    "contractor_id" contractor_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Contractor(value.map(ContractorId))];
    /// The root client; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "client_id" client_id: ClientId, |fields: &mut Fields, name| fields.id(name, ClientId::parse) => |value| [Edit::Client(value)];
    /// The location of the client; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "location_id" location_id: ClientId, |fields: &mut Fields, name| fields.id(name, ClientId::parse) => |value| [Edit::Location(value)];
    /// The region; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "region_id" region_id: RegionId, |fields: &mut Fields, name| fields.id(name, RegionId::parse) => |value| [Edit::Region(value)];
    /// The inquiry that it comes from or is linked to; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "inquiry_id" inquiry_id: InquiryId, |fields: &mut Fields, name| fields.id(name, InquiryId::parse) => |value| [Edit::Inquiry(value)];
    /// The order that it comes from or is linked to; one of this server's.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "order_id" order_id: OrderId, |fields: &mut Fields, name| fields.id(name, OrderId::parse) => |value| [Edit::Order(value)];
    /// The offer that it is linked to, known to another system.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    "offer_id" offer_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Offer(value.map(OfferId))];
    /// The invoice that it is linked to, known to another system.
    #[schema(value_type = Option<i64>, example = json!(null), minimum = 1)]
    "invoice_id" invoice_id: i64, Fields::integer_id => |value: Option<i64>| [Edit::Invoice(value.map(InvoiceId))];
    /// Free JSON fields of the client's own, kept exactly.
    #[schema(value_type = Option<Object>, example = json!({"court": "ArbG Berlin"}))]
    "custom_fields" custom_fields: Map<String, Value>, Fields::object => |value: Option<Map<String, Value>>| [Edit::CustomFields(value.unwrap_or_default().into())];
}

impl CreateCaseBody {
    /// The case that this one is to follow up.
    #[must_use]
    pub fn parent(&self) -> Option<CaseRef> {
        self.parent.flatten()
    }
}

impl UpdateCaseBody {
    /// Everything that is asked for.
    #[must_use]
    pub fn into_request(self) -> EditCase {
        let reason = self.reason.clone().flatten();
        let then = self.status.map(|phase| Command::EnterPhase { phase, reason });
        EditCase { edits: self.edits(), parent: None, then, faults: FieldErrors::default() }
    }
}

/// A move along the workflow: by name, or to a status.
#[derive(Debug, Default, ToSchema)]
pub struct TransitionBody {
    /// The transition by its name. It is refused wherever it does not start from the present status.
    #[schema(value_type = Option<String>, example = "resolve", nullable = false)]
    transition: Option<String>,
    /// The status to move to, alone or as the choice among the targets of the transition. A move to the present status
    /// changes nothing.
    #[schema(value_type = Option<String>, example = "resolved", nullable = false)]
    to: Option<String>,
    /// Why; some transitions insist on it.
    #[schema(value_type = Option<String>, example = "both sides agreed", max_length = 2000)]
    reason: Given<String>,
    /// The workflow version that the caller believes the case to be in; any other is a conflict.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(null))]
    workflow_id: Given<WorkflowId>,
    /// Decide and answer, but change nothing.
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
    /// The command, and whether to write what follows from it.
    #[must_use]
    pub fn into_command(self) -> (Command, Terms) {
        let terms = Terms { dry_run: self.dry_run.unwrap_or_default() };
        let to = self.to.map(StatusKey::new);
        let movement = match (self.transition, to) {
            (Some(name), to) => Move::Named { name, to },
            (None, Some(to)) => Move::To(to),
            (None, None) => Move::named(""),
        };
        let (reason, workflow) = (self.reason.flatten(), self.workflow_id.flatten());
        (Command::Transition(TransitionRequest { movement, reason, workflow }), terms)
    }
}

/// Lets the domain look at the values too, so that its faults come together with those of the reading.
fn check(fields: &mut Fields, edits: Vec<Edit>) {
    let mut details = Details::opened_on(NaiveDate::default());
    edits.into_iter().for_each(|edit| edit.apply(&mut details));
    let mut faults = FieldErrors::default();
    details.check(&mut faults);
    fields.adopt(faults, |name| Cow::Owned(Native::field(name).into_owned()));
    fields.refuse(READ_ONLY, "is read-only");
    fields.refuse(ELSEWHERE, "has a path of its own");
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

fn references(fields: &mut Fields, name: &str) -> Given<Vec<Option<String>>> {
    let given = fields.nullable_texts(name, 100);
    if given.iter().flatten().any(|references| references.len() > 3) {
        fields.fault(name, "must have at most three items");
    }
    given
}

fn references_edits(references: Option<Vec<Option<String>>>) -> [Edit; 3] {
    let mut references = references.unwrap_or_default().into_iter();
    let mut next = || references.next().flatten();
    [Edit::Reference1(next()), Edit::Reference2(next()), Edit::Reference3(next())]
}

fn tags(tags: Option<Vec<String>>) -> Tags {
    tags.unwrap_or_default().into_iter().collect()
}
