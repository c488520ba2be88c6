//! Documents: upload, download, and headers that keep a browser from rendering the content.

use std::{
    fs,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use docket_domain::scope::Scope;
use docket_persistence::files::Files;
use docket_server::app::Config;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestResponse, documents_folder, on_both_databases};

const BOUNDARY: &str = "----docket-test";

fn documents(case: &Value) -> String {
    format!("{}/documents", TestApp::path(case))
}

/// A multipart form. Each part is the text after `form-data; `, which may include more headers, and its content.
pub(crate) fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, content) in parts {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

pub(crate) fn send(client: &Client, case: &Value, body: &[u8]) -> TestResponse {
    let multipart = client.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    multipart.send("POST", &documents(case), body)
}

fn upload(app: &TestApp, case: &Value, bytes: &[u8]) -> (String, Value) {
    let body = form(&[("name=\"file\"; filename=\"brief.txt\"\r\nContent-Type: text/plain", bytes)]);
    let document = send(app, case, &body).expect(201);
    (format!("/api/v1/documents/{}", document["id"].as_str().unwrap()), document)
}

/// Total size in bytes of the files below a folder.
fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => bytes_in(&entry.path()),
            _ => entry.metadata().map_or(0, |metadata| metadata.len()),
        })
        .sum()
}

/// Number of files below a folder.
fn files_in(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_in(&path) } else { 1 }).sum()
}

