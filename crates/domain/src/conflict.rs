//! Conflicts of interest: who is adverse in one case and a client in another one.
//!
//! Names are compared by rules that explain themselves; [`compare`] names all that hold. Everything here is pure. A store
//! finds the people to compare by their [`Keys`]: two names that a rule matches have one in common.

mod check;
mod decision;
mod keys;
mod name;
mod nicknames;
mod record;
mod rule;
mod side;

pub use self::{
    check::{
        Candidates, CheckQuery, ConflictHit, Findings, HITS_MAX, HitPerson, HitRole, Match, PartyRole, SAME_MAX,
        SIMILAR_MAX, TooMany, Verdict, assess, find_matches,
    },
    decision::{Decided, HitDecision},
    keys::{Key, Keys},
    record::{CheckChange, CheckCommand, CheckEvent, CheckHappening, ConflictCheck, NewCheck},
    rule::{Rule, RuleHeld, Score, compare},
    side::{Side, Sides},
};

use crate::person::Person;

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The name; empty if only an address is known.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

impl Identity {
    /// A person of whom only the name is known.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// What the directory knows of a person.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        let (name, aliases) = (person.name.clone(), person.aliases.clone());
        Self { name, aliases, email: person.email.clone(), phone: person.phone.clone() }
    }

    /// The name and the aliases.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.names_and_aliases().map(|(_, name)| name)
    }

    /// The same, each with whether it is an alias.
    fn names_and_aliases(&self) -> impl Iterator<Item = (bool, &str)> {
        let name = Some((false, self.name.as_str())).filter(|(_, name)| !name.is_empty());
        name.into_iter().chain(self.aliases.iter().map(|alias| (true, alias.as_str())))
    }
}
