//! Handlers for the event log of the account: pages of the feed, the types of events, the stream.

pub mod export;
mod schemas;
pub mod stream;
mod view;

use std::time::{Duration, Instant};

use actix_web::{
    rt::time::timeout,
    web::{Data, Json},
};
use docket_domain::{
    error::Error,
    feed::{EVENT_TYPES, FeedPage, FeedQuery, PAGE_MAX, TypeFilter},
    id::{AccountId, CaseId, CaseRef},
    page::Cursor,
    service,
    store::CaseStore as _,
};
use docket_persistence::Database;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use utoipa::ToSchema;

pub use self::{
    schemas::add_event_schemas,
    view::{EventListView, EventView},
};
use super::error::NativeError;
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::params::{
        FromParams, Params, Query,
        param::{integer, opaque_id, repeated, verbatim},
        params,
    },
};

/// Letter of the cursors of the feed.
const FEED: char = 'e';
/// The cursor of the end of the feed.
const NOW: &str = "now";

/// The cursor of a position.
fn cursor(account: AccountId, position: i64) -> String {
    Cursor { key: position, id: account.0 }.encode(FEED)
}

params! {
    pub struct AfterParams {
        /// `pagination.cursor` of the previous page: the page begins behind it. Empty or absent: the first event;
        /// `now` begins at the end.
        after: Option<String> = verbatim();
    }

    pub struct EventFilterParams {
        /// Type of the event, or all types of a noun as `case.*`. Repeat it for several types.
        r#type: Vec<String> = repeated(str::to_owned);
        /// Only events of this case: its UUID or its integer id.
        case: Option<CaseRef> = opaque_id(CaseRef::parse);
    }

    pub struct EventPageParams {
        /// Maximum number of events on the page.
        limit: i64 = integer(1..=PAGE_MAX).default(100);
        /// Seconds to wait for an event if there is none yet.
        wait: i64 = integer(0..=30).default(0);
    }
}

/// Where reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Position(Cursor),
    End,
}

/// Where reading begins, and what is read.
#[derive(Debug)]
pub struct EventsWanted {
    after: After,
    types: Option<TypeFilter>,
    case: Option<CaseRef>,
}

