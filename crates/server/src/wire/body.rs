//! JSON request bodies.

use std::{collections::HashSet, fmt, future::Future, pin::Pin};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, http::header, web};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use crate::{
    app::App,
    wire::{
        api_error::RequestError,
        fields::{Fields, FromFields},
        problem::Problem,
    },
};

/// A JSON object, read field by field. The parser refuses more than 127 levels of nesting.
#[derive(Debug)]
pub struct Body<B>(pub B);

impl<B: FromFields> FromRequest for Body<B> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let body = async { read(object_or_list(read_bytes(&request, payload.await).await?, B::LIST).await?) }.await;
            body.map(Self).map_err(|problem| RequestError::new(&request, problem))
        })
    }
}

/// A JSON object, or an empty body.
#[derive(Debug)]
pub struct OptionalBody<B>(pub Option<B>);

impl<B: FromFields> FromRequest for OptionalBody<B> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let body = async {
                let bytes = read_bytes(&request, payload.await).await?;
                if bytes.is_empty() { Ok(None) } else { read(object(bytes).await?).map(Some) }
            };
            body.await.map(Self).map_err(|problem: Problem| RequestError::new(&request, problem))
        })
    }
}

/// A JSON object with any fields.
#[derive(Debug)]
pub struct AnyObject(pub serde_json::Map<String, Value>);

impl FromRequest for AnyObject {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let body = async { object(read_bytes(&request, payload.await).await?).await }.await;
            body.map(Self).map_err(|problem| RequestError::new(&request, problem))
        })
    }
}

fn read<B: FromFields>(fields: serde_json::Map<String, Value>) -> Result<B, Problem> {
    Fields::new(fields).read().map_err(Problem::from)
}

/// The bytes of a JSON body.
///
/// # Errors
/// Another media type, a content coding, too many bytes, or an incomplete body.
pub async fn read_bytes(request: &HttpRequest, payload: Result<web::Payload, Error>) -> Result<web::Bytes, Problem> {
    let is_json = is_json(request);
    if !is_json && declared_length(request).is_some_and(|length| length > 0) {
        return Err(Problem::WrongMediaType("application/json"));
    }
    let bytes = read_bounded(request, payload).await?;
    // An empty body needs no media type.
    if is_json || bytes.is_empty() { Ok(bytes) } else { Err(Problem::WrongMediaType("application/json")) }
}

fn declared_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok())
}

/// Refuses a compressed body: the limit on its bytes would not limit the decompressed size.
///
/// # Errors
/// The body has a content coding.
pub fn refuse_encoded(request: &HttpRequest) -> Result<(), Problem> {
    let mut codings = request.headers().get_all(header::CONTENT_ENCODING);
    if codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Problem::WrongMediaType("sent without Content-Encoding"))
}

/// The bytes of a body of any media type.
///
/// # Errors
/// A content coding, too many bytes, or an incomplete body.
pub async fn read_bounded(request: &HttpRequest, payload: Result<web::Payload, Error>) -> Result<web::Bytes, Problem> {
    let limit = request.app_data::<web::Data<App>>().map_or(0, |app| app.config().max_body_bytes);
    refuse_encoded(request)?;
    if declared_length(request).is_some_and(|length| length > limit) {
        return Err(Problem::TooLarge(limit));
    }
    let broken = |_| Problem::Malformed("the body is incomplete".to_owned());
    let bytes = payload.map_err(broken)?.to_bytes_limited(limit).await.map_err(|_| Problem::TooLarge(limit))?;
    bytes.map_err(broken)
}

/// Whether the media type is JSON or based on it (`+json`). A body without a media type counts as JSON.
fn is_json(request: &HttpRequest) -> bool {
    let Some(declared) = request.headers().get(header::CONTENT_TYPE) else { return true };
    let essence = declared.to_str().ok().and_then(|declared| declared.split(';').next()).unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// An object, or an array in place of an object that has only the field `list`.
async fn object_or_list(bytes: web::Bytes, list: Option<&str>) -> Result<serde_json::Map<String, Value>, Problem> {
    let array = list.filter(|_| bytes.trim_ascii_start().starts_with(b"["));
    let Some(list) = array else { return object(bytes).await };
    Ok(serde_json::Map::from_iter([(list.to_owned(), parse(bytes).await?)]))
}

/// Parses a JSON object. A long body is parsed on the blocking pool.
///
/// # Errors
/// The bytes are not JSON, not an object, or an object repeats a name.
pub async fn object(bytes: web::Bytes) -> Result<serde_json::Map<String, Value>, Problem> {
    match parse(bytes).await? {
        Value::Object(fields) => Ok(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Problem::Malformed("the body must be a JSON object".to_owned()))
        }
    }
}

/// Bodies up to this length, in bytes, are parsed on the worker, in well under a millisecond.
const INLINE_MAX: usize = 64 << 10;

async fn parse(bytes: web::Bytes) -> Result<Value, Problem> {
    if bytes.len() <= INLINE_MAX {
        return parse_now(&bytes);
    }
    let parsed = web::block(move || parse_now(&bytes)).await;
    parsed.unwrap_or_else(|_| Err(Problem::Malformed("the server is shutting down".to_owned())))
}

fn parse_now(bytes: &[u8]) -> Result<Value, Problem> {
    if names_a_number(bytes) {
        return Err(Problem::Malformed(format!("the body must not have a field named {NUMBER}")));
    }
    let malformed = |error: serde_json::Error| Problem::Malformed(format!("the body must be JSON: {error}"));
    serde_json::from_slice::<UniqueNames>(bytes).map_err(malformed)?;
    serde_json::from_slice(bytes).map_err(malformed)
}

/// JSON in which no object repeats a name. serde_json would keep the last value and drop the others.
struct UniqueNames;

impl<'de> Deserialize<'de> for UniqueNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for UniqueNames {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                let shown = name.chars().take(100).collect::<String>();
                return Err(A::Error::custom(format!("the name {shown:?} is repeated in an object")));
            }
            names.insert(name);
            members.next_value::<Self>()?;
        }
        Ok(self)
    }
}

/// The name under which serde_json passes the text of a number from its parser to a value. An object with a field of
/// this name would become a number, so it is refused.
const NUMBER: &str = "$serde_json::private::Number";

/// Also finds the name if some of its characters are escaped.
fn names_a_number(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((text, behind)) = next_string(rest) {
        if behind.trim_ascii_start().starts_with(b":") && is_number_name(text) {
            return true;
        }
        rest = behind;
    }
    false
}

fn is_number_name(text: &[u8]) -> bool {
    let may_be = text.len() <= NUMBER.len() * "\\u0000".len() + 2;
    may_be && serde_json::from_slice::<String>(text).is_ok_and(|text| text == NUMBER)
}

/// The next string of a JSON text with its quotes, and the text after it.
fn next_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, from) = bytes.split_at_checked(bytes.iter().position(|byte| *byte == b'"')?)?;
    let mut is_escaped = false;
    let end = from.iter().skip(1).position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    })?;
    from.split_at_checked(end + 2)
}
