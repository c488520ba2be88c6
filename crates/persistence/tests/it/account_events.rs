//! The log of an account: changes of people and keys, with their actors.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_domain::{
    account::ApiKey,
    actor::{Actor, Context},
    digest::Proved as _,
    id::{KeyId, PersonId},
    person::{Person, PersonChanges, PersonKind},
    scope::Scopes,
    service,
    store::{AccountStore, PeopleStore},
};

use crate::bed::{Bed, on_both_databases};

on_both_databases! {
    changes_of_people_and_keys_are_logged_with_their_actor,
}

fn actor(name: &str) -> Option<Actor> {
    Some(Actor { id: Some(PersonId(7)), name: name.to_owned() })
}

async fn changes_of_people_and_keys_are_logged_with_their_actor(bed: &Bed) {
    let person = Person::named(bed.account, PersonKind::Staff, "Anna", bed.now());
    let maker = Context { actor: actor("Maker").unwrap(), ..bed.context() };
    let person = service::create_person(&bed.store, &maker, person).await.unwrap();
    let changes = PersonChanges { phone: Some(Some("1".to_owned())), ..PersonChanges::default() };
    service::change_person(&bed.store, &bed.context(), person.id, changes).await.unwrap();
    let key = ApiKey {
        id: KeyId(0),
        account: bed.account,
        actor: Actor { id: None, name: "robot".to_owned() },
        client_id: "dk_0123456789abcdef".to_owned(),
        secret_hash: vec![1; 32],
        scopes: Scopes::all(),
        created_at: bed.now(),
        expires_at: None,
        revoked_at: None,
        created_by: None,
        revoked_by: None,
        last_used_at: None,
    };
    let key = bed.store.create_key(key, None).await.unwrap();
    for _ in 0..2 {
        assert!(bed.store.revoke_key(bed.account, key.id, actor("Revoker"), bed.now()).await.unwrap());
    }
    let events = bed.lines(
        "SELECT kind || ' ' || subject_type || ' ' || coalesce(actor_name, '-') AS line FROM account_events ORDER BY id",
    );
    let expected = [
        "person.created person Maker",
        "person.updated person Tester",
        "person.created person -",
        "key.created key -",
        "key.revoked key Revoker",
    ];
    assert_eq!(events, expected);
    let text = if bed.is_postgres() { "data::text" } else { "data" };
    let data = bed.lines(&format!("SELECT {text} AS line FROM account_events WHERE kind = 'person.updated'"));
    assert!(data.concat().contains("\"fields\":[\"phone\"]"), "{data:?}");
    assert!(!data.concat().contains("Anna"), "{data:?}");
    // The digests match the stored rows.
    let person = bed.store.find_people(bed.account, &[person.id]).await.unwrap().remove(0);
    assert!(data.concat().contains(&person.digest().to_string()), "{data:?}");
    let key = bed.store.find_key(&key.client_id).await.unwrap().unwrap();
    let data = bed.lines(&format!("SELECT {text} AS line FROM account_events WHERE kind = 'key.revoked'"));
    assert!(data.concat().contains(&key.digest().to_string()), "{data:?}");
}
