//! The JSON body of a request.

use std::{future::Future, pin::Pin};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, http::header, web};
use serde_json::Value;

use super::{
    failure::RequestFailure,
    fields::{Fields, FromFields},
    problem::Problem,
};
use crate::app::App;

/// A JSON object, read field by field. Deeper nesting than 127 levels is refused by the parser.
#[derive(Debug)]
pub struct Body<B>(pub B);

impl<B: FromFields> FromRequest for Body<B> {
    type Error = RequestFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let body = async { read(object_or_list(read_bytes(&request, payload.await).await?, B::LIST)?) }.await;
            body.map(Self).map_err(|problem| RequestFailure::new(&request, problem))
        })
    }
}

/// A JSON object, or nothing at all.
#[derive(Debug)]
pub struct OptionalBody<B>(pub Option<B>);

impl<B: FromFields> FromRequest for OptionalBody<B> {
    type Error = RequestFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let body = async {
                let bytes = read_bytes(&request, payload.await).await?;
                if bytes.is_empty() { Ok(None) } else { read(object(bytes)?).map(Some) }
            };
            body.await.map(Self).map_err(|problem: Problem| RequestFailure::new(&request, problem))
        })
    }
}

/// A JSON object as it is.
#[derive(Debug)]
pub struct AnyObject(pub serde_json::Map<String, Value>);

impl FromRequest for AnyObject {
    type Error = RequestFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let body = async { object(read_bytes(&request, payload.await).await?) }.await;
            body.map(Self).map_err(|problem| RequestFailure::new(&request, problem))
        })
    }
}

fn read<B: FromFields>(fields: serde_json::Map<String, Value>) -> Result<B, Problem> {
    Fields::new(fields).read().map_err(Problem::from)
}

/// The bytes of a body that is JSON by its own account.
///
/// # Errors
/// Another media type, too many bytes, or a body that breaks off.
pub async fn read_bytes(request: &HttpRequest, payload: Result<web::Payload, Error>) -> Result<web::Bytes, Problem> {
    if !is_json(request) {
        return Err(Problem::WrongMediaType("application/json"));
    }
    read_bounded(request, payload).await
}

/// The bytes of a body.
///
/// # Errors
/// Too many bytes, or a body that breaks off.
pub async fn read_bounded(request: &HttpRequest, payload: Result<web::Payload, Error>) -> Result<web::Bytes, Problem> {
    let limit = request.app_data::<web::Data<App>>().map_or(0, |app| app.config().max_body_bytes);
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: usize| length > limit) {
        return Err(Problem::TooLarge(limit));
    }
    let broken = |_| Problem::Malformed("the body could not be read to its end".to_owned());
    let bytes = payload.map_err(broken)?.to_bytes_limited(limit).await.map_err(|_| Problem::TooLarge(limit))?;
    bytes.map_err(broken)
}

/// JSON, or something that says that it is based on it; a body that says nothing is taken at its word.
fn is_json(request: &HttpRequest) -> bool {
    let Some(declared) = request.headers().get(header::CONTENT_TYPE) else { return true };
    let essence = declared.to_str().ok().and_then(|declared| declared.split(';').next()).unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// An object, or an array that stands for the object with that one field.
fn object_or_list(bytes: web::Bytes, list: Option<&str>) -> Result<serde_json::Map<String, Value>, Problem> {
    let array = list.filter(|_| bytes.trim_ascii_start().starts_with(b"["));
    let Some(list) = array else { return object(bytes) };
    let array = serde_json::from_slice::<Value>(&bytes);
    let array = array.map_err(|error| Problem::Malformed(format!("the body must be JSON: {error}")))?;
    Ok(serde_json::Map::from_iter([(list.to_owned(), array)]))
}

/// The object that these bytes are.
///
/// # Errors
/// No JSON, or no object.
pub fn object(bytes: web::Bytes) -> Result<serde_json::Map<String, Value>, Problem> {
    if names_a_number(&bytes) {
        return Err(Problem::Malformed(format!("no field of the body can be called {NUMBER}")));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::Malformed("the body must be a JSON object".to_owned())),
        Err(error) => Err(Problem::Malformed(format!("the body must be JSON: {error}"))),
    }
}

/// By this name serde_json hands a number's text from its parser to a value. An object with a field of this name would be
/// taken for a number, so that it is refused rather than changed.
const NUMBER: &str = "$serde_json::private::Number";

/// However the name is written: a character may stand there as an escape.
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

/// The next string of a JSON text with its quotes, and what is behind it.
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
