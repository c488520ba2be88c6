//! Copies of a whole store.

use std::path::{Path, PathBuf};

use crate::{OpenError, sqlite};

/// A store that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Its size.
    pub bytes: u64,
    /// Where the store is kept that was there before, if one was.
    pub kept: Option<PathBuf>,
}

/// Copies the SQLite store at that URL into a new file, while others use it, and gives the size of the copy in bytes.
///
/// # Errors
/// For PostgreSQL, which has programs of its own for that; where the file exists; where the copy is not sound.
pub fn backup(url: &str, file: &Path) -> Result<u64, OpenError> {
    sqlite::backup::backup(Path::new(path(url)?), file)
}

/// Puts a copy in the place of the SQLite store at that URL. One that is there is replaced only if told to, and kept.
///
/// # Errors
/// For PostgreSQL; where a store is there and may not be replaced or is in use; where the copy is not sound or of a newer
/// version of Docket.
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
