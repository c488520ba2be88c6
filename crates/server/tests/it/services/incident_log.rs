//! The statistics of a real log, compared with a plain count over its lines.
//!
//! The count follows `docs/statistics.md` and `docs/workflow.md`. It must not use the counting code of the product.

use std::collections::BTreeMap;

use actix_web::rt::System;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use docket_domain::{
    case::{Details, Priority},
    command::NewCase,
    id::{ContractorId, CustomerId, InquiryId, OrderId},
    import::{ImportContext, LogRow},
    workflow::{EntityType, builtin},
};
use docket_server::{
    app::now,
    import::{self, Map, Reader, Report, bare_case},
};
use serde_json::{Value, json};

use super::read;
use crate::support::{TestApp, on_both_databases};

const LOG: &str = include_str!("../../../demo/incidents-sample.csv");
const MAP: &str = include_str!("../../../demo/incidents.map.toml");

/// A case as counted from its lines in the log.
#[derive(Debug, Clone)]
struct Counted {
    /// Id in the log.
    id: u64,
    status: &'static str,
    /// When the case entered this status.
    since: DateTime<Utc>,
    resolution_seconds: Option<i64>,
    /// Time of recording in the system.
    created_at: DateTime<Utc>,
    traits: Traits,
}

/// Properties of a case that are not in the log.
#[derive(Debug, Clone, Copy)]
struct Traits {
    priority: &'static str,
    source: &'static str,
    customer: Option<i64>,
    contractor: Option<i64>,
    due_on: Option<NaiveDate>,
}

impl Traits {
    const NONE: Self =
        Self { priority: "normal", source: "standalone", customer: None, contractor: None, due_on: None };

    /// Varied properties, derived from the id in the log. Due dates are around `today`.
    fn of(id: u64, today: NaiveDate) -> Self {
        Self {
            priority: ["low", "normal", "high", "normal", "urgent"][usize::try_from(id % 5).unwrap()],
            source: if id.is_multiple_of(4) {
                "inquiry"
            } else if id.is_multiple_of(7) {
                "order"
            } else {
                "standalone"
            },
            customer: Some(1 + i64::try_from(id % 3).unwrap()),
            contractor: id.is_multiple_of(2).then_some(9),
            due_on: (!id.is_multiple_of(6)).then(|| today - Days::new(3) + Days::new(id % 5)),
        }
    }

    fn new_case(self, row: &LogRow) -> NewCase {
        let bare = bare_case(row);
        let details = Details {
            name: Some(row.case.clone()),
            priority: self.priority.parse::<Priority>().unwrap(),
            inquiry: (self.source == "inquiry").then_some(InquiryId(1)),
            order: matches!(self.source, "inquiry" | "order").then_some(OrderId(1)),
            customer: self.customer.map(CustomerId),
            contractor: self.contractor.map(ContractorId),
            due_on: self.due_on,
            ..bare.details
        };
        NewCase { details, ..bare }
    }
}

/// The workflow status for a status text of the log. `None` if the text is skipped.
fn status(word: &str) -> Option<&'static str> {
    Some(match word {
        "Queued+Awaiting Assignment" => "open",
        "Accepted+In Progress" | "Accepted+Assigned" => "in_progress",
        "Accepted+Wait" | "Accepted+Wait - User" | "Accepted+Wait - Customer" => "pending_customer",
        "Accepted+Wait - Implementation" | "Accepted+Wait - Vendor" => "pending_contractor",
        "Completed+Resolved" | "Completed+In Call" => "resolved",
        "Completed+Closed" => "closed",
        "Completed+Cancelled" => "cancelled",
        "Unmatched+Unmatched" => return None,
        other => panic!("{other}"),
    })
}

/// Whether the built-in workflow has a transition between the two statuses.
fn leads(from: &str, to: &str) -> bool {
    match from {
        "open" | "in_progress" | "pending_customer" | "pending_contractor" => true,
        "resolved" => ["open", "in_progress", "closed"].contains(&to),
        "closed" | "cancelled" => ["open", "in_progress"].contains(&to),
        other => panic!("{other}"),
    }
}

fn ends(status: &str) -> bool {
    matches!(status, "closed" | "cancelled")
}

