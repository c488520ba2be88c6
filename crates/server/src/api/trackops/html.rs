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

/// Basic formatting and lists, without any attribute.
const ELEMENTS: [&str; 10] = ["b", "strong", "i", "em", "u", "p", "br", "ul", "ol", "li"];

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

/// What of the HTML may stay.
#[must_use]
pub fn sanitize(html: &str) -> String {
    SANITIZER.clean(html).to_string()
}
