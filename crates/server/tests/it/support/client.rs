//! A minimal HTTP/1.1 client. It can also send malformed requests.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

use super::TestResponse;

/// A client that sends the same headers with every request.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    headers: Vec<(String, String)>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, headers: Vec::new() }
    }

    /// A copy with one more header.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// A copy with this key as its bearer credential.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        self.without("authorization").with("authorization", &format!("Bearer {key}"))
    }

    /// A copy without this header.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != name);
        client
    }

    pub(crate) fn get(&self, path: &str) -> TestResponse {
        self.send("GET", path, b"")
    }

    pub(crate) fn delete(&self, path: &str) -> TestResponse {
        self.send("DELETE", path, b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> TestResponse {
        self.post_text(path, &body.to_string())
    }

    pub(crate) fn post_text(&self, path: &str, body: &str) -> TestResponse {
        self.json().send("POST", path, body.as_bytes())
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> TestResponse {
        self.json().send("PUT", path, body.to_string().as_bytes())
    }

    /// A copy with content type JSON, unless a content type is set.
    fn json(&self) -> Self {
        if self.headers.iter().any(|(name, _)| name == "content-type") {
            return self.clone();
        }
        self.with("content-type", "application/json")
    }

    /// Sends a request and waits for the whole response.
    pub(crate) fn send(&self, method: &str, path: &str, body: &[u8]) -> TestResponse {
        let mut stream = self.begin(method, path, body.len());
        // The server may refuse a body before it has read all of it.
        let _sent = stream.write_all(body);
        Self::finish(stream)
    }

    /// The head of a request with a body of `length` bytes.
    pub(crate) fn head(&self, method: &str, path: &str, length: usize) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
        if length > 0 {
            head.push_str(&format!("content-length: {length}\r\n"));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head
    }

    /// Sends the head of a request.
    pub(crate) fn begin(&self, method: &str, path: &str, length: usize) -> TcpStream {
        let head = self.head(method, path, length);
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    }

    /// Sends bytes unchanged and returns what the server sends until it closes the connection.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        let _end = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Waits for the whole response, or for the head of a stream of events.
    pub(crate) fn finish(mut stream: TcpStream) -> TestResponse {
        let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
        // A server that refuses a body early may reset the connection after its response.
        while let Ok(length @ 1..) = stream.read(&mut part) {
            bytes.extend_from_slice(&part[..length]);
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            if bytes[..end].windows(17).any(|window| window == b"text/event-stream") {
                bytes.truncate(end + 4);
                break;
            }
        }
        TestResponse::parse(&bytes)
    }
}
