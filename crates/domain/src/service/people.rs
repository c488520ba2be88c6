//! The directory of people: read, add, change.

use crate::{
    actor::Context,
    error::{Error, FieldErrors, StoreError},
    id::{AccountId, Entity, PersonId},
    idempotency::Effect,
    page::Page,
    person::{Person, PersonChanges, PersonFilter},
    revision::next_change,
    store::PeopleStore,
};

/// The most attempts at a change. An attempt fails if another request changed the person in between.
const ATTEMPTS: usize = 16;

/// Reads a person.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_person<S: PeopleStore>(store: &S, account: AccountId, person: PersonId) -> Result<Person, Error> {
    let found = store.find_people(account, &[person]).await?;
    found.into_iter().next().ok_or(Error::not_found(Entity::Person))
}

/// A page of the directory, newest person first.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_people<S: PeopleStore>(
    store: &S,
    account: AccountId,
    filter: PersonFilter,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Page<Person>, Error> {
    Ok(store.list_people(account, filter, after, limit).await?)
}

/// Adds a person to the directory.
///
/// # Errors
/// Every fault of the person, or a [`StoreError`].
pub async fn create_person<S: PeopleStore>(store: &S, context: &Context, mut person: Person) -> Result<Person, Error> {
    if let Some(id) = context.effect.and_then(Effect::other) {
        return load_person(store, context.account, PersonId(id)).await;
    }
    person.clean();
    check(&person)?;
    Ok(store.create_person(person, Some(context.actor.clone())).await?)
}

/// Changes a person. A request that changes nothing writes nothing.
///
/// # Errors
/// Not found, [`Error::PreconditionFailed`], every fault of the person, or a [`StoreError`].
pub async fn change_person<S: PeopleStore>(
    store: &S,
    context: &Context,
    person: PersonId,
    changes: PersonChanges,
) -> Result<Person, Error> {
    if context.effect.is_some() {
        return load_person(store, context.account, person).await;
    }
    for _ in 0..ATTEMPTS {
        let before = load_person(store, context.account, person).await?;
        context.precondition.check(&before)?;
        let mut after = changes.clone().applied_to(before.clone());
        after.clean();
        check(&after)?;
        if after == before {
            return Ok(after);
        }
        let after = Person { updated_at: next_change(before.updated_at, context.now), ..after };
        match store.update_person(&before, after.clone(), Some(context.actor.clone())).await {
            Ok(()) => return Ok(after),
            Err(StoreError::Stale) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(StoreError::Stale.into())
}

fn check(person: &Person) -> Result<(), Error> {
    let mut faults = FieldErrors::default();
    person.check(&mut faults);
    Ok(faults.finish()?)
}
