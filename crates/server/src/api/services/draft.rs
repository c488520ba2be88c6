//! Requests with the errors that were found while reading them.
//!
//! References in a body or query (a status of the workflow, a case, an inquiry) are checked in the store. The errors of
//! reading are passed on to that check and not returned at once, so that the caller gets all errors together.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use docket_domain::error::FieldErrors;

use super::error::ServicesError;
use crate::wire::{
    body::{object, read_bytes},
    failure::RequestFailure,
    fields::{Fields, FromFields},
    params::{FromParams, Params, note_read},
};

/// A body and its errors. A missing body is read as an empty object.
#[derive(Debug)]
pub struct Draft<B> {
    /// A field with an error has an arbitrary value.
    pub body: B,
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
    /// Returns the body, or every error of it.
    pub fn sound(self) -> Result<B, ServicesError> {
        self.faults.finish().map_err(ServicesError::verbatim)?;
        Ok(self.body)
    }
}

/// A query and its errors.
#[derive(Debug)]
pub struct Asked<Q> {
    /// A parameter with an error has an arbitrary value.
    pub query: Q,
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
    /// Returns the query, or every error of it.
    pub fn sound(self) -> Result<Q, ServicesError> {
        self.faults.finish().map_err(ServicesError::verbatim)?;
        Ok(self.query)
    }
}
