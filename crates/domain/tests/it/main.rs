//! The integration tests of the domain crate, one binary.
#![expect(clippy::unwrap_used, reason = "tests")]

mod deadline;
