//! Path parameters.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use docket_domain::id::{CaseId, CaseRef};
use utoipa::{
    IntoParams,
    openapi::{
        Object, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::wire::api_error::RequestError;

/// No row has this id.
const UNKNOWN: i64 = -1;

/// The case in `{case}`, by UUID or integer id.
///
/// A malformed id becomes an id that no case has. So the response is that of an unknown case, after all faults of the
/// request itself.
#[derive(Debug, Clone, Copy)]
pub struct CasePath(pub CaseRef);

impl FromRequest for CasePath {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let case = request.match_info().get("case").and_then(CaseRef::parse);
        ready(Ok(Self(case.unwrap_or(CaseRef::Number(CaseId(UNKNOWN))))))
    }
}

impl IntoParams for CasePath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let case = ParameterBuilder::new()
            .name("case")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("UUID or integer id of the case."))
            .schema(Some(Object::with_type(Type::String)))
            .example(Some("42".into()));
        vec![case.build()]
    }
}

/// Another entity in `{id}`, in any form that its kind has.
#[derive(Debug, Clone)]
pub struct IdPath(String);

impl IdPath {
    /// The id, as `parse` reads it. A malformed id becomes an id that no entity has.
    pub fn read<I: docket_domain::id::EntityId>(&self, parse: impl FnOnce(&str) -> Option<I>) -> I {
        parse(&self.0).unwrap_or_else(|| I::from_integer(UNKNOWN))
    }
}

impl IdPath {
    /// The id as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromRequest for IdPath {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.match_info().get("id").unwrap_or_default().to_owned())))
    }
}

/// An entity of another system in `{id}`: an integer. A malformed id becomes an id that no entity has.
#[derive(Debug, Clone, Copy)]
pub struct NumberPath(pub i64);

impl FromRequest for NumberPath {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|id| id.parse().ok());
        ready(Ok(Self(id.unwrap_or(UNKNOWN))))
    }
}
