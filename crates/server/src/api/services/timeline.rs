//! The inquiries and orders of a user in one list.
//!
//! The store merges and pages them. A page is never merged here from two lists.

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
    envelope::Paged,
    error::ServicesError,
    list::{DateParams, PageParams, created, foreign_id, page},
    parsed::ParsedQuery,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::params::{FromParams, Params},
};

/// Whose timeline, and what of it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which TimelineQuery reads")]
pub struct TimelineParams {
    /// Id of the user; for orders, of the customer. Default: all users.
    #[param(example = 123)]
    user_id: Option<i64>,
    /// `inquiry` or `order`. Default: both.
    #[param(pattern = "^(inquiry|order)$")]
    r#type: Option<String>,
}

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
    /// Id of the inquiry or order.
    #[schema(example = 42)]
    id: i64,
    /// Title. Without a title: `Inquiry <id>` or `Order <id>`.
    #[schema(example = "The cooling unit leaks")]
    title: String,
    #[schema(example = "in_review")]
    status: String,
    /// When the inquiry or order was created.
    date: DateTime<Utc>,
    /// Id of the user of the inquiry or of the customer of the order, in another system.
    #[schema(example = 123)]
    user_id: i64,
    /// Ids of the linked cases. A page has at most 1,000 of them for its inquiries and 1,000 for its orders.
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
/// Returns inquiries and orders in one list, newest first, each with the ids of its linked cases.
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
    asked: ParsedQuery<TimelineQuery>,
    app: Data<App>,
) -> Result<Json<Paged<TimelineEntryView>>, ServicesError> {
    let TimelineQuery { filter, page } = asked.sound()?;
    let (found, linked) = service::list_sources_with_cases(&app.store, who.account(), &filter, page).await?;
    let rows = found.rows.iter().map(|item| TimelineEntryView::new(item, &linked)).collect();
    Ok(Paged::new(page, found.total, rows))
}
