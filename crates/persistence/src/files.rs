//! Storage of document bytes: a local folder or an S3-compatible store.
//!
//! Bytes are stored per account under their SHA-256, so an account stores equal bytes once:
//!
//! ```text
//! <account>/incoming/<uuid>     upload in progress, or finished and not yet referred to
//! <account>/<2 digits>/<hash>   stored
//! <account>/trash/<hash>        to be deleted by a sweep
//! ```
//!
//! Bytes are stored before the row of their document is written. A sweep ([`Files::sweep`]) deletes bytes that no row
//! refers to. The order of the steps keeps a sweep from deleting bytes whose row is being written: an upload checks for
//! its bytes again *after* its row is written ([`Files::settle`]), and a sweep checks for rows again *after* it has
//! moved the bytes to the trash.

mod place;
mod read;
mod sweep;
mod upload;

use std::{path::PathBuf, sync::Arc};

use docket_domain::{document::Sha256Hash, error::StoreError, id::AccountId};
use object_store::{ObjectStore, path::Path};

pub use bytes::Bytes;

pub use self::{
    sweep::Swept,
    upload::{Received, Upload},
};

/// Storage of document bytes. Clones share it.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder, unless the bytes are in S3.
    folder: Option<PathBuf>,
    /// Bytes per write to the store.
    part: usize,
}

/// Omits the location, which may hold credentials.
impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files").finish_non_exhaustive()
    }
}

fn kept(account: AccountId, hash: &Sha256Hash) -> Path {
    let hash = hash.to_string();
    let shelf = hash.get(..2).unwrap_or_default().to_owned();
    Path::from_iter([account.0.to_string(), shelf, hash])
}

fn trash(account: AccountId, hash: &Sha256Hash) -> Path {
    Path::from_iter([account.0.to_string(), "trash".to_owned(), hash.to_string()])
}

fn incoming(account: AccountId, name: &str) -> Path {
    Path::from_iter([account.0.to_string(), "incoming".to_owned(), name.to_owned()])
}

/// A store that does not respond, is full or denies access. A retry may succeed later.
fn failed(error: object_store::Error) -> StoreError {
    StoreError::Unavailable(format!("the store of documents: {error}"))
}

/// `true` if the call succeeded, `false` if the object does not exist.
fn found<T>(result: object_store::Result<T>) -> Result<bool, StoreError> {
    match result {
        Ok(_) => Ok(true),
        Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}
