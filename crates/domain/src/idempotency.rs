//! Idempotent requests: what an idempotency key stands for, and the outcome of a repeated request.
//!
//! Each try at a request with a key is an *attempt*. The store writes the data of an attempt and the mark that it took
//! effect in one transaction; the response is stored afterwards. So a crash cannot double an effect, and an attempt
//! whose lease was taken over cannot commit later.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    error::FieldError,
    id::{AccountId, CaseId, KeyId},
    time::Timestamp,
};

/// Maximum length of a key in bytes.
const KEY_MAX: usize = 255;

/// Lifetime of a key: a request with the same key within it is the same request.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Keys that were first sent at this time or before have expired.
#[must_use]
pub fn expired_until(now: Timestamp) -> Timestamp {
    now - LIFETIME
}

/// A key chosen by the caller: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Parses a key, with or without double quotes.
    ///
    /// # Errors
    /// A [`FieldError`] if the key is empty, too long or has a character that is not visible ASCII.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        let fits = (1..=KEY_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        let expected =
            || FieldError::new("Idempotency-Key", format!("must be 1 to {KEY_MAX} visible ASCII characters"));
        fits.then(|| Self(text.to_owned())).ok_or_else(expected)
    }

    /// Text of the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One try at a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Account of the caller.
    pub account: AccountId,
    /// API key of the caller.
    pub caller: KeyId,
    /// Idempotency key of the request.
    pub key: IdempotencyKey,
    /// Unique id of the attempt.
    pub id: Uuid,
}

/// An attempt to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttempt {
    /// The attempt.
    pub attempt: Attempt,
    /// SHA-256 of the parts of the request that must be equal in every attempt.
    pub fingerprint: Vec<u8>,
    /// Start time of the attempt.
    pub now: Timestamp,
    /// End of the lease. A later request may take over an attempt that has had no effect by then.
    pub lease_until: Timestamp,
}

/// What a request wrote. The response can be built again from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A case was created or changed.
    Case(CaseEffect),
    /// A row that belongs to no case was created or changed: its integer id. The request determines the kind of the
    /// row.
    Other(i64),
}

/// The case that a request created or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseEffect {
    /// Id of the case.
    pub case: CaseId,
    /// Version of the case after the change.
    pub version: i64,
}

impl Effect {
    /// The case that was created or changed, if any.
    #[must_use]
    pub const fn on_case(self) -> Option<CaseEffect> {
        match self {
            Self::Case(effect) => Some(effect),
            Self::Other(_) => None,
        }
    }

    /// The id of the row that was created or changed, if it belongs to no case.
    #[must_use]
    pub const fn other(self) -> Option<i64> {
        match self {
            Self::Case(_) => None,
            Self::Other(id) => Some(id),
        }
    }
}

/// A stored response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// HTTP status code.
    pub status: u16,
    /// Headers to repeat, as name and value.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// The stored state of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// SHA-256 of the request.
    pub fingerprint: Vec<u8>,
    /// Id of the current attempt.
    pub attempt: Uuid,
    /// Start time of the first attempt.
    pub created_at: Timestamp,
    /// End of the current attempt's lease.
    pub lease_until: Timestamp,
    /// Whether an attempt wrote anything.
    pub effected: bool,
    /// What was written, if the response can be built again from it.
    pub effect: Option<Effect>,
    /// The response, once it is stored.
    pub answer: Option<StoredResponse>,
}

/// How to handle a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Carry out the request: no earlier attempt took effect or still can.
    CarryOut,
    /// The request took effect but its response is not stored: build the response again and write nothing.
    Rebuild {
        /// What the earlier attempt wrote.
        effect: Effect,
        /// Remaining seconds of the earlier attempt's lease. `None` if the lease is over.
        under_way: Option<u64>,
    },
    /// Return the stored response.
    Replay(StoredResponse),
    /// The request is in progress; its lease has this many seconds left.
    InFlight(u64),
    /// The request took effect, but its response is not stored and cannot be built again.
    ResponseLost,
    /// The key was used for a different request.
    OtherRequest,
}

impl Record {
    /// Whether the key has expired.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.created_at <= expired_until(now)
    }

    /// Decides how to handle a request with this fingerprint.
    #[must_use]
    pub fn judge(&self, fingerprint: &[u8], now: Timestamp) -> Verdict {
        if self.is_expired(now) {
            return Verdict::CarryOut;
        }
        if self.fingerprint != fingerprint {
            return Verdict::OtherRequest;
        }
        let seconds = u64::try_from((self.lease_until - now).num_seconds() + 1).unwrap_or(1);
        let under_way = (now < self.lease_until).then_some(seconds);
        match (&self.answer, self.effected, self.effect, under_way) {
            (Some(answer), _, _, _) => Verdict::Replay(answer.clone()),
            (None, true, Some(effect), under_way) => Verdict::Rebuild { effect, under_way },
            (None, _, _, Some(seconds)) => Verdict::InFlight(seconds),
            (None, true, None, None) => Verdict::ResponseLost,
            (None, false, _, None) => Verdict::CarryOut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        "2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap() + TimeDelta::seconds(seconds)
    }

    fn record() -> Record {
        Record {
            fingerprint: vec![1],
            attempt: Uuid::nil(),
            created_at: at(0),
            lease_until: at(40),
            effected: false,
            effect: None,
            answer: None,
        }
    }

    #[test]
    fn a_request_is_in_progress_until_its_lease_ends_and_is_then_carried_out() {
        assert_eq!(record().judge(&[1], at(0)), Verdict::InFlight(41));
        assert_eq!(record().judge(&[1], at(39)), Verdict::InFlight(2));
        assert_eq!(record().judge(&[1], at(40)), Verdict::CarryOut);
    }

    #[test]
    fn a_request_that_took_effect_is_never_carried_out_again() {
        let effect = Effect::Case(CaseEffect { case: CaseId(1), version: 2 });
        let effected = Record { effected: true, effect: Some(effect), ..record() };
        assert_eq!(effected.judge(&[1], at(1)), Verdict::Rebuild { effect, under_way: Some(40) });
        assert_eq!(effected.judge(&[1], at(40)), Verdict::Rebuild { effect, under_way: None });
        let unknown = Record { effected: true, ..record() };
        assert_eq!(unknown.judge(&[1], at(1)), Verdict::InFlight(40));
        assert_eq!(unknown.judge(&[1], at(4000)), Verdict::ResponseLost);
    }

    #[test]
    fn a_different_request_is_refused_and_a_response_is_kept_for_a_day() {
        let answer = StoredResponse { status: 201, headers: Vec::new(), body: Vec::new() };
        let answered = Record { effected: true, answer: Some(answer.clone()), ..record() };
        assert_eq!(answered.judge(&[2], at(1)), Verdict::OtherRequest);
        assert_eq!(record().judge(&[2], at(1)), Verdict::OtherRequest);
        assert_eq!(answered.judge(&[1], at(86_399)), Verdict::Replay(answer));
        assert_eq!(answered.judge(&[1], at(86_400)), Verdict::CarryOut);
        assert_eq!(answered.judge(&[2], at(86_400)), Verdict::CarryOut);
    }

    #[test]
    fn keys_are_visible_ascii() {
        assert_eq!(IdempotencyKey::parse(" \"8e03978e-40d5\" ").unwrap().as_str(), "8e03978e-40d5");
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
        for bad in ["", "  ", "\"\"", "a b", "ä", "a\u{7f}", &"k".repeat(256)] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
