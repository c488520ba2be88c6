//! Diagrams of a workflow: Mermaid for documents, DOT for Graphviz, SVG for pages.
//!
//! The same workflow always gives the same text, so a diagram can be stored and compared.

mod dot;
mod label;
mod mermaid;
#[expect(clippy::indexing_slicing, reason = "the picture makes every index that it uses")]
mod svg;

use super::model::Workflow;

impl Workflow {
    /// The workflow as a Mermaid state diagram (`stateDiagram-v2`).
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::draw(self)
    }

    /// The workflow as a directed graph in the DOT language of Graphviz.
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::draw(self)
    }

    /// The workflow as an SVG image. Its text can be selected, and its colours follow the light or dark scheme of the
    /// page.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::draw(self)
    }
}
