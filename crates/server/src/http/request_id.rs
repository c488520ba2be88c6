//! The id of a request, in its response and in the log.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// Header of requests and responses.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Maximum length of an id that a caller may choose.
const LONGEST: usize = 128;

/// The id that the caller sent if it is safe to log, else a new one.
#[must_use]
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(HEADER).filter(|value| is_sane(value.as_bytes()));
    let made = || HeaderValue::from_str(&Uuid::now_v7().to_string());
    given.cloned().or_else(|| made().ok()).unwrap_or_else(|| HeaderValue::from_static("none"))
}

fn is_sane(id: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    (1..=LONGEST).contains(&id.len()) && id.iter().all(plain)
}
