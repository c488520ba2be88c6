//! Directories: clients, regions, access groups and tasks. Some access groups are built in.

use crate::{
    actor::Context,
    directory::{AccessGroup, Client, DirectoryEntry, DirectoryFilter},
    error::{Error, FieldErrors},
    id::{AccessGroupId, AccountId, ClientId, EntityId},
    idempotency::Effect,
    page::PageNumber,
    store::DirectoryStore,
    text::search_key,
};

/// Adds an entry to its directory.
///
/// # Errors
/// Every fault of the entry, or a [`StoreError`](crate::error::StoreError).
pub async fn create_entry<E: DirectoryEntry, S: DirectoryStore<E>>(
    store: &S,
    context: &Context,
    mut entry: E,
) -> Result<E, Error> {
    if let Some(entry) = find_effect(store, context).await? {
        return Ok(entry);
    }
    entry.clean();
    let mut faults = FieldErrors::default();
    entry.check(&mut faults);
    faults.finish()?;
    Ok(store.create_entry(entry).await?)
}

/// The entry that an earlier attempt of this request created. `None` if there was no earlier attempt.
async fn find_effect<E: DirectoryEntry, S: DirectoryStore<E>>(
    store: &S,
    context: &Context,
) -> Result<Option<E>, Error> {
    let Some(id) = context.effect.and_then(Effect::other) else { return Ok(None) };
    let found = store.find_entries(context.account, &[E::Id::from_integer(id)]).await?.into_iter().next();
    found.map(Some).ok_or(Error::not_found(E::Id::ENTITY))
}

/// Adds a client, or with a parent a location of that client.
///
/// # Errors
/// Faults of `name` and `parent_id`, or a [`StoreError`](crate::error::StoreError).
pub async fn create_client<S: DirectoryStore<Client>>(
    store: &S,
    context: &Context,
    name: String,
    parent: Option<ClientId>,
) -> Result<Client, Error> {
    if let Some(client) = find_effect(store, context).await? {
        return Ok(client);
    }
    let (account, created_at) = (context.account, context.now);
    let mut client = Client { account, id: ClientId(0), name, parent, root: None, created_at };
    client.clean();
    let mut faults = FieldErrors::default();
    client.check(&mut faults);
    if let Some(parent) = parent {
        match store.find_entries(account, &[parent]).await?.first() {
            Some(parent) => client.root = Some(parent.root()),
            None => faults.add("parent_id", "unknown client"),
        }
    }
    faults.finish()?;
    Ok(store.create_entry(client).await?)
}

/// Finds an access group: built in, or one of the account's own.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn find_access_group<S: DirectoryStore<AccessGroup>>(
    store: &S,
    account: AccountId,
    id: AccessGroupId,
) -> Result<Option<AccessGroup>, Error> {
    let built_in = AccessGroup::built_in(account).into_iter().find(|group| group.id == id);
    match built_in {
        Some(group) => Ok(Some(group)),
        None => Ok(store.find_entries(account, &[id]).await?.into_iter().next()),
    }
}

fn built_in(account: AccountId, filter: &DirectoryFilter) -> Vec<AccessGroup> {
    let matches = |group: &AccessGroup| {
        filter.id.is_none_or(|id| group.id.integer() == id)
            && filter.name.as_ref().is_none_or(|name| search_key(name) == search_key(&group.name))
            && filter.parent.is_none()
    };
    AccessGroup::built_in(account).into_iter().filter(matches).collect()
}

/// Number of access groups, built-in ones included.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn count_access_groups<S: DirectoryStore<AccessGroup>>(
    store: &S,
    account: AccountId,
    filter: &DirectoryFilter,
) -> Result<i64, Error> {
    let own = store.count_entries(account, filter).await?;
    Ok(own + length(&built_in(account, filter)))
}

/// A numbered page of access groups by age. The built-in ones are the oldest.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn list_access_groups<S: DirectoryStore<AccessGroup>>(
    store: &S,
    account: AccountId,
    filter: &DirectoryFilter,
    descending: bool,
    page: PageNumber,
) -> Result<Vec<AccessGroup>, Error> {
    let mut oldest = built_in(account, filter);
    let (offset, limit) = (page.offset(), page.per_page);
    if descending {
        let mut groups = store.list_entries(account, filter, true, offset, limit).await?;
        if length(&groups) < limit {
            let own = store.count_entries(account, filter).await?;
            oldest.reverse();
            groups.extend(cut(oldest, offset - own, limit - length(&groups)));
        }
        return Ok(groups);
    }
    let own_offset = (offset - length(&oldest)).max(0);
    let mut groups = cut(oldest, offset, limit);
    let missing = limit - length(&groups);
    if missing > 0 {
        groups.extend(store.list_entries(account, filter, false, own_offset, missing).await?);
    }
    Ok(groups)
}

fn cut(groups: Vec<AccessGroup>, offset: i64, limit: i64) -> Vec<AccessGroup> {
    let number = |value: i64| usize::try_from(value.max(0)).unwrap_or(usize::MAX);
    groups.into_iter().skip(number(offset)).take(number(limit)).collect()
}

fn length(groups: &[AccessGroup]) -> i64 {
    i64::try_from(groups.len()).unwrap_or(i64::MAX)
}
