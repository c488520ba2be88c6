//! Deletes bytes that no document refers to, and the rest of interrupted uploads.

use std::{path::PathBuf, time::SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use docket_domain::{document::Sha256Hash, error::StoreError, id::AccountId, store::DocumentStore, time::Timestamp};
use futures_util::StreamExt as _;
use object_store::{ObjectMeta, ObjectStoreExt as _, path::Path};

use super::{Files, failed, found, kept, trash};

/// Minimum age of bytes without a row before a sweep deletes them. Covers the time until an upload writes its row.
const ORPHANS_STAY: TimeDelta = TimeDelta::hours(1);
/// Minimum age of an unfinished upload before a sweep deletes it.
const UPLOADS_STAY: TimeDelta = TimeDelta::hours(24);
/// Hashes per query for rows.
const BATCH: usize = 200;

/// Result of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Number of stored objects that no document referred to.
    pub orphans: usize,
    /// Number of unfinished uploads.
    pub uploads: usize,
}

/// Kind of an object, from its path.
enum Object {
    Kept(AccountId, Sha256Hash),
    Trash(AccountId, Sha256Hash),
    Incoming,
}

impl Object {
    fn at(path: &Path) -> Option<Self> {
        let parts = path.parts().map(|part| part.as_ref().to_owned()).collect::<Vec<_>>();
        let [account, folder, name] = parts.as_slice() else { return None };
        let account = AccountId(account.parse().ok()?);
        match folder.as_str() {
            "incoming" => Some(Self::Incoming),
            "trash" => Sha256Hash::parse(name).map(|hash| Self::Trash(account, hash)),
            _ => Sha256Hash::parse(name).map(|hash| Self::Kept(account, hash)),
        }
    }

    /// Minimum age before a sweep deletes it.
    const fn stays(&self) -> TimeDelta {
        match self {
            Self::Incoming => UPLOADS_STAY,
            Self::Kept(..) | Self::Trash(..) => ORPHANS_STAY,
        }
    }
}

impl Files {
    /// Deletes objects that no row refers to and that are past their minimum age. Ignores unknown paths. Memory use is
    /// bounded.
    ///
    /// # Errors
    /// If the database or the store does not respond. The next sweep handles the rest.
    pub async fn sweep<S: DocumentStore>(&self, rows: &S, now: Timestamp) -> Result<Swept, StoreError> {
        let mut swept = Swept { orphans: 0, uploads: self.sweep_staged(now).await? };
        let mut objects = self.store.list(None);
        let mut batch: Vec<(AccountId, Sha256Hash)> = Vec::new();
        while let Some(object) = objects.next().await {
            let ObjectMeta { location, last_modified, .. } = object.map_err(failed)?;
            let Some(object) = Object::at(&location).filter(|object| last_modified < now - object.stays()) else {
                continue;
            };
            match object {
                Object::Incoming => swept.uploads += usize::from(found(self.store.delete(&location).await)?),
                // Remains of an interrupted sweep.
                Object::Trash(account, hash) => {
                    swept.orphans += usize::from(self.empty_trash(rows, account, &hash).await?);
                }
                Object::Kept(account, hash) => {
                    let other_account = batch.first().is_some_and(|(first, _)| *first != account);
                    if other_account || batch.len() >= BATCH {
                        swept.orphans += self.sweep_batch(rows, std::mem::take(&mut batch)).await?;
                    }
                    batch.push((account, hash));
                }
            }
        }
        swept.orphans += self.sweep_batch(rows, batch).await?;
        Ok(swept)
    }

    /// Sweeps a batch of hashes of one account.
    async fn sweep_batch<S: DocumentStore>(
        &self,
        rows: &S,
        batch: Vec<(AccountId, Sha256Hash)>,
    ) -> Result<usize, StoreError> {
        let Some((account, _)) = batch.first().copied() else { return Ok(0) };
        let hashes = batch.into_iter().map(|(_, hash)| hash).collect::<Vec<_>>();
        let referred_to = rows.list_kept_hashes(account, &hashes).await?;
        let mut swept = 0;
        for hash in hashes.iter().filter(|hash| !referred_to.contains(hash)) {
            if found(self.store.rename(&kept(account, hash), &trash(account, hash)).await)? {
                swept += usize::from(self.empty_trash(rows, account, hash).await?);
            }
        }
        Ok(swept)
    }

    /// Deletes bytes from the trash, or restores them if a row refers to them now. Returns whether it deleted them.
    async fn empty_trash<S: DocumentStore>(
        &self,
        rows: &S,
        account: AccountId,
        hash: &Sha256Hash,
    ) -> Result<bool, StoreError> {
        let wanted = !rows.list_kept_hashes(account, &[*hash]).await?.is_empty();
        if wanted {
            found(self.store.rename(&trash(account, hash), &kept(account, hash)).await)?;
        } else {
            found(self.store.delete(&trash(account, hash)).await)?;
        }
        Ok(!wanted)
    }

    /// Deletes unfinished uploads in a folder. The object store does not list these files after a crash. (An S3 bucket
    /// needs a lifecycle rule that aborts incomplete multipart uploads.)
    async fn sweep_staged(&self, now: Timestamp) -> Result<usize, StoreError> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let sweep = move || staged(&folder, now).into_iter().filter(|file| std::fs::remove_file(file).is_ok()).count();
        tokio::task::spawn_blocking(sweep).await.map_err(|error| StoreError::Defect(error.to_string()))
    }
}

/// Files of unfinished uploads past their minimum age. Skips unreadable entries; the next sweep tries them again.
fn staged(folder: &std::path::Path, now: Timestamp) -> Vec<PathBuf> {
    let entries = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries(folder.to_owned()).flat_map(|account| entries(account.path().join("incoming")));
    let old = |modified: SystemTime| DateTime::<Utc>::from(modified) < now - UPLOADS_STAY;
    let is_old = |file: &std::fs::DirEntry| file.metadata().and_then(|meta| meta.modified()).is_ok_and(old);
    let is_staged = |file: &std::fs::DirEntry| file.file_name().to_string_lossy().contains('#');
    files.filter(is_staged).filter(is_old).map(|file| file.path()).collect()
}
