//! Checking a whole store: every log, every case beside its log, and the counts.
//!
//! Nothing is held but a page at a time. The store may go on being written to: a case is read before its log, so that the
//! log holds at least what the case tells of, and whatever looks wrong is read anew before it is called so.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt, mem,
};

use crate::{
    account::Account,
    account_event::AccountSubject,
    document::Sha256Hash,
    error::StoreError,
    event::{Effect, KeptEntry, LogCheck, LogFault, LogHash, Thing, ThingFault},
    id::{AccountId, CaseId, KeyId, LinkId, PersonId},
    log_chain::{ChainHead, Logged},
    store::{KeptCase, KeptSubject, TallyDifference, VerifyStore},
};

/// How many rows are held at a time: a row can have a megabyte.
const PAGE: i64 = 64;
/// How often what looks wrong is read anew before it is called so: each time it can be in the midst of a change.
const LOOKS: usize = 3;
/// The most wrong counts that are named of an account.
const TALLIES: i64 = 20;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which account.
    pub account: AccountId,
    /// With which case, if with one.
    pub case: Option<CaseId>,
    /// What.
    pub what: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The log, or the case beside it.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// The row of the case.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
    /// What is kept beside the case for finding it.
    #[error("{} does not follow from the case", .0.join(", "))]
    Derived(Vec<String>),
    /// A link, which belongs to two cases.
    #[error(transparent)]
    Link(ThingFault),
    /// An entry of the chain over the logs.
    #[error("entry {0} of the chain was changed")]
    Chain(i64),
    /// Entries of the chain that are not there.
    #[error("the chain ends at entry {size}, and the checkpoint is of entry {expected}")]
    ChainTooShort {
        /// The last entry.
        size: i64,
        /// The entry of the checkpoint.
        expected: i64,
    },
    /// The chain up to a checkpoint is not the one of the checkpoint.
    #[error("the chain was rewritten before entry {0}, that of the checkpoint")]
    ChainRewritten(i64),
    /// An event that a checkpoint knows is not there.
    #[error("{0}, which an earlier checkpoint has, is missing")]
    LoggedMissing(Logged),
    /// An event is not the one that a checkpoint knows.
    #[error("{0} differs from what it was at an earlier checkpoint")]
    LoggedChanged(Logged),
    /// An event of the account.
    #[error("event {0} of the account was changed")]
    AccountEvent(i64),
    /// A person or a key that is not as its last event says.
    #[error("{} {} differs from its last event", .0.word(), .0.integer())]
    Subject(AccountSubject),
    /// A person or a key that an event tells of and that is not there.
    #[error("{} {} is missing", .0.word(), .0.integer())]
    SubjectMissing(AccountSubject),
    /// A log without a case.
    #[error("there are events, and no case")]
    NoCase,
    /// A count.
    #[error("the count of {bucket} is off by {cases}, resolved by {resolved}, seconds by {seconds}")]
    Tally {
        /// Which count.
        bucket: String,
        /// By how many cases it is off.
        cases: i64,
        /// By how many resolutions it is off.
        resolved: i64,
        /// By how many seconds it is off.
        seconds: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.case {
            Some(case) => write!(f, "account {}, case {}: {}", self.account.0, case.0, self.what),
            None => write!(f, "account {}: {}", self.account.0, self.what),
        }
    }
}

impl From<TallyDifference> for FaultKind {
    fn from(TallyDifference { bucket, by }: TallyDifference) -> Self {
        Self::Tally { bucket, cases: by.cases, resolved: by.resolved, seconds: by.resolution_seconds }
    }
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many accounts.
    pub accounts: u64,
    /// How many cases.
    pub cases: u64,
    /// How many events.
    pub events: u64,
    /// How many faults were found.
    pub faults: u64,
}

