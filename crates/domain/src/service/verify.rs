//! Checking a whole store: every log, the rows that follow from the logs, the hash chain over the logs, the feed, the
//! clocks of service levels, and the counts.
//!
//! Memory holds one page of rows at a time, and the ids and digests of an account's links, people and keys. The store
//! may be written to during the check: a case is read before its log, so that the log has at least the events of the
//! case, and everything that looks wrong is read again before it is reported.

mod chain;
mod clocks;
mod fault;
mod feed;
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
    store::{KeptCase, Store, VerifyStore},
    time::Timestamp,
};

/// Rows per page. A row can have a megabyte.
const PAGE: i64 = 64;
/// Reads of something that looks wrong before it is reported. Each read can fall into the middle of a change.
const LOOKS: usize = 3;
/// The most wrong counts that are reported of an account.
const TALLIES: i64 = 20;

/// Result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// Number of accounts.
    pub accounts: u64,
    /// Number of cases.
    pub cases: u64,
    /// Number of events.
    pub events: u64,
    /// Number of faults.
    pub faults: u64,
}

/// Checks all accounts, or only one, and reports each fault as it is found. `checkpoint` has chain heads from an
/// earlier checkpoint: everything before them must be unchanged. Clocks are compared as they are `now`.
///
/// # Errors
/// A [`StoreError`] if the store cannot be read completely.
pub async fn verify<S: Store + VerifyStore>(
    store: &S,
    only: Option<AccountId>,
    checkpoint: &HashMap<AccountId, ChainHead>,
    now: Timestamp,
    report: impl FnMut(Fault),
) -> Result<Verified, StoreError> {
    let mut check = Check { store, checkpoint, now, report, done: Verified::default(), links: Links::default() };
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
    now: Timestamp,
    report: R,
    done: Verified,
    /// Links according to the logs read so far.
    links: Links,
}

impl<S: Store + VerifyStore, R: FnMut(Fault)> Check<'_, S, R> {
    async fn account(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.done.accounts += 1;
        let mut after = CaseId(i64::MIN);
        loop {
            let cases = self.store.list_kept_cases(account, after, PAGE).await?;
            // Events without a case can follow the last case.
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
        feed::check(store, account, |fault| self.found(account, None, fault)).await?;
        let now = self.now;
        clocks::check(store, account, now, LOOKS, |case| self.found(account, Some(case), FaultKind::Clocks)).await?;
        for difference in self.store.list_tally_differences(account, TALLIES).await? {
            self.found(account, None, difference.into());
        }
        Ok(())
    }

    /// Compares the links with the logs. Reads the logs again for links that differ: a link may have been created or
    /// removed during the check.
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

    /// Compares people and keys with the log of the account. People and keys that are older than that log have no
    /// events.
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

    /// Reads the logs of a page of cases in parallel with the cases. Both are in the order of the cases.
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
                // Cases without an entry come before this one.
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

    /// An event whose case did not exist when the cases were read. The case may exist now.
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
        // Events that were appended since the case was read are not in its version.
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

/// A case whose log is being read. The log is not checked if the row cannot be read.
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
