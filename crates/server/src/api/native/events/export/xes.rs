//! Events of cases in XES (IEEE 1849-2016): one trace per case.

use docket_domain::{
    feed::{FeedEvent, FeedSource},
    id::CaseId,
};

use super::status::{reason_of, status_after};

/// The traces written so far.
pub(super) struct Traces {
    /// The last event that was read.
    pub(super) after: (CaseId, i64),
    /// Whether a trace is open, for this case.
    open: Option<CaseId>,
}

impl Default for Traces {
    fn default() -> Self {
        Self { after: (CaseId(0), 0), open: None }
    }
}

pub(super) fn head() -> String {
    let extension = |name: &str, prefix: &str, uri: &str| {
        format!("  <extension name=\"{name}\" prefix=\"{prefix}\" uri=\"http://www.xes-standard.org/{uri}.xesext\"/>\n")
    };
    [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
        "<log xes.version=\"1849-2016\" xes.features=\"\" xmlns=\"http://www.xes-standard.org/\">\n".to_owned(),
        extension("Concept", "concept", "concept"),
        extension("Lifecycle", "lifecycle", "lifecycle"),
        extension("Time", "time", "time"),
        extension("Organizational", "org", "org"),
        "  <global scope=\"trace\">\n    <string key=\"concept:name\" value=\"\"/>\n  </global>\n".to_owned(),
        "  <global scope=\"event\">\n    <string key=\"concept:name\" value=\"\"/>\n    \
         <string key=\"lifecycle:transition\" value=\"complete\"/>\n    \
         <date key=\"time:timestamp\" value=\"1970-01-01T00:00:00Z\"/>\n  </global>\n"
            .to_owned(),
        "  <classifier name=\"Activity\" keys=\"concept:name\"/>\n".to_owned(),
    ]
    .concat()
}

impl Traces {
    /// Writes an event, if it is wanted, and the trace around it.
    pub(super) fn add(&mut self, out: &mut String, event: &FeedEvent, is_wanted: bool) {
        let FeedSource::Case { event: logged, uuid, number } = &event.source else { return };
        self.after = (logged.case, logged.version);
        if !is_wanted {
            return;
        }
        if self.open != Some(logged.case) {
            if self.open.replace(logged.case).is_some() {
                out.push_str("  </trace>\n");
            }
            out.push_str("  <trace>\n");
            push(out, 4, "string", "concept:name", number);
            push(out, 4, "id", "identity:id", &uuid.to_string());
        }
        let status = status_after(event).map(ToString::to_string);
        out.push_str("    <event>\n");
        push(out, 6, "string", "concept:name", status.as_deref().unwrap_or(event.kind()));
        push(out, 6, "string", "lifecycle:transition", "complete");
        push(out, 6, "date", "time:timestamp", &logged.occurred_at.to_rfc3339());
        if let Some(actor) = &logged.actor {
            push(out, 6, "string", "org:resource", &actor.name);
        }
        push(out, 6, "string", "type", event.kind());
        if let Some(status) = status {
            push(out, 6, "string", "status", &status);
        }
        if let Some(reason) = reason_of(event) {
            push(out, 6, "string", "reason", reason);
        }
        out.push_str("    </event>\n");
    }

    pub(super) fn end(&self) -> String {
        let trace = if self.open.is_some() { "  </trace>\n" } else { "" };
        format!("{trace}</log>\n")
    }
}

fn push(out: &mut String, indent: usize, kind: &str, key: &str, value: &str) {
    out.push_str(&format!("{:indent$}<{kind} key=\"{key}\" value=\"", ""));
    for letter in value.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            // XML cannot hold these, not even escaped.
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out.push_str("\"/>\n");
}
