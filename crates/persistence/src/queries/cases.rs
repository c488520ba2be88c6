//! Reads cases.

use diesel::{dsl::count_star, prelude::*};
use docket_domain::{
    case::Case,
    error::StoreError,
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{AccountId, CaseId, CaseRef},
    page::{CaseKeyset, KeysetKey, Page, PageNumber},
    party::ParticipantKind,
    store::{CaseColumns, CaseFile, PartParticipant},
    time::TimeRange,
};

use super::{
    Conn, RunQueryDsl,
    filter::{self, Selection},
    keyset, tallies, texts,
    walk::{self, Walk, Walked},
};
use crate::{
    among::Purpose,
    error::QueryError,
    parts::{self, Rows},
    rows::{CaseLine, CaseLineAndNotes, FullCase, ListedCase, party},
    schema::{cases, participants, people},
    sql_types::{Moment, Uid},
    statements::{Limit, Span},
};

/// Finds the case unless it is deleted.
pub(crate) async fn find(conn: &mut Conn, account: AccountId, case: CaseRef) -> Result<Option<Case>, QueryError> {
    let case = find_or_deleted(conn, account, case).await?;
    Ok(case.filter(|case| case.deleted_at.is_none()))
}

pub(crate) async fn find_or_deleted(
    conn: &mut Conn,
    account: AccountId,
    case: CaseRef,
) -> Result<Option<Case>, QueryError> {
    let query = cases::table.filter(cases::account_id.eq(account.0)).select(FullCase::as_select());
    let row = match case {
        CaseRef::Number(id) => query.filter(cases::id.eq(id.0)).first::<FullCase>(conn).await,
        CaseRef::Uuid(uuid) => query.filter(cases::uuid.eq(Uid(uuid))).first::<FullCase>(conn).await,
    };
    Ok(row.optional()?.map(Case::try_from).transpose()?)
}

/// Reads the case before its people. A change of the people raises the case's version, so the version guard of a later
/// commit detects it.
pub(crate) async fn find_file(
    conn: &mut Conn,
    account: AccountId,
    case: CaseRef,
) -> Result<Option<CaseFile>, QueryError> {
    let Some(case) = find(conn, account, case).await? else { return Ok(None) };
    let people = list_participants(conn, account, &case.whole()).await?;
    let mut file = CaseFile { case, parties: Vec::new(), staff: Vec::new(), on_parts: Vec::new() };
    for on in people {
        match on.side {
            _ if on.part != file.case.id => file.on_parts.push(on),
            ParticipantKind::Party => file.parties.push(on.party),
            ParticipantKind::Staff => file.staff.push(on.party),
        }
    }
    Ok(Some(file))
}

/// A row of the participants: the case, the list, and the person, role and name.
type ParticipantLine = (i64, String, (i64, String, String));

async fn list_participants(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
) -> Result<Vec<PartParticipant>, QueryError> {
    let same_person = people::account_id.eq(participants::account_id).and(people::id.eq(participants::person_id));
    let people = participants::table
        .inner_join(people::table.on(same_person))
        .filter(participants::account_id.eq(account.0))
        .order_by((participants::since, participants::person_id, participants::role))
        .select((
            participants::case_id,
            participants::side,
            (participants::person_id, participants::role, people::name),
        ));
    // Most cases have no parts. A comparison with one case keeps PostgreSQL from planning for many.
    let rows = match of {
        [one] => people.filter(participants::case_id.eq(one.0)).load::<ParticipantLine>(conn).await?,
        several => {
            let several = several.iter().map(|case| case.0);
            people.filter(participants::case_id.eq_any(several)).load::<ParticipantLine>(conn).await?
        }
    };
    let side = |word: &str| {
        if word == ParticipantKind::Staff.as_str() { ParticipantKind::Staff } else { ParticipantKind::Party }
    };
    let on = |(case, word, row): (i64, String, _)| PartParticipant {
        part: CaseId(case),
        side: side(&word),
        party: party(row),
    };
    Ok(rows.into_iter().map(on).collect())
}

