//! Finding the place that a URL names.

use std::{path::PathBuf, sync::Arc};

use object_store::local::LocalFileSystem;

use super::Files;
use crate::OpenError;

/// How much is written to a folder at once.
const FOLDER_PART: usize = 256 << 10;

impl Files {
    /// Takes the path of a folder (also as `file://…`), which is made where it is missing, or `s3://bucket/prefix`, for
    /// which the usual `AWS_…` variables of the environment give endpoint, region and credentials.
    ///
    /// # Errors
    /// For every other scheme, for S3 in a build without the feature `s3`, and where the folder cannot be made.
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
        // Bytes are on the disk before the row that refers to them.
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
        // The least that S3 takes as a part is 5 MiB; there are at most 10,000 parts.
        Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: None, part: 8 << 20 })
    }

    #[cfg(not(feature = "s3"))]
    fn s3(_: &str) -> Result<Self, OpenError> {
        Err(OpenError::new("this build keeps documents in folders alone: it was built without the feature s3"))
    }
}
