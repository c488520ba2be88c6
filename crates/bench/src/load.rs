//! Measures the server over HTTP with wrk.

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
    workload::{Order, Request},
};

/// The wrk script. It reads the requests from a file and prints the result.
const SCRIPT: &str = include_str!("wrk.lua");

/// Result of a measurement under load.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Load {
    requests: u64,
    micros: u64,
    /// Median latency in microseconds.
    pub(crate) p50: u64,
    /// 99th percentile of the latency in microseconds.
    pub(crate) p99: u64,
    /// Number of responses with a status of 400 or more.
    pub(crate) refused: u64,
    /// Number of requests without a response.
    pub(crate) broken: u64,
}

impl Load {
    /// Responses per second.
    pub(crate) fn rate(&self) -> f64 {
        self.requests as f64 * 1e6 / self.micros.max(1) as f64
    }

    /// Share of the responses with a status of 400 or more.
    pub(crate) fn refused_share(&self) -> f64 {
        self.refused as f64 / self.requests.max(1) as f64
    }
}

/// Runs wrk with these requests, this number of clients and this duration.
pub(crate) fn run(
    server: &Server,
    order: Order,
    wanted: &[&Request],
    clients: u32,
    time: Duration,
    folder: &Path,
) -> anyhow::Result<Load> {
    let (script, requests) = (folder.join("wrk.lua"), folder.join("requests"));
    fs::write(&script, SCRIPT)?;
    let mut file = std::io::BufWriter::new(fs::File::create(&requests)?);
    for request in wanted {
        writeln!(file, "{} {} {}", request.method, request.path, request.body.as_deref().unwrap_or_default())?;
    }
    file.into_inner()?.sync_data()?;
    let threads = clients.min(2);
    let order = match order {
        Order::Random => "random",
        Order::ToAndFro => "turn",
    };
    let output = Command::new("wrk")
        .args(["--latency", "--timeout", "30s", "-t", &threads.to_string(), "-c", &clients.to_string()])
        .args(["-d", &format!("{}s", time.as_secs()), "-H", &format!("Authorization: Bearer {}", server.key())])
        .arg("-s")
        .arg(&script)
        .arg(server.url())
        .arg("--")
        .arg(&requests)
        .args([order, &threads.to_string()])
        .stdin(Stdio::null())
        .output()
        .context("wrk cannot be run: it has to be installed")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let Some(line) = text.lines().find_map(|line| line.strip_prefix("RESULT ")) else {
        bail!("wrk gave no result: {text}{}", String::from_utf8_lossy(&output.stderr));
    };
    Ok(serde_json::from_str(line)?)
}
