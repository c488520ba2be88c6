//! Requests that a caller may retry (`Idempotency-Key`): the first is processed, every retry gets its response.
//!
//! Handlers of JSON requests do not know of it. The store marks their writes in the same transaction
//! ([`docket_persistence::attempt`]); the response is stored afterwards. After a crash in between, a retry runs the
//! handler again on the state that the first request left, and must not write. A failure without any effect is
//! forgotten at once.

mod key;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError as _,
    body::{BodySize, BoxBody, MessageBody as _, to_bytes},
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use chrono::TimeDelta;
use docket_domain::{
    idempotency::{Attempt, Effect, NewAttempt, StoredResponse, Verdict},
    store::IdempotencyStore as _,
};
use docket_persistence::attempt;
use futures_util::future::LocalBoxFuture;

pub use self::key::{KEY, Keyed, MaybeKeyed, Unusable};
use crate::{
    app::App,
    wire::{api_error::RequestError, problem::Problem},
};

/// Processes a request. Boxed, because the nested futures are too large for the stack of a worker.
pub type Work<'w> = LocalBoxFuture<'w, HttpResponse>;

/// Header of a response that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Time after the request timeout until the lease of an attempt expires.
const GRACE: TimeDelta = TimeDelta::seconds(5);
/// Longest response body that is stored, in bytes. For a longer one, a retry runs the handler again.
const KEPT_MAX: u64 = 1 << 20;
/// Upper bound of `Retry-After` for a request in progress, in seconds. Most requests finish within it.
const RETRY_AFTER: u64 = 1;

/// Makes sure that a request under a key has its effect once: runs the work, or replays the response. If only the
/// response is missing, the work gets the effect of the first request and must not write.
pub async fn once<'w>(
    app: &App,
    request: &HttpRequest,
    keyed: Keyed,
    work: impl FnOnce(Option<Effect>) -> Work<'w>,
) -> HttpResponse {
    let (attempt, now) = (keyed.attempt(app), app.now());
    let limit = TimeDelta::from_std(app.config().request_timeout).unwrap_or(TimeDelta::MAX);
    let lease_until = limit.checked_add(&GRACE).and_then(|lease| now.checked_add_signed(lease)).unwrap_or(now);
    let new = NewAttempt { attempt: attempt.clone(), fingerprint: keyed.fingerprint(), now, lease_until };
    let refuse = |problem: Problem| RequestError::new(request, problem).error_response();
    match Box::pin(app.store.begin_attempt(new)).await {
        Ok(Verdict::CarryOut) => {
            let answer = attempt::carry_out(attempt.clone(), work(None)).await;
            Box::pin(finish(app, request, attempt, answer)).await
        }
        Ok(Verdict::Rebuild { effect, under_way }) => {
            let answer = attempt::answer_again(work(Some(effect))).await;
            let answer = match (answer.status().is_success(), under_way) {
                (true, None) => Box::pin(keep(app, request, attempt, answer)).await,
                // The request in progress stores its response.
                (true, Some(_)) => answer,
                (false, Some(seconds)) => return refuse(Problem::InFlight(seconds.min(RETRY_AFTER))),
                (false, None) => return refuse(Problem::ResponseLost),
            };
            marked(answer)
        }
        Ok(Verdict::Replay(answer)) => marked(replay(answer)),
        Ok(Verdict::InFlight(seconds)) => refuse(Problem::InFlight(seconds.min(RETRY_AFTER))),
        Ok(Verdict::ResponseLost) => refuse(Problem::ResponseLost),
        Ok(Verdict::OtherRequest) => refuse(Problem::OtherRequest),
        Err(error) => refuse(error.into()),
    }
}

/// Runs [`once`] if there is a key, otherwise only the work.
pub async fn once_if<'w>(
    app: &App,
    request: &HttpRequest,
    keyed: Option<Keyed>,
    work: impl FnOnce(Option<Effect>) -> Work<'w>,
) -> HttpResponse {
    match keyed {
        Some(keyed) => once(app, request, keyed, work).await,
        None => work(None).await,
    }
}

/// Stores the response of a processed request. An attempt that failed without an effect is released instead.
async fn finish(app: &App, request: &HttpRequest, attempt: Attempt, answer: HttpResponse) -> HttpResponse {
    if answer.status().is_success() {
        return keep(app, request, attempt, answer).await;
    }
    match app.store.release_attempt(attempt.clone()).await {
        // It failed after it had an effect, so a retry could fail differently. Server errors are never stored.
        Ok(false) if !answer.status().is_server_error() => keep(app, request, attempt, answer).await,
        Ok(_) => answer,
        Err(error) => {
            log::warn!("failed to release the idempotency lease: {error}");
            answer
        }
    }
}

/// A response that must not be stored, such as a new secret, is replaced in the store by the error for a lost response.
async fn keep(app: &App, request: &HttpRequest, attempt: Attempt, answer: HttpResponse) -> HttpResponse {
    let is_secret = answer.headers().get(header::CACHE_CONTROL).is_some_and(|control| control == "no-store");
    if is_secret {
        let lost = RequestError::new(request, Problem::ResponseLost).error_response();
        store(app, attempt, lost).await;
        return answer;
    }
    store(app, attempt, answer).await
}

/// Stores a response and returns it. A body that is too long or of unknown length is not stored, nor is a response
/// beyond the daily limit of the account.
async fn store(app: &App, attempt: Attempt, answer: HttpResponse) -> HttpResponse {
    if !matches!(answer.body().size(), BodySize::None | BodySize::Sized(0..=KEPT_MAX)) {
        return answer;
    }
    let (answer, body) = answer.into_parts();
    let body = match to_bytes(body).await {
        Ok(body) => body,
        Err(error) => {
            log::error!("failed to read a response body: {error}");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let limit = app.config().max_account_answers;
    if !app.kept_answers().admit(attempt.account, body.len() as u64, limit, app.now()) {
        return answer.set_body(BoxBody::new(body));
    }
    let headers = answer.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let kept = StoredResponse { status: answer.status().as_u16(), headers: headers.collect(), body: body.to_vec() };
    if let Err(error) = app.store.finish_attempt(attempt, kept).await {
        log::warn!("failed to store a response for retries: {error}");
    }
    answer.set_body(BoxBody::new(body))
}

fn replay(answer: StoredResponse) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for header in answer.headers {
        response.append_header(header);
    }
    response.body(answer.body)
}

fn marked(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(REPLAYED, header::HeaderValue::from_static("true"));
    answer
}
