//! Failed logins per address: after many of them, responses are delayed.
//!
//! Valid credentials are never delayed, so that a client is not locked out by another one at the same address. The
//! number of remembered addresses is bounded. So is the number of delayed responses; a request beyond it is refused.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use actix_web::rt::time::sleep;
use moka::sync::Cache;

/// Failures within this time count together.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Number of remembered addresses.
const ADDRESSES: u64 = 10_000;
/// Delay of a response.
const WAIT: Duration = Duration::from_millis(500);
/// Maximum number of delayed responses at a time, per address.
const WAITING_MAX: u32 = 64;
/// Maximum number of delayed responses at a time.
const ALL_WAITING_MAX: u32 = 4_096;

#[derive(Clone)]
pub struct FailedLogins {
    addresses: Cache<IpAddr, Arc<Address>>,
    waiting: Arc<AtomicU32>,
    free: u32,
}

#[derive(Default)]
struct Address {
    failures: AtomicU32,
    waiting: Arc<AtomicU32>,
}

/// How to respond to an invalid credential.
#[derive(Debug)]
enum Course {
    AtOnce,
    Late(Place, Place),
    Refused,
}

/// A slot for a delayed response. Dropping it frees the slot.
#[derive(Debug)]
struct Place(Arc<AtomicU32>);

impl Place {
    fn take(waiting: &Arc<AtomicU32>, most: u32) -> Option<Self> {
        let add = |waiting: u32| Some(waiting + 1).filter(|waiting| *waiting <= most);
        let taken = waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok();
        taken.then(|| Self(Arc::clone(waiting)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl FailedLogins {
    /// `free` failures per minute and address are answered without delay.
    #[must_use]
    pub fn new(free: u32) -> Self {
        let addresses = Cache::builder().max_capacity(ADDRESSES).time_to_live(REMEMBERED).build();
        Self { addresses, waiting: Arc::default(), free }
    }

    /// Counts a failure and waits for its delay, without blocking a worker. `false` if too many responses are waiting:
    /// the request must be refused.
    pub async fn hold_up(&self, address: Option<IpAddr>) -> bool {
        match self.note(address) {
            Course::AtOnce => true,
            Course::Late(_own, _among_all) => {
                sleep(WAIT).await;
                true
            }
            Course::Refused => false,
        }
    }

    fn note(&self, address: Option<IpAddr>) -> Course {
        let Some(address) = address else { return Course::AtOnce };
        let address = self.addresses.get_with(network(address), Arc::default);
        if address.failures.fetch_add(1, Ordering::Relaxed) < self.free {
            return Course::AtOnce;
        }
        let own = Place::take(&address.waiting, WAITING_MAX);
        let among_all = Place::take(&self.waiting, ALL_WAITING_MAX);
        own.zip(among_all).map_or(Course::Refused, |(own, among_all)| Course::Late(own, among_all))
    }
}

/// An IPv6 client usually has a /64, so its addresses count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        IpAddr::V4(address) => IpAddr::V4(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn after_many_failures_from_one_address_answers_come_late() {
        let logins = FailedLogins::new(2);
        for _ in 0..2 {
            assert!(matches!(logins.note(address("192.0.2.1")), Course::AtOnce));
        }
        assert!(matches!(logins.note(address("192.0.2.1")), Course::Late(..)));
        assert!(matches!(logins.note(address("::ffff:192.0.2.1")), Course::Late(..)));
        assert!(matches!(logins.note(address("192.0.2.2")), Course::AtOnce));
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let logins = FailedLogins::new(1);
        assert!(matches!(logins.note(address("2001:db8::1")), Course::AtOnce));
        assert!(matches!(logins.note(address("2001:db8::ffff:2")), Course::Late(..)));
        assert!(matches!(logins.note(address("2001:db8:0:1::1")), Course::AtOnce));
    }

    #[test]
    fn only_so_many_wait_and_the_others_are_refused() {
        let logins = FailedLogins::new(0);
        let waiting = (0..WAITING_MAX).map(|_| logins.note(address("192.0.2.1"))).collect::<Vec<_>>();
        assert!(waiting.iter().all(|course| matches!(course, Course::Late(..))));
        assert!(matches!(logins.note(address("192.0.2.1")), Course::Refused));
        assert!(matches!(logins.note(address("192.0.2.2")), Course::Late(..)));
        drop(waiting);
        assert!(matches!(logins.note(address("192.0.2.1")), Course::Late(..)));
        assert_eq!(logins.waiting.load(Ordering::Relaxed), 0);
    }
}
