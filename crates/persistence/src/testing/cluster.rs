//! What a test sees of a server: databases of its own, and the levers of a fault.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

use super::programs::Programs;
use super::server::{Keeping, Server};

/// A running server that gives each test a database of its own.
#[derive(Debug)]
pub struct Cluster {
    /// `postgres://user@host:port`
    before_name: String,
    /// `?…` of the URL, or nothing
    after_name: String,
    /// the database to be in while others are created
    maintenance: String,
    /// sets apart the databases of processes that share a server
    prefix: String,
    count: AtomicU32,
    prepared: OnceLock<String>,
    folder: Option<PathBuf>,
    /// Held for its end: the watchdog's pipe lives as long as this.
    _shared: Option<Server>,
}

impl Cluster {
    /// A new, empty database's URL: `postgres://postgres@127.0.0.1:PORT/NAME`.
    ///
    /// # Panics
    /// When the server does not create it.
    pub fn fresh_database(&self) -> String {
        self.create("template0")
    }

    /// A new database's URL, with in it what `prepare` once put into an empty one: it is called with that one's URL at
    /// the first call of all, and what it made is copied from then on. Meant for migrations; it must leave no
    /// connection open, and every caller of a process gets what the first one prepared.
    ///
    /// # Panics
    /// When the server does not create it.
    pub fn prepared_database(&self, prepare: impl FnOnce(&str)) -> String {
        let template = self.prepared.get_or_init(|| {
            let name = self.next_name();
            let url = self.url_of(&name);
            self.execute(&format!("CREATE DATABASE {name} TEMPLATE template0"));
            prepare(&url);
            // Nobody, not even autovacuum, is to hold up the copies by being in it.
            self.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
            name
        });
        self.create(template)
    }

    /// The URL of the database of that name on this server, whether it exists or not.
    pub fn url_of(&self, name: &str) -> String {
        format!("{}/{name}{}", self.before_name, self.after_name)
    }

    /// The folder of the server's Unix socket; `None` for a server that was there before.
    pub fn socket_folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    pub(super) fn start_shared(programs: Programs) -> Self {
        let server = Server::launch(programs, Keeping::Fleeting)
            .unwrap_or_else(|error| panic!("PostgreSQL for the tests: {error}"));
        let mut cluster = Self::of(&server);
        cluster._shared = Some(server);
        cluster
    }

    /// The server of a URL; the URL's database is where the others are created from.
    pub(super) fn existing(url: &str) -> Self {
        let start = url.find("://").map_or(0, |at| at + 3);
        let (before_parameters, parameters) = match url.find('?') {
            Some(at) => url.split_at(at),
            None => (url, ""),
        };
        let slash = before_parameters.rfind('/').filter(|at| *at >= start);
        let (before_name, name) = match slash {
            Some(at) => before_parameters.split_at(at),
            None => (before_parameters, ""),
        };
        // Process ids repeat over days, and what is made on a server that was there before stays there.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis());
        Self {
            before_name: before_name.to_owned(),
            after_name: parameters.to_owned(),
            maintenance: name.trim_start_matches('/').to_owned(),
            prefix: format!("docket_test_{now}_{}", std::process::id()),
            count: AtomicU32::new(0),
            prepared: OnceLock::new(),
            folder: None,
            _shared: None,
        }
    }

    fn of(server: &Server) -> Self {
        Self {
            before_name: format!("postgres://postgres@127.0.0.1:{}", server.port()),
            after_name: String::new(),
            maintenance: "postgres".to_owned(),
            prefix: "docket_test".to_owned(),
            count: AtomicU32::new(0),
            prepared: OnceLock::new(),
            folder: Some(server.folder().to_owned()),
            _shared: None,
        }
    }

    fn create(&self, template: &str) -> String {
        let name = self.next_name();
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        self.url_of(&name)
    }

    fn next_name(&self) -> String {
        format!("{}_{}", self.prefix, self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// Runs one statement on a connection of its own, in a thread of its own: the caller may be inside a runtime.
    fn execute(&self, statement: &str) {
        let url = self.url_of(&self.maintenance);
        let work = || -> Result<(), String> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(|error| error.to_string())?;
            runtime.block_on(async {
                let mut connection = AsyncPgConnection::establish(&url).await.map_err(|error| error.to_string())?;
                connection.batch_execute(statement).await.map_err(|error| error.to_string())
            })
        };
        let result = thread::scope(|scope| scope.spawn(work).join());
        let result = result.unwrap_or_else(|_panic| Err("the thread panicked".to_owned()));
        result.unwrap_or_else(|error| panic!("PostgreSQL for the tests: {statement}: {error}"));
    }
}

/// A server of one test alone, that the test may break. Dropping it ends it and removes its files.
#[derive(Debug)]
pub struct OwnCluster {
    cluster: Cluster,
    server: Server,
}

impl OwnCluster {
    /// A new running server, or `None` on the terms of [`super::postgres`] (a server named by
    /// `DOCKET_TEST_DATABASE_URL` is somebody's, and is not used for this).
    ///
    /// # Panics
    /// Where the programs are missing and `CI` is set, and when the server does not start.
    pub fn start_new() -> Option<Self> {
        Self::launch(Keeping::Fleeting)
    }

    /// As [`OwnCluster::start_new`], but a server as in production: its files lie on a disk, and what it acknowledged is
    /// there. For measurements.
    ///
    /// # Panics
    /// As there.
    pub fn start_durable() -> Option<Self> {
        Self::launch(Keeping::Durable)
    }

    fn launch(keeping: Keeping) -> Option<Self> {
        let programs = super::installed()?;
        let server = Server::launch(programs, keeping).unwrap_or_else(|error| panic!("PostgreSQL for a test: {error}"));
        Some(Self { cluster: Cluster::of(&server), server })
    }

    /// Ends the server: clients are cut off, open transactions rolled back. Nothing where it is stopped.
    ///
    /// # Panics
    /// When it does not end.
    pub fn stop(&mut self) {
        self.server.stop().unwrap_or_else(|error| panic!("stopping PostgreSQL: {error}"));
    }

    /// Starts the stopped server again, on the same port with the same data, and waits until it accepts connections.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&mut self) {
        self.server.start().unwrap_or_else(|error| panic!("starting PostgreSQL: {error}"));
    }

    /// Hangs the server: connections open and nothing answers, until [`OwnCluster::resume`].
    ///
    /// # Panics
    /// When it is stopped, or the machine has no `/proc`.
    pub fn pause(&mut self) {
        self.server.pause().unwrap_or_else(|error| panic!("hanging PostgreSQL: {error}"));
    }

    /// Lets a hung server go on.
    ///
    /// # Panics
    /// When it is stopped, or the machine has no `/proc`.
    pub fn resume(&mut self) {
        self.server.resume().unwrap_or_else(|error| panic!("resuming PostgreSQL: {error}"));
    }

    /// A new, empty database's URL, whose tables lie in that folder; its log of writes stays with the server.
    ///
    /// # Panics
    /// When the folder cannot be given to the server's user, or the server does not create it.
    pub fn fresh_database_in(&self, folder: &Path) -> String {
        self.server.own(folder).unwrap_or_else(|error| panic!("giving a folder to PostgreSQL: {error}"));
        let name = self.next_name();
        self.execute(&format!("CREATE TABLESPACE {name} LOCATION '{}'", folder.display()));
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE template0 TABLESPACE {name}"));
        self.url_of(&name)
    }
}

impl Deref for OwnCluster {
    type Target = Cluster;

    fn deref(&self) -> &Cluster {
        &self.cluster
    }
}
