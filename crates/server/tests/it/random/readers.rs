//! Calls of every body and query parser. The fuzz targets use the same files.

pub(super) mod bodies;
pub(super) mod queries;