/// Checks all accounts, or the one given, and reports each fault as it is found. `checkpoint` has heads of chains that are
/// known from elsewhere: nothing before them may have been rewritten.
///
/// # Errors
/// A [`StoreError`] where the store cannot be read to its end.
pub async fn verify<S: VerifyStore>(
    store: &S,
    only: Option<AccountId>,
    checkpoint: &HashMap<AccountId, ChainHead>,
    report: impl FnMut(Fault),
) -> Result<Verified, StoreError> {
    let mut check = Check { store, checkpoint, report, done: Verified::default(), links: Links::default() };
    if let Some(account) = only {
        check.account(account).await?;
        return Ok(check.done);
    }
    let (mut after, mut seen) = (AccountId(0), HashSet::new());
    loop {
        let accounts = store.list_accounts(after, PAGE).await?;
        let Some(last) = accounts.last().map(|account: &Account| account.id) else { break };
        for account in accounts {
            seen.insert(account.id);
            check.account(account.id).await?;
        }
        after = last;
    }
    for (account, head) in checkpoint {
        if head.size > 0 && !seen.contains(account) {
            check.found(*account, None, FaultKind::ChainTooShort { size: 0, expected: head.size });
        }
    }
    Ok(check.done)
}

struct Check<'s, S, R> {
    store: &'s S,
    checkpoint: &'s HashMap<AccountId, ChainHead>,
    report: R,
    done: Verified,
    /// What the logs that were read of the account say of links.
    links: Links,
}

/// Links by what the logs say: those that were made and not taken away, with their proofs. A link may be made in the log of
/// one case and taken away in that of the other, in any order of reading.
#[derive(Default)]
struct Links {
    made: HashMap<LinkId, Option<Sha256Hash>>,
    gone: HashSet<LinkId>,
}

impl Links {
    fn take(&mut self, entry: &KeptEntry) {
        if !entry.kind.starts_with("link.") {
            return;
        }
        let Some(event) = entry.read() else { return };
        match event.data.thing() {
            Some((Thing::Link(link), Effect::Has)) => {
                self.made.insert(link, event.proof);
            }
            Some((Thing::Link(link), Effect::Lost | Effect::Moved)) => {
                self.gone.insert(link);
            }
            Some(_) | None => {}
        }
    }
}