pub(crate) async fn list_by_id(
    conn: &mut Conn,
    account: AccountId,
    wanted: &[CaseId],
) -> Result<Vec<Case>, QueryError> {
    let wanted = wanted.iter().map(|id| id.0);
    let query = filter::present(account).filter(cases::id.eq_any(wanted));
    load(conn, query).await
}

/// The cases with these ids, deleted or not, in any order.
pub(super) async fn load_full(conn: &mut Conn, account: AccountId, ids: &[i64]) -> Result<Vec<Case>, QueryError> {
    let query = cases::table.filter(cases::account_id.eq(account.0)).into_boxed();
    load(conn, query.filter(cases::id.eq_any(ids.to_vec()))).await
}

async fn load(conn: &mut Conn, query: filter::Cases<'_>) -> Result<Vec<Case>, QueryError> {
    let rows = query.select(FullCase::as_select()).load::<FullCase>(conn).await?;
    Ok(rows.into_iter().map(Case::try_from).collect::<Result<_, _>>()?)
}

/// Loads cases of a list, with the size of their large texts.
async fn load_listed(
    conn: &mut Conn,
    query: filter::Cases<'_>,
    columns: CaseColumns,
    span: Span,
) -> Result<Vec<(usize, Case)>, QueryError> {
    fn cases<R: ListedCase>(rows: Vec<R>) -> Result<Vec<(usize, Case)>, QueryError> {
        Ok(rows.into_iter().map(|row| Ok((row.size(), row.try_into()?))).collect::<Result<_, StoreError>>()?)
    }
    match columns {
        CaseColumns::Row => cases(query.select(CaseLine::as_select()).span(span).load::<CaseLine>(conn).await?),
        CaseColumns::RowAndNotes => {
            cases(query.select(CaseLineAndNotes::as_select()).span(span).load::<CaseLineAndNotes>(conn).await?)
        }
        CaseColumns::All => cases(query.select(FullCase::as_select()).span(span).load::<FullCase>(conn).await?),
    }
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    columns: CaseColumns,
    wanted: &CaseFilter,
    keyset: CaseKeyset,
    limit: i64,
) -> Result<Page<Case>, QueryError> {
    let listed = list_listed(conn, account, columns, wanted, keyset, limit).await?;
    if !wanted.merged {
        return Ok(listed);
    }
    let parts = list_selected(conn, columns, &Selection::parts(account, wanted), keyset, limit).await?;
    Ok(listed.merge(parts, limit, |one, other| keyset.order().compare(one, other)))
}

async fn list_listed(
    conn: &mut Conn,
    account: AccountId,
    columns: CaseColumns,
    wanted: &CaseFilter,
    keyset: CaseKeyset,
    limit: i64,
) -> Result<Page<Case>, QueryError> {
    // The extra row shows whether more rows follow.
    if let KeysetKey::CreatedAt(after) = keyset.key
        && let Some(walk) = Walk::of(account, wanted, keyset.order(), after, limit + 1)
    {
        let Walked { ids, are_all } = walk.run(conn).await?;
        let page = list_selected(conn, columns, &Selection::found(account, wanted, ids), keyset, limit).await?;
        if are_all || page.has_more {
            return Ok(page);
        }
    }
    let wanted = Selection::of(conn, account, wanted, Purpose::List).await?;
    list_selected(conn, columns, &wanted, keyset, limit).await
}

