//! Filters and orders of case lists.

use diesel::{
    dsl::{not, sql},
    prelude::*,
    sql_types::{BigInt, Bool, Text},
};
use docket_domain::{
    filter::{CaseFilter, CaseOrder, SlaFilter, SlaState, SortKey},
    id::AccountId,
    service_level::ClockState,
    text::search_key,
};

use super::{Conn, Db, texts};
use crate::{
    among::{Among, Purpose, pattern},
    error::QueryError,
    schema::{case_tags, cases, clocks, former_case_numbers},
    sql_types::Moment,
};

/// A query on cases that can be narrowed further.
pub(crate) type Cases<'q> = cases::BoxedQuery<'q, Db>;

/// The cases of an account that are in its lists: neither deleted nor parts of other cases.
pub(crate) fn listed<'q>(account: AccountId) -> Cases<'q> {
    cases::table.filter(cases::account_id.eq(account.0)).filter(cases::unlisted_at.is_null()).into_boxed()
}

/// The cases of an account that are parts of other cases.
fn parts<'q>(account: AccountId) -> Cases<'q> {
    cases::table.filter(cases::account_id.eq(account.0)).filter(cases::merged.is_not_null()).into_boxed()
}

/// The cases of an account that are not deleted.
pub(crate) fn present<'q>(account: AccountId) -> Cases<'q> {
    cases::table.filter(cases::account_id.eq(account.0)).filter(not_deleted()).into_boxed()
}

/// Condition on a joined case: it is not deleted.
#[diesel::dsl::auto_type]
pub(crate) fn not_deleted() -> _ {
    cases::unlisted_at.is_null().or(cases::merged.is_not_null())
}

/// Narrows a query by each column that has a value in the filter.
macro_rules! equal {
    ($query:ident, $($column:ident = $value:expr),* $(,)?) => {$(
        if let Some(value) = $value {
            $query = $query.filter(cases::$column.eq(value));
        }
    )*};
}

/// Condition on the case of a row: it is one of these. A single case is compared with `=`, so that the planner can use an
/// index for the order as well.
macro_rules! on_cases {
    ($query:ident, $column:expr, $cases:expr) => {
        match $cases {
            [one] => $query.filter($column.eq(one.0)),
            several => $query.filter($column.eq_any(several.iter().map(|case| case.0).collect::<Vec<_>>())),
        }
    };
}
pub(super) use on_cases;

/// Cases of a list or a count.
pub(crate) struct Selection<'f> {
    account: AccountId,
    filter: &'f CaseFilter,
    among: Among,
    of_parts: bool,
}

impl<'f> Selection<'f> {
    /// Finds the candidate cases of a text search.
    pub(crate) async fn of(
        conn: &mut Conn,
        account: AccountId,
        filter: &'f CaseFilter,
        purpose: Purpose,
    ) -> Result<Self, QueryError> {
        let among = match filter.search.as_deref().map(search_key).filter(|key| !key.is_empty()) {
            Some(key) if texts::is_indexable(&key) => super::super::narrow(conn, account, &key, purpose).await?,
            Some(key) => Among::Found(texts::find_short(conn, account, &key).await?),
            None => Among::All,
        };
        Ok(Self { account, filter, among, of_parts: false })
    }

    /// Cases that are known to contain the text of a search.
    pub(crate) const fn found(account: AccountId, filter: &'f CaseFilter, ids: Vec<i64>) -> Self {
        Self { account, filter, among: Among::Found(ids), of_parts: false }
    }

    /// Parts of other cases. They are few, so their texts are compared one by one.
    pub(crate) const fn parts(account: AccountId, filter: &'f CaseFilter) -> Self {
        Self { account, filter, among: Among::All, of_parts: true }
    }

