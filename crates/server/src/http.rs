//! What every request passes on its way to a handler, and back.

pub mod edge;
pub mod endpoint;
pub mod gate;
pub mod idempotency;
pub mod limits;
pub mod metrics;
pub mod request_id;
pub mod tls;
