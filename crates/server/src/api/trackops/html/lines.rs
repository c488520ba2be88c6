//! Replaces removed block elements with line breaks, so that the texts of two blocks are not joined.

/// Removed elements that begin and end a line.
pub(super) const BLOCKS: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "main",
    "menu",
    "nav",
    "option",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tr",
];

/// Removed elements whose texts are in one line.
pub(super) const CELLS: [&str; 5] = ["td", "th", "tbody", "thead", "tfoot"];

/// Kept elements that begin and end a line.
const KEPT_BLOCKS: [&str; 4] = ["p", "ul", "ol", "li"];

/// Separator between two texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Blank,
    Line,
}

/// Replaces [`BLOCKS`] with `<br>` and [`CELLS`] with blanks, in HTML whose tags have no attributes.
///
/// Adjacent block boundaries give one line break. There is no break before the first text or after the last one. The
/// empty line of mail programs, `<div><br></div>`, stays an empty line.
pub(super) fn break_at_blocks(html: &str) -> String {
    let mut broken = String::with_capacity(html.len());
    let mut gap = Gap::None;
    let mut starts_line = true;
    for (index, piece) in html.split('<').enumerate() {
        // The first piece is the text before the first tag.
        let (tag, text) = if index == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
        let name = tag.trim_start_matches('/');
        if BLOCKS.contains(&name) {
            gap = Gap::Line;
        } else if CELLS.contains(&name) {
            gap = gap.max(Gap::Blank);
        } else if !name.is_empty() {
            if name == "br" {
                close(&mut broken, &mut gap, starts_line);
            }
            broken.extend(["<", tag, ">"]);
            if name == "br" || KEPT_BLOCKS.contains(&name) {
                (gap, starts_line) = (Gap::None, true);
            }
        }
        if !text.trim_start().is_empty() {
            close(&mut broken, &mut gap, starts_line);
            starts_line = false;
        }
        broken.push_str(text);
    }
    broken
}

/// Writes the separator, unless the text already begins a line.
fn close(html: &mut String, gap: &mut Gap, starts_line: bool) {
    let gap = std::mem::replace(gap, Gap::None);
    if starts_line {
        return;
    }
    html.push_str(match gap {
        Gap::Line => "<br>",
        Gap::Blank => " ",
        Gap::None => "",
    });
}

#[cfg(test)]
mod tests {
    use super::break_at_blocks;

    #[test]
    fn blocks_become_line_breaks() {
        for (html, expected) in [
            ("<div>Dear Ms Roe,</div><div>the hearing</div>", "Dear Ms Roe,<br>the hearing"),
            ("a<div>b</div>c", "a<br>b<br>c"),
            ("<div><div>a</div></div><section>b</section>", "a<br>b"),
            ("<div>a</div><div><br></div><div>b</div>", "a<br><br>b"),
            ("<div>a<br></div><div>b</div>", "a<br>b"),
            ("<div><p>a</p></div><div><p>b</p></div>", "<p>a</p><p>b</p>"),
            ("<h1>a</h1>\n<p>b</p>", "a\n<p>b</p>"),
            ("a<hr>b", "a<br>b"),
            ("<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>", "a b<br>c"),
            ("<div></div>", ""),
            ("<div>a</div><b>b</b>", "a<b><br>b</b>"),
        ] {
            assert_eq!(break_at_blocks(html), expected, "{html}");
        }
    }
}
