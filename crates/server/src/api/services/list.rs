//! Lists of cases: numbered pages with exact totals.

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

use super::{draft::Asked, envelope::Paged, error::ServicesError, view::CaseView};
use crate::{
    api::{
        case_path::NumberPath,
        params::{FromParams, Params},
    },
    app::App,
    auth::{Authed, CasesRead},
};

/// Farther than this no list reaches.
const PAGE_MAX: i64 = 1_000_000_000;
/// An id that nothing has.
const NOTHING: i64 = -1;

/// Which page, and how long it is.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which page() reads")]
pub struct PageParams {
    /// The page, from 1. One behind the last is empty.
    #[param(minimum = 1, maximum = 1_000_000_000, default = 1)]
    page: Option<i64>,
    /// How many rows it has.
    #[param(minimum = 1, maximum = 100, default = 15, example = 5)]
    per_page: Option<i64>,
}

/// Which days.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which created() reads")]
pub struct DateParams {
    /// Created then or later: a date or a time (RFC 3339).
    #[param(example = "2026-01-01")]
    date_from: Option<String>,
    /// Created then or before: a date, which counts as a whole, or a time (RFC 3339).
    #[param(example = "2026-12-31")]
    date_to: Option<String>,
}

/// Which cases, and in which order.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which ListQuery reads")]
pub struct CaseListParams {
    /// In one of these statuses, with commas between.
    #[param(example = "in_progress")]
    status: Option<String>,
    /// Of one of these priorities, with commas between.
    #[param(example = "high")]
    priority: Option<String>,
    /// Of this customer.
    customer_id: Option<i64>,
    /// Of this contractor.
    contractor_id: Option<i64>,
    /// Follow-ups of this case.
    parent_case_id: Option<i64>,
    /// Carrying this tag.
    tag: Option<String>,
    /// Title, file number, case number or a former case number contain this text. Both are compared in NFKC and with full
    /// case folding: `STRASSE` finds `Straße`. One or two characters are searched in the 10,000 newest cases.
    search: Option<String>,
    /// `created_at`, `updated_at`, `priority` (low, normal, high, urgent), `title` or `due_on` (cases without one last). Titles are ordered by
    /// code point after NFKC and case folding: `äpfel` comes after `Zebra`.
    #[param(default = "created_at", pattern = "^(created_at|updated_at|priority|title|due_on)$")]
    sort_by: Option<String>,
    /// `asc` or `desc`; without it, `desc` by `created_at` and `updated_at`, else `asc`.
    #[param(pattern = "^(asc|desc)$")]
    sort_order: Option<String>,
}

/// The page that is asked for.
pub fn page(params: &mut Params) -> PageNumber {
    PageNumber {
        page: params.integer("page", 1..=PAGE_MAX).unwrap_or(1),
        per_page: params.integer("per_page", 1..=100).unwrap_or(15),
    }
}

/// When what is asked for was created.
pub fn created(params: &mut Params) -> TimeRange {
    TimeRange {
        from: params.bound(&["date_from"]).map(TimeBound::first_instant),
        before: params.bound(&["date_to"]).map(TimeBound::first_instant_after),
    }
}

/// An id of something that another system knows.
pub fn foreign_id(params: &mut Params, name: &str) -> Option<i64> {
    params.integer(name, 1..=i64::MAX)
}

/// Which cases, in which order, on which page.
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
    asked: Asked<ListQuery>,
    narrow: impl FnOnce(&mut CaseFilter),
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    let Asked { query: ListQuery { mut filter, order, page }, faults } = asked;
    narrow(&mut filter);
    let found = service::list_cases(&app.store, account, &filter, order, page, faults).await;
    let found = found.map_err(ServicesError::verbatim)?;
    Ok(Paged::new(page, found.total, found.rows.iter().map(CaseView::from).collect()))
}

/// List cases
///
/// A numbered page of the cases that match all filters, with exact totals. Parameters that the list does not have are
/// refused, so that none is left out unnoticed.
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
    asked: Asked<ListQuery>,
    app: Data<App>,
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    answer(&app, who.account(), asked, |_| {}).await
}

/// List the cases of a customer
///
/// As the list of all cases; a customer that nobody knows has none.
#[utoipa::path(
    get,
    path = "/api/cases/customer/{id}",
    tag = "lists",
    params(("id" = i64, Path, description = "The customer.", example = 123), CaseListParams, DateParams, PageParams),
    responses((status = 200, description = "A page of cases.", body = Paged<CaseView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases_of_customer(
    who: Authed<CasesRead>,
    customer: NumberPath,
    asked: Asked<ListQuery>,
    app: Data<App>,
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    answer(&app, who.account(), asked, |filter| both(&mut filter.customer, CustomerId(customer.0), CustomerId(NOTHING)))
        .await
}

/// List the cases of a contractor
///
/// As the list of all cases; a contractor that nobody knows has none.
#[utoipa::path(
    get,
    path = "/api/cases/contractor/{id}",
    tag = "lists",
    params(("id" = i64, Path, description = "The contractor.", example = 9), CaseListParams, DateParams, PageParams),
    responses((status = 200, description = "A page of cases.", body = Paged<CaseView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases_of_contractor(
    who: Authed<CasesRead>,
    contractor: NumberPath,
    asked: Asked<ListQuery>,
    app: Data<App>,
) -> Result<Json<Paged<CaseView>>, ServicesError> {
    answer(&app, who.account(), asked, |filter| {
        both(&mut filter.contractor, ContractorId(contractor.0), ContractorId(NOTHING))
    })
    .await
}

/// The path and the filter must both hold.
fn both<I: PartialEq>(filter: &mut Option<I>, path: I, nothing: I) {
    let agree = filter.as_ref().is_none_or(|other| *other == path);
    *filter = Some(if agree { path } else { nothing });
}
