//! Conditional requests (RFC 9110, section 13).
//!
//! A handler either takes [`Conditional`](crate::auth::Conditional) and evaluates the conditions, or takes
//! [`Authed`](crate::auth::Authed), which refuses conditions that it cannot check.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, HeaderName},
    },
};
use docket_domain::{
    document::Sha256Hash,
    error::Error,
    revision::{Precondition, Revision, Revisions},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::wire::problem::Problem;

/// Separates a revision, in an entity tag, from the hash of what the response shows beyond the revision.
const BESIDE: char = '-';

/// How a handler treats the conditional headers of its requests.
pub trait Conditionality: Sized + 'static {
    /// # Errors
    /// A precondition that cannot be checked.
    fn read(request: &HttpRequest) -> Result<Self, Problem>;

    /// The precondition that the domain checks together with the change.
    fn precondition(&self) -> Precondition;
}

/// For a path without an entity tag. It accepts only conditions that hold in every state.
#[derive(Debug, Clone, Copy)]
pub struct Unconditional;

impl Conditionality for Unconditional {
    fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let Conditions { required, excluded } = Conditions::of(request)?;
        let holds = match (&required, &excluded) {
            (None, None) => true,
            // No tag matches on a path without one, so `If-None-Match` holds; `If-Match: *` holds on a path that can be
            // read.
            (None | Some(Tags::Any), None | Some(Tags::These(_))) => is_read(request),
            (Some(_), _) | (_, Some(_)) => false,
        };
        if !holds {
            let message = "this path has no entity tag: send the request without If-Match and If-None-Match";
            return Err(Problem::Unchecked(message));
        }
        refuse_unmodified_since(request, required.as_ref())?;
        Ok(Self)
    }

    fn precondition(&self) -> Precondition {
        Precondition::NONE
    }
}

/// The conditions of a request on a path that has an entity tag.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    required: Option<Tags>,
    excluded: Option<Tags>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    These(Vec<Tag>),
}

/// An entity tag without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    is_weak: bool,
    text: String,
}

impl Conditionality for Conditions {
    fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let conditions = Self::of(request)?;
        refuse_unmodified_since(request, conditions.required.as_ref())?;
        Ok(conditions)
    }

    fn precondition(&self) -> Precondition {
        // `If-Match` compares strongly, `If-None-Match` weakly.
        let required = self.required.as_ref().map(|tags| tags.revisions(|tag| !tag.is_weak));
        Precondition { required, excluded: self.excluded.as_ref().map(|tags| tags.revisions(|_| true)) }
    }
}

impl Conditions {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let read = |name: HeaderName| {
            let lines = request.headers().get_all(name).map(|line| line.to_str().unwrap_or("?"));
            lines.map(str::to_owned).reduce(|one, other| format!("{one},{other}"))
        };
        let parse = |text: Option<String>| text.map(|text| Tags::parse(&text)).transpose();
        let excluded = match parse(read(header::IF_NONE_MATCH)) {
            // No client can have a malformed tag, so it matches nothing.
            Err(Problem::Unchecked(_)) if is_read(request) => Some(Tags::These(Vec::new())),
            other => other?,
        };
        Ok(Self { required: parse(read(header::IF_MATCH))?, excluded })
    }

    /// The response to a read whose revision covers everything shown: the view with its tag, or 304 if the caller has
    /// it already.
    ///
    /// # Errors
    /// `If-Match` does not hold.
    pub fn respond<V: Serialize>(&self, revision: Revision, view: impl FnOnce() -> V) -> Result<HttpResponse, Problem> {
        self.require(&revision)?;
        Ok(self.not_modified(revision.as_str()).unwrap_or_else(|| tagged(&revision, view())))
    }

    /// [`Conditions::respond`] for a view that shows more than the revision covers, such as related entities or values
    /// that depend on the time. The tag also has a hash of the body.
    ///
    /// # Errors
    /// See [`Conditions::respond`].
    pub fn respond_whole(&self, revision: &Revision, view: &impl Serialize) -> Result<HttpResponse, Problem> {
        self.require(revision)?;
        let body = serde_json::to_vec(view).map_err(|error| Problem::defect(error.to_string()))?;
        let hash = Sha256Hash::new(Sha256::digest(&body).into()).to_string();
        let tag = format!("{revision}{BESIDE}{}", hash.chars().take(16).collect::<String>());
        let whole = || {
            let tag = (header::ETAG, format!("\"{tag}\""));
            HttpResponse::Ok().insert_header(tag).content_type("application/json").body(body)
        };
        Ok(self.not_modified(&tag).unwrap_or_else(whole))
    }

    /// Checks `If-Match` of a read.
    ///
    /// # Errors
    /// `If-Match` does not hold.
    pub fn require(&self, holds: &Revision) -> Result<(), Problem> {
        let required = Precondition { excluded: None, ..self.precondition() };
        required.check(holds).map_err(|failed| Error::from(failed).into())
    }

    fn not_modified(&self, tag: &str) -> Option<HttpResponse> {
        let known = match self.excluded.as_ref()? {
            Tags::Any => true,
            Tags::These(tags) => tags.iter().any(|known| known.text == tag),
        };
        known.then(|| HttpResponse::NotModified().insert_header((header::ETAG, format!("\"{tag}\""))).finish())
    }
}

