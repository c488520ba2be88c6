//! The main journey of each dialect with clients that progenitor makes from the served documents in OpenAPI 3.0.
//!
//! `URL`, `KEY` and `KEY_NAME` in the environment are the server, an API key and its name.

use std::{env, error::Error};

use futures::TryStreamExt as _;
use reqwest::{
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
    multipart::{Form, Part},
};
use serde_json::json;

/// The code of one client. Its unused functions and its style are the generator's.
macro_rules! client {
    ($dialect:ident) => {
        #[allow(warnings, clippy::all)]
        mod $dialect {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($dialect), ".rs"));
        }
    };
}
client!(native);
client!(services);
client!(trackops);
client!(caseiq);

type Outcome = Result<(), Box<dyn Error>>;

/// A client that sends the header `Authorization`.
fn authorised(authorization: &str) -> Result<reqwest::Client, Box<dyn Error>> {
    let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(authorization)?)]);
    Ok(reqwest::Client::builder().default_headers(headers).build()?)
}

async fn drive_native(url: &str, key: &str) -> Outcome {
    use native::{Client, types};

    let sender = authorised(&format!("Bearer {key}"))?;
    let client = Client::new_with_client(url, sender.clone());
    let kind = format!("journey-{}", uuid::Uuid::new_v4());
    let fields = json!({ "court": "ArbG Berlin" }).as_object().cloned();
    let body = types::CreateCaseBody::builder()
        .name("Smith v. Jones")
        .type_(Some(kind.parse()?))
        .priority(Some(types::Priority::High))
        .custom_fields(fields);
    let case = client.create_case().body(body).send().await?;
    assert_eq!(case.status, types::Phase::Active);
    assert_eq!(case.custom_fields["court"], "ArbG Berlin");

    let found = client.list_cases().type_(kind.as_str()).limit(1).send().await?;
    assert_eq!(found.data.iter().map(|row| row.id).collect::<Vec<_>>(), [case.id]);
    assert!(!found.pagination.has_more);

    let moves = client.explain_transitions().case(case.id).send().await?;
    assert!(moves.data.iter().any(|step| step.name == "start" && step.allowed));
    let start = types::TransitionBody::builder().transition(Some("start".to_owned()));
    let dry = start.clone().dry_run(true);
    let dry = client.apply_transition().case(case.id).body(dry).send().await?;
    assert!(dry.dry_run == Some(true) && dry.case_status.key == "in_progress");
    let moved = client.apply_transition().case(case.id).body(start).send().await?;
    assert!(moved.dry_run.is_none() && moved.case_status.key == "in_progress");

    let person = types::CreatePersonBody::builder().name("Ada").kind(types::PersonKind::Staff);
    let person = client.create_person().body(person).send().await?;
    let party = types::PartyEntry::builder().name(Some("John Smith".parse()?)).role("client");
    let parties = types::PartiesBody::builder().parties(vec![party.try_into()?]);
    let parties = client.add_parties().case(case.id).body(parties).send().await?;
    assert_eq!(parties.data[0].role, "client");
    let lead = types::StaffEntry::builder().id(Some(person.id.clone())).role("lead");
    let staff = types::StaffBody::builder().staff(vec![lead.try_into()?]);
    assert_eq!(client.add_staff().case(case.id).body(staff).send().await?.data[0].name, "Ada");
    let note = types::NoteBody::builder().body("Called the client.");
    assert_eq!(client.add_note().case(case.id).body(note).send().await?.body, "Called the client.");

    // The generator makes no function for a multipart body.
    let file = Part::text("the claim").file_name("claim.txt").mime_str("text/plain")?;
    let form = Form::new().part("file", file).text("title", "Claim");
    let sent = sender.post(format!("{url}/api/v1/cases/{}/documents", case.id)).multipart(form).send().await?;
    let document = sent.error_for_status()?.json::<types::DocumentView>().await?;
    let documents = client.list_documents().case(case.id).send().await?;
    assert_eq!(documents.data.iter().map(|row| &row.id).collect::<Vec<_>>(), [&document.id]);
    let content = client.download_document().id(&document.id).send().await?.into_inner();
    let content = content.into_inner().try_collect::<Vec<_>>().await?.concat();
    assert_eq!(content, b"the claim");

    let deadline = types::CreateDeadlineBody::builder()
        .title("Statement of defence")
        .kind(types::DeadlineKind::Court)
        .due_at(Some("2030-08-06".to_owned()));
    let deadline = client.add_deadline().case(case.id).body(deadline).send().await?;
    assert_eq!(deadline.kind, types::DeadlineKind::Court);
    let change = types::UpdateCaseBody::builder().priority(Some(types::Priority::Urgent));
    let changed = client.update_case().case(case.id).body(change).send().await?;
    assert_eq!(changed.priority, types::Priority::Urgent);
    let loaded = client.load_case().case(case.id).send().await?;
    assert_eq!(loaded.parties.first().map(|party| party.name.as_str()), Some("John Smith"));
    let events = client.list_timeline().case(case.id).send().await?;
    let last = events.data.last().map(|event| event.type_.to_string());
    assert_eq!(last.as_deref(), Some("case.created"));

    let reopen = types::TransitionBody::builder().transition(Some("reopen".to_owned())).reason(Some("x".parse()?));
    match client.apply_transition().case(case.id).body(reopen).send().await {
        Err(native::Error::ErrorResponse(refused)) => {
            assert_eq!(refused.error.code.to_string(), "TRANSITION_NOT_ALLOWED");
            assert!(!refused.error.reasons.is_empty());
        }
        answer => panic!("a transition that its guard forbids: {answer:?}"),
    }
    Ok(())
}

