//! The bodies of requests: no object makes a reader panic, and a refusal names at least one fault.
#![no_main]

#[path = "../../server/tests/it/random/readers/bodies.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|data: &[u8]| {
    let Ok(body) = serde_json::from_slice::<Map<String, Value>>(data) else { return };
    readers::read(&body, |faults| assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.message.is_empty())));
});
