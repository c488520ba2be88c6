//! Queries of the hash chain over the logs of an account.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Binary, Nullable},
};
use docket_domain::{
    event::LogHash,
    id::AccountId,
    log_chain::{ChainHead, KeptChainEntry, Logged},
};

use super::{Conn, RunQueryDsl};
use crate::{error::QueryError, schema::log_chain};

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    case_id: i64,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Binary)]
    head: Vec<u8>,
}

/// Runs inside a transaction. If two callers extend one chain at the same time, the primary key lets only one succeed.
pub(crate) async fn extend(
    conn: &mut Conn,
    account: AccountId,
    after: Logged,
    limit: i64,
) -> Result<Option<Logged>, QueryError> {
    let mut head = find_head(conn, account).await?;
    // Each subquery finds the entry in the chain by an index.
    let (new, after) = match after {
        Logged::Case(after, _) => (
            "SELECT cases.id AS case_id, cases.version, cases.log_head AS head FROM cases \
             WHERE cases.account_id = $1 AND cases.id > $2 AND NOT EXISTS (SELECT 1 FROM log_chain \
             WHERE log_chain.account_id = $1 AND log_chain.case_id = cases.id AND log_chain.version >= cases.version) \
             ORDER BY cases.id LIMIT $3",
            after.0,
        ),
        Logged::AccountEvent(after) => (
            "SELECT CAST(0 AS BIGINT) AS case_id, events.id AS version, events.hash AS head \
             FROM account_events AS events WHERE events.account_id = $1 AND events.id > $2 AND NOT EXISTS (SELECT 1 \
             FROM log_chain WHERE log_chain.account_id = $1 AND log_chain.case_id = 0 \
             AND log_chain.version = events.id) ORDER BY events.id LIMIT $3",
            after,
        ),
    };
    let new = diesel::sql_query(new).bind::<BigInt, _>(account.0).bind::<BigInt, _>(after).bind::<BigInt, _>(limit);
    let rows = new.load::<Head>(conn).await?;
    let last = rows.last().map(|row| Logged::from_integers(row.case_id, row.version));
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let about = Logged::from_integers(row.case_id, row.version);
        let logged =
            LogHash::from_bytes(&row.head).ok_or_else(|| QueryError::defect("a hash does not have 32 bytes"))?;
        head = head.then(account, about, logged);
        entries.push((
            log_chain::account_id.eq(account.0),
            log_chain::position.eq(head.size),
            log_chain::case_id.eq(row.case_id),
            log_chain::version.eq(row.version),
            log_chain::head.eq(row.head),
            log_chain::hash.eq(head.hash.as_bytes().to_vec()),
        ));
    }
    if last.is_some() {
        diesel::insert_into(log_chain::table).values(entries).execute(conn).await?;
    }
    Ok(last)
}

pub(crate) async fn find_head(conn: &mut Conn, account: AccountId) -> Result<ChainHead, QueryError> {
    let last = log_chain::table
        .filter(log_chain::account_id.eq(account.0))
        .order_by(log_chain::position.desc())
        .select((log_chain::position, log_chain::hash))
        .first::<(i64, Vec<u8>)>(conn)
        .await
        .optional()?;
    let Some((size, hash)) = last else { return Ok(ChainHead::default()) };
    let hash = LogHash::from_bytes(&hash).ok_or_else(|| QueryError::defect("a hash does not have 32 bytes"))?;
    Ok(ChainHead { size, hash })
}

#[derive(QueryableByName)]
struct Entry {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = BigInt)]
    case_id: i64,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Binary)]
    head: Vec<u8>,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    present: Option<Vec<u8>>,
}

/// Entries of the chain with the current hashes of their events.
pub(crate) async fn kept(
    conn: &mut Conn,
    account: AccountId,
    after: i64,
    limit: i64,
) -> Result<Vec<KeptChainEntry>, QueryError> {
    let query = "SELECT chain.position, chain.case_id, chain.version, chain.head, chain.hash, \
                 COALESCE(case_events.hash, account_events.hash) AS present FROM log_chain AS chain \
                 LEFT JOIN case_events ON case_events.account_id = chain.account_id \
                 AND case_events.case_id = chain.case_id AND case_events.version = chain.version \
                 LEFT JOIN account_events ON chain.case_id = 0 AND account_events.account_id = chain.account_id \
                 AND account_events.id = chain.version \
                 WHERE chain.account_id = $1 AND chain.position > $2 ORDER BY chain.position LIMIT $3";
    let query = diesel::sql_query(query).bind::<BigInt, _>(account.0).bind::<BigInt, _>(after);
    let rows = query.bind::<BigInt, _>(limit).load::<Entry>(conn).await?;
    let entry = |Entry { position, case_id, version, head, hash, present }| {
        let about = Logged::from_integers(case_id, version);
        KeptChainEntry { position, about, head, hash, present }
    };
    Ok(rows.into_iter().map(entry).collect())
}
