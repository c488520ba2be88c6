//! The PostgreSQL servers for tests: they start quickly, can be stopped and paused, and never remain.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use docket_persistence::testing::{OwnCluster, postgres};

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Runs statements on a new connection.
fn execute(url: &str, statements: &str) -> Result<(), String> {
    block_on(async {
        let mut connection = AsyncPgConnection::establish(url).await.map_err(|error| error.to_string())?;
        connection.batch_execute(statements).await.map_err(|error| error.to_string())
    })
}

/// Runs a query on a new connection and returns its column `n`.
fn number(url: &str, query: &str) -> i64 {
    block_on(async {
        let mut connection = AsyncPgConnection::establish(url).await.unwrap();
        let row: Number = diesel::sql_query(query).get_result(&mut connection).await.unwrap();
        row.n
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The host and port of a URL, as a socket address.
fn address(url: &str) -> &str {
    url.split('@').nth(1).unwrap().split('/').next().unwrap()
}

#[test]
fn every_database_is_new_and_empty() {
    let Some(cluster) = postgres() else { return };
    let (first, second) = (cluster.fresh_database(), cluster.fresh_database());
    assert_ne!(first, second);
    execute(&first, "CREATE TABLE mark (id int)").unwrap();
    let tables = "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(number(&first, tables), 1);
    assert_eq!(number(&second, tables), 0);
}

#[test]
fn prepared_databases_are_independent_copies() {
    // A separate server, because the shared one has already prepared the migrated store of the contract suite.
    let Some(cluster) = OwnCluster::start_new() else { return };
    let prepare = |url: &str| execute(url, "CREATE TABLE mark (id int); INSERT INTO mark VALUES (1), (2)").unwrap();
    let first = cluster.prepared_database(prepare);
    let second = cluster.prepared_database(|_url| panic!("prepared twice"));
    execute(&first, "DELETE FROM mark").unwrap();
    assert_eq!(number(&first, "SELECT count(*) AS n FROM mark"), 0);
    assert_eq!(number(&second, "SELECT count(*) AS n FROM mark"), 2);
}

#[test]
fn a_database_can_be_created_inside_a_runtime() {
    let Some(cluster) = postgres() else { return };
    let url = block_on(async { cluster.fresh_database() });
    assert_eq!(number(&url, "SELECT 1::bigint AS n"), 1);
}

#[test]
fn the_server_also_listens_on_a_unix_socket() {
    let Some(cluster) = postgres() else { return };
    let Some(folder) = cluster.socket_folder() else { return };
    let host: String = folder.to_str().unwrap().replace('/', "%2F");
    let url = cluster.fresh_database();
    let (server, name) = url.rsplit_once('/').unwrap();
    let port = server.rsplit_once(':').unwrap().1;
    assert_eq!(number(&format!("postgres://postgres@{host}:{port}/{name}"), "SELECT 2::bigint AS n"), 2);
}

#[test]
fn a_stopped_server_refuses_connections_and_keeps_its_data_and_address() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let url = cluster.fresh_database();
    execute(&url, "CREATE TABLE mark (id int); INSERT INTO mark VALUES (7)").unwrap();
    cluster.stop();
    cluster.stop();
    assert!(execute(&url, "SELECT 1").is_err());
    cluster.start();
    cluster.start();
    assert_eq!(number(&url, "SELECT max(id)::bigint AS n FROM mark"), 7);
}

#[test]
fn a_paused_server_does_not_respond_until_it_is_resumed() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let url = cluster.fresh_database();
    block_on(async {
        let mut open = AsyncPgConnection::establish(&url).await.unwrap();
        cluster.pause();
        TcpStream::connect(address(&url)).unwrap();
        let patience = Duration::from_millis(200);
        let query = diesel::sql_query("SELECT 3::bigint AS n");
        let mut answer = Box::pin(query.get_result::<Number>(&mut open));
        assert!(tokio::time::timeout(patience, &mut answer).await.is_err(), "an open session answered");
        assert!(tokio::time::timeout(patience, AsyncPgConnection::establish(&url)).await.is_err(), "a new one did");
        cluster.resume();
        assert_eq!(answer.await.unwrap().n, 3);
    });
}

#[test]
fn a_dropped_server_leaves_no_process_and_no_files_even_when_paused() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let folder = cluster.socket_folder().unwrap().to_owned();
    let url = cluster.fresh_database();
    cluster.pause();
    drop(cluster);
    assert!(!folder.exists());
    assert!(TcpStream::connect(address(&url)).is_err());
}

/// The test runs its own executable again with this variable set. That second process is killed.
const VICTIM: &str = "DOCKET_TEST_VICTIM";

#[test]
fn a_killed_test_process_leaves_no_server_and_no_files() {
    let Some(cluster) = OwnCluster::start_new() else { return };
    if std::env::var_os(VICTIM).is_some() {
        println!("\n{VICTIM} {} {}", cluster.socket_folder().unwrap().display(), cluster.url_of("postgres"));
        // Waits until the first process kills this one.
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }
    drop(cluster);
    let (folder, url) = kill_a_test_process_with_a_server();
    wait_until_gone(&folder);
    assert!(TcpStream::connect(address(&url)).is_err());
}

/// Runs this test in a second process and kills that while its server runs. Returns the server's folder and URL.
fn kill_a_test_process_with_a_server() -> (PathBuf, String) {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cluster::a_killed_test_process_leaves_no_server_and_no_files", "--nocapture"])
        .env(VICTIM, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let line = lines.map(Result::unwrap).find(|line| line.starts_with(VICTIM)).unwrap();
    let mut words = line.split_whitespace().skip(1);
    let (folder, url) = (PathBuf::from(words.next().unwrap()), words.next().unwrap().to_owned());
    assert!(folder.exists());
    TcpStream::connect(address(&url)).unwrap();
    victim.kill().unwrap();
    victim.wait().unwrap();
    (folder, url)
}

/// The watchdog of a killed process is not a child of this one, so the test can only poll for its result.
fn wait_until_gone(folder: &Path) {
    let start = Instant::now();
    while folder.exists() {
        assert!(start.elapsed() < Duration::from_secs(30), "{} is still there", folder.display());
        thread::yield_now();
    }
}
