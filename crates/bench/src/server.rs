//! The measured server: the release build, started as an operator starts it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::Value;

use crate::seed::LARGEST;

/// A running server. Dropping it kills the process.
pub(crate) struct Server {
    process: Child,
    url: String,
    key: String,
    started_in: Duration,
}

impl Server {
    /// Starts the server on a store and creates a key for the largest account.
    pub(crate) fn start(docket: &Path, database_url: &str, folder: &Path) -> anyhow::Result<Self> {
        let command = || {
            let mut command = Command::new(docket);
            command.env("DOCKET_DATABASE_URL", database_url).env("DOCKET_LOG", "warn").current_dir(folder);
            command
        };
        let scopes = "cases:read,cases:write,cases:delete,admin";
        let made =
            command().args(["keys", "create", "--name", "bench", "--account", LARGEST, "--scopes", scopes]).output()?;
        anyhow::ensure!(made.status.success(), "no key: {}", String::from_utf8_lossy(&made.stderr));
        let key = String::from_utf8(made.stdout)?.trim().to_owned();
        let start = Instant::now();
        let mut process = command().args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let url =
            line.trim().strip_prefix("listening on ").context("the server did not say where it listens")?.to_owned();
        let mut server = Self { process, url, key, started_in: Duration::ZERO };
        server.get("/api/v1/cases?limit=1")?;
        server.started_in = start.elapsed();
        Ok(server)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Time from the start of the process to the first response with data.
    pub(crate) fn started_in(&self) -> Duration {
        self.started_in
    }

    /// Sends a GET request. A response that is no success is an error.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.ask("GET", path, None)
    }

    /// Sends a request. A response that is no success is an error.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&str>) -> anyhow::Result<Value> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("Authorization", format!("Bearer {}", self.key))
            .header("Content-Type", "application/json")
            .body(body.unwrap_or_default().to_owned())?;
        let mut answer = ureq::run(request).with_context(|| format!("{method} {path}"))?;
        Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
    }

    /// Resident memory of the process in MiB: now, and the maximum.
    pub(crate) fn memory(&self) -> anyhow::Result<(f64, f64)> {
        let status = fs::read_to_string(PathBuf::from(format!("/proc/{}/status", self.process.id())))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<f64>().ok()
        };
        let (now, most) = of("VmRSS").zip(of("VmHWM")).context("the system does not tell the memory of a process")?;
        Ok((now / 1024.0, most / 1024.0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
