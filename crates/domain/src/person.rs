//! People: the directory behind parties, staff, contacts and authors.

use serde::{Deserialize, Serialize};

use crate::{
    error::FieldErrors,
    id::{AccountId, PersonId},
    revision::{Revised, Revision},
    text,
    time::Timestamp,
};

/// What a person is to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Works there.
    Staff,
    /// Somebody outside: a client, an opponent, a witness, a contact.
    Contact,
}

impl PersonKind {
    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Contact => "contact",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Staff, Self::Contact].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Somebody in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account that knows them.
    pub account: AccountId,
    /// Their id.
    pub id: PersonId,
    /// What they are to the organisation.
    pub kind: PersonKind,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their title or position.
    pub title: Option<String>,
    /// Whether they can be chosen for new work.
    pub active: bool,
    /// When the directory learnt of them.
    pub created_at: Timestamp,
    /// When their entry last changed.
    pub updated_at: Timestamp,
}

/// Which entries of the directory a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonFilter {
    /// What they are to the organisation.
    pub kind: Option<PersonKind>,
}

/// Changes of an entry; what is none stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonChanges {
    /// What they are to the organisation.
    pub kind: Option<PersonKind>,
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: Option<Option<String>>,
    /// Their telephone number.
    pub phone: Option<Option<String>>,
    /// Their title or position.
    pub title: Option<Option<String>>,
    /// Whether they can be chosen for new work.
    pub active: Option<bool>,
}

impl PersonChanges {
    /// The entry with these changes.
    #[must_use]
    pub fn applied_to(self, person: Person) -> Person {
        Person {
            kind: self.kind.unwrap_or(person.kind),
            name: self.name.unwrap_or(person.name),
            email: self.email.unwrap_or(person.email),
            phone: self.phone.unwrap_or(person.phone),
            title: self.title.unwrap_or(person.title),
            active: self.active.unwrap_or(person.active),
            ..person
        }
    }
}

impl Person {
    /// Somebody of whom only the name is known so far.
    #[must_use]
    pub fn named(account: AccountId, kind: PersonKind, name: impl Into<String>, now: Timestamp) -> Self {
        Self {
            account,
            id: PersonId(0),
            kind,
            name: name.into(),
            email: None,
            phone: None,
            title: None,
            active: true,
            created_at: now,
            updated_at: now,
        }
    }

    /// Puts names and other lines into the form in which they are stored; see [`text::line`].
    pub fn clean(&mut self) {
        self.name = text::line(&self.name);
        [&mut self.email, &mut self.phone, &mut self.title].into_iter().for_each(text::clean);
    }

    /// Notes what the directory does not accept.
    pub fn check(&self, faults: &mut FieldErrors) {
        faults.keep(text::check_line("name", &self.name, text::NAME_MAX));
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
