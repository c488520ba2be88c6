//! The domain of Docket: cases and everything that belongs to them, workflows, and every decision.
//!
//! This crate does no I/O, reads no clock, generates no random numbers, and knows neither HTTP nor SQL. The caller
//! passes in everything that a decision depends on. Every change to a case takes the same three steps:
//!
//! ```text
//! load (store) → decide (pure: case, workflow, command, context → Decision or Rejection) → commit (store)
//! ```
//!
//! Only [`decide`](decide::decide) changes a case. Only [`Case::evolve`](case::Case) applies an event. The use cases in
//! [`service`] combine the three steps over the traits of [`store`].

pub mod access_token;
pub mod account;
pub mod account_event;
pub mod actor;
pub mod case;
pub mod catalog;
pub mod command;
pub mod conflict;
pub mod deadline;
pub mod decide;
pub mod decision;
pub mod digest;
pub mod directory;
pub mod document;
pub mod error;
pub mod event;
mod fault;
pub mod feed;
pub mod filter;
pub mod id;
pub mod idempotency;
pub mod import;
pub mod json;
pub mod link;
pub mod log_chain;
mod log_hash;
pub mod merge;
pub mod note;
pub mod numbers;
pub mod page;
pub mod party;
pub mod person;
pub mod primary;
pub mod revision;
pub mod scope;
pub mod service;
pub mod service_level;
pub mod source;
pub mod split;
pub mod statistics;
pub mod store;
pub mod subject;
pub mod tally;
pub mod text;
pub mod time;
pub mod update;
pub mod webhook;
pub mod workflow;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
