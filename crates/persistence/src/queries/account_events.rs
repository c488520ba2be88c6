//! The log of an account.

use docket_domain::account_event::AccountEvent;

use super::{Conn, RunQueryDsl};
use crate::{error::Failure, rows::AccountEventRow, schema::account_events};

/// Rows in a statement: both databases bound its values, SQLite at 32,766.
const ROWS: usize = 2_000;

/// Appends events, in the transaction that writes what they tell of. Every event of an account is written here.
///
/// Events of one subject are appended while its row is locked, so that their ids are in the order of their commits.
pub(crate) async fn append(conn: &mut Conn, events: &[AccountEvent]) -> Result<(), Failure> {
    for events in events.chunks(ROWS) {
        let rows = events.iter().map(AccountEventRow::from).collect::<Vec<_>>();
        diesel::insert_into(account_events::table).values(rows).execute(conn).await?;
    }
    Ok(())
}
