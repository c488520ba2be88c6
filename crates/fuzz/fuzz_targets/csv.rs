//! Event logs: every log is read to its end, and each row that cannot be imported is named with its line and a reason.
#![no_main]

use std::{io::Cursor, sync::LazyLock};

use docket_domain::workflow::{EntityType, builtin};
use docket_server::import::{Format, Map, Reader};
use libfuzzer_sys::fuzz_target;

static FORMAT: LazyLock<Format> = LazyLock::new(|| {
    let map = "source = 'x'\ntime_zone = 'Europe/Berlin'\n[columns]\ncase = '1'\nstatus = ['2', '3']\nactor = '4'\noccurred_at = '5'\n[statuses]\nNew = 'open'\n";
    Map::read(map, builtin(EntityType::Case)).expect("a map").1
});

fuzz_target!(|log: Vec<u8>| {
    let Ok(mut reader) = Reader::new(Cursor::new(log), &FORMAT) else { return };
    let mut last = 0;
    // Only a damaged gzip stream ends a log early.
    while let Ok(Some(row)) = reader.next_row() {
        let line = match row {
            Ok(row) => {
                assert!(row.check().is_ok());
                row.line
            }
            Err(row) => {
                assert!(!row.reasons.is_empty());
                row.line
            }
        };
        assert!(line > last, "line {line} after line {last}");
        last = line;
    }
});
