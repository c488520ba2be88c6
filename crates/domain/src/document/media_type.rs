//! The media type that an uploader declares for a file.

/// Media type of a file if the declared one is missing or malformed.
const UNKNOWN: &str = "application/octet-stream";
/// Maximum length of a stored media type.
const LENGTH_MAX: usize = 127;

/// The declared media type in lower case, without parameters. `application/octet-stream` if it is missing or malformed
/// (RFC 6838, section 4.2).
#[must_use]
pub fn safe_media_type(given: Option<&str>) -> String {
    let essence = given.and_then(|given| given.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    let token = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&c))
    };
    let sound = essence.len() <= LENGTH_MAX
        && essence.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype));
    if sound { essence } else { UNKNOWN.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_well_formed_media_type_is_kept() {
        for (given, kept) in [
            (Some("application/pdf"), "application/pdf"),
            (Some("Text/HTML; charset=utf-8"), "text/html"),
            (Some("image/svg+xml"), "image/svg+xml"),
            (None, UNKNOWN),
            (Some(""), UNKNOWN),
            (Some("pdf"), UNKNOWN),
            (Some("text/html\r\nx: y"), UNKNOWN),
            (Some("a/b/c"), UNKNOWN),
            (Some("/html"), UNKNOWN),
        ] {
            assert_eq!(safe_media_type(given), kept, "{given:?}");
        }
    }
}
