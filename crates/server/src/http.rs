//! What every request passes before and after its handler: authentication, limits, idempotency, the access log and
//! metrics.

pub mod edge;
pub mod endpoint;
pub mod gate;
pub mod idempotency;
pub mod limits;
pub mod metrics;
pub mod request_id;
pub mod tls;
