//! Subjects: whom or what a case is about.

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

/// The most subjects that one case can have.
pub const SUBJECTS_MAX: usize = 500;

/// Somebody or something that a case is about. Which one is the primary one stands in the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The account that owns the case.
    pub account: AccountId,
    /// Its id.
    pub id: SubjectId,
    /// The case, without which it does not exist.
    pub case: CaseId,
    /// Its name.
    pub name: String,
    /// Free JSON of the client's own, an object, an array or any other value, kept exactly.
    pub custom_fields: Value,
    /// When the case got it.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Subject {
    /// Reports what no store should keep, under the name of the entry. `free_fields_max` is in bytes of JSON text.
    pub(crate) fn check(&self, entry: &str, free_fields_max: usize, faults: &mut FieldErrors) {
        faults.keep(text::check_line(&format!("{entry}name"), &self.name, text::NAME_MAX));
        json::check_free(&format!("{entry}custom_fields"), &self.custom_fields, free_fields_max, faults);
    }
}

/// What is asked of the subjects of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectsCommand {
    /// Those that are there now.
    pub present: Vec<Subject>,
    /// Those to have, entry by entry; nobody else is touched.
    pub entries: Vec<SubjectEntry>,
    /// What the fields of an entry are called in faults: a list of entries by its name, or the fields alone.
    pub list_name: Option<&'static str>,
}

/// A subject to have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SubjectEntry {
    /// Which one it is.
    pub which: WhichSubject,
    /// Its name. Without one, a new subject gets [`default_name`].
    pub name: Option<String>,
    /// Whether it is the primary one. Where nothing is said, that stays as it is.
    pub is_primary: Option<bool>,
    /// All its free fields.
    pub custom_fields: Option<Value>,
}

/// Which subject an entry means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhichSubject {
    /// A new one, even if another has the same name.
    #[default]
    New,
    /// The one of that name, which becomes one where it is none yet.
    Named,
    /// One that is there.
    Known(SubjectId),
}

/// The name of a subject that was sent without one: `first_name` and `last_name`, else `name`, of its free fields,
/// else "Subject" and its number. Free fields are an object or an array of `{id, value}` objects.
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

/// The text of a free field.
fn field<'a>(fields: &'a Value, name: &str) -> Option<&'a str> {
    match fields {
        Value::Object(members) => members.get(name)?.as_str(),
        Value::Array(items) => items.iter().find(|item| item["id"] == name)?["value"].as_str(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A subject came or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectEvent {
    /// Whether it is new.
    pub added: bool,
    /// Which one.
    pub subject: SubjectId,
    /// Its name from then on.
    pub name: String,
}

impl SubjectEvent {
    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.added { "subject.added" } else { "subject.changed" }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.added { "added" } else { "changed" };
        format!("Subject {} {verb}", self.name)
    }
}

impl SubjectEvent {
    /// The particulars, as a JSON object.
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

/// A subject as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedSubject {
    /// The subject.
    pub subject: Subject,
    /// Whether it is the primary one of its case.
    pub is_primary: bool,
}

/// Which subjects a list shows. Those of deleted cases never match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectFilter {
    /// It is this subject.
    pub id: Option<SubjectId>,
    /// It is of this case.
    pub case: Option<CaseId>,
    /// It has this name, without regard to case.
    pub name: Option<String>,
    /// It is the primary one of its case, or is not.
    pub is_primary: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_the_free_fields() {
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
