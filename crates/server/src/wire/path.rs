//! How a path names things.

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

use crate::wire::failure::RequestFailure;

/// No store ever gives this id.
const NOBODY: i64 = -1;

/// The case that the path names as `{case}`, by either of its ids.
///
/// A malformed one is an unknown case. It becomes an id that no case has, so that it is answered exactly as an unknown
/// case is: after whatever is wrong with the request in itself.
#[derive(Debug, Clone, Copy)]
pub struct CasePath(pub CaseRef);

impl FromRequest for CasePath {
    type Error = RequestFailure;
    type Future = Ready<Result<Self, RequestFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let case = request.match_info().get("case").and_then(CaseRef::parse);
        ready(Ok(Self(case.unwrap_or(CaseRef::Number(CaseId(NOBODY))))))
    }
}

/// As the documents describe it.
impl IntoParams for CasePath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let case = ParameterBuilder::new()
            .name("case")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The UUID or the integer id."))
            .schema(Some(Object::with_type(Type::String)))
            .example(Some("42".into()));
        vec![case.build()]
    }
}

/// Something else that the path names as `{id}`, in whatever form its kind has.
#[derive(Debug, Clone)]
pub struct IdPath(String);

impl IdPath {
    /// The id, as `parse` reads it; one that nothing has where it is malformed.
    pub fn read<I: docket_domain::id::EntityId>(&self, parse: impl FnOnce(&str) -> Option<I>) -> I {
        parse(&self.0).unwrap_or_else(|| I::from_integer(NOBODY))
    }
}

impl FromRequest for IdPath {
    type Error = RequestFailure;
    type Future = Ready<Result<Self, RequestFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.match_info().get("id").unwrap_or_default().to_owned())))
    }
}

/// Something of another system that the path names as `{id}`: an integer; one that nothing has where it is none.
#[derive(Debug, Clone, Copy)]
pub struct NumberPath(pub i64);

impl FromRequest for NumberPath {
    type Error = RequestFailure;
    type Future = Ready<Result<Self, RequestFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|id| id.parse().ok());
        ready(Ok(Self(id.unwrap_or(NOBODY))))
    }
}
