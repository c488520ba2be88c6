//! Links beside the logs of both their cases.

use std::collections::{HashMap, HashSet};

use crate::{
    document::Sha256Hash,
    error::StoreError,
    event::{Effect, KeptEntry, Thing, ThingFault},
    id::{AccountId, LinkId},
    store::{KeptSubject, VerifyStore},
};

/// How many rows are read at a time.
const PAGE: i64 = 1_000;

/// Links by what the logs say: those that were made and not taken away, with their proofs. A link may be made in the log of
/// one case and taken away in that of the other, in any order of reading.
#[derive(Default)]
pub(super) struct Links {
    made: HashMap<LinkId, Option<Sha256Hash>>,
    gone: HashSet<LinkId>,
}

impl Links {
    /// Takes an entry of a log into account.
    pub(super) fn take(&mut self, entry: &KeptEntry) {
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

/// What differs between the rows of links and what the logs say of them.
pub(super) async fn differences<S: VerifyStore>(
    store: &S,
    account: AccountId,
    mut links: Links,
) -> Result<Vec<ThingFault>, StoreError> {
    let (mut faults, mut after) = (Vec::new(), LinkId(i64::MIN));
    loop {
        let rows = store.list_kept_links(account, after, PAGE).await?;
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
