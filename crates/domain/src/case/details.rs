//! The fields of a case that users write.
//!
//! [`details!`] lists the fields once. The struct, the edits of single fields, the field names and the log format
//! follow from that list.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Priority, Tags};
use crate::{
    error::FieldErrors,
    id::{ClientId, ContractorId, CustomerId, InquiryId, InvoiceId, OfferId, OrderId, PersonId, RegionId, SubjectId},
    json::{self, FreeFields},
    numbers::{Numbering, Numbers},
    text,
    workflow::EntityType,
};

/// Years in which a case can be opened or due: the range that every store and client supports.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

macro_rules! details {
    ($($(#[doc = $doc:literal])+ $name:literal $variant:ident $field:ident: $type:ty,)*) => {
        /// The fields of a case that users write.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct Details {
            $($(#[doc = $doc])+ #[serde(rename = $name)] pub $field: $type,)*
        }

        /// One field set to a value. Log format: `{"<field>": <value>}`.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Edit {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant($type),)*
        }

        /// The names of all fields in the log, guards and errors.
        const FIELD_NAMES: &[&str] = &[$($name),*];

        impl Edit {
            /// The name of the field.
            #[must_use]
            pub const fn field(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// Whether the field already has the value.
            #[must_use]
            pub fn changes_nothing(&self, details: &Details) -> bool {
                match self { $(Self::$variant(to) => details.$field == *to,)* }
            }

            /// Sets the field.
            pub fn apply(self, details: &mut Details) {
                match self { $(Self::$variant(to) => details.$field = to,)* }
            }
        }

        impl Details {
            fn value_of(&self, name: &str) -> Option<Value> {
                match name {
                    $($name => serde_json::to_value(&self.$field).ok(),)*
                    _ => None,
                }
            }
        }
    };
}

details! {
    /// Name. A case without a name is shown with its case number.
    "name" Name name: Option<String>,
    /// File number of the office, e.g. `AZ-2026-042`.
    "file_number" FileNumber file_number: Option<String>,
    /// The kind of matter, e.g. `litigation`.
    "type" CaseType case_type: Option<String>,
    /// Description of the matter.
    "description" Description description: Option<String>,
    /// Department that works on the case.
    "dezernat" Dezernat dezernat: Option<String>,
    /// Priority.
    "priority" Priority priority: Priority,
    /// Tags.
    "tags" Tags tags: Tags,
    /// Day of opening, as users see it.
    "opened_on" OpenedOn opened_on: NaiveDate,
    /// Day by which the case should be done.
    "due_on" DueOn due_on: Option<NaiveDate>,
    /// How the matter was resolved.
    "resolution" Resolution resolution: Option<String>,
    /// Owner, free text.
    "owner" Owner owner: Option<String>,
    /// Remarks on the case, free text.
    "notes" Notes notes: Option<String>,
    /// Whether it is still only a request for a case.
    "is_request" IsRequest is_request: bool,
    /// The first reference, e.g. a claim number.
    "reference_value_1" Reference1 reference_1: Option<String>,
    /// The second reference.
    "reference_value_2" Reference2 reference_2: Option<String>,
    /// The third reference.
    "reference_value_3" Reference3 reference_3: Option<String>,
    /// The customer.
    "customer_id" Customer customer: Option<CustomerId>,
    /// The contractor who does the work.
    "contractor_id" Contractor contractor: Option<ContractorId>,
    /// The root client.
    "client_id" Client client: Option<ClientId>,
    /// The location of the client.
    "location_id" Location location: Option<ClientId>,
    /// The region.
    "region_id" Region region: Option<RegionId>,
    /// The inquiry that the case was created from or is linked to.
    "inquiry_id" Inquiry inquiry: Option<InquiryId>,
    /// The order that the case was created from or is linked to.
    "order_id" Order order: Option<OrderId>,
    /// The linked offer.
    "offer_id" Offer offer: Option<OfferId>,
    /// The linked invoice.
    "invoice_id" Invoice invoice: Option<InvoiceId>,
    /// The primary contact at the client; one of the parties.
    "primary_contact_id" PrimaryContact primary_contact: Option<PersonId>,
    /// The primary investigator; one of the staff.
    "primary_investigator_id" PrimaryInvestigator primary_investigator: Option<PersonId>,
    /// The primary case manager; one of the staff.
    "primary_manager_id" PrimaryManager primary_manager: Option<PersonId>,
    /// The primary salesperson; one of the staff.
    "primary_salesperson_id" PrimarySalesperson primary_salesperson: Option<PersonId>,
    /// The primary subject; one of the subjects.
    "primary_subject_id" PrimarySubject primary_subject: Option<SubjectId>,
    /// Free JSON fields of the client, stored unchanged.
    "custom_fields" CustomFields custom_fields: FreeFields,
}

// The workflow engine has its own list of these fields, because it does not know the case.
const _: () =
    assert!(same(FIELD_NAMES, EntityType::Case.fields()), "the fields of a case differ from those of the engine");

const fn same(ours: &[&str], theirs: &[&str]) -> bool {
    let (mut ours, mut theirs) = (ours, theirs);
    while let ([one, rest_of_ours @ ..], [other, rest_of_theirs @ ..]) = (ours, theirs) {
        if !one.as_bytes().eq_ignore_ascii_case(other.as_bytes()) {
            return false;
        }
        (ours, theirs) = (rest_of_ours, rest_of_theirs);
    }
    ours.is_empty() && theirs.is_empty()
}

impl Edit {
    /// The edit with normalized text; see [`Details::clean`].
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        if let Self::Name(line)
        | Self::FileNumber(line)
        | Self::CaseType(line)
        | Self::Dezernat(line)
        | Self::Owner(line)
        | Self::Reference1(line)
        | Self::Reference2(line)
        | Self::Reference3(line) = &mut self
        {
            text::clean(line);
        }
        self
    }
}

impl Numbering for Edit {
    /// The primary subject can be new in the same decision; then its id is provisional.
    fn number(&mut self, numbers: &Numbers) {
        if let Self::PrimarySubject(Some(subject)) = self {
            numbers.replace(subject);
        }
    }
}

impl Details {
    /// Empty details of a case that is opened on that day.
    #[must_use]
    pub fn opened_on(day: NaiveDate) -> Self {
        Self {
            name: None,
            file_number: None,
            case_type: None,
            description: None,
            dezernat: None,
            priority: Priority::Normal,
            tags: Tags::default(),
            opened_on: day,
            due_on: None,
            resolution: None,
            owner: None,
            notes: None,
            is_request: false,
            reference_1: None,
            reference_2: None,
            reference_3: None,
            customer: None,
            contractor: None,
            client: None,
            location: None,
            region: None,
            inquiry: None,
            order: None,
            offer: None,
            invoice: None,
            primary_contact: None,
            primary_investigator: None,
            primary_manager: None,
            primary_salesperson: None,
            primary_subject: None,
            custom_fields: FreeFields::default(),
        }
    }

    /// The value of a field by its name, or of a free field by its dotted path (`custom_fields.claim.amount`); `None`
    /// if it is empty or unknown.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Value> {
        let value = match name.strip_prefix("custom_fields.") {
            Some(path) => {
                let (first, rest) = path.split_once('.').unwrap_or((path, ""));
                let fields = self.custom_fields.to_map();
                let value = fields.get(first)?;
                rest.split('.').filter(|step| !step.is_empty()).try_fold(value, |value, step| value.get(step))?.clone()
            }
            None => self.value_of(name)?,
        };
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        (!empty).then_some(value)
    }

    /// Normalizes single-line texts for storage; see [`text::line`].
    pub fn clean(&mut self) {
        let lines = [
            &mut self.name,
            &mut self.file_number,
            &mut self.case_type,
            &mut self.dezernat,
            &mut self.owner,
            &mut self.reference_1,
            &mut self.reference_2,
            &mut self.reference_3,
        ];
        lines.into_iter().for_each(text::clean);
    }

    /// Reports texts that are too long or have control characters, years out of range, and invalid tags.
    pub fn check(&self, faults: &mut FieldErrors) {
        if let Some(name) = &self.name {
            faults.keep(text::check_line("name", name, text::NAME_MAX));
        }
        let lines = [
            ("file_number", &self.file_number),
            ("type", &self.case_type),
            ("dezernat", &self.dezernat),
            ("owner", &self.owner),
            ("reference_value_1", &self.reference_1),
            ("reference_value_2", &self.reference_2),
            ("reference_value_3", &self.reference_3),
        ];
        for (field, line) in lines {
            if let Some(line) = line {
                faults.keep(text::check_line(field, line, text::SHORT_MAX));
            }
        }
        let paragraphs = [("description", &self.description), ("resolution", &self.resolution), ("notes", &self.notes)];
        for (field, lines) in paragraphs {
            if let Some(lines) = lines {
                faults.keep(text::check_lines(field, lines, text::LONG_MAX));
            }
        }
        for (field, day) in [("opened_on", Some(self.opened_on)), ("due_on", self.due_on)] {
            if day.is_some_and(|day| !YEARS.contains(&day.year())) {
                faults.add(field, "must be in the years 1000 to 9999");
            }
        }
        self.tags.check(faults);
    }

    /// Reports free fields that are larger than `max` bytes of JSON text or nested too deep.
    pub fn check_free_fields(&self, max: usize, faults: &mut FieldErrors) {
        json::check_free("custom_fields", &self.custom_fields, max, faults);
    }
}