/// Counts the cases of the log, with all times shifted by `later`.
fn count(lines: &[&str], later: TimeDelta, created_at: DateTime<Utc>, traits: impl Fn(u64) -> Traits) -> Vec<Counted> {
    let mut histories = BTreeMap::<u64, Vec<(&'static str, DateTime<Utc>)>>::new();
    for line in lines {
        let fields = line.split(',').collect::<Vec<_>>();
        let [case, word, _, time] = fields.as_slice() else { panic!("{line}") };
        let time = time.parse::<DateTime<Utc>>().unwrap() + later;
        let history = histories.entry(case.parse().unwrap()).or_default();
        let Some(to) = status(word) else { continue };
        let moves = match history.last() {
            None => !ends(to),
            Some((from, _)) => *from != to && leads(from, to),
        };
        if moves {
            history.push((to, time));
        }
    }
    let counted = histories.into_iter().map(|(id, history)| {
        let (opened_at, (status, since)) = (history[0].1, *history.last().unwrap());
        let is_kept = |at: &usize| history.get(at + 1).is_none_or(|(next, _)| ends(next));
        let resolutions = (0..history.len()).filter(|at| history[*at].0 == "resolved");
        let first = resolutions.into_iter().find(is_kept);
        let resolution_seconds = first.map(|at| (history[at].1 - opened_at).num_seconds());
        Counted { id, status, since, resolution_seconds, created_at, traits: traits(id) }
    });
    counted.collect()
}

/// All figures of the cases, without the two durations.
fn figures(cases: &[&Counted], today: NaiveDate) -> Value {
    let recent = today - Days::new(29);
    let number = |holds: &dyn Fn(&Counted) -> bool| cases.iter().filter(|case| holds(case)).count();
    let each = |keys: &[&str], of: &dyn Fn(&Counted) -> &'static str| {
        let counts = keys.iter().map(|key| ((*key).to_owned(), json!(number(&|case| of(case) == *key))));
        Value::Object(counts.collect())
    };
    let statuses = ["open", "in_progress", "pending_customer", "pending_contractor", "resolved", "closed", "cancelled"];
    let in_status = |status: &str| number(&|case| case.status == status);
    json!({
        "total": cases.len(),
        "open": in_status("open"),
        "resolved": in_status("resolved"),
        "closed": in_status("closed"),
        "cancelled": in_status("cancelled"),
        "overdue": number(&|case| !ends(case.status) && case.traits.due_on.is_some_and(|due| due < today)),
        "by_status": each(&statuses, &|case| case.status),
        "by_priority": each(&["low", "normal", "high", "urgent"], &|case| case.traits.priority),
        "by_source": each(&["standalone", "inquiry", "order", "follow_up"], &|case| case.traits.source),
        "created_last_30_days": number(&|case| case.created_at.date_naive() >= recent),
        "closed_last_30_days": number(&|case| case.status == "closed" && case.since.date_naive() >= recent),
    })
}

/// Mean and median time to resolution, in hours.
fn durations(cases: &[&Counted]) -> [Option<f64>; 2] {
    let mut seconds = cases.iter().filter_map(|case| case.resolution_seconds).collect::<Vec<_>>();
    seconds.sort_unstable();
    let hours = |seconds: &[i64]| {
        let count = u32::try_from(seconds.len()).unwrap();
        let sum = seconds.iter().map(|seconds| f64::from(u32::try_from(*seconds).unwrap())).sum::<f64>();
        (count > 0).then(|| sum / f64::from(count) / 3600.0)
    };
    let middle = match seconds.len() {
        0 => &[],
        many => &seconds[(many - 1) / 2..=many / 2],
    };
    [hours(&seconds), hours(middle)]
}

/// Asserts that the statistics for a query are those of the cases, and returns them.
#[track_caller]
fn compare(app: &TestApp, query: &str, cases: &[&Counted]) -> Value {
    let (today, answer) = loop {
        let today = now().date_naive();
        let answer = ["stats", "stats/overview"].map(|path| read(app, &format!("/api/cases/{path}?{query}")));
        // Repeat if the date changed during the requests.
        if now().date_naive() == today {
            break (today, answer);
        }
    };
    let [mut given, other] = answer;
    assert_eq!(given, other, "{query}");
    let mut given = given["data"].take();
    let hours = ["average_resolution_hours", "median_resolution_hours"]
        .map(|key| given.as_object_mut().unwrap().shift_remove(key).unwrap().as_f64());
    assert_eq!(given, figures(cases, today), "{query}");
    for (given, expected) in hours.into_iter().zip(durations(cases)) {
        // The tolerance is smaller than the effect of one second in one case.
        let same = match (given, expected) {
            (Some(given), Some(expected)) => (given - expected).abs() < 1e-8,
            (given, expected) => given == expected,
        };
        assert!(same, "{query}: {given:?} instead of {expected:?}");
    }
    given
}

/// Imports a log, with `now` as the time of recording.
fn import(app: &TestApp, log: String, now: DateTime<Utc>, new_case: impl Fn(&LogRow) -> NewCase) {
    let workflow = builtin(EntityType::Case);
    let (map, format) = Map::read(MAP, workflow).unwrap();
    let terms = ImportContext { account: app.account, map: &map, workflow, now };
    let reader = Reader::new(std::io::Cursor::new(log), &format).unwrap();
    let store = &app.worker().store;
    System::new().block_on(import::run(store, terms, reader, new_case, &mut Report::silent())).unwrap();
}

