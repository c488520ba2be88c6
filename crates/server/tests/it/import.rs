//! The command `docket import event-log`.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Output, Stdio},
};

use docket_domain::time::Timestamp;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Backend, Binary};

/// A map of the columns case, status, actor and at. `top` is inserted before the tables.
fn map(top: &str) -> String {
    columns(top, "case = 'case'\nstatus = 'status'\nactor = 'actor'\noccurred_at = 'at'")
}

fn columns(top: &str, columns: &str) -> String {
    format!(
        "source = 'theirs'\n{top}\n[columns]\n{columns}\n\
         [statuses]\nNew = 'open'\nWork = 'in_progress'\n'Done+ok' = 'resolved'\nDone = 'resolved'\nOver = 'closed'\n"
    )
}

/// Writes a file into a new folder.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("docket-import-{}", Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// Output and report of an import.
struct Imported {
    output: Output,
    report: Vec<String>,
}

impl Imported {
    #[track_caller]
    fn summary(&self) -> Value {
        assert!(self.output.status.success(), "{}", self.error());
        serde_json::from_slice(&self.output.stdout).unwrap()
    }

    fn error(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

fn import(binary: &Binary, log: &[u8], map: &str) -> Imported {
    let (log, map) = (file("log.csv", log), file("map.toml", map.as_bytes()));
    let report = log.with_file_name("report.txt");
    let [log, map, report_path] = [&log, &map, &report].map(|path| path.to_str().unwrap());
    let output = binary.run(&["import", "event-log", log, "--map", map, "--report", report_path]);
    let report = std::fs::read_to_string(report).unwrap_or_default();
    Imported { output, report: report.lines().map(str::to_owned).collect() }
}

fn fresh() -> Binary {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    binary.print(&["migrate"]);
    binary
}

/// Status, actor and time of every status change, by case.
fn histories(binary: &Binary) -> Vec<Vec<(String, String, Timestamp)>> {
    let server = binary.serve(&[]);
    let client = server.client.with_key(&binary.key());
    let cases = client.get("/api/v1/cases?limit=100").expect(200)["data"].as_array().unwrap().clone();
    let mut histories = cases
        .iter()
        .map(|case| {
            let history = client.get(&format!("/api/v1/cases/{}/history", case["id"].as_str().unwrap())).expect(200);
            let change = |change: &Value| {
                let (to, actor) = (change["to"].as_str().unwrap(), change["actor"]["name"].as_str().unwrap());
                (to.to_owned(), actor.to_owned(), change["occurred_at"].as_str().unwrap().parse().unwrap())
            };
            history["data"].as_array().unwrap().iter().map(change).collect()
        })
        .collect::<Vec<_>>();
    histories.sort();
    histories
}

fn as_text(histories: &[Vec<(String, String, Timestamp)>]) -> Vec<String> {
    let row =
        |(status, actor, time): &(String, String, Timestamp)| format!("{status} {actor} {}", time.format("%d %H:%M"));
    histories.iter().map(|rows| rows.iter().map(row).collect::<Vec<_>>().join(", ")).collect()
}

const EXPECTED: [&str; 2] =
    ["open Ann Lee 31 10:30", "open Jörg 31 10:00, in_progress Ann Lee 31 11:00, resolved unknown 31 12:00"];

#[test]
fn logs_in_common_formats_give_the_same_histories() {
    let iso = "case,status,actor,at\n7,New,Jörg,2026-03-31T10:00:00Z\n8,New,Ann Lee,2026-03-31T10:30:00Z\n\
               7,Work,\"Ann\nLee\",2026-03-31T11:00:00Z\n7,Done,,2026-03-31T12:00:00Z\n";
    let german = "Bericht vom 1. April\n\nNummer;Text;at;case;status;detail;actor\n\
                  1;'a;b';31.03.2026 12:00;7;New;;Jörg\n2;;31.03.2026 12:30;8;New;;Ann Lee\n\
                  3;;31.03.2026 13:00:00;7;Work;;Ann Lee\n4;'';31.03.2026 14:00;7;Done;ok;\n";
    let american = "case\tstatus\tactor\tat\n7\tDone\t\t03/31/2026 12:00 PM\n7\tWork\tAnn Lee\t03/31/2026 11:00 AM\n\
                    8\tNew\tAnn Lee\t03/31/2026 10:30 AM\n7\tNew\tJörg\t03/31/2026 10:00 AM\n";
    let bare = "7|New|Jörg|1774951200\n8|New|Ann Lee|1774953000\n7|Work|Ann Lee|1774954800\n7|Done||1774958400\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(iso.as_bytes()).unwrap();
    let joined = "case = 'case'\nstatus = ['status', 'detail']\nactor = 'actor'\noccurred_at = 'at'";
    let numbers = "case = '1'\nstatus = '2'\nactor = '3'\noccurred_at = '4'";
    for (log, map) in [
        (iso.as_bytes().to_vec(), map("")),
        (iso.replace('\n', "\r\n").into_bytes(), map("header = 1")),
        (packed.finish().unwrap(), map("encoding = 'utf-8'")),
        (german.encode_utf16().flat_map(u16::to_le_bytes).collect(), columns("time_zone = 'Europe/Berlin'", joined)),
        (encode_latin_1(german), columns("time_zone = 'Europe/Berlin'\ndelimiter = ';'\nquote = \"'\"", joined)),
        (american.as_bytes().to_vec(), map("time_zone = 'UTC'")),
        (bare.as_bytes().to_vec(), columns("header = false\ntime_format = '%s'", numbers)),
        (xes().into_bytes(), map("")),
        (json_lines().into_bytes(), map("")),
        (ocel().into_bytes(), map("")),
    ] {
        let binary = fresh();
        let imported = import(&binary, &log, &map);
        let summary = imported.summary();
        assert_eq!((&summary["cases"], &summary["events"]), (&json!(2), &json!(4)), "{summary} {:?}", imported.report);
        assert_eq!(as_text(&histories(&binary)), EXPECTED, "{map}");
    }
}

/// The events of the other logs: case, status, actor and time.
const EVENTS: [(&str, &str, Option<&str>, &str); 4] = [
    ("7", "New", Some("Jörg"), "2026-03-31T12:00:00+02:00"),
    ("8", "New", Some("Ann Lee"), "2026-03-31T10:30:00Z"),
    ("7", "Work", Some("Ann Lee"), "2026-03-31T11:00:00Z"),
    ("7", "Done", None, "2026-03-31T12:00:00Z"),
];

/// Uses the keys of the standard: the map's columns are not in the log.
fn xes() -> String {
    let trace = |case: &str| {
        let events = EVENTS.iter().filter(|event| event.0 == case).map(|(_, status, actor, at)| {
            let actor =
                actor.map(|actor| format!("<string key='org:resource' value='{}'/>", actor.replace('ö', "&#246;")));
            format!(
                "<event>\n<string key=\"concept:name\" value=\"{status}\"><string key=\"concept:name\" value=\"no\"/>\
                 </string>{}<date key=\"time:timestamp\" value=\"{at}\"/></event>",
                actor.unwrap_or_default(),
            )
        });
        format!("<trace><string key=\"concept:name\" value=\"{case}\"/>{}</trace>", events.collect::<String>())
    };
    let head =
        "<?xml version=\"1.0\"?><log><global scope=\"event\"><string key=\"concept:name\" value=\"x\"/></global>";
    format!("{head}<!-- two traces -->{}{}<trace/></log>", trace("7"), trace("8"))
}

/// Uses the columns of the map.
fn json_lines() -> String {
    let line = |(case, status, actor, at): &(&str, &str, Option<&str>, &str)| {
        json!({ "case": case.parse::<i64>().unwrap(), "status": status, "actor": actor, "at": at }).to_string() + "\n"
    };
    EVENTS.iter().map(line).collect()
}

/// The case is a related object, and the actor the name of one.
fn ocel() -> String {
    let events = EVENTS.iter().enumerate().map(|(number, (case, status, actor, at))| {
        let mut related = vec![json!({ "objectId": case, "qualifier": "case" })];
        related.extend(actor.map(|actor| json!({ "objectId": format!("p-{actor}"), "qualifier": "actor" })));
        json!({ "id": number.to_string(), "type": status, "time": at, "attributes": [], "relationships": related })
    });
    let people = ["Jörg", "Ann Lee"].map(|name| {
        let attributes = json!([{ "name": "name", "time": "2026-01-01T00:00:00Z", "value": name }]);
        json!({ "id": format!("p-{name}"), "type": "person", "attributes": attributes })
    });
    let events = events.collect::<Vec<_>>();
    serde_json::to_string_pretty(&json!({ "objectTypes": [], "eventTypes": [], "events": events, "objects": people }))
        .unwrap()
}

fn encode_latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

#[test]
fn an_invalid_row_is_reported_with_its_line_and_the_rest_is_imported() {
    let log = "case,status,actor,at\r\n\r\n7,New,\"Ann\r\nLee\",2026-03-31T10:00:00Z\r\n,,Ann,yesterday\r\n\
               7,Work,Ann\r\n\r\n7,Sleeps,Ann,2026-03-31T10:30:00Z\r\n7,Work,Ann,2026-02-30T10:00:00Z\r\n\
               7,Work,Ann,2026-03-31T11:00:00Z\r\n";
    let binary = fresh();
    let imported = import(&binary, log.as_bytes(), &map(""));
    let summary = imported.summary();
    let counts = ["cases", "events", "transitions", "skipped", "invalid", "refused"].map(|key| summary[key].clone());
    assert_eq!(counts, [1, 6, 1, 4, 3, 0].map(|count| json!(count)), "{summary}");
    let report = imported.report.join("\n");
    let [first, second, third, fourth] = imported.report.as_slice() else { panic!("{report}") };
    let parts =
        ["line 5: skipped: ", "case: must not be empty", "status: must not be empty", "\"yesterday\" is not a time"];
    assert!(parts.iter().all(|part| first.contains(part)), "{report}");
    assert!(second.starts_with("line 6: skipped: the row has 3 fields"), "{report}");
    assert!(third.starts_with("line 9: ") && third.contains("is not a calendar date"), "{report}");
    assert!(fourth.starts_with("line 8: case 7: skipped: the status \"Sleeps\" is not in the map"), "{report}");
}

#[test]
fn a_log_that_cannot_be_read_imports_nothing_and_names_the_cause() {
    let row = "7,New,Ann,2026-03-31T10:00:00Z\n";
    let good = format!("case,status,actor,at\n{row}");
    let unpackable = [&[0x1f, 0x8b][..], good.as_bytes()].concat();
    for (log, map, expected) in [
        (
            good.as_bytes().to_vec(),
            map("").replace("'at'", "'time'"),
            "there is no column \"time\"; the columns are \"case\", \"status\", \"actor\", \"at\"",
        ),
        (format!("at,{good}").into_bytes(), map(""), "several columns \"at\""),
        (good.replace('Z', "").into_bytes(), map(""), "time_zone = \"Europe/Berlin\""),
        (row.as_bytes().to_vec(), map("header = false"), "named by its number"),
        (b"".to_vec(), map(""), "the log"),
        (unpackable, map(""), "cannot read"),
        (good.as_bytes().to_vec(), map("time_zone = 'Berlin'"), "time_zone: \"Berlin\""),
        (good.as_bytes().to_vec(), map("encoding = 'klingon'"), "encoding: \"klingon\""),
        (good.as_bytes().to_vec(), map("header = 7"), "header"),
        (good.as_bytes().to_vec(), "source = 'theirs'".to_owned(), "no [columns]"),
        (xes().replace("</log>", "").into_bytes(), map(""), "ends within an element"),
        (xes().replace("</event>", "</evnt>").into_bytes(), map(""), "the log cannot be read further"),
        (ocel().replace("objectId", "object").into_bytes(), map(""), "the log is no OCEL"),
        (b"{\"case\": 1}\n".to_vec(), map(""), "line 1: "),
    ] {
        let binary = fresh();
        let imported = import(&binary, &log, &map);
        let error = imported.error();
        assert!(!imported.output.status.success() && imported.output.stdout.is_empty(), "{expected}");
        assert!(error.contains(expected) && !error.contains("panicked"), "{expected}: {error}");
        assert!(histories(&binary).is_empty(), "{expected}");
    }
}

#[test]
fn a_log_from_standard_input_continues_after_the_imported_rows() {
    let binary = fresh();
    let rows =
        ["7,New,Ann,2026-03-31T10:00:00Z\n", "7,Work,Ann,2026-03-31T11:00:00Z\n", "7,Done,Ann,2026-03-31T12:00:00Z\n"];
    let map = file("map.toml", map("").as_bytes());
    let pipe = |rows: &[&str]| {
        let mut command = binary.command(&["import", "event-log", "-", "--map", map.to_str().unwrap()]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(format!("case,status,actor,at\n{}", rows.concat()).as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        (serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|_| panic!("{error}")), error)
    };
    assert_eq!(pipe(&rows[..2]).0["events"], 2);
    let (summary, _) = pipe(&rows);
    assert_eq!((&summary["events"], &summary["already_imported"]), (&json!(1), &json!(2)));
    // The log with the newest rows first is the same log.
    assert_eq!(pipe(&[rows[2], rows[1], rows[0]]).0["already_imported"], 3);
    let (summary, report) = pipe(&[rows[0], "7,New,Bob,2026-03-31T10:30:00Z\n", rows[1], rows[2]]);
    assert_eq!((&summary["late"], &summary["already_imported"]), (&json!(1), &json!(3)));
    assert!(report.contains("line 3: case 7: skipped: the row is of 2026-03-31T10:30:00Z"), "{report}");
}
