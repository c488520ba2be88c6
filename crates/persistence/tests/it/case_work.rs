//! Links, notes and documents of cases.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_domain::{
    case::Case,
    command::Command,
    document::{NewDocument, Sha256Hash},
    error::Error,
    id::{CaseId, CaseRef, DocumentId, Entity, LinkId, NoteId},
    link::{Link, LinkKind},
    service::{
        add_document, add_note, create_link, edit_note, list_documents, list_links, list_notes, load_document,
        remove_document, remove_link, remove_note,
    },
    store::{CaseStore, DocumentStore, NoteStore},
};

use crate::{
    bed::{Bed, named, on_both_databases},
    commits::assert_folds_to,
    participants::faults,
};

on_both_databases! {
    a_link_is_listed_at_both_ends,
    a_duplicate_link_and_a_link_to_the_case_itself_are_refused,
    concurrent_links_from_both_ends_create_one_link,
    a_link_can_be_removed_at_either_end,
    a_link_to_a_foreign_case_fails_like_one_to_an_unknown_case,
    links_to_a_deleted_case_are_hidden_until_its_restore,
    the_log_keeps_every_text_of_an_edited_note,
    notes_are_listed_newest_first,
    documents_are_added_listed_and_removed,
    notes_and_documents_of_a_deleted_case_are_hidden,
}

pub(crate) async fn link(bed: &Bed, case: &Case, linked: &Case, kind: &str) -> Result<Link, Error> {
    let kind = LinkKind::parse(kind).unwrap();
    create_link(&bed.store, &bed.context(), case.id.into(), CaseRef::Uuid(linked.uuid), kind).await
}

async fn links(bed: &Bed, case: &Case) -> Vec<Link> {
    list_links(&bed.store, bed.account, case.id.into()).await.unwrap().1
}

async fn pair(bed: &Bed) -> (Case, Case) {
    (bed.create(named("one")).await, bed.create(named("two")).await)
}

async fn kinds(bed: &Bed, case: &Case) -> Vec<&'static str> {
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    let stored = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_folds_to(&log, &stored);
    log.iter().skip(1).map(|event| event.data.kind()).collect()
}

async fn a_link_is_listed_at_both_ends(bed: &Bed) {
    let (one, two) = pair(bed).await;
    for (made, inverse) in [("blocked_by", "blocks"), ("related", "related"), ("follow_up", "follow_up_of"), ("x", "x")]
    {
        let link = link(bed, &one, &two, made).await.unwrap();
        assert_eq!((link.case_uuid, link.linked_uuid, link.kind.as_str()), (one.uuid, two.uuid, made));
        assert_eq!(links(bed, &one).await.last(), Some(&link));
        let reversed = link.reversed();
        assert_eq!(reversed.kind.as_str(), inverse);
        assert_eq!(links(bed, &two).await.last(), Some(&reversed));
    }
    assert_eq!(kinds(bed, &one).await, ["link.created"; 4]);
    assert_eq!(kinds(bed, &two).await, [""; 0], "the log tells where it was made");
}

async fn a_duplicate_link_and_a_link_to_the_case_itself_are_refused(bed: &Bed) {
    let (one, two) = pair(bed).await;
    link(bed, &one, &two, "related").await.unwrap();
    link(bed, &one, &two, "duplicate").await.unwrap();
    for (case, linked, kind) in
        [(&one, &two, "related"), (&two, &one, "related"), (&two, &one, "duplicated_by"), (&one, &one, "related")]
    {
        assert_eq!(faults(link(bed, case, linked, kind).await), ["linked_case_id"], "{kind}");
    }
    link(bed, &two, &one, "duplicate").await.unwrap();
    assert_eq!(links(bed, &one).await.len(), 3);
}

async fn concurrent_links_from_both_ends_create_one_link(bed: &Bed) {
    let (one, two) = pair(bed).await;
    let context = bed.context();
    let made = bed.in_parallel(2, async |store, at| {
        let (case, linked) = if at == 0 { (&one, &two) } else { (&two, &one) };
        create_link(&store, &context, case.id.into(), linked.id.into(), LinkKind::related()).await.is_ok()
    });
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert_eq!(links(bed, &one).await.len(), 1);
}

