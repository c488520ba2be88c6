//! The command line of `docket`.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::{Value, json};

use crate::support::{Backend, Binary, Client};

fn fresh() -> Binary {
    Binary::on(Backend::Sqlite.fresh_url().unwrap())
}

#[test]
fn a_created_key_is_printed_alone_and_accepted_by_a_running_server() {
    let binary = fresh();
    let server = binary.serve(&[]);
    let key = binary.print(&["keys", "create", "--name", "desk", "--scopes", "cases:read,cases:write"]);
    assert!(!key.contains('\n'));
    server.client.with_key(&key).post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
}

#[test]
fn a_running_server_soon_refuses_a_key_revoked_on_the_command_line() {
    let binary = fresh();
    let key = binary.key();
    let server = binary.serve(&[]);
    server.client.with_key(&key).get("/api/v1/cases").expect(200);
    let listed = binary.print(&["keys", "list"]);
    assert!(!listed.contains(key.split_once('.').unwrap().1), "{listed}");
    let id = listed.split('\t').next().unwrap().to_owned();
    binary.print(&["keys", "revoke", &id]);
    let refused = |_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        server.client.with_key(&key).get("/api/v1/cases").status == 401
    };
    assert!((0..50).any(refused));
    assert!(binary.print(&["keys", "list"]).contains("unusable"));
    assert!(!binary.run(&["keys", "revoke", "key_0000000000zzz"]).status.success());
}

#[test]
fn a_key_of_one_account_does_not_reach_cases_of_another() {
    let binary = fresh();
    binary.print(&["accounts", "create", "other"]);
    assert!(!binary.run(&["accounts", "create", "other"]).status.success());
    let key =
        binary.print(&["keys", "create", "--name", "a", "--scopes", "cases:read,cases:write", "--account", "other"]);
    let (main, server) = (binary.key(), binary.serve(&[]));
    let case = server.client.with_key(&key).post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    server.client.with_key(&main).get(&path).expect_error(404, "CASE_NOT_FOUND");
    assert!(
        !binary.run(&["keys", "create", "--name", "a", "--scopes", "admin", "--account", "nobody"]).status.success()
    );
}

