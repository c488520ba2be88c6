//! What inquiries and orders are to this dialect: one resource, which differs in the fields of its bodies.

use std::marker::PhantomData;

use actix_web::{HttpResponse, web::Json};
use docket_domain::{
    command::TransitionRequest,
    id::CustomerId,
    page::PageNumber,
    revision::Revised as _,
    service::{self, SourceDetail},
    source::{NewSource, SourceChange, SourceEvent, SourceFilter, SourceId, SourceItem, SourceKind},
    workflow::StatusKey,
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    draft::{Asked, Draft},
    envelope::{One, Paged},
    error::ServicesError,
    list::{created, foreign_id, page},
};
use crate::{
    api::{
        case_path::IdPath,
        conditional::{self, tagged},
        params::{FromParams, Params},
    },
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
};

/// In which statuses.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameter, which SourcesQuery reads")]
pub struct StatusParams {
    /// In one of these statuses, with commas between.
    #[param(min_length = 1)]
    status: Option<String>,
}

/// Inquiries or orders, as a resource of this dialect.
pub trait Resource: 'static {
    /// Which of them.
    const KIND: SourceKind;
    /// The path of the list.
    const PATH: &'static str;
    /// What the list calls the one whose they are.
    const OWNER: &'static str;
    /// The body that creates one.
    type New: Into<NewSource>;
    /// The body that changes one.
    type Change: Into<SourceChange>;
    /// One, as it is shown in lists.
    type View: From<SourceItem> + Serialize;
    /// One with all that belongs to it.
    type Detail: From<Shown> + Serialize;

    /// Which one a path names.
    fn id(path: &IdPath) -> SourceId;
}

/// Which sources, and on which page.
pub struct SourcesQuery<R> {
    filter: SourceFilter,
    page: PageNumber,
    of: PhantomData<R>,
}

impl<R: Resource> FromParams for SourcesQuery<R> {
    fn from_params(params: &mut Params) -> Self {
        params.only(&[R::OWNER, "status", "date_from", "date_to", "page", "per_page"]);
        let filter = SourceFilter {
            kind: Some(R::KIND),
            user: foreign_id(params, R::OWNER).map(CustomerId),
            statuses: params.words("status", "", |word| Some(StatusKey::new(word))),
            created: created(params),
        };
        Self { filter, page: page(params), of: PhantomData }
    }
}

/// The page that is asked for.
///
/// # Errors
/// All faults of the query, or a store error.
pub async fn list<R: Resource>(
    app: &App,
    who: &Authed<CasesRead>,
    asked: Asked<SourcesQuery<R>>,
) -> Result<Json<Paged<R::View>>, ServicesError> {
    let Asked { query: SourcesQuery { filter, page, .. }, faults } = asked;
    let found = service::list_sources(&app.store, who.account(), &filter, page, faults).await;
    let found = found.map_err(ServicesError::verbatim)?;
    Ok(Paged::new(page, found.total, found.rows.into_iter().map(R::View::from).collect()))
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

/// Reads one with all that it is shown with.
///
/// # Errors
/// Not found, or a store error.
pub async fn load<R: Resource>(
    app: &App,
    who: &Conditional<CasesRead>,
    path: &IdPath,
) -> Result<HttpResponse, ServicesError> {
    let detail = service::load_source_detail(&app.store, &who.context(app), R::id(path)).await?;
    let SourceDetail { item, linked, events, transitions } = detail;
    let open = transitions.into_iter().filter(|explained| explained.allowed).map(|explained| SourceMoveView {
        from_status: item.status.to_string(),
        to_status: explained.to.to_string(),
        requires_reason: !explained.requires.is_empty(),
        name: explained.name,
    });
    let revision = item.revision();
    let shown = Shown {
        case_ids: linked.into_iter().map(|linked| linked.case.0).collect(),
        status_history: events.into_iter().filter_map(SourceStatusView::of).collect(),
        allowed_transitions: open.collect(),
        item,
    };
    Ok(who.conditions().respond_whole(&revision, &One::read(R::Detail::from(shown)).0)?)
}

/// Creates one, where nothing is wrong with the request.
///
/// # Errors
/// All faults, or a store error.
pub async fn create<R: Resource>(
    app: &App,
    who: &Authed<CasesWrite>,
    draft: Draft<R::New>,
    message: &'static str,
) -> Result<HttpResponse, ServicesError> {
    let Draft { body, faults } = draft;
    let created = service::create_source(&app.store, &who.context(app), body.into(), faults).await;
    let item = created.map_err(ServicesError::verbatim)?;
    let (location, revision) = (format!("{}/{}", R::PATH, item.id.id), item.revision());
    Ok(conditional::created(location, &revision, One::done(message, R::View::from(item)).0))
}

/// Changes one.
///
/// # Errors
/// Not found, a refusal, or a store error.
pub async fn change<R: Resource>(
    app: &App,
    who: &Conditional<CasesWrite>,
    path: &IdPath,
    draft: Draft<R::Change>,
    message: &'static str,
) -> Result<HttpResponse, ServicesError> {
    let change = draft.sound()?.into();
    let item = service::change_source(&app.store, &who.context(app), R::id(path), change).await?;
    Ok(tagged(&item.revision(), One::done(message, R::View::from(item)).0))
}

/// The transition that a body asks for, if it does.
#[must_use]
pub fn transition(status: Option<String>, reason: Option<String>) -> Option<TransitionRequest> {
    status.map(|status| TransitionRequest::to(StatusKey::new(status), reason))
}

/// Makes the views of a resource: with these fields, and with all that belongs to it.
macro_rules! source_views {
    (
        $(#[$view_attr:meta])* $view:ident;
        $(#[$detail_attr:meta])* $detail:ident;
        $($(#[$attr:meta])* $field:ident: $type:ty,)*
    ) => {
        $(#[$view_attr])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $view {
            $($(#[$attr])* $field: $type,)*
        }

        $(#[$detail_attr])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $detail {
            $($(#[$attr])* $field: $type,)*
            /// The cases that came from it or are linked to it, at most 100.
            #[schema(example = json!([15]))]
            case_ids: Vec<i64>,
            /// The statuses that it had, oldest first.
            status_history: Vec<SourceStatusView>,
            /// The moves that are open to the caller now.
            allowed_transitions: Vec<SourceMoveView>,
        }

        impl From<Shown> for $detail {
            fn from(shown: Shown) -> Self {
                let Shown { item, case_ids, status_history, allowed_transitions } = shown;
                let $view { $($field,)* } = item.into();
                Self { $($field,)* case_ids, status_history, allowed_transitions }
            }
        }
    };
}
pub(super) use source_views;

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
