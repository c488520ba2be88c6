//! The bytes of documents: in a local folder, or in an S3-compatible store.
//!
//! Bytes are kept under their account and their SHA-256, so that the same bytes are there once for each account:
//!
//! ```text
//! <account>/incoming/<uuid>     being received, or received and not yet referred to
//! <account>/<2 digits>/<hash>   kept
//! <account>/trash/<hash>        about to be swept
//! ```
//!
//! They are kept before the row of their document is written, and swept ([`Files::sweep`]) when no row refers to them.
//! That no sweep takes bytes whose row is just being written follows from the order of steps, not from luck: an upload
//! looks again for its bytes *after* its row is written ([`Files::settle`]), and a sweep asks again for rows *after* it has
//! moved the bytes out of the way.

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

/// Where the bytes of documents are. Clones share it.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
    /// How many bytes are written at once.
    part: usize,
}

/// Nothing of where they are: it may hold credentials.
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

/// A store that does not answer, is full or refuses us: nothing that a caller can do about, and nothing that is for good.
fn failed(error: object_store::Error) -> StoreError {
    StoreError::Unavailable(format!("the store of documents: {error}"))
}

/// `true` where the call worked, `false` where there is no such object.
fn found<T>(result: object_store::Result<T>) -> Result<bool, StoreError> {
    match result {
        Ok(_) => Ok(true),
        Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}
