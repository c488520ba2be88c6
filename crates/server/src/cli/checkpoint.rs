//! `docket checkpoint`

use std::{collections::HashMap, fs, path::PathBuf, time::Duration};

use actix_web::rt::System;
use anyhow::Context as _;
use clap::Args;
use docket_domain::service;

use super::{output::print, store::StoreArgs};
use crate::{
    app,
    checkpoint::{Checkpoint, Signer},
};

/// Timeout of a statement: a large account has many cases.
const PATIENCE: Duration = Duration::from_secs(600);

const KEY: &str = "docket-checkpoint.key";

#[derive(Debug, Args)]
pub(super) struct CheckpointArgs {
    /// The private key (Ed25519, PKCS #8, PEM). A missing file is created with a new key.
    #[arg(long, env = "DOCKET_CHECKPOINT_KEY", value_name = "FILE", default_value = KEY)]
    key: PathBuf,
    /// The name of the key in the note.
    #[arg(long, default_value = "docket")]
    name: String,
    /// Only print the public key, for `docket verify --verifier-key`.
    #[arg(long)]
    show_key: bool,
}

/// Extends the chains by the events since the last checkpoint, and prints the signed heads of all chains.
pub(super) fn run(args: &CheckpointArgs, store: &StoreArgs) -> anyhow::Result<()> {
    if !args.show_key {
        // A mistyped path must not leave a new key behind.
        store.check_exists()?;
    }
    if !args.key.exists() {
        let key = Signer::generate()?;
        fs::write(&args.key, key).with_context(|| format!("cannot write {}", args.key.display()))?;
    }
    let key = fs::read_to_string(&args.key).with_context(|| format!("cannot read {}", args.key.display()))?;
    let signer = Signer::read(&args.name, &key).with_context(|| format!("cannot use {}", args.key.display()))?;
    if args.show_key {
        return print(signer.verifier_key()?);
    }
    let connector = store.open_existing(PATIENCE)?;
    let made_at = app::now();
    let heads = System::new().block_on(async {
        let heads = service::checkpoint(&connector.worker()?).await?;
        Ok::<_, anyhow::Error>(heads.into_iter().map(|(account, head)| (account.id, head)).collect::<HashMap<_, _>>())
    })?;
    print(signer.sign(&Checkpoint { made_at, heads })?.trim_end())
}
