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
    api_error::RequestError,
    body::{object, read_bytes},
    fields::{Fields, FromFields},
    params::{FromParams, Params, note_read},
};

/// A body and its errors. A missing body is read as an empty object.
#[derive(Debug)]
pub struct ParsedBody<B> {
    /// A field with an error has an arbitrary value.
    pub body: B,
    pub faults: FieldErrors,
}

impl<B: FromFields> FromRequest for ParsedBody<B> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RequestError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), web::Payload::from_request(request, payload));
        Box::pin(async move {
            let fields = async {
                let bytes = read_bytes(&request, payload.await).await?;
                if bytes.is_empty() { Ok(None) } else { object(bytes).await.map(Some) }
            };
            let fields = fields.await.map_err(|problem| RequestError::new(&request, problem))?;
            let is_missing = fields.is_none() && !B::IS_OPTIONAL;
            let (body, mut faults) = Fields::new(fields.unwrap_or_default()).read_with_faults();
            if is_missing && faults.is_empty() {
                faults.add("body", "is required");
            }
            Ok(Self { body, faults })
        })
    }
}

impl<B> ParsedBody<B> {
    /// Returns the body, or every error of it.
    pub fn sound(self) -> Result<B, ServicesError> {
        self.faults.finish().map_err(ServicesError::verbatim)?;
        Ok(self.body)
    }
}

/// A query and its errors. An unknown or repeated parameter is an error.
#[derive(Debug)]
pub struct ParsedQuery<Q> {
    /// A parameter with an error has an arbitrary value.
    pub query: Q,
    pub faults: FieldErrors,
}

impl<Q: FromParams> FromRequest for ParsedQuery<Q> {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        note_read(request);
        let mut params = Params::new(request.query_string());
        params.only::<Q>();
        let query = Q::from_params(&mut params);
        ready(Ok(Self { query, faults: params.into_faults() }))
    }
}

impl<Q> ParsedQuery<Q> {
    /// Returns the query, or every error of it.
    pub fn sound(self) -> Result<Q, ServicesError> {
        self.faults.finish().map_err(ServicesError::verbatim)?;
        Ok(self.query)
    }
}
