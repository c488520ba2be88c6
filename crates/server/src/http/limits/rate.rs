//! The rate limit of API keys.
//!
//! The generic cell rate algorithm: each key has one number, the time up to which it has used its limit. A request
//! moves that time ahead by the interval between two requests. A request that would move it further ahead than a full
//! burst is refused, and moves nothing.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use docket_domain::id::KeyId;
use moka::sync::Cache;

/// Nanoseconds per second.
const SECOND: u64 = 1_000_000_000;
/// Number of remembered keys. Beyond it, the least used ones start again with a full burst.
const KEYS: u64 = 100_000;

/// The limit of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Sustained requests per second.
    pub per_second: NonZeroU32,
    /// Requests that an idle key may send at once.
    pub burst: NonZeroU32,
}

/// State of the rate limit of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Burst size, in requests.
    pub limit: u32,
    /// Requests left in the burst.
    pub remaining: u32,
    /// Seconds until the full burst is available again.
    pub reset: u64,
}

#[derive(Clone)]
pub struct RateLimiter {
    limit: RateLimit,
    begin: Instant,
    keys: Cache<KeyId, Arc<AtomicU64>>,
}

impl RateLimiter {
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        // An idle client regains its full burst.
        let rested = Duration::from_nanos(span(limit)).saturating_add(Duration::from_secs(1));
        let keys = Cache::builder().max_capacity(KEYS).time_to_idle(rested).build();
        Self { limit, begin: Instant::now(), keys }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The limit is exceeded: seconds to wait before retrying, and the state.
    pub fn count(&self, key: KeyId) -> Result<Standing, (u64, Standing)> {
        let now = u64::try_from(self.begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.count_at(key, now)
    }

    /// [`count`](Self::count) at a time in nanoseconds since `begin`.
    fn count_at(&self, key: KeyId, now: u64) -> Result<Standing, (u64, Standing)> {
        let given_until = self.keys.get_with(key, Arc::default);
        let (interval, latest) = (interval(self.limit), now.saturating_add(span(self.limit)));
        let moved = given_until.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |until| {
            Some(until.max(now).saturating_add(interval)).filter(|next| *next <= latest)
        });
        let limit = self.limit.burst.get();
        match moved {
            Ok(before) => {
                let until = before.max(now).saturating_add(interval);
                let remaining = u32::try_from((latest - until) / interval).unwrap_or(limit);
                Ok(Standing { limit, remaining, reset: seconds(until - now) })
            }
            Err(until) => {
                let wait = until.saturating_add(interval).saturating_sub(latest);
                Err((seconds(wait).max(1), Standing { limit, remaining: 0, reset: seconds(until.saturating_sub(now)) }))
            }
        }
    }
}

/// Nanoseconds between two requests.
fn interval(limit: RateLimit) -> u64 {
    (SECOND / u64::from(limit.per_second.get())).max(1)
}

/// Time of a full burst, in nanoseconds.
fn span(limit: RateLimit) -> u64 {
    interval(limit).saturating_mul(limit.burst.get().into())
}

/// Whole seconds, rounded up.
const fn seconds(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(per_second: u32, burst: u32) -> RateLimiter {
        let number = |number| NonZeroU32::new(number).unwrap();
        RateLimiter::new(RateLimit { per_second: number(per_second), burst: number(burst) })
    }

    #[test]
    fn a_key_has_its_burst_and_no_other_key_pays_for_it() {
        let limiter = limiter(1, 3);
        let standing = |remaining, reset| Standing { limit: 3, remaining, reset };
        let given = (0..3).map(|_| limiter.count_at(KeyId(1), SECOND).unwrap()).collect::<Vec<_>>();
        assert_eq!(given, [standing(2, 1), standing(1, 2), standing(0, 3)]);
        assert_eq!(limiter.count_at(KeyId(1), SECOND), Err((1, standing(0, 3))));
        assert_eq!(limiter.count_at(KeyId(2), SECOND), Ok(standing(2, 1)));
    }

    #[test]
    fn a_refused_request_costs_nothing_and_time_gives_back() {
        let limiter = limiter(2, 1);
        assert!(limiter.count_at(KeyId(1), 0).is_ok());
        for _ in 0..100 {
            assert!(limiter.count_at(KeyId(1), SECOND / 2 - 1).is_err());
        }
        assert!(limiter.count_at(KeyId(1), SECOND / 2).is_ok());
    }

    #[test]
    fn in_the_long_run_a_key_gets_what_the_limit_says() {
        let limiter = limiter(100, 10);
        let given = (0..10_000).filter(|at| limiter.count_at(KeyId(1), at * SECOND / 1_000).is_ok()).count();
        assert!((1_000..=1_010).contains(&given), "{given} in ten seconds");
    }
}
