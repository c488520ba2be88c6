//! Metrics for Prometheus.

use std::{
    fmt::{self, Write as _},
    fs,
    time::Duration,
};

use docket_persistence::{Counted, Load};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS: [f64; 13] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResponseLabels {
    method: String,
    route: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Took {
    method: String,
    route: String,
}

/// How a delivery to a webhook ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Delivered {
    result: &'static str,
}

/// What the timer wrote events about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    about: &'static str,
}

/// A gauge that counts this value as long as it exists.
pub struct Counting(Gauge);

impl Counting {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The metrics of this process. Labels are route patterns, never paths, so that their number is bounded.
pub struct Metrics {
    registry: Registry,
    answered: Family<ResponseLabels, Counter>,
    took: Family<Took, Histogram, fn() -> Histogram>,
    streams: Gauge,
    deliveries_in_progress: Gauge,
    delivered: Family<Delivered, Counter>,
    told: Family<Told, Counter>,
}

impl Metrics {
    #[must_use]
    pub fn new() -> Self {
        let answered = Family::<ResponseLabels, Counter>::default();
        let took = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let (streams, deliveries_in_progress) = <(Gauge, Gauge)>::default();
        let delivered = Family::<Delivered, Counter>::default();
        let told = Family::<Told, Counter>::default();
        let mut registry = Registry::with_prefix("docket");
        registry.register("http_requests", "HTTP requests", answered.clone());
        registry.register("http_request_duration_seconds", "Duration of HTTP requests", took.clone());
        registry.register("event_streams", "Open streams of events", streams.clone());
        let help = "Deliveries to webhooks that are in progress";
        registry.register("webhook_deliveries_in_progress", help, deliveries_in_progress.clone());
        registry.register("webhook_deliveries", "Attempts to deliver to a webhook", delivered.clone());
        registry.register("timer_events", "Events that the timer wrote", told.clone());
        Self { registry, answered, took, streams, deliveries_in_progress, delivered, told }
    }

    /// Counts a stream of events until the result is dropped.
    #[must_use]
    pub fn count_stream(&self) -> Counting {
        Counting::of(&self.streams)
    }

    /// Counts a delivery to a webhook as in progress until the result is dropped.
    #[must_use]
    pub fn count_delivery(&self) -> Counting {
        Counting::of(&self.deliveries_in_progress)
    }

    /// Counts an attempt to deliver to a webhook.
    pub fn count_attempt(&self, is_success: bool) {
        let result = if is_success { "success" } else { "failure" };
        self.delivered.get_or_create(&Delivered { result }).inc();
    }

    /// Counts events of the timer about clocks of service levels.
    pub fn count_clock_events(&self, events: usize) {
        self.count_told("service_level", events);
    }

    /// Counts events of the timer about deadlines.
    pub fn count_deadline_events(&self, events: usize) {
        self.count_told("deadline", events);
    }

    fn count_told(&self, about: &'static str, events: usize) {
        self.told.get_or_create(&Told { about }).inc_by(events as u64);
    }

    /// Counts a response. All unknown methods have one label.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = if known.contains(&method) { method } else { "other" }.to_owned();
        let answered = ResponseLabels { method: method.clone(), route: route.to_owned(), status: status.into() };
        self.answered.get_or_create(&answered).inc();
        self.took.get_or_create(&Took { method, route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// The metrics, and those of the process and of its database.
    ///
    /// # Errors
    /// If they cannot be formatted.
    pub fn text(&self, format: Format, load: &Load) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        let body = text.strip_suffix("# EOF\n").unwrap_or(&text);
        let text = format!("{body}{}{}", of_process(), of_database(load)?);
        Ok(match format {
            Format::OpenMetrics => text + "# EOF\n",
            Format::Prometheus => to_prometheus(&text),
        })
    }
}

/// A text format of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `OpenMetrics` 1.0.
    OpenMetrics,
    /// The text format of Prometheus, version 0.0.4.
    Prometheus,
}

impl Format {
    /// The format that a scraper accepts.
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        if accept.contains("application/openmetrics-text") { Self::OpenMetrics } else { Self::Prometheus }
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// In the format of Prometheus, the name of a counter has its suffix in the metadata too.
fn to_prometheus(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let name = line.strip_prefix("# TYPE ").and_then(|rest| rest.strip_suffix(" counter"));
        name.map_or_else(|| line.to_owned(), |name| format!("# TYPE {name}_total counter"))
    });
    let counters = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter"));
    let counters = counters.map(|name| format!("# HELP {name} ")).collect::<Vec<_>>();
    let named = lines.map(|line| match counters.iter().find(|help| line.starts_with(help.as_str())) {
        Some(help) => line.replacen(help.as_str(), &format!("{}_total ", help.trim_end()), 1),
        None => line,
    });
    named.map(|line| line + "\n").collect()
}

/// Version, memory and open files of this process, with the names that Prometheus's own libraries use. Where the
/// system does not tell, the metric is left out.
fn of_process() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let files = fs::read_dir("/proc/self/fd").ok().map(|files| u64::try_from(files.count()).unwrap_or(u64::MAX));
    let gauge = |name: &str, help: &str, value: Option<u64>| {
        let lines = |value| format!("# HELP {name} {help}.\n# TYPE {name} gauge\n{name} {value}\n");
        value.map(lines).unwrap_or_default()
    };
    format!(
        "# HELP docket_build_info Version of the server.\n# TYPE docket_build_info gauge\n\
         docket_build_info{{version=\"{version}\"}} 1\n{}{}",
        gauge("process_resident_memory_bytes", "Resident memory", memory.map(|kibibytes| kibibytes * 1_024)),
        gauge("process_open_fds", "Open file descriptors", files),
    )
}

/// Load of the database: on PostgreSQL the connections, on SQLite the queues and the group commits.
fn of_database(load: &Load) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: usize| {
        writeln!(text, "# HELP docket_{name} {help}.\n# TYPE docket_{name} gauge\ndocket_{name} {value}")
    };
    if load.connections.get() > 0 {
        let waiting = load.waiting.get();
        gauge("database_connections_limit", "Connections that the pools may open", load.connections.get())?;
        gauge("database_connections_in_use", "Connections in use", load.connections_in_use.get())?;
        gauge("database_connections_waiting", "Calls that wait for a connection", waiting)?;
        return Ok(text);
    }
    gauge("write_queue_length", "Writes that wait for the writing thread", load.queued_writes.get())?;
    gauge("read_queue_length", "Reads that wait for a reading thread", load.queued_reads.get())?;
    let (writes, seconds) = (load.group_writes.get(), load.commit_seconds.get());
    histogram(&mut text, "group_commit_writes", "Writes in a group commit", &writes)?;
    histogram(&mut text, "group_commit_duration_seconds", "Duration of a group commit with its fsync", &seconds)?;
    Ok(text)
}

fn histogram(text: &mut String, name: &str, help: &str, counted: &Counted) -> fmt::Result {
    writeln!(text, "# HELP docket_{name} {help}.\n# TYPE docket_{name} histogram")?;
    for (bound, count) in &counted.up_to {
        writeln!(text, "docket_{name}_bucket{{le=\"{bound:?}\"}} {count}")?;
    }
    writeln!(text, "docket_{name}_bucket{{le=\"+Inf\"}} {}", counted.count)?;
    writeln!(text, "docket_{name}_sum {:?}\ndocket_{name}_count {}", counted.sum, counted.count)
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