impl FromParams for EventsWanted {
    fn from_params(params: &mut Params) -> Self {
        let AfterParams { after } = AfterParams::from_params(params);
        let EventFilterParams { r#type, case } = EventFilterParams::from_params(params);
        Self { after: read_after(after.as_deref(), params), types: read_types(&r#type, params), case }
    }
}

fn read_types(patterns: &[String], params: &mut Params) -> Option<TypeFilter> {
    TypeFilter::parse(patterns.iter().map(String::as_str)).unwrap_or_else(|unknown| {
        params.fault("type", format!("{unknown:?} is no type of event; /api/v1/events/types lists them"));
        None
    })
}

fn read_after(after: Option<&str>, params: &mut Params) -> After {
    match after {
        None => After::Position(Cursor { key: 0, id: 0 }),
        Some(NOW) => After::End,
        Some(text) => After::Position(Cursor::decode(text, FEED).unwrap_or_else(|_| {
            params.fault("after", NOT_A_CURSOR);
            Cursor { key: 0, id: 0 }
        })),
    }
}

/// An id that no case has.
const NO_CASE: CaseId = CaseId(-1);

const NOT_A_CURSOR: &str = "must be a cursor from a previous answer of this account's events, or now";

/// The position of a cursor of the feed of this account.
///
/// # Errors
/// On the field `after`; or a store error.
pub async fn read_position(store: &Database, account: AccountId, cursor: &str) -> Result<i64, Error> {
    let at = Cursor::decode(cursor, FEED).map_err(|_| Error::invalid("after", NOT_A_CURSOR))?;
    check_position(store, account, at).await
}

async fn check_position(store: &Database, account: AccountId, at: Cursor) -> Result<i64, Error> {
    if at.id != account.0 || at.key < 0 {
        return Err(Error::invalid("after", NOT_A_CURSOR));
    }
    // A cursor may have been given out before an older backup was restored.
    if at.key > service::find_feed_end(store, account).await? {
        return Err(Error::invalid("after", "is behind the last event of this account"));
    }
    Ok(at.key)
}

impl EventsWanted {
    /// The query. A cursor is of one account.
    async fn query(self, app: &App, account: AccountId, limit: i64) -> Result<FeedQuery, Error> {
        let case = match self.case {
            None => None,
            Some(case) => {
                // An unknown case has no events, as in the filters of the lists.
                let found = app.store.find_case_or_deleted(account, case).await?;
                Some(found.map_or(NO_CASE, |case| case.id))
            }
        };
        let after = match self.after {
            After::End => service::find_feed_end(&app.store, account).await?,
            After::Position(Cursor { key: 0, id: 0 }) => 0,
            After::Position(at) => check_position(&app.store, account, at).await?,
        };
        Ok(FeedQuery { after, limit, types: self.types, case })
    }
}

/// List events
///
/// Returns the events of the account, oldest first: of its cases, and of people, keys, workflows, inquiries and orders.
/// `pagination.cursor` is always present. A reader that sends it as `after` each time sees every event exactly once, and
/// the events of one case in the order of their versions. With a filter, a page may be empty although more follow:
/// continue while `has_more` is true.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "events",
    params(AfterParams, EventFilterParams, EventPageParams),
    responses((status = 200, description = "A page of events.", body = EventListView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_events(
    who: Authed<CasesRead>,
    query: Query<(EventsWanted, EventPageParams)>,
    app: Data<App>,
) -> Result<Json<EventListView>, NativeError> {
    let (wanted, EventPageParams { limit, wait }) = query.0;
    let account = who.account();
    let deadline = Instant::now() + Duration::from_secs(wait.unsigned_abs());
    let mut query = wanted.query(&app, account, limit).await?;
    // Listening begins before the first look, so that no event comes in between.
    let mut news = if wait > 0 { Some(app.news().subscribe(account).await?) } else { None };
    loop {
        let FeedPage { events, upto, has_more } = service::read_feed(&app.store, account, &query).await?;
        let left = deadline.saturating_duration_since(Instant::now());
        let Some(news) = news.as_mut().filter(|_| events.is_empty() && !has_more && !left.is_zero()) else {
            return Ok(Json(EventListView::new(account, events, upto, has_more)));
        };
        query.after = upto;
        let wanted = async {
            loop {
                match news.receiver.recv().await {
                    Ok(event) if event.position <= query.after || !query.wants(&event) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                }
            }
        };
        if timeout(left, wanted).await != Ok(true) {
            let page = service::read_feed(&app.store, account, &query).await?;
            return Ok(Json(EventListView::new(account, page.events, page.upto, page.has_more)));
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EventTypesView {
    /// Types of events, grouped by noun.
    data: Vec<EventTypeView>,
}

/// A type of event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventTypeView {
    /// Stable name. It never changes its meaning.
    #[serde(rename = "type")]
    #[schema(example = "note.added")]
    name: &'static str,
    #[schema(example = "A note was added to a case.")]
    description: &'static str,
    /// JSON Schema of the field `data` of an event of this type.
    #[schema(value_type = Object, example = json!({
        "type": "object",
        "properties": {"note_id": {"type": "string", "description": "The note."}},
        "required": ["note_id"],
    }))]
    data: Value,
}

/// List the types of events
///
/// Returns every type of event with the JSON Schema of its data.
#[utoipa::path(
    get,
    path = "/api/v1/events/types",
    tag = "events",
    responses((status = 200, description = "The types.", body = EventTypesView)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_event_types(_who: Authed<CasesRead>) -> Json<EventTypesView> {
    let view = |known: &docket_domain::feed::EventType| EventTypeView {
        name: known.name,
        description: known.about,
        data: schemas::of_data(known),
    };
    Json(EventTypesView { data: EVENT_TYPES.iter().map(view).collect() })
}
