//! Access tokens, and the reason of a case's last status change.
#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::TimeDelta;
use docket_domain::{
    access_token::{AccessToken, TokenRequest},
    account::ApiKey,
    actor::Actor,
    case::{Edit, Priority},
    command::Command,
    id::{AccountId, KeyId},
    scope::Scopes,
    store::{AccountStore, CaseStore, TokenStore},
};

use crate::bed::{Bed, named, on_both_databases};

on_both_databases! {
    a_token_is_found_with_its_key,
    a_new_token_deletes_the_expired_tokens_of_its_key,
    the_last_reason_is_found_for_each_version,
}

pub(crate) async fn new_key(bed: &Bed, account: AccountId) -> ApiKey {
    let now = bed.now();
    let key = ApiKey {
        id: KeyId(0),
        account,
        actor: Actor { id: None, name: "robot".to_owned() },
        client_id: format!("dk_{:016}", now.timestamp()),
        secret_hash: vec![7; 32],
        scopes: Scopes::all(),
        created_at: now,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        created_by: None,
        revoked_by: None,
    };
    bed.store.create_key(key, None).await.unwrap()
}

async fn a_token_is_found_with_its_key(bed: &Bed) {
    let (key, now) = (new_key(bed, bed.account).await, bed.now());
    let request = TokenRequest { scope: Some("cases:read admin"), ttl: Some(60) };
    let token = AccessToken::grant(&key, vec![1; 32], request, now).unwrap();
    bed.store.create_access_token(token.clone()).await.unwrap();
    assert_eq!(bed.store.find_access_token(&[1; 32]).await.unwrap(), Some((token.clone(), key.clone())));
    assert_eq!(bed.store.find_access_token(&[2; 32]).await.unwrap(), None);

    assert!(bed.store.revoke_key(bed.account, key.id, None, now).await.unwrap());
    let (found, key) = bed.store.find_access_token(&[1; 32]).await.unwrap().unwrap();
    assert!(!found.is_usable(&key, now), "it dies with its key");
}

async fn a_new_token_deletes_the_expired_tokens_of_its_key(bed: &Bed) {
    let (key, now) = (new_key(bed, bed.account).await, bed.now());
    let grant = |hash: u8, at| AccessToken::grant(&key, vec![hash; 32], TokenRequest::default(), at).unwrap();
    bed.store.create_access_token(grant(1, now)).await.unwrap();
    bed.store.create_access_token(grant(2, now + TimeDelta::seconds(599))).await.unwrap();
    assert!(bed.store.find_access_token(&[1; 32]).await.unwrap().is_some());
    bed.store.create_access_token(grant(3, now + TimeDelta::seconds(600))).await.unwrap();
    assert!(bed.store.find_access_token(&[1; 32]).await.unwrap().is_none());
    assert!(bed.store.find_access_token(&[2; 32]).await.unwrap().is_some());
}

async fn the_last_reason_is_found_for_each_version(bed: &Bed) {
    let new = bed.create(named("a matter")).await;
    assert_eq!(bed.store.find_last_reason(bed.account, new.id, new.version).await.unwrap(), None);
    let moved = bed.move_to(&new, "in_progress").await;
    let edited = bed.change(&moved, Command::Edit(vec![Edit::Priority(Priority::High)])).await.unwrap();
    let reason = async |version| bed.store.find_last_reason(bed.account, new.id, version).await.unwrap();
    assert_eq!(reason(edited.version).await.as_deref(), Some("for the test"));
    assert_eq!(reason(new.version).await, None);
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.find_last_reason(other, new.id, edited.version).await.unwrap(), None);
}
