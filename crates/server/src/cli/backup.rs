//! `docket backup` and `docket restore`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{output::print, store::StoreArgs};

/// Where to.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The new file; an existing file is not overwritten.
    file: PathBuf,
}

/// Where from.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A file written by `docket backup`.
    file: PathBuf,
    /// Replace an existing store; it is kept next to the restored one.
    #[arg(long)]
    replace: bool,
}

/// Copies a SQLite store, which may be in use, and prints one JSON summary.
pub(super) fn backup(args: &BackupArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let bytes = docket_persistence::backup(&store.database_url, &args.file)?;
    print(json!({ "file": args.file, "bytes": bytes }))
}

/// Puts a copy in the place of the SQLite store, which must not be in use, and prints one JSON summary.
pub(super) fn restore(args: &RestoreArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let restored = docket_persistence::restore(&store.database_url, &args.file, args.replace)?;
    print(json!({ "file": args.file, "bytes": restored.bytes, "kept": restored.kept }))
}
