//! The pure heart of Docket: cases and everything that belongs to them, the workflow that moves them, and every decision.
//!
//! Nothing here does I/O, reads a clock, draws a random number or knows of HTTP or SQL: what a decision depends on is handed in.

pub mod deadline;
