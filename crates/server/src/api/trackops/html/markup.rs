//! Distinguishes HTML tags from text with a `<`: `<jane@example.org>`, `a<b`, `a <- b`.
//!
//! An HTML parser treats every `<` before a letter as a tag, and removing that tag would lose text. Here a `<` is
//! markup only if the name of an HTML element, valid attributes and a `>` follow.

use std::borrow::Cow;

/// The elements of the HTML standard, including obsolete ones, `svg` and `math`; and `o:p`, which word processors
/// write.
#[rustfmt::skip]
const ELEMENTS: [&str; 142] = [
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi",
    "bdo", "bgsound", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt",
    "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3",
    "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "image", "img", "input", "ins",
    "isindex", "kbd", "keygen", "label", "legend", "li", "link", "listing", "main", "map", "mark", "marquee", "math",
    "menu", "menuitem", "meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript", "o:p", "object", "ol",
    "optgroup", "option", "output", "p", "param", "picture", "plaintext", "pre", "progress", "q", "rb", "rp", "rt",
    "rtc", "ruby", "s", "samp", "script", "search", "section", "select", "slot", "small", "source", "span", "strike",
    "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
    "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// Attributes without a value.
#[rustfmt::skip]
const BOOLEAN_ATTRIBUTES: [&str; 35] = [
    "allowfullscreen", "async", "autofocus", "autoplay", "checked", "clear", "compact", "contenteditable", "controls",
    "declare", "default", "defer", "disabled", "download", "draggable", "formnovalidate", "hidden", "inert", "ismap",
    "itemscope", "loop", "multiple", "muted", "nohref", "nomodule", "noresize", "noshade", "novalidate", "nowrap",
    "open", "playsinline", "readonly", "required", "reversed", "selected",
];

/// Elements that do not nest: they are empty, or the next one of their kind closes them.
#[rustfmt::skip]
const FLAT: [&str; 33] = [
    "area", "base", "basefont", "bgsound", "body", "br", "col", "dd", "dt", "embed", "frame", "head", "hr", "html", "img",
    "input", "keygen", "li", "link", "meta", "optgroup", "option", "p", "param", "rb", "rp", "rt", "rtc", "source", "td",
    "th", "tr", "wbr",
];

/// Whether elements are nested deeper than `max`. An end tag closes the last open element of its name and all elements
/// that were opened after it. Linear in the length of the HTML.
pub(super) fn is_deeper(html: &str, max: usize) -> bool {
    let mut open = Vec::<String>::new();
    for tag in html.split('<').skip(1) {
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if name.is_empty() || name.len() > 20 {
            continue;
        }
        let name = name.to_ascii_lowercase();
        if is_end {
            if let Some(place) = open.iter().rposition(|opened| *opened == name) {
                open.truncate(place);
            }
        } else if !FLAT.contains(&name.as_str()) {
            open.push(name);
            if open.len() > max {
                return true;
            }
        }
    }
    false
}

/// Escapes each `<` that does not begin a tag of an HTML element, a comment or a declaration. Linear in the length of
/// the HTML.
pub(super) fn escape_text(html: &str) -> Cow<'_, str> {
    let mut escaped = String::new();
    let mut copied = 0;
    let mut at = 0;
    // No tag can begin after the last `>`. Without this bound, each `<` there would be scanned to the end.
    let end = html.rfind('>').map_or(0, |last| last + 1);
    let comments_end = html.rfind("-->").map_or(0, |last| last + 3);
    while let Some(found) = html[at..].find('<') {
        let open = at + found;
        let markup = html.get(open..end).unwrap_or_default();
        match markup_length(markup, html.get(open..comments_end).unwrap_or_default()) {
            Some(length) => at = open + length,
            None => {
                escaped.push_str(&html[copied..open]);
                escaped.push_str("&lt;");
                at = open + 1;
                copied = at;
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    escaped.push_str(&html[copied..]);
    Cow::Owned(escaped)
}

/// Length in bytes of the markup at the beginning. [`None`] for text.
fn markup_length(html: &str, to_last_comment: &str) -> Option<usize> {
    let inside = html.strip_prefix('<')?;
    if to_last_comment.starts_with("<!--") {
        return Some(to_last_comment.find("-->")? + 3);
    }
    if let Some(declaration) = inside.strip_prefix(['!', '?']) {
        let begins = |word: &str| declaration.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        let is_known = ["doctype", "[", "xml"].into_iter().any(begins);
        return is_known.then(|| html.find('>')).flatten().map(|close| close + 1);
    }
    let (is_end, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
    let name_end = inside.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<'))?;
    let (name, mut rest) = inside.split_at(name_end);
    if !ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name)) {
        return None;
    }
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some(html.len() - after.len());
        }
        if is_end {
            return None;
        }
        rest = after_attribute(rest)?;
    }
}

/// The rest after one attribute. [`None`] if there is no valid attribute.
fn after_attribute(text: &str) -> Option<&str> {
    let name_end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<' | '=' | '"' | '\''))?;
    let (name, after) = text.split_at(name_end);
    if name.is_empty() || after.starts_with(['<', '"', '\'']) {
        return None;
    }
    let Some(value) = after.trim_start_matches(|c: char| c.is_ascii_whitespace()).strip_prefix('=') else {
        let is_boolean = BOOLEAN_ATTRIBUTES.iter().any(|attribute| attribute.eq_ignore_ascii_case(name));
        return is_boolean.then_some(after);
    };
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split_once(quote).map(|(_, after)| after),
        _ => value.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '<')).map(|end| &value[end..]),
    }
}

#[cfg(test)]
mod tests {
    use super::{BOOLEAN_ATTRIBUTES, ELEMENTS, escape_text, is_deeper};

    #[test]
    fn the_depth_is_that_of_elements_within_one_another() {
        for (html, depth) in [
            ("", 0),
            ("a<b", 1),
            ("<b>x</b><b>y</b>", 1),
            ("<p>a<p>b<p>c<br><br><ul><li>d<li>e</ul>", 1),
            ("<div><DIV><span></div>", 3),
            ("<div><b></div><div><b></div>", 2),
            ("</div></div><div></b></i><div>", 2),
            ("<table><tr><td><table><tr><td></table></table><table>", 2),
        ] {
            assert!(!is_deeper(html, depth) && (depth == 0 || is_deeper(html, depth - 1)), "{html}");
        }
    }

    #[test]
    fn text_with_angle_brackets_stays_text() {
        for text in [
            "From: Jane Roe <jane@example.org>",
            "a<b and c>d",
            "a<b",
            "x <- y",
            "1 < 2 > 0",
            "<https://example.org/>",
            "<!-- not closed",
            "<br",
            "</jane>",
            "<b \"x\">",
            "<!important>",
            "if (a<b && c>d)",
        ] {
            assert_eq!(escape_text(text), text.replace('<', "&lt;"), "{text}");
        }
    }

    #[test]
    fn markup_is_left_alone() {
        for html in [
            "<p>a</p>",
            "<BR/>",
            "<div class=\"a<b\" hidden id=x data-y='>'>a</div >",
            "<!DOCTYPE html><html><body bgcolor = red>",
            "<!-- <jane@example.org> -->",
            "<![endif]--><o:p></o:p>",
            "<svg/onload=alert(1)>",
            "<input\nchecked/>",
        ] {
            assert_eq!(escape_text(html), html);
        }
    }

    #[test]
    fn the_lists_are_sorted_without_repetition() {
        assert!(ELEMENTS.is_sorted_by(|a, b| a < b));
        assert!(BOOLEAN_ATTRIBUTES.is_sorted_by(|a, b| a < b));
    }
}
