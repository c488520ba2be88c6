//! Every filter of lists and counts, compared with a simple implementation in Rust.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use chrono::{NaiveDate, TimeDelta};
use docket_domain::{
    case::{Case, CasePhase, Details, Priority, Tags},
    command::{Command, NewCase},
    filter::{CaseFilter, CaseOrder},
    id::{CaseId, ClientId, ContractorId, CustomerId, PersonId, RegionId, SubjectId},
    page::{CaseKeyset, PageNumber},
    store::{CaseColumns, CaseStore},
    text::search_key,
    time::{DateRange, TimeRange},
    workflow::StatusKey,
};
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases};

on_both_databases! {
    every_filter_finds_exactly_the_matching_cases,
    a_search_takes_every_character_literally,
    a_search_ignores_letter_case_beyond_ascii,
    a_search_compares_after_normalization_and_full_case_folding,
    an_empty_search_finds_all_cases,
    a_short_text_is_searched_in_the_newest_cases,
    pages_of_a_search_neither_skip_nor_repeat_cases,
    pages_with_many_long_texts_neither_skip_nor_repeat_cases,
    a_rare_text_of_common_trigrams_is_found,
    the_backfill_computes_the_search_keys_again,
    a_search_finds_indexed_and_pending_texts,
}

/// Whether a case matches a filter, implemented without SQL.
fn holds(filter: &CaseFilter, case: &Case) -> bool {
    fn is<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
        wanted.is_none_or(|wanted| found == Some(wanted))
    }
    fn within(range: DateRange, day: Option<NaiveDate>) -> bool {
        range.from.is_none_or(|from| day.is_some_and(|day| day >= from))
            && range.to.is_none_or(|to| day.is_some_and(|day| day <= to))
    }
    let during = |range: TimeRange, time| {
        range.from.is_none_or(|from| time >= from) && range.before.is_none_or(|before| time < before)
    };
    let details = &case.details;
    is(filter.id.as_ref(), Some(&case.id))
        && is(filter.phase.as_ref(), Some(&case.case_phase()))
        && (filter.statuses.is_empty() || filter.statuses.contains(&case.status))
        && (filter.priorities.is_empty() || filter.priorities.contains(&details.priority))
        && filter.tag.as_ref().is_none_or(|tag| details.tags.contains(tag))
        && is(filter.case_type.as_ref(), details.case_type.as_ref())
        && filter.search.as_ref().is_none_or(|text| case.search_text().contains(&search_key(text)))
        && is(filter.parent.as_ref(), case.parent.as_ref())
        && is(filter.customer.as_ref(), details.customer.as_ref())
        && is(filter.contractor.as_ref(), details.contractor.as_ref())
        && is(filter.client.as_ref(), details.client.as_ref())
        && is(filter.location.as_ref(), details.location.as_ref())
        && is(filter.region.as_ref(), details.region.as_ref())
        && is(filter.primary_contact.as_ref(), details.primary_contact.as_ref())
        && is(filter.primary_investigator.as_ref(), details.primary_investigator.as_ref())
        && is(filter.primary_manager.as_ref(), details.primary_manager.as_ref())
        && is(filter.primary_salesperson.as_ref(), details.primary_salesperson.as_ref())
        && is(filter.primary_subject.as_ref(), details.primary_subject.as_ref())
        && is(filter.reference_1.as_ref(), details.reference_1.as_ref())
        && is(filter.reference_2.as_ref(), details.reference_2.as_ref())
        && is(filter.reference_3.as_ref(), details.reference_3.as_ref())
        && is(filter.is_request.as_ref(), Some(&details.is_request))
        && is(filter.series_number.as_ref(), Some(&case.series.number))
        && is(filter.series_instance.as_ref(), Some(&case.series.instance))
        && filter.case_number.as_ref().is_none_or(|number| case.number().to_string() == *number)
        && within(filter.opened, Some(details.opened_on))
        && within(filter.due, details.due_on)
        && during(filter.created, case.created_at)
        && during(filter.updated, case.updated_at)
}

