//! Metrics for Prometheus.

use std::{fmt, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

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

/// The metrics of this process. Labels are route patterns, never paths, so that their number is bounded.
pub struct Metrics {
    registry: Registry,
    answered: Family<ResponseLabels, Counter>,
    took: Family<Took, Histogram, fn() -> Histogram>,
}

impl Metrics {
    #[must_use]
    pub fn new() -> Self {
        let answered = Family::<ResponseLabels, Counter>::default();
        let took = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let mut registry = Registry::with_prefix("docket");
        registry.register("http_requests", "HTTP requests", answered.clone());
        registry.register("http_request_duration_seconds", "Duration of HTTP requests", took.clone());
        Self { registry, answered, took }
    }

    /// Counts a response. All unknown methods have one label.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = if known.contains(&method) { method } else { "other" }.to_owned();
        let answered = ResponseLabels { method: method.clone(), route: route.to_owned(), status: status.into() };
        self.answered.get_or_create(&answered).inc();
        self.took.get_or_create(&Took { method, route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// The metrics in the text exposition format.
    ///
    /// # Errors
    /// If they cannot be formatted.
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
