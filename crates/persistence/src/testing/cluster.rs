//! A PostgreSQL server for tests: creates databases, and simulates faults.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

use super::programs::Programs;
use super::server::{Keeping, Server};

/// A running server. Each test creates its own database on it.
#[derive(Debug)]
pub struct Cluster {
    /// `postgres://user@host:port`
    before_name: String,
    /// `?…` of the URL, or empty
    after_name: String,
    /// The database to connect to while others are created.
    maintenance: String,
    /// Separates the databases of processes that share a server.
    prefix: String,
    count: AtomicU32,
    prepared: OnceLock<String>,
    /// The workers of a Citus cluster as `postgres://user@host:port`; empty for a plain server.
    workers: Vec<String>,
    folder: Option<PathBuf>,
    /// Keeps the watchdog's pipe open until the process ends.
    _shared: Option<Server>,
}

impl Cluster {
    /// Creates an empty database and returns its URL: `postgres://postgres@127.0.0.1:PORT/NAME`.
    ///
    /// # Panics
    /// If the server does not create it.
    pub fn fresh_database(&self) -> String {
        let url = self.create("template0");
        self.join_workers(&url);
        url
    }

    /// Whether the server is the coordinator of a Citus cluster with workers. Its databases have the extension and know
    /// the workers; their tables are distributed only by `Connector::distribute`.
    pub fn is_citus(&self) -> bool {
        !self.workers.is_empty()
    }

    /// Creates a database as a copy of a prepared one and returns its URL. The first call creates the prepared database
    /// and passes its URL to `prepare`; later calls only copy it and ignore their `prepare`. Intended for migrations.
    /// `prepare` must leave no connection open.
    ///
    /// # Panics
    /// If the server does not create it.
    pub fn prepared_database(&self, prepare: impl FnOnce(&str)) -> String {
        let template = self.prepared.get_or_init(|| {
            let name = self.next_name();
            let url = self.url_of(&name);
            self.execute(&format!("CREATE DATABASE {name} TEMPLATE template0"));
            self.join_workers(&url);
            prepare(&url);
            // Any connection, even of autovacuum or of Citus between its nodes, would block the copies.
            self.execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
            if self.is_citus() {
                let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
                self.execute(&format!("{end} = '{name}'"));
            }
            name
        });
        self.create(template)
    }

    /// The URL of a database on this server. The database need not exist.
    pub fn url_of(&self, name: &str) -> String {
        format!("{}/{name}{}", self.before_name, self.after_name)
    }

    /// The folder of the server's Unix socket; `None` for a server from `DOCKET_TEST_DATABASE_URL`.
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

