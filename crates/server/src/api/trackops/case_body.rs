//! What callers of this dialect send about cases.

use chrono::NaiveDate;
use docket_domain::{
    case::Edit,
    id::{ClientId, PersonId, RegionId, SubjectId},
    service::CaseForm,
    subject::{SUBJECTS_MAX, SubjectEntry, WhichSubject},
};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{boolean, each, within};
use crate::wire::fields::{Fields, FromFields, Given};

/// A case to create or to change.
#[derive(Debug, ToSchema)]
pub struct CaseBody {
    /// Everything about it.
    pub casefile: Casefile,
}

/// The writable fields, listed once: how each is read, and which edit it means.
macro_rules! casefile {
    ($($(#[doc = $doc:literal])+ #[schema($($schema:tt)*)] $name:literal $field:ident: $type:ty, $read:expr => $edit:expr;)*) => {
        /// The fields of a case. What is absent stays as it is, or empty; `null` empties what can be empty.
        #[derive(Debug, Default, ToSchema)]
        pub struct Casefile {
            $($(#[doc = $doc])+ #[schema($($schema)*)] pub $field: Given<$type>,)*
            /// Subjects to have: those with an `id` are changed, those without are added unless one of that name is
            /// there already.
            #[schema(nullable = false, required = false)]
            pub subjects: Vec<SubjectBody>,
        }

        impl FromFields for Casefile {
            const REFUSES_UNKNOWN: bool = false;

            fn from_fields(fields: &mut Fields) -> Self {
                Self {
                    $($field: ($read)(fields, $name),)*
                    subjects: each(fields, "subjects", SUBJECTS_MAX).unwrap_or_default(),
                }
            }
        }

        impl From<Casefile> for CaseForm {
            fn from(casefile: Casefile) -> Self {
                let mut edits: Vec<Edit> = Vec::new();
                $(if let Some(value) = casefile.$field { edits.extend(($edit)(value)); })*
                Self { edits, subjects: casefile.subjects.into_iter().map(SubjectEntry::from).collect() }
            }
        }
    };
}

casefile! {
    /// What it is called; its number without.
    #[schema(value_type = Option<String>, example = "Smith v. Jones", max_length = 500)]
    "name" name: String, Fields::text => |value| [Edit::Name(value)];
    /// The kind of matter.
    #[schema(value_type = Option<String>, example = "surveillance", max_length = 255)]
    "case_type" case_type: String, Fields::text => |value| [Edit::CaseType(value)];
    /// The root client.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "client_id" client_id: ClientId, client => |value| [Edit::Client(value)];
    /// The location of the client; also as `company_location_id`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "client_location_id" client_location_id: ClientId, location => |value| [Edit::Location(value)];
    /// The region.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "case_region_id" case_region_id: RegionId, region => |value| [Edit::Region(value)];
    /// The day on which it was opened, as its users see it; today (UTC) without.
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15", nullable = false)]
    "created_on" created_on: NaiveDate, created_on => |value: Option<NaiveDate>| value.map(Edit::OpenedOn);
    /// The day by which it is due.
    #[schema(value_type = Option<String>, format = Date, example = "2026-02-15")]
    "due_on" due_on: NaiveDate, Fields::date => |value| [Edit::DueOn(value)];
    /// Whether it is only a request so far.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    "is_request" is_request: bool, is_request => |value: Option<bool>| value.map(Edit::IsRequest);
    /// The primary contact, who becomes a party with the role `contact`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_contact_id" primary_contact_id: PersonId, person => |value| [Edit::PrimaryContact(value)];
    /// The primary investigator, who becomes staff with the role `investigator`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_investigator_id" primary_investigator_id: PersonId, person => |value| [Edit::PrimaryInvestigator(value)];
    /// The primary case manager, who becomes staff with the role `case_manager`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_manager_id" primary_manager_id: PersonId, person => |value| [Edit::PrimaryManager(value)];
    /// The primary salesperson, who becomes staff with the role `salesperson`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_salesperson_id" primary_salesperson_id: PersonId, person => |value| [Edit::PrimarySalesperson(value)];
    /// The primary subject, one of those that the case has.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_subject_id" primary_subject_id: SubjectId, subject => |value| [Edit::PrimarySubject(value)];
    /// The first reference, e.g. a claim number.
    #[schema(value_type = Option<String>, example = "CLM-77", max_length = 255)]
    "reference_value_1" reference_value_1: String, Fields::text => |value| [Edit::Reference1(value)];
    /// The second reference.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 255)]
    "reference_value_2" reference_value_2: String, Fields::text => |value| [Edit::Reference2(value)];
    /// The third reference.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 255)]
    "reference_value_3" reference_value_3: String, Fields::text => |value| [Edit::Reference3(value)];
    /// Free remarks.
    #[schema(value_type = Option<String>, example = "Call before noon", max_length = 100_000)]
    "notes" notes: String, Fields::text => |value| [Edit::Notes(value)];
}

impl FromFields for CaseBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { casefile: within(fields, "casefile") }
    }
}

fn client(fields: &mut Fields, name: &str) -> Given<ClientId> {
    fields.id(name, ClientId::parse)
}

/// The first of the two names wins where both are given.
fn location(fields: &mut Fields, name: &str) -> Given<ClientId> {
    let other = fields.id("company_location_id", ClientId::parse);
    fields.id(name, ClientId::parse).or(other)
}

fn region(fields: &mut Fields, name: &str) -> Given<RegionId> {
    fields.id(name, RegionId::parse)
}

fn person(fields: &mut Fields, name: &str) -> Given<PersonId> {
    fields.id(name, PersonId::parse)
}

fn subject(fields: &mut Fields, name: &str) -> Given<SubjectId> {
    fields.id(name, SubjectId::parse)
}

fn created_on(fields: &mut Fields, name: &str) -> Given<NaiveDate> {
    fields.not_null(name, |fields| fields.date(name)).map(Some)
}

fn is_request(fields: &mut Fields, name: &str) -> Given<bool> {
    fields.not_null(name, |fields| boolean(fields, name)).map(Some)
}

/// A subject of the case.
#[derive(Debug, ToSchema)]
pub struct SubjectBody {
    /// Which one, where it is there already.
    #[schema(value_type = Option<i64>, nullable = false, example = json!(null))]
    pub id: Option<SubjectId>,
    /// Its name. Without one, a new subject gets `first_name` and `last_name` or `name` of `custom_fields`, else "Subject"
    /// and a number.
    #[schema(example = "Jane Roe", max_length = 500)]
    pub name: Option<String>,
    /// Whether it is the primary one.
    #[schema(nullable = false, example = true)]
    pub is_primary: Option<bool>,
    /// Free JSON of the client's own, kept as sent: an object, an array of `{id, value}` objects or any other value.
    #[schema(example = json!([{ "id": "height", "value": "180 cm" }]))]
    pub custom_fields: Option<Value>,
}

impl FromFields for SubjectBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            id: fields.id("id", SubjectId::parse).flatten(),
            name: fields.text("name").flatten(),
            is_primary: boolean(fields, "is_primary").flatten(),
            custom_fields: fields.json("custom_fields").flatten(),
        }
    }
}

impl From<SubjectBody> for SubjectEntry {
    fn from(body: SubjectBody) -> Self {
        let SubjectBody { id, name, is_primary, custom_fields } = body;
        let which = id.map_or(WhichSubject::Named, WhichSubject::Known);
        Self { which, name, is_primary, custom_fields }
    }
}
