//! Inquiries and orders: ids, lookups, lists, workflow transitions, and the cases opened from them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use docket_domain::{
    case::{Edit, Source},
    command::{Command, TransitionRequest},
    error::{Error, FieldErrors, Rejection, StoreError},
    id::{CustomerId, Entity, InquiryId, OrderId},
    page::PageNumber,
    service::{self, Basis, OpenCase},
    source::{Content, NewSource, SourceChange, SourceEdit, SourceFilter, SourceItem, SourceKind},
    store::{SourceStore, VerifyStore},
    time::TimeRange,
    workflow::StatusKey,
};
use serde_json::json;
use uuid::Uuid;

use crate::bed::{Bed, named, on_both_databases};

on_both_databases! {
    a_source_is_read_as_it_was_written,
    a_foreign_account_sees_no_source,
    a_source_can_be_created_with_an_id,
    supplied_ids_are_never_allocated_again_under_concurrency,
    sources_of_all_kinds_are_listed_newest_first,
    deep_pages_neither_skip_nor_repeat_sources,
    a_source_follows_its_workflow,
    the_maintained_counts_of_sources_equal_a_count,
    a_case_from_a_source_has_its_customer_and_title,
    a_follow_up_inherits_name_customer_and_series,
    all_errors_of_a_new_case_are_reported_together,
}

pub(crate) fn new_inquiry(user: i64) -> NewSource {
    new(user, Content::Inquiry)
}

fn new(user: i64, content: Content) -> NewSource {
    NewSource {
        id: None,
        user: CustomerId(user),
        title: Some("the cooling unit leaks".to_owned()),
        description: Some("since Monday".to_owned()),
        status: None,
        content,
        created_by: None,
    }
}

fn order() -> Content {
    let order = json!({ "items": [{ "title": "a visit", "price": "92.00" }], "total": 92.10, "metadata": { "a": 1 } });
    Content::from_json(SourceKind::Order, order).unwrap()
}

async fn create(bed: &Bed, new: NewSource) -> SourceItem {
    service::create_source(&bed.store, &bed.context(), new, FieldErrors::default()).await.unwrap()
}

fn page(page: i64, per_page: i64) -> PageNumber {
    PageNumber { page, per_page }
}

async fn a_source_is_read_as_it_was_written(bed: &Bed) {
    for content in [Content::Inquiry, order()] {
        let item = create(bed, new(123, content.clone())).await;
        assert_eq!((item.version, item.user, &item.content), (1, CustomerId(123), &content));
        assert_eq!(item.created_by, "Tester");
        assert_eq!(bed.store.find_source(bed.account, item.id).await.unwrap(), Some(item.clone()));
        let events = bed.store.list_source_events(bed.account, item.id).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((&events[0].from, &events[0].to), (&None, &item.status));
    }
    let inquiry = create(bed, new(1, Content::Inquiry)).await;
    assert_eq!(bed.store.find_source(bed.account, OrderId(inquiry.id.id).into()).await.unwrap(), None);
}

async fn a_foreign_account_sees_no_source(bed: &Bed) {
    let item = create(bed, new(123, Content::Inquiry)).await;
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.find_source(other, item.id).await.unwrap(), None);
    assert_eq!(bed.store.list_source_events(other, item.id).await.unwrap(), []);
    assert_eq!(bed.store.list_linked_cases(other, &[item.id], 10).await.unwrap(), []);
    let listed = bed.store.list_sources(other, &SourceFilter::default(), page(1, 10)).await.unwrap();
    assert_eq!((listed.rows.len(), listed.total), (0, 0));
    let mut faults = FieldErrors::default();
    service::check_sources(&bed.store, other, &[item.id.link()], &mut faults).await.unwrap();
    assert!(!faults.is_empty());
}

async fn a_source_can_be_created_with_an_id(bed: &Bed) {
    let known = |id| NewSource { id: Some(id), ..new(123, Content::Inquiry) };
    assert_eq!(create(bed, known(987)).await.id.id, 987);
    assert_eq!(create(bed, known(42)).await.id, InquiryId(42).into());
    assert!(create(bed, new(1, order())).await.id.id > 987);
    let again =
        service::create_source(&bed.store, &bed.context(), known(42), FieldErrors::default()).await.unwrap_err();
    assert_eq!(again, Error::Store(StoreError::Taken("the id")));
}

async fn supplied_ids_are_never_allocated_again_under_concurrency(bed: &Bed) {
    let context = bed.context();
    bed.in_parallel(6, async |store, thread| {
        for step in 1..=40 {
            // Half of the threads take the next id. The others supply ids that are far beyond the allocated ones.
            let writer = i64::try_from(thread).unwrap();
            let id = (thread % 2 == 1).then_some(writer * 1_000_000_000 + step * 1_000_000);
            service::create_source(
                &store,
                &context,
                NewSource { id, ..new(1, Content::Inquiry) },
                FieldErrors::default(),
            )
            .await
            .unwrap();
        }
    });
    let last = create(bed, new(1, order())).await.id.id;
    assert!(last > 5_040_000_000, "{last}");
}

