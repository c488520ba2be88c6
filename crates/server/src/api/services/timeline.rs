//! The inquiries and orders of a user in one list.

use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use docket_domain::{
    id::CustomerId,
    page::PageNumber,
    service,
    source::{LinkedCase, SourceFilter, SourceItem, SourceKind},
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    draft::Asked,
    envelope::Paged,
    error::ServicesError,
    list::{DateParams, PageParams, created, foreign_id, page},
};
use crate::{
    api::params::{FromParams, Params},
    app::App,
    auth::{Authed, CasesRead},
};

/// Whose timeline, and what of it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which TimelineQuery reads")]
pub struct TimelineParams {
    /// Whose inquiries and orders; everybody's without it.
    #[param(example = 123)]
    user_id: Option<i64>,
    /// `inquiry` or `order` alone.
    #[param(pattern = "^(inquiry|order)$")]
    r#type: Option<String>,
}

/// Whose timeline, what of it, and which page.
#[derive(Debug)]
pub struct TimelineQuery {
    filter: SourceFilter,
    page: PageNumber,
}

impl FromParams for TimelineQuery {
    fn from_params(params: &mut Params) -> Self {
        params.only(&["user_id", "type", "date_from", "date_to", "page", "per_page"]);
        let filter = SourceFilter {
            kind: params.value(&["type"], "one of inquiry, order", SourceKind::parse),
            user: foreign_id(params, "user_id").map(CustomerId),
            statuses: Vec::new(),
            created: created(params),
        };
        Self { filter, page: page(params) }
    }
}

/// An inquiry or an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntryView {
    /// `inquiry` or `order`.
    #[serde(rename = "type")]
    #[schema(example = "inquiry")]
    kind: &'static str,
    /// Its id.
    #[schema(example = 42)]
    id: i64,
    /// Title.
    #[schema(example = "The cooling unit leaks")]
    title: String,
    /// Its status.
    #[schema(example = "in_review")]
    status: String,
    /// When it came about.
    date: DateTime<Utc>,
    /// Whose it is.
    #[schema(example = 123)]
    user_id: i64,
    /// The cases that came from it or are linked to it.
    #[schema(example = json!([15]))]
    case_ids: Vec<i64>,
}

impl TimelineEntryView {
    fn new(item: &SourceItem, linked: &[LinkedCase]) -> Self {
        let cases = linked.iter().filter(|linked| linked.source == item.id);
        Self {
            kind: item.id.kind.as_str(),
            id: item.id.id,
            title: item.name(),
            status: item.status.to_string(),
            date: item.created_at,
            user_id: item.user.0,
            case_ids: cases.map(|linked| linked.case.0).collect(),
        }
    }
}

/// Get the timeline of inquiries and orders
///
/// Both in one list, by date, newest first, each with the cases that came from it.
#[utoipa::path(
    get,
    path = "/api/cases/timeline",
    tag = "lists",
    params(TimelineParams, DateParams, PageParams),
    responses((status = 200, description = "A page of the timeline.", body = Paged<TimelineEntryView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_timeline(
    who: Authed<CasesRead>,
    asked: Asked<TimelineQuery>,
    app: Data<App>,
) -> Result<Json<Paged<TimelineEntryView>>, ServicesError> {
    let TimelineQuery { filter, page } = asked.sound()?;
    let (found, linked) = service::list_sources_with_cases(&app.store, who.account(), &filter, page).await?;
    let rows = found.rows.iter().map(|item| TimelineEntryView::new(item, &linked)).collect();
    Ok(Paged::new(page, found.total, rows))
}
