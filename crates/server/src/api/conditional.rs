//! Conditional requests (RFC 9110, section 13): a case's entity tag is its version.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{self, HeaderName},
};
use docket_domain::service::Terms;
use serde::Serialize;
use utoipa::{
    IntoParams,
    openapi::{
        Object, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use super::failure::RequestFailure;

/// What the request makes its answer depend on.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
}

impl FromRequest for Conditions {
    type Error = RequestFailure;
    type Future = Ready<Result<Self, RequestFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = |name: HeaderName| {
            let lines = request.headers().get_all(name).map(|line| line.to_str().unwrap_or("?"));
            lines.map(str::to_owned).reduce(|one, other| format!("{one},{other}"))
        };
        ready(Ok(Self { if_match: read(header::IF_MATCH), if_none_match: read(header::IF_NONE_MATCH) }))
    }
}

/// `If-Match`, as the documents describe it.
#[derive(Debug)]
pub struct IfMatch;

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![described("If-Match", "The versions that the caller expects.")]
    }
}

/// `If-None-Match`, as the documents describe it.
#[derive(Debug)]
pub struct IfNoneMatch;

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![described("If-None-Match", "The versions that the caller has.")]
    }
}

fn described(header: &str, description: &str) -> Parameter {
    let header = ParameterBuilder::new().name(header).parameter_in(ParameterIn::Header).required(Required::False);
    let header = header.description(Some(description)).schema(Some(Object::with_type(Type::String)));
    header.example(Some(entity_tag(1).into())).build()
}

impl Conditions {
    /// The terms of a change: any of the versions will do. Weak tags, and tags that we never gave, match none (strong
    /// comparison).
    #[must_use]
    pub fn terms(&self) -> Terms {
        let pinned = self.if_match.as_deref().map(str::trim).filter(|tags| *tags != "*");
        let expected_versions = pinned.map(|tags| tags.split(',').filter_map(version).collect());
        Terms { expected_versions, dry_run: false }
    }

    /// The answer to a read: the thing with its tag, or nothing where the caller has it already.
    #[must_use]
    pub fn respond<V: Serialize>(&self, version: i64, view: impl FnOnce() -> V) -> HttpResponse {
        if self.has(version) {
            return HttpResponse::NotModified().insert_header((header::ETAG, entity_tag(version))).finish();
        }
        tagged(version, view())
    }

    fn has(&self, present: i64) -> bool {
        let Some(tags) = self.if_none_match.as_deref() else { return false };
        let weakly = |tag: &str| version(tag.trim().strip_prefix("W/").unwrap_or(tag)) == Some(present);
        tags.trim() == "*" || tags.split(',').any(weakly)
    }
}

/// The thing as it is at that version, with its tag: the answer to a change.
#[must_use]
pub fn tagged(version: i64, view: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, entity_tag(version))).json(view)
}

/// The answer to a creation: the same, and where the thing is.
#[must_use]
pub fn created(location: String, version: i64, view: impl Serialize) -> HttpResponse {
    let tag = (header::ETAG, entity_tag(version));
    HttpResponse::Created().insert_header((header::LOCATION, location)).insert_header(tag).json(view)
}

/// The entity tag of a version.
fn entity_tag(version: i64) -> String {
    format!("\"{version}\"")
}

fn version(tag: &str) -> Option<i64> {
    let quoted = tag.trim().strip_prefix('"').and_then(|tag| tag.strip_suffix('"'))?;
    (!quoted.starts_with('+')).then(|| quoted.parse().ok()).flatten()
}
