//! What is counted, for Prometheus to fetch.

use std::{fmt, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// The upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Took {
    method: String,
    route: String,
}

/// The counts of this process. Labels are the patterns of paths, never paths, so that their number is bounded.
pub struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    took: Family<Took, Histogram, fn() -> Histogram>,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let answered = Family::<Answered, Counter>::default();
        let took = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let mut registry = Registry::with_prefix("docket");
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register("http_request_duration_seconds", "Time from request to answer", took.clone());
        Self { registry, answered, took }
    }

    /// Counts an answer. Methods that nothing takes are one.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = if known.contains(&method) { method } else { "other" }.to_owned();
        let answered = Answered { method: method.clone(), route: route.to_owned(), status: status.into() };
        self.answered.get_or_create(&answered).inc();
        self.took.get_or_create(&Took { method, route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// The counts as text in the exposition format.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
