//! Checking a whole store: every log, the rows that follow from the logs, the chain over the logs, and the counts.
//!
//! One page of rows is held at a time, and the ids and digests of an account's links, people and keys. The store may be
//! written to meanwhile: a case is read before its log, so that the log has at least what the case has, and whatever looks
//! wrong is read again before it is reported.

mod chain;
mod fault;
mod links;
mod subjects;

use std::{
    collections::{HashMap, HashSet},
    mem,
};

pub use self::fault::{Fault, FaultKind};
use self::links::Links;
use crate::{
    account::Account,
    error::StoreError,
    event::{KeptEntry, LogCheck, LogFault},
    id::{AccountId, CaseId},
    log_chain::ChainHead,
    store::{KeptCase, VerifyStore},
};

/// How many rows are held at a time: a row can have a megabyte.
const PAGE: i64 = 64;
/// How often what looks wrong is read anew before it is called so: each time it can be in the midst of a change.
const LOOKS: usize = 3;
/// The most wrong counts that are named of an account.
const TALLIES: i64 = 20;

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
        let expected = self.checkpoint.get(&account).copied();
        let store = self.store;
        chain::check(store, account, expected, |fault| self.found(account, None, fault)).await?;
        for difference in self.store.list_tally_differences(account, TALLIES).await? {
            self.found(account, None, difference.into());
        }
        Ok(())
    }

    /// Compares the links with what the logs said of them. What differs is looked at again, with the logs read anew: a link
    /// may have come or gone meanwhile.
    async fn links(&mut self, account: AccountId) -> Result<(), StoreError> {
        let links = mem::take(&mut self.links);
        let mut faults = links::differences(self.store, account, links).await?;
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
            let again = links::differences(self.store, account, links).await?;
            faults.retain(|fault| again.contains(fault));
        }
        for fault in faults {
            self.found(account, None, FaultKind::Link(fault));
        }
        Ok(())
    }

    /// Compares people and keys with the log of the account. Those that are older than that log are in none of its events.
    async fn subjects(&mut self, account: AccountId) -> Result<(), StoreError> {
        let mut faults = subjects::differences(self.store, account).await?;
        for _ in 1..LOOKS {
            if faults.is_empty() {
                return Ok(());
            }
            let again = subjects::differences(self.store, account).await?;
            faults.retain(|fault| again.contains(fault));
        }
        for fault in faults {
            self.found(account, None, fault);
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
