//! Accounts and their keys.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_domain::{
    account::ApiKey,
    actor::Actor,
    error::StoreError,
    id::{AccountId, KeyId},
    scope::{Scope, Scopes},
    store::{AccountStore, Health, PeopleStore},
};

use crate::bed::{Bed, on_both_databases};

on_both_databases! {
    account_names_are_unique,
    a_key_is_stored_with_its_person,
    keys_are_listed_oldest_first_and_by_account,
    a_revoked_key_stays_revoked,
    ping_succeeds,
}

fn key(bed: &Bed, account: AccountId, name: &str) -> ApiKey {
    ApiKey {
        id: KeyId(0),
        account,
        actor: Actor { id: None, name: name.to_owned() },
        client_id: format!("dk_{name:0>16}"),
        secret_hash: vec![7; 32],
        scopes: [Scope::CasesRead, Scope::Admin].into_iter().collect::<Scopes>(),
        created_at: bed.now(),
        expires_at: Some(bed.now()),
        revoked_at: None,
        last_used_at: None,
        created_by: None,
        revoked_by: None,
    }
}

async fn account_names_are_unique(bed: &Bed) {
    let account = bed.store.create_account("näme", bed.now()).await.unwrap();
    assert_eq!(bed.store.find_account("näme").await.unwrap(), Some(account));
    assert_eq!(bed.store.find_account("NÄME").await.unwrap(), None);
    let again = bed.store.create_account("näme", bed.now()).await.unwrap_err();
    assert_eq!(again, StoreError::Taken("the name of the account"));
}

async fn a_key_is_stored_with_its_person(bed: &Bed) {
    let made = bed.store.create_key(key(bed, bed.account, "robot"), None).await.unwrap();
    let person = made.actor.id.unwrap();
    assert_eq!(bed.store.find_key(&made.client_id).await.unwrap(), Some(made.clone()));
    let people = bed.store.find_people(bed.account, &[person]).await.unwrap();
    assert_eq!(people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["robot"]);
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.find_people(other, &[person]).await.unwrap(), []);
    assert_eq!(bed.store.find_key("dk_unknown").await.unwrap(), None);
    let used = bed.now();
    bed.store.touch_key(bed.account, made.id, used).await.unwrap();
    assert_eq!(bed.store.find_key(&made.client_id).await.unwrap().unwrap().last_used_at, Some(used));
}

async fn keys_are_listed_oldest_first_and_by_account(bed: &Bed) {
    let other = bed.new_account("other").await;
    for (account, name) in [(bed.account, "a"), (other, "b"), (bed.account, "c"), (bed.account, "d")] {
        bed.store.create_key(key(bed, account, name), None).await.unwrap();
    }
    let names = async |account, limit| {
        let keys = bed.store.list_keys(account, limit).await.unwrap();
        keys.into_iter().map(|key| key.actor.name).collect::<Vec<_>>()
    };
    assert_eq!(names(bed.account, 10).await, ["a", "c", "d"]);
    assert_eq!(names(bed.account, 2).await, ["a", "c"]);
    assert_eq!(names(other, 10).await, ["b"]);
}

async fn a_revoked_key_stays_revoked(bed: &Bed) {
    let made = bed.store.create_key(key(bed, bed.account, "robot"), None).await.unwrap();
    let other = bed.new_account("other").await;
    let (first, second) = (bed.now(), bed.now());
    assert!(!bed.store.revoke_key(other, made.id, None, first).await.unwrap());
    assert!(!bed.store.revoke_key(bed.account, KeyId(99), None, first).await.unwrap());
    assert!(bed.store.revoke_key(bed.account, made.id, None, first).await.unwrap());
    assert!(bed.store.revoke_key(bed.account, made.id, None, second).await.unwrap());
    assert_eq!(bed.store.find_key(&made.client_id).await.unwrap().unwrap().revoked_at, Some(first));
}

async fn ping_succeeds(bed: &Bed) {
    bed.store.ping().await.unwrap();
}
