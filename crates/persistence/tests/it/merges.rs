//! Merges leave no trace when they are undone, parts cannot be written, and races have one outcome.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use docket_domain::{
    case::Case,
    command::{Command, NewCase},
    error::{Error, Rejection},
    filter::CaseFilter,
    id::{CaseRef, PersonId},
    merge::{Merge, MergeId},
    note::NoteCommand,
    page::CaseKeyset,
    party::ParticipantKind,
    service::{
        self, ChangeOptions, ParticipantRequest, add_note, add_participants, edit_note, list_merges, list_notes,
        merge_cases, undo_merge,
    },
    store::{CaseColumns, CaseStore, NoteStore},
};
use docket_persistence::Database;
use uuid::Uuid;

use crate::{
    bed::{Bed, named, on_both_databases, to_status},
    tallies::{assert_exact, chances},
};

on_both_databases! {
    undone_merges_leave_the_rows_as_they_were,
    edits_between_merges_are_kept,
    a_survivor_is_read_with_its_parts,
    of_two_merges_with_a_case_in_common_one_holds,
    a_merge_and_another_change_have_one_order,
}

pub(crate) async fn merge(bed: &Bed, into: &Case, cases: &[&Case]) -> Result<Merge, Error> {
    let cases = cases.iter().map(|case| CaseRef::from(case.id)).collect::<Vec<_>>();
    merge_cases(&bed.store, &bed.context(), into.id.into(), &cases, "the same matter", Uuid::now_v7()).await
}

pub(crate) async fn undo(bed: &Bed, merge: &Merge) -> Result<(), Error> {
    undo_merge(&bed.store, &bed.context(), merge.into.into(), merge.id, "not the same").await
}

async fn load(bed: &Bed, case: &Case) -> Case {
    bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap()
}

/// Every row of these tables, without what counts events.
fn rows(bed: &Bed) -> Vec<String> {
    let tables = ["cases", "case_tags", "participants", "notes", "people", "case_links", "former_case_numbers"];
    let mut rows = Vec::new();
    for table in tables {
        let columns = if bed.is_postgres() {
            format!(
                "SELECT column_name AS line FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = 'public'"
            )
        } else {
            format!("SELECT name AS line FROM pragma_table_info('{table}')")
        };
        let mut columns = bed.lines(&columns);
        columns.retain(|column| !["version", "log_head"].contains(&column.as_str()));
        columns.sort();
        let cast = |column: &String| {
            let hex = column.ends_with("uuid") || column == "workflow_id";
            let text =
                if hex && !bed.is_postgres() { format!("hex({column})") } else { format!("CAST({column} AS TEXT)") };
            format!("COALESCE({text}, '-')")
        };
        let columns = columns.iter().map(cast).collect::<Vec<_>>().join(" || '|' || ");
        rows.extend(bed.lines(&format!("SELECT '{table}|' || {columns} AS line FROM {table} ORDER BY line")));
    }
    rows
}

async fn filled(bed: &Bed, count: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    for at in 0..count {
        let case = bed.create(named(&format!("matter {at}"))).await;
        add_note(&bed.store, &bed.context(), case.id.into(), format!("note of {at}")).await.unwrap();
        let party = ParticipantRequest::Named(format!("Party {}", at % 3), "client".to_owned());
        let side = ParticipantKind::Party;
        add_participants(&bed.store, &bed.context(), case.id.into(), side, vec![party]).await.unwrap();
        cases.push(case);
    }
    cases
}

fn is_merged(result: &Result<impl Sized, Error>) -> bool {
    matches!(result, Err(Error::Rejected(Rejection::Merged { .. })))
}

