//! Random HTML in updates.

use docket_server::api::trackops::html::{check, sanitize};
use proptest::{collection::vec, prelude::*};

/// The tags that sanitized HTML may contain.
const KEPT: [&str; 10] = ["b", "strong", "i", "em", "u", "p", "br", "ul", "ol", "li"];

/// Markup and fragments of markup, in any order.
fn html() -> impl Strategy<Value = String> {
    let pieces = vec![
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<b>",
        "</b>",
        "<b onclick=",
        "<p style='",
        "<ul>",
        "<li>",
        "</ul>",
        "<br/>",
        "<a href=\"javascript:alert(1)\">",
        "javascript:",
        "<img src=x onerror=alert(1)>",
        "<svg onload=",
        "<math>",
        "<mtext>",
        "<mglyph>",
        "<table>",
        "<td>",
        "<select>",
        "<option>",
        "<template>",
        "<noscript>",
        "<textarea>",
        "<title>",
        "<xmp>",
        "<iframe srcdoc='",
        "<form>",
        "</form>",
        "<!--",
        "-->",
        "--!>",
        "<div>",
        "</div>",
        "<div class='",
        "<h1>",
        "<tr>",
        "<jane@example.org>",
        "a<b and c>d",
        "&nbsp;",
        "<![CDATA[",
        "]]>",
        "<?",
        "<!",
        "</",
        "<",
        ">",
        "\"",
        "'",
        "`",
        "&lt;",
        "&#60;",
        "&#x3c;script&#62;",
        "&amp;lt;",
        "&",
        ";",
        "\u{0}",
        "\u{a0}",
        "\u{feff}",
        "onerror=",
        "=",
        "/",
        " ",
        "x",
    ];
    vec(prop_oneof![8 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => any::<String>()], 0..24)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn only_formatting_tags_without_attributes_remain(html in html()) {
        let kept = sanitize(&html);
        for rest in kept.split('<').skip(1) {
            let (tag, text) = rest.split_once('>').unwrap_or((rest, ""));
            prop_assert!(KEPT.contains(&tag.strip_prefix('/').unwrap_or(tag)), "{html:?} left {kept:?}");
            prop_assert!(!text.contains('>'), "{html:?} left {kept:?}");
        }
    }

    #[test]
    fn sanitizing_the_result_again_does_not_change_it(html in html()) {
        let kept = sanitize(&html);
        prop_assert_eq!(sanitize(&kept), kept);
    }

    #[test]
    fn check_limits_the_length_and_the_number_of_tags(tags in 9_990..10_010_usize) {
        prop_assert_eq!(check(&"<".repeat(tags)).is_ok(), tags <= 10_000);
        prop_assert_eq!(check(&"x".repeat(tags * 10)).is_ok(), tags <= 10_000);
    }
}
