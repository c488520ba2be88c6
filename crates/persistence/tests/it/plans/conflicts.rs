//! Questions about conflicts of interest.

use docket_domain::{conflict::Keys, id::PersonId, party::ParticipantKind, store::ConflictStore as _};

use super::{ACCOUNT, CASES, Question, question};
use crate::bed::Bed;

/// Id of the first person.
const FIRST: i64 = 1_000_000;
/// Number of different keys. Each is that of a few people.
const KEYS: i64 = 10_000;
/// People who are parties, and cases with parties.
const PARTIES: i64 = 300;
const WITH_PARTIES: i64 = 3_000;

pub(super) fn questions() -> Vec<Question> {
    let candidates = 3 * CASES / KEYS;
    vec![
        // The keys, and the people who have them, twice.
        question("candidates of a conflict", 4 * candidates, async move |store, account| {
            let keys = Keys { strong: [7, 8].into(), weak: [9].into() };
            let found = store.find_candidates(account, &keys, (1_000, 1_000)).await.unwrap();
            assert_eq!((i64::try_from(found.people.len()).unwrap(), found.is_cut), (candidates, false));
            assert!(store.find_candidates(account, &keys, (5, 1_000)).await.unwrap().is_cut);
        }),
        // The rows of the party and their cases. The events of these cases are not in this store.
        question("roles of a party", 2 * WITH_PARTIES / PARTIES, async |store, account| {
            assert!(store.list_party_roles(account, &[PersonId(FIRST + 7)], 1_000).await.unwrap().is_empty());
        }),
    ]
}

pub(super) fn fill(bed: &Bed) {
    let (time, numbers) = if bed.is_postgres() {
        ("timestamptz '2026-01-01T00:00:00Z'", format!("generate_series(1::bigint, {CASES}) AS numbers (n)"))
    } else {
        let numbers = format!(
            "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {CASES}) SELECT n FROM s)"
        );
        ("'2026-01-01T00:00:00.000000Z'", format!("{numbers} AS numbers"))
    };
    let (account, side) = (ACCOUNT.0, ParticipantKind::Party.as_str());
    bed.execute(&format!(
        "INSERT INTO people (account_id, id, kind, name, active, created_at, updated_at) \
         SELECT {account}, {FIRST} + n, 'contact', 'person ' || n, true, {time}, {time} FROM {numbers}; \
         INSERT INTO person_keys (account_id, key, person_id) SELECT {account}, n % {KEYS}, {FIRST} + n FROM {numbers}; \
         INSERT INTO participants (account_id, case_id, side, person_id, role, since) \
         SELECT {account}, n, '{side}', {FIRST} + n % {PARTIES}, 'client', 1 FROM {numbers} \
         WHERE n <= {WITH_PARTIES} AND n % {PARTIES} > 0"
    ));
}
