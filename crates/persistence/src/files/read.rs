//! Reads the bytes of documents.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::Range,
};

use docket_domain::{document::Sha256Hash, error::StoreError, id::AccountId};
use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStoreExt as _};

use super::{Bytes, Files, failed, kept};

/// Bytes per read from a folder.
const PIECE: u64 = 128 << 10;

impl Files {
    /// Streams a range of a document's bytes. An empty range gives no bytes.
    ///
    /// # Errors
    /// [`StoreError::Defect`] if the bytes do not exist, [`StoreError::Unavailable`] if the store does not respond.
    pub async fn read(
        &self,
        account: AccountId,
        hash: &Sha256Hash,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, StoreError> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let result = match self.store.get_opts(&kept(account, hash), options).await {
            Ok(result) => result,
            Err(object_store::Error::NotFound { .. }) => {
                return Err(StoreError::Defect(format!("the bytes of {hash} are missing")));
            }
            Err(error) => return Err(failed(error)),
        };
        let range = result.range.clone();
        Ok(match result.payload {
            GetResultPayload::File(file, _) => from_file(file, range).boxed(),
            GetResultPayload::Stream(pieces) => pieces.map_err(io::Error::other).boxed(),
        })
    }

    /// Whether the bytes exist.
    ///
    /// # Errors
    /// If the store does not respond.
    pub async fn has(&self, account: AccountId, hash: &Sha256Hash) -> Result<bool, StoreError> {
        super::found(self.store.head(&kept(account, hash)).await)
    }
}

/// Each piece costs a switch to a blocking thread, so a piece is large enough to be worth it.
fn from_file(file: File, range: Range<u64>) -> impl stream::Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold((file, range), async |(mut file, range)| {
        if range.is_empty() {
            return Ok(None);
        }
        let read = move || {
            let length = PIECE.min(range.end - range.start);
            let mut piece = vec![0; usize::try_from(length).map_err(io::Error::other)?];
            file.seek(SeekFrom::Start(range.start))?;
            file.read_exact(&mut piece)?;
            Ok(Some((Bytes::from(piece), (file, range.start + length..range.end))))
        };
        tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
    })
}