async fn sources_of_all_kinds_are_listed_newest_first(bed: &Bed) {
    let mut made = Vec::new();
    for (user, content) in [(1, Content::Inquiry), (2, order()), (1, order()), (1, Content::Inquiry)] {
        made.push(create(bed, new(user, content)).await);
    }
    let list = async |filter: SourceFilter| {
        let listed = bed.store.list_sources(bed.account, &filter, page(1, 10)).await.unwrap();
        assert_eq!(usize::try_from(listed.total).unwrap(), listed.rows.len());
        listed.rows.into_iter().map(|item| made.iter().position(|made| *made == item).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(list(SourceFilter::default()).await, [3, 2, 1, 0]);
    let user = Some(CustomerId(1));
    assert_eq!(list(SourceFilter { user, ..SourceFilter::default() }).await, [3, 2, 0]);
    let kind = Some(SourceKind::Order);
    assert_eq!(list(SourceFilter { kind, ..SourceFilter::default() }).await, [2, 1]);
    let statuses = vec![StatusKey::new("new"), StatusKey::new("closed")];
    assert_eq!(list(SourceFilter { statuses, ..SourceFilter::default() }).await, [3, 0]);
    let created = TimeRange { from: Some(made[1].created_at), before: Some(made[3].created_at) };
    assert_eq!(list(SourceFilter { created, user, ..SourceFilter::default() }).await, [2]);
}

async fn deep_pages_neither_skip_nor_repeat_sources(bed: &Bed) {
    let mut context = bed.context();
    for at in 0..23 {
        // Several at the same time: the id breaks the tie.
        if at % 3 == 0 {
            context = bed.context();
        }
        service::create_source(&bed.store, &context, new(1, Content::Inquiry), FieldErrors::default()).await.unwrap();
    }
    let mut seen = Vec::new();
    for at in 1..=6 {
        let listed = bed.store.list_sources(bed.account, &SourceFilter::default(), page(at, 5)).await.unwrap();
        assert_eq!(listed.total, 23);
        seen.extend(listed.rows);
    }
    assert_eq!(seen.len(), 23);
    assert!(seen.is_sorted_by_key(|item| std::cmp::Reverse((item.created_at, item.id))));
}

async fn a_source_follows_its_workflow(bed: &Bed) {
    let item = create(bed, new(1, Content::Inquiry)).await;
    let to = async |status: &str, reason: Option<&str>| {
        let transition = Some(TransitionRequest::to(StatusKey::new(status), reason.map(str::to_owned)));
        let change = SourceChange { edits: Vec::new(), transition };
        service::change_source(&bed.store, &bed.context(), item.id, change).await
    };
    assert_eq!(to("new", None).await.unwrap(), item, "where it is already: nothing is written");
    assert_eq!(to("answered", None).await.unwrap().status, "answered");
    assert!(matches!(to("new", None).await.unwrap_err(), Error::Rejected(Rejection::NotAllowed(_))));
    to("closed", None).await.unwrap();
    assert!(matches!(to("in_review", None).await.unwrap_err(), Error::Rejected(Rejection::Invalid(_))));
    to("in_review", Some("they wrote again")).await.unwrap();
    let title = SourceChange { edits: vec![SourceEdit::Title(Some("better".to_owned()))], transition: None };
    service::change_source(&bed.store, &bed.context(), item.id, title).await.unwrap();
    let log = bed.store.list_source_events(bed.account, item.id).await.unwrap();
    assert_eq!(log.iter().map(|event| event.version).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let steps = log.iter().filter_map(|event| event.transition.as_deref()).collect::<Vec<_>>();
    assert_eq!(steps, ["answer", "close", "reopen"]);
    let terminal = NewSource { status: Some(StatusKey::new("closed")), ..new(1, Content::Inquiry) };
    let refused =
        service::create_source(&bed.store, &bed.context(), terminal, FieldErrors::default()).await.unwrap_err();
    assert!(matches!(refused, Error::Rejected(Rejection::Invalid(faults)) if faults[0].field == "status"));
}

fn open(basis: Basis, edits: Vec<Edit>) -> OpenCase {
    OpenCase { uuid: Uuid::now_v7(), basis, edits, workflow: None, status: None, faults: FieldErrors::default() }
}

async fn a_case_from_a_source_has_its_customer_and_title(bed: &Bed) {
    for (content, source) in [(Content::Inquiry, Source::Inquiry), (order(), Source::Order)] {
        let item = create(bed, new(123, content)).await;
        let case = service::open_case(&bed.store, &bed.context(), open(Basis::Source(item.id), vec![])).await.unwrap();
        assert_eq!((case.source, case.details.customer), (source, Some(CustomerId(123))));
        assert_eq!(case.details.name, item.title);
        assert_eq!(case.details.description, item.description);
        let renamed = vec![Edit::Name(Some("mine".to_owned()))];
        let second =
            service::open_case(&bed.store, &bed.context(), open(Basis::Source(item.id), renamed)).await.unwrap();
        assert_eq!(second.details.name.as_deref(), Some("mine"));
        let linked = bed.store.list_linked_cases(bed.account, &[item.id], 10).await.unwrap();
        assert_eq!(linked.iter().map(|linked| linked.case).collect::<Vec<_>>(), [case.id, second.id]);
        bed.change(&case, Command::Delete).await.unwrap();
        assert_eq!(bed.store.list_linked_cases(bed.account, &[item.id], 10).await.unwrap().len(), 1);
    }
    let nothing = open(Basis::Source(InquiryId(9_999).into()), vec![]);
    let missing = service::open_case(&bed.store, &bed.context(), nothing).await.unwrap_err();
    assert_eq!(missing, Error::not_found(Entity::Inquiry));
}

async fn a_follow_up_inherits_name_customer_and_series(bed: &Bed) {
    let mut details = named("a leak");
    details.customer = Some(CustomerId(7));
    let parent = bed.create(details).await;
    let parent = bed.move_to(&parent, "closed").await;
    let request = open(Basis::FollowUp(parent.id.into()), vec![]);
    let case = service::open_case(&bed.store, &bed.context(), request).await.unwrap();
    assert_eq!(case.name(), "Follow-up: a leak");
    assert_eq!((case.parent, case.details.customer), (Some(parent.id), Some(CustomerId(7))));
    assert_eq!((case.series.number, case.series.instance), (parent.series.number, 2));
    assert_eq!(case.source, Source::FollowUp);
}

async fn all_errors_of_a_new_case_are_reported_together(bed: &Bed) {
    let mut request = open(
        Basis::Alone { parent: Some(docket_domain::id::CaseId(9_999).into()) },
        vec![Edit::Inquiry(Some(InquiryId(9_999))), Edit::Order(Some(OrderId(9_999))), Edit::Name(Some(String::new()))],
    );
    request.status = Some(StatusKey::new("closed"));
    request.faults.add("customer_id", "is required");
    let Err(Error::Rejected(Rejection::Invalid(faults))) =
        service::open_case(&bed.store, &bed.context(), request).await
    else {
        panic!("it was accepted")
    };
    let fields = faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>();
    assert_eq!(fields, ["customer_id", "status", "name", "inquiry_id", "order_id", "parent"]);
}

async fn the_maintained_counts_of_sources_equal_a_count(bed: &Bed) {
    for id in [510, 512, 1024] {
        create(bed, NewSource { id: Some(id), ..new(7, Content::Inquiry) }).await;
        create(bed, NewSource { id: Some(id + 1), ..new(7, order()) }).await;
    }
    assert_eq!(bed.store.list_tally_differences(bed.account, 10).await.unwrap(), []);
    let now = bed.context().now;
    let today = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let none = SourceFilter { kind: None, user: None, statuses: Vec::new(), created: TimeRange::default() };
    let days = |from: i64, before: i64| {
        let day = |days: i64| Some(today + chrono::TimeDelta::days(days));
        TimeRange { from: day(from), before: day(before) }
    };
    for (kind, created, total) in [
        (None, TimeRange::default(), 6),
        (Some(SourceKind::Inquiry), TimeRange::default(), 3),
        (Some(SourceKind::Order), days(0, 1), 3),
        (None, days(0, 1), 6),
        (None, days(1, 2), 0),
        (None, days(-1, 0), 0),
    ] {
        let filter = SourceFilter { kind, created, ..none.clone() };
        let found = bed.store.list_sources(bed.account, &filter, page(1, 50)).await.unwrap();
        assert_eq!((found.total, i64::try_from(found.rows.len()).unwrap()), (total, total), "{filter:?}");
        // The maintained counts do not cover a customer.
        let filter = SourceFilter { user: Some(CustomerId(7)), ..filter };
        assert_eq!(bed.store.list_sources(bed.account, &filter, page(1, 50)).await.unwrap().total, total);
    }
    if bed.is_postgres() {
        // Folded with source 1024; the order came later.
        assert_eq!(bed.lines("SELECT count(*)::text AS line FROM histogram_changes"), ["1"]);
    }
}
