//! `docket backup` and `docket restore`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{output::print, store::StoreArgs};
use crate::progress::spinner;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The new file; an existing file is not overwritten.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A file written by `docket backup`.
    file: PathBuf,
    /// Replace an existing store; it is kept next to the restored one.
    #[arg(long)]
    replace: bool,
}

/// Copies a SQLite store and prints a JSON summary. The store may be in use.
pub(super) fn backup(args: &BackupArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let _shown = spinner("copying and checking the store");
    let bytes = docket_persistence::backup(&store.database_url, &args.file)?;
    print(json!({ "file": args.file, "bytes": bytes }))
}

/// Replaces the SQLite store by a backup and prints a JSON summary. The store must not be in use.
pub(super) fn restore(args: &RestoreArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let _shown = spinner("copying and checking the backup");
    let restored = docket_persistence::restore(&store.database_url, &args.file, args.replace)?;
    print(json!({ "file": args.file, "bytes": restored.bytes, "kept": restored.kept }))
}