/// Cases that differ in all fields that have a filter.
async fn various(bed: &Bed) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for n in 0..24_u32 {
        let id = i64::from(n % 3);
        let odd = (n % 2 == 1).then_some(());
        let details = Details {
            case_type: odd.map(|()| "litigation".to_owned()),
            priority: Priority::ALL.into_iter().cycle().nth(n as usize).unwrap(),
            tags: (0..n % 4).map(|tag| format!("tag-{tag}")).collect::<Tags>(),
            opened_on: day(2026, 1 + n % 12, 1 + n),
            due_on: (n % 5 != 0).then(|| day(2026, 6, 1 + n % 7)),
            is_request: n % 6 == 0,
            reference_1: odd.map(|()| format!("r1-{id}")),
            reference_2: odd.map(|()| format!("r2-{id}")),
            reference_3: odd.map(|()| format!("r3-{id}")),
            customer: Some(CustomerId(id)),
            contractor: odd.map(|()| ContractorId(id)),
            client: Some(ClientId(id)),
            location: odd.map(|()| ClientId(id + 10)),
            region: odd.map(|()| RegionId(id)),
            primary_contact: odd.map(|()| PersonId(id)),
            primary_investigator: odd.map(|()| PersonId(id)),
            primary_manager: odd.map(|()| PersonId(id)),
            primary_salesperson: odd.map(|()| PersonId(id)),
            primary_subject: odd.map(|()| SubjectId(id)),
            file_number: Some(format!("AZ-2026-{n:03}")),
            ..named(if n % 2 == 0 { "Überschwemmung" } else { "a claim" })
        };
        let parent = (n % 8 == 7).then(|| cases.first().cloned().map(Box::new)).flatten();
        let mut case = bed.create_new(NewCase { parent, ..NewCase::new(Uuid::now_v7(), details) }).await;
        for status in ["in_progress", "resolved", "closed"].into_iter().take((n % 4) as usize) {
            case = bed.move_to(&case, status).await;
        }
        if n == 3 {
            case = bed.change(&case, Command::Archive).await.unwrap();
        }
        if n == 5 {
            bed.change(&case, Command::Delete).await.unwrap();
        } else {
            cases.push(case);
        }
    }
    cases
}

/// A filter for each field, some that match nothing, and some combinations.
fn filters(cases: &[Case]) -> Vec<CaseFilter> {
    let some = cases.iter().find(|case| case.details.region.is_some()).unwrap();
    let all = CaseFilter::default();
    let status = |key: &str| StatusKey::new(key);
    let text = |text: &str| Some(text.to_owned());
    macro_rules! each {
        ($($field:ident: $value:expr),* $(,)?) => {
            vec![$(CaseFilter { $field: $value, ..all.clone() }),*]
        };
    }
    let mut filters = each![
        id: Some(some.id), id: Some(CaseId(9999)),
        phase: Some(CasePhase::Active), phase: Some(CasePhase::Closed), phase: Some(CasePhase::Archived),
        statuses: vec![status("open")], statuses: vec![status("resolved"), status("closed")], statuses: vec![status("x")],
        priorities: vec![Priority::Urgent], priorities: vec![Priority::Low, Priority::High],
        tag: text("tag-1"), tag: text("TAG-1"),
        case_type: text("litigation"), case_type: text("Litigation"),
        search: text("übersch"), search: text("az-2026-01"), search: text("2026-0"), search: text("nowhere"),
        parent: cases.first().map(|case| case.id),
        customer: Some(CustomerId(1)), contractor: Some(ContractorId(1)), client: Some(ClientId(2)),
        location: Some(ClientId(11)), region: Some(RegionId(1)), primary_contact: Some(PersonId(1)),
        primary_investigator: Some(PersonId(2)), primary_manager: Some(PersonId(0)),
        primary_salesperson: Some(PersonId(1)), primary_subject: Some(SubjectId(1)), primary_subject: Some(SubjectId(77)),
        reference_1: text("r1-1"), reference_2: text("r2-2"), reference_3: text("r3-0"), reference_3: text("R3-0"),
        is_request: Some(true), is_request: Some(false),
        series_number: Some(some.series.number), series_instance: Some(1), series_instance: Some(2),
        case_number: Some(some.number().to_string()),
        opened: DateRange { from: Some(day(2026, 3, 15)), to: None },
        opened: DateRange { from: None, to: Some(some.details.opened_on) },
        due: DateRange { from: Some(day(2026, 6, 3)), to: Some(day(2026, 6, 5)) },
        due: DateRange { from: None, to: Some(day(2026, 6, 2)) },
        created: TimeRange { from: Some(some.created_at), before: None },
        created: TimeRange { from: None, before: Some(some.created_at) },
        created: TimeRange { from: Some(some.created_at), before: Some(some.created_at + TimeDelta::microseconds(1)) },
        updated: TimeRange { from: Some(some.updated_at), before: None },
        updated: TimeRange { from: None, before: Some(some.updated_at) },
    ];
    filters.push(CaseFilter { statuses: vec![status("open")], priorities: vec![Priority::Low], ..all.clone() });
    filters.push(CaseFilter {
        customer: Some(CustomerId(1)),
        tag: text("tag-0"),
        search: text("claim"),
        ..all.clone()
    });
    filters.push(CaseFilter {
        phase: Some(CasePhase::Active),
        due: DateRange { from: None, to: Some(day(2026, 6, 4)) },
        ..all.clone()
    });
    filters.push(all);
    filters
}

