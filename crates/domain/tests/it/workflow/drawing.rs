//! The drawings of the workflows agree with the files and with the documentation.

use docket_domain::workflow::{EntityType, Workflow, builtin};

use super::case;

/// The boxes of a drawing in SVG: left, top, width and height.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let number = |part: &str, name: &str| {
        let from = part.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        part[from..].split('"').next().unwrap().parse::<f64>().unwrap()
    };
    let parts = svg.split("<g id=\"status-").skip(1).map(|part| part.split("<rect").nth(1).unwrap());
    parts.map(|part| ["x", "y", "width", "height"].map(|name| number(part, name))).collect()
}

#[test]
fn every_status_of_a_built_in_workflow_has_its_own_place_in_the_svg() {
    for workflow in EntityType::ALL.map(builtin) {
        let svg = workflow.to_svg();
        let boxes = boxes(&svg);
        assert_eq!(boxes.len(), workflow.statuses().len());
        for status in workflow.statuses() {
            assert!(svg.contains(&format!(">{}</text>", status.label)), "{svg}");
        }
        for (at, [x, y, width, height]) in boxes.iter().enumerate() {
            assert!(*x >= 0.0 && *y >= 0.0);
            let apart = |[left, top, wide, high]: &[f64; 4]| {
                left + wide <= *x || x + width <= *left || top + high <= *y || y + height <= *top
            };
            assert!(boxes[at + 1..].iter().all(apart), "{svg}");
        }
        assert_eq!(svg, workflow.to_svg(), "the same workflow gives the same drawing");
    }
}

#[test]
fn the_case_workflow_is_drawn_in_mermaid() {
    assert_eq!(case().to_mermaid(), include_str!("drawings/case.mmd"));
}

#[test]
fn the_case_workflow_is_drawn_in_dot() {
    assert_eq!(case().to_dot(), include_str!("drawings/case.dot"));
}

#[test]
fn the_documentation_shows_the_current_drawings() {
    let page = include_str!("../../../../../docs/workflow.md");
    for entity_type in EntityType::ALL {
        let drawing = builtin(entity_type).to_mermaid();
        assert!(
            page.contains(&format!("```mermaid\n{drawing}```\n")),
            "docs/workflow.md has another drawing of {entity_type} than the workflow's present one:\n{drawing}"
        );
    }
}

#[test]
fn labels_are_escaped_in_drawings() {
    let mut definition = case().definition();
    definition.name = r#"A "name" \"#.to_owned();
    definition.statuses[0].label = r#"O"pen; <b>#1</b> \n: é"#.to_owned();
    definition.transitions[0].label = Some("[*] --> x : \"y\";".to_owned());
    let workflow = Workflow::check(definition).unwrap();

    let mermaid = workflow.to_mermaid();
    assert!(
        mermaid.contains("    state \"O#34;pen#59; #60;b#62;#35;1#60;/b#62; #92;n#58; é\" as s_open\n"),
        "{mermaid}"
    );
    assert!(mermaid.contains("    s_open --> s_in_progress : #91;#42;#93; --#62; x #58; #34;y#34;#59;\n"), "{mermaid}");

    let dot = workflow.to_dot();
    assert!(dot.starts_with("digraph \"A \\\"name\\\" \\\\\" {\n"), "{dot}");
    assert!(dot.contains(r#"    "open" [label="O\"pen; <b>#1</b> \\n: é", "#), "{dot}");
}