async fn list_selected(
    conn: &mut Conn,
    columns: CaseColumns,
    wanted: &Selection<'_>,
    keyset: CaseKeyset,
    limit: i64,
) -> Result<Page<Case>, QueryError> {
    if wanted.is_empty() {
        return Ok(Page::cut(Vec::new(), 0));
    }
    let rows = if columns == CaseColumns::Row {
        Rows::of(list_part(conn, columns, wanted, keyset, limit + 1).await?)
    } else {
        let part = async |last: Option<&Case>, limit: i64| {
            let keyset = last.map_or(keyset, |case| keyset.behind(case));
            list_part(conn, columns, wanted, keyset, limit).await
        };
        parts::behind(limit + 1, part).await?
    };
    Ok(rows.page(limit))
}

/// Loads cases of a list after a cursor.
async fn list_part(
    conn: &mut Conn,
    columns: CaseColumns,
    wanted: &Selection<'_>,
    keyset: CaseKeyset,
    limit: i64,
) -> Result<Vec<(usize, Case)>, QueryError> {
    let order = keyset.order();
    /// The list in order of a column of times.
    macro_rules! by_time {
        ($column:ident, $after:ident) => {{
            let mut query = wanted.ordered(order);
            if let Some((time, id)) = $after {
                let columns = (cases::$column, cases::id);
                query = query.filter(keyset::behind(columns, Moment(time), id.0, order.descending));
            }
            load_listed(conn, query, columns, Span::first(limit)).await
        }};
    }
    /// The list in order of a column that a case may not have.
    macro_rules! by_date {
        ($column:ident, $after:ident, $bound:expr) => {{
            let (mut dated, mut dateless) = (Some(wanted.dated(order)), wanted.dateless(order));
            if let Some((date, id)) = $after {
                let columns = (cases::$column, cases::id);
                let behind = |date| keyset::behind(columns, Some($bound(date)), id.0, order.descending);
                dated = date.and_then(|date| Some(dated?.filter(behind(date))));
                dateless = match (date, order.descending) {
                    (Some(_), _) => dateless,
                    (None, true) => dateless.filter(cases::id.lt(id.0)),
                    (None, false) => dateless.filter(cases::id.gt(id.0)),
                };
            }
            list_dated_first(conn, columns, dated, dateless, limit).await
        }};
    }
    match keyset.key {
        KeysetKey::CreatedAt(after) => by_time!(created_at, after),
        KeysetKey::UpdatedAt(after) => by_time!(updated_at, after),
        KeysetKey::DueOn(after) => by_date!(due_on, after, |day| day),
        KeysetKey::SlaDue(after) => by_date!(sla_due_at, after, Moment),
    }
}

/// Cases with the date of the order first, then those without. These are two ranges of one index; the second is read only
/// if the first does not fill the page.
async fn list_dated_first(
    conn: &mut Conn,
    columns: CaseColumns,
    dated: Option<filter::Cases<'_>>,
    dateless: filter::Cases<'_>,
    limit: i64,
) -> Result<Vec<(usize, Case)>, QueryError> {
    let mut found = Vec::new();
    if let Some(dated) = dated {
        found = load_listed(conn, dated, columns, Span::first(limit)).await?;
    }
    let missing = limit - i64::try_from(found.len()).unwrap_or(limit);
    if missing > 0 {
        found.extend(load_listed(conn, dateless, columns, Span::first(missing)).await?);
    }
    Ok(found)
}

/// From this offset on, a page is located in an index first, and then only its own rows are read.
const DEEP: i64 = 500;

/// Loads a numbered page. Rows before it are skipped.
pub(crate) async fn list_page(
    conn: &mut Conn,
    account: AccountId,
    columns: CaseColumns,
    wanted: &CaseFilter,
    order: CaseOrder,
    page: PageNumber,
) -> Result<Vec<Case>, QueryError> {
    if let Some(walk) = Walk::of(account, wanted, order, None, page.offset() + page.per_page) {
        let Walked { ids, are_all } = walk.run(conn).await?;
        let found = Selection::found(account, wanted, ids);
        let rows = if found.is_empty() {
            Vec::new()
        } else {
            load_behind(conn, account, columns, found.ordered(order), page.offset(), page.per_page).await?
        };
        if are_all || i64::try_from(rows.len()).is_ok_and(|rows| rows >= page.per_page) {
            return Ok(rows);
        }
    }
    let wanted = Selection::of(conn, account, wanted, Purpose::List).await?;
    if matches!(order.key, SortKey::DueOn | SortKey::SlaDue) {
        return list_page_dated_first(conn, account, columns, &wanted, order, page).await;
    }
    load_behind(conn, account, columns, wanted.ordered(order), page.offset(), page.per_page).await
}

