//! Requests that a caller may send again (`Idempotency-Key`): the first is carried out, every later one gets its answer.
//!
//! No handler of JSON knows of it. Whatever one writes is marked by the store in the same transaction
//! ([`docket_persistence::attempt`]); the answer is kept afterwards. Where a crash came between, the handler runs once
//! more, on what the first request left, and may write nothing. What failed without any effect is forgotten at once.

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
    idempotency::{Answer, Attempt, Effect, NewAttempt, Verdict},
    store::IdempotencyStore as _,
};
use docket_persistence::attempt;
use futures_util::future::LocalBoxFuture;

pub use self::key::{KEY, Keyed, MaybeKeyed, Unusable};
use crate::{
    app::App,
    wire::{failure::RequestFailure, problem::Problem},
};

/// What carries a request out, on the heap: all that is nested in it would stand on a worker's stack otherwise.
pub type Work<'w> = LocalBoxFuture<'w, HttpResponse>;

/// The header of answers that were given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// How much longer than a request may take an attempt counts as under way.
const GRACE: TimeDelta = TimeDelta::seconds(5);
/// The longest body that is kept, in bytes: an answer with a longer one is made again.
const KEPT_MAX: u64 = 1 << 20;
/// Seconds after which to ask again for what is under way: most of it is done by then.
const RETRY_AFTER: u64 = 1;

/// Sees to it that a request under a key has its effect once: does the work, or answers as it was answered before. The
/// work is told what it did before, where only the answer is lacking; then it may write nothing.
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
    let refuse = |problem: Problem| RequestFailure::new(request, problem).error_response();
    match Box::pin(app.store.begin_attempt(new)).await {
        Ok(Verdict::CarryOut) => {
            let answer = attempt::carry_out(attempt.clone(), work(None)).await;
            Box::pin(finish(app, request, attempt, answer)).await
        }
        Ok(Verdict::AnswerAgain { effect, under_way }) => {
            let answer = attempt::answer_again(work(Some(effect))).await;
            let answer = match (answer.status().is_success(), under_way) {
                (true, None) => Box::pin(keep(app, request, attempt, answer)).await,
                // Whoever is about to answer keeps the answer.
                (true, Some(_)) => answer,
                (false, Some(seconds)) => return refuse(Problem::InFlight(seconds.min(RETRY_AFTER))),
                (false, None) => return refuse(Problem::AnswerLost),
            };
            marked(answer)
        }
        Ok(Verdict::Answered(answer)) => marked(replay(answer)),
        Ok(Verdict::InFlight(seconds)) => refuse(Problem::InFlight(seconds.min(RETRY_AFTER))),
        Ok(Verdict::AnswerLost) => refuse(Problem::AnswerLost),
        Ok(Verdict::OtherRequest) => refuse(Problem::OtherRequest),
        Err(error) => refuse(error.into()),
    }
}

/// Does the work under a key if there is one.
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

/// Keeps the answer of what was carried out; gives up what failed and had no effect.
async fn finish(app: &App, request: &HttpRequest, attempt: Attempt, answer: HttpResponse) -> HttpResponse {
    if answer.status().is_success() {
        return keep(app, request, attempt, answer).await;
    }
    match app.store.release_attempt(attempt.clone()).await {
        // It failed after it had an effect: sent again it would fail otherwise. Our own failures are never kept.
        Ok(false) if !answer.status().is_server_error() => keep(app, request, attempt, answer).await,
        Ok(_) => answer,
        Err(error) => {
            log::warn!("failed to release the idempotency lease: {error}");
            answer
        }
    }
}

/// What must not be stored anywhere, a new secret say, is not stored here either: in its place stands that it is lost.
async fn keep(app: &App, request: &HttpRequest, attempt: Attempt, answer: HttpResponse) -> HttpResponse {
    let is_secret = answer.headers().get(header::CACHE_CONTROL).is_some_and(|control| control == "no-store");
    if is_secret {
        let lost = RequestFailure::new(request, Problem::AnswerLost).error_response();
        store(app, attempt, lost).await;
        return answer;
    }
    store(app, attempt, answer).await
}

/// Stores an answer as it is, unless its body is very long or has no end yet, or the account has enough kept. The same
/// answer comes back.
async fn store(app: &App, attempt: Attempt, answer: HttpResponse) -> HttpResponse {
    if !matches!(answer.body().size(), BodySize::None | BodySize::Sized(0..=KEPT_MAX)) {
        return answer;
    }
    let (answer, body) = answer.into_parts();
    let body = match to_bytes(body).await {
        Ok(body) => body,
        Err(error) => {
            log::error!("an answer could not be read: {error}");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let limit = app.config().max_account_answers;
    if !app.kept_answers().admit(attempt.account, body.len() as u64, limit, app.now()) {
        return answer.set_body(BoxBody::new(body));
    }
    let headers = answer.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let kept = Answer { status: answer.status().as_u16(), headers: headers.collect(), body: body.to_vec() };
    if let Err(error) = app.store.finish_attempt(attempt, kept).await {
        log::warn!("an answer was not kept: {error}");
    }
    answer.set_body(BoxBody::new(body))
}

fn replay(answer: Answer) -> HttpResponse {
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
