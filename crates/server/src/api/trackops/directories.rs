//! Reference data that cases and updates refer to by id: clients and their locations, regions, access groups, and case
//! events. Entries are created and listed, never changed.

use actix_web::{
    http::StatusCode,
    web::{Data, Json},
};
use docket_domain::{
    directory::{AccessGroup, CaseTask, Client, DirectoryEntry, DirectoryFilter, Region},
    error::Error,
    id::{AccessGroupId, AccountId, CaseTaskId, ClientId, EntityId as _, RegionId},
    service,
    store::DirectoryStore,
};
use docket_persistence::Database;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::boolean,
    error::TrackopsError,
    query::{Listing, PageOrCount, PagingParams},
};
use crate::{
    app::App,
    auth::{Admin, Authed, CasesRead, CasesWrite},
    wire::{
        body::Body,
        fields::{Fields, FromFields},
        linked::Linked,
        params::{
            Query,
            param::{id, number, text},
            params,
        },
    },
};

type Created<V> = Result<(Json<V>, StatusCode), TrackopsError>;

pub type DirectoryQuery = (EntryFilterParams, ParentParams, PagingParams);

params! {
    pub struct EntryFilterParams {
        /// Id of the entry.
        id: Option<i64> = number::<i64>();
        /// Complete name of the entry, not case-sensitive.
        name: Option<String> = text().example("north");
    }

    pub struct ParentParams {
        /// Parent of the entry: only the locations directly below this client or location.
        parent_id: Option<ClientId> = id(ClientId::parse);
    }
}

fn filter(entry: EntryFilterParams, parent: &ParentParams) -> DirectoryFilter {
    DirectoryFilter { id: entry.id, name: entry.name, parent: parent.parent_id.map(|id| id.0) }
}

#[derive(Debug, ToSchema)]
pub struct ClientBody {
    #[schema(example = "Acme Insurance", max_length = 500)]
    name: String,
    /// Client or location that the new location belongs to. Omit it for a root client.
    #[schema(value_type = Option<i64>, example = json!(null))]
    parent_id: Option<ClientId>,
}

impl FromFields for ClientBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { name: name(fields), parent_id: fields.id("parent_id", ClientId::parse).flatten() }
    }
}

#[derive(Debug, ToSchema)]
pub struct EntryBody {
    #[schema(example = "North", max_length = 500)]
    name: String,
}

impl FromFields for EntryBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { name: name(fields) }
    }
}

#[derive(Debug, ToSchema)]
pub struct AccessGroupBody {
    #[schema(example = "Police", max_length = 500)]
    name: String,
    /// Whether an update for this group is valid only after validation. Default: `false`.
    #[schema(value_type = Option<bool>, example = true, default = false)]
    requires_validation: bool,
}

impl FromFields for AccessGroupBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        let requires_validation = boolean(fields, "requires_validation").flatten();
        Self { name: name(fields), requires_validation: requires_validation.unwrap_or(false) }
    }
}

fn name(fields: &mut Fields) -> String {
    fields.required("name", |fields| fields.text("name")).unwrap_or_default()
}

/// A client, or a location of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientView {
    #[schema(example = 7)]
    id: i64,
    #[schema(example = "Acme Insurance")]
    name: String,
    /// Client or location that the location belongs to. `null` for a root client.
    #[schema(example = json!(null))]
    parent_id: Option<i64>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        Self { id: client.id.0, name: client.name, parent_id: client.parent.map(|id| id.0) }
    }
}

/// A region or a case event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    #[schema(example = 3)]
    id: i64,
    #[schema(example = "North")]
    name: String,
}

impl EntryView {
    fn of(entry: &impl DirectoryEntry) -> Self {
        Self { id: entry.id().integer(), name: entry.name().to_owned() }
    }
}

/// Group of readers that a case update is meant for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessGroupView {
    #[schema(example = 1)]
    id: i64,
    #[schema(example = "Public")]
    name: String,
    /// Whether an update for this group is valid only after validation.
    #[schema(example = true)]
    requires_validation: bool,
}

impl From<AccessGroup> for AccessGroupView {
    fn from(group: AccessGroup) -> Self {
        Self { id: group.id.0, name: group.name, requires_validation: group.requires_validation }
    }
}

/// Not for access groups: the built-in groups are not in the store.
async fn list<E: DirectoryEntry, V: Serialize>(
    app: &App,
    account: AccountId,
    (entry, parent, paging): DirectoryQuery,
    view: impl Fn(E) -> V,
) -> Result<Linked<Listing<V>>, Error>
where
    Database: DirectoryStore<E>,
{
    let (store, filter) = (&app.store, filter(entry, &parent));
    let count = async || Ok(DirectoryStore::<E>::count_entries(store, account, &filter).await?);
    let rows = async || {
        let (offset, limit) = (paging.page().offset(), paging.page().per_page);
        let entries = store.list_entries(account, &filter, paging.descending(), offset, limit).await?;
        Ok(entries.into_iter().map(&view).collect())
    };
    paging.answer(count, rows).await
}

