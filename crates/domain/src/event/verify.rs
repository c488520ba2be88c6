//! Checks that a log is as it was written.
//!
//! [`LogCheck`] reads the stored entries of one case in order, trusts none of them, and reports changed, dropped, moved
//! and added entries. It holds one case and a few entries in memory.
//!
//! The chain detects every change of a part of the log. It does not detect a rewrite of all entries from one on
//! together with the head in the case row. Only a copy elsewhere, such as a checkpoint, detects that.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{CaseEvent, EventData, Thing, ThingFault, Things};
use crate::{
    actor::Actor,
    case::Case,
    document::Sha256Hash,
    id::{AccountId, CaseId, PersonId},
    log_hash::{Covered, LogHash},
    time::Timestamp,
};

/// Greatest number of misplaced entries whose original position is searched.
const LOOSE: usize = 16;

/// A stored entry. A time that cannot be parsed is `None`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the columns of the log, which its entries explain")]
pub struct KeptEntry {
    pub account: AccountId,
    pub case: CaseId,
    pub version: i64,
    pub kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: Option<String>,
    pub occurred_at: Option<Timestamp>,
    pub recorded_at: Option<Timestamp>,
    pub data: String,
    pub hash: Vec<u8>,
    pub proof: Option<Vec<u8>>,
}

/// A fault of a log, or of the rows that follow from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// The entry or its hash was changed.
    #[error("event {version} was changed")]
    Changed {
        /// Position of the entry.
        version: i64,
    },
    /// The entry was written at another position.
    #[error("event {version} was written as event {written_as}")]
    Moved {
        /// Current position.
        version: i64,
        /// Original position.
        written_as: i64,
    },
    /// The entries at these positions are missing.
    #[error("{}", dropped(*.first, *.last))]
    Dropped {
        /// The first missing position.
        first: i64,
        /// The last missing position.
        last: i64,
    },
    /// The entry was added: its position is used already or is greater than the case version.
    #[error("event {version} was added")]
    Added {
        /// Position of the entry.
        version: i64,
    },
    /// The entry is as it was written, but its data cannot be used.
    #[error("event {version} cannot be read")]
    Unreadable {
        /// Position of the entry.
        version: i64,
    },
    /// The hash in the case row is not the hash of the last entry.
    #[error("the head of the log is not the hash of its last event")]
    WrongHead,
    /// The log is valid, but the case row differs from it.
    #[error("the case differs from its log in {}", .fields.join(", "))]
    CaseDiffers {
        /// The fields that differ.
        fields: Vec<String>,
    },
    /// The log is valid, but another row of the case differs from it.
    #[error(transparent)]
    Thing(#[from] ThingFault),
}

fn dropped(first: i64, last: i64) -> String {
    if first == last { format!("event {first} is missing") } else { format!("events {first} to {last} are missing") }
}

impl KeptEntry {
    /// The hash of the entry at position `version`, after an entry with the hash `previous`. `None` if a time or the
    /// proof cannot be parsed.
    fn hash_behind(&self, previous: LogHash, version: i64) -> Option<LogHash> {
        Some(previous.cover(&Covered {
            account: self.account.0,
            case: self.case.0,
            version,
            occurred_at: self.occurred_at?,
            recorded_at: self.recorded_at?,
            actor_id: self.actor_id,
            actor_name: self.actor_name.as_deref(),
            kind: &self.kind,
            data: &self.data,
            proof: match &self.proof {
                Some(proof) => Some(Sha256Hash::from_bytes(proof)?),
                None => None,
            },
        }))
    }

    fn was_written_behind(&self, previous: LogHash, version: i64) -> bool {
        let computed = self.hash_behind(previous, version);
        computed.is_some_and(|hash| hash.as_bytes().as_slice() == self.hash)
    }

    /// The event; `None` if it cannot be parsed.
    pub(crate) fn read(&self) -> Option<CaseEvent> {
        let data = serde_json::from_str::<EventData>(&self.data).ok()?;
        let actor = self.actor_name.as_ref().map(|name| Actor { id: self.actor_id.map(PersonId), name: name.clone() });
        Some(CaseEvent {
            account: self.account,
            case: self.case,
            version: self.version,
            actor,
            occurred_at: self.occurred_at?,
            recorded_at: self.recorded_at?,
            data,
            proof: self.proof.as_deref().and_then(Sha256Hash::from_bytes),
        })
    }
}

/// The check of one log: [`of`](Self::of) a case, [`take`](Self::take) each entry in order, then
/// [`finish`](Self::finish).
#[derive(Debug)]
pub struct LogCheck<'c> {
    case: &'c Case,
    /// The next expected position.
    next: i64,
    /// The stored hash of the entry before; none if that entry is missing or its hash cannot be parsed.
    previous: Option<LogHash>,
    /// Position and hash of the last entry with a proved position.
    proved: (i64, LogHash),
    /// Misplaced entries, each with the index of its fault.
    loose: Vec<(usize, KeptEntry)>,
    /// The case that the log gives so far; none if it cannot be computed.
    folded: Option<Case>,
    /// The rows that the log gives so far.
    things: Things,
    faults: Vec<LogFault>,
}

