//! Lists of cases: numbered pages with exact totals.
//!
//! An unknown or repeated parameter is an error and never ignored: an ignored filter would return the wrong cases.

use actix_web::web::Data;
use docket_domain::{
    case::Priority,
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{AccountId, CaseId, ContractorId, CustomerId},
    page::PageNumber,
    service,
    time::{TimeBound, TimeRange, Timestamp},
    workflow::StatusKey,
};

use super::{envelope::Paged, error::ServicesError, parsed::ParsedQuery, view::CaseView};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::{
        filter::PRIORITIES,
        linked::Linked,
        params::{
            param::{Among, Words, bound, direction, foreign_id, integer, list, table, text, word},
            params,
        },
        path::NumberPath,
    },
};

const PAGE_MAX: i64 = 1_000_000_000;
/// Matches no case: ids are positive.
const NOTHING: i64 = -1;

pub type ListQuery = (CaseListParams, DateParams, SortParams, PageParams);

params! {
    pub struct PageParams {
        /// Page number, from 1. A page after the last one is empty.
        page: i64 = integer(1..=PAGE_MAX).default(1);
        /// Maximum number of items per page.
        per_page: i64 = integer(1..=100).default(15).example(5);
    }

    pub struct DateParams {
        /// Earliest creation time, inclusive: a date (`YYYY-MM-DD`, in UTC) or a time (RFC 3339).
        date_from: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant).example("2026-01-01");
        /// Latest creation time, inclusive: a date (`YYYY-MM-DD`, in UTC, the whole day) or a time (RFC 3339).
        date_to: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after).example("2026-12-31");
    }

    pub struct CaseListParams {
        /// Statuses, separated by commas.
        status: Vec<StatusKey> = list("", |word| Some(StatusKey::new(word))).or(Vec::new()).example("in_progress");
        /// Priorities, separated by commas: `low`, `normal`, `high`, `urgent`.
        priority: Vec<Priority> =
            list(Among(PRIORITIES), |word| PRIORITIES.parse(word)).or(Vec::new()).example("high");
        /// Id of the customer.
        customer_id: Option<CustomerId> = foreign_id().map(CustomerId);
        /// Id of the contractor.
        contractor_id: Option<ContractorId> = foreign_id().map(ContractorId);
        /// Id of the parent case of the follow-ups to list.
        parent_case_id: Option<CaseId> = foreign_id().map(CaseId);
        /// Tag, exact match.
        tag: Option<String> = text();
        /// Text that the title, the file number, the case number or a former case number contains. Texts are compared
        /// in NFKC with full Unicode case folding: `STRASSE` finds `Straße`. A text of one or two characters is
        /// searched in the 10,000 newest cases only.
        search: Option<String> = text();
    }

    pub struct SortParams {
        /// `created_at`, `updated_at`, `priority`, `title` or `due_on`. Priorities are ordered low, normal, high,
        /// urgent. Cases without a due date come last in both directions. Titles are ordered by code point after NFKC
        /// and case folding: `äpfel` comes after `Zebra`.
        sort_by: SortKey = word(KEYS).map(|(_, key)| key).default_word("created_at", SortKey::CreatedAt);
        /// `asc` or `desc`. Default: `desc` for `created_at` and `updated_at`, `asc` for the other keys.
        sort_order: Option<bool> = direction(str::to_owned);
    }
}

const KEYS: Words<(&str, SortKey)> = table(&[
    ("created_at", SortKey::CreatedAt),
    ("updated_at", SortKey::UpdatedAt),
    ("priority", SortKey::Priority),
    ("title", SortKey::Name),
    ("due_on", SortKey::DueOn),
]);

impl From<PageParams> for PageNumber {
    fn from(PageParams { page, per_page }: PageParams) -> Self {
        Self { page, per_page }
    }
}

impl From<DateParams> for TimeRange {
    fn from(params: DateParams) -> Self {
        Self { from: params.date_from, before: params.date_to }
    }
}

impl From<SortParams> for CaseOrder {
    fn from(params: SortParams) -> Self {
        let newest_first = match params.sort_by {
            SortKey::CreatedAt | SortKey::UpdatedAt => true,
            SortKey::Priority | SortKey::Name | SortKey::DueOn | SortKey::SlaDue => false,
        };
        Self { key: params.sort_by, descending: params.sort_order.unwrap_or(newest_first) }
    }
}

impl CaseListParams {
    fn into_filter(self, created: TimeRange) -> CaseFilter {
        CaseFilter {
            statuses: self.status,
            priorities: self.priority,
            customer: self.customer_id,
            contractor: self.contractor_id,
            parent: self.parent_case_id,
            tag: self.tag,
            search: self.search,
            created,
            ..CaseFilter::default()
        }
    }
}

async fn answer(
    app: &App,
    account: AccountId,
    asked: ParsedQuery<ListQuery>,
    narrow: impl FnOnce(&mut CaseFilter),
) -> Result<Linked<Paged<CaseView>>, ServicesError> {
    let ParsedQuery { query: (params, dates, sort, page), faults } = asked;
    let (mut filter, page) = (params.into_filter(dates.into()), page.into());
    narrow(&mut filter);
    let found = service::list_cases(&app.store, account, &filter, sort.into(), page, faults).await;
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
    params(CaseListParams, DateParams, SortParams, PageParams),
    responses((status = 200, description = "A page of cases.", body = Paged<CaseView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases(
    who: Authed<CasesRead>,
    asked: ParsedQuery<ListQuery>,
    app: Data<App>,
) -> Result<Linked<Paged<CaseView>>, ServicesError> {
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
        SortParams,
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
) -> Result<Linked<Paged<CaseView>>, ServicesError> {
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
        SortParams,
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
) -> Result<Linked<Paged<CaseView>>, ServicesError> {
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
