//! A PostgreSQL server in a new folder: create, start, stop, suspend.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::programs::{Account, Programs};
use super::watchdog::Watchdog;

/// Settings of every server: connections for many small pools, and few log messages.
const SETTINGS: [&str; 3] = ["listen_addresses=127.0.0.1", "max_connections=400", "log_min_messages=warning"];

/// Durability of a server's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// Deleted with the test. Needs no durability.
    Fleeting,
    /// As in production: on a disk, with durable commits.
    Durable,
}

impl Keeping {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Fleeting => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "shared_buffers=64MB",
                "min_wal_size=32MB",
                "max_wal_size=128MB",
            ],
            Self::Durable => {
                &["shared_buffers=1GB", "effective_cache_size=4GB", "max_wal_size=4GB", "random_page_cost=1.1"]
            }
        }
    }
}

/// Maximum time for a server to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);
/// Minimum free space of a ramdisk in KiB. A new server takes 40 MiB and each test's database 8 MiB of memory. A
/// ramdisk makes databases about 20 % faster to create and avoids writes to a slow disk.
const ROOM: u64 = 8 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Server {
    postmaster: Option<Child>,
    port: u16,
    account: Option<Account>,
    folder: PathBuf,
    programs: Programs,
    keeping: Keeping,
    _watchdog: Watchdog,
}

impl Server {
    /// Creates and starts a new server.
    pub(super) fn launch(programs: Programs, keeping: Keeping) -> Result<Self, String> {
        Self::launch_filled(programs, keeping, initialise)
    }

    /// Creates and starts a standby of a running server.
    pub(super) fn launch_standby(primary: &Self) -> Result<Self, String> {
        Self::launch_filled(primary.programs.clone(), primary.keeping, |programs, account, folder| {
            copy(programs, account, folder, primary.port)
        })
    }

