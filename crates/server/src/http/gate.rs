//! What stands before every endpoint: who calls and how much it may ask, requests that are sent again, and the time limit.

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
    wire::{failure::RequestFailure, problem::Problem},
};

/// What an endpoint is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Usual,
    /// It takes bodies of any length.
    Streams,
    /// It is where callers log in.
    LogsIn,
}

/// Finds the caller, leaves what it found with the request, and waits for the answer as long as it may take.
///
/// # Errors
/// Never: whatever goes wrong is an answer as well.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    pass_as(Manner::Usual, request, next).await
}

/// The same for an endpoint that takes a body of any length: it limits how long it waits for each piece itself, and what
/// of it has to be the same where the request is sent again.
///
/// # Errors
/// As [`pass`].
pub async fn pass_stream(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    pass_as(Manner::Streams, request, next).await
}

/// The same for an endpoint that looks at credentials itself: no caller is known yet.
///
/// # Errors
/// As [`pass`].
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
    RequestFailure::new(request, problem).error_response()
}

/// Finds the caller, leaves what it found with the request, and counts it.
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

/// Counts a request of a key and leaves with the request where the key stands, for the headers of the answer.
///
/// # Errors
/// One request too many.
pub fn count(app: &App, request: &HttpRequest, key: KeyId) -> Result<(), Problem> {
    let Some(limiter) = app.rate_limiter() else { return Ok(()) };
    let counted = limiter.count(key);
    let standing = counted.as_ref().map_or_else(|(_, standing)| *standing, |standing| *standing);
    request.extensions_mut().insert(standing);
    counted.map(|_| ()).map_err(|(seconds, _)| Problem::TooManyRequests(seconds))
}

/// What the endpoint answers; of requests under a key what it answered the first time.
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
