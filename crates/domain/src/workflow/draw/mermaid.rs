//! Mermaid's `stateDiagram-v2`.

use super::{Marks, label::arrow_label};
use crate::workflow::Workflow;

/// Draws the workflow. Node names have a prefix, because `end`, `state` and `note` are keywords of Mermaid.
pub(super) fn draw(workflow: &Workflow, marks: &Marks) -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "    direction LR".to_owned()];
    for status in workflow.statuses() {
        lines.push(format!("    state \"{}\" as s_{}", escaped(&status.label), status.key));
    }
    lines.push(format!("    [*] --> s_{}", workflow.initial().key));
    for status in workflow.statuses() {
        for (transition, to) in workflow.transitions_from(&status.key) {
            lines.push(format!("    s_{} --> s_{to} : {}", status.key, escaped(&arrow_label(transition, to, marks))));
        }
        if status.terminal {
            lines.push(format!("    s_{} --> [*]", status.key));
        }
    }
    for status in workflow.statuses() {
        let text = status.color.readable_text();
        let border = if marks.is_present(&status.key) { ",stroke:#1F2328,stroke-width:4px" } else { "" };
        lines.push(format!("    classDef c_{} fill:{},color:{text}{border}", status.key, status.color));
        lines.push(format!("    class s_{0} c_{0}", status.key));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Escapes text for a Mermaid label: characters with a meaning in Mermaid or HTML become Mermaid entities.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_alphanumeric() || " -_.,()/!?'".contains(letter) {
                letter.to_string()
            } else {
                format!("#{};", u32::from(letter))
            }
        })
        .collect()
}
