//! Opens the storage that a URL names.

use std::{path::PathBuf, sync::Arc};

use object_store::local::LocalFileSystem;

use super::Files;
use crate::OpenError;

/// Bytes per write to a folder.
const FOLDER_PART: usize = 256 << 10;

impl Files {
    /// Opens a folder, given as a path or as `file://…`, or `s3://bucket/prefix`. A missing folder is created. S3 reads
    /// endpoint, region and credentials from the usual `AWS_…` environment variables.
    ///
    /// # Errors
    /// If the scheme is unknown, the build lacks the feature `s3` that the URL needs, or the folder cannot be created.
    pub fn open(url: &str) -> Result<Self, OpenError> {
        match url.split_once("://") {
            None => Self::folder(PathBuf::from(url)),
            Some(("file", path)) => Self::folder(PathBuf::from(path)),
            Some(("s3", _)) => Self::s3(url),
            Some(_) => Err(OpenError::new("expected a folder or s3://BUCKET/PREFIX for the documents")),
        }
    }

    fn folder(path: PathBuf) -> Result<Self, OpenError> {
        let refused = |error: &dyn std::fmt::Display| {
            OpenError::new(format!("cannot keep documents in {}: {error}", path.display()))
        };
        std::fs::create_dir_all(&path).map_err(|error| refused(&error))?;
        let store = LocalFileSystem::new_with_prefix(&path).map_err(|error| refused(&error))?;
        // Bytes must be on the disk before the row that refers to them.
        let store = store.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(path), part: FOLDER_PART })
    }

    #[cfg(feature = "s3")]
    fn s3(url: &str) -> Result<Self, OpenError> {
        use object_store::{aws::AmazonS3Builder, path::Path, prefix::PrefixStore};

        let refused =
            |error: &dyn std::fmt::Display| OpenError::new(format!("cannot keep documents in {url}: {error}"));
        let store = AmazonS3Builder::from_env().with_url(url).build().map_err(|error| refused(&error))?;
        let prefix = url.splitn(4, '/').nth(3).unwrap_or_default();
        let prefix = Path::parse(prefix).map_err(|error| refused(&error))?;
        // S3 requires parts of at least 5 MiB and allows 10,000 of them.
        Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: None, part: 8 << 20 })
    }

    #[cfg(not(feature = "s3"))]
    fn s3(_: &str) -> Result<Self, OpenError> {
        Err(OpenError::new("this build stores documents only in folders: it was built without the feature s3"))
    }
}
