//! Tests of the domain crate through its public interface, in one binary.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cases;
mod conflict;
mod deadline;
mod service_level;
mod workflow;
