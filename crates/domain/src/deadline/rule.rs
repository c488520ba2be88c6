//! The rules of computation, one file each, and what they share.

pub(super) mod bgb;
mod days_off;
pub(super) mod frcp6;
mod length;
pub(super) mod plain;
mod steps;
