//! The inquiries and orders of a user in one list.
//!
//! The store merges and pages them. A page is never merged here from two lists.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use docket_domain::{
    id::CustomerId,
    service,
    source::{LinkedCase, SourceFilter, SourceItem, SourceKind},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::Paged,
    error::ServicesError,
    list::{DateParams, PageParams},
    parsed::ParsedQuery,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::{
        linked::Linked,
        params::{
            param::{Words, foreign_id, word},
            params,
        },
    },
};

pub type TimelineQuery = (TimelineParams, DateParams, PageParams);

params! {
    pub struct TimelineParams {
        /// Id of the user; for orders, of the customer. Default: all users.
        user_id: Option<CustomerId> = foreign_id().map(CustomerId).example(123);
        /// `inquiry` or `order`. Default: both.
        r#type: Option<SourceKind> = word(Words::new(&SourceKind::ALL, SourceKind::as_str));
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
) -> Result<Linked<Paged<TimelineEntryView>>, ServicesError> {
    let (TimelineParams { user_id: user, r#type: kind }, dates, page) = asked.sound()?;
    let (filter, page) = (SourceFilter { kind, user, statuses: Vec::new(), created: dates.into() }, page.into());
    let (found, linked) = service::list_sources_with_cases(&app.store, who.account(), &filter, page).await?;
    let rows = found.rows.iter().map(|item| TimelineEntryView::new(item, &linked)).collect();
    Ok(Paged::new(page, found.total, rows))
}