impl<'c> LogCheck<'c> {
    /// Starts the check of the log of a case.
    #[must_use]
    pub fn of(case: &'c Case) -> Self {
        Self {
            case,
            next: 1,
            previous: Some(LogHash::START),
            proved: (0, LogHash::START),
            loose: Vec::new(),
            folded: None,
            things: Things::default(),
            faults: Vec::new(),
        }
    }

    /// Checks the next entry.
    pub fn take(&mut self, entry: &KeptEntry) {
        let version = entry.version;
        if version < self.next || version > self.case.version {
            self.faults.push(LogFault::Added { version });
            return;
        }
        if version > self.next {
            self.faults.push(LogFault::Dropped { first: self.next, last: version - 1 });
            self.previous = None;
        }
        self.next = version + 1;
        let stored = LogHash::from_bytes(&entry.hash);
        if self.is_in_place(entry) {
            self.proved = (version, stored.unwrap_or_default());
            self.fold(entry);
        } else {
            self.note_changed(entry);
        }
        // The next entry was chained to this stored hash, even if this entry was changed.
        self.previous = stored;
    }

    /// Ends the check and returns the faults, in order. `kept` are the stored rows of the case.
    #[must_use]
    pub fn finish(mut self, kept: &BTreeMap<Thing, Sha256Hash>) -> Vec<LogFault> {
        if self.next <= self.case.version {
            self.faults.push(LogFault::Dropped { first: self.next, last: self.case.version });
        } else if self.previous != Some(self.case.log_head) {
            self.faults.push(LogFault::WrongHead);
        }
        // A log with faults proves nothing about the rows.
        if self.faults.is_empty()
            && let Some(folded) = self.folded
        {
            let fields = differences(&folded, self.case);
            if !fields.is_empty() {
                self.faults.push(LogFault::CaseDiffers { fields });
            }
            self.faults.extend(self.things.differences(kept).into_iter().map(LogFault::Thing));
        }
        self.faults
    }

    fn is_in_place(&self, entry: &KeptEntry) -> bool {
        let Some(previous) = self.previous else {
            // The entry before is missing, so its hash is unknown. The next entry shows whether this one is in place.
            return LogHash::from_bytes(&entry.hash).is_some();
        };
        let behind_loose = |(_, loose): &(usize, KeptEntry)| {
            LogHash::from_bytes(&loose.hash).is_some_and(|hash| entry.was_written_behind(hash, entry.version))
        };
        let (proved, hash) = self.proved;
        entry.was_written_behind(previous, entry.version)
            || (entry.version == proved + 1 && entry.was_written_behind(hash, entry.version))
            || self.loose.iter().any(behind_loose)
    }

    /// Reports an entry that is not in place, with its original position if that is found.
    fn note_changed(&mut self, entry: &KeptEntry) {
        self.faults.push(LogFault::Changed { version: entry.version });
        if self.loose.len() < LOOSE {
            self.loose.push((self.faults.len() - 1, entry.clone()));
        }
        let follows = |(_, loose): &(usize, KeptEntry), (version, hash): (i64, LogHash)| {
            loose.was_written_behind(hash, version + 1)
        };
        while let Some(at) = self.loose.iter().position(|loose| follows(loose, self.proved)) {
            let (fault, entry) = self.loose.remove(at);
            let written_as = self.proved.0 + 1;
            if let Some(fault) = self.faults.get_mut(fault) {
                *fault = LogFault::Moved { version: entry.version, written_as };
            }
            self.proved = (written_as, LogHash::from_bytes(&entry.hash).unwrap_or_default());
        }
    }

    fn fold(&mut self, entry: &KeptEntry) {
        let Some(event) = entry.read() else {
            self.faults.push(LogFault::Unreadable { version: entry.version });
            return;
        };
        self.things.take(&event);
        self.folded = match self.folded.take() {
            Some(case) => Some(case.evolve(&event)),
            None if entry.version == 1 => Case::fold([&event]),
            None => None,
        };
        if self.folded.is_none() && self.faults.is_empty() {
            // The first event is not a creation.
            self.faults.push(LogFault::Unreadable { version: entry.version });
        }
    }
}

/// The names of the fields in which two cases differ.
fn differences(log: &Case, row: &Case) -> Vec<String> {
    let same = Case { log_head: row.log_head, sla_due_at: row.sla_due_at, ..log.clone() };
    if same == *row {
        return Vec::new();
    }
    let (Ok(Value::Object(log)), Ok(Value::Object(row))) = (serde_json::to_value(log), serde_json::to_value(row))
    else {
        return vec!["unknown".to_owned()];
    };
    let mut names = Vec::new();
    let keys = row.keys().chain(log.keys().filter(|key| !row.contains_key(*key)));
    for key in keys {
        match (log.get(key), row.get(key)) {
            (one, other) if one == other => {}
            (Some(Value::Object(one)), Some(Value::Object(other))) if key == "details" => {
                names.extend(other.keys().filter(|field| one.get(*field) != other.get(*field)).cloned());
            }
            (_, _) => names.push(key.clone()),
        }
    }
    names
}
