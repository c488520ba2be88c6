//! Sweeps bytes of documents that nothing refers to: when the server starts, and every hour.

use std::time::Duration;

use actix_web::rt::time::interval;
use docket_persistence::{
    Database,
    files::{Files, Swept},
};

use crate::app;

/// How long from one sweep to the next.
const EVERY: Duration = Duration::from_secs(3_600);

/// Sweeps until the server ends. A sweep that fails is made up for by the next.
pub async fn run(store: Database, files: Files) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        match files.sweep(&store, app::now()).await {
            Ok(Swept { orphans: 0, uploads: 0 }) => {}
            Ok(Swept { orphans, uploads }) => {
                log::info!("swept {orphans} documents that nothing referred to and {uploads} broken uploads");
            }
            Err(error) => log::warn!("the documents were not swept: {error:?}"),
        }
    }
}
