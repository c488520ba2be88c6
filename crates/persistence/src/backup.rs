//! Backup and restore of a SQLite store.

use std::path::{Path, PathBuf};

use crate::{OpenError, sqlite};

/// Result of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Size of the restored store in bytes.
    pub bytes: u64,
    /// Path of the previous store, if there was one.
    pub kept: Option<PathBuf>,
}

/// Copies the SQLite store at `url` into a new file and returns the size of the copy in bytes. The store can be in use.
///
/// # Errors
/// If the URL is PostgreSQL's (use `pg_dump`), the file exists, or the copy fails its integrity check.
pub fn backup(url: &str, file: &Path) -> Result<u64, OpenError> {
    sqlite::backup::backup(Path::new(path(url)?), file)
}

/// Replaces the SQLite store at `url` with a copy. An existing store is replaced only if `replace` is set, and is kept
/// under another name.
///
/// # Errors
/// If the URL is PostgreSQL's, a store exists and `replace` is not set or the store is in use, or the copy fails its
/// integrity check or was made by a newer version of Docket.
pub fn restore(url: &str, file: &Path, replace: bool) -> Result<Restored, OpenError> {
    let (bytes, kept) = sqlite::backup::restore(file, Path::new(path(url)?), replace)?;
    Ok(Restored { bytes, kept })
}

fn path(url: &str) -> Result<&str, OpenError> {
    match url.split_once("://") {
        Some(("sqlite", path)) if !path.is_empty() && path != ":memory:" => Ok(path),
        Some(("postgres" | "postgresql", _)) => {
            Err(OpenError::new("PostgreSQL is backed up by pg_dump and restored by pg_restore: see docs/operations.md"))
        }
        _ => Err(OpenError::new("expected a database URL that begins with sqlite:// and names a file")),
    }
}
