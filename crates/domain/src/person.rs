//! The directory of people: parties, staff, contacts and authors.

use serde::{Deserialize, Serialize};

use crate::{
    error::FieldErrors,
    id::{AccountId, PersonId},
    revision::{Revised, Revision},
    text,
    time::Timestamp,
};

/// Relation of a person to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Works for the organisation.
    Staff,
    /// Outside the organisation: a client, an opponent, a witness, a contact.
    Contact,
}

impl PersonKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Staff, Self::Contact];

    /// Text form in requests, responses and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Contact => "contact",
        }
    }

    /// Parses the text form.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A person in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Account of the entry.
    pub account: AccountId,
    /// Id of the person.
    pub id: PersonId,
    /// Relation to the organisation.
    pub kind: PersonKind,
    /// Name.
    pub name: String,
    /// Other names under which the person is known, at most 50.
    pub aliases: Vec<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Title or position.
    pub title: Option<String>,
    /// Whether the person can be chosen for new work.
    pub active: bool,
    /// Creation time of the entry.
    pub created_at: Timestamp,
    /// Time of the last change to the entry.
    pub updated_at: Timestamp,
}

/// Filter of a list of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonFilter {
    /// Relation to the organisation.
    pub kind: Option<PersonKind>,
}

/// Changes to an entry. `None` leaves a field unchanged; `Some(None)` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonChanges {
    /// Relation to the organisation.
    pub kind: Option<PersonKind>,
    /// Name.
    pub name: Option<String>,
    /// All other names.
    pub aliases: Option<Vec<String>>,
    /// E-mail address.
    pub email: Option<Option<String>>,
    /// Telephone number.
    pub phone: Option<Option<String>>,
    /// Title or position.
    pub title: Option<Option<String>>,
    /// Whether the person can be chosen for new work.
    pub active: Option<bool>,
}

impl PersonChanges {
    /// The entry with these changes.
    #[must_use]
    pub fn applied_to(self, person: Person) -> Person {
        Person {
            kind: self.kind.unwrap_or(person.kind),
            name: self.name.unwrap_or(person.name),
            aliases: self.aliases.unwrap_or(person.aliases),
            email: self.email.unwrap_or(person.email),
            phone: self.phone.unwrap_or(person.phone),
            title: self.title.unwrap_or(person.title),
            active: self.active.unwrap_or(person.active),
            ..person
        }
    }
}

/// Greatest number of aliases of a person.
pub const ALIASES_MAX: usize = 50;

impl Person {
    /// A new entry with only a name. Its id is 0 until the store assigns one.
    #[must_use]
    pub fn named(account: AccountId, kind: PersonKind, name: impl Into<String>, now: Timestamp) -> Self {
        Self {
            account,
            id: PersonId(0),
            kind,
            name: name.into(),
            aliases: Vec::new(),
            email: None,
            phone: None,
            title: None,
            active: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// Normalizes the text fields for storage; see [`text::line`].
    pub fn clean(&mut self) {
        self.name = text::line(&self.name);
        self.aliases.iter_mut().for_each(|alias| *alias = text::line(alias));
        [&mut self.email, &mut self.phone, &mut self.title].into_iter().for_each(text::clean);
    }

    /// Reports every field that is not accepted.
    pub fn check(&self, faults: &mut FieldErrors) {
        faults.keep(text::check_line("name", &self.name, text::NAME_MAX));
        if self.aliases.len() > ALIASES_MAX {
            faults.add("aliases", format!("must have at most {ALIASES_MAX} names"));
        }
        for (at, alias) in self.aliases.iter().enumerate().take(ALIASES_MAX) {
            faults.keep(text::check_line(&format!("aliases[{at}]"), alias, text::NAME_MAX));
        }
        for (field, line) in [("email", &self.email), ("phone", &self.phone), ("title", &self.title)] {
            if let Some(line) = line {
                faults.keep(text::check_line(field, line, text::SHORT_MAX));
            }
        }
        if self.email.as_ref().is_some_and(|email| !email.contains('@')) {
            faults.add("email", "must be an e-mail address");
        }
    }
}

impl Revised for Person {
    fn revision(&self) -> Revision {
        Revision::of_time(self.updated_at)
    }
}
