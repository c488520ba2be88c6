//! Lists of cases: numbered pages with exact totals.
//!
//! An unknown or repeated parameter is an error and never ignored: an ignored filter would return the wrong cases.

use actix_web::web::{Data, Json};
use docket_domain::{
    case::Priority,
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{AccountId, CaseId, ContractorId, CustomerId},
    page::PageNumber,
    service,
    time::{TimeBound, TimeRange},
    workflow::StatusKey,
};
use utoipa::IntoParams;

use super::{envelope::Paged, error::ServicesError, parsed::ParsedQuery, view::CaseView};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::{
        params::{FromParams, Params},
        path::NumberPath,
    },
};

const PAGE_MAX: i64 = 1_000_000_000;
/// Matches no case: ids are positive.
const NOTHING: i64 = -1;

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which page() reads")]
pub struct PageParams {
    /// Page number, from 1. A page after the last one is empty.
    #[param(minimum = 1, maximum = 1_000_000_000, default = 1)]
    page: Option<i64>,
    /// Maximum number of items per page.
    #[param(minimum = 1, maximum = 100, default = 15, example = 5)]
    per_page: Option<i64>,
}

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which created() reads")]
pub struct DateParams {
    /// Earliest creation time, inclusive: a date (`YYYY-MM-DD`, in UTC) or a time (RFC 3339).
    #[param(example = "2026-01-01")]
    date_from: Option<String>,
    /// Latest creation time, inclusive: a date (`YYYY-MM-DD`, in UTC, the whole day) or a time (RFC 3339).
    #[param(example = "2026-12-31")]
    date_to: Option<String>,
}

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which ListQuery reads")]
pub struct CaseListParams {
    /// Statuses, separated by commas.
    #[param(example = "in_progress")]
    status: Option<String>,
    /// Priorities, separated by commas: `low`, `normal`, `high`, `urgent`.
    #[param(example = "high")]
    priority: Option<String>,
    /// Id of the customer.
    customer_id: Option<i64>,
    /// Id of the contractor.
    contractor_id: Option<i64>,
    /// Id of the parent case of the follow-ups to list.
    parent_case_id: Option<i64>,
    /// Tag, exact match.
    tag: Option<String>,
    /// Text that the title, the file number, the case number or a former case number contains. Texts are compared in
    /// NFKC with full Unicode case folding: `STRASSE` finds `Straße`. A text of one or two characters is searched in
    /// the 10,000 newest cases only.
    search: Option<String>,
    /// `created_at`, `updated_at`, `priority`, `title` or `due_on`. Priorities are ordered low, normal, high, urgent.
    /// Cases without a due date come last in both directions. Titles are ordered by code point after NFKC and case
    /// folding: `äpfel` comes after `Zebra`.
    #[param(default = "created_at", pattern = "^(created_at|updated_at|priority|title|due_on)$")]
    sort_by: Option<String>,
    /// `asc` or `desc`. Default: `desc` for `created_at` and `updated_at`, `asc` for the other keys.
    #[param(pattern = "^(asc|desc)$")]
    sort_order: Option<String>,
}

pub fn page(params: &mut Params) -> PageNumber {
    PageNumber {
        page: params.integer("page", 1..=PAGE_MAX).unwrap_or(1),
        per_page: params.integer("per_page", 1..=100).unwrap_or(15),
    }
}

pub fn created(params: &mut Params) -> TimeRange {
    TimeRange {
        from: params.bound(&["date_from"]).map(TimeBound::first_instant),
        before: params.bound(&["date_to"]).map(TimeBound::first_instant_after),
    }
}

pub fn foreign_id(params: &mut Params, name: &str) -> Option<i64> {
    params.integer(name, 1..=i64::MAX)
}

#[derive(Debug)]
pub struct ListQuery {
    filter: CaseFilter,
    order: CaseOrder,
    page: PageNumber,
}

impl FromParams for ListQuery {
    fn from_params(params: &mut Params) -> Self {
        params.only(&[
            "status",
            "priority",
            "customer_id",
            "contractor_id",
            "parent_case_id",
            "tag",
            "search",
            "date_from",
            "date_to",
            "sort_by",
            "sort_order",
            "page",
            "per_page",
        ]);
        let filter = CaseFilter {
            statuses: params.words("status", "", |word| Some(StatusKey::new(word))),
            priorities: params
                .words("priority", "among low, normal, high, urgent", |word| word.parse::<Priority>().ok()),
            customer: foreign_id(params, "customer_id").map(CustomerId),
            contractor: foreign_id(params, "contractor_id").map(ContractorId),
            parent: foreign_id(params, "parent_case_id").map(CaseId),
            tag: params.text("tag"),
            search: params.text("search"),
            created: created(params),
            ..CaseFilter::default()
        };
        Self { filter, order: order(params), page: page(params) }
    }
}

