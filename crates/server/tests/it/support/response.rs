//! A response of the server.

use serde_json::Value;

/// Status, headers and body as received. Header names are lower case.
#[derive(Debug, Clone)]
pub(crate) struct TestResponse {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl TestResponse {
    /// Parses the bytes that were received until the server closed the connection.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer with a head");
        let (head, body) = (String::from_utf8(bytes[..end].to_vec()).unwrap(), bytes[end + 4..].to_vec());
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status line");
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Self { status, headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Status, sorted headers and body, without the request id and the date, which differ between any two responses.
    pub(crate) fn says(&self) -> (u16, Vec<(String, String)>, String) {
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
        headers.sort();
        (self.status, headers, String::from_utf8_lossy(&self.body).into_owned())
    }

    pub(crate) fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {} {text:?}", self.status))
    }

    /// Asserts the status and returns the body as JSON, or null if it is empty.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// Asserts an error in the native envelope with this status and code, and returns the value of `error`.
    #[track_caller]
    pub(crate) fn expect_error(&self, status: u16, code: &str) -> Value {
        let error = self.expect(status)["error"].clone();
        assert_eq!(error["code"], code, "{error}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
        assert!(self.header("x-request-id").is_some(), "no request id");
        error
    }

    /// Asserts a 400 that names exactly these fields, in any order, and returns the value of `error`.
    #[track_caller]
    pub(crate) fn expect_faults(&self, fields: &[&str]) -> Value {
        let error = self.expect_error(400, "VALIDATION_ERROR");
        let details = error["details"].as_array().cloned().unwrap_or_default();
        let mut found = details.iter().filter_map(|fault| fault["field"].as_str()).collect::<Vec<_>>();
        let mut expected = fields.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{error}");
        error
    }
}
