//! Diagrams of a workflow: Mermaid for documents, DOT for Graphviz, SVG for pages.
//!
//! The same workflow always gives the same text, so a diagram can be stored and compared.

mod dot;
mod label;
mod marks;
mod mermaid;
#[expect(clippy::indexing_slicing, reason = "the picture makes every index that it uses")]
mod svg;

pub use self::marks::Marks;
use super::model::Workflow;

impl Workflow {
    /// The workflow as a Mermaid state diagram (`stateDiagram-v2`).
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        self.to_mermaid_with(&Marks::default())
    }

    /// The Mermaid diagram with the way of one entity marked in it.
    #[must_use]
    pub fn to_mermaid_with(&self, marks: &Marks) -> String {
        mermaid::draw(self, marks)
    }

    /// The workflow as a directed graph in the DOT language of Graphviz.
    #[must_use]
    pub fn to_dot(&self) -> String {
        self.to_dot_with(&Marks::default())
    }

    /// The DOT graph with the way of one entity marked in it.
    #[must_use]
    pub fn to_dot_with(&self, marks: &Marks) -> String {
        dot::draw(self, marks)
    }

    /// The workflow as an SVG image. Its text can be selected, and its colours follow the light or dark scheme of the
    /// page.
    #[must_use]
    pub fn to_svg(&self) -> String {
        self.to_svg_with(&Marks::default())
    }

    /// The SVG image with the way of one entity marked in it.
    #[must_use]
    pub fn to_svg_with(&self, marks: &Marks) -> String {
        svg::draw(self, marks)
    }
}
