//! `docket verify`

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use actix_web::rt::System;
use anyhow::Context as _;
use clap::Args;
use docket_domain::{error::StoreError, service, store::AccountStore as _};
use serde_json::json;

use super::{output::print, store::StoreArgs};
use crate::{
    app,
    checkpoint::{Checkpoint, VerifierKey},
    progress::spinner,
};

/// Maximum number of faults in the summary. The log has all of them.
const NAMED: usize = 100;
/// Timeout of a statement: counting a large account takes longer than a request may.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Check only the account with this name.
    #[arg(long, env = "DOCKET_ACCOUNT")]
    account: Option<String>,
    /// A checkpoint: report events that were rewritten or deleted after it.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Public key of the checkpoint, NAME+HASH+KEY. Without it the signature is not checked.
    #[arg(long, env = "DOCKET_VERIFIER_KEY", value_name = "KEY")]
    verifier_key: Option<String>,
}

/// Checks every log, every row derived from a log, and the counts, and prints a JSON summary. The store is not migrated
/// and may be in use.
///
/// # Errors
/// If there are faults, or the store cannot be read.
pub(super) fn run(args: VerifyArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let connector = store.open_existing(PATIENCE)?;
    let begin = Instant::now();
    let checkpoint = match (&args.checkpoint, &args.verifier_key) {
        (Some(file), key) => {
            let note = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            match key {
                Some(key) => VerifierKey::parse(key)?.open(&note)?.heads,
                None => {
                    log::warn!("the signature of the checkpoint is not checked: set --verifier-key to check it");
                    Checkpoint::open_unchecked(&note)?.heads
                }
            }
        }
        (None, _) => HashMap::new(),
    };
    let mut named = Vec::new();
    let shown = spinner("checking the logs");
    let verified = System::new().block_on(async {
        let store = connector.worker()?;
        let only = match args.account {
            Some(name) => {
                let account = store.find_account(&name).await.map_err(anyhow::Error::new)?;
                Some(account.with_context(|| format!("unknown account {name:?}"))?.id)
            }
            None => None,
        };
        let report = |fault: service::Fault| {
            shown.suspend(|| log::error!("{fault}"));
            if named.len() < NAMED {
                named.push(fault.to_string());
            }
        };
        service::verify(&store, only, &checkpoint, app::now(), report).await.map_err(|error| match error {
            StoreError::Defect(why) | StoreError::Unavailable(why) => {
                anyhow::anyhow!("the store cannot be read: {why}")
            }
            other @ (StoreError::Stale | StoreError::Taken(_) | StoreError::PageTooLarge) => other.into(),
        })
    })?;
    print(json!({
        "accounts": verified.accounts,
        "cases": verified.cases,
        "events": verified.events,
        "faults": verified.faults,
        "named": named,
        "seconds": (begin.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
    }))?;
    anyhow::ensure!(verified.faults == 0, "found {} faults", verified.faults);
    Ok(())
}
