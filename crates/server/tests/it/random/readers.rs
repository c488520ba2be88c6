//! Every reader of a body and of a query; the fuzz targets have them, too.

pub(super) mod bodies;
pub(super) mod queries;
