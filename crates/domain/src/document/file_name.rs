//! File names. Uploaders choose them, so nothing in them is trusted.

use std::fmt::Write;

/// Used if nothing of the given name is left.
const NAMELESS: &str = "document";
/// Maximum length in bytes that every common file system accepts.
const LENGTH_MAX: usize = 255;

/// A file name that is safe to display and to save under: no folders, no control characters, no characters that change
/// the direction of text, no wildcards or redirections, at most 255 bytes. A shortened name keeps its extension. Double
/// quotes are kept; browsers replace them where the file system does not allow them.
#[must_use]
pub fn safe_file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|c| !is_unsafe(*c)).collect::<String>();
    let name = kept.trim().trim_end_matches(['.', ' ']).trim_start_matches('.').trim();
    if name.is_empty() { NAMELESS.to_owned() } else { shorten(name) }
}

/// Control characters, wildcards, redirections, and direction marks, which can disguise an extension.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | ':' | '|' | '?' | '*')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn shorten(name: &str) -> String {
    if name.len() <= LENGTH_MAX {
        return name.to_owned();
    }
    let extension =
        name.rfind('.').and_then(|at| name.get(at..)).filter(|extension| extension.len() <= 20).unwrap_or("");
    let stem = name.get(..name.len() - extension.len()).unwrap_or(name);
    let room = LENGTH_MAX - extension.len();
    let end = (0..=room).rev().find(|end| stem.is_char_boundary(*end)).unwrap_or(0);
    format!("{}{extension}", stem.get(..end).unwrap_or_default())
}

/// The value of the `Content-Disposition` header. The browser saves the file and does not display it (RFC 6266). The
/// value has an ASCII name for old clients and, if that differs, the full name (RFC 8187).
#[must_use]
pub fn content_disposition(file_name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$&+-.^_`~ ()[]{},;=@'".contains(c);
    let ascii = file_name.chars().map(|c| if plain(c) { c } else { '_' }).collect::<String>();
    let mut value = format!("attachment; filename=\"{ascii}\"");
    if ascii != file_name {
        value.push_str("; filename*=UTF-8''");
        for byte in file_name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_parts_of_a_file_name_are_removed() {
        for (given, kept) in [
            ("brief.pdf", "brief.pdf"),
            ("report \"final\".pdf", "report \"final\".pdf"),
            ("Klageerwiderung Müller.pdf", "Klageerwiderung Müller.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\x\note.txt", "note.txt"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("..", NAMELESS),
            ("", NAMELESS),
            (".htaccess", "htaccess"),
            ("report.", "report"),
            ("a/", NAMELESS),
        ] {
            assert_eq!(safe_file_name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe_file_name(&format!("{}.pdf", "ü".repeat(300)));
        assert!(name.len() <= LENGTH_MAX && name.ends_with(".pdf"), "{name}");
    }

    #[test]
    fn a_content_disposition_is_ascii_and_escapes_quotes() {
        assert_eq!(content_disposition("brief.pdf"), "attachment; filename=\"brief.pdf\"");
        assert_eq!(
            content_disposition("Müller \"x\".pdf"),
            "attachment; filename=\"M_ller _x_.pdf\"; filename*=UTF-8''M%C3%BCller%20%22x%22.pdf"
        );
        assert!(content_disposition("日本\r\n.txt").is_ascii());
    }
}