async fn every_filter_finds_exactly_the_matching_cases(bed: &Bed) {
    let cases = various(bed).await;
    let mut empty = 0;
    for filter in filters(&cases) {
        let expected = cases.iter().rev().filter(|case| holds(&filter, case)).cloned().collect::<Vec<_>>();
        empty += usize::from(expected.is_empty());
        let page =
            bed.store.list_cases(bed.account, CaseColumns::All, &filter, CaseKeyset::NEWEST_FIRST, 100).await.unwrap();
        assert_eq!(page.rows, expected, "{filter:?}");
        let number = PageNumber { page: 1, per_page: 100 };
        let page = bed
            .store
            .list_cases_page(bed.account, CaseColumns::All, &filter, CaseOrder::NEWEST_FIRST, number)
            .await
            .unwrap();
        assert_eq!(page, expected, "{filter:?}");
        let count = bed.store.count_cases(bed.account, &filter).await.unwrap();
        assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{filter:?}");
    }
    assert!(empty < 10, "most filters have to match something: {empty} do not");
}

async fn found(bed: &Bed, text: &str) -> Vec<String> {
    let filter = CaseFilter { search: Some(text.to_owned()), ..CaseFilter::default() };
    let page =
        bed.store.list_cases(bed.account, CaseColumns::All, &filter, CaseKeyset::NEWEST_FIRST, 100).await.unwrap();
    page.rows.iter().map(Case::name).collect()
}

async fn a_search_takes_every_character_literally(bed: &Bed) {
    for name in ["100% sure", "100 sure", "snake_case", "snakeXcase", r"back\slash", "it's", "a\"quote"] {
        bed.create(named(name)).await;
    }
    assert_eq!(found(bed, "100%").await, ["100% sure"]);
    assert_eq!(found(bed, "snake_").await, ["snake_case"]);
    assert_eq!(found(bed, r"k\s").await, [r"back\slash"]);
    assert_eq!(found(bed, "t's").await, ["it's"]);
    assert_eq!(found(bed, "a\"q").await, ["a\"quote"]);
    // Too short for a trigram.
    assert_eq!(found(bed, "%").await, ["100% sure"]);
    assert_eq!(found(bed, "_c").await, ["snake_case"]);
}

async fn a_search_ignores_letter_case_beyond_ascii(bed: &Bed) {
    bed.create(named("ÄRGER in Ödön")).await;
    assert_eq!(found(bed, "ärger").await, ["ÄRGER in Ödön"]);
    assert_eq!(found(bed, "IN ÖDÖ").await, ["ÄRGER in Ödön"]);
    assert_eq!(found(bed, "arger").await, [""; 0]);
}

