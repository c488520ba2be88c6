//! The people on a case: parties on the outside, staff on the inside.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    id::PersonId,
    numbers::{Numbering, Numbers},
    text,
};

/// The most people on one list of a case.
pub const PARTICIPANTS_MAX: usize = 500;

/// Somebody's role in a case. The same person may hold several; the same person and role is there once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub person: PersonId,
    /// As what, e.g. `client` or `opponent`; for staff e.g. `lead_attorney`.
    pub role: String,
    /// Their name at the time of reading.
    pub name: String,
}

/// Which of the two lists of people on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The parties: clients, opponents, witnesses, contacts.
    Party,
    /// The staff who work on it.
    Staff,
}

impl Side {
    /// The word in the log and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Staff => "staff",
        }
    }

    /// The name of the list on the wire.
    #[must_use]
    pub const fn list_name(self) -> &'static str {
        match self {
            Self::Party => "parties",
            Self::Staff => "staff",
        }
    }
}

/// Somebody came to a case or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantEvent {
    /// Whether they came.
    pub added: bool,
    /// To which list.
    pub side: Side,
    /// Who.
    pub person: PersonId,
    /// Role on the case.
    pub role: String,
    /// Their name at the time.
    pub name: String,
}

impl ParticipantEvent {
    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match (self.side, self.added) {
            (Side::Party, true) => "party.added",
            (Side::Party, false) => "party.removed",
            (Side::Staff, true) => "staff.added",
            (Side::Staff, false) => "staff.removed",
        }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.added { "added" } else { "removed" };
        format!("{} {verb} as {}", self.name, self.role)
    }
}

impl ParticipantEvent {
    /// The particulars.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({ "person_id": self.person.to_string(), "name": self.name, "role": self.role })
    }
}

impl Numbering for ParticipantEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.person);
    }
}

/// What is asked of the parties or the staff of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantsCommand {
    /// Which list.
    pub side: Side,
    /// Who is on it now.
    pub present: Vec<Party>,
    /// What is to become of it.
    pub change: ParticipantsChange,
}

/// A change of one list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParticipantsChange {
    /// Add those who are not there yet.
    Add(Vec<NewParticipant>),
    /// Have these and nobody else.
    Replace(Vec<NewParticipant>),
    /// Remove people, from one role or from all they have.
    Remove {
        /// Who goes. Naming somebody who is not there is an error.
        people: Vec<PersonId>,
        /// From which role; from every one where none is given.
        role: Option<String>,
    },
}

impl ParticipantsChange {
    /// The change with names and roles in the form in which they are stored; see [`text::line`].
    #[must_use]
    pub fn cleaned(self) -> Self {
        let clean = |new: NewParticipant| {
            let who = match new.who {
                Who::New(name) => Who::New(text::line(&name)),
                known @ (Who::Known(..) | Who::Unknown) => known,
            };
            NewParticipant { who, role: text::line(&new.role) }
        };
        match self {
            Self::Add(new) => Self::Add(new.into_iter().map(clean).collect()),
            Self::Replace(new) => Self::Replace(new.into_iter().map(clean).collect()),
            remove @ Self::Remove { .. } => remove,
        }
    }
}

/// Somebody to put on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParticipant {
    /// Who.
    pub who: Who,
    /// Role on the case.
    pub role: String,
}

/// Somebody, by id or by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person of the directory, looked up beforehand, with the name found there.
    Known(PersonId, String),
    /// An id that is nobody's, which is refused.
    Unknown,
    /// Somebody new, who becomes a person of the directory.
    New(String),
}

impl NewParticipant {
    /// Whether this is somebody who is there already: the same person by id, or the same name, in the same role.
    #[must_use]
    pub fn is(&self, party: &Party) -> bool {
        self.role == party.role
            && match &self.who {
                Who::Known(person, _) => *person == party.person,
                Who::Unknown => false,
                Who::New(name) => *name == party.name,
            }
    }

    /// Whether both are the same person in the same role.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let same_person = match (&self.who, &other.who) {
            (Who::Known(one, _), Who::Known(other, _)) => one == other,
            (one, other) => one == other,
        };
        same_person && self.role == other.role
    }
}
