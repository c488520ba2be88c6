//! The HTML that an update may carry.
//!
//! It is sanitized here, at the boundary, where it comes in: what the domain and the store hold is safe to show
//! already, whoever reads it. The library parses as browsers do and writes anew what is allowed; nothing of the
//! sender's own markup is copied.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;
use docket_domain::text::LONG_MAX;

/// Basic formatting and lists, without any attribute.
const ELEMENTS: [&str; 10] = ["b", "strong", "i", "em", "u", "p", "br", "ul", "ol", "li"];

/// How many times `<` may stand in a message. What is nested costs the parser the square of its depth: a megabyte of
/// opened lists would keep a worker busy for minutes.
const TAGS_MAX: usize = 10_000;

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sanitizer = Builder::empty();
    sanitizer
        .tags(HashSet::from(ELEMENTS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::new())
        .url_schemes(HashSet::new())
        .link_rel(None)
        .strip_comments(true);
    sanitizer
});

/// Checks that the HTML is cheap to sanitize, which is said of nothing else here.
///
/// # Errors
/// What was expected, where it is too long or holds too many tags.
pub fn check(html: &str) -> Result<(), String> {
    if html.chars().nth(LONG_MAX).is_some() {
        return Err(format!("must have at most {LONG_MAX} characters"));
    }
    if html.bytes().filter(|byte| *byte == b'<').nth(TAGS_MAX).is_some() {
        return Err(format!("must have at most {TAGS_MAX} tags"));
    }
    Ok(())
}

/// What of the HTML may stay. What is left of it stays as it is when it is sent again.
#[must_use]
pub fn sanitize(html: &str) -> String {
    // An element that is taken away no longer keeps those around it apart, by which the parser sees others than before.
    let left = SANITIZER.clean(html).to_string();
    // Nor does it see a mark of the byte order that comes to stand at the beginning.
    SANITIZER.clean(left.trim_start_matches('\u{feff}')).to_string()
}
