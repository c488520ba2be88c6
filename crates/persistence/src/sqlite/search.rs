//! Text search in cases by a trigram index (the table `case_search`).

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{BigInt, Text},
};
use docket_domain::{decision::Commit, id::AccountId};

use super::Conn;
use crate::{
    among::{Among, Purpose, pattern},
    error::QueryError,
};

/// Average number of commits between two updates of the text index.
const INDEX_EVERY: i64 = 256;
/// Maximum number of candidates that are checked one by one. If more cases contain the text, a list finds enough of
/// them in its own order.
const FEW: i64 = 4_000;
/// Maximum number of trigrams in an expression. Further ones hardly reduce the candidates.
const TRIGRAMS: usize = 24;

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Finds the candidate cases for a text. No other case contains it.
pub(crate) async fn narrow(
    conn: &mut Conn,
    account: AccountId,
    text: &str,
    purpose: Purpose,
) -> Result<Among, QueryError> {
    let Some(wanted) = expression(account, text) else { return Ok(Among::All) };
    if purpose == Purpose::Count {
        return Ok(Among::Index(wanted));
    }
    let hits = "SELECT id FROM (\
                    SELECT rowid AS id FROM case_search WHERE case_search MATCH ? \
                    UNION ALL SELECT case_id FROM case_search_pending WHERE account_id = ?) LIMIT ?";
    let hits = diesel::sql_query(hits).bind::<Text, _>(wanted).bind::<BigInt, _>(account.0).bind::<BigInt, _>(FEW + 1);
    if let Some(ids) = few(hits.load::<Hit>(conn)?) {
        return Ok(Among::Ids(ids));
    }
    // Many cases have all trigrams, but few may contain the text. The index that stores the texts finds those.
    let hits = "SELECT id FROM cases INDEXED BY cases_text WHERE account_id = ? AND unlisted_at IS NULL \
                AND search_text LIKE ? ESCAPE '\\' ORDER BY created_at DESC, id DESC LIMIT ?";
    let hits = diesel::sql_query(hits).bind::<BigInt, _>(account.0).bind::<Text, _>(pattern(text));
    let hits = hits.bind::<BigInt, _>(FEW + 1).load::<Hit>(conn)?;
    Ok(few(hits).map_or(Among::All, Among::Ids))
}

/// None: a count selects the cases by their trigrams.
pub(crate) async fn count_texts(_: &mut Conn, _: AccountId, _: &str) -> Result<Option<i64>, QueryError> {
    Ok(None)
}

/// The ids, if there are at most [`FEW`].
fn few(hits: Vec<Hit>) -> Option<Vec<i64>> {
    i64::try_from(hits.len()).is_ok_and(|count| count <= FEW).then(|| hits.into_iter().map(|hit| hit.id).collect())
}

/// FTS5 expression of the account and the trigrams of a text. None if the text is shorter than a trigram.
fn expression(account: AccountId, text: &str) -> Option<String> {
    let characters = text.chars().collect::<Vec<_>>();
    let trigrams = characters.windows(3).take(TRIGRAMS).map(|three| three.iter().collect::<String>());
    let trigrams = trigrams.map(|trigram| format!("\"{}\"", trigram.replace('"', "\"\""))).collect::<Vec<_>>();
    if trigrams.is_empty() {
        return None;
    }
    Some(format!("\"{}\" {}", of_account(account)?, trigrams.join(" ")))
}

/// Prefix of an account's indexed texts: its id in base 6400, as private-use characters. Must match [`index_texts`] and
/// the migration.
fn of_account(account: AccountId) -> Option<String> {
    let digits = [1, 6_400, 40_960_000].map(|step| u32::try_from(account.0 / step % 6_400).ok());
    digits.into_iter().map(|digit| char::from_u32(0xE000 + digit?)).collect()
}

/// Indexes the pending texts, at about every [`INDEX_EVERY`]th commit.
pub(crate) async fn index_texts(conn: &mut Conn, commits: &[&Commit]) -> Result<(), QueryError> {
    if commits.iter().any(|commit| (commit.case.id.0 + commit.case.version) % INDEX_EVERY == 0) {
        conn.batch_execute(
            "INSERT OR REPLACE INTO case_search (rowid, text) \
             SELECT id, char(57344 + cases.account_id % 6400, 57344 + cases.account_id / 6400 % 6400, \
                             57344 + cases.account_id / 40960000 % 6400) || search_text \
             FROM case_search_pending AS pending CROSS JOIN cases ON id = case_id; \
             DELETE FROM case_search_pending",
        )?;
    }
    Ok(())
}
