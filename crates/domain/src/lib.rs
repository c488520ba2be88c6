//! The pure heart of Docket: cases and everything that belongs to them, the workflow that moves them, and every decision.
//!
//! Nothing here does I/O, reads a clock, draws a random number or knows of HTTP or SQL: whatever a decision depends on
//! is handed in. A change to a case always runs the same way:
//!
//! ```text
//! load (store) → decide (pure: case, workflow, command, context → Decision or Rejection) → commit (store)
//! ```
//!
//! [`decide`](decide::decide) is the only way a case changes, [`Case::evolve`](case::Case) is the only way an event
//! takes effect, and [`service`] is where the three steps are put together over the traits of [`store`].

pub mod access_token;
pub mod account;
pub mod account_event;
pub mod actor;
pub mod case;
pub mod command;
pub mod deadline;
pub mod decide;
pub mod decision;
pub mod digest;
pub mod directory;
pub mod document;
pub mod error;
pub mod event;
mod fault;
pub mod filter;
pub mod id;
pub mod idempotency;
pub mod import;
pub mod json;
pub mod link;
pub mod log_chain;
mod log_hash;
pub mod note;
pub mod numbers;
pub mod page;
pub mod party;
pub mod person;
pub mod primary;
pub mod revision;
pub mod scope;
pub mod service;
pub mod source;
pub mod statistics;
pub mod store;
pub mod subject;
pub mod tally;
pub mod text;
pub mod time;
pub mod update;
pub mod workflow;
