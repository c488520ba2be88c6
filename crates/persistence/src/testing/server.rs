//! One PostgreSQL server in a fresh folder: made, started, stopped, hung.

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

/// What every server here is started with: room for many small pools at once, and a quiet log.
const SETTINGS: [&str; 3] = ["listen_addresses=127.0.0.1", "max_connections=400", "log_min_messages=warning"];

/// What is asked of a server's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// Gone with the test: nothing has to outlive the machine's own crash.
    Fleeting,
    /// As in production: on a disk, and there when a commit is acknowledged.
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

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a ramdisk must have free to be chosen, in KiB: a new server takes 40 MiB and each test's database 8 more, all of
/// it memory. The gain is a fifth of the time to make a database, and no writing back to a slow disk.
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
    /// Makes and starts a server of its own.
    pub(super) fn launch(programs: Programs, keeping: Keeping) -> Result<Self, String> {
        let folder = fresh_folder(keeping).map_err(|error| format!("cannot make a folder for PostgreSQL: {error}"))?;
        let watchdog = Watchdog::over(&folder).map_err(|error| format!("cannot start sh: {error}"))?;
        let account = hand_over(&folder).map_err(|error| format!("cannot hand a folder to another user: {error}"))?;
        initialise(&programs, account, &folder)?;
        let mut server = Self { postmaster: None, port: 0, account, folder, programs, keeping, _watchdog: watchdog };
        // Another process may take the port between our look and the server's; then the next one is tried.
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

    /// The folder of the server's files; its Unix socket is here too.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the server on the port it had and waits until it answers; nothing where it runs.
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

    /// Ends the server as an operator would: clients are cut off, transactions rolled back. Nothing where it is down.
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

    /// Hangs the server and every session of it: connections open, nothing answers.
    pub(super) fn pause(&mut self) -> Result<(), String> {
        let postmaster = self.running()?;
        signal("STOP", &[postmaster])?;
        // A session that was being born while we looked shows up at the next look.
        let mut stopped = BTreeSet::new();
        loop {
            let fresh: Vec<u32> = children_of(postmaster)?.into_iter().filter(|pid| stopped.insert(*pid)).collect();
            if fresh.is_empty() {
                return Ok(());
            }
            signal("STOP", &fresh)?;
        }
    }

    /// Ends a [`Server::pause`].
    pub(super) fn resume(&mut self) -> Result<(), String> {
        let postmaster = self.running()?;
        let mut all = children_of(postmaster)?;
        all.push(postmaster);
        signal("CONT", &all)
    }

    /// Gives a folder to the user as whom the server runs.
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

    /// The eighth line of `postmaster.pid` says `ready` once connections are accepted; `pg_ctl` waits for the same.
    fn wait_until_ready(&self, postmaster: &mut Child) -> Result<(), String> {
        let file = self.data().join("postmaster.pid");
        within(PATIENCE, || {
            if let Some(status) = postmaster.try_wait().map_err(|error| error.to_string())? {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_else(|error| error.to_string());
                return Err(format!("postgres ended with {status}:\n{log}"));
            }
            // The file is not there yet at first, which is no fault.
            let Ok(lines) = fs::read_to_string(&file) else { return Ok(None) };
            let is_ours = lines.lines().next() == Some(postmaster.id().to_string().as_str());
            let is_ready = lines.lines().nth(7).is_some_and(|line| line.trim() == "ready");
            Ok((is_ours && is_ready).then_some(()))
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The watchdog, dropped after this, ends what would not stop.
        drop(self.stop());
    }
}

fn initialise(programs: &Programs, account: Option<Account>, folder: &Path) -> Result<(), String> {
    // The plainest of locales, so that no test can rest on how a database happens to compare text.
    let output = programs
        .command("initdb", account)
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run initdb: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A new folder that only we can enter: among the temporary files, or on the ramdisk where that will do and has room.
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
            // Left by a machine that was switched off; its number is taken, ours is the next.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether `df` says that the folder has [`ROOM`]; a container's ramdisk is often tiny.
fn has_room(folder: &Path) -> bool {
    let Ok(output) = Command::new("df").arg("-Pk").arg(folder).output() else { return false };
    let table = String::from_utf8_lossy(&output.stdout);
    let available = table.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).map(str::parse::<u64>);
    available.is_some_and(|free| free.is_ok_and(|kib| kib >= ROOM))
}

/// Gives the folder to an unprivileged user where we are root, and says to whom.
fn hand_over(folder: &Path) -> io::Result<Option<Account>> {
    // What we made belongs to who we are.
    if fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let account = Account::unprivileged()
        .ok_or_else(|| io::Error::other("run by root, and there is neither a user postgres nor nobody"))?;
    chown(folder, Some(account.uid), Some(account.gid))?;
    Ok(Some(account))
}

/// A port below those that the system gives to outgoing connections, so that a stopped server finds it free again.
fn free_port() -> Option<u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    (0..10_000).find_map(|_attempt| {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let offset = std::process::id().wrapping_mul(31).wrapping_add(step) % 10_000;
        let port = u16::try_from(20_000 + offset).ok()?;
        TcpListener::bind(("127.0.0.1", port)).ok().map(|_listener| port)
    })
}

/// Sends a signal by the shell's own `kill`: it is on every machine, and the call itself would be unsafe code.
fn signal(name: &str, pids: &[u32]) -> Result<(), String> {
    let output = Command::new("sh")
        .args(["-c", r#"signal=$1; shift; kill -s "$signal" "$@""#, "sh", name])
        .args(pids.iter().map(u32::to_string))
        .output()
        .map_err(|error| format!("cannot start sh: {error}"))?;
    // A session may end between our look and the signal; the postmaster's own end is seen elsewhere.
    if output.status.success() || pids.len() > 1 {
        return Ok(());
    }
    Err(format!("cannot send {name}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The processes whose parent is `parent`, from `/proc/<pid>/stat`: `pid (name) state parent …`.
fn children_of(parent: u32) -> Result<Vec<u32>, String> {
    let processes = fs::read_dir("/proc").map_err(|error| format!("a server can be hung on Linux only: {error}"))?;
    let mut children = Vec::new();
    for entry in processes.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process that has ended since is no child any more.
        let Ok(line) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // A name may itself hold spaces and brackets: the fields start after the last one.
        let after_name = line.rsplit(')').next();
        let its_parent = after_name.and_then(|fields| fields.split_whitespace().nth(1));
        if its_parent.is_some_and(|id| id.parse() == Ok(parent)) {
            children.push(pid);
        }
    }
    Ok(children)
}

/// Looks again and again until there is an answer.
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
