//! The HTML in the body of an update.
//!
//! It is sanitized before it reaches the domain, so stored text is always safe to show. There are three steps:
//!
//! 1. `markup::escape_text` escapes each `<` that does not begin an HTML tag: it is text and stays.
//! 2. The sanitizer library parses the result like a browser and keeps formatting and block elements.
//! 3. `lines::break_at_blocks` replaces block elements with line breaks; the library sanitizes the result.
//!
//! No markup of the sender is copied: the library writes the output.

mod lines;
mod markup;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;
use docket_domain::text::{LONG_MAX, is_invisible};

/// Basic formatting and lists. All attributes are removed.
const KEPT: [&str; 10] = ["b", "strong", "i", "em", "u", "p", "br", "ul", "ol", "li"];

/// Removed together with their content.
const DROPPED: [&str; 4] = ["script", "style", "svg", "math"];

const TAGS_MAX: usize = 10_000;

/// The parser's time grows with the square of the depth: a body of nested lists could occupy a worker for seconds.
const NESTING_MAX: usize = 200;

/// Also keeps the elements that step 3 replaces.
static KEEPING_BLOCKS: LazyLock<Builder<'static>> =
    LazyLock::new(|| sanitizer(KEPT.into_iter().chain(lines::BLOCKS).chain(lines::CELLS)));

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| sanitizer(KEPT.into_iter()));

fn sanitizer(kept: impl Iterator<Item = &'static str>) -> Builder<'static> {
    let mut sanitizer = Builder::empty();
    sanitizer
        .tags(kept.collect())
        .clean_content_tags(HashSet::from(DROPPED))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::new())
        .url_schemes(HashSet::new())
        .link_rel(None)
        .strip_comments(true);
    sanitizer
}

/// Checks the bounds that keep sanitizing cheap: length, number of tags, and depth.
///
/// # Errors
/// The message for the first exceeded bound.
pub fn check(html: &str) -> Result<(), String> {
    if html.chars().nth(LONG_MAX).is_some() {
        return Err(format!("must have at most {LONG_MAX} characters"));
    }
    if html.bytes().filter(|byte| *byte == b'<').nth(TAGS_MAX).is_some() {
        return Err(format!("must have at most {TAGS_MAX} tags"));
    }
    if markup::is_deeper(html, NESTING_MAX) {
        return Err(format!("must be nested at most {NESTING_MAX} levels deep"));
    }
    Ok(())
}

/// Removes everything that is not allowed. Idempotent.
#[must_use]
pub fn sanitize(html: &str) -> String {
    let blocks = KEEPING_BLOCKS.clean(&markup::escape_text(html)).to_string();
    // Without the removed elements, the parser can nest the rest differently, so it parses its own output again.
    let broken = SANITIZER.clean(&lines::break_at_blocks(&blocks)).to_string();
    // The parser drops a byte order mark at the beginning. Without one, the result is stable.
    SANITIZER.clean(broken.trim_start_matches('\u{feff}')).to_string()
}

/// Whether sanitized HTML has no visible character.
#[must_use]
pub fn is_empty(sanitized: &str) -> bool {
    let texts = sanitized.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    texts.into_iter().all(|text| is_invisible(&text.replace("&nbsp;", " ")))
}
