//! Receives and stores the bytes of documents.

use docket_domain::{document::Sha256Hash, error::StoreError, id::AccountId};
use object_store::{MultipartUpload, ObjectStoreExt as _, PutPayload, path::Path};
use sha2::{Digest as _, Sha256};

use super::{Bytes, Files, failed, found, incoming, kept};

/// An upload in progress. If it is dropped, its bytes cannot be read. [`Upload::abort`] deletes them at once; after a
/// crash a sweep deletes them.
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

/// A finished upload under its temporary name. Call [`Files::keep`] and then [`Files::settle`], or [`Files::discard`].
#[derive(Debug)]
pub struct Received {
    account: AccountId,
    at: Path,
    /// SHA-256 of the bytes.
    pub sha256: Sha256Hash,
    /// Number of bytes.
    pub size: i64,
}

impl Files {
    /// Starts an upload under a temporary name. The name must be unique.
    ///
    /// # Errors
    /// If the store does not respond.
    pub async fn begin(&self, account: AccountId, name: &str) -> Result<Upload, StoreError> {
        let at = incoming(account, name);
        let parts = self.store.put_multipart(&at).await.map_err(failed)?;
        let (files, hasher) = (self.clone(), Sha256::new());
        Ok(Upload { files, account, at, parts, buffer: Vec::new(), buffered: 0, hasher, size: 0 })
    }

    /// Stores the bytes under their hash. Existing equal bytes are overwritten, which renews their age for the sweep.
    ///
    /// # Errors
    /// If the store does not respond.
    pub async fn keep(&self, received: &Received) -> Result<(), StoreError> {
        self.store.copy(&received.at, &kept(received.account, &received.sha256)).await.map_err(failed)
    }

    /// Ensures that the bytes are stored and deletes the temporary object. Call it after the row that refers to them is
    /// written.
    ///
    /// # Errors
    /// If the store does not respond.
    pub async fn settle(&self, received: Received) -> Result<(), StoreError> {
        let path = kept(received.account, &received.sha256);
        if !found(self.store.head(&path).await)? {
            self.keep(&received).await?;
        }
        self.discard(received).await
    }

    /// Deletes the temporary object.
    ///
    /// # Errors
    /// If the store does not respond. A sweep deletes the object later.
    pub async fn discard(&self, received: Received) -> Result<(), StoreError> {
        found(self.store.delete(&received.at).await).map(|_| ())
    }
}

impl Upload {
    /// Number of bytes received so far.
    #[must_use]
    pub const fn size(&self) -> i64 {
        self.size
    }

    /// Takes more bytes. Waits while the store is slower than the sender.
    ///
    /// # Errors
    /// If the store does not accept them.
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

    /// Finishes the upload.
    ///
    /// # Errors
    /// If the store does not accept the bytes.
    pub async fn finish(mut self) -> Result<Received, StoreError> {
        // A multipart upload needs at least one part, even if it is empty.
        if self.buffered > 0 || self.size == 0 {
            self.flush().await?;
        }
        self.parts.complete().await.map_err(failed)?;
        let sha256 = Sha256Hash::new(self.hasher.finalize().into());
        Ok(Received { account: self.account, at: self.at, sha256, size: self.size })
    }

    /// Cancels the upload and deletes its bytes.
    ///
    /// # Errors
    /// If the store does not respond. A sweep deletes the bytes later.
    pub async fn abort(mut self) -> Result<(), StoreError> {
        self.parts.abort().await.map_err(failed)
    }
}
