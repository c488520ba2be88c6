//! The event log as a file, written page by page.

mod csv;
mod ocel;
mod status;
mod xes;

use actix_web::{
    HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType},
    web::{Bytes, Data},
};
use docket_domain::{
    error::{Error, StoreError},
    feed::{FeedEvent, FeedQuery, TypeFilter},
    id::AccountId,
    service,
    store::FeedStore as _,
    time::{TimeBound, Timestamp},
};
use docket_persistence::Database;
use futures_util::stream::unfold;

use super::{super::error::NativeError, EventView, read_types};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::params::{
        FromParams, Params, Query,
        param::{Words, bound, repeated, word},
        params,
    },
};

/// Events per page.
const PAGE: i64 = 500;

/// A file format of event logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, one event per row.
    Csv,
    /// XES, IEEE 1849-2016.
    Xes,
    /// One event in JSON per line.
    Jsonl,
    /// OCEL 2.0 in JSON.
    Ocel,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xes, Self::Jsonl, Self::Ocel];

    /// The word for the format.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xes => "xes",
            Self::Jsonl => "jsonl",
            Self::Ocel => "ocel",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xes => "application/xml",
            Self::Jsonl => "application/x-ndjson",
            Self::Ocel => "application/json",
        }
    }

    const fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "events.csv",
            Self::Xes => "events.xes",
            Self::Jsonl => "events.jsonl",
            Self::Ocel => "events.jsonocel",
        }
    }
}

params! {
    pub struct ExportParams {
        /// `csv`, `xes` (IEEE 1849-2016), `jsonl` (one event in JSON per line) or `ocel` (OCEL 2.0 in JSON, with cases,
        /// people and documents as objects).
        format: Format = word(Words::new(&Format::ALL, Format::as_str))
            .required("csv, xes, jsonl or ocel", Format::Csv)
            .example("csv");
        /// Only events that happened at or after this time (RFC 3339 or `YYYY-MM-DD`).
        since: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant);
        /// Only events that happened at or before this time (RFC 3339 or `YYYY-MM-DD`). A date includes the whole day (UTC).
        until: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after);
        /// Type of the event, or all types of a noun as `case.*`. Repeat it for several types.
        r#type: Vec<String> = repeated(str::to_owned);
    }
}

/// What is exported, and how.
#[derive(Debug, Clone)]
pub struct ExportWanted {
    pub format: Format,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub types: Option<TypeFilter>,
}

impl FromParams for ExportWanted {
    fn from_params(params: &mut Params) -> Self {
        let ExportParams { format, since, until, r#type } = ExportParams::from_params(params);
        Self { format, since, until, types: read_types(&r#type, params) }
    }
}

impl ExportWanted {
    fn has(&self, event: &FeedEvent) -> bool {
        let at = event.occurred_at();
        let is_of_type = self.types.as_ref().is_none_or(|types| types.contains(event.kind()));
        is_of_type && self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

/// Export the event log
///
/// Returns all events that are in the log at the time of the request. `csv`, `jsonl` and `ocel` have them in the order of
/// the feed. `xes` has only the events of cases, one trace per case.
#[utoipa::path(
    get,
    path = "/api/v1/events/export",
    tag = "events",
    params(ExportParams),
    responses(
        (status = 200, description = "The file.", content(
            (String = "text/csv", example = json!("event_id,type,occurred_at,recorded_at,case_id,…")),
            (String = "application/xml", example = json!("<log xes.version=\"1849-2016\">…</log>")),
            (String = "application/x-ndjson", example = json!("{\"id\": \"evt_000000000001A0000000000001\", …}")),
            (String = "application/json", example = json!("{\"objectTypes\": […], \"eventTypes\": […], …}")),
        )),
        (status = 400),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn export_events(
    who: Authed<CasesRead>,
    query: Query<ExportWanted>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let format = query.0.format;
    let export = Export::begin(app.store.clone(), who.account(), query.0).await?;
    let body = unfold(Some(export), async |export| {
        let mut export = export?;
        match export.next().await {
            Ok(Some(part)) => Some((Ok(Bytes::from(part)), Some(export))),
            Ok(None) => None,
            // The client sees that the file is not whole: the connection ends without its last chunk.
            Err(error) => Some((Err(actix_web::error::ErrorInternalServerError(error.to_string())), None)),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(format.file_name().to_owned())],
        })
        .streaming(Box::pin(body)))
}

/// An export in progress. Its memory does not grow with the log.
pub struct Export {
    store: Database,
    account: AccountId,
    wanted: ExportWanted,
    /// Last position of the feed when the export began. Later events are left out.
    end: i64,
    step: Step,
    elements: ocel::Elements,
}

/// What is written next.
enum Step {
    Head,
    /// The events behind a position.
    Events(i64),
    /// The events of cases behind an event, by case.
    Cases(xes::Traces),
    /// The objects of an object-centric log.
    Objects(ocel::Objects),
    Done,
}

impl Export {
    /// # Errors
    /// A store error.
    pub async fn begin(store: Database, account: AccountId, wanted: ExportWanted) -> Result<Self, Error> {
        let end = service::find_feed_end(&store, account).await?;
        Ok(Self { store, account, wanted, end, step: Step::Head, elements: ocel::Elements::default() })
    }

    /// The next part of the file; `None` at its end.
    ///
    /// # Errors
    /// A store error.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let (part, next) = match std::mem::replace(&mut self.step, Step::Done) {
            Step::Head => match self.wanted.format {
                Format::Csv => (csv::head(), Step::Events(0)),
                Format::Jsonl => (String::new(), Step::Events(0)),
                Format::Xes => (xes::head(), Step::Cases(xes::Traces::default())),
                Format::Ocel => (ocel::head(), Step::Events(0)),
            },
            Step::Events(after) => self.events(after).await?,
            Step::Cases(traces) => self.cases(traces).await?,
            Step::Objects(objects) => {
                let (part, rest) = objects.next(&self.store, self.account, self.end).await?;
                (part, rest.map_or(Step::Done, Step::Objects))
            }
            Step::Done => return Ok(None),
        };
        self.step = next;
        Ok(Some(part))
    }

    async fn events(&mut self, after: i64) -> Result<(String, Step), Error> {
        let query = FeedQuery { after, limit: PAGE, types: self.wanted.types.clone(), case: None };
        let page = self.store.read_feed(self.account, &query).await?;
        let is_last = !page.has_more || page.upto >= self.end;
        let events = page.events.iter().filter(|event| event.position <= self.end && self.wanted.has(event));
        let mut part = String::new();
        for event in events {
            match self.wanted.format {
                Format::Csv => part.push_str(&csv::row(event)?),
                Format::Ocel => self.elements.push(&mut part, &ocel::event(event)),
                Format::Jsonl | Format::Xes => {
                    part.push_str(&json(&EventView::from(event))?);
                    part.push('\n');
                }
            }
        }
        let next = match (is_last, self.wanted.format) {
            (false, _) => Step::Events(page.upto),
            (true, Format::Ocel) => Step::Objects(ocel::Objects::default()),
            (true, _) => Step::Done,
        };
        Ok((part, next))
    }

    async fn cases(&self, mut traces: xes::Traces) -> Result<(String, Step), Error> {
        let events = self.store.list_case_logs(self.account, traces.after, PAGE).await?;
        let is_last = events.is_empty();
        let mut part = String::new();
        for event in &events {
            traces.add(&mut part, event, self.wanted.has(event));
        }
        if is_last {
            part.push_str(&traces.end());
            return Ok((part, Step::Done));
        }
        Ok((part, Step::Cases(traces)))
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| StoreError::Defect(error.to_string()).into())
}
