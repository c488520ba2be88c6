//! Copies a store that is in use, and restores a copy.
//!
//! `VACUUM INTO` reads one snapshot while other connections write, and creates a complete and compact file. A copy gets
//! its final name only after it is complete and flushed to disk.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use diesel::{connection::SimpleConnection, migration::MigrationSource, prelude::*, sql_query, sql_types::Text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Conn, Db};
use crate::{OpenError, migrate};

/// The characters that must be escaped in the path of a SQLite URI.
const IN_URI: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Copies the store into a new file and returns its size in bytes.
///
/// # Errors
/// If the store does not exist, the file exists, or the copy cannot be written or fails its integrity check.
pub(crate) fn backup(store: &Path, file: &Path) -> Result<u64, OpenError> {
    if file.exists() {
        return Err(OpenError::new(format!("{} already exists; a backup does not overwrite files", file.display())));
    }
    let partial = beside(file, "partial");
    let copied = copy(store, &partial).and_then(|()| put(&partial, file));
    if copied.is_err() {
        // An incomplete copy is useless. If its removal fails, the first error still stands.
        let _ = fs::remove_file(&partial);
    }
    copied
}

/// Replaces the store with a copy and returns the size in bytes. An existing store is kept beside it, under the
/// returned path.
///
/// # Errors
/// If a store exists and `replace` is not set, if it is in use, or if the file is not a sound store or was made by a
/// newer version of Docket.
pub(crate) fn restore(file: &Path, store: &Path, replace: bool) -> Result<(u64, Option<PathBuf>), OpenError> {
    let there = store.exists() || beside(store, "wal").exists();
    if there && !replace {
        return Err(OpenError::new(format!(
            "a store already exists at {}; use --replace to replace it",
            store.display()
        )));
    }
    let partial = beside(store, "restoring");
    let restored = copy(file, &partial).and_then(|()| {
        let kept = if there { set_aside(store)? } else { None };
        Ok((put(&partial, store)?, kept))
    });
    if restored.is_err() {
        let _ = fs::remove_file(&partial);
    }
    restored
}

/// `docket.db` → `docket.db-suffix`, as SQLite names its own files.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-");
    name.push(suffix);
    name.into()
}

fn failed(doing: &str, path: &Path) -> impl Fn(&dyn std::fmt::Display) -> OpenError {
    let what = format!("cannot {doing} {}", path.display());
    move |error| OpenError::new(format!("{what}: {error}"))
}

fn text(path: &Path) -> Result<&str, OpenError> {
    path.to_str().ok_or_else(|| OpenError::new(format!("{} is not UTF-8", path.display())))
}

/// Copies a snapshot and checks the integrity of the copy.
fn copy(from: &Path, to: &Path) -> Result<(), OpenError> {
    let read = failed("read", from);
    if !from.is_file() {
        return Err(read(&"file not found"));
    }
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("remove", to)(&error)),
        Ok(()) | Err(_) => {}
    }
    let uri = format!("file:{}?mode=ro", utf8_percent_encode(text(from)?, IN_URI));
    let mut source = Conn::establish(&uri).map_err(|error| read(&error))?;
    source.batch_execute("PRAGMA busy_timeout=5000").map_err(|error| read(&error))?;
    check_version(&mut source).map_err(|error| read(&error))?;
    sql_query("VACUUM INTO ?")
        .bind::<Text, _>(text(to)?)
        .execute(&mut source)
        .map_err(|error| OpenError::new(format!("cannot copy {} to {}: {error}", from.display(), to.display())))?;
    let mut copy = Conn::establish(text(to)?).map_err(OpenError::connection)?;
    check_integrity(&mut copy).map_err(|error| failed("use", from)(&error))
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut Conn, query: &str) -> QueryResult<Vec<String>> {
    Ok(sql_query(query).load::<Line>(conn)?.into_iter().map(|line| line.line).collect())
}

/// Checks that the file is a store of Docket, and not of a newer version.
fn check_version(conn: &mut Conn) -> Result<(), String> {
    let query = "SELECT version AS line FROM __diesel_schema_migrations";
    let applied = lines(conn, query).map_err(|error| format!("it is not a Docket store ({error})"))?;
    let known = MigrationSource::<Db>::migrations(&migrate::SQLITE).map_err(|error| error.to_string())?;
    let known = known.iter().map(|migration| migration.name().version().to_string()).collect::<Vec<_>>();
    match applied.iter().find(|version| !known.contains(version)) {
        Some(newer) => Err(format!("it was made by a newer version of Docket (migration {newer})")),
        None => Ok(()),
    }
}

fn check_integrity(conn: &mut Conn) -> Result<(), String> {
    let query = "SELECT integrity_check AS line FROM pragma_integrity_check LIMIT 10";
    let found = lines(conn, query).map_err(|error| error.to_string())?;
    if found != ["ok"] {
        return Err(found.join("; "));
    }
    let query = "SELECT \"table\" AS line FROM pragma_foreign_key_check LIMIT 10";
    let found = lines(conn, query).map_err(|error| error.to_string())?;
    if found.is_empty() { Ok(()) } else { Err(format!("tables with broken foreign keys: {}", found.join(", "))) }
}

/// Gives a finished file its name. The content is flushed to disk before the rename, and the folder after it.
fn put(partial: &Path, file: &Path) -> Result<u64, OpenError> {
    let write = failed("write", file);
    let bytes = File::open(partial)
        .and_then(|written| {
            written.sync_all()?;
            written.metadata()
        })
        .map_err(|error| write(&error))?
        .len();
    fs::rename(partial, file).map_err(|error| write(&error))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| write(&error))?;
    Ok(bytes)
}

/// Moves an existing store and its log files aside. Fails if the store is in use.
fn set_aside(store: &Path) -> Result<Option<PathBuf>, OpenError> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let aside = beside(store, &format!("before-restore-{seconds}"));
    if store.exists() {
        check_unused(store)?;
        // A hard link keeps both names until the restored file replaces the store, so the path is never empty.
        let moved = fs::hard_link(store, &aside).or_else(|_| fs::rename(store, &aside));
        moved.map_err(|error| failed("set aside", store)(&error))?;
    }
    // SQLite would apply a remaining write-ahead log to the restored file.
    for suffix in ["wal", "shm"] {
        let leftover = beside(store, suffix);
        if leftover.exists() {
            let moved = fs::rename(&leftover, beside(&aside, suffix));
            moved.map_err(|error| failed("set aside", &leftover)(&error))?;
        }
    }
    Ok(Some(aside))
}

/// Fails if the store is in use. Leaving WAL mode needs exclusive access to the file.
fn check_unused(store: &Path) -> Result<(), OpenError> {
    let alone = Conn::establish(text(store)?).and_then(|mut conn| {
        let query = "PRAGMA busy_timeout=1000; PRAGMA journal_mode=DELETE;";
        conn.batch_execute(query).map_err(ConnectionError::CouldntSetupConfiguration)
    });
    match alone {
        Ok(()) => Ok(()),
        Err(error) if error.to_string().contains("locked") => {
            Err(OpenError::new(format!("{} is in use: stop the server first", store.display())))
        }
        Err(error) => {
            // A damaged store may be the reason for the restore, so this is no error.
            log::warn!("cannot check whether {} is in use: {error}", store.display());
            Ok(())
        }
    }
}
