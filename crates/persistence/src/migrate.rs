//! Migrations: embedded, the same names on both sides.

use diesel::{Connection, migration::MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::OpenError;

/// The migrations of PostgreSQL.
pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
/// The migrations of SQLite.
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Runs what has not run yet and gives the names of that.
pub(crate) fn run<C>(conn: &mut C, migrations: EmbeddedMigrations) -> Result<Vec<String>, OpenError>
where
    C: Connection + MigrationHarness<C::Backend>,
    EmbeddedMigrations: MigrationSource<C::Backend>,
{
    let ran = conn.run_pending_migrations(migrations).map_err(|error| OpenError::new(error.to_string()))?;
    Ok(ran.into_iter().map(|version| version.to_string()).collect())
}
