//! Listeners of the binary: TLS and its reload, the admin listener, and the permissions of the files it writes.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, ChildStdout, Stdio},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use crate::support::{Backend, Binary, Client, documents_folder};

type Secure = StreamOwned<ClientConnection, TcpStream>;

/// `docket serve` with piped stdout and stderr. Dropping it kills the process.
struct Serving {
    process: Child,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

impl Serving {
    fn start(binary: &Binary, arguments: &[&str]) -> Self {
        let mut command = binary.command(&["serve", "--workers", "2"]);
        let mut process = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let err = BufReader::new(process.stderr.take().unwrap());
        Self { process, out, err }
    }

    /// The address after `prefix` in the next line of stdout.
    fn address(&mut self, prefix: &str) -> SocketAddr {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim_end().strip_prefix(prefix).unwrap_or_else(|| panic!("{line}")).parse().unwrap()
    }

    /// Reads stderr up to the first line that contains the text, and returns that line.
    fn await_log(&mut self, text: &str) -> String {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert!(self.err.read_line(&mut line).unwrap() > 0, "nothing said {text:?}");
        }
        line
    }

    fn send_sighup(&self) {
        let id = self.process.id().to_string();
        assert!(std::process::Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// A new folder for one test.
fn folder() -> PathBuf {
    let folder = PathBuf::from(documents_folder());
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a new certificate for `localhost` and its private key. Returns the certificate as PEM.
fn write_certificate(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(folder.join("tls.crt"), made.cert.pem()).unwrap();
    fs::write(folder.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    made.cert.pem()
}

/// A TLS connection that trusts this certificate only.
fn connect(address: SocketAddr, certificate: &str) -> Secure {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(connection, TcpStream::connect(address).unwrap())
}

/// Requests `/health/live` and leaves the connection open.
fn ask(stream: &mut Secure) -> std::io::Result<String> {
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\"ok\"}") {
        stream.read_exact(&mut byte)?;
        answer.push(byte[0]);
    }
    Ok(String::from_utf8(answer).unwrap())
}

#[test]
fn tls_certificates_are_reloaded_without_dropping_connections() {
    let (folder, binary) = (folder(), Binary::on(Backend::Sqlite.fresh_url().unwrap()));
    let first = write_certificate(&folder);
    let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
    let files = ["--tls-cert", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let mut server = Serving::start(&binary, &[&["--listen", "127.0.0.1:0"], &files[..]].concat());
    let address = server.address("listening on https://");
    let mut open = connect(address, &first);
    assert!(ask(&mut open).unwrap().starts_with("HTTP/1.1 200"));

    let second = write_certificate(&folder);
    server.send_sighup();
    server.await_log("reloaded the TLS certificate");
    assert!(ask(&mut connect(address, &second)).unwrap().starts_with("HTTP/1.1 200"));
    assert!(ask(&mut connect(address, &first)).is_err(), "new connections get the new certificate");
    assert!(ask(&mut open).unwrap().starts_with("HTTP/1.1 200"), "an open connection goes on");

    for (file, content) in [(&certificate, "nonsense"), (&key, "nonsense")] {
        let before = fs::read(file).unwrap();
        fs::write(file, content).unwrap();
        server.send_sighup();
        server.await_log("kept the previous TLS certificate");
        assert!(ask(&mut connect(address, &second)).unwrap().starts_with("HTTP/1.1 200"));
        fs::write(file, before).unwrap();
    }
    // The key of another certificate.
    let (own, other) = (fs::read(&certificate).unwrap(), write_certificate(&folder));
    fs::write(&certificate, own).unwrap();
    server.send_sighup();
    server.await_log("kept the previous TLS certificate");
    assert!(ask(&mut connect(address, &other)).is_err());
    assert!(ask(&mut connect(address, &second)).unwrap().starts_with("HTTP/1.1 200"));
}

#[test]
fn a_server_does_not_start_with_bad_tls_files() {
    let (folder, binary) = (folder(), Binary::on(Backend::Sqlite.fresh_url().unwrap()));
    write_certificate(&folder);
    let (certificate, missing) = (folder.join("tls.crt"), folder.join("missing"));
    let (certificate, missing) = (certificate.to_str().unwrap(), missing.to_str().unwrap());
    for files in [&["--tls-cert", certificate][..], &["--tls-cert", certificate, "--tls-key", missing]] {
        assert!(!binary.run(&[&["serve", "--listen", "127.0.0.1:0"], files].concat()).status.success());
    }
}

#[test]
fn metrics_and_docs_are_on_the_admin_listener_only() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let listeners = ["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"];
    let mut server = Serving::start(&binary, &listeners);
    let callers = Client::new(server.address("listening on http://"));
    let operators = Client::new(server.address("admin on http://"));
    for path in ["/metrics", "/docs", "/docs/"] {
        callers.get(path).expect_error(404, "NOT_FOUND");
        assert!(operators.get(path).status < 400, "{path}");
    }
    for path in ["/health/live", "/health/ready", "/openapi/native.json"] {
        callers.get(path).expect(200);
        operators.get(path).expect(200);
    }
    callers.get("/api/v1/cases").expect_error(401, "AUTH_INVALID_KEY");
    operators.get("/api/v1/cases").expect_error(404, "NOT_FOUND");
    let counts = String::from_utf8(operators.get("/metrics").body).unwrap();
    assert!(counts.contains("route=\"/api/v1/cases\""), "both listeners are of one server: {counts}");
}

#[test]
fn a_public_address_without_tls_is_warned_about_once() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let key = binary.key();
    let mut server = Serving::start(&binary, &["--listen", "0.0.0.0:0"]);
    let address = server.address("listening on http://");
    server.await_log("without TLS");
    let client = Client::new(SocketAddr::from(([127, 0, 0, 1], address.port()))).with_key(&key);
    client.get("/api/v1/cases").expect(200);
    // The access log shows the id of the key, or `-` for a request without a key.
    let line = server.await_log("GET /api/v1/cases 200");
    assert!(line.contains(" key_") && !line.contains("without TLS"), "{line}");
    Client::new(SocketAddr::from(([127, 0, 0, 1], address.port()))).get("/health/live").expect(200);
    assert!(server.await_log("GET /health/live 200").trim_end().ends_with(" -"));
}

#[test]
fn only_the_owner_can_access_the_files_of_a_store() {
    let folder = folder();
    let (database, documents) = (folder.join("docket.db"), folder.join("documents"));
    let binary = Binary::on(format!("sqlite://{}", database.display()));
    let key = binary.key();
    let mut server = Serving::start(&binary, &["--listen", "127.0.0.1:0", "--documents", documents.to_str().unwrap()]);
    let client = Client::new(server.address("listening on http://")).with_key(&key);
    let case = client.post("/api/v1/cases", &serde_json::json!({ "name": "a" })).expect(201);
    let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nbytes\r\n--b--\r\n";
    let upload = client.with("content-type", "multipart/form-data; boundary=b");
    let path = format!("/api/v1/cases/{}/documents", case["id"].as_str().unwrap());
    assert_eq!(upload.send("POST", &path, form.as_bytes()).status, 201);
    let copy = folder.join("copy.db");
    assert!(binary.run(&["backup", copy.to_str().unwrap()]).status.success());
    let mut seen = Vec::new();
    let mut places = vec![documents];
    for entry in fs::read_dir(&folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        places.push(entry.path());
    }
    while let Some(place) = places.pop() {
        let about = fs::metadata(&place).unwrap();
        let mode = if about.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(about.permissions().mode() & 0o777, mode, "{}", place.display());
        if about.is_dir() {
            places.extend(fs::read_dir(&place).unwrap().flatten().map(|entry| entry.path()));
        }
        seen.push(place.display().to_string());
    }
    for suffix in ["docket.db", "docket.db-wal", "docket.db-shm", "copy.db"] {
        assert!(seen.iter().any(|place| place.ends_with(suffix)), "{suffix}: {seen:?}");
    }
    assert!(seen.len() >= 8, "{seen:?}");
}