    /// Whether no case can match.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.among, Among::Found(ids) if ids.is_empty())
    }

    /// The matching cases.
    pub(crate) fn cases<'q>(&self) -> Cases<'q> {
        if let Among::Found(ids) = &self.among {
            return without_text(listed(self.account), self.account, self.filter).filter(cases::id.eq_any(ids.clone()));
        }
        let query = if self.of_parts { parts(self.account) } else { listed(self.account) };
        let query = matching(query, self.account, self.filter);
        match &self.among {
            Among::All | Among::Found(_) => query,
            Among::Ids(ids) => query.filter(cases::id.eq_any(ids.clone())),
            Among::Index(wanted) => query.filter(
                sql::<Bool>("cases.id IN (SELECT rowid FROM case_search WHERE case_search MATCH ")
                    .bind::<Text, _>(wanted.clone())
                    .sql(" UNION ALL SELECT case_id FROM case_search_pending WHERE account_id = ")
                    .bind::<BigInt, _>(self.account.0)
                    .sql(")"),
            ),
        }
    }

    /// The matching cases in order. For the orders by dates that a case may not have, see [`Self::dated`] and
    /// [`Self::dateless`].
    pub(crate) fn ordered<'q>(&self, order: CaseOrder) -> Cases<'q> {
        ordered(self.cases(), order)
    }

    /// The matching cases with the date of the order, in order. Cases without it follow in both directions. No single
    /// index gives that order, so a list reads the two parts one after the other.
    pub(crate) fn dated<'q>(&self, order: CaseOrder) -> Cases<'q> {
        ordered(self.with_date(order), order)
    }

    /// The matching cases with the date of the order, in any order.
    pub(crate) fn with_date<'q>(&self, order: CaseOrder) -> Cases<'q> {
        if order.key == SortKey::SlaDue {
            self.cases().filter(cases::sla_due_at.is_not_null())
        } else {
            self.cases().filter(cases::due_on.is_not_null())
        }
    }

    /// The matching cases without the date of the order, in the order of their ids.
    pub(crate) fn dateless<'q>(&self, order: CaseOrder) -> Cases<'q> {
        if order.key == SortKey::SlaDue {
            let dateless = self.cases().filter(cases::sla_due_at.is_null());
            // The index by due times has no such cases, so the order must be that of the ids alone.
            if order.descending { dateless.order_by(cases::id.desc()) } else { dateless.order_by(cases::id.asc()) }
        } else {
            ordered(self.cases().filter(cases::due_on.is_null()), order)
        }
    }
}

/// The cases of a query that match the filter.
pub(crate) fn matching<'q>(query: Cases<'q>, account: AccountId, filter: &CaseFilter) -> Cases<'q> {
    let query = without_text(query, account, filter);
    match filter.search.as_deref().map(search_key).filter(|key| !key.is_empty()) {
        Some(key) => containing(query, &key),
        None => query,
    }
}

/// The cases that match all conditions except the searched text.
fn without_text<'q>(mut query: Cases<'q>, account: AccountId, filter: &CaseFilter) -> Cases<'q> {
    equal!(
        query,
        id = filter.id.map(|id| id.0),
        phase = filter.phase.map(|phase| phase.as_str()),
        case_type = filter.case_type.clone(),
        parent_id = filter.parent.map(|id| id.0),
        customer_id = filter.customer.map(|id| id.0),
        contractor_id = filter.contractor.map(|id| id.0),
        client_id = filter.client.map(|id| id.0),
        location_id = filter.location.map(|id| id.0),
        region_id = filter.region.map(|id| id.0),
        primary_contact_id = filter.primary_contact.map(|id| id.0),
        primary_investigator_id = filter.primary_investigator.map(|id| id.0),
        primary_manager_id = filter.primary_manager.map(|id| id.0),
        primary_salesperson_id = filter.primary_salesperson.map(|id| id.0),
        primary_subject_id = filter.primary_subject.map(|id| id.0),
        reference_1 = filter.reference_1.clone(),
        reference_2 = filter.reference_2.clone(),
        reference_3 = filter.reference_3.clone(),
        series_number = filter.series_number,
        series_instance = filter.series_instance,
    );
    // A literal condition, not a bound value: the planner needs it to use the partial index of requests.
    match filter.is_request {
        Some(true) => query = query.filter(cases::is_request),
        Some(false) => query = query.filter(not(cases::is_request)),
        None => {}
    }
    query = by_status_and_priority(query, filter);
    query = by_dates(query, filter);
    if let Some(tag) = &filter.tag {
        query = tagged(query, account, tag.clone());
    }
    if let Some(sla) = &filter.sla {
        query = with_clock(query, account, sla);
    }
    if let Some(number) = &filter.case_number {
        query = numbered(query, account, number.clone());
    }
    query
}

fn by_status_and_priority<'q>(mut query: Cases<'q>, filter: &CaseFilter) -> Cases<'q> {
    // A single value is compared with `=`, so that the planner can use an index for the order as well.
    match filter.statuses.as_slice() {
        [] => {}
        [one] => query = query.filter(cases::status.eq(one.as_str().to_owned())),
        several => query = query.filter(cases::status.eq_any(several.iter().map(|key| key.as_str().to_owned()))),
    }
    match filter.priorities.as_slice() {
        [] => query,
        [one] => query.filter(cases::priority.eq(one.rank())),
        several => query.filter(cases::priority.eq_any(several.iter().map(|priority| priority.rank()))),
    }
}

