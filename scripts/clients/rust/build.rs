//! Makes the programs of this package: those of docs/events.md, and a client of each dialect from the documents in OpenAPI 3.0 in the folder `DOCUMENTS`: progenitor does not read 3.1.

use std::{env, error::Error, fs, path::Path};

use openapiv3::{OpenAPI, PathItem, ReferenceOr, StatusCode};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

fn main() -> Result<(), Box<dyn Error>> {
    let documents = env::var("DOCUMENTS")?;
    println!("cargo:rerun-if-env-changed=DOCUMENTS");
    for dialect in ["native", "services", "trackops", "caseiq"] {
        let path = Path::new(&documents).join(format!("{dialect}-3.0.json"));
        println!("cargo:rerun-if-changed={}", path.display());
        let mut document: OpenAPI = serde_json::from_str(&fs::read_to_string(path)?)?;
        for path in document.paths.paths.values_mut() {
            if let ReferenceOr::Item(item) = path {
                leave_out_what_progenitor_cannot_make(item);
            }
        }
        let settings = GenerationSettings::default().with_interface(InterfaceStyle::Builder).clone();
        let mut generator = Generator::new(&settings);
        let code = generator.generate_tokens(&document)?.to_string();
        fs::write(Path::new(&env::var("OUT_DIR")?).join(format!("{dialect}.rs")), code)?;
    }
    write_examples()
}

/// The programs of the guide, by section.
fn write_examples() -> Result<(), Box<dyn Error>> {
    let path = "../../../docs/events.md";
    println!("cargo:rerun-if-changed={path}");
    let guide = fs::read_to_string(path)?;
    for (name, section) in [("pages", "## Pages"), ("stream", "## Stream"), ("receiver", "## Webhooks")] {
        let code = guide.split_once(section).and_then(|(_, rest)| rest.split_once("```rust\n"));
        let code = code.and_then(|(_, rest)| rest.split_once("```")).ok_or("the guide has no such example")?.0;
        fs::write(Path::new(&env::var("OUT_DIR")?).join(format!("example_{name}.rs")), code)?;
    }
    Ok(())
}

/// The limits of progenitor 0.15: it does not know multipart bodies, a body in one of two media types, and two schemas
/// among the successful responses or among the errors of an operation.
fn leave_out_what_progenitor_cannot_make(path: &mut PathItem) {
    for place in [&mut path.post, &mut path.put, &mut path.patch] {
        let Some(operation) = place else { continue };
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            body.content.truncate(1);
            if body.content.contains_key("multipart/form-data") {
                *place = None;
                continue;
            }
        }
        match operation.operation_id.as_deref() {
            Some("migrate_cases") => operation.responses.responses.retain(|status, _| *status != StatusCode::Code(202)),
            Some("grant_token") => operation.responses.responses.retain(|status, _| *status == StatusCode::Code(200)),
            _ => {}
        }
    }
}
