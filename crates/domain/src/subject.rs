//! Subjects: the people or things that a case is about.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    error::FieldErrors,
    id::{AccountId, CaseId, SubjectId},
    json,
    numbers::{Numbering, Numbers},
    text,
    time::Timestamp,
};

/// Maximum number of subjects of a case.
pub const SUBJECTS_MAX: usize = 500;

/// A person or thing that a case is about. The case names its primary subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Account of the case.
    pub account: AccountId,
    /// Id of the subject.
    pub id: SubjectId,
    /// Case of the subject.
    pub case: CaseId,
    /// Name.
    pub name: String,
    /// Free JSON of the client: an object, an array or any other value, stored exactly.
    pub custom_fields: Value,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

impl Subject {
    /// Reports every field that is not accepted. `entry` is the prefix of the field names. `free_fields_max` is in
    /// bytes of JSON text.
    pub(crate) fn check(&self, entry: &str, free_fields_max: usize, faults: &mut FieldErrors) {
        faults.keep(text::check_line(&format!("{entry}name"), &self.name, text::NAME_MAX));
        json::check_free(&format!("{entry}custom_fields"), &self.custom_fields, free_fields_max, faults);
    }
}

/// A command on the subjects of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectsCommand {
    /// Current subjects of the case.
    pub present: Vec<Subject>,
    /// Subjects to add or change. Other subjects stay unchanged.
    pub entries: Vec<SubjectEntry>,
    /// Name of the list in errors. `None` if the request has the fields of one entry, without a list.
    pub list_name: Option<&'static str>,
}

/// A subject to add or change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SubjectEntry {
    /// The subject that the entry means.
    pub which: WhichSubject,
    /// Name. A new subject without a name gets [`default_name`].
    pub name: Option<String>,
    /// Whether the subject is the primary one. `None`: unchanged.
    pub is_primary: Option<bool>,
    /// All free fields. `None`: unchanged.
    pub custom_fields: Option<Value>,
}

/// The subject that an entry means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhichSubject {
    /// A new subject, even if another one has the same name.
    #[default]
    New,
    /// The subject with the name of the entry; a new one if there is none.
    Named,
    /// The subject with this id.
    Known(SubjectId),
}

/// The name of a subject that was sent without one: `first_name` and `last_name` of its free fields, else their `name`,
/// else "Subject" and the number. Free fields are an object or an array of `{id, value}` objects.
#[must_use]
pub fn default_name(custom_fields: Option<&Value>, number: usize) -> String {
    let field = |name| custom_fields.and_then(|fields| field(fields, name));
    let full = [field("first_name"), field("last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let candidates = [Some(full.as_str()), field("name")].into_iter().flatten().map(text::line);
    candidates
        .into_iter()
        .find(|name| text::check_line("name", name, text::NAME_MAX).is_ok())
        .unwrap_or_else(|| format!("Subject {number}"))
}

fn field<'a>(fields: &'a Value, name: &str) -> Option<&'a str> {
    match fields {
        Value::Object(members) => members.get(name)?.as_str(),
        Value::Array(items) => items.iter().find(|item| item["id"] == name)?["value"].as_str(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Event: a subject was added or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectEvent {
    /// `true` if the subject was added, `false` if it was changed.
    pub added: bool,
    /// Id of the subject.
    pub subject: SubjectId,
    /// Name of the subject after the event.
    pub name: String,
}

impl SubjectEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.added { "subject.added" } else { "subject.changed" }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.added { "added" } else { "changed" };
        format!("Subject {} {verb}", self.name)
    }
}

impl SubjectEvent {
    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({ "subject_id": self.subject.to_string(), "name": self.name })
    }
}

impl Numbering for SubjectEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.subject);
    }
}

/// A subject in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedSubject {
    /// The subject.
    pub subject: Subject,
    /// Whether it is the primary subject of its case.
    pub is_primary: bool,
}

/// Filter of a list of subjects. Subjects of deleted cases never match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectFilter {
    /// Id of the subject.
    pub id: Option<SubjectId>,
    /// Case of the subject.
    pub case: Option<CaseId>,
    /// Name of the subject, without regard to case.
    pub name: Option<String>,
    /// Whether it is the primary subject of its case.
    pub is_primary: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_name_comes_from_the_free_fields() {
        for (fields, expected) in [
            (json!({ "first_name": "Jane", "last_name": "Roe", "name": "J. R." }), "Jane Roe"),
            (json!({ "last_name": " Roe " }), "Roe"),
            (json!({ "name": "Acme Ltd" }), "Acme Ltd"),
            (json!([{ "id": 7, "value": "x" }, { "id": "name", "value": "Acme Ltd" }]), "Acme Ltd"),
            (json!([{ "id": "first_name", "value": "Jane" }]), "Jane"),
            (json!([{ "id": 5309, "value": "Jane" }]), "Subject 3"),
            (json!({ "name": "\u{200b}" }), "Subject 3"),
            (json!({ "first_name": "x".repeat(501), "name": "Acme" }), "Acme"),
            (json!({ "name": 7 }), "Subject 3"),
            (json!("Jane"), "Subject 3"),
        ] {
            assert_eq!(default_name(Some(&fields), 3), expected, "{fields}");
        }
        assert_eq!(default_name(None, 1), "Subject 1");
    }
}
