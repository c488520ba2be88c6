//! The queries of lists: no text makes a reader panic, and a refusal names at least one fault.
#![no_main]

#[path = "../../server/tests/it/random/readers/queries.rs"]
mod readers;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    readers::read(query, |faults| assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.message.is_empty())));
});
