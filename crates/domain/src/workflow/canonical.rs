//! Canonical JSON: sorted keys, no whitespace, one form for each number.
//!
//! The id of a workflow is a hash of this text. Guards compare values by it: `1`, `1.0` and `10e-1` are equal. Numbers
//! are stored as the client wrote them, at any precision, so the comparison works on their text.

use serde_json::{Number, Value};

/// The canonical text of a value.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (at, (key, member)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(out, member);
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

/// Significant digits and a power of ten: `-1.50` is `-15e-1`, any zero is `0`. A number whose exponent exceeds `i64`
/// stays as written.
fn number_text(number: &Number) -> String {
    let written = number.to_string();
    significant(&written).unwrap_or(written)
}

fn significant(written: &str) -> Option<String> {
    let (sign, unsigned) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return Some("0".to_owned());
    }
    let dropped = i64::try_from(digits.len() - kept.len()).ok()?;
    let fraction = i64::try_from(fraction.len()).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_add(dropped)?.checked_sub(fraction)?;
    Some(format!("{sign}{kept}e{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> String {
        serde_json::from_str(json).map_or_else(|error| error.to_string(), |value: Value| text(&value))
    }

    #[test]
    fn equal_numbers_have_the_same_text() {
        for (a, b) in [
            ("1", "1.0"),
            ("1", "10e-1"),
            ("1000", "1E+3"),
            ("0", "-0.00e5"),
            ("-1.50", "-15e-1"),
            ("123456789012345678901234567890", "1.2345678901234567890123456789e29"),
        ] {
            assert_eq!(of(a), of(b), "{a} and {b}");
        }
        assert_ne!(of("1"), of("-1"));
        assert_ne!(of("10"), of("1"));
        assert_ne!(of("1e99999999999999999999"), of("1"));
    }

    #[test]
    fn the_order_of_keys_and_whitespace_do_not_matter() {
        assert_eq!(
            of(r#"{ "b": [1, {"d": null, "c": "é\""}], "a": true }"#),
            r#"{"a":true,"b":[1e0,{"c":"é\"","d":null}]}"#
        );
    }
}
