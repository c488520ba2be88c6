//! Where the database is.

use std::path::Path;

use crate::{
    database::{Database, Workflows},
    migrate, postgres,
    settings::{OpenError, Settings},
    sqlite,
};

/// What all workers share: where the database is, SQLite's one writer, and the workflow versions that were read.
#[derive(Clone)]
pub struct Connector {
    target: Target,
    settings: Settings,
    workflows: Workflows,
}

#[derive(Clone)]
enum Target {
    Sqlite { path: String, scans: sqlite::Scans, writer: sqlite::Writer },
    Postgres(Box<postgres::Address>),
}

impl Connector {
    /// Takes `sqlite://PATH` or `postgres://…`, the latter with `sslmode` and `sslrootcert` where wanted. Blocks; to be called before the server starts. Nothing is migrated.
    ///
    /// # Errors
    /// For every other scheme, and where a SQLite file cannot be opened or made.
    pub fn open(url: &str, settings: Settings) -> Result<Self, OpenError> {
        let target = match url.split_once("://") {
            Some(("sqlite", "")) | Some(("sqlite", ":memory:")) => {
                return Err(OpenError::new("expected a file behind sqlite://, as every worker opens it for itself"));
            }
            Some(("sqlite", path)) => {
                let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
                if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                    return Err(OpenError::new(format!("there is no folder {}", folder.display())));
                }
                let writer = sqlite::Writer::spawn(path, settings.timeout)?;
                let scans = sqlite::Scans::spawn(path, settings.timeout)?;
                Target::Sqlite { path: path.to_owned(), scans, writer }
            }
            Some(("postgres" | "postgresql", _)) => Target::Postgres(Box::new(postgres::Address::parse(url)?)),
            _ => return Err(OpenError::new("expected a database URL that begins with sqlite:// or postgres://")),
        };
        Ok(Self { target, settings, workflows: Workflows::default() })
    }

    /// Brings the schema up to date and gives the names of the migrations that ran. Blocks; to be called before the
    /// server starts.
    ///
    /// # Errors
    /// Where the database cannot be reached or a migration fails.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> {
        match &self.target {
            Target::Sqlite { path, .. } => {
                let mut conn =
                    sqlite::open(path, self.settings.timeout, sqlite::Cache::Writer).map_err(OpenError::connection)?;
                let ran = migrate::run(&mut conn, migrate::SQLITE)?;
                sqlite::now(sqlite::queries::backfill::run(&mut conn)).map_err(OpenError::backfill)?;
                Ok(ran)
            }
            Target::Postgres(address) => postgres::migrate(address, self.settings.timeout),
        }
    }

    /// One worker's database.
    ///
    /// # Errors
    /// Where SQLite's file cannot be opened. PostgreSQL is connected to as requests come.
    pub fn worker(&self) -> Result<Database, OpenError> {
        let workflows = self.workflows.clone();
        match &self.target {
            Target::Sqlite { path, scans, writer } => {
                let conn =
                    sqlite::open(path, self.settings.timeout, sqlite::Cache::Worker).map_err(OpenError::connection)?;
                Ok(Database::sqlite(conn, scans.clone(), writer.clone(), workflows))
            }
            Target::Postgres(address) => {
                Ok(Database::postgres(postgres::Pool::new(address, &self.settings)?, workflows))
            }
        }
    }
}