on_both_databases! {
    fn a_document_is_stored_and_returned(app) {
        let case = app.case("a");
        let bytes = (0..300_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>();
        let parts: [(&str, &[u8]); 2] = [
            ("name=\"file\"; filename=\"Klage Müller.pdf\"\r\nContent-Type: application/pdf", &bytes),
            ("name=\"title\"", "Statement of claim".as_bytes()),
        ];
        let answer = send(app, &case, &form(&parts));
        let document = answer.expect(201);
        let expected = json!({
            "id": document["id"], "case_id": case["id"], "title": "Statement of claim", "file_name": "Klage Müller.pdf",
            "media_type": "application/pdf", "size": 300_000, "sha256": document["sha256"],
            "created_at": document["created_at"], "created_by": document["created_by"],
        });
        assert_eq!(document, expected);
        assert_eq!(document["created_by"]["name"], "tester");
        let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), Some(path.as_str()));
        assert_eq!(app.get(&path).expect(200), document);
        assert_eq!(app.get(&documents(&case)).expect(200)["data"], json!([document]));
        let content = app.get(&format!("{path}/content"));
        assert_eq!((content.status, content.body == bytes), (200, true));
        assert_eq!(content.header("content-length"), Some("300000"));
        assert_eq!(content.header("content-type"), Some("application/pdf"));
        assert_eq!(content.header("accept-ranges"), Some("bytes"));
        let tag = format!("\"{}\"", document["sha256"].as_str().unwrap());
        assert_eq!(content.header("etag"), Some(tag.as_str()));
        let entry = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200)["data"][0].clone();
        assert_eq!((&entry["type"], &entry["metadata"]["sha256"]), (&json!("document.added"), &document["sha256"]));
        app.delete(&path).expect(204);
        app.get(&path).expect_error(404, "DOCUMENT_NOT_FOUND");
        app.get(&format!("{path}/content")).expect_error(404, "DOCUMENT_NOT_FOUND");
        app.delete(&path).expect_error(404, "DOCUMENT_NOT_FOUND");
    }

    fn the_hash_is_sha_256(app) {
        let (_, document) = upload(app, &app.case("a"), b"abc");
        assert_eq!(document["sha256"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!((&document["title"], &document["file_name"]), (&json!("brief.txt"), &json!("brief.txt")));
        let (path, empty) = upload(app, &app.case("a"), b"");
        assert_eq!(empty["size"], 0);
        assert_eq!(app.get(&format!("{path}/content")).body, b"");
    }

    fn a_single_byte_range_is_served(app) {
        let (path, document) = upload(app, &app.case("a"), b"0123456789");
        let path = format!("{path}/content");
        for (range, part, said) in [
            ("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=7-", "789", "bytes 7-9/10"), ("bytes=-2", "89", "bytes 8-9/10"), ("bytes=5-99", "56789", "bytes 5-9/10"),
        ] {
            let answer = app.with("range", range).get(&path);
            assert_eq!((answer.status, answer.body.as_slice()), (206, part.as_bytes()), "{range}");
            assert_eq!(answer.header("content-range"), Some(said));
        }
        for whole in ["bytes=0-1,3-4", "lines=1-2", "bytes=9-1"] {
            assert_eq!(app.with("range", whole).get(&path).status, 200, "{whole}");
        }
        let beyond = app.with("range", "bytes=10-").get(&path);
        beyond.expect_error(416, "RANGE_NOT_SATISFIABLE");
        assert_eq!(beyond.header("content-range"), Some("bytes */10"));
        let tag = format!("\"{}\"", document["sha256"].as_str().unwrap());
        assert_eq!(app.with("if-none-match", &tag).get(&path).status, 304);
        assert_eq!(app.with("if-range", "\"other\"").with("range", "bytes=0-3").get(&path).status, 200);
        assert_eq!(app.with("if-range", &tag).with("range", "bytes=0-3").get(&path).status, 206);
        let head = app.send("HEAD", &path, b"");
        assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("10"), 0));
    }

    fn uploaded_content_cannot_run_in_a_browser(app) {
        let case = app.case("a");
        let head = "name=\"file\"; filename=\"../../x\\\"; y=<script>.html\"\r\nContent-Type: text/html";
        let document = send(app, &case, &form(&[(head, b"<script>alert(1)</script>")])).expect(201);
        let name = document["file_name"].as_str().unwrap();
        assert!(!name.contains(['/', '\\', '<', '>']), "{name}");
        let content = app.with("accept-encoding", "gzip").get(&format!("/api/v1/documents/{}/content", document["id"].as_str().unwrap()));
        assert!(content.header("content-disposition").unwrap().starts_with("attachment; "));
        assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
        assert!(content.header("content-security-policy").unwrap().contains("sandbox"));
        assert_eq!(content.header("content-encoding"), None);
        for (given, kept) in [("nonsense", "application/octet-stream"), ("TEXT/Plain; charset=x", "text/plain")] {
            let head = format!("name=\"file\"; filename=\"a\"\r\nContent-Type: {given}");
            assert_eq!(send(app, &case, &form(&[(&head, b"x")])).expect(201)["media_type"], kept);
        }
    }

    fn invalid_forms_are_refused(app) {
        let case = app.case("a");
        send(app, &case, &form(&[("name=\"title\"", b"x")])).expect_faults(&["file"]);
        let file: (&str, &[u8]) = ("name=\"file\"; filename=\"a\"", b"x");
        send(app, &case, &form(&[file, ("name=\"title\"", b" ")])).expect_faults(&["title"]);
        send(app, &case, &form(&[file, ("name=\"other\"", b"x"), ("name=\"title\"", b"\xff")])).expect_faults(&["other", "title"]);
        send(app, &case, b"no form at all").expect_error(400, "VALIDATION_ERROR");
        app.post(&documents(&case), &json!({})).expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        app.send("POST", &documents(&case), b"x").expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        assert_eq!(app.get(&documents(&case)).expect(200)["data"], json!([]));
    }

    fn documents_are_paginated(app) {
        let case = app.case("a");
        let made = ["a", "b", "c"].map(|bytes| upload(app, &case, bytes.as_bytes()).1);
        let first = app.get(&format!("{}?limit=2", documents(&case))).expect(200);
        assert_eq!(first["data"], json!([made[2], made[1]]));
        let cursor = first["pagination"]["cursor"].as_str().unwrap();
        assert_eq!(app.get(&format!("{}?cursor={cursor}", documents(&case))).expect(200)["data"], json!([made[0]]));
    }

    fn every_call_needs_its_scope_and_an_existing_case(app) {
        let case = app.case("a");
        let (path, _) = upload(app, &case, b"x");
        let (reader, writer) = (app.with_scopes(&[Scope::CasesRead]), app.with_scopes(&[Scope::CasesWrite]));
        let body = form(&[("name=\"file\"; filename=\"a\"", b"x")]);
        send(&reader, &case, &body).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        reader.delete(&path).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        writer.get(&format!("{path}/content")).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        app.another_account().get(&format!("{path}/content")).expect_error(404, "DOCUMENT_NOT_FOUND");
        app.delete(&TestApp::path(&case)).expect(204);
        app.get(&format!("{path}/content")).expect_error(404, "DOCUMENT_NOT_FOUND");
        send(app, &case, &body).expect_error(404, "CASE_NOT_FOUND");
        app.send("POST", &format!("{}/restore", TestApp::path(&case)), b"").expect(200);
        assert_eq!(app.get(&format!("{path}/content")).status, 200);
    }
}

/// A server with a separate documents folder.
fn with_folder(max_document_bytes: u64) -> (TestApp, String) {
    let folder = documents_folder();
    let documents = Some(Files::open(&folder).unwrap());
    (TestApp::with_config(Config { documents, max_document_bytes, ..Config::default() }), folder)
}