async fn a_search_compares_after_normalization_and_full_case_folding(bed: &Bed) {
    for (name, texts) in [
        ("Hauptstraße", &["HAUPTSTRASSE", "straß", "strass", "ẞe"][..]),
        ("Οδυσσεύς", &["ΟΔΥΣΣΕΎΣ", "σσεύς", "σσεύσ"]),
        ("Café Zola", &["café", "CAFE\u{301} Z"]),
        ("Café Rilke", &["cafe\u{301} r", "FÉ R"]),
        ("ﬁnance", &["finance", "FINAN"]),
        ("Ｄｏｃｋｅｔ", &["docket", "ＤＯＣＫ"]),
        ("İzmir", &["i\u{307}zmir", "İZMI"]),
    ] {
        bed.create(named(name)).await;
        for text in texts {
            assert!(found(bed, text).await.contains(&name.to_owned()), "{text} in {name}");
            assert!(found(bed, &format!(" {text}\t")).await.contains(&name.to_owned()), "{text} with blanks in {name}");
        }
    }
    assert_eq!(found(bed, "cafe").await, [""; 0]);
}

async fn an_empty_search_finds_all_cases(bed: &Bed) {
    bed.create(named("a")).await;
    bed.create(named("b")).await;
    for text in ["", " ", "\u{200b}"] {
        assert_eq!(found(bed, text).await, ["b", "a"]);
    }
}

