//! Logs to import, and the maps by which they are read.

use docket_domain::workflow::{EntityType, builtin};
use docket_server::import::{Columns, Map, Reader};
use proptest::{collection::vec, prelude::*};

use super::text;

const HEADER: &str = "case,status,actor,at\n";

fn columns() -> Columns {
    let [case, status, actor, occurred_at] = ["case", "status", "actor", "at"].map(str::to_owned);
    Columns { case, status, actor, occurred_at }
}

/// Bytes that are nearly a log.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let good = "7,open,Ann,2026-01-01T00:00:00Z\n".as_bytes().to_vec();
    let line = vec(text(), 0..6).prop_map(|fields| format!("{}\n", fields.join(",")).into_bytes());
    let piece = prop_oneof![4 => Just(good), 2 => line, 1 => vec(any::<u8>(), 0..12), 1 => Just(b"\"".to_vec())];
    (prop::bool::weighted(0.9), vec(piece, 0..12)).prop_map(|(has_header, pieces)| {
        let header = if has_header { HEADER } else { "" };
        [header.as_bytes().to_vec(), pieces.concat()].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_log_is_read_to_a_line_that_is_named_or_to_its_end(log in log()) {
        let Ok(mut reader) = Reader::new(log.as_slice(), &columns()) else { return Ok(()) };
        let mut last = 1;
        loop {
            match reader.next_row() {
                Ok(Some(row)) => {
                    prop_assert!(row.check().is_ok() && row.line > last, "{row:?} after line {last}");
                    last = row.line;
                }
                Ok(None) => break,
                Err(error) => {
                    prop_assert!(error.to_string().contains("line"), "{error:#} names no line");
                    break;
                }
            }
        }
    }

    #[test]
    fn every_row_before_a_bad_one_is_read(rows in 0..20_u64) {
        let log = format!("{HEADER}{}8,open,Ann,yesterday\n", "7,open,Ann,2026-01-01T00:00:00Z\n".repeat(usize::try_from(rows).unwrap()));
        let mut reader = Reader::new(log.as_bytes(), &columns()).unwrap();
        for line in 0..rows {
            prop_assert_eq!(reader.next_row().unwrap().unwrap().line, line + 2);
        }
        let error = reader.next_row().unwrap_err().to_string();
        prop_assert!(error.starts_with(&format!("line {}: ", rows + 2)), "{}", error);
    }

    #[test]
    fn no_text_makes_a_map_panic(text in any::<String>(), at in 0..200_usize, length in 0..40_usize) {
        let workflow = builtin(EntityType::Case);
        let good = "source = 'x'\nskip = ['b']\n[columns]\ncase = 'a'\nstatus = 'b'\nactor = 'c'\noccurred_at = 'd'\n[statuses]\nNew = 'open'\n";
        prop_assert!(Map::read(good, workflow).is_ok());
        let (at, length) = (at.min(good.len()), length.min(good.len() - at.min(good.len())));
        for map in [text.clone(), format!("{}{text}{}", &good[..at], &good[at + length..])] {
            if let Err(error) = Map::read(&map, workflow) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
