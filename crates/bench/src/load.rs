//! What clients see: requests through HTTP, made by wrk.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::{
    server::Server,
    workload::{Operation, Order},
};

/// Told to wrk; where it finds the requests and how it prints the result.
const SCRIPT: &str = include_str!("wrk.lua");

/// What came of a while under load.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Load {
    requests: u64,
    micros: u64,
    /// Half of all answers came within so many microseconds.
    pub(crate) p50: u64,
    /// All but one in a hundred came within so many microseconds.
    pub(crate) p99: u64,
    /// Answers with a status of 400 or more.
    pub(crate) refused: u64,
    /// Requests that had no answer.
    pub(crate) broken: u64,
}

impl Load {
    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.requests as f64 * 1e6 / self.micros.max(1) as f64
    }

    pub(crate) fn requests(&self) -> u64 {
        self.requests
    }

    /// The share of answers that were refusals.
    pub(crate) fn refused_share(&self) -> f64 {
        self.refused as f64 / self.requests.max(1) as f64
    }
}

/// Lets so many clients ask for so long. Of an operation that can be done once with each thing, `skip` leaves out as many.
pub(crate) fn run(
    server: &Server,
    operation: &Operation,
    clients: u32,
    time: Duration,
    skip: u64,
    folder: &Path,
) -> anyhow::Result<Load> {
    let (script, requests) = (folder.join("wrk.lua"), folder.join("requests"));
    fs::write(&script, SCRIPT)?;
    let mut file = std::io::BufWriter::new(fs::File::create(&requests)?);
    for request in &operation.requests {
        writeln!(file, "{} {} {}", request.method, request.path, request.body.as_deref().unwrap_or_default())?;
    }
    file.into_inner()?.sync_data()?;
    let threads = clients.min(2);
    let order = match operation.order {
        Order::Random => "random",
        Order::Once => "once",
    };
    let output = Command::new("wrk")
        .args(["--latency", "--timeout", "30s", "-t", &threads.to_string(), "-c", &clients.to_string()])
        .args(["-d", &format!("{}s", time.as_secs()), "-H", &format!("Authorization: Bearer {}", server.key())])
        .arg("-s")
        .arg(&script)
        .arg(server.url())
        .arg("--")
        .arg(&requests)
        .args([order, &threads.to_string(), &skip.to_string()])
        .stdin(Stdio::null())
        .output()
        .context("wrk cannot be run: it has to be installed")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let Some(line) = text.lines().find_map(|line| line.strip_prefix("RESULT ")) else {
        bail!("wrk gave no result: {text}{}", String::from_utf8_lossy(&output.stderr));
    };
    Ok(serde_json::from_str(line)?)
}
