//! What inquiries and orders share: lists, logs, moves.

use docket_domain::{
    command::TransitionRequest,
    error::FieldErrors,
    id::CustomerId,
    page::{Numbered, PageNumber},
    service,
    source::{NewSource, SourceChange, SourceEdit, SourceEvent, SourceFilter, SourceId, SourceItem, SourceKind},
    store::SourceStore as _,
    workflow::StatusKey,
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    draft::Asked,
    error::ServicesError,
    list::{check_statuses, created, page},
};
use crate::{
    api::params::Params,
    app::App,
    auth::{Authed, CasesRead, CasesWrite},
};

/// The most cases that a source is shown with.
const LINKED_MAX: i64 = 100;

/// In which statuses.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameter, which read() reads")]
pub struct StatusParams {
    /// In one of these statuses, with commas between.
    status: Option<String>,
}

/// Which sources, and on which page.
#[derive(Debug)]
pub struct SourcesQuery {
    filter: SourceFilter,
    page: PageNumber,
}

/// Reads a query for sources of that kind, whose owner is called so.
pub fn read(params: &mut Params, kind: SourceKind, owner: &str) -> SourcesQuery {
    params.only(&[owner, "status", "date_from", "date_to", "page", "per_page"]);
    let filter = SourceFilter {
        kind: Some(kind),
        user: super::list::foreign_id(params, owner).map(CustomerId),
        statuses: params.words("status", "", |word| Some(StatusKey::new(word))),
        created: created(params),
    };
    SourcesQuery { filter, page: page(params) }
}

/// The page that is asked for.
///
/// # Errors
/// All faults of the query, or a store error.
pub async fn list(
    app: &App,
    who: &Authed<CasesRead>,
    kind: SourceKind,
    query: SourcesQuery,
    mut faults: FieldErrors,
) -> Result<(PageNumber, Numbered<SourceItem>), ServicesError> {
    let SourcesQuery { filter, page } = query;
    check_statuses(app, who.account(), kind.entity_type(), &filter.statuses, &mut faults).await?;
    faults.finish().map_err(ServicesError::verbatim)?;
    Ok((page, app.store.list_sources(who.account(), &filter, page).await?))
}

/// Splits what was asked into the query and its faults.
pub fn split<Q>(asked: Asked<Q>, query: impl FnOnce(Q) -> SourcesQuery) -> (SourcesQuery, FieldErrors) {
    (query(asked.query), asked.faults)
}

/// A source with its log, its cases, and the ways out of its status.
#[derive(Debug)]
pub struct Shown {
    /// The source.
    pub item: SourceItem,
    /// The cases that are linked to it.
    pub case_ids: Vec<i64>,
    /// The statuses that it had.
    pub status_history: Vec<SourceStatusView>,
    /// The moves that are open.
    pub allowed_transitions: Vec<SourceMoveView>,
}

/// Reads a source with all that it is shown with.
///
/// # Errors
/// Not found, or a store error.
pub async fn show(app: &App, who: &Authed<CasesRead>, id: SourceId) -> Result<Shown, ServicesError> {
    let (store, account) = (&app.store, who.account());
    let item = service::load_source(store, account, id).await?;
    let linked = store.list_linked_cases(account, &[id], LINKED_MAX).await?;
    let log = store.list_source_events(account, id).await?;
    let workflow = service::load_workflow(store, account, item.workflow).await?;
    let moves = workflow.explain(&item.status, &item, &who.context(app));
    let open = moves.into_iter().filter(|explained| explained.allowed).map(|explained| SourceMoveView {
        from_status: item.status.to_string(),
        to_status: explained.to.to_string(),
        requires_reason: !explained.requires.is_empty(),
        name: explained.name,
    });
    Ok(Shown {
        case_ids: linked.into_iter().map(|linked| linked.case.0).collect(),
        status_history: log.into_iter().filter_map(SourceStatusView::of).collect(),
        allowed_transitions: open.collect(),
        item,
    })
}

/// Creates a source, where nothing is wrong with the request.
///
/// # Errors
/// All faults, or a store error.
pub async fn create(
    app: &App,
    who: &Authed<CasesWrite>,
    new: NewSource,
    mut faults: FieldErrors,
) -> Result<SourceItem, ServicesError> {
    let context = who.context(app);
    if !faults.is_empty() {
        // What the engine says of the status comes with the faults of the reading.
        let of = new.content.kind().entity_type();
        let workflow = service::load_current_workflow(&app.store, context.account, of).await?;
        if let Err(reason) = workflow.plan_creation(new.status.as_ref()) {
            faults.add("status", reason.message);
        }
        faults.finish().map_err(ServicesError::verbatim)?;
    }
    service::create_source(&app.store, &context, new).await.map_err(ServicesError::verbatim)
}

/// Changes a source.
///
/// # Errors
/// Not found, a refusal, or a store error.
pub async fn change(
    app: &App,
    who: &Authed<CasesWrite>,
    id: SourceId,
    edits: Vec<SourceEdit>,
    status: Option<String>,
    reason: Option<String>,
) -> Result<SourceItem, ServicesError> {
    let transition = status.map(|status| TransitionRequest::to(StatusKey::new(status), reason));
    Ok(service::change_source(&app.store, &who.context(app), id, SourceChange { edits, transition }).await?)
}

/// A change of status of an inquiry or an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceStatusView {
    /// The number of the entry within its log.
    #[schema(example = 1)]
    id: i64,
    /// The status before; none for the creation.
    #[schema(example = json!(null))]
    from_status: Option<String>,
    /// The status after.
    #[schema(example = "new")]
    to_status: String,
    /// Why.
    #[schema(example = json!(null))]
    reason: Option<String>,
    /// The name of who did it.
    #[schema(example = "front desk")]
    changed_by: String,
    /// When it happened.
    created_at: chrono::DateTime<chrono::Utc>,
}

impl SourceStatusView {
    fn of(event: SourceEvent) -> Option<Self> {
        let moved = event.from.is_none() || event.transition.is_some();
        moved.then(|| Self {
            id: event.version,
            from_status: event.from.map(String::from),
            to_status: event.to.to_string(),
            reason: event.reason,
            changed_by: event.actor,
            created_at: event.occurred_at,
        })
    }
}

/// A move of an inquiry or an order that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceMoveView {
    /// The present status.
    #[schema(example = "new")]
    from_status: String,
    /// Where it leads.
    #[schema(example = "in_review")]
    to_status: String,
    /// The name of the transition.
    #[schema(example = "review")]
    name: String,
    /// Whether a reason has to be given.
    #[schema(example = false)]
    requires_reason: bool,
}
