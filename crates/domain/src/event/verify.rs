//! Whether a log is as it was written.
//!
//! [`LogCheck`] reads the entries of one case in order, as a store keeps them and without believing anything in them, and
//! names what was changed, dropped, moved or added. It holds one case and a few entries at a time.
//!
//! The chain shows every change that was made to a part of it. Whoever rewrites a whole log from the changed entry on,
//! and the head in the row of the case with it, leaves a chain that is sound: against that only a copy elsewhere helps.

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

/// The most misplaced entries whose right place is still looked for.
const LOOSE: usize = 16;

/// An entry as a store keeps it. What cannot be read as a time is none.
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

/// What is wrong with a log, or with the case beside it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// The entry is not the one that was written, or its hash is not.
    #[error("event {version} was changed")]
    Changed {
        /// Its place.
        version: i64,
    },
    /// The entry was written at another place.
    #[error("event {version} was written as event {written_as}")]
    Moved {
        /// Where it stands.
        version: i64,
        /// Where it stood.
        written_as: i64,
    },
    /// There is no entry at these places.
    #[error("{}", dropped(*.first, *.last))]
    Dropped {
        /// The first place.
        first: i64,
        /// The last place.
        last: i64,
    },
    /// The case never came to this version.
    #[error("event {version} was added")]
    Added {
        /// Its place.
        version: i64,
    },
    /// The entry is as it was written, and still cannot be understood.
    #[error("event {version} cannot be read")]
    Unreadable {
        /// Its place.
        version: i64,
    },
    /// The hash in the row of the case is not that of its last entry.
    #[error("the head of the log is not the hash of its last event")]
    WrongHead,
    /// The log is sound, and the row of the case says something else.
    #[error("the case differs from its log in {}", .fields.join(", "))]
    CaseDiffers {
        /// In which fields.
        fields: Vec<String>,
    },
    /// The log is sound, and a row of something that belongs to the case does not follow from it.
    #[error(transparent)]
    Thing(#[from] ThingFault),
}

fn dropped(first: i64, last: i64) -> String {
    if first == last { format!("event {first} is missing") } else { format!("events {first} to {last} are missing") }
}

impl KeptEntry {
    /// The hash that it would have at this place behind the entry with that hash; none where a time cannot be read.
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

    /// The event, where it can be understood.
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

/// The check of one log: made from the case, fed with the entries in order, ended with what was found.
#[derive(Debug)]
pub struct LogCheck<'c> {
    case: &'c Case,
    /// The place that comes next.
    next: i64,
    /// The hash that the entry at that place has to be behind; none where that entry is missing.
    previous: Option<LogHash>,
    /// The last entry whose place is proved.
    proved: (i64, LogHash),
    /// Entries that do not belong where they stand, with the places of their faults in the list.
    loose: Vec<(usize, KeptEntry)>,
    /// What the log adds up to; none where that cannot be told.
    folded: Option<Case>,
    /// What it says belongs to the case.
    things: Things,
    faults: Vec<LogFault>,
}

impl<'c> LogCheck<'c> {
    /// Begins the check of a case's log.
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

    /// Looks at the next entry.
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
        // What follows was chained to the hash that stands here, whatever has happened to the entry itself.
        self.previous = stored;
    }

    /// Ends the check and tells what was found, in order. `kept` are the things that are stored of the case.
    #[must_use]
    pub fn finish(mut self, kept: &BTreeMap<Thing, Sha256Hash>) -> Vec<LogFault> {
        if self.next <= self.case.version {
            self.faults.push(LogFault::Dropped { first: self.next, last: self.case.version });
        } else if self.previous != Some(self.case.log_head) {
            self.faults.push(LogFault::WrongHead);
        }
        // A log that was tampered with says nothing about the case.
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
            // The one before it is missing, so that nothing can be computed: the next one tells.
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

    /// Notes an entry that does not belong here, and where it was written if that can be told.
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
            // The first event creates nothing.
            self.faults.push(LogFault::Unreadable { version: entry.version });
        }
    }
}

/// The names of the fields in which two cases differ.
fn differences(log: &Case, row: &Case) -> Vec<String> {
    let same_head = Case { log_head: row.log_head, ..log.clone() };
    if same_head == *row {
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
