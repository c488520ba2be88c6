//! Limits on callers: requests per API key, and failed logins per address.
//!
//! Both are counted in this process only: with several servers on one database, each grants the full limit.

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

/// The headers that report the rate limit.
pub const HEADERS: [HeaderName; 3] = [LIMIT, REMAINING, RESET];

impl Standing {
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}