impl Tags {
    fn parse(text: &str) -> Result<Self, Problem> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let malformed = Problem::Unchecked("If-Match and If-None-Match must be * or entity tags such as \"7\"");
        match list(text) {
            Some(tags) if !tags.is_empty() => Ok(Self::These(tags)),
            Some(_) | None => Err(malformed),
        }
    }

    fn revisions(&self, counts: impl Fn(&Tag) -> bool) -> Revisions {
        match self {
            Self::Any => Revisions::Any,
            Self::These(tags) => {
                let revision = |tag: &Tag| tag.text.split(BESIDE).next().unwrap_or_default().to_owned();
                Revisions::These(tags.iter().filter(|tag| counts(tag)).map(revision).collect())
            }
        }
    }
}

/// Parses a list of tags. A comma within quotes belongs to the tag.
fn list(text: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    let mut rest = text.trim_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let (is_weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |strong| (true, strong));
        let (text, behind) = quoted.strip_prefix('"')?.split_once('"')?;
        let behind = behind.trim_start();
        if !behind.is_empty() && !behind.starts_with(',') {
            return None;
        }
        tags.push(Tag { is_weak, text: text.to_owned() });
        rest = behind.trim_start_matches([' ', '\t', ',']);
    }
    Some(tags)
}

fn is_read(request: &HttpRequest) -> bool {
    [Method::GET, Method::HEAD].contains(request.method())
}

/// Responses have no modification date, so `If-Unmodified-Since` cannot be checked. `If-Match` takes precedence over it
/// (RFC 9110, 13.2.2).
fn refuse_unmodified_since(request: &HttpRequest, required: Option<&Tags>) -> Result<(), Problem> {
    let given = request.headers().contains_key(header::IF_UNMODIFIED_SINCE);
    if given && required.is_none() && !is_read(request) {
        return Err(Problem::Unchecked("If-Unmodified-Since cannot be checked: use If-Match"));
    }
    Ok(())
}

/// Entity tags (RFC 9110, 8.8.3), as a regular expression for the OpenAPI documents.
const ENTITY_TAGS: &str = r#"^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$"#;

/// The conditional headers of a path that has an entity tag, for the OpenAPI documents. `openapi.rs` adds the statuses
/// and the header `ETag` that follow from them.
#[derive(Debug)]
pub struct EntityTags;

impl IntoParams for EntityTags {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let described = |header: &str, description: &str| {
            let header = ParameterBuilder::new().name(header).parameter_in(ParameterIn::Header);
            let header = header.required(Required::False).description(Some(description));
            header.schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some(ENTITY_TAGS)))).build()
        };
        vec![
            described(
                "If-Match",
                "Comma-separated entity tags, or `*`. The request is refused with 412 unless one of them is the \
                current entity tag.",
            ),
            described(
                "If-None-Match",
                "Comma-separated entity tags, or `*`. If one of them is the current entity tag, a read returns 304 \
                and a write is refused with 412.",
            ),
        ]
    }
}

/// The response to a change: 200, the view and its tag.
#[must_use]
pub fn tagged(revision: &Revision, view: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, entity_tag(revision))).json(view)
}

/// The response to a creation: 201, the view, its tag and its path.
#[must_use]
pub fn created(location: String, revision: &Revision, view: impl Serialize) -> HttpResponse {
    let tag = (header::ETAG, entity_tag(revision));
    HttpResponse::Created().insert_header((header::LOCATION, location)).insert_header(tag).json(view)
}

/// The entity tag of a revision, with its quotes.
#[must_use]
pub fn entity_tag(revision: &Revision) -> String {
    format!("\"{revision}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_tags() {
        let read =
            |text: &str| list(text).map(|tags| tags.into_iter().map(|tag| (tag.is_weak, tag.text)).collect::<Vec<_>>());
        let tag = |is_weak: bool, text: &str| (is_weak, text.to_owned());
        for (text, tags) in [
            ("\"1\"", vec![tag(false, "1")]),
            ("W/\"1\" ,\t\"a,b\"", vec![tag(true, "1"), tag(false, "a,b")]),
            (", \"\",, \"2\",", vec![tag(false, ""), tag(false, "2")]),
        ] {
            assert_eq!(read(text), Some(tags), "{text}");
        }
        for text in ["1", "\"1", "\"1\" \"2\"", "\"1\"2", "w/\"1\"", "*, \"1\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
