//! Requests that are read together with what is wrong with them.
//!
//! What a body or a query refers to (a status of the account's workflow, another case, an inquiry) can only be checked
//! where the store is. So that a caller still learns of everything at once, the faults of the reading are handed on
//! instead of being answered at once.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use docket_domain::error::FieldErrors;

use super::error::ServicesError;
use crate::api::{
    body::{object, read_bytes},
    failure::RequestFailure,
    fields::{Fields, FromFields},
    params::{FromParams, Params, note_read},
};

/// A body and its faults. No body at all is an empty object, where that says anything.
#[derive(Debug)]
pub struct Draft<B> {
    /// What was read; where there are faults, anything may stand in the place of what was wrong.
    pub body: B,
    /// What was wrong.
    pub faults: FieldErrors,
}

impl<B: FromFields> FromRequest for Draft<B> {
    type Error = RequestFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let fields = async {
                let bytes = read_bytes(&request, payload.await).await?;
                if bytes.is_empty() { Ok(None) } else { object(bytes).await.map(Some) }
            };
            let fields = fields.await.map_err(|problem| RequestFailure::new(&request, problem))?;
            let is_missing = fields.is_none() && !B::IS_OPTIONAL;
            let (body, mut faults) = Fields::new(fields.unwrap_or_default()).read_with_faults();
            if is_missing && faults.is_empty() {
                faults.add("body", "is required");
            }
            Ok(Self { body, faults })
        })
    }
}

impl<B> Draft<B> {
    /// The body, where nothing is wrong with it.
    ///
    /// # Errors
    /// All faults.
    pub fn sound(self) -> Result<B, ServicesError> {
        self.faults.finish().map_err(ServicesError::verbatim)?;
        Ok(self.body)
    }
}

/// A query and its faults.
#[derive(Debug)]
pub struct Asked<Q> {
    /// What was read.
    pub query: Q,
    /// What was wrong.
    pub faults: FieldErrors,
}

impl<Q: FromParams> FromRequest for Asked<Q> {
    type Error = RequestFailure;
    type Future = Ready<Result<Self, RequestFailure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        note_read(request);
        let mut params = Params::new(request.query_string());
        let query = Q::from_params(&mut params);
        ready(Ok(Self { query, faults: params.into_faults() }))
    }
}

impl<Q> Asked<Q> {
    /// The query, where nothing is wrong with it.
    ///
    /// # Errors
    /// All faults.
    pub fn sound(self) -> Result<Q, ServicesError> {
        self.faults.finish().map_err(ServicesError::verbatim)?;
        Ok(self.query)
    }
}
