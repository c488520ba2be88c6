//! Finds the installed PostgreSQL programs, and the user that can run them.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with `initdb` and `postgres` of one version.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// The first folder that has both programs. Folders from the environment have priority over the installed versions.
    ///
    /// # Panics
    /// If `DOCKET_TEST_POSTGRES_BIN` names a folder without them.
    pub(super) fn find() -> Option<Self> {
        if let Some(folder) = std::env::var_os("DOCKET_TEST_POSTGRES_BIN") {
            let found = Self::at(Path::new(&folder));
            assert!(found.is_some(), "DOCKET_TEST_POSTGRES_BIN has no initdb and postgres in it: {}", folder.display());
            return found;
        }
        let named = std::env::var_os("PG_CONFIG").and_then(|program| folder_of(&program));
        let path = std::env::var_os("PATH").unwrap_or_default();
        named
            .into_iter()
            .chain(std::env::split_paths(&path))
            .chain(debian_folders())
            .find_map(|folder| Self::at(&folder))
    }

    /// Resolves links, as `postgres` does to find its libraries.
    fn at(folder: &Path) -> Option<Self> {
        let program = fs::canonicalize(folder.join("postgres")).ok()?;
        let folder = program.parent()?.to_owned();
        folder.join("initdb").is_file().then_some(Self { folder })
    }

    /// A command for one of the programs, run as `account` if one is given.
    pub(super) fn command(&self, program: &str, account: Option<Account>) -> Command {
        let mut command = Command::new(self.folder.join(program));
        if let Some(account) = account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }
}

/// Output of `pg_config --bindir`.
fn folder_of(pg_config: &OsStr) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}

/// `/usr/lib/postgresql/<version>/bin`, the highest version first.
fn debian_folders() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    versions.into_iter().map(|(_version, folder)| folder).collect()
}

/// An unprivileged user of the machine. `postgres` refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The user `postgres`, or else `nobody`.
    pub(super) fn unprivileged() -> Option<Self> {
        let users = fs::read_to_string("/etc/passwd").ok()?;
        let find = |name: &str| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                if fields.next() != Some(name) {
                    return None;
                }
                let uid = fields.nth(1)?.parse().ok()?;
                let gid = fields.next()?.parse().ok()?;
                Some(Self { uid, gid })
            })
        };
        find("postgres").or_else(|| find("nobody"))
    }
}