/// Creates older copies of a case, named `matter N`.
async fn fill(bed: &Bed, count: i64) {
    let template = bed.create(named("template")).await;
    let columns = if bed.is_postgres() {
        "SELECT column_name AS line FROM information_schema.columns WHERE table_name = 'cases' AND table_schema = 'public'"
    } else {
        "SELECT name AS line FROM pragma_table_info('cases')"
    };
    let (uuid, created_at, numbers) = if bed.is_postgres() {
        (
            "gen_random_uuid()",
            "created_at - n * interval '1 second'",
            format!("generate_series(1, {count}) AS numbers (n)"),
        )
    } else {
        let numbers = format!(
            "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
        );
        ("randomblob(16)", "strftime('%Y-%m-%dT%H:%M:%S.000000Z', created_at, '-' || n || ' seconds')", numbers)
    };
    let columns = bed.lines(columns);
    let value = |column: &String| match column.as_str() {
        "id" => format!("{} + n", template.id.0),
        "series_number" => "1000000 + n".to_owned(),
        "uuid" => uuid.to_owned(),
        "created_at" => created_at.to_owned(),
        "case_number" => "'number-' || n".to_owned(),
        "name" | "name_key" | "search_text" => "'matter ' || n".to_owned(),
        other => other.to_owned(),
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
    let account = bed.account.0;
    bed.execute(&format!(
        "INSERT INTO cases ({}) SELECT {values} FROM cases, {numbers} WHERE account_id = {account} AND name = 'template'",
        columns.join(", "),
    ));
}

async fn a_short_text_is_searched_in_the_newest_cases(bed: &Bed) {
    fill(bed, 10_050).await;
    let count = async |text: &str| {
        let filter = CaseFilter { search: Some(text.to_owned()), ..CaseFilter::default() };
        bed.store.count_cases(bed.account, &filter).await.unwrap()
    };
    assert_eq!(count("qx").await, 0);
    assert_eq!(count("mat").await, 10_050);
    assert_eq!(count("ma").await, 9_999, "and one that is not named so");
    assert_eq!(found(bed, "r 1").await.first().unwrap(), "matter 1");
}

/// The matches are among the newest texts, which a search reads first, and behind them. Some texts are too long for
/// the index of texts on PostgreSQL.
async fn pages_of_a_search_neither_skip_nor_repeat_cases(bed: &Bed) {
    fill(bed, 20_500).await;
    let long = if bed.is_postgres() { "repeat('x', 2100)" } else { "replace(hex(zeroblob(1050)), '0', 'x')" };
    bed.execute(&format!(
        "UPDATE cases SET search_text = search_text || ' ' || {long} \
         WHERE name IN ('matter 203', 'matter 2050', 'matter 20010', 'matter 20450')"
    ));
    bed.execute("UPDATE cases SET search_text = search_text || ' qz' WHERE id % 70 = 20 OR name = 'matter 20450'");
    bed.execute("UPDATE cases SET status = 'resolved' WHERE id % 2 = 0");
    let template = bed.lines("SELECT CAST(id AS TEXT) AS line FROM cases WHERE name = 'template'");
    let template = template[0].parse::<i64>().unwrap();
    let numbered = |text: &str| (1..=20_500).filter(|n| format!("matter {n}").contains(text)).collect::<Vec<_>>();
    let mut short = (1..10_000).filter(|n| (template + n) % 70 == 20).collect::<Vec<_>>();
    if bed.is_postgres() {
        // Long texts count separately.
        short.push(20_450);
    }
    let searches = [
        ("matter 20", numbered("matter 20")),
        ("matter 2", numbered("matter 2")),
        ("r 2049", numbered("r 2049")),
        ("xx qz", vec![20_450]),
        ("nowhere", Vec::new()),
        ("qz", short),
    ];
    for (text, numbers) in searches {
        for statuses in [Vec::new(), vec![StatusKey::new("open")]] {
            let is_wanted = |n: &i64| statuses.is_empty() || (template + n) % 2 != 0;
            let mut expected = numbers.iter().copied().filter(is_wanted).collect::<Vec<_>>();
            let filter = CaseFilter { search: Some(text.to_owned()), statuses, ..CaseFilter::default() };
            let count = bed.store.count_cases(bed.account, &filter).await.unwrap();
            assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{filter:?}");
            for descending in [true, false] {
                let order = CaseKeyset { descending, ..CaseKeyset::NEWEST_FIRST };
                if !descending {
                    expected.reverse();
                }
                let (mut keyset, mut found) = (order, Vec::new());
                loop {
                    let page = bed.store.list_cases(bed.account, CaseColumns::Row, &filter, keyset, 100).await.unwrap();
                    found.extend(page.rows.iter().map(|case| case.id.0 - template));
                    match page.rows.last() {
                        Some(last) if page.has_more => keyset = keyset.behind(last),
                        _ => break,
                    }
                }
                assert_eq!(found, expected, "{filter:?} {descending}");
                for page in [1, 3] {
                    let page = PageNumber { page, per_page: 100 };
                    let rows =
                        bed.store.list_cases_page(bed.account, CaseColumns::Row, &filter, order.order(), page).await;
                    let found = rows.unwrap().iter().map(|case| case.id.0 - template).collect::<Vec<_>>();
                    let from = usize::try_from(page.offset()).unwrap().min(expected.len());
                    assert_eq!(found, expected[from..expected.len().min(from + 100)], "{filter:?} {descending}");
                }
            }
        }
    }
}

/// More texts are long than a search reads one by one. The matches among them begin behind those, and two short texts
/// match: a new one, and one behind the short texts that a search reads.
async fn pages_with_many_long_texts_neither_skip_nor_repeat_cases(bed: &Bed) {
    fill(bed, 17_500).await;
    let template = bed.lines("SELECT CAST(id AS TEXT) AS line FROM cases WHERE name = 'template'");
    let template = template[0].parse::<i64>().unwrap();
    let long = if bed.is_postgres() { "repeat('x', 2100)" } else { "replace(hex(zeroblob(1050)), '0', 'x')" };
    bed.execute(&format!(
        "UPDATE cases SET search_text = search_text || ' ' || {long} WHERE (id - {template}) % 10 = 0 AND id > {template}"
    ));
    bed.execute(&format!(
        "UPDATE cases SET search_text = search_text || ' zzq' WHERE id - {template} IN (501, 16999) \
         OR (id - {template} > 16400 AND (id - {template}) % 10 = 0)"
    ));
    let mut expected = (1_641..=1_750).map(|n| n * 10).chain([501, 16_999]).collect::<Vec<i64>>();
    // The cases with higher numbers are older.
    expected.sort_unstable();
    let filter = CaseFilter { search: Some("zzq".to_owned()), ..CaseFilter::default() };
    let (mut keyset, mut found) = (CaseKeyset::NEWEST_FIRST, Vec::new());
    loop {
        let page = bed.store.list_cases(bed.account, CaseColumns::Row, &filter, keyset, 100).await.unwrap();
        found.extend(page.rows.iter().map(|case| case.id.0 - template));
        match page.rows.last() {
            Some(last) if page.has_more => keyset = keyset.behind(last),
            _ => break,
        }
    }
    assert_eq!(found, expected);
}

/// All cases have each trigram of the text, but only one has the text.
async fn a_rare_text_of_common_trigrams_is_found(bed: &Bed) {
    fill(bed, 4_500).await;
    bed.execute("UPDATE cases SET search_text = 'abcdx bcdef'");
    bed.execute("UPDATE cases SET search_text = 'abcdef', name = 'here' WHERE name = 'matter 4400'");
    if !bed.is_postgres() {
        bed.execute(
            "INSERT OR REPLACE INTO case_search (rowid, text) SELECT id, char(57344 + account_id % 6400, \
             57344 + account_id / 6400 % 6400, 57344 + account_id / 40960000 % 6400) || search_text FROM cases; \
             DELETE FROM case_search_pending",
        );
    }
    assert_eq!(found(bed, "abcdef").await, ["here"]);
    assert_eq!(found(bed, "bcdx bcd").await.len(), 100);
}

async fn the_backfill_computes_the_search_keys_again(bed: &Bed) {
    let case = bed.create(named("Hauptstraße")).await;
    let first = case.number().to_string();
    let reopened = bed.move_to(&bed.move_to(&case, "closed").await, "open").await;
    bed.create(named("plain")).await;
    bed.execute(
        "UPDATE cases SET search_text = lower(search_text), former_numbers = '[]'; \
         UPDATE cases SET search_text = 'hauptstraße', name_key = 'hauptstraße' WHERE name = 'Hauptstraße'; \
         INSERT INTO pending_backfills VALUES ('search_keys')",
    );
    assert_eq!(found(bed, "STRASSE").await, [""; 0]);
    // On PostgreSQL the migration starts its own runtime.
    let connector = &bed.connector;
    std::thread::scope(|threads| threads.spawn(|| connector.migrate()).join()).unwrap().unwrap();
    for text in ["STRASSE", &first, "plain"] {
        assert_eq!(found(bed, text).await.len(), 1, "{text}");
    }
    let read = bed.store.find_case(bed.account, reopened.id.into()).await.unwrap().unwrap();
    assert_eq!((read, reopened.former_numbers.contains(case.number())), (reopened, true));
    assert_eq!(bed.lines("SELECT name AS line FROM pending_backfills"), [""; 0]);
    assert_eq!(crate::verify::check(bed).await.1, [""; 0]);
}

/// SQLite indexes texts every few hundred commits.
async fn a_search_finds_indexed_and_pending_texts(bed: &Bed) {
    let other = bed.new_account("other").await;
    let mut cases = Vec::new();
    for number in 0..600 {
        cases.push(bed.create(named(&format!("matter {number:03} of a kind"))).await);
    }
    let foreign = NewCase::new(Uuid::now_v7(), named("matter 007 of another"));
    docket_domain::service::create_case(&bed.store, &bed.context_of(other), foreign).await.unwrap();
    for number in [3, 300, 599] {
        let renamed = Command::Edit(vec![docket_domain::case::Edit::Name(Some(format!("renamed {number}")))]);
        bed.change(&cases[number], renamed).await.unwrap();
    }
    assert_eq!(found(bed, "TTER 007").await, ["matter 007 of a kind"]);
    assert_eq!(found(bed, "matter 598").await, ["matter 598 of a kind"]);
    assert_eq!(found(bed, "matter 300").await, [""; 0]);
    assert_eq!(found(bed, "renamed 300").await, ["renamed 300"]);
    assert_eq!(found(bed, "renamed 5").await, ["renamed 599"]);
    for (text, count) in [("matter", 597), ("renamed", 3), ("ma", 597), ("matter 00", 9), ("nowhere", 0)] {
        let filter = CaseFilter { search: Some(text.to_owned()), ..CaseFilter::default() };
        assert_eq!(bed.store.count_cases(bed.account, &filter).await.unwrap(), count, "{text}");
    }
    if !bed.is_postgres() {
        let waiting = bed.lines("SELECT count(*) AS line FROM case_search_pending");
        assert!(waiting[0].parse::<u32>().unwrap() < 256, "most are indexed: {waiting:?}");
    }
}