#[test]
fn bad_arguments_are_refused_with_nothing_on_stdout() {
    let binary = fresh();
    for arguments in [
        &["keys", "create", "--name", "a", "--scopes", "everything"][..],
        &["keys", "create", "--name", "", "--scopes", "admin"],
        &["keys", "create", "--name", "a"],
        &["openapi", "klingon"],
        &["serve", "--listen", "nowhere"],
        &["workflow", "check", "/nonexistent.json"],
        &["--database-url", "mysql://localhost/x", "migrate"],
        &["--database-url", "docket.db", "migrate"],
    ] {
        let output = binary.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn migrating_twice_changes_nothing() {
    let binary = fresh();
    assert!(!binary.print(&["migrate"]).is_empty());
    assert_eq!(binary.print(&["migrate"]), "");
}

#[test]
fn openapi_documents_are_printed() {
    let binary = fresh();
    for dialect in ["native", "trackops", "services", "caseiq"] {
        let document: serde_json::Value = serde_json::from_str(&binary.print(&["openapi", dialect])).unwrap();
        assert!(document["openapi"].is_string());
    }
    assert_eq!(binary.print(&["openapi"]), binary.print(&["openapi", "native"]));
}

#[test]
fn the_built_in_workflow_is_checked_and_drawn() {
    let binary = fresh();
    assert!(binary.print(&["workflow", "check"]).contains("7 statuses"));
    assert!(binary.print(&["workflow", "diagram"]).starts_with("stateDiagram-v2"));
    assert!(binary.print(&["workflow", "diagram", "--format", "dot"]).starts_with("digraph"));
}

#[test]
fn verify_accepts_a_signed_checkpoint_and_refuses_an_altered_one() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let Some(url) = backend.fresh_url() else { continue };
        let binary = Binary::on(url);
        let server = binary.serve(&[]);
        let client = server.client.with_key(&binary.key());
        client.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
        let folder = std::env::temp_dir().join(format!("docket-checkpoint-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        let [key, note] = ["key.pem", "note.txt"].map(|name| folder.join(name).to_str().unwrap().to_owned());
        let made = binary.print(&["checkpoint", "--key", &key]);
        std::fs::write(&note, format!("{made}\n")).unwrap();
        let verifier = binary.print(&["checkpoint", "--key", &key, "--show-key"]);
        client.post("/api/v1/cases", &json!({ "name": "b" })).expect(201);
        for arguments in [
            &["verify", "--checkpoint", &note, "--verifier-key", &verifier][..],
            &["verify", "--checkpoint", &note],
            &["verify"],
        ] {
            let summary = serde_json::from_str::<serde_json::Value>(&binary.print(arguments)).unwrap();
            assert_eq!(summary["faults"], 0, "{summary}");
        }
        // An altered checkpoint, whose signature no longer matches.
        std::fs::write(&note, made.replacen("1 ", "1 9", 1)).unwrap();
        let refused = binary.run(&["verify", "--checkpoint", &note, "--verifier-key", &verifier]);
        assert!(
            !refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("is not signed by the key")
        );
    }
}

#[test]
fn lists_are_tables_or_json_on_request() {
    let binary = fresh();
    binary.key();
    let listed: serde_json::Value = serde_json::from_str(&binary.print(&["keys", "list", "--format", "json"])).unwrap();
    assert_eq!((&listed[0]["name"], &listed[0]["state"]), (&json!("tester"), &json!("usable")));
    let table = binary.print(&["keys", "list", "--format", "table"]);
    let (header, row) = table.split_once('\n').unwrap();
    assert_eq!(header.find("STATE"), row.find("usable"), "{table}");
}

#[test]
fn webhooks_are_listed_tested_and_replayed() {
    let binary = fresh();
    let running = binary.serve(&["--webhook-allow-private"]);
    let key = binary.print(&["keys", "create", "--name", "desk", "--scopes", "cases:read,admin"]);
    let client = running.client.with_key(key.trim_end());
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let made = client
        .post("/api/v1/webhooks", &json!({ "url": format!("http://{refused}/"), "types": ["case.*"] }))
        .expect(201);
    let id = made["id"].as_str().unwrap();
    assert_eq!(binary.print(&["webhooks", "list"]).trim_end(), format!("{id}\thttp://{refused}/\tcase.*\tactive"));
    let tested = binary.run(&["webhooks", "test", id, "--allow-private"]);
    let attempt: Value = serde_json::from_slice(&tested.stdout).unwrap();
    assert!(!tested.status.success() && attempt["error"].is_string(), "{attempt}");
    let cursor =
        client.get("/api/v1/events?after=now").expect(200)["pagination"]["cursor"].as_str().unwrap().to_owned();
    binary.print(&["webhooks", "replay", id, "--after", &cursor]);
    assert!(!binary.run(&["webhooks", "replay", id, "--after", "x"]).status.success());
    assert!(!binary.run(&["webhooks", "test", "whk_9"]).status.success());
}

#[test]
fn completions_and_man_pages_cover_every_command() {
    let binary = fresh();
    for shell in ["bash", "zsh", "fish"] {
        assert!(binary.print(&["completions", shell]).contains("checkpoint"), "{shell}");
    }
    let folder = std::env::temp_dir().join(format!("docket-man-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    binary.print(&["man", folder.to_str().unwrap()]);
    assert!(folder.join("docket.1").is_file() && folder.join("docket-keys-create.1").is_file());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_demonstration_key_is_the_same_after_a_restart_until_it_is_revoked() {
    let binary = fresh();
    let documents = std::env::temp_dir().join(format!("docket-demo-{}", std::process::id()));
    let start = || {
        let mut command = binary.command(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
        command.env("DOCKET_DOCUMENTS", &documents).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines().take(4).collect::<Result<Vec<_>, _>>();
        server.kill().unwrap();
        server.wait().unwrap();
        let export = lines.unwrap().into_iter().find(|line| line.starts_with("export URL=")).unwrap();
        export.rsplit_once("KEY=").unwrap().1.to_owned()
    };
    let first = start();
    assert_eq!(start(), first);
    assert_eq!(binary.print(&["keys", "list"]).lines().count(), 1);
    let id = binary.print(&["keys", "list"]).split('\t').next().unwrap().to_owned();
    binary.print(&["keys", "revoke", &id]);
    assert_ne!(start(), first);
    std::fs::remove_dir_all(documents).unwrap();
}

#[test]
fn a_json_log_has_the_fields_of_a_request() {
    let binary = fresh();
    let key = binary.key();
    let mut command = binary.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let line = BufReader::new(server.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let client = Client::new(line.strip_prefix("listening on http://").unwrap().parse().unwrap()).with_key(&key);
    client.with("x-request-id", "r-1").get("/api/v1/cases/case_0000000000007").expect_error(404, "CASE_NOT_FOUND");
    let entries = BufReader::new(server.stderr.take().unwrap()).lines().map(|line| line.unwrap());
    let mut entries = entries.map(|line| serde_json::from_str::<Value>(&line).unwrap());
    let entry = entries.find(|entry| entry["target"] == "docket::access").unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(
        (&entry["request_id"], &entry["route"], &entry["status"], &entry["level"], &entry["method"]),
        (&json!("r-1"), &json!("/api/v1/cases/{case}"), &json!(404), &json!("INFO"), &json!("GET")),
        "{entry}"
    );
    assert!(entry["duration_ms"].is_f64() && entry["key_id"].as_str().unwrap().starts_with("key_"), "{entry}");
}

#[test]
fn a_database_that_is_down_is_named() {
    let binary = Binary::on("postgres://docket@127.0.0.1:1/docket");
    for command in [&["keys", "list"][..], &["serve", "--listen", "127.0.0.1:0"], &["verify"]] {
        let run = binary.run(command);
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(!run.status.success() && said.contains("PostgreSQL at 127.0.0.1:1 cannot be reached"), "{said}");
    }
}

#[test]
fn a_log_becomes_a_workflow_with_its_cases_in_it() {
    let folder = std::env::temp_dir().join(format!("docket-discover-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let log = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/incidents-sample.csv");
    let columns = ["case = \"case_id\"", "status = \"status\"", "actor = \"actor\"", "occurred_at = \"occurred_at\""];
    std::fs::write(path("map.toml"), format!("source = \"incidents\"\n[columns]\n{}\n", columns.join("\n"))).unwrap();
    let binary = fresh();
    let map = path("map.toml");
    std::fs::write(path("all.json"), binary.print(&["workflow", "discover", log, "--map", &map])).unwrap();
    let all = path("all.json");
    assert!(binary.print(&["workflow", "check", &all]).contains("is valid"));
    binary.print(&["migrate"]);
    let installed = binary.print(&["workflow", "install", &all, "--key", "incidents", "--case-type", "incident"]);
    let first: Value = serde_json::from_str(&installed).unwrap();
    assert_eq!((&first["number"], &first["active"]), (&json!(1), &json!(true)));
    let imported = binary.print(&["import", "event-log", log, "--map", &map, "--workflow", "incidents"]);
    let imported: Value = serde_json::from_str(&imported).unwrap();
    assert_eq!((&imported["refused"], &imported["skipped"]), (&json!(0), &json!(0)), "{imported}");
    let conform = |workflow: &str| {
        let found = binary.print(&["workflow", "conform", log, "--map", &map, "--workflow", workflow]);
        serde_json::from_str::<Value>(&found).unwrap()
    };
    let whole = conform("incidents");
    assert_eq!((&whole["fitness"], &whole["deviations"]), (&json!(1.0), &json!([])));
    assert_eq!(whole["cases"], whole["cases_that_fit"]);

    // What the export writes, the import reads back to the same histories.
    let histories = |binary: &Binary| {
        let table = binary.print(&[
            "export",
            "event-log",
            "--format",
            "csv",
            "--type",
            "case.created",
            "--type",
            "case.status_changed",
        ]);
        let mut histories = std::collections::BTreeMap::<String, Vec<String>>::new();
        for row in
            csv::Reader::from_reader(table.as_bytes()).deserialize::<std::collections::BTreeMap<String, String>>()
        {
            let row = row.unwrap();
            let step = format!("{} {} {}", row["occurred_at"], row["status"], row["actor"]);
            histories.entry(row["case_id"].clone()).or_default().push(step);
        }
        let mut histories = histories.into_values().collect::<Vec<_>>();
        histories.sort();
        (table, histories)
    };
    let (table, before) = histories(&binary);
    assert_eq!(before.len(), usize::try_from(imported["cases"].as_i64().unwrap()).unwrap());
    for format in ["csv", "jsonl", "xes", "ocel"] {
        let exported = match format {
            "csv" => table.clone(),
            _ => binary.print(&["export", "event-log", "--format", format]),
        };
        let file = path(&format!("export.{format}"));
        std::fs::write(&file, exported).unwrap();
        // Only a table has no names of its own.
        let columns = if format == "csv" { format!("[columns]\n{}\n", columns.join("\n")) } else { String::new() };
        std::fs::write(path("export.toml"), format!("source = \"export\"\n{columns}")).unwrap();
        let copy = fresh();
        copy.print(&["migrate"]);
        copy.print(&["workflow", "install", &all, "--key", "incidents", "--case-type", "incident"]);
        copy.print(&["import", "event-log", &file, "--map", &path("export.toml"), "--workflow", "incidents"]);
        assert_eq!(histories(&copy).1, before, "{format}");
        let tail = copy.print(&["events", "tail", "--from-start", "--no-follow", "--type", "case.created"]);
        assert_eq!(tail.lines().count(), before.len());
    }

    // A stricter version without the rare moves: what it leaves out deviates.
    let strict = binary.run(&["workflow", "discover", log, "--map", &map, "--min-share", "0.1"]);
    assert!(String::from_utf8_lossy(&strict.stderr).contains("left out: "));
    std::fs::write(path("strict.json"), strict.stdout).unwrap();
    let fitness = conform(&path("strict.json"))["fitness"].as_f64().unwrap();
    assert!(fitness > 0.5 && fitness < 1.0, "{fitness}");
    let second = binary.print(&["workflow", "install", &path("strict.json"), "--key", "incidents", "--no-activate"]);
    let second: Value = serde_json::from_str(&second).unwrap();
    let (first, second) = (first["version"].as_str().unwrap(), second["version"].as_str().unwrap());
    let diff: Value = serde_json::from_str(&binary.print(&["workflow", "diff", "incidents", first, second])).unwrap();
    assert!(!diff["transitions"]["removed"].as_array().unwrap().is_empty());
    let plan = binary.print(&["workflow", "migrate", "incidents", "--to", second, "--dry-run"]);
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let moved = binary.print(&["workflow", "migrate", "incidents", "--to", second, "--reason", "fewer ways"]);
    let moved: Value = serde_json::from_str(&moved).unwrap();
    assert_eq!((&moved["state"], &moved["moved"]), (&json!("done"), &plan["planned"]), "{moved}");
    binary.print(&["workflow", "activate", "incidents", second]);
    let listed = binary.print(&["workflow", "list"]);
    let active = listed.lines().find(|line| line.contains(second)).unwrap();
    assert!(active.ends_with(&format!("active\t{}", moved["moved"])), "{listed}");
    let shown: Value =
        serde_json::from_str(&binary.print(&["workflow", "show", "incidents", "--version", first])).unwrap();
    let installed = serde_json::from_str::<Value>(&std::fs::read_to_string(&all).unwrap()).unwrap();
    assert_eq!((&shown["name"], &shown["statuses"]), (&installed["name"], &installed["statuses"]));
    binary.print(&["verify"]);
    assert!(!binary.run(&["workflow", "show", "nothing"]).status.success());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_guide_from_a_log_to_a_workflow_works_as_written() {
    let repository = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let guide = std::fs::read_to_string(repository.join("docs/workflow.md")).unwrap();
    let commands = guide.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0;
    let folder = std::env::temp_dir().join(format!("docket-guide-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(repository.join("crates"), folder.join("crates")).unwrap();
    let programs = std::path::Path::new(env!("CARGO_BIN_EXE_docket")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut shell = std::process::Command::new("bash");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DOCKET_")) {
        shell.env_remove(name);
    }
    let ran = shell.args(["-euo", "pipefail", "-c", commands]).current_dir(&folder).env("PATH", path).output().unwrap();
    let (said, errors) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8_lossy(&ran.stderr).into_owned());
    assert!(ran.status.success(), "{errors}");
    assert!(said.contains("\"refused\":0") && said.contains("\"fitness\": 1.0"), "{said}");
    assert!(std::fs::read_to_string(folder.join("incidents.svg")).unwrap().starts_with("<svg"));
    std::fs::remove_dir_all(folder).unwrap();
}
