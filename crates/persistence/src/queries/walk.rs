//! First stage of a text search: reads the texts of an account one by one in the order of the list, from an index that
//! contains them. Most searches fill their page from the newest texts, for any size of the account. The others go on to
//! the trigram index.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Integer, Text},
};
use docket_domain::{
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{AccountId, CaseId},
    text::search_key,
    time::Timestamp,
};

use super::{
    super::{CONTAINS, TEXT_INDEX, TEXTS, count_of_all_days},
    Conn, RunQueryDsl, filter, texts,
};
use crate::{
    error::QueryError,
    schema::cases,
    sql_types::{DbTime, Moment},
    statements::{Limit, Prepared, Span},
};

/// Number of texts that are read one by one.
const TEXTS_READ: i64 = 15_000;
/// Number of texts that are read one by one in a part of long texts. They are read from the cases, and are few in most accounts.
const LONG_TEXTS_READ: i64 = 1_000;
/// If the matches among them are at least this fraction of a page, this many times as many texts probably fill it. Reading
/// those is faster than collecting all matches by their trigrams.
const MORE: i64 = 4;
/// Numbers of matches that a walk may look for. They are literals in the SQL, so few statements stay prepared.
const MATCHES: [i64; 6] = [2, 11, 21, 51, 101, 1_000];
/// Number of matches to look for if the filter has further conditions.
const WITH_CONDITIONS: i64 = 1_000;

/// A walk through the texts of an account.
pub(crate) struct Walk {
    account: AccountId,
    key: String,
    after: Option<(Timestamp, CaseId)>,
    descending: bool,
    rows: i64,
    matches: i64,
}

/// The matches of a walk.
pub(crate) struct Walked {
    /// The first matches of the list: no other match comes before the last of them.
    pub(crate) ids: Vec<i64>,
    /// Whether the list has no other match.
    pub(crate) are_all: bool,
}

/// A matching case, or the first case of a part of long texts that was not read.
#[derive(QueryableByName)]
struct Match {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = DbTime)]
    created_at: Moment,
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = Bool)]
    is_match: bool,
}

impl Match {
    fn position(&self) -> (Timestamp, i64) {
        (self.created_at.0, self.id)
    }
}

impl Walk {
    /// The walk for the first `rows` rows of a list after a case. `None` if a walk is of no use: the list has another
    /// order, or conditions that an index finds sooner.
    pub(crate) fn of(
        account: AccountId,
        wanted: &CaseFilter,
        order: CaseOrder,
        after: Option<(Timestamp, CaseId)>,
        rows: i64,
    ) -> Option<Self> {
        let key = wanted.search.as_deref().map(search_key).filter(|key| !key.is_empty())?;
        let broad = CaseFilter {
            search: wanted.search.clone(),
            phase: wanted.phase,
            statuses: wanted.statuses.clone(),
            priorities: wanted.priorities.clone(),
            ..CaseFilter::default()
        };
        let matches = if only_text(wanted).is_some() {
            MATCHES.into_iter().find(|matches| *matches >= rows)?
        } else {
            WITH_CONDITIONS
        };
        // A short text is searched only among the newest cases.
        let can_walk = order.key == SortKey::CreatedAt && (order.descending || texts::is_indexable(&key));
        let descending = order.descending;
        (can_walk && *wanted == broad).then_some(Self { account, key, after, descending, rows, matches })
    }

    /// Runs the walk.
    pub(crate) async fn run(&self, conn: &mut Conn) -> Result<Walked, QueryError> {
        let walked = self.read(conn, TEXTS_READ).await?;
        let found = i64::try_from(walked.ids.len()).unwrap_or(i64::MAX);
        if !walked.are_all && found < self.rows && found >= self.rows / MORE && self.rows >= MORE {
            return self.read(conn, TEXTS_READ * MORE).await;
        }
        Ok(walked)
    }