fn order(params: &mut Params) -> CaseOrder {
    let expected = "one of created_at, updated_at, priority, title, due_on";
    let key = params.value(&["sort_by"], expected, |word| match word {
        "created_at" => Some(SortKey::CreatedAt),
        "updated_at" => Some(SortKey::UpdatedAt),
        "priority" => Some(SortKey::Priority),
        "title" => Some(SortKey::Name),
        "due_on" => Some(SortKey::DueOn),
        _ => None,
    });
    let key = key.unwrap_or(SortKey::CreatedAt);
    let descending = params.value(&["sort_order"], "asc or desc", |word| match word {
        "asc" => Some(false),
        "desc" => Some(true),
        _ => None,
    });
    let newest_first = match key {
        SortKey::CreatedAt | SortKey::UpdatedAt => true,
        SortKey::Priority | SortKey::Name | SortKey::DueOn => false,
    };
    CaseOrder { key, descending: descending.unwrap_or(newest_first) }
}

async fn answer(
    app: &App,
    account: AccountId,
    asked: ParsedQuery<ListQuery>,
    narrow: impl FnOnce(&mut CaseFilter),
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    let ParsedQuery { query: ListQuery { mut filter, order, page }, faults } = asked;
    narrow(&mut filter);
    let found = service::list_cases(&app.store, account, &filter, order, page, faults).await;
    let found = found.map_err(ServicesError::verbatim)?;
    Ok(Paged::new(page, found.total, found.rows.iter().map(CaseView::from).collect()))
}

/// List cases
///
/// Returns the cases that match all filters, in numbered pages with exact totals. An unknown query parameter is
/// refused.
#[utoipa::path(
    get,
    path = "/api/cases/list",
    tag = "lists",
    params(CaseListParams, DateParams, PageParams),
    responses((status = 200, description = "A page of cases.", body = Paged<CaseView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases(
    who: Authed<CasesRead>,
    asked: ParsedQuery<ListQuery>,
    app: Data<App>,
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    answer(&app, who.account(), asked, |_| {}).await
}

/// List the cases of a customer
///
/// Returns the cases of the customer, with the filters of the list of cases. An unknown customer has an empty list.
#[utoipa::path(
    get,
    path = "/api/cases/customer/{id}",
    tag = "lists",
    params(
        ("id" = i64, Path, description = "Id of the customer.", example = 123),
        CaseListParams,
        DateParams,
        PageParams,
    ),
    responses((status = 200, description = "A page of cases.", body = Paged<CaseView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases_of_customer(
    who: Authed<CasesRead>,
    customer: NumberPath,
    asked: ParsedQuery<ListQuery>,
    app: Data<App>,
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    answer(&app, who.account(), asked, |filter| both(&mut filter.customer, CustomerId(customer.0), CustomerId(NOTHING)))
        .await
}

/// List the cases of a contractor
///
/// Returns the cases of the contractor, with the filters of the list of cases. An unknown contractor has an empty list.
#[utoipa::path(
    get,
    path = "/api/cases/contractor/{id}",
    tag = "lists",
    params(
        ("id" = i64, Path, description = "Id of the contractor.", example = 9),
        CaseListParams,
        DateParams,
        PageParams,
    ),
    responses((status = 200, description = "A page of cases.", body = Paged<CaseView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases_of_contractor(
    who: Authed<CasesRead>,
    contractor: NumberPath,
    asked: ParsedQuery<ListQuery>,
    app: Data<App>,
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    answer(&app, who.account(), asked, |filter| {
        both(&mut filter.contractor, ContractorId(contractor.0), ContractorId(NOTHING))
    })
    .await
}

/// A case must match both the path and the filter.
fn both<I: PartialEq>(filter: &mut Option<I>, path: I, nothing: I) {
    let agree = filter.as_ref().is_none_or(|other| *other == path);
    *filter = Some(if agree { path } else { nothing });
}
