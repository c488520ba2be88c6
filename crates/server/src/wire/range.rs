//! Parts of a content (RFC 9110, sections 13 and 14): one range of bytes, under the conditions of its entity tag.
//!
//! `http-range-header` reads the ranges and `actix-web` the conditions. `actix-web`'s own reader of ranges does not fit:
//! it skips ranges that it cannot read, where RFC 9110 lets a server ignore the whole header.

use std::ops::Range;

use actix_web::{
    HttpRequest,
    http::{
        Method,
        header::{self, EntityTag, Header as _, IfNoneMatch, IfRange},
    },
};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};

/// Part of a content that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// At least one byte of it.
    Part(Range<u64>),
    /// Only bytes behind its end.
    NotThere,
    /// Nothing: the client has it.
    Known,
}

impl Wanted {
    /// Part that a request asks for, of a content with that entity tag and that many bytes.
    ///
    /// Several ranges, another unit and an unreadable range mean the whole content (RFC 9110, 14.2).
    #[must_use]
    pub fn of(request: &HttpRequest, tag: &EntityTag, size: u64) -> Self {
        if is_known(request, tag) {
            return Self::Known;
        }
        if request.method() != Method::GET || has_changed(request, tag) {
            return Self::Whole;
        }
        let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok());
        range.map_or(Self::Whole, |range| part(range, size))
    }
}

fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

/// Whether the client has a part of an earlier content (RFC 9110, 13.1.5). A condition that cannot be read is not met.
fn has_changed(request: &HttpRequest, tag: &EntityTag) -> bool {
    let is_met = || matches!(IfRange::parse(request), Ok(IfRange::EntityTag(known)) if known.strong_eq(tag));
    request.headers().contains_key(header::IF_RANGE) && !is_met()
}

fn part(range: &str, size: u64) -> Wanted {
    match parse_range_header(range).map(|ranges| (ranges.len(), ranges.validate(size))) {
        Ok((1, Ok(parts))) => match parts.as_slice() {
            [part] => Wanted::Part(*part.start()..part.end().saturating_add(1)),
            // The last bytes of an empty content.
            _ => Wanted::Whole,
        },
        Ok((1, Err(RangeUnsatisfiableError::Unsatisfiable))) => Wanted::NotThere,
        Ok(_) | Err(_) => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn wanted(headers: &[(&str, &str)]) -> Wanted {
        let request = headers.iter().fold(TestRequest::get(), |request, header| request.insert_header(*header));
        Wanted::of(&request.to_http_request(), &EntityTag::new_strong("abc".to_owned()), 10)
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
            ("BYTES=1-2", 1..3),
            ("bytes=0-18446744073709551615", 0..10),
        ] {
            assert_eq!(wanted(&[("range", range)]), Wanted::Part(part), "{range}");
        }
    }

    #[test]
    fn what_is_no_range_means_all() {
        for range in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-2",
            "bytes=0-1,3-4",
            "items=0-1",
            "bytes=+1-2",
            "bytes=a-b,0-1",
            "bytes=0-1,30-40",
        ] {
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
        assert_eq!(wanted(&[("if-none-match", "W/\"abc\"")]), Wanted::Known);
        assert_eq!(wanted(&[("if-none-match", " *")]), Wanted::Known);
        assert_eq!(wanted(&[("if-none-match", "\"x\""), ("range", "bytes=0-0")]), Wanted::Part(0..1));
        assert_eq!(wanted(&[("if-range", "\"abc\""), ("range", "bytes=0-0")]), Wanted::Part(0..1));
        assert_eq!(wanted(&[("if-range", "W/\"abc\""), ("range", "bytes=0-0")]), Wanted::Whole);
        assert_eq!(wanted(&[("if-range", "abc"), ("range", "bytes=0-0")]), Wanted::Whole);
    }

    #[test]
    fn an_empty_content_has_no_part() {
        for (range, expected) in
            [("bytes=0-", Wanted::NotThere), ("bytes=0-0", Wanted::NotThere), ("bytes=-1", Wanted::Whole)]
        {
            assert_eq!(part(range, 0), expected, "{range}");
        }
    }
}
