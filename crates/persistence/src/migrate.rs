//! Embedded migrations. Each has the same name for both backends.

use diesel::{Connection, migration::MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::OpenError;

pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Runs the pending migrations and returns their names.
pub(crate) fn run<C>(conn: &mut C, migrations: EmbeddedMigrations) -> Result<Vec<String>, OpenError>
where
    C: Connection + MigrationHarness<C::Backend>,
    EmbeddedMigrations: MigrationSource<C::Backend>,
{
    let ran = conn.run_pending_migrations(migrations).map_err(|error| OpenError::new(error.to_string()))?;
    Ok(ran.into_iter().map(|version| version.to_string()).collect())
}
