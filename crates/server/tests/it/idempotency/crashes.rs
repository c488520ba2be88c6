//! Requests with an idempotency key that fail or are cut off, before and after their effect.

use std::{cell::Cell, future::pending, time::Duration};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    body::MessageBody as _,
    rt::{System, time::timeout},
    test::TestRequest,
    web::Data,
};
use docket_domain::{actor::Context, case::Details, command::NewCase, idempotency::Effect, service};
use docket_server::{
    api::DIALECTS,
    app::App,
    auth::{Identity, find_key},
    http::idempotency::{KEY, Keyed, REPLAYED, Work, once},
    wire::dialect::Dialects,
};

use crate::support::{TestApp, on_both_databases};

/// A request with an idempotency key, sent repeatedly on one worker.
struct KeyedRequest {
    app: Data<App>,
    request: HttpRequest,
    identity: Identity,
    /// Number of times the work ran.
    done: Cell<u32>,
}

/// Whether the work creates a case before it responds.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Nothing,
    Creates,
}

impl KeyedRequest {
    async fn of(app: &TestApp) -> Self {
        let worker = app.worker();
        let (id, secret) = app.key.split_once('.').unwrap();
        let identity = find_key(&worker, id, secret).await.unwrap().unwrap();
        let request = TestRequest::post().uri("/api/v1/cases").insert_header((KEY, "k"));
        let request = request.app_data(Dialects(&DIALECTS)).to_http_request();
        request.extensions_mut().insert(identity.clone());
        Self { app: worker, request, identity, done: Cell::new(0) }
    }

    /// Sends the request. The work does what `does` says and responds with `answer`.
    async fn send<F>(&self, does: Does, answer: impl Fn() -> F) -> HttpResponse
    where
        F: Future<Output = HttpResponse>,
    {
        let keyed = Keyed::of(&self.request).unwrap().unwrap();
        let answer = &answer;
        let work = |effect: Option<Effect>| -> Work<'_> {
            self.done.set(self.done.get() + 1);
            Box::pin(async move {
                if does == Does::Creates {
                    self.create(effect).await;
                }
                answer().await
            })
        };
        once(&self.app, &self.request, keyed, work).await
    }

    async fn create(&self, effect: Option<Effect>) {
        let Identity { key, scopes, .. } = &self.identity;
        let context = Context::new(key.account, key.actor.clone(), *scopes, self.app.now());
        let new = NewCase::new(self.app.new_uuid(), Details::opened_on(context.now.date_naive()));
        service::create_case(&self.app.store, &Context { effect, ..context }, new).await.unwrap();
    }
}

async fn created() -> HttpResponse {
    HttpResponse::Created().body("made")
}

fn replayed(answer: &HttpResponse) -> bool {
    answer.headers().contains_key(REPLAYED)
}

fn cases(app: &TestApp) -> usize {
    app.names("limit=100").len()
}

on_both_databases! {
    fn server_errors_are_never_stored(app) {
        System::new().block_on(async {
            let keyed_request = KeyedRequest::of(app).await;
            for (does, effects) in [(Does::Nothing, 0), (Does::Creates, 1)] {
                let failed = keyed_request.send(does, async || HttpResponse::InternalServerError().finish()).await;
                assert_eq!((failed.status().as_u16(), replayed(&failed), cases(app)), (500, false, effects));
            }
            // The effect exists already: only the response is built again.
            let again = keyed_request.send(Does::Creates, created).await;
            assert_eq!((again.status().as_u16(), replayed(&again), cases(app)), (201, true, 1));
        });
    }

    fn a_refusal_after_an_effect_is_stored(app) {
        System::new().block_on(async {
            let keyed_request = KeyedRequest::of(app).await;
            for is_replayed in [false, true] {
                let refused = keyed_request.send(Does::Creates, async || HttpResponse::Conflict().body("no")).await;
                assert_eq!((refused.status().as_u16(), replayed(&refused)), (409, is_replayed));
            }
            assert_eq!((keyed_request.done.get(), cases(app)), (1, 1));
        });
    }

    fn a_request_cut_off_after_its_effect_gets_its_response_on_retry(app) {
        System::new().block_on(async {
            let keyed_request = KeyedRequest::of(app).await;
            let cut_off = keyed_request.send(Does::Creates, pending::<HttpResponse>);
            assert!(timeout(Duration::from_secs(1), cut_off).await.is_err());
            for _ in 0..2 {
                let again = keyed_request.send(Does::Creates, created).await;
                assert_eq!((again.status().as_u16(), replayed(&again), cases(app)), (201, true, 1));
            }
        });
    }

    fn a_request_in_progress_is_not_started_again(app) {
        System::new().block_on(async {
            let keyed_request = KeyedRequest::of(app).await;
            let in_progress = keyed_request.send(Does::Nothing, pending::<HttpResponse>);
            assert!(timeout(Duration::from_secs(1), in_progress).await.is_err());
            let early = keyed_request.send(Does::Creates, created).await;
            assert_eq!((early.status().as_u16(), early.headers().get("retry-after").unwrap().to_str().unwrap()), (409, "1"));
            assert_eq!((keyed_request.done.get(), cases(app)), (1, 0));
        });
    }

    fn a_response_over_1_mib_is_built_again(app) {
        System::new().block_on(async {
            let keyed_request = KeyedRequest::of(app).await;
            let long = async || HttpResponse::Created().body("x".repeat((1 << 20) + 1));
            for number in 1..=2 {
                let answer = keyed_request.send(Does::Creates, long).await;
                assert_eq!((keyed_request.done.get(), cases(app), replayed(&answer)), (number, 1, number > 1));
                assert_eq!(answer.into_body().try_into_bytes().unwrap().len(), (1 << 20) + 1);
            }
        });
    }
}
