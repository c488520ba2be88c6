//! Searches for texts of one or two characters, which no index of trigrams supports, and counts of texts.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use docket_domain::id::AccountId;

use super::{
    super::{CONTAINS, TEXT_INDEX, TEXTS, count_texts},
    Conn, RunQueryDsl,
};
use crate::{error::QueryError, statements::Prepared};

/// Maximum number of cases that are searched for a text of one or two characters: the newest of the account. Cases with
/// very long texts count separately.
pub(super) const SHORT_AMONG: i64 = 10_000;

/// Whether the text has at least one trigram.
pub(super) fn is_indexable(key: &str) -> bool {
    key.chars().count() >= 3
}

/// The newest cases that contain a short text, as SQL with two parameters: account and text.
fn newest(selected: &str) -> String {
    let part = |condition: &&str| {
        format!(
            "SELECT {selected} FROM (SELECT id, search_text FROM cases{TEXT_INDEX} \
                 WHERE account_id = $1 AND unlisted_at IS NULL{condition} \
                 ORDER BY created_at DESC, id DESC LIMIT {SHORT_AMONG}) AS newest \
             WHERE {CONTAINS}(search_text, $2) > 0"
        )
    };
    TEXTS.iter().map(part).collect::<Vec<_>>().join(" UNION ALL ")
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The ids of the newest cases that contain a short text.
pub(super) async fn find_short(conn: &mut Conn, account: AccountId, key: &str) -> Result<Vec<i64>, QueryError> {
    let ids = sql_query(newest("id")).bind::<BigInt, _>(account.0).bind::<Text, _>(key);
    let ids = Prepared(ids).load::<Number>(conn).await?;
    Ok(ids.into_iter().map(|number| number.id).collect())
}

/// Counts the cases that contain a text. `None` if a plain count is as fast.
pub(super) async fn count(conn: &mut Conn, account: AccountId, key: &str) -> Result<Option<i64>, QueryError> {
    if is_indexable(key) {
        return count_texts(conn, account, key).await;
    }
    let sum = format!("SELECT CAST(SUM(cases) AS BIGINT) AS id FROM ({}) AS parts", newest("COUNT(*) AS cases"));
    let sum = Prepared(sql_query(sum).bind::<BigInt, _>(account.0).bind::<Text, _>(key));
    Ok(Some(sum.get_result::<Number>(conn).await?.id))
}
