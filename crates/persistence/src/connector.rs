//! Address of the database, and the resources that all workers share.

use std::{path::Path, sync::Arc};

use crate::{
    database::{Caches, Database},
    load::Load,
    migrate, postgres,
    settings::{OpenError, Settings},
    sqlite,
};

/// Address and settings of the database, and SQLite's shared threads. Shared by all workers.
#[derive(Clone)]
pub struct Connector {
    target: Target,
    settings: Settings,
    caches: Caches,
    load: Arc<Load>,
}

#[derive(Clone)]
enum Target {
    Sqlite { path: String, scans: sqlite::Scans, writer: sqlite::Writer },
    Postgres(Box<postgres::Address>),
}

impl Connector {
    /// Opens `sqlite://PATH` or `postgres://…`; the latter takes the parameters `sslmode` and `sslrootcert`. Blocks;
    /// call it before the server starts. Runs no migration.
    ///
    /// # Errors
    /// If the scheme is unknown, or the SQLite file cannot be opened or created.
    pub fn open(url: &str, settings: Settings) -> Result<Self, OpenError> {
        let load = Arc::new(Load::default());
        let target = match url.split_once("://") {
            Some(("sqlite", "")) | Some(("sqlite", ":memory:")) => {
                return Err(OpenError::new("expected a file after sqlite://, because each worker opens it separately"));
            }
            Some(("sqlite", path)) => {
                let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
                if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                    return Err(OpenError::new(format!("folder {} does not exist", folder.display())));
                }
                if settings.standby.is_some() {
                    return Err(OpenError::new("a database for reads needs PostgreSQL; SQLite has no standby"));
                }
                let writer = sqlite::Writer::spawn(path, settings.timeout, load.clone())?;
                let scans = sqlite::Scans::spawn(path, settings.timeout, load.clone())?;
                Target::Sqlite { path: path.to_owned(), scans, writer }
            }
            Some(("postgres" | "postgresql", _)) => {
                if let Some(standby) = &settings.standby {
                    postgres::Address::parse(&standby.url)?;
                }
                Target::Postgres(Box::new(postgres::Address::parse(url)?))
            }
            _ => return Err(OpenError::new("expected a database URL that begins with sqlite:// or postgres://")),
        };
        Ok(Self { target, settings, caches: Caches::default(), load })
    }

    /// What the connections, queues and commits of all workers are busy with.
    #[must_use]
    pub fn load(&self) -> &Load {
        &self.load
    }

    /// Runs the pending migrations and returns their names. Blocks; call it before the server starts.
    ///
    /// # Errors
    /// If the database cannot be reached or a migration fails.
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

    /// Distributes the tables by account over the nodes of a Citus cluster and returns the names of the tables that were
    /// not distributed yet. Call it after [`Connector::migrate`], which distributes the tables of later migrations.
    /// Blocks.
    ///
    /// # Errors
    /// If the database is not PostgreSQL with the extension `citus`, cannot be reached, or refuses to distribute.
    pub fn distribute(&self) -> Result<Vec<String>, OpenError> {
        match &self.target {
            Target::Sqlite { .. } => Err(OpenError::new("expected a PostgreSQL database with the extension citus")),
            Target::Postgres(address) => postgres::distribute(address, self.settings.timeout),
        }
    }

    /// Opens the database of one worker. PostgreSQL connections are opened on demand.
    ///
    /// # Errors
    /// If the SQLite file cannot be opened.
    pub fn worker(&self) -> Result<Database, OpenError> {
        let caches = self.caches.clone();
        match &self.target {
            Target::Sqlite { path, scans, writer } => {
                let conn =
                    sqlite::open(path, self.settings.timeout, sqlite::Cache::Worker).map_err(OpenError::connection)?;
                Ok(Database::sqlite(conn, scans.clone(), writer.clone(), caches))
            }
            Target::Postgres(address) => {
                let pool = postgres::Pool::new(address, &self.settings, self.load.clone())?;
                let standby = match &self.settings.standby {
                    Some(standby) => Some(postgres::Standby::new(pool.clone(), &self.settings, standby)?),
                    None => None,
                };
                Ok(Database::postgres(pool, standby, caches))
            }
        }
    }
}
