//! Requests that may be sent again: what a key stands for, and what a second request under it is told.
//!
//! A request under a key is an *attempt*. Whatever an attempt writes is written together with the mark that it had its
//! effect, or not at all; its answer is kept afterwards. So there is no moment at which a crash could double an effect,
//! and none at which an attempt that was given up for dead could still have one.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    error::FieldError,
    id::{AccountId, CaseId, KeyId},
    time::Timestamp,
};

/// The longest key, in bytes.
const KEY_MAX: usize = 255;

/// Lifetime of a key: a request with the same key within it is the same request.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Keys that were first sent at this time or before have expired.
#[must_use]
pub fn expired_until(now: Timestamp) -> Timestamp {
    now - LIFETIME
}

/// A key as a caller chose it: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes what the caller sent, in quotes or without.
    ///
    /// # Errors
    /// Where it is empty, too long or not of visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        let fits = (1..=KEY_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        let expected =
            || FieldError::new("Idempotency-Key", format!("must be 1 to {KEY_MAX} visible ASCII characters"));
        fits.then(|| Self(text.to_owned())).ok_or_else(expected)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One try at a request under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The account of the caller.
    pub account: AccountId,
    /// The API key that sends the request.
    pub caller: KeyId,
    /// The key that it chose.
    pub key: IdempotencyKey,
    /// The name of this try, which no other has.
    pub id: Uuid,
}

/// What an attempt is begun with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttempt {
    /// Whose try it is.
    pub attempt: Attempt,
    /// SHA-256 of the request, whatever of it must be the same each time.
    pub fingerprint: Vec<u8>,
    /// When it begins.
    pub now: Timestamp,
    /// When it can no longer be under way, unless it was forgotten.
    pub lease_until: Timestamp,
}

/// What a request wrote, as far as its answer is made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It created or changed a case.
    Case(CaseEffect),
    /// It created or changed something that belongs to no case: its integer id, of the kind that the request is about.
    Other(i64),
}

/// The case that a request created or changed, and the version that it made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseEffect {
    /// The case.
    pub case: CaseId,
    /// The version after the change.
    pub version: i64,
}

impl Effect {
    /// The case that was created or changed, if one was.
    #[must_use]
    pub const fn on_case(self) -> Option<CaseEffect> {
        match self {
            Self::Case(effect) => Some(effect),
            Self::Other(_) => None,
        }
    }

    /// The id of what was created or changed, where that belongs to no case.
    #[must_use]
    pub const fn other(self) -> Option<i64> {
        match self {
            Self::Case(_) => None,
            Self::Other(id) => Some(id),
        }
    }
}

/// An answer as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers that belong to the content.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of a request under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// SHA-256 of the request.
    pub fingerprint: Vec<u8>,
    /// The try that is at it.
    pub attempt: Uuid,
    /// When it was first sent.
    pub created_at: Timestamp,
    /// When the try can no longer be under way.
    pub lease_until: Timestamp,
    /// Whether something was written.
    pub effected: bool,
    /// What was written, where an answer can be made of it.
    pub effect: Option<Effect>,
    /// The answer, once there is one.
    pub answer: Option<Answer>,
}

/// What is to be done with a request under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Carry it out: nobody has, or whoever tried has had no effect and never will.
    CarryOut,
    /// It had this effect, but there is no answer: make it again, and write nothing.
    AnswerAgain {
        /// What it did.
        effect: Effect,
        /// The seconds for which whoever did it may still be about to answer; none where nobody is.
        under_way: Option<u64>,
    },
    /// It was answered: with this.
    Answered(Answer),
    /// It is under way: ask again after so many seconds.
    InFlight(u64),
    /// It had its effect, but its answer was lost and cannot be made again.
    AnswerLost,
    /// The key stands for another request.
    OtherRequest,
}

impl Record {
    /// Whether the key has expired.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.created_at <= expired_until(now)
    }

    /// What is to be done with a request of that fingerprint.
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
            (Some(answer), _, _, _) => Verdict::Answered(answer.clone()),
            (None, true, Some(effect), under_way) => Verdict::AnswerAgain { effect, under_way },
            (None, _, _, Some(seconds)) => Verdict::InFlight(seconds),
            (None, true, None, None) => Verdict::AnswerLost,
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
    fn a_request_is_under_way_until_its_lease_ends_and_then_tried_anew() {
        assert_eq!(record().judge(&[1], at(0)), Verdict::InFlight(41));
        assert_eq!(record().judge(&[1], at(39)), Verdict::InFlight(2));
        assert_eq!(record().judge(&[1], at(40)), Verdict::CarryOut);
    }

    #[test]
    fn an_effect_is_answered_again_and_never_made_again() {
        let effect = Effect::Case(CaseEffect { case: CaseId(1), version: 2 });
        let effected = Record { effected: true, effect: Some(effect), ..record() };
        assert_eq!(effected.judge(&[1], at(1)), Verdict::AnswerAgain { effect, under_way: Some(40) });
        assert_eq!(effected.judge(&[1], at(40)), Verdict::AnswerAgain { effect, under_way: None });
        let unknown = Record { effected: true, ..record() };
        assert_eq!(unknown.judge(&[1], at(1)), Verdict::InFlight(40));
        assert_eq!(unknown.judge(&[1], at(4000)), Verdict::AnswerLost);
    }

    #[test]
    fn another_request_is_refused_and_an_answer_kept_for_a_day() {
        let answer = Answer { status: 201, headers: Vec::new(), body: Vec::new() };
        let answered = Record { effected: true, answer: Some(answer.clone()), ..record() };
        assert_eq!(answered.judge(&[2], at(1)), Verdict::OtherRequest);
        assert_eq!(record().judge(&[2], at(1)), Verdict::OtherRequest);
        assert_eq!(answered.judge(&[1], at(86_399)), Verdict::Answered(answer));
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
