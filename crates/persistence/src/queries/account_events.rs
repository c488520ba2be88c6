//! Writes the log of an account.

use docket_domain::account_event::AccountEvent;

use super::{
    super::{enqueue, insert_account_events},
    Conn,
};
use crate::{
    error::QueryError,
    rows::{AccountEventRow, FeedEntry},
};

/// Rows per statement. Both backends limit the bound values, SQLite to 32,766.
const ROWS: usize = 2_000;

/// Appends events in the transaction of the change that they record. All account events are written here.
///
/// Events of one subject are appended while its row is locked, so that their ids are in commit order.
pub(crate) async fn append(conn: &mut Conn, events: &[AccountEvent]) -> Result<(), QueryError> {
    for events in events.chunks(ROWS) {
        let rows = events.iter().map(AccountEventRow::from).collect::<Vec<_>>();
        let ids = insert_account_events(conn, rows).await?;
        let entries = events.iter().zip(ids).map(|(event, id)| FeedEntry::of_account(event, id)).collect();
        enqueue(conn, entries).await?;
    }
    Ok(())
}