fn by_dates<'q>(mut query: Cases<'q>, filter: &CaseFilter) -> Cases<'q> {
    if let Some(day) = filter.opened.from {
        query = query.filter(cases::opened_on.ge(day));
    }
    if let Some(day) = filter.opened.to {
        query = query.filter(cases::opened_on.le(day));
    }
    if let Some(day) = filter.due.from {
        query = query.filter(cases::due_on.ge(day));
    }
    if let Some(day) = filter.due.to {
        query = query.filter(cases::due_on.le(day));
    }
    if let Some(time) = filter.created.from {
        query = query.filter(cases::created_at.ge(Moment(time)));
    }
    if let Some(time) = filter.created.before {
        query = query.filter(cases::created_at.lt(Moment(time)));
    }
    if let Some(time) = filter.updated.from {
        query = query.filter(cases::updated_at.ge(Moment(time)));
    }
    if let Some(time) = filter.updated.before {
        query = query.filter(cases::updated_at.lt(Moment(time)));
    }
    query
}

fn tagged<'q>(query: Cases<'q>, account: AccountId, tag: String) -> Cases<'q> {
    let tagged = case_tags::table.filter(case_tags::account_id.eq(account.0).and(case_tags::tag.eq(tag)));
    query.filter(cases::id.eq_any(tagged.select(case_tags::case_id)))
}

/// Cases with a clock in a state. A stored running clock is breached from its due time on.
fn with_clock<'q>(query: Cases<'q>, account: AccountId, wanted: &SlaFilter) -> Cases<'q> {
    let mut clocks = clocks::table.filter(clocks::account_id.eq(account.0)).into_boxed();
    if let Some(target) = &wanted.target {
        clocks = clocks.filter(clocks::target.eq(target.clone()));
    }
    let (now, running) = (Moment(wanted.now), clocks::state.eq(ClockState::Running.as_str()));
    clocks = match wanted.state {
        None => clocks,
        // Two ranges of the index: a breached clock has a due time in the past, too.
        Some(SlaState::Breached) => {
            let states = [ClockState::Running, ClockState::Breached].map(ClockState::as_str);
            clocks.filter(clocks::state.eq_any(states)).filter(clocks::due_at.le(now))
        }
        Some(SlaState::AtRisk) => clocks.filter(running).filter(clocks::warn_at.le(now)).filter(clocks::due_at.gt(now)),
        Some(SlaState::Running) => clocks.filter(running).filter(clocks::due_at.is_null().or(clocks::due_at.gt(now))),
        Some(SlaState::Paused) => clocks.filter(clocks::state.eq(ClockState::Paused.as_str())),
        Some(SlaState::Met) => clocks.filter(clocks::state.eq(ClockState::Met.as_str())),
    };
    query.filter(cases::id.eq_any(clocks.select(clocks::case_id)))
}

/// Cases that have this number, and cases that had it before. Each is a separate lookup, because no index covers both.
fn numbered<'q>(query: Cases<'q>, account: AccountId, number: String) -> Cases<'q> {
    use former_case_numbers as former;
    let now = diesel::alias!(cases as numbered_cases);
    let is = now.field(cases::case_number).eq(number.clone());
    let is = now.filter(now.field(cases::account_id).eq(account.0).and(is)).select(now.field(cases::id));
    let once = former::table.filter(former::account_id.eq(account.0).and(former::case_number.eq(number)));
    query.filter(cases::id.eq_any(is.union(once.select(former::case_id))))
}

/// Raw SQL, which diesel does not cache as a prepared statement. The plan must fit the text: a plan for a rare text is
/// slow for a common one.
fn containing<'q>(query: Cases<'q>, key: &str) -> Cases<'q> {
    query.filter(sql::<Bool>("cases.search_text LIKE ").bind::<Text, _>(pattern(key)).sql(" ESCAPE '\\'"))
}

/// Orders a list. The id breaks ties.
fn ordered<'q>(query: Cases<'q>, order: CaseOrder) -> Cases<'q> {
    macro_rules! by {
        ($($column:ident),*) => {
            if order.descending {
                query$(.then_order_by(cases::$column.desc()))*
            } else {
                query$(.then_order_by(cases::$column.asc()))*
            }
        };
    }
    match order.key {
        SortKey::CreatedAt => by!(created_at, id),
        SortKey::UpdatedAt => by!(updated_at, id),
        SortKey::DueOn => by!(due_on, id),
        SortKey::SlaDue => by!(sla_due_at, id),
        SortKey::Priority => by!(priority, created_at, id),
        SortKey::Name => by!(name_key, id),
    }
}
