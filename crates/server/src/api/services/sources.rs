//! The code that inquiries and orders share. They differ only in the fields of their bodies and views.
//!
//! It translates requests and responses. It never decides: rules are in the domain crate.

use actix_web::HttpResponse;
use docket_domain::{
    command::TransitionRequest,
    id::CustomerId,
    revision::Revised as _,
    service::{self, SourceDetail},
    source::{NewSource, SourceChange, SourceEvent, SourceFilter, SourceId, SourceItem, SourceKind},
    workflow::StatusKey,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::{One, Paged},
    error::ServicesError,
    list::{DateParams, PageParams},
    parsed::{ParsedBody, ParsedQuery},
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        conditional::{self, tagged},
        linked::Linked,
        params::{FromParams, param, params},
        path::IdPath,
    },
};

params! {
    pub struct StatusParams {
        /// Statuses, separated by commas.
        status: Vec<StatusKey> = param::list("", |word| Some(StatusKey::new(word))).or(Vec::new()).not_empty();
    }
}

pub trait Resource: 'static {
    const KIND: SourceKind;
    const PATH: &'static str;
    /// Query parameter of the list that filters by customer.
    type Owner: FromParams + Into<Option<CustomerId>>;
    type New: Into<NewSource>;
    type Change: Into<SourceChange>;
    type View: From<SourceItem> + Serialize;
    type Detail: From<Shown> + Serialize;

    fn id(path: &IdPath) -> SourceId;
}

/// The query of a list of inquiries or orders.
pub type SourcesQuery<R> = (<R as Resource>::Owner, StatusParams, DateParams, PageParams);

pub async fn list<R: Resource>(
    app: &App,
    who: &Authed<CasesRead>,
    asked: ParsedQuery<SourcesQuery<R>>,
) -> Result<Linked<Paged<R::View>>, ServicesError> {
    let ParsedQuery { query: (owner, StatusParams { status: statuses }, dates, page), faults } = asked;
    let (user, page) = (owner.into(), page.into());
    let filter = SourceFilter { kind: Some(R::KIND), user, statuses, created: dates.into() };
    let found = service::list_sources(&app.store, who.account(), &filter, page, faults).await;
    let found = found.map_err(ServicesError::verbatim)?;
    Ok(Paged::new(page, found.total, found.rows.into_iter().map(R::View::from).collect()))
}

#[derive(Debug)]
pub struct Shown {
    pub item: SourceItem,
    pub case_ids: Vec<i64>,
    pub status_history: Vec<SourceStatusView>,
    pub allowed_transitions: Vec<SourceMoveView>,
}

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

pub async fn create<R: Resource>(
    app: &App,
    who: &Authed<CasesWrite>,
    parsed: ParsedBody<R::New>,
    message: &'static str,
) -> Result<HttpResponse, ServicesError> {
    let ParsedBody { body, faults } = parsed;
    let created = service::create_source(&app.store, &who.context(app), body.into(), faults).await;
    let item = created.map_err(ServicesError::verbatim)?;
    let (location, revision) = (format!("{}/{}", R::PATH, item.id.id), item.revision());
    Ok(conditional::created(location, &revision, One::done(message, R::View::from(item)).0))
}

pub async fn change<R: Resource>(
    app: &App,
    who: &Conditional<CasesWrite>,
    path: &IdPath,
    parsed: ParsedBody<R::Change>,
    message: &'static str,
) -> Result<HttpResponse, ServicesError> {
    let change = parsed.sound()?.into();
    let item = service::change_source(&app.store, &who.context(app), R::id(path), change).await?;
    Ok(tagged(&item.revision(), One::done(message, R::View::from(item)).0))
}

#[must_use]
pub fn transition(status: Option<String>, reason: Option<String>) -> Option<TransitionRequest> {
    status.map(|status| TransitionRequest::to(StatusKey::new(status), reason))
}

/// Defines the view in lists and the detail view of a resource from one list of fields.
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
            /// Ids of the linked cases, at most 100.
            #[schema(example = json!([15]))]
            case_ids: Vec<i64>,
            /// Status changes, oldest first.
            status_history: Vec<SourceStatusView>,
            /// Transitions that the caller can make now.
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

/// A status change of an inquiry or an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceStatusView {
    /// Position in the log of the inquiry or order, from 1. Positions have gaps, because the log also has other
    /// changes.
    #[schema(example = 1)]
    id: i64,
    /// Status before the change. Null for the creation.
    #[schema(example = json!(null))]
    from_status: Option<String>,
    /// Status after the change.
    #[schema(example = "new")]
    to_status: String,
    /// Reason given for the change.
    #[schema(example = json!(null))]
    reason: Option<String>,
    /// Name of the actor.
    #[schema(example = "front desk")]
    changed_by: String,
    /// When the change happened.
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

/// A transition of an inquiry or an order that is allowed now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceMoveView {
    /// Current status.
    #[schema(example = "new")]
    from_status: String,
    /// Status after the transition.
    #[schema(example = "in_review")]
    to_status: String,
    /// Name of the transition.
    #[schema(example = "review")]
    name: String,
    /// Whether the transition requires a `reason`.
    #[schema(example = false)]
    requires_reason: bool,
}
