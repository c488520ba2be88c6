//! The demonstration data of `docket serve --demo`: a real incident log with invented names.

mod calendar;
mod cases;
mod data;
mod litigation;
mod resume;
mod sources;

use std::{collections::HashMap, fs, path::Path};

use anyhow::Context as _;
use chrono::TimeDelta;
use docket_domain::{
    actor::{Actor, Context},
    directory::Region,
    filter::CaseFilter,
    id::{AccountId, PersonId, RegionId},
    import::{ImportContext, LogMap},
    person::Person,
    scope::Scopes,
    service,
    store::{AccountStore as _, CaseStore as _, ImportStore as _},
    time::Timestamp,
    workflow::EntityType,
};
use docket_persistence::Database;

use self::{
    calendar::Calendar,
    cases::{Directories, map_of_today},
    data::{Data, LOG, LOG_MAP},
    resume::created_or_exists,
};
use crate::{
    app,
    auth::{KeyRequest, NewKey, is_secret_of},
    import::Map,
};

/// Lifetime of the key of the demonstration, in days.
const KEY_DAYS: i64 = 30;

/// Name of the key of the demonstration.
const KEY_NAME: &str = "demo";

/// Fills an empty store and returns a key. Returns `None` and changes nothing if the store has other cases. An interrupted
/// fill continues. With `keep`, the key is kept in that file, and returned again while it is valid.
///
/// # Errors
/// If the store fails.
pub async fn fill(store: &Database, account: AccountId, keep: Option<&Path>) -> anyhow::Result<Option<String>> {
    let now = app::now();
    let workflow = service::load_current_workflow(store, account, EntityType::Case).await?;
    let (log, format) = Map::read(LOG_MAP, &workflow)?;
    let today = map_of_today(&workflow);
    if !is_filled(store, account, &log).await? {
        let began = !store.find_imported(account, &today.source, &["1".to_owned()]).await?.is_empty();
        if !began && store.count_cases(account, &CaseFilter::default()).await? > 0 {
            return Ok(None);
        }
        let data = Data::read()?;
        let calendar = Calendar::new(now);
        let actor = Actor { id: None, name: "Docket demonstration".to_owned() };
        let context = Context::new(account, actor, Scopes::all(), now);
        add_people(store, &context, &data).await?;
        sources::add(store, &context, &data, &calendar).await?;
        if !began {
            let directories = add_directories(store, &context, &data).await?;
            let terms = ImportContext { account, map: &today, workflow: &workflow, now };
            cases::replay_today(store, terms, &data, &directories, &calendar).await?;
        }
        // Recorded one day earlier, so that the newest cases are those of today.
        let terms = ImportContext { account, map: &log, workflow: &workflow, now: now - TimeDelta::days(1) };
        cases::replay_log(store, terms, &format, &data).await?;
        litigation::add(store, &context).await?;
    }
    let Some(file) = keep else { return Ok(Some(add_key(store, account, now).await?)) };
    if let Some(key) = find_kept_key(store, account, file, now).await? {
        return Ok(Some(key));
    }
    let key = add_key(store, account, now).await?;
    fs::write(file, &key).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Some(key))
}

/// Whether the last case of the log exists.
async fn is_filled(store: &Database, account: AccountId, log: &LogMap) -> anyhow::Result<bool> {
    let last = LOG.lines().last().and_then(|line| line.split(',').next()).unwrap_or_default();
    Ok(!store.find_imported(account, &log.source, &[last.to_owned()]).await?.is_empty())
}

/// The key in the file, if it is still a valid one of this store.
async fn find_kept_key(
    store: &Database,
    account: AccountId,
    file: &Path,
    now: Timestamp,
) -> anyhow::Result<Option<String>> {
    let Ok(token) = fs::read_to_string(file) else { return Ok(None) };
    let Some((client_id, secret)) = token.split_once('.') else { return Ok(None) };
    let found = store.find_key(client_id).await?;
    let is_valid = found.is_some_and(|key| key.account == account && key.is_usable(now) && is_secret_of(&key, secret));
    Ok(is_valid.then_some(token))
}

async fn add_key(store: &Database, account: AccountId, now: Timestamp) -> anyhow::Result<String> {
    let expires_at = Some(now + TimeDelta::days(KEY_DAYS));
    let request =
        KeyRequest { account, name: KEY_NAME.to_owned(), scopes: Scopes::all(), expires_at, created_by: None };
    let NewKey { key, token } = NewKey::make(request, now)?;
    service::create_operator_key(store, key, now).await?;
    Ok(token)
}

async fn add_people(store: &Database, context: &Context, data: &Data) -> anyhow::Result<()> {
    // Sequential: of two concurrent inserts with given ids, one could set the sequence of PostgreSQL back.
    for person in &data.people {
        let named = Person::named(context.account, person.kind, &*person.name, context.now);
        let (title, email, phone) = (person.title.clone(), person.email.clone(), person.phone.clone());
        let person = Person { id: PersonId(person.id), title, email, phone, ..named };
        created_or_exists(service::create_person(store, context, person).await)?;
    }
    Ok(())
}

async fn add_directories(store: &Database, context: &Context, data: &Data) -> anyhow::Result<Directories> {
    let mut directories = Directories { clients: HashMap::new(), regions: HashMap::new() };
    for client in &data.clients {
        let parent = client.parent.as_ref().and_then(|key| directories.clients.get(key)).map(|(id, _)| *id);
        let made = service::create_client(store, context, client.name.clone(), parent).await?;
        directories.clients.insert(client.key.clone(), (made.id, made.root()));
    }
    for region in &data.regions {
        let (account, name, created_at) = (context.account, region.name.clone(), context.now);
        let made = service::create_entry(store, context, Region { account, id: RegionId(0), name, created_at }).await?;
        directories.regions.insert(region.key.clone(), made.id);
    }
    Ok(directories)
}