async fn a_link_can_be_removed_at_either_end(bed: &Bed) {
    let (one, two) = pair(bed).await;
    let third = bed.create(named("three")).await;
    let made = link(bed, &one, &two, "blocks").await.unwrap();
    let remove = async |case: &Case, link| remove_link(&bed.store, &bed.context(), case.id.into(), link).await;
    let absent = Error::not_found(Entity::Link);
    assert_eq!(remove(&third, made.id).await.unwrap_err(), absent);
    assert_eq!(remove(&one, LinkId(999_999)).await.unwrap_err(), absent);
    remove(&two, made.id).await.unwrap();
    assert_eq!(remove(&one, made.id).await.unwrap_err(), absent);
    assert_eq!((links(bed, &one).await, links(bed, &two).await), (Vec::new(), Vec::new()));
    assert_eq!(kinds(bed, &two).await, ["link.removed"]);
}

async fn a_link_to_a_foreign_case_fails_like_one_to_an_unknown_case(bed: &Bed) {
    let case = bed.create(named("ours")).await;
    let other = bed.new_account("other").await;
    let new = docket_domain::command::NewCase::new(uuid::Uuid::now_v7(), named("theirs"));
    let theirs = docket_domain::service::create_case(&bed.store, &bed.context_of(other), new).await.unwrap();
    let link = async |linked: CaseRef| {
        create_link(&bed.store, &bed.context(), case.id.into(), linked, LinkKind::related()).await.unwrap_err()
    };
    let none = link(CaseRef::Number(CaseId(999_999))).await;
    assert_eq!(link(CaseRef::Number(theirs.id)).await, none);
    assert_eq!(link(CaseRef::Uuid(theirs.uuid)).await, none);
    assert_eq!(faults(Err::<(), _>(none)), ["linked_case_id"]);
}

async fn links_to_a_deleted_case_are_hidden_until_its_restore(bed: &Bed) {
    let (one, two) = pair(bed).await;
    let made = link(bed, &one, &two, "related").await.unwrap();
    bed.change(&two, Command::Delete).await.unwrap();
    assert_eq!(links(bed, &one).await, []);
    bed.change(&two, Command::Restore).await.unwrap();
    assert_eq!(links(bed, &one).await, [made]);
}

async fn the_log_keeps_every_text_of_an_edited_note(bed: &Bed) {
    let case = bed.create(named("noted")).await;
    let note = add_note(&bed.store, &bed.context(), case.id.into(), "called\nthe client".to_owned()).await.unwrap();
    assert_eq!((note.case_uuid, &*note.author.name, note.created_at), (case.uuid, "Tester", note.updated_at));
    let edited = edit_note(&bed.store, &bed.context(), note.id, "called twice".to_owned()).await.unwrap();
    assert_eq!((&*edited.body, edited.created_at), ("called twice", note.created_at));
    assert!(edited.updated_at > note.updated_at);
    assert_eq!(bed.store.find_note(bed.account, note.id).await.unwrap().as_ref(), Some(&edited));
    assert_eq!(edit_note(&bed.store, &bed.context(), note.id, edited.body.clone()).await.unwrap(), edited);
    let blank = edit_note(&bed.store, &bed.context(), note.id, " \n".to_owned()).await;
    assert_eq!(faults(blank), ["body"]);
    remove_note(&bed.store, &bed.context(), note.id).await.unwrap();
    assert_eq!(bed.store.find_note(bed.account, note.id).await.unwrap(), None);
    let gone = remove_note(&bed.store, &bed.context(), note.id).await.unwrap_err();
    assert_eq!(gone, Error::not_found(Entity::Note));
    assert_eq!(kinds(bed, &case).await, ["note.added", "note.updated", "note.removed"]);
    let log = bed.store.list_events(bed.account, case.id, 1, 10).await.unwrap();
    let wordings = log.iter().filter_map(|event| event.data.metadata().get("body").cloned()).collect::<Vec<_>>();
    assert_eq!(wordings, ["called\nthe client", "called twice"]);
}

