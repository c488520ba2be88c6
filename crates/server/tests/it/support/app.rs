//! A server in this process, and an account on it.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    ops::Deref,
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use actix_web::{rt::System, web::Data};
use docket_domain::{
    id::AccountId,
    scope::{Scope, Scopes},
    store::AccountStore as _,
    time::Timestamp,
};
use docket_persistence::{Connector, Settings, files::Files, testing};
use docket_server::{
    app::{App, Config, Shared, now},
    auth::{KeyRequest, NewKey},
    server,
};
use serde_json::{Value, json};

use super::Client;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// A server that runs until the tests end.
#[derive(Clone)]
struct Server {
    address: SocketAddr,
    connector: Connector,
}

/// A new account on a server, with a key that has every scope.
pub(crate) struct TestApp {
    server: Server,
    pub(crate) account: AccountId,
    pub(crate) key: String,
    client: Client,
}

impl Deref for TestApp {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl TestApp {
    /// A new account on the server that all tests on this database share. `None` if the machine has no such database.
    pub(crate) fn on(backend: Backend) -> Option<Self> {
        static SQLITE: OnceLock<Server> = OnceLock::new();
        static POSTGRES: OnceLock<Option<Server>> = OnceLock::new();
        let server = match backend {
            Backend::Sqlite => SQLITE.get_or_init(|| Server::start(&backend.fresh_url().unwrap(), Config::default())),
            Backend::Postgres => {
                let start = || backend.fresh_url().map(|url| Server::start(&url, Config::default()));
                POSTGRES.get_or_init(start).as_ref()?
            }
        };
        Some(Self::in_new_account(server.clone()))
    }

    /// A new account on a new server with these settings, on SQLite.
    pub(crate) fn with_config(config: Config) -> Self {
        Self::in_new_account(Server::start(&Backend::Sqlite.fresh_url().unwrap(), config))
    }

    /// A new account on a new server with these settings.
    pub(crate) fn with_config_on(backend: Backend, config: Config) -> Option<Self> {
        Some(Self::in_new_account(Server::start(&backend.fresh_url()?, config)))
    }

    /// A new account on the same server.
    pub(crate) fn another_account(&self) -> Self {
        Self::in_new_account(self.server.clone())
    }

    fn in_new_account(server: Server) -> Self {
        static ACCOUNTS: AtomicU32 = AtomicU32::new(1);
        let name = format!("test {}", ACCOUNTS.fetch_add(1, Ordering::Relaxed));
        let store = server.connector.worker().unwrap();
        let account = System::new().block_on(store.create_account(&name, now())).unwrap().id;
        let client = Client::new(server.address);
        let mut app = Self { server, account, key: String::new(), client };
        app.key = app.make_key("tester", Scopes::all(), None);
        app.client = app.client.with_key(&app.key);
        app
    }

    /// The application state of a worker on the same database.
    pub(crate) fn worker(&self) -> Data<App> {
        let shared = Shared::new(self.server.connector.clone(), Config::default());
        Data::new(App::on_this_worker(shared).unwrap())
    }

    /// A client without a credential.
    pub(crate) fn anonymous(&self) -> Client {
        self.client.without("authorization")
    }

    /// A client with a new key that has these scopes.
    pub(crate) fn with_scopes(&self, scopes: &[Scope]) -> Client {
        self.client.with_key(&self.make_key("somebody", scopes.iter().copied().collect(), None))
    }

    /// Creates a key of this account and returns its token.
    pub(crate) fn make_key(&self, name: &str, scopes: Scopes, expires_at: Option<Timestamp>) -> String {
        let request = KeyRequest { account: self.account, name: name.to_owned(), scopes, expires_at, created_by: None };
        let NewKey { key, token } = NewKey::make(request, now()).unwrap();
        let store = self.server.connector.worker().unwrap();
        System::new().block_on(store.create_key(key, None)).unwrap();
        token
    }

    /// Creates a case with this name.
    pub(crate) fn case(&self, name: &str) -> Value {
        self.create(&json!({ "name": name }))
    }

    pub(crate) fn create(&self, body: &Value) -> Value {
        self.post("/api/v1/cases", body).expect(201)
    }

    pub(crate) fn path(case: &Value) -> String {
        format!("/api/v1/cases/{}", case["id"].as_str().unwrap())
    }

    /// Performs a transition by its name.
    pub(crate) fn transition(&self, case: &Value, name: &str) -> Value {
        let path = format!("{}/transitions", Self::path(case));
        self.post(&path, &json!({ "transition": name, "reason": "because" })).expect(200)
    }

    /// The names of the cases in a list, in order.
    pub(crate) fn names(&self, query: &str) -> Vec<String> {
        let list = self.get(&format!("/api/v1/cases?{query}")).expect(200);
        list["data"].as_array().unwrap().iter().map(|case| case["name"].as_str().unwrap().to_owned()).collect()
    }
}

impl Backend {
    /// The URL of a new, empty database. `None` if the machine has no such database.
    pub(crate) fn fresh_url(self) -> Option<String> {
        static DATABASES: AtomicU32 = AtomicU32::new(1);
        match self {
            Self::Sqlite => {
                let number = DATABASES.fetch_add(1, Ordering::Relaxed);
                Some(format!("sqlite://{}", folder().join(format!("{number}.db")).display()))
            }
            Self::Postgres => testing::postgres().map(testing::Cluster::fresh_database),
        }
    }
}

impl Server {
    fn start(url: &str, config: Config) -> Self {
        let connector = Connector::open(url, Settings::default()).unwrap();
        connector.migrate().unwrap();
        if url.starts_with("postgres") && testing::postgres().is_some_and(testing::Cluster::is_citus) {
            connector.distribute().unwrap();
        }
        let (send, receive) = mpsc::channel();
        let deliveries_from = connector.clone();
        let documents = Some(config.documents.unwrap_or_else(|| Files::open(&documents_folder()).unwrap()));
        let shared = Shared::new(connector.clone(), Config { workers: Some(2), documents, ..config });
        thread::spawn(move || {
            System::new().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let address = listener.local_addr().unwrap();
                if shared.config().webhook_allow_private {
                    let store = deliveries_from.worker().unwrap();
                    actix_web::rt::spawn(docket_server::deliverer::run(store, true, shared.metrics()));
                }
                let server = server::serve(listener, shared).unwrap();
                send.send(address).unwrap();
                server.await.unwrap();
            });
        });
        Self { address: receive.recv().unwrap(), connector }
    }
}

/// The path of a new folder for documents.
pub(crate) fn documents_folder() -> String {
    static FOLDERS: AtomicU32 = AtomicU32::new(1);
    folder().join(format!("documents-{}", FOLDERS.fetch_add(1, Ordering::Relaxed))).display().to_string()
}

/// The folder for databases and documents of this process. Folders of processes that have ended are deleted.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let all = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("docket-http");
        fs::create_dir_all(&all).unwrap();
        for old in fs::read_dir(&all).unwrap().flatten() {
            if !PathBuf::from("/proc").join(old.file_name()).exists() {
                let _gone = fs::remove_dir_all(old.path());
            }
        }
        let own = all.join(std::process::id().to_string());
        fs::create_dir_all(&own).unwrap();
        own
    })
}
