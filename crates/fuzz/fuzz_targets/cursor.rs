//! Cursors and times: what is read is written as it was, and a bound has a beginning before its end.
#![no_main]

use docket_domain::{page::Cursor, time::TimeBound};
use docket_server::wire::params::parse_bound;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (char, &str)| {
    let (list, text) = data;
    if let Ok(cursor) = Cursor::decode(text, list) {
        assert_eq!(Cursor::decode(&cursor.encode(list), list), Ok(cursor));
    }
    if let Some(bound) = parse_bound(text) {
        assert!(TimeBound::first_instant(bound) <= TimeBound::first_instant_after(bound));
    }
});