    fn launch_filled(
        programs: Programs,
        keeping: Keeping,
        fill: impl FnOnce(&Programs, Option<Account>, &Path) -> Result<(), String>,
    ) -> Result<Self, String> {
        let folder = fresh_folder(keeping).map_err(|error| format!("cannot make a folder for PostgreSQL: {error}"))?;
        let watchdog = Watchdog::over(&folder).map_err(|error| format!("cannot start sh: {error}"))?;
        let account = hand_over(&folder).map_err(|error| format!("cannot hand a folder to another user: {error}"))?;
        fill(&programs, account, &folder)?;
        let mut server = Self { postmaster: None, port: 0, account, folder, programs, keeping, _watchdog: watchdog };
        // Another process may take the port before the server does. Then the next one is tried.
        let mut result = Err(String::new());
        for _attempt in 0..5 {
            server.port = free_port().ok_or("no free port on 127.0.0.1")?;
            result = server.start();
            if result.is_ok() {
                break;
            }
        }
        result.map(|()| server)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The folder of the server's files and its Unix socket.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the server on its port and waits until it is ready. No effect if it runs.
    pub(super) fn start(&mut self) -> Result<(), String> {
        if self.postmaster.is_some() {
            return Ok(());
        }
        let log = self.log().map_err(|error| format!("cannot write PostgreSQL's log: {error}"))?;
        let mut command = self.programs.command("postgres", self.account);
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder).args(["-p", &self.port.to_string()]);
        for setting in SETTINGS.iter().chain(self.keeping.settings()) {
            command.args(["-c", setting]);
        }
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).process_group(0);
        let mut postmaster = command.spawn().map_err(|error| format!("cannot run postgres: {error}"))?;
        let ready = self.wait_until_ready(&mut postmaster);
        if ready.is_ok() {
            self.postmaster = Some(postmaster);
        } else {
            drop(postmaster.kill());
            drop(postmaster.wait());
        }
        ready
    }

    /// Stops the server: disconnects clients and rolls back transactions. No effect if it is stopped.
    pub(super) fn stop(&mut self) -> Result<(), String> {
        if self.postmaster.is_some() {
            self.resume()?;
        }
        let Some(mut postmaster) = self.postmaster.take() else { return Ok(()) };
        signal("INT", &[postmaster.id()])?;
        let ended = within(PATIENCE, || Ok(postmaster.try_wait().map_err(|error| error.to_string())?.map(drop)));
        if ended.is_err() {
            drop(postmaster.kill());
            drop(postmaster.wait());
        }
        ended
    }

    /// Suspends the server and all its sessions: connections stay open without a response.
    pub(super) fn pause(&mut self) -> Result<(), String> {
        let postmaster = self.running()?;
        signal("STOP", &[postmaster])?;
        // A session that starts during this loop appears in the next pass.
        let mut stopped = BTreeSet::new();
        loop {
            let fresh: Vec<u32> = children_of(postmaster)?.into_iter().filter(|pid| stopped.insert(*pid)).collect();
            if fresh.is_empty() {
                return Ok(());
            }
            signal("STOP", &fresh)?;
        }
    }

    /// Reverts [`Server::pause`].
    pub(super) fn resume(&mut self) -> Result<(), String> {
        let postmaster = self.running()?;
        let mut all = children_of(postmaster)?;
        all.push(postmaster);
        signal("CONT", &all)
    }

    /// Changes the owner of a folder to the user that runs the server.
    pub(super) fn own(&self, folder: &Path) -> Result<(), String> {
        let Some(account) = self.account else { return Ok(()) };
        chown(folder, Some(account.uid), Some(account.gid)).map_err(|error| error.to_string())
    }

    fn running(&self) -> Result<u32, String> {
        let postmaster = self.postmaster.as_ref().ok_or("the server is stopped")?;
        Ok(postmaster.id())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> io::Result<File> {
        OpenOptions::new().create(true).append(true).open(self.folder.join("log"))
    }

    /// Waits until the eighth line of `postmaster.pid` is `ready`, as `pg_ctl` does.
    fn wait_until_ready(&self, postmaster: &mut Child) -> Result<(), String> {
        let file = self.data().join("postmaster.pid");
        within(PATIENCE, || {
            if let Some(status) = postmaster.try_wait().map_err(|error| error.to_string())? {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_else(|error| error.to_string());
                return Err(format!("postgres ended with {status}:\n{log}"));
            }
            // The file may not exist yet.
            let Ok(lines) = fs::read_to_string(&file) else { return Ok(None) };
            let is_ours = lines.lines().next() == Some(postmaster.id().to_string().as_str());
            let is_ready = lines.lines().nth(7).is_some_and(|line| line.trim() == "ready");
            Ok((is_ours && is_ready).then_some(()))
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The watchdog is dropped after this and kills a server that did not stop.
        drop(self.stop());
    }
}

fn initialise(programs: &Programs, account: Option<Account>, folder: &Path) -> Result<(), String> {
    // The C locale, so that no test depends on a locale's collation.
    let arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    create_data(programs, account, folder, "initdb", &arguments)
}

/// Copies the files of the server on a port, and names it as the primary to follow.
fn copy(programs: &Programs, account: Option<Account>, folder: &Path, port: u16) -> Result<(), String> {
    let port = port.to_string();
    let primary = ["--host=127.0.0.1", "--port", &port, "--username=postgres"];
    let options = ["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync"];
    create_data(programs, account, folder, "pg_basebackup", &[primary, options].concat())
}

/// Runs a program that creates the folder `data`.
fn create_data(
    programs: &Programs,
    account: Option<Account>,
    folder: &Path,
    program: &str,
    arguments: &[&str],
) -> Result<(), String> {
    let output = programs
        .command(program, account)
        .args(arguments)
        .arg("--pgdata")
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Creates a folder that only this user can enter: on the ramdisk if durability is not needed and it has room,
/// otherwise in the temporary folder.
fn fresh_folder(keeping: Keeping) -> io::Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let ramdisk = Path::new("/dev/shm");
    let base =
        if keeping == Keeping::Fleeting && has_room(ramdisk) { ramdisk.to_owned() } else { std::env::temp_dir() };
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = base.join(format!("docket-postgres-{}-{count}", std::process::id()));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            // Remains of an earlier run. Try the next number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether `df` reports at least [`ROOM`] free. The ramdisk of a container is often small.
fn has_room(folder: &Path) -> bool {
    let Ok(output) = Command::new("df").arg("-Pk").arg(folder).output() else { return false };
    let table = String::from_utf8_lossy(&output.stdout);
    let available = table.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).map(str::parse::<u64>);
    available.is_some_and(|free| free.is_ok_and(|kib| kib >= ROOM))
}

/// Changes the owner of the folder to an unprivileged user if the process runs as root, and returns that user.
fn hand_over(folder: &Path) -> io::Result<Option<Account>> {
    // The owner of a new folder is the user of this process.
    if fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let account = Account::unprivileged()
        .ok_or_else(|| io::Error::other("run by root, and there is neither a user postgres nor nobody"))?;
    chown(folder, Some(account.uid), Some(account.gid))?;
    Ok(Some(account))
}

/// A free port below the range of outgoing connections, so that it stays free while the server is stopped.
fn free_port() -> Option<u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    (0..10_000).find_map(|_attempt| {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let offset = std::process::id().wrapping_mul(31).wrapping_add(step) % 10_000;
        let port = u16::try_from(20_000 + offset).ok()?;
        TcpListener::bind(("127.0.0.1", port)).ok().map(|_listener| port)
    })
}

/// Sends a signal with the shell's `kill`. The system call would need unsafe code.
fn signal(name: &str, pids: &[u32]) -> Result<(), String> {
    let output = Command::new("sh")
        .args(["-c", r#"signal=$1; shift; kill -s "$signal" "$@""#, "sh", name])
        .args(pids.iter().map(u32::to_string))
        .output()
        .map_err(|error| format!("cannot start sh: {error}"))?;
    // A session may end before it gets the signal. An end of the postmaster is detected elsewhere.
    if output.status.success() || pids.len() > 1 {
        return Ok(());
    }
    Err(format!("cannot send {name}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The child processes of `parent`, from `/proc/<pid>/stat`: `pid (name) state parent …`.
fn children_of(parent: u32) -> Result<Vec<u32>, String> {
    let processes = fs::read_dir("/proc").map_err(|error| format!("a server can be hung on Linux only: {error}"))?;
    let mut children = Vec::new();
    for entry in processes.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // The process may have ended meanwhile.
        let Ok(line) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name may contain spaces and brackets. The fields start after the last bracket.
        let after_name = line.rsplit(')').next();
        let its_parent = after_name.and_then(|fields| fields.split_whitespace().nth(1));
        if its_parent.is_some_and(|id| id.parse() == Ok(parent)) {
            children.push(pid);
        }
    }
    Ok(children)
}

/// Polls until `look` returns a value.
fn within<T>(patience: Duration, mut look: impl FnMut() -> Result<Option<T>, String>) -> Result<T, String> {
    let start = Instant::now();
    while start.elapsed() < patience {
        if let Some(found) = look()? {
            return Ok(found);
        }
        thread::sleep(Duration::from_millis(5));
    }
    Err(format!("no answer from PostgreSQL within {} s", patience.as_secs()))
}
