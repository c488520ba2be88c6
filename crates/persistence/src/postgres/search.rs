//! Text search in cases: the trigram index `cases_search`, and the indexes of the texts in the order of lists.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use docket_domain::{decision::Commit, id::AccountId};

use super::{TEXTS, conn::Conn};
use crate::{
    among::{Among, Purpose, pattern},
    error::QueryError,
};

/// PostgreSQL narrows the search itself by its trigram index.
pub(crate) async fn narrow(_: &mut Conn, _: AccountId, _: &str, _: Purpose) -> Result<Among, QueryError> {
    Ok(Among::All)
}

/// Does nothing: PostgreSQL maintains its index itself.
pub(crate) async fn index_texts(_: &mut Conn, _: &[&Commit]) -> Result<(), QueryError> {
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    cases: i64,
}

/// Counts the cases of an account that contain a text. The planner uses the trigrams for a rare text. For a common one
/// it reads the texts of the account from their index, without the cases. It plans each execution for the text.
pub(crate) async fn count_texts(conn: &mut Conn, account: AccountId, key: &str) -> Result<Option<i64>, QueryError> {
    let part = |condition: &&str| {
        format!(
            "(SELECT COUNT(*) FROM cases WHERE account_id = $1 AND unlisted_at IS NULL{condition} \
             AND search_text LIKE $2)"
        )
    };
    let count = format!("SELECT {} AS cases", TEXTS.iter().map(part).collect::<Vec<_>>().join(" + "));
    let count = sql_query(count).bind::<BigInt, _>(account.0).bind::<Text, _>(pattern(key));
    Ok(Some(count.get_result::<Count>(conn).await?.cases))
}