/// List clients
///
/// Returns a page of clients and locations as a JSON array, newest first. `parent_id` selects the locations of one
/// client.
#[utoipa::path(
    get,
    path = "/api/v1/clients",
    tag = "directories",
    params(PagingParams, EntryFilterParams, ParentParams),
    responses(
        (status = 200, description = "A page of clients, or the counts.", body = PageOrCount<ClientView>),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_clients(
    who: Authed<CasesRead>,
    query: Query<DirectoryQuery>,
    app: Data<App>,
) -> Result<Linked<Listing<ClientView>>, TrackopsError> {
    Ok(list::<Client, _>(&app, who.account(), query.0, ClientView::from).await?)
}

/// Create a client
///
/// With `parent_id`, creates a location of that client.
#[utoipa::path(
    post,
    path = "/api/v1/clients",
    tag = "directories",
    request_body = ClientBody,
    responses((status = 201, description = "The created client.", body = ClientView), (status = 400)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn create_client(who: Authed<Admin>, body: Body<ClientBody>, app: Data<App>) -> Created<ClientView> {
    let ClientBody { name, parent_id } = body.0;
    let client = service::create_client(&app.store, &who.context(&app), name, parent_id).await?;
    Ok((Json(client.into()), StatusCode::CREATED))
}

/// List regions
///
/// Returns a page of regions as a JSON array, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/regions",
    tag = "directories",
    params(PagingParams, EntryFilterParams),
    responses(
        (status = 200, description = "A page of regions, or the counts.", body = PageOrCount<EntryView>),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_regions(
    who: Authed<CasesRead>,
    query: Query<DirectoryQuery>,
    app: Data<App>,
) -> Result<Linked<Listing<EntryView>>, TrackopsError> {
    Ok(list(&app, who.account(), query.0, |region: Region| EntryView::of(&region)).await?)
}

/// Create a region
///
/// Cases refer to their region by `case_region_id`.
#[utoipa::path(
    post,
    path = "/api/v1/regions",
    tag = "directories",
    request_body = EntryBody,
    responses((status = 201, description = "The created region.", body = EntryView), (status = 400)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn create_region(who: Authed<Admin>, body: Body<EntryBody>, app: Data<App>) -> Created<EntryView> {
    let (account, created_at) = (who.account(), app.now());
    let region = Region { account, id: RegionId(0), name: body.0.name, created_at };
    let region = service::create_entry(&app.store, &who.context(&app), region).await?;
    Ok((Json(EntryView::of(&region)), StatusCode::CREATED))
}

/// List access groups
///
/// Returns a page of access groups as a JSON array, newest first. Every account has two built-in groups: 1 (Public,
/// requires validation) and 2 (Internal, requires none).
#[utoipa::path(
    get,
    path = "/api/v1/access_groups",
    tag = "directories",
    params(PagingParams, EntryFilterParams),
    responses(
        (status = 200, description = "A page of access groups, or the counts.", body = PageOrCount<AccessGroupView>),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_access_groups(
    who: Authed<CasesRead>,
    query: Query<DirectoryQuery>,
    app: Data<App>,
) -> Result<Linked<Listing<AccessGroupView>>, TrackopsError> {
    let ((entry, parent, paging), account) = (query.0, who.account());
    let filter = filter(entry, &parent);
    let count = async || service::count_access_groups(&app.store, account, &filter).await;
    let rows = async || {
        let (descending, page) = (paging.descending(), paging.page());
        let groups = service::list_access_groups(&app.store, account, &filter, descending, page).await?;
        Ok(groups.into_iter().map(AccessGroupView::from).collect())
    };
    Ok(paging.answer(count, rows).await?)
}

/// Create an access group
///
/// Case updates refer to their access group by `access_group_id`.
#[utoipa::path(
    post,
    path = "/api/v1/access_groups",
    tag = "directories",
    request_body = AccessGroupBody,
    responses((status = 201, description = "The created access group.", body = AccessGroupView), (status = 400)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn create_access_group(
    who: Authed<Admin>,
    body: Body<AccessGroupBody>,
    app: Data<App>,
) -> Created<AccessGroupView> {
    let AccessGroupBody { name, requires_validation } = body.0;
    let (account, created_at) = (who.account(), Some(app.now()));
    let group = AccessGroup { account, id: AccessGroupId(0), name, requires_validation, created_at };
    let group = service::create_entry(&app.store, &who.context(&app), group).await?;
    Ok((Json(group.into()), StatusCode::CREATED))
}

/// List case events
///
/// Returns a page of the events and tasks that updates report on as a JSON array, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/case/events",
    tag = "directories",
    params(PagingParams, EntryFilterParams),
    responses(
        (status = 200, description = "A page of case events, or the counts.", body = PageOrCount<EntryView>),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_case_events(
    who: Authed<CasesRead>,
    query: Query<DirectoryQuery>,
    app: Data<App>,
) -> Result<Linked<Listing<EntryView>>, TrackopsError> {
    Ok(list(&app, who.account(), query.0, |event: CaseTask| EntryView::of(&event)).await?)
}

/// Create a case event
///
/// Case updates refer to the event or task that they report on by `event_id`.
#[utoipa::path(
    post,
    path = "/api/v1/case/events",
    tag = "directories",
    request_body = EntryBody,
    responses((status = 201, description = "The created case event.", body = EntryView), (status = 400)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case_event(who: Authed<CasesWrite>, body: Body<EntryBody>, app: Data<App>) -> Created<EntryView> {
    let (account, created_at) = (who.account(), app.now());
    let event = CaseTask { account, id: CaseTaskId(0), name: body.0.name, created_at };
    let event = service::create_entry(&app.store, &who.context(&app), event).await?;
    Ok((Json(EntryView::of(&event)), StatusCode::CREATED))
}
