//! How much a caller may ask: requests by api key, and credentials that open nothing by address.
//!
//! Both are counted in this process alone: of several servers on one database each gives the whole limit.

mod logins;
mod rate;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

pub use self::{
    logins::FailedLogins,
    rate::{RateLimit, RateLimiter, Standing},
};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// What tells a caller where its key stands.
pub const HEADERS: [HeaderName; 3] = [LIMIT, REMAINING, RESET];

impl Standing {
    /// Tells the caller.
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}
