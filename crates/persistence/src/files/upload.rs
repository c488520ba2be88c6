//! Receiving bytes, and keeping them.

use docket_domain::{document::Sha256Hash, error::StoreError, id::AccountId};
use object_store::{MultipartUpload, ObjectStoreExt as _, PutPayload, path::Path};
use sha2::{Digest as _, Sha256};

use super::{Bytes, Files, failed, found, incoming, kept};

/// Bytes that are being received. Dropped half-way, it leaves nothing that could be read; [`Upload::abort`] says so to the
/// store at once, and what a crash leaves is swept.
pub struct Upload {
    files: Files,
    account: AccountId,
    at: Path,
    parts: Box<dyn MultipartUpload>,
    buffer: Vec<Bytes>,
    buffered: usize,
    hasher: Sha256,
    size: i64,
}

/// Bytes that were received to their end, under their temporary name: to be kept, then settled; or dropped.
#[derive(Debug)]
pub struct Received {
    account: AccountId,
    at: Path,
    /// Their hash.
    pub sha256: Sha256Hash,
    /// How many they are.
    pub size: i64,
}

impl Files {
    /// Begins to receive bytes, under a name that nobody else uses.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn begin(&self, account: AccountId, name: &str) -> Result<Upload, StoreError> {
        let at = incoming(account, name);
        let parts = self.store.put_multipart(&at).await.map_err(failed)?;
        let (files, hasher) = (self.clone(), Sha256::new());
        Ok(Upload { files, account, at, parts, buffer: Vec::new(), buffered: 0, hasher, size: 0 })
    }

    /// Keeps what was received under its hash. The same bytes that are there already are written over with themselves, so
    /// that no sweep takes them for old.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn keep(&self, received: &Received) -> Result<(), StoreError> {
        self.store.copy(&received.at, &kept(received.account, &received.sha256)).await.map_err(failed)
    }

    /// To be called when a row refers to the bytes: sees to it that they are there, and drops the temporary name.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn settle(&self, received: Received) -> Result<(), StoreError> {
        let path = kept(received.account, &received.sha256);
        if !found(self.store.head(&path).await)? {
            self.keep(&received).await?;
        }
        self.discard(received).await
    }

    /// Drops what was received.
    ///
    /// # Errors
    /// Where the store does not answer; then it is swept later.
    pub async fn discard(&self, received: Received) -> Result<(), StoreError> {
        found(self.store.delete(&received.at).await).map(|_| ())
    }
}

impl Upload {
    /// How many bytes came so far.
    #[must_use]
    pub const fn size(&self) -> i64 {
        self.size
    }

    /// Takes more bytes; waits where the store is slower than they come.
    ///
    /// # Errors
    /// Where the store does not take them.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        self.hasher.update(&bytes);
        self.size = self.size.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        self.buffered += bytes.len();
        self.buffer.push(bytes);
        if self.buffered >= self.files.part {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        self.buffered = 0;
        let part = std::mem::take(&mut self.buffer).into_iter().collect::<PutPayload>();
        self.parts.put_part(part).await.map_err(failed)
    }

    /// All bytes have come.
    ///
    /// # Errors
    /// Where the store does not take them.
    pub async fn finish(mut self) -> Result<Received, StoreError> {
        // A store wants at least one part, however small.
        if self.buffered > 0 || self.size == 0 {
            self.flush().await?;
        }
        self.parts.complete().await.map_err(failed)?;
        let sha256 = Sha256Hash::new(self.hasher.finalize().into());
        Ok(Received { account: self.account, at: self.at, sha256, size: self.size })
    }

    /// No more bytes will come: forgets those that did.
    ///
    /// # Errors
    /// Where the store does not answer; then they are swept later.
    pub async fn abort(mut self) -> Result<(), StoreError> {
        self.parts.abort().await.map_err(failed)
    }
}
