//! The tests of the domain crate that need only what it makes public: one binary for all of them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cases;
mod deadline;
mod workflow;
