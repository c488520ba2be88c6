//! The demonstration data of `docket serve --demo`.

use docket_persistence::Database;

/// Fills an empty store and prints a key and a line to paste; a store that holds cases is left alone.
///
/// # Errors
/// Where the store fails.
pub async fn fill(_store: &Database) -> anyhow::Result<()> {
    anyhow::bail!("there is no demonstration data yet")
}
