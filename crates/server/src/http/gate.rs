//! The gate before every endpoint: authentication, rate limits, idempotency and the request timeout.

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    rt::time::timeout,
    web::Data,
};
use docket_domain::{id::KeyId, idempotency::Effect};

use super::{
    idempotency::{self, Keyed, Unusable, Work},
    limits::Standing,
};
use crate::{
    app::App,
    auth::{Identity, authenticate},
    wire::{api_error::RequestError, problem::Problem},
};

/// How the gate treats an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Usual,
    /// It accepts bodies of any length.
    Streams,
    /// Callers log in here.
    LogsIn,
}

/// Authenticates the caller, stores the identity in the request extensions, and runs the handler within the timeout.
///
/// # Errors
/// Never: a failure becomes a response.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    pass_as(Manner::Usual, request, next).await
}

/// [`pass`] for an endpoint that accepts bodies of any length. The handler limits the wait for each chunk, and decides
/// what of the body belongs to the idempotency fingerprint.
///
/// # Errors
/// See [`pass`].
pub async fn pass_stream(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    pass_as(Manner::Streams, request, next).await
}

/// [`pass`] for an endpoint that reads credentials itself: the caller is not known yet.
///
/// # Errors
/// See [`pass`].
pub async fn pass_login(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    pass_as(Manner::LogsIn, request, next).await
}

async fn pass_as(
    manner: Manner,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let http = request.request().clone();
    let shows_credential = manner == Manner::LogsIn || http.headers().contains_key(header::AUTHORIZATION);
    if http.headers().get_all(header::AUTHORIZATION).count() > 1 {
        return Ok(ServiceResponse::new(http.clone(), refuse(&http, Problem::SeveralCredentials)));
    }
    let admitted = if manner == Manner::LogsIn { Ok(()) } else { admit(&app, &http).await };
    let mut answer = match admitted {
        Ok(()) => answer(&app, manner, request, next).await,
        Err(problem) => refuse(&http, problem),
    };
    if shows_credential && answer.status() == StatusCode::UNAUTHORIZED {
        let address = http.peer_addr().map(|address| address.ip());
        if !app.failed_logins().hold_up(address).await {
            answer = refuse(&http, Problem::TooManyRequests(1));
        }
    }
    if let Some(standing) = http.extensions().get::<Standing>() {
        standing.write(answer.headers_mut());
    }
    Ok(ServiceResponse::new(http, answer))
}

fn refuse(request: &HttpRequest, problem: impl Into<Problem>) -> HttpResponse {
    RequestError::new(request, problem).error_response()
}

/// Authenticates the caller, stores the identity in the request extensions, and counts the request.
async fn admit(app: &Data<App>, request: &HttpRequest) -> Result<(), Problem> {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    let found = timeout(app.config().request_timeout, authenticate(app, request.headers())).await;
    let Some(identity) = found.map_err(|_| Problem::TimedOut)?? else { return Ok(()) };
    let key = identity.key.id;
    request.extensions_mut().insert::<Identity>(identity);
    count(app, request, key)
}

/// Counts a request of a key. The state of the rate limit is stored in the request extensions, for the response
/// headers.
///
/// # Errors
/// The key exceeds its limit.
pub fn count(app: &App, request: &HttpRequest, key: KeyId) -> Result<(), Problem> {
    let Some(limiter) = app.rate_limiter() else { return Ok(()) };
    let counted = limiter.count(key);
    let standing = counted.as_ref().map_or_else(|(_, standing)| *standing, |standing| *standing);
    request.extensions_mut().insert(standing);
    counted.map(|_| ()).map_err(|(seconds, _)| Problem::TooManyRequests(seconds))
}

/// The response of the endpoint. A retry under an idempotency key gets the first response.
async fn answer(
    app: &App,
    manner: Manner,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> HttpResponse {
    let http = request.request().clone();
    let limit = app.config().request_timeout;
    let call = async |request: ServiceRequest| match next.call(request).await {
        Ok(answer) => answer.map_into_boxed_body().into_parts().1,
        Err(error) => HttpResponse::from_error(error),
    };
    if manner == Manner::Streams {
        if http.headers().contains_key(idempotency::KEY) {
            match Keyed::of(&http) {
                Ok(keyed) => drop(keyed.map(|keyed| http.extensions_mut().insert(keyed))),
                Err(problem) => drop(http.extensions_mut().insert(Unusable(problem))),
            }
        }
        return call(request).await;
    }
    let within = async |answer| timeout(limit, answer).await.unwrap_or_else(|_| refuse(&http, Problem::TimedOut));
    if !http.headers().contains_key(idempotency::KEY) {
        return within(call(request)).await;
    }
    let keyed = match timeout(limit, read_keyed(&mut request)).await {
        Ok(Ok(keyed)) => keyed,
        Ok(Err(problem)) => {
            http.extensions_mut().insert(Unusable(problem));
            None
        }
        Err(_) => return refuse(&http, Problem::TimedOut),
    };
    let work = |effect: Option<Effect>| -> Work<'_> {
        effect.map(|effect| http.extensions_mut().insert(effect));
        Box::pin(within(call(request)))
    };
    idempotency::once_if(app, &http, keyed, work).await
}

async fn read_keyed(request: &mut ServiceRequest) -> Result<Option<Keyed>, Problem> {
    match Keyed::of(request.request())? {
        Some(keyed) => keyed.with_body(request).await.map(Some),
        None => Ok(None),
    }
}