async fn notes_are_listed_newest_first(bed: &Bed) {
    let case = bed.create(named("noted")).await;
    let mut ids = Vec::new();
    for body in ["a", "b", "c"] {
        ids.insert(0, add_note(&bed.store, &bed.context(), case.id.into(), body.to_owned()).await.unwrap().id);
    }
    let mut seen: Vec<NoteId> = Vec::new();
    loop {
        let (_, page) = list_notes(&bed.store, bed.account, case.id.into(), seen.last().copied(), 2).await.unwrap();
        seen.extend(page.rows.iter().map(|note| note.id));
        if !page.has_more {
            break;
        }
    }
    assert_eq!(seen, ids);
}

fn document(hash: u8) -> NewDocument {
    NewDocument {
        title: None,
        file_name: "brief.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 3,
        sha256: Sha256Hash::new([hash; 32]),
    }
}

async fn documents_are_added_listed_and_removed(bed: &Bed) {
    let case = bed.create(named("documented")).await;
    let add = async |new| add_document(&bed.store, &bed.context(), case.id.into(), new).await;
    let first = add(document(1)).await.unwrap();
    assert_eq!((&*first.title, first.case_uuid), ("brief.pdf", case.uuid));
    let second = add(NewDocument { title: Some("Statement of claim".to_owned()), ..document(1) }).await.unwrap();
    assert_eq!(faults(add(NewDocument { title: Some(String::new()), ..document(1) }).await), ["title"]);
    assert_eq!(load_document(&bed.store, bed.account, first.id).await.unwrap(), first);
    let list = async |after| list_documents(&bed.store, bed.account, case.id.into(), after, 1).await.unwrap().1.rows;
    assert_eq!(list(None).await, std::slice::from_ref(&second));
    assert_eq!(list(Some(second.id)).await, std::slice::from_ref(&first));
    let hashes = [Sha256Hash::new([1; 32]), Sha256Hash::new([2; 32])];
    let kept = async |account| bed.store.list_kept_hashes(account, &hashes).await.unwrap();
    assert_eq!(kept(bed.account).await, [Sha256Hash::new([1; 32])]);
    let other = bed.new_account("other").await;
    assert_eq!(kept(other).await, []);
    assert_eq!(
        bed.store.count_document_bytes(bed.account).await.unwrap(),
        u64::try_from(first.size + second.size).unwrap()
    );
    assert_eq!(bed.store.count_document_bytes(other).await.unwrap(), 0);
    for id in [first.id, second.id] {
        remove_document(&bed.store, &bed.context(), id).await.unwrap();
    }
    assert_eq!(kept(bed.account).await, []);
    let gone = remove_document(&bed.store, &bed.context(), DocumentId(first.id.0)).await.unwrap_err();
    assert_eq!(gone, Error::not_found(Entity::Document));
    let expected = ["document.added", "document.added", "document.removed", "document.removed"];
    assert_eq!(kinds(bed, &case).await, expected);
}

async fn notes_and_documents_of_a_deleted_case_are_hidden(bed: &Bed) {
    let case = bed.create(named("deleted")).await;
    let note = add_note(&bed.store, &bed.context(), case.id.into(), "a".to_owned()).await.unwrap();
    let document = add_document(&bed.store, &bed.context(), case.id.into(), document(9)).await.unwrap();
    bed.change(&case, Command::Delete).await.unwrap();
    assert_eq!(bed.store.find_note(bed.account, note.id).await.unwrap(), None);
    assert_eq!(bed.store.find_document(bed.account, document.id).await.unwrap(), None);
    let list = list_notes(&bed.store, bed.account, case.id.into(), None, 10).await.unwrap_err();
    assert_eq!(list, Error::not_found(Entity::Case));
    // A deleted case can be restored, so its bytes are still referenced and counted.
    assert_eq!(bed.store.count_document_bytes(bed.account).await.unwrap(), u64::try_from(document.size).unwrap());
    let hash = [document.sha256];
    assert_eq!(bed.store.list_kept_hashes(bed.account, &hash).await.unwrap(), hash);
}