    /// Uses the running server of a URL. Other databases are created from the URL's database.
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
        // The databases remain on this server and process ids repeat, so the name has the time as well.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis());
        let mut cluster = Self {
            before_name: before_name.to_owned(),
            after_name: parameters.to_owned(),
            maintenance: name.trim_start_matches('/').to_owned(),
            prefix: format!("docket_test_{now}_{}", std::process::id()),
            count: AtomicU32::new(0),
            prepared: OnceLock::new(),
            workers: Vec::new(),
            folder: None,
            _shared: None,
        };
        cluster.workers = cluster.find_workers();
        cluster
    }

    fn of(server: &Server) -> Self {
        Self {
            before_name: format!("postgres://postgres@127.0.0.1:{}", server.port()),
            after_name: String::new(),
            maintenance: "postgres".to_owned(),
            prefix: "docket_test".to_owned(),
            count: AtomicU32::new(0),
            prepared: OnceLock::new(),
            workers: Vec::new(),
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

    /// Runs one statement on the server, and on all workers of a Citus cluster.
    ///
    /// # Panics
    /// If a server refuses it.
    pub fn execute(&self, statement: &str) {
        self.execute_at(&self.url_of(&self.maintenance), &[statement]);
        for worker in &self.workers {
            self.execute_at(&format!("{worker}/{}{}", self.maintenance, self.after_name), &[statement]);
        }
    }

    /// Runs statements, each in a transaction.
    fn execute_at(&self, url: &str, statements: &[&str]) {
        let work = async |mut connection: AsyncPgConnection| {
            for statement in statements {
                connection.batch_execute(statement).await?;
            }
            Ok(())
        };
        connected(url, work).unwrap_or_else(|error| panic!("PostgreSQL for the tests: {statements:?}: {error}"));
    }

    /// Makes a new database part of the Citus cluster. No effect on a plain server.
    fn join_workers(&self, url: &str) {
        let Some((_, name)) = url.rsplit_once('/').filter(|_| self.is_citus()) else { return };
        let mut on_coordinator = vec!["CREATE EXTENSION citus".to_owned()];
        let port_of = |server: &str| server.rsplit_once(':').map(|(_, port)| port.to_owned()).unwrap_or_default();
        on_coordinator.push(format!("SELECT citus_set_coordinator_host('127.0.0.1', {})", port_of(&self.before_name)));
        for worker in &self.workers {
            self.execute_at(&format!("{worker}/{name}"), &["CREATE EXTENSION citus"]);
            let host = worker.rsplit_once('@').map_or(worker.as_str(), |(_, host)| host);
            let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
            on_coordinator.push(format!("SELECT citus_add_node('{host}', {})", port_of(worker)));
        }
        self.execute_at(url, &on_coordinator.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Asks the server for the workers of its Citus cluster. Empty for a plain server.
    fn find_workers(&self) -> Vec<String> {
        let user = self.before_name.rsplit_once('@').map_or("postgres://postgres", |(user, _)| user);
        let found = connected(&self.url_of(&self.maintenance), async |mut connection| {
            use diesel_async::RunQueryDsl as _;
            let extension = "SELECT extname AS name FROM pg_extension WHERE extname = 'citus'";
            if diesel::sql_query(extension).load::<Named>(&mut connection).await?.is_empty() {
                return Ok(Vec::new());
            }
            let workers =
                "SELECT nodename || ':' || nodeport AS name FROM pg_dist_node WHERE groupid <> 0 AND isactive";
            diesel::sql_query(workers).load::<Named>(&mut connection).await
        });
        let found = found.unwrap_or_else(|error| panic!("PostgreSQL for the tests: {error}"));
        found.into_iter().map(|worker| format!("{user}@{}", worker.name)).collect()
    }
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// Works on a new connection in a separate thread, because the caller may be inside a runtime.
fn connected<T: Send>(
    url: &str,
    work: impl AsyncFnOnce(AsyncPgConnection) -> diesel::QueryResult<T> + Send,
) -> Result<T, String> {
    let work = || -> Result<T, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        runtime.block_on(async {
            let connection = AsyncPgConnection::establish(url).await.map_err(|error| error.to_string())?;
            work(connection).await.map_err(|error| error.to_string())
        })
    };
    let result = thread::scope(|scope| scope.spawn(work).join());
    result.unwrap_or_else(|_panic| Err("the thread panicked".to_owned()))
}

/// A server of one test, which may break it. Dropping it stops the server and deletes its files.
#[derive(Debug)]
pub struct OwnCluster {
    cluster: Cluster,
    server: Server,
}

impl OwnCluster {
    /// Starts a server. `None` under the same conditions as [`super::postgres`]. Never uses the server of
    /// `DOCKET_TEST_DATABASE_URL`.
    ///
    /// # Panics
    /// If the programs are missing and `CI` is set, or if the server does not start.
    pub fn start_new() -> Option<Self> {
        Self::launch(Keeping::Fleeting)
    }

    /// Like [`OwnCluster::start_new`], but with production settings: the files are on a disk and commits are durable.
    /// For measurements.
    ///
    /// # Panics
    /// As for [`OwnCluster::start_new`].
    pub fn start_durable() -> Option<Self> {
        Self::launch(Keeping::Durable)
    }

    fn launch(keeping: Keeping) -> Option<Self> {
        let programs = super::installed()?;
        let server = Server::launch(programs, keeping).unwrap_or_else(|error| panic!("PostgreSQL for a test: {error}"));
        Some(Self { cluster: Cluster::of(&server), server })
    }

    /// Starts a standby that follows this server. It needs this server to run.
    ///
    /// # Panics
    /// If the standby does not start.
    pub fn start_standby(&self) -> Self {
        let server =
            Server::launch_standby(&self.server).unwrap_or_else(|error| panic!("a standby for a test: {error}"));
        Self { cluster: Cluster::of(&server), server }
    }

    /// Stops the server: disconnects clients and rolls back open transactions. No effect if it is stopped.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn stop(&mut self) {
        self.server.stop().unwrap_or_else(|error| panic!("stopping PostgreSQL: {error}"));
    }

    /// Starts the stopped server on the same port with the same data, and waits until it accepts connections.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(&mut self) {
        self.server.start().unwrap_or_else(|error| panic!("starting PostgreSQL: {error}"));
    }

    /// Suspends the server: connections stay open without a response until [`OwnCluster::resume`].
    ///
    /// # Panics
    /// If it is stopped, or the machine has no `/proc`.
    pub fn pause(&mut self) {
        self.server.pause().unwrap_or_else(|error| panic!("hanging PostgreSQL: {error}"));
    }

    /// Resumes a suspended server.
    ///
    /// # Panics
    /// If it is stopped, or the machine has no `/proc`.
    pub fn resume(&mut self) {
        self.server.resume().unwrap_or_else(|error| panic!("resuming PostgreSQL: {error}"));
    }

    /// Creates an empty database with its tables in `folder` and returns its URL. The write-ahead log stays in the
    /// server's folder.
    ///
    /// # Panics
    /// If the folder's owner cannot be changed to the server's user, or the server does not create the database.
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
