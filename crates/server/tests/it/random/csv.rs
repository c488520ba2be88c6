//! Random event logs and column maps for the import.

use docket_domain::workflow::{EntityType, builtin};
use docket_server::import::{Format, Map, Reader};
use proptest::{collection::vec, prelude::*};

use super::text;

const HEADER: &str = "case,status,actor,at\n";
const MAP: &str = "source = 'x'\nskip = ['b']\n[columns]\ncase = 'case'\nstatus = 'status'\nactor = 'actor'\noccurred_at = 'at'\n[statuses]\nNew = 'open'\n";

fn format() -> Format {
    Map::read(MAP, builtin(EntityType::Case)).unwrap().1
}

fn reader(log: Vec<u8>) -> anyhow::Result<Reader> {
    Reader::new(std::io::Cursor::new(log), &format())
}

/// Bytes close to a valid log.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let good = "7,open,Ann,2026-01-01T00:00:00Z\n".as_bytes().to_vec();
    let line = vec(text(), 0..6).prop_map(|fields| format!("{}\n", fields.join(",")).into_bytes());
    let piece = prop_oneof![4 => Just(good), 2 => line, 1 => vec(any::<u8>(), 0..12), 1 => Just(b"\"".to_vec())];
    let bytes = (prop::bool::weighted(0.9), vec(piece, 0..12)).prop_map(|(has_header, pieces)| {
        let header = if has_header { HEADER } else { "" };
        [header.as_bytes().to_vec(), pieces.concat()].concat()
    });
    // A file that begins with one of these is a log of another format.
    bytes.prop_filter("not CSV", |log| {
        !log.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'<' | b'{' | b'['))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_log_is_read_to_its_end_and_each_invalid_row_has_a_reason(log in log()) {
        let Ok(mut reader) = reader(log) else { return Ok(()) };
        let mut last = 1;
        while let Some(row) = reader.next_row().unwrap() {
            let line = match row {
                Ok(row) => {
                    prop_assert!(row.check().is_ok(), "{row:?}");
                    row.line
                }
                Err(row) => {
                    prop_assert!(!row.reasons.is_empty());
                    row.line
                }
            };
            prop_assert!(line > last, "{line} after line {last}");
            last = line;
        }
    }

    #[test]
    fn line_numbers_match_those_of_an_editor(pieces in vec(0..5_usize, 0..30), line_end in 0..3_usize) {
        let (mut log, mut line, mut expected) = (HEADER.to_owned(), 2, Vec::new());
        for piece in pieces {
            let (text, lines) = [
                ("7,New,Ann,2026-01-01T00:00:00Z\n", 1),
                ("\n", 1),
                ("7,New,\"Ann\nLee\",2026-01-01T00:00:00Z\n", 2),
                ("7,New,Ann\n", 1),
                ("\"7\",New,\"\n\n\",yesterday\n", 3),
            ][piece];
            log.push_str(text);
            if piece != 1 {
                expected.push((line, matches!(piece, 0 | 2)));
            }
            line += lines;
        }
        let log = log.replace('\n', ["\n", "\r\n", "\r"][line_end]);
        let mut reader = reader(log.into_bytes()).unwrap();
        let mut read = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            read.push(row.map_or_else(|row| (row.line, false), |row| (row.line, true)));
        }
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn an_unclosed_quote_is_reported_with_its_line(rows in 0..5_usize) {
        let row = "7,New,Ann,2026-01-01T00:00:00Z\n";
        let log = format!("{HEADER}{}7,New,\"Ann,2026-01-01T00:00:00Z\n{row}", row.repeat(rows));
        let mut reader = reader(log.into_bytes()).unwrap();
        for _ in 0..rows {
            prop_assert!(reader.next_row().unwrap().unwrap().is_ok());
        }
        let bad = reader.next_row().unwrap().unwrap().unwrap_err();
        prop_assert_eq!(bad.line, rows as u64 + 2);
        prop_assert!(bad.reasons[0].contains("a quote is not closed"));
        prop_assert!(reader.next_row().unwrap().is_none());
    }

    #[test]
    fn no_text_makes_the_map_parser_panic(text in any::<String>(), at in 0..200_usize, length in 0..40_usize) {
        let workflow = builtin(EntityType::Case);
        let good = MAP;
        prop_assert!(Map::read(good, workflow).is_ok());
        let (at, length) = (at.min(good.len()), length.min(good.len() - at.min(good.len())));
        for map in [text.clone(), format!("{}{text}{}", &good[..at], &good[at + length..])] {
            if let Err(error) = Map::read(&map, workflow) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
