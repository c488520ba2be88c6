//! Comparing people and keys with the log of their account.

use std::collections::BTreeMap;

use super::fault::FaultKind;
use crate::{
    account_event::AccountSubject,
    document::Sha256Hash,
    error::StoreError,
    id::{AccountId, KeyId, PersonId},
    store::VerifyStore,
};

/// Rows per page.
const PAGE: i64 = 64;

/// The differences between the rows of people and keys and the log of the account.
pub(super) async fn differences<S: VerifyStore>(store: &S, account: AccountId) -> Result<Vec<FaultKind>, StoreError> {
    let (mut faults, mut last, mut after) = (Vec::new(), BTreeMap::new(), 0);
    loop {
        let events = store.list_kept_account_events(account, after, PAGE).await?;
        let Some(newest) = events.last() else { break };
        after = newest.id;
        for event in &events {
            match event.read() {
                Some((subject, Some(digest))) => {
                    last.insert(subject, digest);
                }
                Some((_, None)) => {}
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
        let rows = store.list_kept_people(account, after, PAGE).await?;
        let Some(newest) = rows.last() else { break };
        after = newest.id;
        rows.iter().for_each(|row| compare(AccountSubject::Person(PersonId(row.id)), row.digest));
    }
    let mut after = 0;
    loop {
        let rows = store.list_kept_keys(account, after, PAGE).await?;
        let Some(newest) = rows.last() else { break };
        after = newest.id;
        rows.iter().for_each(|row| compare(AccountSubject::Key(KeyId(row.id)), row.digest));
    }
    faults.extend(last.into_keys().map(FaultKind::SubjectMissing));
    Ok(faults)
}
