//! Range requests (RFC 9110, sections 13 and 14): one range of bytes, with the conditions on its entity tag.

use std::ops::Range;

use actix_web::{
    HttpRequest,
    http::{
        Method,
        header::{self, HeaderName},
    },
};

/// The part of a content that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    /// A range of at least one byte.
    Part(Range<u64>),
    /// A range outside the content.
    NotThere,
    /// Nothing: the caller has the current content.
    Known,
}

impl Wanted {
    /// Reads a request for a content of `size` bytes with the entity tag `tag`, which has its quotes.
    ///
    /// Several ranges, another unit or a malformed range count as no range (RFC 9110, 14.2): the response is the whole
    /// content.
    #[must_use]
    pub fn of(request: &HttpRequest, tag: &str, size: u64) -> Self {
        let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        if text(header::IF_NONE_MATCH).is_some_and(|tags| knows(tags, tag)) {
            return Self::Known;
        }
        // A range of a changed content would not fit what the caller has (RFC 9110, 13.1.5).
        let fits = text(header::IF_RANGE).is_none_or(|known| known.trim() == tag);
        let range = text(header::RANGE).filter(|_| fits && request.method() == Method::GET);
        range.and_then(read).map_or(Self::Whole, |range| range.within(size))
    }
}

fn knows(tags: &str, tag: &str) -> bool {
    tags.trim() == "*" || tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)
}

/// A range in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// First and last byte, inclusive.
    FromTo(u64, u64),
    /// First byte; the range ends with the content.
    From(u64),
    /// Number of bytes at the end.
    Last(u64),
}

fn read(range: &str) -> Option<Asked> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?;
    let asked = match (first.trim(), last.trim()) {
        ("", last) => Asked::Last(number(last)?),
        (first, "") => Asked::From(number(first)?),
        (first, last) => Asked::FromTo(number(first)?, number(last)?),
    };
    let sound = !matches!(asked, Asked::FromTo(first, last) if last < first);
    (unit.trim().eq_ignore_ascii_case("bytes") && sound).then_some(asked)
}

impl Asked {
    fn within(self, size: u64) -> Wanted {
        let range = match self {
            Self::FromTo(first, last) => first..last.saturating_add(1).min(size),
            Self::From(first) => first..size,
            Self::Last(count) => size.saturating_sub(count)..size,
        };
        if range.is_empty() { Wanted::NotThere } else { Wanted::Part(range) }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn wanted(headers: &[(&str, &str)]) -> Wanted {
        let request = headers.iter().fold(TestRequest::get(), |request, header| request.insert_header(*header));
        Wanted::of(&request.to_http_request(), "\"abc\"", 10)
    }

    #[test]
    fn one_range_of_bytes_is_a_part() {
        for (range, part) in [
            ("bytes=0-0", 0..1),
            ("bytes=2-5", 2..6),
            ("bytes=5-", 5..10),
            ("bytes=-3", 7..10),
            ("bytes=-30", 0..10),
            ("bytes=8-100", 8..10),
            ("BYTES = 1-2", 1..3),
            ("bytes=0-18446744073709551615", 0..10),
        ] {
            assert_eq!(wanted(&[("range", range)]), Wanted::Part(part), "{range}");
        }
    }

    #[test]
    fn what_is_no_range_means_all() {
        for range in
            ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,3-4", "items=0-1", "bytes=+1-2"]
        {
            assert_eq!(wanted(&[("range", range)]), Wanted::Whole, "{range}");
        }
    }

    #[test]
    fn a_range_behind_the_end_is_not_there() {
        for range in ["bytes=10-", "bytes=10-20", "bytes=-0"] {
            assert_eq!(wanted(&[("range", range)]), Wanted::NotThere, "{range}");
        }
    }

    #[test]
    fn entity_tags_are_conditions() {
        assert_eq!(wanted(&[("if-none-match", "W/\"x\", \"abc\"")]), Wanted::Known);
        assert_eq!(wanted(&[("if-none-match", "\"x\""), ("range", "bytes=0-0")]), Wanted::Part(0..1));
        assert_eq!(wanted(&[("if-range", "\"abc\""), ("range", "bytes=0-0")]), Wanted::Part(0..1));
        assert_eq!(wanted(&[("if-range", "W/\"abc\""), ("range", "bytes=0-0")]), Wanted::Whole);
    }
}
