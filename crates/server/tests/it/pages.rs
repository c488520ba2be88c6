//! Pages for people, links between pages of lists and from errors to their description, and metadata for programs.

use docket_domain::{
    scope::{Scope, Scopes},
    workflow::{EntityType, builtin},
};
use serde_json::{Value, json};

use crate::{
    support::{Backend, Binary, Client, TestApp, on_both_databases},
    trackops::trackops,
};

fn html(app: &TestApp, path: &str) -> String {
    let page = app.anonymous().get(path);
    assert_eq!(page.status, 200, "{path}");
    assert!(page.header("content-type").unwrap().starts_with("text/html"), "{path}");
    assert!(!page.header("content-security-policy").unwrap().contains("script"), "{path}");
    String::from_utf8(page.body).unwrap()
}

/// Follows the link `next` from a path to the end of its list, and returns the responses.
fn follow(client: &Client, path: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = client.get(&path);
        next = page.header("link").and_then(|links| {
            let link = links.split(", ").find(|link| link.ends_with("rel=\"next\""))?;
            Some(link.split(['<', '>']).nth(1)?.to_owned())
        });
        pages.push(page.expect(200));
        assert!(pages.len() < 20, "{path}");
    }
    pages
}

on_both_databases! {
    fn the_start_page_draws_the_workflow_and_every_link_on_it_works(app) {
        let page = html(app, "/");
        assert!(page.contains("<svg") && page.contains("Pending customer") && !page.contains("<script"), "{page}");
        let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links {
            assert_eq!(app.get(link).status, 200, "{link}");
        }
        assert!(html(app, "/docs/glossary").contains("<table>"));
    }

    fn the_page_of_workflows_shows_those_of_the_account_to_a_key_that_may_read(app) {
        let refused = app.anonymous().get("/docs/workflows");
        assert_eq!(refused.status, 401);
        let writer = app.make_key("writer", Scopes::from_iter([Scope::CasesWrite]), None);
        assert_eq!(app.with_key(&writer).get("/docs/workflows").status, 403);
        let mut own = serde_json::to_value(builtin(EntityType::Case)).unwrap();
        own["name"] = json!("Cases <b>of</b> ours");
        app.put("/api/v1/workflows/default", &json!({ "definition": own })).expect(201);
        let page = app.get("/docs/workflows");
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        let page = String::from_utf8(page.body).unwrap();
        assert!(page.contains("Cases &lt;b&gt;of&lt;/b&gt; ours") && page.matches("<svg").count() == 3, "{page}");
        let other = String::from_utf8(app.another_account().get("/docs/workflows").body).unwrap();
        assert!(!other.contains("ours"), "{other}");
    }

    fn an_error_links_to_its_row_in_the_error_page(app) {
        let errors = html(app, "/docs/errors");
        let requests = [
            app.get("/api/v1/cases/0"),
            app.get("/api/v1/cases?limit=0"),
            app.anonymous().get("/api/v1/cases"),
            app.anonymous().get("/nonsense"),
            app.get("/api/cases/0"),
            app.get("/case/0"),
        ];
        for response in requests {
            let link = response.header("link").unwrap();
            let anchor = link.strip_prefix("</docs/errors#").and_then(|rest| rest.strip_suffix(">; rel=\"help\"")).unwrap();
            assert!(errors.contains(&format!("id=\"{anchor}\"")), "{link}");
        }
    }

    fn lists_link_to_their_pages(app) {
        for name in ["a", "b", "c", "d", "e"] {
            app.post("/api/v1/cases", &json!({ "name": name, "tags": ["t&t"] })).expect(201);
        }
        let names = |pages: &[Value]| {
            let rows = pages.iter().flat_map(|page| page.as_array().or(page["data"].as_array()).unwrap());
            rows.map(|row| row.get("name").or(row.get("title")).unwrap().as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let expected = ["e", "d", "c", "b", "a"];
        let native = follow(app, "/api/v1/cases?tag=t%26t&limit=2");
        assert_eq!((native.len(), names(&native)), (3, expected.map(str::to_owned).to_vec()));
        let services = follow(app, "/api/cases/list?tag=t%26t&per_page=2&page=1");
        assert_eq!((services.len(), names(&services)), (3, expected.map(str::to_owned).to_vec()));
        let last = app.get("/api/cases/list?per_page=2&page=3");
        assert!(!last.header("link").unwrap().contains("\"next\""));
        let bare = follow(&trackops(app), "/api/v1/cases?per_page=2");
        assert_eq!((bare.len(), names(&bare)), (3, expected.map(str::to_owned).to_vec()));
        assert_eq!(trackops(app).get("/api/v1/cases?mode=count").header("link"), None);
    }

    fn a_dry_run_says_so(app) {
        let case = app.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
        let path = format!("/api/v1/cases/{}/transitions", case["id"].as_str().unwrap());
        let dry = app.post(&path, &json!({ "transition": "resolve", "dry_run": true })).expect(200);
        assert_eq!((&dry["dry_run"], &dry["case_status"]["key"]), (&json!(true), &json!("resolved")));
        let real = app.post(&path, &json!({ "transition": "resolve" })).expect(200);
        assert_eq!((real.get("dry_run"), &real["case_status"]["key"]), (None, &json!("resolved")));
    }

    fn programs_find_the_token_endpoint_and_both_versions_of_the_documents(app) {
        let metadata = app.anonymous().get("/.well-known/oauth-authorization-server").expect(200);
        let issuer = metadata["issuer"].as_str().unwrap();
        assert_eq!(metadata["token_endpoint"], format!("{issuer}/auth/oauth2/token"));
        for dialect in ["native", "trackops", "services", "caseiq"] {
            let old = app.anonymous().get(&format!("/openapi/{dialect}-3.0.json")).expect(200);
            assert_eq!(old["openapi"], "3.0.3");
            let text = old.to_string();
            assert!(!text.contains("\"null\"]") && !text.contains("{\"type\":\"null\"}"), "{dialect}");
        }
    }
}

#[test]
fn a_mistyped_path_is_an_error_and_not_a_new_store() {
    let url = Backend::Sqlite.fresh_url().unwrap();
    let binary = Binary::on(url.clone());
    let path = std::path::Path::new(url.strip_prefix("sqlite://").unwrap());
    let commands = [&["keys", "list"][..], &["keys", "revoke", "key_0000000000003"], &["verify"], &["checkpoint"]];
    for command in commands {
        let output = binary.run(command);
        assert!(!output.status.success(), "{command:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("no store found"), "{command:?}");
        assert!(!path.exists(), "{command:?}");
    }
    assert!(!std::path::Path::new("docket-checkpoint.key").exists(), "a key for no store");
    let output = binary.run(&["serve", "--listen", "18400"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("HOST:PORT"), "{output:?}");
    assert!(!path.exists(), "the address is checked first");
}
