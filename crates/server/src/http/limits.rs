//! Limits of the callers: requests by API key, and invalid credentials by address.
//!
//! Both are counted in this process alone: with several servers, each server grants the whole limit.

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

/// Response headers with the state of a key.
pub const HEADERS: [HeaderName; 3] = [LIMIT, REMAINING, RESET];

impl Standing {
    /// Adds the headers to a response.
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}
