//! Writes the log of an account.

use docket_domain::account_event::AccountEvent;

use super::{Conn, RunQueryDsl};
use crate::{error::QueryError, rows::AccountEventRow, schema::account_events};

/// Rows per statement. Both backends limit the bound values, SQLite to 32,766.
const ROWS: usize = 2_000;

/// Appends events in the transaction of the change that they record. All account events are written here.
///
/// Events of one subject are appended while its row is locked, so that their ids are in commit order.
pub(crate) async fn append(conn: &mut Conn, events: &[AccountEvent]) -> Result<(), QueryError> {
    for events in events.chunks(ROWS) {
        let rows = events.iter().map(AccountEventRow::from).collect::<Vec<_>>();
        diesel::insert_into(account_events::table).values(rows).execute(conn).await?;
    }
    Ok(())
}