/// The lines as a log, with all times shifted by `later`.
fn shifted(lines: &[&str], later: TimeDelta) -> String {
    let mut log = "case_id,status,actor,occurred_at\n".to_owned();
    for line in lines {
        let (rest, time) = line.rsplit_once(',').unwrap();
        let time = time.parse::<DateTime<Utc>>().unwrap() + later;
        log.push_str(&format!("{rest},{}\n", time.to_rfc3339()));
    }
    log
}

fn lines() -> Vec<&'static str> {
    LOG.lines().skip(1).collect()
}

fn case_of(line: &str) -> u64 {
    line.split(',').next().unwrap().parse().unwrap()
}

on_both_databases! {
    fn the_statistics_of_the_log_equal_a_count_of_its_lines(app) {
        let moment = now();
        import(app, LOG.to_owned(), moment, bare_case);
        let cases = count(&lines(), TimeDelta::zero(), moment, |_| Traits::NONE);
        let all = cases.iter().collect::<Vec<_>>();
        let given = compare(app, "", &all);
        assert_eq!((&given["total"], &given["closed"], &given["resolved"]), (&json!(360), &json!(321), &json!(30)));
        compare(app, &format!("date_from={}", moment.date_naive()), &all);
        compare(app, "date_from=2010-01-01&date_to=2012-12-31", &[]);
    }

    /// The log is shifted to end yesterday. Its cases have three times of recording and varied properties.
    fn the_statistics_of_a_recent_log_equal_a_count_of_its_lines_for_every_filter(app) {
        let (lines, today) = (lines(), now().date_naive());
        let last = lines.iter().map(|line| line.rsplit_once(',').unwrap().1.parse::<DateTime<Utc>>().unwrap()).max();
        let later = today.pred_opt().unwrap() - last.unwrap().date_naive();
        let midnight = (today - Days::new(29)).and_time(NaiveTime::MIN).and_utc();
        let traits = |id: u64| Traits::of(id, today);
        let mut cases = Vec::new();
        for (part, created_at) in (0..).zip([midnight - TimeDelta::microseconds(1), midnight, now()]) {
            let part = lines.iter().copied().filter(|line| case_of(line) % 3 == part).collect::<Vec<_>>();
            import(app, shifted(&part, later), created_at, |row| traits(row.case.parse().unwrap()).new_case(row));
            cases.extend(count(&part, later, created_at, traits));
        }
        // Deleted cases are in no figure.
        let pages = (1..=4).map(|page| read(app, &format!("/api/cases/list?per_page=100&page={page}")));
        let rows = pages.flat_map(|page| page["data"].as_array().unwrap().clone()).collect::<Vec<_>>();
        assert_eq!(rows.len(), cases.len());
        for row in rows.iter().filter(|row| row["title"].as_str().unwrap().ends_with('7')) {
            app.delete(&format!("/api/cases/{}", row["id"])).expect(200);
        }
        let of = |holds: &dyn Fn(&Counted) -> bool| {
            cases.iter().filter(|case| case.id % 10 != 7 && holds(case)).collect::<Vec<_>>()
        };
        let given = compare(app, "", &of(&|_| true));
        for figure in ["overdue", "created_last_30_days", "closed_last_30_days", "closed", "resolved"] {
            assert!(0 < given[figure].as_u64().unwrap() && given[figure].as_u64() < given["total"].as_u64(), "{given}");
        }
        let (old, first) = (today - Days::new(30), today - Days::new(29));
        let time = "T12:00:00Z";
        for (query, holds) in [
            ("customer_id=2", (&|case: &Counted| case.traits.customer == Some(2)) as &dyn Fn(&Counted) -> bool),
            ("contractor_id=9", &|case| case.traits.contractor == Some(9)),
            ("customer_id=1&contractor_id=9", &|case| {
                case.traits.customer == Some(1) && case.traits.contractor == Some(9)
            }),
            (&format!("date_from={first}"), &|case| case.created_at >= midnight),
            (&format!("date_to={old}"), &|case| case.created_at < midnight),
            (&format!("date_from={first}&date_to={first}"), &|case| case.created_at == midnight),
            (&format!("date_from={old}{time}&date_to={first}{time}"), &|case| case.created_at <= midnight),
            (&format!("date_from={first}{time}"), &|case| case.created_at > midnight),
            (&format!("date_from={first}&customer_id=3"), &|case| {
                case.created_at >= midnight && case.traits.customer == Some(3)
            }),
            (&format!("date_to={first}&contractor_id=9"), &|case| {
                case.created_at <= midnight && case.traits.contractor == Some(9)
            }),
        ] {
            let counted = of(holds);
            assert!(!counted.is_empty() && counted.len() < cases.len() - 36, "{query}");
            compare(app, query, &counted);
        }
    }
}
