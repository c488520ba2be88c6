//! Client, location and region of a case. They must exist in their directories, and the location must belong to the
//! client.

use crate::{
    case::{Case, Edit},
    directory::{Client, Region},
    error::{FieldErrors, StoreError},
    id::{AccountId, ClientId},
    store::{DirectoryStore, Store},
};

/// Checks the client and the location of edits. Returns an additional edit where one follows: a case that gets a
/// location while it has no client gets the client of the location. Without a present case, only the edits are checked.
///
/// # Errors
/// A [`StoreError`]. Faults of the edits are added to `faults`.
pub(super) async fn check_places<S: Store>(
    store: &S,
    account: AccountId,
    edits: &[Edit],
    present: Option<&Case>,
    faults: &mut FieldErrors,
) -> Result<Option<Edit>, StoreError> {
    let (mut client, mut location) = (None, None);
    for edit in edits {
        if let Edit::Client(id) = edit {
            client = Some(*id);
        } else if let Edit::Location(id) = edit {
            location = Some(*id);
        }
    }
    if client.is_none() && location.is_none() {
        return Ok(None);
    }
    let details = present.map(|case| &case.details);
    let places = Places {
        client: client.unwrap_or_else(|| details.and_then(|details| details.client)),
        location: location.unwrap_or_else(|| details.and_then(|details| details.location)),
        client_is_new: client.is_some(),
        location_is_new: location.is_some(),
    };
    let ids = places.client.into_iter().chain(places.location).collect::<Vec<ClientId>>();
    let known = DirectoryStore::<Client>::find_entries(store, account, &ids).await?;
    Ok(places.check(&known, faults).map(|root| Edit::Client(Some(root))))
}

/// Adds an unknown region of the edits to `faults`.
///
/// # Errors
/// A [`StoreError`].
pub(super) async fn check_region<S: Store>(
    store: &S,
    account: AccountId,
    edits: &[Edit],
    faults: &mut FieldErrors,
) -> Result<(), StoreError> {
    let region = edits.iter().rev().find_map(|edit| if let Edit::Region(id) = edit { Some(*id) } else { None });
    if let Some(region) = region.flatten()
        && DirectoryStore::<Region>::find_entries(store, account, &[region]).await?.is_empty()
    {
        faults.add("region_id", "unknown region");
    }
    Ok(())
}

/// Client and location of a case after the edits.
struct Places {
    client: Option<ClientId>,
    location: Option<ClientId>,
    client_is_new: bool,
    location_is_new: bool,
}

impl Places {
    /// Checks both. Returns the client for a case that has a location but no client yet.
    fn check(&self, known: &[Client], faults: &mut FieldErrors) -> Option<ClientId> {
        let find = |id: ClientId| known.iter().find(|client| client.id == id);
        let mut wrong = None;
        if let (Some(id), true) = (self.client, self.client_is_new) {
            wrong = match find(id) {
                None => Some("unknown client"),
                Some(client) if client.parent.is_some() => Some("must be a root client, not a location of one"),
                Some(_) => None,
            };
        }
        if let Some(wrong) = wrong {
            faults.add("client_id", wrong);
        }
        let location = find(self.location?);
        let Some(location) = location else {
            if self.location_is_new {
                faults.add("location_id", "unknown location");
            }
            return None;
        };
        match self.client {
            Some(client) if client != location.root() && wrong.is_none() => {
                let field = if self.location_is_new { "location_id" } else { "client_id" };
                faults.add(field, "client and location must match: the location belongs to another client");
                None
            }
            Some(_) => None,
            None if self.location_is_new && !self.client_is_new => Some(location.root()),
            None => None,
        }
    }
}
