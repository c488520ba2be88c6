//! What stands before every endpoint: finding the caller, and the time limit.

use std::time::Duration;

use actix_web::{
    Error, HttpMessage as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    rt::time::timeout,
    web::Data,
};

use crate::{
    api::{failure::RequestFailure, problem::Problem},
    app::App,
    auth::authenticate,
};

/// Finds the caller, leaves what it found with the request, and waits for the answer as long as it may take.
///
/// # Errors
/// Whatever the endpoint fails with.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let limit = request.app_data::<Data<App>>().map(|app| app.config().request_timeout);
    pass_within(limit, request, next).await
}

/// The same for an endpoint that takes a body of any length: it limits how long it waits for each piece itself.
///
/// # Errors
/// Whatever the endpoint fails with.
pub async fn pass_stream(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    pass_within(None, request, next).await
}

async fn pass_within(
    limit: Option<Duration>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let http = request.request().clone();
    let answer = async {
        if request.headers().contains_key(header::AUTHORIZATION) {
            let identity = authenticate(&app, request.headers()).await;
            let identity = identity.map_err(|error| RequestFailure::new(request.request(), error))?;
            if let Some(identity) = identity {
                request.extensions_mut().insert(identity);
            }
        }
        next.call(request).await.map(ServiceResponse::map_into_boxed_body)
    };
    let answer = match limit {
        Some(limit) => {
            let answer = timeout(limit, answer).await;
            answer.unwrap_or_else(|_| Err(RequestFailure::new(&http, Problem::TimedOut).into()))
        }
        None => answer.await,
    };
    Ok(answer.unwrap_or_else(|error| ServiceResponse::from_err(error, http)))
}
