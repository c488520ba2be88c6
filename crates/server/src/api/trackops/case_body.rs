//! Request bodies for cases. They check the form of a value; its rules are checked by the domain.

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

#[derive(Debug, ToSchema)]
pub struct CaseBody {
    pub casefile: Casefile,
}

/// Lists the writable fields once, each with its reader and its edit.
macro_rules! casefile {
    ($($(#[doc = $doc:literal])+ #[schema($($schema:tt)*)] $name:literal $field:ident: $type:ty, $read:expr => $edit:expr;)*) => {
        /// Fields of a case. In a new case, an absent field is empty or has its default; in an update, it stays
        /// unchanged. `null` clears a field.
        #[derive(Debug, Default, ToSchema)]
        pub struct Casefile {
            $($(#[doc = $doc])+ #[schema($($schema)*)] pub $field: Given<$type>,)*
            /// Subjects to add or change, at most 500. An entry with `id` changes that subject. An entry without `id`
            /// changes the subject with the same name, or adds one if there is none. Other subjects stay unchanged.
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
    /// Name of the case. Default: the case number.
    #[schema(value_type = Option<String>, example = "Smith v. Jones", max_length = 500)]
    "name" name: String, Fields::text => |value| [Edit::Name(value)];
    /// Kind of matter, free text.
    #[schema(value_type = Option<String>, example = "surveillance", max_length = 255)]
    "case_type" case_type: String, Fields::text => |value| [Edit::CaseType(value)];
    /// Client of the case. It must be a root client, not a location.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "client_id" client_id: ClientId, client => |value| [Edit::Client(value)];
    /// Location of the client. If the case has no client, the client of the location is set. Alias:
    /// `company_location_id`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "client_location_id" client_location_id: ClientId, location => |value| [Edit::Location(value)];
    /// Region of the case.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "case_region_id" case_region_id: RegionId, region => |value| [Edit::Region(value)];
    /// Date on which the case was opened, as determined by the user. Default: today (UTC).
    #[schema(value_type = Option<String>, format = Date, example = "2026-01-15", nullable = false)]
    "created_on" created_on: NaiveDate, created_on => |value: Option<NaiveDate>| value.map(Edit::OpenedOn);
    /// Date by which the case should be done.
    #[schema(value_type = Option<String>, format = Date, example = "2026-02-15")]
    "due_on" due_on: NaiveDate, Fields::date => |value| [Edit::DueOn(value)];
    /// `true` for a case request, `false` for a case. Default: `false`.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    "is_request" is_request: bool, is_request => |value: Option<bool>| value.map(Edit::IsRequest);
    /// Person who is the primary contact. The person is added to the parties with the role `contact`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_contact_id" primary_contact_id: PersonId, person => |value| [Edit::PrimaryContact(value)];
    /// Person who is the primary investigator. The person is added to the staff with the role `investigator`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_investigator_id" primary_investigator_id: PersonId, person => |value| [Edit::PrimaryInvestigator(value)];
    /// Person who is the primary case manager. The person is added to the staff with the role `case_manager`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_manager_id" primary_manager_id: PersonId, person => |value| [Edit::PrimaryManager(value)];
    /// Person who is the primary salesperson. The person is added to the staff with the role `salesperson`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_salesperson_id" primary_salesperson_id: PersonId, person => |value| [Edit::PrimarySalesperson(value)];
    /// Primary subject. It must be an existing subject of the case; for a new subject, use `is_primary` in `subjects`.
    #[schema(value_type = Option<i64>, example = json!(null))]
    "primary_subject_id" primary_subject_id: SubjectId, subject => |value| [Edit::PrimarySubject(value)];
    /// First reference, for example a claim number.
    #[schema(value_type = Option<String>, example = "CLM-77", max_length = 255)]
    "reference_value_1" reference_value_1: String, Fields::text => |value| [Edit::Reference1(value)];
    /// Second reference.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 255)]
    "reference_value_2" reference_value_2: String, Fields::text => |value| [Edit::Reference2(value)];
    /// Third reference.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 255)]
    "reference_value_3" reference_value_3: String, Fields::text => |value| [Edit::Reference3(value)];
    /// Remarks, free text.
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

/// `name` wins over the alias.
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

/// A subject to add or change.
#[derive(Debug, ToSchema)]
pub struct SubjectBody {
    /// Subject to change. It must be a subject of the case.
    #[schema(value_type = Option<i64>, nullable = false, example = json!(null))]
    pub id: Option<SubjectId>,
    /// Name of the subject. Default for a new subject: `first_name` and `last_name` from `custom_fields`, else `name`
    /// from `custom_fields`, else "Subject" and a number.
    #[schema(example = "Jane Roe", max_length = 500)]
    pub name: Option<String>,
    /// `true` makes the subject the primary one, in at most one entry. `false` on the primary subject leaves the case
    /// without a primary subject.
    #[schema(nullable = false, example = true)]
    pub is_primary: Option<bool>,
    /// Any JSON value, returned exactly as sent; at most 64 KiB, unless the server is configured otherwise. Replaces
    /// the stored value. Default: `{}`.
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