#[test]
fn identical_content_is_stored_once() {
    let (app, folder) = with_folder(1 << 20);
    let (first, second) = (app.case("a"), app.case("b"));
    let (path, one) = upload(&app, &first, b"the same");
    let (_, two) = upload(&app, &second, b"the same");
    assert_eq!(one["sha256"], two["sha256"]);
    assert_eq!(files_in(Path::new(&folder)), 1);
    app.delete(&path).expect(204);
    assert_eq!(files_in(Path::new(&folder)), 1);
}

#[test]
fn a_document_over_the_size_limit_is_refused_and_leaves_no_file() {
    let (app, folder) = with_folder(1 << 20);
    let case = app.case("a");
    upload(&app, &case, &vec![b'x'; 1 << 20]);
    for size in [(1 << 20) + 1, 3 << 20] {
        let body = form(&[("name=\"file\"; filename=\"a\"", &vec![b'x'; size])]);
        send(&app, &case, &body).expect_error(413, "PAYLOAD_TOO_LARGE");
    }
    assert_eq!(files_in(Path::new(&folder)), 1);
}

/// On SQLite only: the persistence tests check the count of bytes on both databases.
#[test]
fn the_documents_of_an_account_have_a_total_size_limit() {
    let folder = documents_folder();
    let documents = Some(Files::open(&folder).unwrap());
    let app = TestApp::with_config(Config { documents, max_account_bytes: 10_000, ..Config::default() });
    let case = app.case("a");
    let (path, _) = upload(&app, &case, &[b'x'; 6_000]);
    let too_much = form(&[("name=\"file\"; filename=\"a\"", &[b'y'; 4_001])]);
    let refused = send(&app, &case, &too_much).expect_error(413, "PAYLOAD_TOO_LARGE");
    assert!(refused["message"].as_str().unwrap().contains("10000 bytes together"), "{refused}");
    assert_eq!(files_in(Path::new(&folder)), 1);
    // Refused bytes do not count.
    upload(&app, &case, &[b'y'; 4_000]);
    app.delete(&path).expect(204);
    upload(&app, &case, &[b'z'; 6_000]);
    // Each account has a separate limit.
    let other = app.another_account();
    let body = form(&[("name=\"file\"; filename=\"a\"", &[b'x'; 9_000])]);
    let theirs = other.post("/api/v1/cases", &json!({ "name": "theirs" })).expect(201);
    send(&other, &theirs, &body).expect(201);
}

#[test]
fn concurrent_uploads_do_not_exceed_the_total_size_limit() {
    let folder = documents_folder();
    let documents = Some(Files::open(&folder).unwrap());
    let app = TestApp::with_config(Config { documents, max_account_bytes: 1 << 20, ..Config::default() });
    let case = app.case("a");
    let slow = form(&[("name=\"file\"; filename=\"a\"", &vec![b'x'; 900_000])]);
    let multipart = app.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    let mut stream = multipart.begin("POST", &self::documents(&case), slow.len());
    stream.write_all(&slow[..600_000]).unwrap();
    // Once the server writes the first bytes, it has read the stored total.
    let give_up_at = Instant::now() + Duration::from_secs(20);
    while bytes_in(Path::new(&folder)) == 0 {
        assert!(Instant::now() < give_up_at, "nothing was received");
        std::thread::yield_now();
    }
    upload(&app, &case, &vec![b'y'; 300_000]);
    stream.write_all(&slow[600_000..]).unwrap();
    Client::finish(stream).expect_error(413, "PAYLOAD_TOO_LARGE");
    assert_eq!(files_in(Path::new(&folder)), 1);
}

#[test]
fn an_aborted_upload_leaves_no_file() {
    let (app, folder) = with_folder(8 << 20);
    let case = app.case("a");
    let body = form(&[("name=\"file\"; filename=\"a\"", &vec![b'x'; 4 << 20])]);
    let multipart = app.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    let mut stream = multipart.begin("POST", &documents(&case), body.len());
    stream.write_all(&body[..2 << 20]).unwrap();
    drop(stream);
    // A form that ends before its closing boundary.
    send(&app, &case, &body[..1 << 20]).expect_error(400, "VALIDATION_ERROR");
    // The server detects the closed connection with a delay.
    let give_up_at = Instant::now() + Duration::from_secs(20);
    while files_in(Path::new(&folder)) > 0 && Instant::now() < give_up_at {
        std::thread::yield_now();
    }
    let gone = files_in(Path::new(&folder)) == 0;
    assert!(gone, "{} files are left", files_in(Path::new(&folder)));
    assert_eq!(app.get(&documents(&case)).expect(200)["data"], json!([]));
}