async fn drive_services(url: &str, key: &str) -> Outcome {
    use services::{Client, types};

    let client = Client::new_with_client(url, authorised(&format!("Bearer {key}"))?);
    let body = types::CreateCaseBody::builder()
        .customer_id(987_654)
        .title("The cooling unit leaks")
        .priority(Some(types::Priority::High));
    let case = client.create_case().body(body).send().await?;
    let id = case.data.id.to_string();
    let found = client.list_cases().search("cooling unit leaks").status("open").send().await?;
    assert!(found.data.iter().any(|row| row.id == case.data.id));
    let resolve = types::ActionBody::builder().action(types::ActionName::Resolve).resolution(Some("Sealed".parse()?));
    assert_eq!(client.act().case(&id).body(resolve).send().await?.data.status.to_string(), "resolved");
    let change = types::UpdateCaseBody::builder().priority(Some(types::Priority::Urgent));
    let changed = client.update_case().case(&id).body(change).send().await?;
    assert_eq!(changed.data.priority, types::Priority::Urgent);
    assert_eq!(client.load_case().case(&id).send().await?.data.title, "The cooling unit leaks");
    assert!(!client.list_history().case(&id).send().await?.data.is_empty());
    assert!(client.load_statistics().send().await?.data.by_status["resolved"] >= 1);
    Ok(())
}

async fn drive_trackops(url: &str, key: &str) -> Outcome {
    use trackops::{Client, types};

    // The dialect of a shared path is chosen by HTTP Basic, for which the generator leaves the header to its user.
    let name = format!("{}/token", env::var("KEY_NAME")?);
    let request = reqwest::Client::new().get(url).basic_auth(name, Some(key)).build()?;
    let client = Client::new_with_client(url, authorised(request.headers()[AUTHORIZATION].to_str()?)?);
    let casefile = types::Casefile::builder().name(Some("Surveillance".parse()?));
    let body = types::CaseBody::builder().casefile(casefile);
    let case = client.create_case().body(body).send().await?;
    let id = case.id.to_string();
    assert_eq!(client.load_case().case(&id).send().await?.name, "Surveillance");
    let group = types::AccessGroupBody::builder().name("Client").requires_validation(false);
    let group = client.create_access_group().body(group).send().await?;
    let fields = types::UpdateFields::builder()
        .casefile_id(Some(case.id))
        .access_group_id(Some(group.id))
        .title(Some("On site".parse()?))
        .body(Some("<b>Arrived</b>".parse()?))
        .activity_at(Some("2026-06-03".parse()?));
    let update = client.create_update().body(types::UpdateBody::builder().update(fields)).send().await?;
    match client.list_updates().case(case.id).send().await?.into_inner() {
        types::PageOrCountUpdateView::Array(page) => {
            assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), [update.id]);
        }
        answer => panic!("a page of updates: {answer:?}"),
    }
    Ok(())
}

async fn drive_caseiq(url: &str, key: &str) -> Outcome {
    use caseiq::{Client, types};

    let (id, secret) = key.split_once('.').ok_or("the key has no secret")?;
    let body = types::TokenBody::builder()
        .grant_type("client_credentials")
        .client_id(Some(id.to_owned()))
        .client_secret(Some(secret.to_owned()));
    let token = Client::new(url).grant_token().body(body).send().await?;
    let client = Client::new_with_client(url, authorised(&format!("Bearer {}", token.access_token))?);
    // The generator leaves out fields beyond those that the document names.
    let body = types::CaseBody::builder().title(Some("Gift register".parse()?)).priority(Some(types::Priority::High));
    let case = client.create_case().body(body).send().await?;
    let id = case.id.to_string();
    let change = types::CaseBody::builder().priority(Some(types::Priority::Low));
    assert_eq!(client.patch_case().case(&id).body(change).send().await?.priority, types::Priority::Low);
    let close = types::TransitionBody::builder()
        .case_status("Close")
        .workflow_id(case.last_workflow_id)
        .reason(Some("declared".parse()?));
    assert_eq!(client.apply_transition().case(&id).body(close).send().await?.case_status, "Closed");
    let loaded = client.load_case().case(&id).send().await?;
    assert_eq!(loaded.last_transition_reason.as_deref(), Some("declared"));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let (url, key) = (env::var("URL")?, env::var("KEY")?);
    drive_native(&url, &key).await?;
    println!("   Rust, native: passed");
    drive_services(&url, &key).await?;
    println!("   Rust, services: passed");
    drive_trackops(&url, &key).await?;
    println!("   Rust, trackops: passed");
    drive_caseiq(&url, &key).await?;
    println!("   Rust, caseiq: passed");
    Ok(())
}