/// Merges and undoes at random, and checks after each step that no part can be written. Returns the merges that hold.
async fn shuffle(
    bed: &Bed,
    cases: &[Case],
    mut chances: impl Iterator<Item = usize>,
    steps: usize,
    check: impl AsyncFn(usize),
) -> Vec<Merge> {
    let mut standing = Vec::<Merge>::new();
    for _ in 0..steps {
        let mut pick = || &cases[chances.next().unwrap() % cases.len()];
        let (into, one, two) = (pick(), pick(), pick());
        if chances.next().unwrap().is_multiple_of(3) && !standing.is_empty() {
            let at = chances.next().unwrap() % standing.len();
            match undo(bed, &standing[at]).await {
                Ok(()) => drop(standing.remove(at)),
                refused => assert!(is_merged(&refused), "{refused:?}"),
            }
        } else {
            let named = if one.id == two.id { vec![one] } else { vec![one, two] };
            match merge(bed, into, &named).await {
                Ok(merge) => standing.push(merge),
                Err(Error::Rejected(Rejection::Merged { .. } | Rejection::Invalid(_))) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        let mut parts = 0;
        for case in cases {
            let is_part = load(bed, case).await.merged.is_some();
            parts += usize::from(is_part);
            // It changes nothing, but a part refuses even that.
            assert_eq!(is_merged(&bed.change(case, Command::Edit(Vec::new())).await), is_part);
        }
        check(parts).await;
        assert_exact(bed).await;
    }
    standing
}

/// Undoes all, the outer ones first.
async fn undo_all(bed: &Bed, mut standing: Vec<Merge>) {
    while !standing.is_empty() {
        let before = standing.len();
        let mut left = Vec::new();
        for merge in standing {
            if undo(bed, &merge).await.is_err() {
                left.push(merge);
            }
        }
        assert!(left.len() < before, "some merge can always be undone");
        standing = left;
    }
}

async fn undone_merges_leave_the_rows_as_they_were(bed: &Bed) {
    let cases = filled(bed, 7).await;
    let before = rows(bed);
    let all = cases.len();
    let standing = shuffle(bed, &cases, chances(11), 60, async |parts| {
        for (merged, expected) in [(false, all - parts), (true, all)] {
            let filter = CaseFilter { merged, ..CaseFilter::default() };
            let counted = bed.store.count_cases(bed.account, &filter).await.unwrap();
            assert_eq!(usize::try_from(counted).unwrap(), expected);
            let page = bed.store.list_cases(bed.account, CaseColumns::Row, &filter, CaseKeyset::NEWEST_FIRST, 50).await;
            let ids = page.unwrap().rows.iter().map(|case| case.id).collect::<Vec<_>>();
            assert!(ids.len() == expected && ids.is_sorted_by(|one, next| one > next), "{ids:?}");
        }
    });
    let standing = standing.await;
    assert!(!standing.is_empty());
    undo_all(bed, standing).await;
    assert_eq!(rows(bed), before);
}

async fn edits_between_merges_are_kept(bed: &Bed) {
    let cases = filled(bed, 5).await;
    let before = rows(bed);
    // Without edits, not even the times of the cases change.
    let first = merge(bed, &cases[0], &[&cases[1], &cases[2]]).await.unwrap();
    let second = merge(bed, &cases[3], &[&cases[0]]).await.unwrap();
    assert!(is_merged(&undo(bed, &first).await));
    undo(bed, &second).await.unwrap();
    let again = merge(bed, &cases[4], &[&cases[0], &cases[3]]).await.unwrap();
    undo(bed, &again).await.unwrap();
    undo(bed, &first).await.unwrap();
    assert_eq!(rows(bed), before);
    assert!(matches!(undo(bed, &first).await, Err(Error::Rejected(Rejection::NotFound(_)))));
    // What hangs on a part changes by its own id, and stays so.
    let merged = merge(bed, &cases[0], &[&cases[1]]).await.unwrap();
    let (_, notes) = list_notes(&bed.store, bed.account, cases[1].id.into(), None, 10).await.unwrap();
    edit_note(&bed.store, &bed.context(), notes.rows[0].id, "changed meanwhile".to_owned()).await.unwrap();
    undo(bed, &merged).await.unwrap();
    let (_, notes) = list_notes(&bed.store, bed.account, cases[1].id.into(), None, 10).await.unwrap();
    assert_eq!(notes.rows[0].body, "changed meanwhile");
    let listed = list_merges(&bed.store, bed.account, cases[0].id.into(), None, 10).await.unwrap().rows;
    let ids = |merges: &[&Merge]| merges.iter().map(|merge| merge.id).collect::<Vec<MergeId>>();
    assert_eq!(listed.iter().map(|merge| merge.id).collect::<Vec<_>>(), ids(&[&merged, &again, &second, &first]));
    assert!(listed.iter().all(|merge| merge.undone.is_some()));
    let page = list_merges(&bed.store, bed.account, cases[0].id.into(), Some(again.id), 1).await.unwrap();
    assert_eq!((page.rows[0].id, page.has_more), (second.id, true));
    // Random merges and undos, and after each an edit of every note, as without any merge.
    let edited = std::cell::Cell::new(0);
    let standing = shuffle(bed, &cases, chances(5), 25, async |_| {
        edited.set(edited.get() + 1);
        for case in &cases {
            for note in bed.store.list_notes(bed.account, &[case.id], None, 10).await.unwrap().rows {
                let body = format!("edit {} on {}", edited.get(), case.id);
                edit_note(&bed.store, &bed.context(), note.id, body).await.unwrap();
            }
        }
    });
    undo_all(bed, standing.await).await;
    for case in &cases {
        let stored = load(bed, case).await;
        assert_eq!((stored.merged, stored.parts.len()), (None, 0));
        let notes = bed.store.list_notes(bed.account, &[case.id], None, 10).await.unwrap().rows;
        let bodies = notes.iter().map(|note| note.body.clone()).collect::<Vec<_>>();
        assert_eq!(bodies, [format!("edit 25 on {}", case.id)]);
    }
}

async fn a_survivor_is_read_with_its_parts(bed: &Bed) {
    let cases = filled(bed, 4).await;
    merge(bed, &cases[1], &[&cases[2]]).await.unwrap();
    merge(bed, &cases[0], &[&cases[1], &cases[3]]).await.unwrap();
    let survivor = load(bed, &cases[0]).await;
    assert_eq!(survivor.whole().len(), 4);
    let (_, notes) = list_notes(&bed.store, bed.account, cases[0].id.into(), None, 3).await.unwrap();
    let bodies = notes.rows.iter().map(|note| note.body.as_str()).collect::<Vec<_>>();
    assert_eq!((bodies.as_slice(), notes.has_more), (["note of 3", "note of 2", "note of 1"].as_slice(), true));
    let file = bed.store.find_case_file(bed.account, cases[0].id.into()).await.unwrap().unwrap();
    let parties = file.whole(ParticipantKind::Party);
    assert_eq!(parties.len(), 4);
    assert_eq!(parties.iter().filter(|(_, origin)| origin.is_none()).count(), 1);
    assert!(parties.iter().map(|(party, _)| party.person).all(|person| person != PersonId(0)));
    // A search for a part finds the survivor, and the part only where parts are wanted.
    let found = async |merged| {
        let filter = CaseFilter { search: Some("matter 2".to_owned()), merged, ..CaseFilter::default() };
        let page = bed.store.list_cases(bed.account, CaseColumns::Row, &filter, CaseKeyset::NEWEST_FIRST, 10).await;
        page.unwrap().rows.iter().map(|case| case.id).collect::<Vec<_>>()
    };
    assert_eq!(found(false).await, [cases[0].id]);
    assert_eq!(found(true).await, [cases[2].id, cases[1].id, cases[0].id]);
}

async fn of_two_merges_with_a_case_in_common_one_holds(bed: &Bed) {
    for _ in 0..8 {
        let cases = filled(bed, 3).await;
        let (cases, context) = (&cases, bed.context());
        let results = bed.in_parallel(2, async |store, thread| {
            let common = [CaseRef::from(cases[2].id)];
            merge_cases(&store, &context, cases[thread].id.into(), &common, "race", Uuid::now_v7()).await
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        assert_eq!(results.iter().filter(|result| is_merged(result)).count(), 1, "{results:?}");
        let holds = results.into_iter().find_map(Result::ok).unwrap();
        assert_eq!(load(bed, &cases[2]).await.merged.unwrap().merge, holds.id);
    }
    assert_exact(bed).await;
}

async fn a_merge_and_another_change_have_one_order(bed: &Bed) {
    type Change = fn(&Case) -> Command;
    let changes: [Change; 3] =
        [|_| Command::Delete, |_| to_status("open"), |_| Command::Note(NoteCommand::Add("late".to_owned()))];
    let context = bed.context();
    for round in 0..12 {
        let cases = filled(bed, 2).await;
        bed.move_to(&cases[1], "closed").await;
        let (cases, context) = (&cases, &context);
        let race = async |store: Database, thread| {
            let part = CaseRef::from(cases[1].id);
            if thread == 0 {
                let merged = merge_cases(&store, context, cases[0].id.into(), &[part], "race", Uuid::now_v7()).await;
                return merged.map(|_| ());
            }
            if round % 4 == 3 {
                let parent = Some(Box::new(store.find_case(context.account, part).await.unwrap().unwrap()));
                let new = NewCase { parent, ..NewCase::new(Uuid::now_v7(), named("follow-up")) };
                return service::create_case(&store, context, new).await.map(|_| ());
            }
            let command = changes[round % 4](&cases[1]);
            service::change_case(&store, context, part, command, ChangeOptions::default()).await.map(|_| ())
        };
        let results = bed.in_parallel(2, race);
        for result in &results {
            let is_expected = match result {
                Ok(()) => true,
                Err(Error::Rejected(rejection)) => {
                    matches!(rejection, Rejection::Merged { .. } | Rejection::Invalid(_) | Rejection::NotFound(_))
                }
                Err(_) => false,
            };
            assert!(is_expected, "{results:?}");
        }
        assert!(results.iter().any(Result::is_ok));
        let part = bed.store.find_case_or_deleted(bed.account, cases[1].id.into()).await.unwrap().unwrap();
        assert!(part.deleted_at.is_none() || part.merged.is_none(), "{part:?}");
    }
    assert_exact(bed).await;
}