async fn load_behind(
    conn: &mut Conn,
    account: AccountId,
    columns: CaseColumns,
    query: filter::Cases<'_>,
    before: i64,
    limit: i64,
) -> Result<Vec<Case>, QueryError> {
    // A page of short rows or of few rows is read in one query.
    if before < DEEP && (columns == CaseColumns::Row || limit <= parts::ROWS) {
        return Rows::of(load_listed(conn, query, columns, Span::after(before, limit)).await?).whole();
    }
    let ids = query.select(cases::id).span(Span::after(before, limit)).load::<i64>(conn).await?;
    let part = async |ids: &[i64]| {
        let query = filter::listed(account).filter(cases::id.eq_any(ids.to_vec()));
        let mut found = load_listed(conn, query, columns, Span::ALL).await?;
        found.sort_by_key(|(_, case)| ids.iter().position(|id| *id == case.id.0));
        Ok(found)
    };
    parts::by_id(&ids, part).await?.whole()
}

/// Like [`list_dated_first`]. Counts the dated cases only for a page that has none of them.
async fn list_page_dated_first(
    conn: &mut Conn,
    account: AccountId,
    columns: CaseColumns,
    wanted: &Selection<'_>,
    order: CaseOrder,
    page: PageNumber,
) -> Result<Vec<Case>, QueryError> {
    let dated = wanted.dated(order);
    let mut found = load_behind(conn, account, columns, dated, page.offset(), page.per_page).await?;
    let missing = page.per_page - i64::try_from(found.len()).unwrap_or(page.per_page);
    if missing > 0 {
        // If the page has dated cases, the first undated case follows them. Otherwise it comes after all dated ones.
        let before = match (found.is_empty(), page.offset()) {
            (true, 1..) => wanted.with_date(order).select(count_star()).get_result::<i64>(conn).await?,
            (_, offset) => offset,
        };
        let dateless = wanted.dateless(order);
        let behind = (page.offset() - before).max(0);
        found.extend(load_behind(conn, account, columns, dateless, behind, missing).await?);
    }
    Ok(found)
}

/// Counts exactly.
pub(crate) async fn count(conn: &mut Conn, account: AccountId, wanted: &CaseFilter) -> Result<i64, QueryError> {
    if !wanted.merged {
        return count_listed(conn, account, wanted).await;
    }
    let parts = Selection::parts(account, wanted).cases();
    let parts = parts.select(count_star()).get_result::<i64>(conn).await?;
    let listed = CaseFilter { merged: false, ..wanted.clone() };
    Ok(parts + count_listed(conn, account, &listed).await?)
}

/// Uses the maintained counts if they cover the filter.
async fn count_listed(conn: &mut Conn, account: AccountId, wanted: &CaseFilter) -> Result<i64, QueryError> {
    let kept =
        CaseFilter { statuses: Vec::new(), priorities: Vec::new(), created: TimeRange::default(), ..wanted.clone() };
    if let (true, Some(days)) = (kept == CaseFilter::default(), wanted.created.whole_days()) {
        return tallies::count(conn, account, wanted, days).await;
    }
    if let Some(key) = walk::only_text(wanted)
        && let Some(count) = texts::count(conn, account, &key).await?
    {
        return Ok(count);
    }
    let wanted = Selection::of(conn, account, wanted, Purpose::Count).await?;
    Ok(wanted.cases().select(count_star()).get_result(conn).await?)
}
