//! The people on a case: parties outside the organisation, and staff inside it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    id::PersonId,
    numbers::{Numbering, Numbers},
    text,
};

/// Maximum number of entries on each list of a case.
pub const PARTICIPANTS_MAX: usize = 500;

/// A person's role on a case. A person can have several roles; each pair of person and role is on the list once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// Id of the person.
    pub person: PersonId,
    /// Role on the case, e.g. `client` or `opponent`; for staff e.g. `lead_attorney`.
    pub role: String,
    /// Name of the person, as read from the directory.
    pub name: String,
}

/// One of the two lists of people on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantKind {
    /// The parties: clients, opponents, witnesses, contacts.
    Party,
    /// The staff who work on the case.
    Staff,
}

impl ParticipantKind {
    /// Text form in the log and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Staff => "staff",
        }
    }

    /// Name of the list in requests and responses.
    #[must_use]
    pub const fn list_name(self) -> &'static str {
        match self {
            Self::Party => "parties",
            Self::Staff => "staff",
        }
    }
}

/// Event: a person was added to a case or removed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantEvent {
    /// `true` if the person was added, `false` if removed.
    pub added: bool,
    /// List of the person.
    pub side: ParticipantKind,
    /// Id of the person.
    pub person: PersonId,
    /// Role on the case.
    pub role: String,
    /// Name of the person at the time of the event.
    pub name: String,
}

impl ParticipantEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match (self.side, self.added) {
            (ParticipantKind::Party, true) => "party.added",
            (ParticipantKind::Party, false) => "party.removed",
            (ParticipantKind::Staff, true) => "staff.added",
            (ParticipantKind::Staff, false) => "staff.removed",
        }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.added { "added" } else { "removed" };
        format!("{} {verb} as {}", self.name, self.role)
    }
}

impl ParticipantEvent {
    /// Event details as a JSON object.
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

/// A command on the parties or the staff of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantsCommand {
    /// List to change.
    pub side: ParticipantKind,
    /// Current entries of the list.
    pub present: Vec<Party>,
    /// The change.
    pub change: ParticipantsChange,
}

/// A change of one list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParticipantsChange {
    /// Adds the entries that are not on the list yet.
    Add(Vec<NewParticipant>),
    /// Replaces the whole list by these entries.
    Replace(Vec<NewParticipant>),
    /// Removes people, from one role or from all their roles.
    Remove {
        /// People to remove. A person who is not on the list is an error.
        people: Vec<PersonId>,
        /// Role to remove them from. `None`: all their roles.
        role: Option<String>,
    },
}

impl ParticipantsChange {
    /// The change with normalized names and roles; see [`text::line`].
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

/// An entry to add to a list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParticipant {
    /// The person.
    pub who: Who,
    /// Role on the case.
    pub role: String,
}

/// A person, by id or by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person in the directory: the id and the name found there.
    Known(PersonId, String),
    /// An id that does not exist. The command is rejected.
    Unknown,
    /// A name. It means a person of this name on the list or in the same request; otherwise a new person is added to
    /// the directory.
    New(String),
}

impl NewParticipant {
    /// Whether this entry means the same person and role as a party: the same id, or the same name if only a name is
    /// given.
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
