//! Rate limits of keys, and delays after failed logins.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use base64::Engine as _;
use docket_domain::scope::Scopes;
use docket_server::{app::Config, http::limits::RateLimit};
use serde_json::json;

use crate::support::TestApp;

fn limited(per_second: u32, burst: u32) -> TestApp {
    let number = |number| NonZeroU32::new(number).unwrap();
    let limit = RateLimit { per_second: number(per_second), burst: number(burst) };
    TestApp::with_config(Config { rate_limit: Some(limit), ..Config::default() })
}

#[test]
fn a_key_over_its_rate_limit_is_429_with_retry_after() {
    let app = limited(1, 3);
    for remaining in ["2", "1", "0"] {
        let answer = app.get("/api/v1/cases");
        answer.expect(200);
        assert_eq!(
            (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")),
            (Some("3"), Some(remaining))
        );
    }
    let refused = app.get("/api/v1/cases");
    let error = refused.expect_error(429, "RATE_LIMIT_EXCEEDED");
    assert_eq!(error["retry_after"], 1);
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-remaining")), (Some("1"), Some("0")));
    let reset = refused.header("ratelimit-reset").unwrap().parse::<u64>().unwrap();
    assert!((1..=3).contains(&reset), "{reset}");
    // Another key has a separate limit; a request without a key has none.
    app.another_account().get("/api/v1/cases").expect(200);
    assert_eq!(app.anonymous().get("/health/live").header("ratelimit-limit"), None);
}

#[test]
fn every_dialect_reports_429_in_its_envelope() {
    let app = limited(1, 1);
    app.get("/api/v1/cases").expect(200);
    let services = app.get("/api/cases/list");
    assert_eq!(services.expect(429)["success"], false);
    assert!(services.header("retry-after").is_some());
    let case_iq = app.post("/case", &json!({"title": "a"})).expect(429);
    assert_eq!((&case_iq["message"], &case_iq["httpstatus"]), (&json!("TOO_MANY_REQUESTS"), &json!(429)));
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("tester/token:{}", app.key));
    let trackops = app.anonymous().with("authorization", &format!("Basic {basic}"));
    trackops.get("/api/v1/case/updates").expect_error(429, "RATE_LIMIT_EXCEEDED");
}

#[test]
fn a_token_request_counts_against_the_limit_of_the_key() {
    let app = limited(1, 2);
    let (id, secret) = app.key.split_once('.').unwrap();
    let body = json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret});
    let given = app.anonymous().post("/auth/oauth2/token", &body);
    given.expect(200);
    assert_eq!(given.header("ratelimit-remaining"), Some("1"));
    app.get("/api/v1/cases").expect(200);
    let refused = app.anonymous().post("/auth/oauth2/token", &body);
    assert_eq!(refused.expect(429)["message"], "TOO_MANY_REQUESTS");
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-remaining")), (Some("1"), Some("0")));
}

#[test]
fn without_a_rate_limit_there_are_no_rate_limit_headers() {
    let app = TestApp::with_config(Config::default());
    for _ in 0..300 {
        let answer = app.get("/api/v1/cases?limit=1");
        assert_eq!((answer.status, answer.header("ratelimit-limit")), (200, None));
    }
}

#[test]
fn a_flood_with_one_key_does_not_reduce_the_limit_of_another() {
    let app = limited(100, 20);
    let flooder = app.anonymous().with_key(&app.make_key("flooder", Scopes::all(), None));
    let stop = AtomicBool::new(false);
    let (given, refused) = thread::scope(|scope| {
        let flood = || {
            let (mut given, mut refused) = (0, 0);
            while !stop.load(Ordering::Relaxed) {
                match flooder.get("/api/v1/cases?limit=1").status {
                    200 => given += 1,
                    429 => refused += 1,
                    other => panic!("{other}"),
                }
            }
            (given, refused)
        };
        let floods = (0..4).map(|_| scope.spawn(flood)).collect::<Vec<_>>();
        let begin = Instant::now();
        for number in 0..50 {
            app.post("/api/v1/cases", &json!({"name": number.to_string()})).expect(201);
            // Half of the rate that the limit allows.
            thread::sleep(Duration::from_millis(20));
        }
        let most = 20 + 100 * (begin.elapsed().as_secs() + 2);
        stop.store(true, Ordering::Relaxed);
        let floods = floods.into_iter().map(|flood| flood.join().unwrap());
        let (given, refused) = floods.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        assert!(given <= most, "{given} of {most}");
        (given, refused)
    });
    assert!(given > 0 && refused > 0, "{given} given, {refused} refused");
}

#[test]
fn failed_logins_are_delayed_and_valid_credentials_are_not() {
    let app = TestApp::with_config(Config { free_login_failures: 3, ..Config::default() });
    let late = Duration::from_millis(450);
    let timed = |ask: &dyn Fn() -> u16, status: u16| {
        let begin = Instant::now();
        assert_eq!(ask(), status);
        begin.elapsed()
    };
    let wrong = app.anonymous().with_key(&format!("{}x", &app.key[..app.key.len() - 1]));
    let login = |secret: &str| {
        let id = app.key.split_once('.').unwrap().0;
        let body = json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret});
        app.anonymous().post("/auth/oauth2/token", &body).status
    };
    // A request without a credential and a successful login do not count as failures.
    for _ in 0..5 {
        app.anonymous().get("/api/v1/cases").expect(401);
        assert_eq!(login(app.key.split_once('.').unwrap().1), 200);
    }
    for _ in 0..3 {
        assert!(timed(&|| wrong.get("/api/v1/cases").status, 401) < late);
    }
    assert!(timed(&|| wrong.get("/api/v1/cases").status, 401) >= late);
    assert!(timed(&|| login("wrong"), 401) >= late);
    // A client id with a NUL is a failed login too.
    let nul = |body: &'static [u8]| {
        let form = app.anonymous().with("content-type", "application/x-www-form-urlencoded");
        form.send("POST", "/auth/oauth2/token", body).status
    };
    assert!(timed(&|| nul(b"grant_type=client_credentials&client_id=a%00b&client_secret=c"), 401) >= late);
    // Valid requests are not delayed while many failed logins wait.
    thread::scope(|scope| {
        let asked = (0..100).map(|_| scope.spawn(|| wrong.get("/api/v1/cases").status)).collect::<Vec<_>>();
        for _ in 0..10 {
            assert!(timed(&|| app.get("/api/v1/cases").status, 200) < late);
        }
        let statuses = asked.into_iter().map(|asked| asked.join().unwrap()).collect::<Vec<_>>();
        assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
    });
}
