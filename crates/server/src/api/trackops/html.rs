//! The HTML that an update may carry.
//!
//! It is sanitized where it comes in, so that the domain and the store hold text that is safe to show. Three steps:
//!
//! 1. `markup::escape_text` escapes each `<` that begins no HTML tag: it is text and stays.
//! 2. The sanitizer library parses the rest as browsers do and keeps formatting and block elements.
//! 3. `lines::break_at_blocks` replaces the block elements by line breaks; the library sanitizes the result.
//!
//! Nothing of the sender's markup is copied: what comes out was written by the library.

mod lines;
mod markup;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;
use docket_domain::text::{LONG_MAX, is_invisible};

/// Basic formatting and lists, without any attribute.
const KEPT: [&str; 10] = ["b", "strong", "i", "em", "u", "p", "br", "ul", "ol", "li"];

/// Elements whose content is not shown as text either.
const DROPPED: [&str; 4] = ["script", "style", "svg", "math"];

/// The most `<` in a message.
const TAGS_MAX: usize = 10_000;

/// The deepest nesting of elements in a message. The parser's time grows with the square of the depth: opened lists without
/// end would keep a worker busy for seconds.
const NESTING_MAX: usize = 200;

/// Keeps [`KEPT`] and the elements that step 3 replaces.
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

/// Checks that the HTML is cheap to sanitize; its content is not checked.
///
/// # Errors
/// The limit that it exceeds: its length, its number of tags, or the depth of their nesting.
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

/// The HTML without everything that is not allowed. Sanitizing the result again does not change it.
#[must_use]
pub fn sanitize(html: &str) -> String {
    let blocks = KEEPING_BLOCKS.clean(&markup::escape_text(html)).to_string();
    // Without the removed elements, the parser may nest the others in another way: it reads its own output once more.
    let broken = SANITIZER.clean(&lines::break_at_blocks(&blocks)).to_string();
    // The parser ignores a byte order mark at the beginning.
    SANITIZER.clean(broken.trim_start_matches('\u{feff}')).to_string()
}

/// Whether sanitized HTML shows nothing: no text, or only blanks and ignorable characters.
#[must_use]
pub fn is_empty(sanitized: &str) -> bool {
    let texts = sanitized.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    texts.into_iter().all(|text| is_invisible(&text.replace("&nbsp;", " ")))
}
