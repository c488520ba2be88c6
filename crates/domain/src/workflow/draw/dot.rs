//! The DOT language of Graphviz.

use super::{Marks, label::arrow_label};
use crate::workflow::{Workflow, transition::TransitionKind};

/// Draws the workflow. A point is the start, a double border a terminal status, a dotted arrow a rework, a dashed arrow
/// a reopening. No status key can be equal to the name of the point.
pub(super) fn draw(workflow: &Workflow, marks: &Marks) -> String {
    let mut lines = vec![
        format!("digraph {} {{", quoted(workflow.name())),
        "    rankdir=LR;".to_owned(),
        "    node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];".to_owned(),
        "    edge [fontname=\"Helvetica\", fontsize=10];".to_owned(),
        "    \"[*]\" [shape=point, width=0.2, label=\"\"];".to_owned(),
    ];
    for status in workflow.statuses() {
        lines.push(format!(
            "    {} [label={}, fillcolor=\"{}\", fontcolor=\"{}\"{}{}];",
            quoted(status.key.as_str()),
            quoted(&status.label),
            status.color,
            status.color.readable_text(),
            if status.terminal { ", peripheries=2" } else { "" },
            if marks.is_present(&status.key) { ", penwidth=4" } else { "" },
        ));
    }
    lines.push(format!("    \"[*]\" -> {};", quoted(workflow.initial().key.as_str())));
    for status in workflow.statuses() {
        for (transition, to) in workflow.transitions_from(&status.key) {
            let style = match transition.kind {
                TransitionKind::Regular => "",
                TransitionKind::Rework => ", style=dotted",
                TransitionKind::Reopen => ", style=dashed",
            };
            lines.push(format!(
                "    {} -> {} [label={}{style}];",
                quoted(status.key.as_str()),
                quoted(to.as_str()),
                quoted(&arrow_label(transition, to, marks)),
            ));
        }
    }
    lines.push("}".to_owned());
    lines.push(String::new());
    lines.join("\n")
}

/// A double-quoted string in DOT. Backslashes are doubled, because `\n`, `\l`, `\N` and others have a meaning in
/// labels.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
