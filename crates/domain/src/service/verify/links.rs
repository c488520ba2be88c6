//! Comparing links with the logs of both their cases.

use std::collections::{HashMap, HashSet};

use crate::{
    document::Sha256Hash,
    error::StoreError,
    event::{Effect, KeptEntry, Thing, ThingFault},
    id::{AccountId, LinkId},
    store::{KeptSubject, VerifyStore},
};

/// Rows per page.
const PAGE: i64 = 1_000;

/// Links according to the logs: created and not removed, with their digests. A link may be created in the log of one
/// case and removed in the log of the other, and the logs are read in any order.
#[derive(Default)]
pub(super) struct Links {
    made: HashMap<LinkId, Option<Sha256Hash>>,
    gone: HashSet<LinkId>,
}

impl Links {
    /// Adds an entry of a log.
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

/// The differences between the rows of links and the logs.
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