    /// Looks for matches among this many texts.
    async fn read(&self, conn: &mut Conn, texts: i64) -> Result<Walked, QueryError> {
        let is_short = !texts::is_indexable(&self.key);
        let (mut found, unread) =
            self.find(conn, is_short, texts).await?.into_iter().partition::<Vec<_>, _>(|row| row.is_match);
        found.sort_by_key(Match::position);
        if self.descending {
            found.reverse();
        }
        let last = |part: i32| found.iter().rev().find(|found| found.part == part).map(Match::position);
        let is_cut = |part: i32| {
            let of_part = found.iter().filter(|found| found.part == part).count();
            i64::try_from(of_part).is_ok_and(|of_part| of_part >= self.matches)
        };
        // A part that was cut may have matches behind its last one, and a part that was not read to its end behind the
        // first case that was not read.
        let parts = (0..).zip(TEXTS).map(|(part, _)| part);
        let mut bounds = parts.filter(|part| is_cut(*part)).filter_map(last).collect::<Vec<_>>();
        bounds.extend(unread.iter().map(Match::position));
        if !is_short && !is_cut(0) && !self.has_at_most(conn, texts).await? {
            let Some(last) = last(0) else { return Ok(Walked { ids: Vec::new(), are_all: false }) };
            bounds.push(last);
        }
        let are_all = bounds.is_empty();
        let within = |found: &&Match| {
            let position = found.position();
            bounds.iter().all(|bound| if self.descending { position >= *bound } else { position <= *bound })
        };
        Ok(Walked { ids: found.iter().filter(within).map(|found| found.id).collect(), are_all })
    }

    /// Whether the account has at most this many cases.
    async fn has_at_most(&self, conn: &mut Conn, most: i64) -> Result<bool, QueryError> {
        // The maintained count of a large account spares the search for the row behind the walk.
        let cases = count_of_all_days(conn, self.account, &CaseFilter::default()).await?;
        if cases.is_some_and(|cases| cases > most) {
            return Ok(false);
        }
        let behind = filter::listed(self.account).order_by((cases::created_at.desc(), cases::id.desc()));
        let behind = behind.select(cases::id).span(Span::after(most, 1));
        Ok(behind.load::<i64>(conn).await?.is_empty())
    }

    /// The first matches in each part of the texts.
    async fn find(&self, conn: &mut Conn, is_short: bool, texts: i64) -> Result<Vec<Match>, QueryError> {
        let (direction, comparison) = if self.descending { ("DESC", "<") } else { ("ASC", ">") };
        // All pages of a short text are of the same cases. A page of another text begins its walk behind its cursor.
        let (key, before, behind) = match (self.after, is_short) {
            (None, _) => ("$2", String::new(), String::new()),
            (Some(_), true) => ("$2", String::new(), format!(" AND (created_at, id) {comparison} ($3, $4)")),
            (Some(_), false) => ("$4", format!(" AND (created_at, id) {comparison} ($2, $3)"), String::new()),
        };
        let part = |(part, condition): (usize, &&str)| {
            let limit = match (is_short, part) {
                (true, _) => texts::SHORT_AMONG,
                (false, 0) => texts,
                (false, _) => LONG_TEXTS_READ,
            };
            let cases = format!(
                "FROM cases{TEXT_INDEX} WHERE account_id = $1 AND unlisted_at IS NULL{condition}{before} \
                 ORDER BY created_at {direction}, id {direction}"
            );
            let found = format!(
                "SELECT * FROM (SELECT id, created_at, {part} AS part, true AS is_match FROM (\
                     SELECT id, created_at, search_text {cases} LIMIT {limit}) AS texts_{part} \
                 WHERE {CONTAINS}(search_text, {key}) > 0{behind} LIMIT {matches}) AS part_{part}",
                matches = self.matches,
            );
            if is_short || part == 0 {
                return found;
            }
            format!(
                "{found} UNION ALL SELECT * FROM (SELECT id, created_at, {part} AS part, false AS is_match {cases} \
                 LIMIT 1 OFFSET {limit}) AS unread_{part}"
            )
        };
        let query = sql_query(TEXTS.iter().enumerate().map(part).collect::<Vec<_>>().join(" UNION ALL "));
        let query = query.bind::<BigInt, _>(self.account.0);
        let text = &self.key;
        // SQLite numbers parameters in the order of their first appearance.
        Ok(match (self.after, is_short) {
            (None, _) => Prepared(query.bind::<Text, _>(text)).load(conn).await?,
            (Some((time, id)), true) => {
                let query = query.bind::<Text, _>(text).bind::<DbTime, _>(Moment(time)).bind::<BigInt, _>(id.0);
                Prepared(query).load(conn).await?
            }
            (Some((time, id)), false) => {
                let query = query.bind::<DbTime, _>(Moment(time)).bind::<BigInt, _>(id.0).bind::<Text, _>(text);
                Prepared(query).load(conn).await?
            }
        })
    }
}

/// The text in the form of [`search_key`], if it is the only condition.
pub(super) fn only_text(wanted: &CaseFilter) -> Option<String> {
    let is_only = *wanted == CaseFilter { search: wanted.search.clone(), ..CaseFilter::default() };
    wanted.search.as_deref().filter(|_| is_only).map(search_key).filter(|key| !key.is_empty())
}
