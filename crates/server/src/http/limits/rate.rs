//! Requests by API key, counted by `governor` with the generic cell rate algorithm.
//!
//! The counts of the keys are kept in a bounded cache, so that a caller with many keys cannot fill the memory. A refused
//! request must not count.

use std::{
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, Instant},
};

use docket_domain::id::KeyId;
use governor::{
    Quota,
    clock::Clock,
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};
use moka::sync::Cache;

/// Keys that are remembered. Beyond that the least used ones regain their full burst.
const KEYS: u64 = 100_000;

/// Limit for each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests per second.
    pub per_second: NonZeroU32,
    /// Requests at once, after a pause.
    pub burst: NonZeroU32,
}

/// State of a key after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Size of the burst.
    pub limit: u32,
    /// Requests left in the burst.
    pub remaining: u32,
    /// Seconds until the full burst is available again, rounded up to the interval between two requests.
    pub reset: u64,
}

/// The counts of all keys.
#[derive(Clone)]
pub struct RateLimiter(Arc<Counts<Uptime>>);

type Counts<C> = governor::RateLimiter<KeyId, Keys, C, StateInformationMiddleware>;

impl RateLimiter {
    /// With this limit for each key.
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        Self(Arc::new(counts(limit, Uptime(Instant::now()))))
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The request exceeds the limit: seconds to wait before retrying, and the state of the key.
    pub fn count(&self, key: KeyId) -> Result<Standing, (u64, Standing)> {
        count(&self.0, key)
    }
}

fn counts<C: Clock>(limit: RateLimit, clock: C) -> Counts<C> {
    let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
    Counts::new(quota, Keys::new(quota), clock)
}

fn count<C: Clock>(counts: &Counts<C>, key: KeyId) -> Result<Standing, (u64, Standing)> {
    match counts.check_key(&key) {
        Ok(state) => {
            let (limit, remaining) = (state.quota().burst_size().get(), state.remaining_burst_capacity());
            let reset = state.quota().replenish_interval() * limit.saturating_sub(remaining);
            Ok(Standing { limit, remaining, reset: seconds(reset) })
        }
        Err(refused) => {
            let (quota, wait) = (refused.quota(), refused.wait_time_from(counts.clock().now()));
            let limit = quota.burst_size().get();
            // After the wait one request is available and the others are still missing.
            let reset = wait + quota.replenish_interval() * (limit - 1);
            Err((seconds(wait).max(1), Standing { limit, remaining: 0, reset: seconds(reset) }))
        }
    }
}

/// Seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Time since the limiter was created.
struct Uptime(Instant);

impl Clock for Uptime {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

/// The state of each key. `governor`'s own stores grow without a bound until they are swept.
struct Keys(Cache<KeyId, Arc<InMemoryState>>);

impl Keys {
    fn new(quota: Quota) -> Self {
        // A key that was idle for this long has its full burst and need not be remembered.
        let full = quota.burst_size_replenished_in() + Duration::from_secs(1);
        Self(Cache::builder().max_capacity(KEYS).time_to_idle(full).build())
    }
}

impl StateStore for Keys {
    type Key = KeyId;

    fn measure_and_replace<T, F, E>(&self, key: &KeyId, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.get_with(*key, Arc::default).measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limiter(per_second: u32, burst: u32) -> (Counts<FakeRelativeClock>, FakeRelativeClock) {
        let number = |number| NonZeroU32::new(number).unwrap();
        let clock = FakeRelativeClock::default();
        (counts(RateLimit { per_second: number(per_second), burst: number(burst) }, clock.clone()), clock)
    }

    #[test]
    fn a_key_has_its_burst_and_no_other_key_pays_for_it() {
        let (limiter, clock) = limiter(1, 3);
        clock.advance(Duration::from_secs(1));
        let standing = |remaining, reset| Standing { limit: 3, remaining, reset };
        let given = (0..3).map(|_| count(&limiter, KeyId(1)).unwrap()).collect::<Vec<_>>();
        assert_eq!(given, [standing(2, 1), standing(1, 2), standing(0, 3)]);
        assert_eq!(count(&limiter, KeyId(1)), Err((1, standing(0, 3))));
        assert_eq!(count(&limiter, KeyId(2)), Ok(standing(2, 1)));
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(count(&limiter, KeyId(1)), Ok(standing(0, 3)));
    }

    #[test]
    fn a_refused_request_costs_nothing_and_time_gives_back() {
        let (limiter, clock) = limiter(2, 1);
        assert!(count(&limiter, KeyId(1)).is_ok());
        clock.advance(Duration::from_nanos(499_999_999));
        for _ in 0..100 {
            assert!(count(&limiter, KeyId(1)).is_err());
        }
        clock.advance(Duration::from_nanos(1));
        assert!(count(&limiter, KeyId(1)).is_ok());
    }

    #[test]
    fn in_the_long_run_a_key_gets_what_the_limit_says() {
        let (limiter, clock) = limiter(100, 10);
        let given = (0..10_000).filter(|_| {
            clock.advance(Duration::from_millis(1));
            count(&limiter, KeyId(1)).is_ok()
        });
        let given = given.count();
        assert!((1_000..=1_010).contains(&given), "{given} in ten seconds");
    }

    #[test]
    fn the_largest_limits_do_not_overflow() {
        let (limiter, clock) = limiter(1, u32::MAX);
        assert_eq!(count(&limiter, KeyId(1)).unwrap().remaining, u32::MAX - 1);
        clock.advance(Duration::from_secs(100 * 365 * 24 * 3_600));
        assert_eq!(count(&limiter, KeyId(1)).unwrap().remaining, u32::MAX - 1);
        let (limiter, _) = self::limiter(u32::MAX, 1);
        assert!(count(&limiter, KeyId(1)).is_ok());
    }
}
