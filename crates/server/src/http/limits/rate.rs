//! Requests by api key.
//!
//! The generic cell rate algorithm: of each key one number is kept, the time at which it has asked for nothing that it
//! has not been given. A request moves that on by the interval between two requests; one that would move it further
//! ahead than a whole burst is refused, and moves nothing.

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

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;
/// How many keys are remembered; beyond that those that ask least begin anew.
const KEYS: u64 = 100_000;

/// What a key may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many requests a second, in the long run.
    pub per_second: NonZeroU32,
    /// How many at once, after a rest.
    pub burst: NonZeroU32,
}

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How many requests it may make at once after a rest.
    pub limit: u32,
    /// How many it may make now.
    pub remaining: u32,
    /// The seconds after which it may make all of them.
    pub reset: u64,
}

/// The counts of all keys.
#[derive(Clone)]
pub struct RateLimiter {
    limit: RateLimit,
    begin: Instant,
    keys: Cache<KeyId, Arc<AtomicU64>>,
}

impl RateLimiter {
    /// With this limit for each key.
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
    /// The seconds after which the key may ask again, and where it stands: this request was one too many.
    pub fn count(&self, key: KeyId) -> Result<Standing, (u64, Standing)> {
        let now = u64::try_from(self.begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.count_at(key, now)
    }

    /// The same at so many nanoseconds since the counting began.
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

/// From one request to the next, in nanoseconds.
fn interval(limit: RateLimit) -> u64 {
    (SECOND / u64::from(limit.per_second.get())).max(1)
}

/// What a whole burst takes, in nanoseconds.
fn span(limit: RateLimit) -> u64 {
    interval(limit).saturating_mul(limit.burst.get().into())
}

/// Whole seconds, never too few.
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