impl<S: VerifyStore, R: FnMut(Fault)> Check<'_, S, R> {
    async fn account(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.done.accounts += 1;
        let mut after = CaseId(i64::MIN);
        loop {
            let cases = self.store.list_kept_cases(account, after, PAGE).await?;
            // Behind the last case there can still be events without one.
            let last = cases.last().map(|kept| kept.id);
            self.page(account, after, &cases, last.unwrap_or(CaseId(i64::MAX))).await?;
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
        self.links(account).await?;
        self.subjects(account).await?;
        self.chain(account).await?;
        for difference in self.store.list_tally_differences(account, TALLIES).await? {
            self.found(account, None, difference.into());
        }
        Ok(())
    }

    /// Compares the links with what the logs said of them. What differs is looked at again, with the logs read anew: a link
    /// may have come or gone meanwhile.
    async fn links(&mut self, account: AccountId) -> Result<(), StoreError> {
        let links = mem::take(&mut self.links);
        let mut faults = self.differing_links(account, links).await?;
        for _ in 1..LOOKS {
            if faults.is_empty() {
                return Ok(());
            }
            let mut links = Links::default();
            let mut position = (CaseId(i64::MIN), i64::MAX);
            loop {
                let entries = self.store.list_kept_entries(account, position, CaseId(i64::MAX), PAGE).await?;
                let Some(last) = entries.last() else { break };
                position = (last.case, last.version);
                entries.iter().for_each(|entry| links.take(entry));
            }
            let again = self.differing_links(account, links).await?;
            faults.retain(|fault| again.contains(fault));
        }
        for fault in faults {
            self.found(account, None, FaultKind::Link(fault));
        }
        Ok(())
    }

    async fn differing_links(&self, account: AccountId, mut links: Links) -> Result<Vec<ThingFault>, StoreError> {
        let (mut faults, mut after) = (Vec::new(), LinkId(i64::MIN));
        loop {
            let rows = self.store.list_kept_links(account, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = LinkId(last.id);
            for KeptSubject { id, digest } in rows {
                let link = LinkId(id);
                let thing = Thing::Link(link);
                match links.made.remove(&link) {
                    None => faults.push(ThingFault::Added(thing)),
                    Some(_) if links.gone.contains(&link) => faults.push(ThingFault::Added(thing)),
                    Some(Some(proof)) if Some(proof) != digest => faults.push(ThingFault::Changed(thing)),
                    Some(_) => {}
                }
            }
        }
        let missing = links.made.into_keys().filter(|link| !links.gone.contains(link));
        faults.extend(missing.map(|link| ThingFault::Missing(Thing::Link(link))));
        Ok(faults)
    }

    /// Compares people and keys with the log of the account. Those that are older than that log are in none of its events.
    async fn subjects(&mut self, account: AccountId) -> Result<(), StoreError> {
        let mut faults = self.differing_subjects(account).await?;
        for _ in 1..LOOKS {
            if faults.is_empty() {
                return Ok(());
            }
            let again = self.differing_subjects(account).await?;
            faults.retain(|fault| again.contains(fault));
        }
        for fault in faults {
            self.found(account, None, fault);
        }
        Ok(())
    }

    async fn differing_subjects(&self, account: AccountId) -> Result<Vec<FaultKind>, StoreError> {
        let (mut faults, mut last, mut after) = (Vec::new(), BTreeMap::new(), 0);
        loop {
            let events = self.store.list_kept_account_events(account, after, PAGE).await?;
            let Some(newest) = events.last() else { break };
            after = newest.id;
            for event in &events {
                match event.read() {
                    Some((subject, digest)) => {
                        last.insert(subject, digest);
                    }
                    None => faults.push(FaultKind::AccountEvent(event.id)),
                }
            }
        }
        let mut compare = |subject: AccountSubject, digest: Option<Sha256Hash>| {
            if last.remove(&subject).is_some_and(|proof| Some(proof) != digest) {
                faults.push(FaultKind::Subject(subject));
            }
        };
        let mut after = 0;
        loop {
            let rows = self.store.list_kept_people(account, after, PAGE).await?;
            let Some(newest) = rows.last() else { break };
            after = newest.id;
            rows.iter().for_each(|row| compare(AccountSubject::Person(PersonId(row.id)), row.digest));
        }
        let mut after = 0;
        loop {
            let rows = self.store.list_kept_keys(account, after, PAGE).await?;
            let Some(newest) = rows.last() else { break };
            after = newest.id;
            rows.iter().for_each(|row| compare(AccountSubject::Key(KeyId(row.id)), row.digest));
        }
        faults.extend(last.into_keys().map(FaultKind::SubjectMissing));
        Ok(faults)
    }

    /// Checks the chain over the logs, in itself, against the checkpoint and against the logs as they are now.
    async fn chain(&mut self, account: AccountId) -> Result<(), StoreError> {
        let expected = self.checkpoint.get(&account).copied();
        let mut head = ChainHead::default();
        loop {
            let entries = self.store.list_kept_chain(account, head.size, PAGE).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                let logged = LogHash::from_bytes(&entry.head).unwrap_or_default();
                let next = head.then(account, entry.about, logged);
                if entry.position != next.size || entry.hash != next.hash.as_bytes() {
                    self.found(account, None, FaultKind::Chain(next.size));
                    // What comes behind was chained to what stands here.
                    head =
                        ChainHead { size: entry.position, hash: LogHash::from_bytes(&entry.hash).unwrap_or_default() };
                } else {
                    head = next;
                }
                match entry.present {
                    None => self.found(account, None, FaultKind::LoggedMissing(entry.about)),
                    Some(present) if present != entry.head => {
                        self.found(account, None, FaultKind::LoggedChanged(entry.about));
                    }
                    Some(_) => {}
                }
                if expected.is_some_and(|expected| expected.size == head.size && expected.hash != head.hash) {
                    self.found(account, None, FaultKind::ChainRewritten(head.size));
                }
            }
        }
        if let Some(expected) = expected.filter(|expected| expected.size > head.size) {
            self.found(account, None, FaultKind::ChainTooShort { size: head.size, expected: expected.size });
        }
        Ok(())
    }

    /// Reads the logs of a page of cases beside them: both are in the order of the cases.
    async fn page(
        &mut self,
        account: AccountId,
        after: CaseId,
        cases: &[KeptCase],
        up_to: CaseId,
    ) -> Result<(), StoreError> {
        self.done.cases += cases.len() as u64;
        let mut cases = cases.iter();
        let mut open: Option<Open<'_>> = None;
        let mut without_case = None;
        let mut position = (after, i64::MAX);
        loop {
            let entries = self.store.list_kept_entries(account, position, up_to, PAGE).await?;
            let Some(last) = entries.last() else { break };
            position = (last.case, last.version);
            for entry in &entries {
                self.links.take(entry);
                // Cases that have no entry at all are passed on the way to this one.
                while open.as_ref().is_none_or(|open| open.id() < entry.case) {
                    let Some(next) = cases.next() else { break };
                    if let Some(ended) = open.replace(Open::new(next)) {
                        self.end(account, ended).await?;
                    }
                }
                match &mut open {
                    Some(open) if open.id() == entry.case => {
                        self.done.events += 1;
                        open.take(entry);
                    }
                    Some(_) | None if without_case == Some(entry.case) => {}
                    Some(_) | None => {
                        without_case = Some(entry.case);
                        self.check_without_case(account, entry.case).await?;
                    }
                }
            }
        }
        if let Some(ended) = open {
            self.end(account, ended).await?;
        }
        for kept in cases {
            self.end(account, Open::new(kept)).await?;
        }
        Ok(())
    }

    /// An event whose case was not there when the cases were read: perhaps it is now.
    async fn check_without_case(&mut self, account: AccountId, case: CaseId) -> Result<(), StoreError> {
        if self.reload(account, case).await?.is_none() {
            self.found(account, Some(case), FaultKind::NoCase);
        }
        Ok(())
    }

    async fn end(&mut self, account: AccountId, ended: Open<'_>) -> Result<(), StoreError> {
        let id = ended.id();
        let mut faults = ended.finish();
        for _ in 0..LOOKS {
            if faults.is_empty() {
                return Ok(());
            }
            let Some(kept) = self.reload(account, id).await? else { break };
            faults = self.look_again(account, &kept).await?;
        }
        for fault in faults {
            self.found(account, Some(id), fault);
        }
        Ok(())
    }

    async fn look_again(&self, account: AccountId, kept: &KeptCase) -> Result<Vec<FaultKind>, StoreError> {
        let mut open = Open::new(kept);
        let mut position = (kept.id, i64::MIN);
        loop {
            let entries = self.store.list_kept_entries(account, position, kept.id, PAGE).await?;
            let Some(last) = entries.last() else { break };
            position = (last.case, last.version);
            entries.iter().for_each(|entry| open.take(entry));
        }
        let mut faults = open.finish();
        // What was appended since the case was read is not in its version.
        if let Some(now) = self.reload(account, kept.id).await?.and_then(|kept| kept.case.ok()) {
            let appended = |fault: &FaultKind| matches!(fault, FaultKind::Log(LogFault::Added { version }) if (1..=now.version).contains(version));
            faults.retain(|fault| !appended(fault));
        }
        Ok(faults)
    }

    async fn reload(&self, account: AccountId, case: CaseId) -> Result<Option<KeptCase>, StoreError> {
        let next = self.store.list_kept_cases(account, CaseId(case.0 - 1), 1).await?;
        Ok(next.into_iter().find(|kept| kept.id == case))
    }

    fn found(&mut self, account: AccountId, case: Option<CaseId>, what: FaultKind) {
        self.done.faults += 1;
        (self.report)(Fault { account, case, what });
    }
}

/// A case whose log is being read; none of it is understood where the row cannot be read.
struct Open<'c> {
    kept: &'c KeptCase,
    log: Option<LogCheck<'c>>,
}

impl<'c> Open<'c> {
    fn new(kept: &'c KeptCase) -> Self {
        Self { kept, log: kept.case.as_ref().ok().map(LogCheck::of) }
    }

    const fn id(&self) -> CaseId {
        self.kept.id
    }

    fn take(&mut self, entry: &KeptEntry) {
        if let Some(log) = &mut self.log {
            log.take(entry);
        }
    }

    fn finish(self) -> Vec<FaultKind> {
        let mut faults = Vec::new();
        if let Err(why) = &self.kept.case {
            faults.push(FaultKind::Unreadable(why.clone()));
        }
        let things = &self.kept.things;
        faults.extend(self.log.into_iter().flat_map(|log| log.finish(things)).map(FaultKind::from));
        if !self.kept.derived_wrong.is_empty() {
            faults.push(FaultKind::Derived(self.kept.derived_wrong.clone()));
        }
        faults
    }
}
