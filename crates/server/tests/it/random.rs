//! Parsers of external input with random input: they never panic, and they give a reason for every refusal.

mod bodies;
mod csv;
mod html;
mod queries;
mod readers;

use proptest::prelude::*;

/// Texts close to the formats that the parsers expect, and arbitrary texts.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "0",
            "1",
            "-1",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "1e400",
            "true",
            "no",
            "2026-02-30",
            "0001-01-01",
            "9999-12-31",
            "10000-01-01",
            "9999-12-31T23:59:60Z",
            "0000-01-01T00:00:00+23:59",
            "2026-01-01 00:00:00",
            "2026-01-01T00:00:00 02:00",
            "C000000000000000000000000",
            "usr_0000000000001",
            "usr_ZZZZZZZZZZZZZ",
            "active,closed",
            ",",
            "%",
            "asc",
            "count",
            "case",
            "é",
            "\u{0}",
            "\u{1d173}",
        ])
        .prop_map(str::to_owned),
        "[a-z]{3}_[0-9A-Z]{13}",
        "[0-9]{1,20}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})",
        any::<String>(),
    ]
}
