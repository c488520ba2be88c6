//! Queries of links between cases.

use diesel::prelude::*;
use docket_domain::{
    id::{AccountId, CaseId, LinkId},
    link::{Link, LinkChange},
};

use super::{Conn, RunQueryDsl, filter::on_cases};
use crate::{
    error::QueryError,
    rows::LinkRow,
    schema::{case_links, cases},
    sql_types::Uid,
    statements::Limit,
};

/// Safety bound on the links of a case. A list of links has no pages.
const LIMIT: i64 = 1_000;

pub(crate) async fn list(conn: &mut Conn, account: AccountId, of: &[CaseId]) -> Result<Vec<Link>, QueryError> {
    load(conn, account, of, None).await
}

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    link: LinkId,
) -> Result<Option<Link>, QueryError> {
    Ok(load(conn, account, &[case], Some(link)).await?.into_iter().next())
}

/// Links stored with one of the cases as their first end, and links stored with one as their second end. Each query has its own
/// index.
async fn load(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
    only: Option<LinkId>,
) -> Result<Vec<Link>, QueryError> {
    let ends = diesel::alias!(cases as near, cases as far);
    let (near, far) = ends;
    macro_rules! load {
        ($near:ident, $far:ident) => {{
            let near_end = near
                .field(cases::account_id)
                .eq(case_links::account_id)
                .and(near.field(cases::id).eq(case_links::$near));
            let far_end =
                far.field(cases::account_id).eq(case_links::account_id).and(far.field(cases::id).eq(case_links::$far));
            let mut query = case_links::table
                .inner_join(near.on(near_end))
                .inner_join(far.on(far_end))
                .filter(case_links::account_id.eq(account.0))
                .filter(far.field(cases::unlisted_at).is_null().or(far.field(cases::merged).is_not_null()))
                .order_by(case_links::id.asc())
                .select((LinkRow::as_select(), near.field(cases::uuid), far.field(cases::uuid)))
                .into_boxed();
            query = on_cases!(query, case_links::$near, of);
            if let Some(link) = only {
                query = query.filter(case_links::id.eq(link.0));
            }
            query.first_rows(LIMIT).load::<(LinkRow, Uid, Uid)>(conn).await?
        }};
    }
    let mut links = Vec::new();
    for (row, near, far) in load!(case_id, linked_case_id) {
        links.push(row.link(near.0, far.0)?);
    }
    for (row, near, far) in load!(linked_case_id, case_id) {
        links.push(row.link(far.0, near.0)?.reversed());
    }
    // A link between two of the cases is found from both ends.
    links.sort_by_key(|link: &Link| (link.id, of.iter().position(|case| *case == link.case)));
    links.dedup_by_key(|link| link.id);
    Ok(links)
}

/// A concurrent insert of the same link from the other end violates the unique constraint. The use case then decides
/// again.
pub(crate) async fn write(conn: &mut Conn, account: AccountId, change: &LinkChange) -> Result<(), QueryError> {
    match change {
        LinkChange::Added(link) => {
            diesel::insert_into(case_links::table).values(LinkRow::from(link)).execute(conn).await?;
        }
        LinkChange::Removed(link) => {
            let row = case_links::table.filter(case_links::account_id.eq(account.0).and(case_links::id.eq(link.0)));
            diesel::delete(row).execute(conn).await?;
        }
    }
    Ok(())
}
