//! Invalid credentials by address: after many of them the responses are delayed.
//!
//! Valid credentials are never delayed, so that one client cannot lock out the others behind the same address. The
//! remembered addresses and the waiting responses are bounded; further responses are refused.

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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long failures are counted together.
const REMEMBERED: Duration = Duration::from_secs(60);
/// Addresses that are remembered.
const ADDRESSES: u64 = 10_000;
/// Delay of a response.
const DELAY: Duration = Duration::from_millis(500);
/// Responses to one address that wait at once.
const WAITING_MAX: usize = 64;
/// Responses that wait at once.
const ALL_WAITING_MAX: usize = 4_096;

/// The failures of all addresses.
#[derive(Clone)]
pub struct FailedLogins {
    addresses: Cache<IpAddr, Arc<Address>>,
    waiting: Arc<Semaphore>,
    free: u32,
}

struct Address {
    failures: AtomicU32,
    waiting: Arc<Semaphore>,
}

/// How an invalid credential is answered.
#[derive(Debug)]
enum Course {
    AtOnce,
    /// After a delay, with a place among the responses to the address and among all of them.
    Late(OwnedSemaphorePermit, OwnedSemaphorePermit),
    Refused,
}

impl FailedLogins {
    /// `free` failures a minute from one address are answered without delay.
    #[must_use]
    pub fn new(free: u32) -> Self {
        let addresses = Cache::builder().max_capacity(ADDRESSES).time_to_live(REMEMBERED).build();
        Self { addresses, waiting: Arc::new(Semaphore::new(ALL_WAITING_MAX)), free }
    }

    /// Counts a failure and waits for the delay of its response, without blocking the worker. False when too many
    /// responses wait.
    pub async fn hold_up(&self, address: Option<IpAddr>) -> bool {
        match self.note(address) {
            Course::AtOnce => true,
            Course::Late(_own, _among_all) => {
                sleep(DELAY).await;
                true
            }
            Course::Refused => false,
        }
    }

    fn note(&self, address: Option<IpAddr>) -> Course {
        let Some(address) = address else { return Course::AtOnce };
        let address = self.addresses.get_with(network(address), || {
            Arc::new(Address { failures: AtomicU32::new(0), waiting: Arc::new(Semaphore::new(WAITING_MAX)) })
        });
        if address.failures.fetch_add(1, Ordering::Relaxed) < self.free {
            return Course::AtOnce;
        }
        let own = Arc::clone(&address.waiting).try_acquire_owned().ok();
        let among_all = Arc::clone(&self.waiting).try_acquire_owned().ok();
        own.zip(among_all).map_or(Course::Refused, |(own, among_all)| Course::Late(own, among_all))
    }
}

/// A client usually has a whole IPv6 /64 network.
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
        assert_eq!(logins.waiting.available_permits(), ALL_WAITING_MAX);
    }
}
