//! Pages for people: the start page, the errors and the glossary. They need no script and no credential.

use std::{fmt::Write as _, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, ServiceConfig},
};
use docket_domain::{
    service,
    workflow::{EntityType, builtin},
};
use pulldown_cmark::{Options, Parser, html};

use super::native::error::NativeError;
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    http::endpoint::Endpoint,
    wire::{dialect::Dialects, problem::Kind},
};

/// Styles but no scripts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'none'";
const STYLE: &str = include_str!("pages/style.css");
const GLOSSARY: &str = include_str!("../../../../docs/glossary.md");

/// Start page: what the server is, and where everything else is.
async fn index(request: HttpRequest) -> HttpResponse {
    let mut documents = String::new();
    for dialect in Dialects::all(&request) {
        let path = dialect.document_path();
        let _ = write!(documents, "<li><a href=\"{path}\">{}</a></li>", escape(dialect.name));
    }
    let version = env!("CARGO_PKG_VERSION");
    page(
        "Docket",
        &format!(
            "<h1>Docket <small>{version}</small></h1>\
             <p>A case-management server: cases from creation to resolution, with a workflow that explains every status \
             change, and four API dialects over one store.</p>\
             <ul>\
             <li><a href=\"/docs/\">API documentation</a>, where requests can be tried out</li>\
             <li><a href=\"/docs/errors\">Errors</a> and <a href=\"/docs/glossary\">glossary</a></li>\
             <li>The <a href=\"/docs/workflows\">workflows</a> of an account: the browser asks for a user \
             (<code>NAME/token</code>) and a password (an API key)</li>\
             <li>Health: <a href=\"/health/live\">liveness</a> and <a href=\"/health/ready\">readiness</a></li>\
             <li>OpenAPI documents:<ul>{documents}</ul></li>\
             </ul>\
             <h2>The built-in workflow</h2>{}",
            *WORKFLOW
        ),
    )
}

/// The built-in workflow.
static WORKFLOW: LazyLock<String> =
    LazyLock::new(|| format!("<figure>{}</figure>", builtin(EntityType::Case).to_svg()));

/// Greatest number of changes of status in a workflow that is drawn. Larger drawings show nothing.
const DRAWN_MAX: usize = 1_000;

/// The workflows of the account, each with a drawing of its active version. A browser asks for name and key.
async fn workflows(who: Authed<CasesRead>, app: Data<App>) -> Result<HttpResponse, NativeError> {
    let mut body = "<h1>Workflows</h1>".to_owned();
    for listed in service::list_workflows(&app.store, who.account(), None).await? {
        let (key, name) = (escape(&listed.own.key), escape(listed.active.name()));
        let types = match listed.own.case_types.as_slice() {
            [] => String::new(),
            types => format!(" · case types: {}", escape(&types.join(", "))),
        };
        let (of, active) = (listed.own.entity_type, listed.own.active);
        let cases = match of {
            EntityType::Case => format!(" · cases: {}", listed.cases_of(active)),
            EntityType::Inquiry | EntityType::Order => String::new(),
        };
        let drawing = if listed.active.rules().len() > DRAWN_MAX {
            "<p>Too large to draw.</p>".to_owned()
        } else {
            format!("<figure>{}</figure>", listed.active.to_svg())
        };
        let _ = write!(
            body,
            "<h2 id=\"{key}\">{name} <small>{key}</small></h2><p>Entity type: {of}{types} · versions: {} · active: {active}\
             {cases}</p>{drawing}",
            listed.own.versions.len(),
        );
    }
    Ok(page("Workflows", &body))
}

/// The error table, for the links of error responses.
async fn errors() -> HttpResponse {
    page("Errors", &ERRORS)
}

static ERRORS: LazyLock<String> = LazyLock::new(|| {
    let mut kinds = Kind::all().collect::<Vec<_>>();
    kinds.sort_by_key(|kind| (kind.mapping().code, kind.mapping().status.as_u16()));
    let mut rows = String::new();
    let mut last = "";
    for kind in kinds {
        let mapping = kind.mapping();
        // Several rows can share a code; the first one is the target of links.
        let anchor = if mapping.code == last { String::new() } else { format!(" id=\"{}\"", mapping.code) };
        last = mapping.code;
        let _ = write!(
            rows,
            "<tr{anchor}><td><code>{}</code></td><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
            mapping.code,
            mapping.status.as_u16(),
            mapping.services_status.as_u16(),
            mapping.case_iq,
            escape(&kind.meaning()),
        );
    }
    format!(
        "<h1>Errors</h1>\
         <p>Every error response has a link to its row here in the header <code>Link</code> (<code>rel=\"help\"</code>). \
         The code is stable; programs should use it, not the message.</p>\
         <table><thead><tr><th>Code</th><th>Status</th><th>Status (services)</th><th>Case IQ</th><th>Meaning</th></tr>\
         </thead><tbody>{rows}</tbody></table>"
    )
});

/// The glossary of the documentation.
async fn glossary() -> HttpResponse {
    page("Glossary", &GLOSSARY_HTML)
}

static GLOSSARY_HTML: LazyLock<String> = LazyLock::new(|| {
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new_ext(GLOSSARY, Options::ENABLE_TABLES));
    rendered
});

/// A page with the style of all pages. `body` is HTML.
fn page(title: &str, body: &str) -> HttpResponse {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><nav><a href=\"/\">Docket</a> <a href=\"/docs/\">API</a> \
         <a href=\"/docs/errors\">Errors</a> <a href=\"/docs/glossary\">Glossary</a></nav><main>{body}</main></body></html>"
    );
    let policy = (header::CONTENT_SECURITY_POLICY, POLICY);
    HttpResponse::Ok().insert_header(policy).content_type("text/html; charset=utf-8").body(html)
}

/// A text for HTML, also inside a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// These paths come before the files of the docs page.
pub fn configure(config: &mut ServiceConfig) {
    let endpoints = [
        Endpoint::at("/").get(index),
        Endpoint::at("/docs/errors").get(errors),
        Endpoint::at("/docs/glossary").get(glossary),
        Endpoint::at("/docs/workflows").get(workflows),
    ];
    for endpoint in endpoints {
        config.service(endpoint.ignores_unknown_parameters());
    }
}
