//! The stream of events: Server-Sent Events.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentEncoding, HeaderMap},
    rt::time::timeout,
    web::{Bytes, Data},
};
use docket_domain::{
    feed::{FeedEvent, FeedQuery},
    id::AccountId,
    page::Cursor,
    service,
};
use futures_util::stream::unfold;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::{
    super::error::NativeError, After, AfterParams, EventFilterParams, EventView, EventsWanted, FEED, NOT_A_CURSOR, NOW,
    cursor,
};
use crate::{
    app::{App, News},
    auth::{Authed, CasesRead, authenticate},
    http::metrics::Counting,
    wire::{params::Query, problem::Problem},
};

/// Time between two comments, which keep proxies from closing a quiet stream.
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// Time between two checks of the credential.
const CHECK_EVERY: Duration = Duration::from_secs(2);
/// Events per write while the reader catches up.
const BATCH: i64 = 100;
/// Events per write of a reader that has caught up.
const AT_ONCE: usize = 100;

/// Stream events
///
/// Sends the events of the account as Server-Sent Events: `id` is a cursor, `event` the type, `data` the event in JSON.
/// The header `Last-Event-ID`, or else `after`, continues behind a cursor. A comment comes every 15 seconds. The stream
/// ends when the credential is revoked or expires, and when the reader is more than 1,000 events behind: connect again
/// with the last cursor.
#[utoipa::path(
    get,
    path = "/api/v1/events/stream",
    tag = "events",
    params(AfterParams, EventFilterParams,
        ("Last-Event-ID" = Option<String>, Header, description = "Cursor of the last event that the reader has; `now` begins at the end.")),
    responses(
        (status = 200, description = "Server-Sent Events, without an end.", body = String,
            content_type = "text/event-stream"),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn stream_events(
    who: Authed<CasesRead>,
    query: Query<EventsWanted>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (account, mut wanted) = (who.account(), query.0);
    if let Some(last) = request.headers().get("Last-Event-ID").filter(|last| !last.is_empty()) {
        let read = last.to_str().ok().and_then(|text| match text {
            NOW => Some(After::End),
            text => Cursor::decode(text, FEED).ok().map(After::Position),
        });
        wanted.after = read.ok_or_else(|| Problem::invalid("Last-Event-ID", NOT_A_CURSOR))?;
    }
    let query = wanted.query(&app, account, BATCH).await?;
    let news = app.news().subscribe(account).await?;
    let now = Instant::now();
    let reader = Reader {
        headers: request.headers().clone(),
        account,
        query,
        news,
        is_live: false,
        commented: now,
        checked: now,
        greeted: false,
        _counting: app.metrics().count_stream(),
        app,
    };
    let body =
        unfold(reader, async |mut reader| reader.next().await.map(|bytes| (Ok::<_, actix_web::Error>(bytes), reader)));
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies must not collect events.
        .insert_header(("X-Accel-Buffering", "no"))
        .insert_header(ContentEncoding::Identity)
        .streaming(Box::pin(body)))
}

/// A reader of the stream.
struct Reader {
    app: Data<App>,
    /// Headers with the credential, which is checked again and again.
    headers: HeaderMap,
    account: AccountId,
    /// What is read, behind the last event that was sent.
    query: FeedQuery,
    news: News,
    /// Whether the reader has caught up with the news.
    is_live: bool,
    commented: Instant,
    checked: Instant,
    greeted: bool,
    _counting: Counting,
}

impl Reader {
    /// The next part of the body; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.greeted, true) {
            // The headers go out with the first part.
            return Some(Bytes::from_static(b": events\n\n"));
        }
        loop {
            if self.checked.elapsed() >= CHECK_EVERY {
                self.checked = Instant::now();
                // A store that cannot be reached says nothing about the credential.
                if let Ok(None) = authenticate(&self.app, &self.headers).await {
                    return None;
                }
            }
            let events = if self.query.after < self.news.upto { self.read().await? } else { self.listen().await? };
            if !events.is_empty() {
                self.commented = Instant::now();
                return Some(self.frames(&events));
            }
            if self.commented.elapsed() >= COMMENT_EVERY {
                self.commented = Instant::now();
                return Some(Bytes::from_static(b":\n\n"));
            }
        }
    }

    /// Events from the store, until the reader has those before the news.
    async fn read(&mut self) -> Option<Vec<Rc<FeedEvent>>> {
        self.is_live = false;
        let page = service::read_feed(&self.app.store, self.account, &self.query).await.ok()?;
        self.query.after = page.upto;
        Some(page.events.into_iter().map(Rc::new).collect())
    }

    /// Events from the news, for a moment.
    async fn listen(&mut self) -> Option<Vec<Rc<FeedEvent>>> {
        let mut received = match timeout(CHECK_EVERY, self.news.receiver.recv()).await {
            Err(_) => return Some(Vec::new()),
            Ok(received) => received,
        };
        let mut events = Vec::new();
        loop {
            match received {
                Ok(event) => {
                    if event.position > self.query.after {
                        self.query.after = event.position;
                        if self.query.wants(&event) {
                            events.push(event);
                        }
                    }
                    self.is_live = true;
                }
                // The reader takes too little from its socket.
                Err(RecvError::Lagged(_)) if self.is_live => return None,
                // It took long to catch up. What was lost meanwhile is read from the store.
                Err(RecvError::Lagged(_)) => {
                    self.news = self.app.news().subscribe(self.account).await.ok()?;
                    return Some(events);
                }
                Err(RecvError::Closed) => return None,
            }
            if events.len() >= AT_ONCE {
                return Some(events);
            }
            received = match self.news.receiver.try_recv() {
                Ok(event) => Ok(event),
                Err(TryRecvError::Empty) => return Some(events),
                Err(TryRecvError::Lagged(lost)) => Err(RecvError::Lagged(lost)),
                Err(TryRecvError::Closed) => Err(RecvError::Closed),
            };
        }
    }

    fn frames(&self, events: &[Rc<FeedEvent>]) -> Bytes {
        let frame = |event: &Rc<FeedEvent>| {
            let (id, kind) = (cursor(self.account, event.position), event.kind());
            let data = serde_json::to_string(&EventView::from(&**event)).unwrap_or_default();
            format!("id: {id}\nevent: {kind}\ndata: {data}\n\n")
        };
        Bytes::from(events.iter().map(frame).collect::<String>())
    }
}
