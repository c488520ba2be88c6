//! The directories that cases and updates refer to.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use docket_domain::{
    directory::{AccessGroup, CaseTask, Client, DirectoryEntry, DirectoryFilter, Region},
    error::Error,
    id::{AccessGroupId, AccountId, CaseTaskId, ClientId, RegionId},
    page::PageNumber,
    service,
    store::DirectoryStore,
};
use docket_persistence::Database;

use crate::bed::{Bed, on_both_databases};

on_both_databases! {
    clients_form_a_tree,
    a_parent_must_be_a_client_of_the_account,
    regions_and_tasks_are_found_by_name,
    every_account_has_the_two_built_in_groups,
    pages_of_groups_contain_each_group_once,
}

pub(crate) async fn client(bed: &Bed, name: &str, parent: Option<ClientId>) -> Client {
    service::create_client(&bed.store, &bed.context(), name.to_owned(), parent).await.unwrap()
}

pub(crate) async fn region(bed: &Bed, account: AccountId, name: &str) -> Region {
    let region = Region { account, id: RegionId(0), name: name.to_owned(), created_at: bed.now() };
    service::create_entry(&bed.store, &bed.context(), region).await.unwrap()
}

pub(crate) async fn task(bed: &Bed, account: AccountId, name: &str) -> CaseTask {
    let task = CaseTask { account, id: CaseTaskId(0), name: name.to_owned(), created_at: bed.now() };
    service::create_entry(&bed.store, &bed.context(), task).await.unwrap()
}

pub(crate) async fn group(bed: &Bed, account: AccountId, name: &str, requires_validation: bool) -> AccessGroup {
    let (id, created_at) = (AccessGroupId(0), Some(bed.now()));
    let group = AccessGroup { account, id, name: name.to_owned(), requires_validation, created_at };
    service::create_entry(&bed.store, &bed.context(), group).await.unwrap()
}

async fn list<E: DirectoryEntry>(
    bed: &Bed,
    account: AccountId,
    filter: &DirectoryFilter,
    descending: bool,
    offset: i64,
    limit: i64,
) -> Vec<E>
where
    Database: DirectoryStore<E>,
{
    bed.store.list_entries(account, filter, descending, offset, limit).await.unwrap()
}

async fn clients_form_a_tree(bed: &Bed) {
    let root = client(bed, "Holding", None).await;
    let site = client(bed, "Site", Some(root.id)).await;
    let room = client(bed, "Room", Some(site.id)).await;
    assert_eq!((root.root, site.root, room.root), (None, Some(root.id), Some(root.id)));
    assert_eq!(room.parent, Some(site.id));
    let below = DirectoryFilter { parent: Some(root.id.0), ..DirectoryFilter::default() };
    let found = list::<Client>(bed, bed.account, &below, false, 0, 10).await;
    assert_eq!(found, std::slice::from_ref(&site));
    let all = DirectoryFilter::default();
    assert_eq!(DirectoryStore::<Client>::count_entries(&bed.store, bed.account, &all).await.unwrap(), 3);
    let newest = list::<Client>(bed, bed.account, &DirectoryFilter::default(), true, 0, 2).await;
    assert_eq!(newest, [room, site]);
}

async fn a_parent_must_be_a_client_of_the_account(bed: &Bed) {
    let other = bed.new_account("other").await;
    let foreign = service::create_client(&bed.store, &bed.context_of(other), "Foreign".to_owned(), None).await.unwrap();
    let refused = service::create_client(&bed.store, &bed.context(), "Mine".to_owned(), Some(foreign.id)).await;
    assert_eq!(refused, Err(Error::invalid("parent_id", "unknown client")));
    let found = DirectoryStore::<Client>::find_entries(&bed.store, bed.account, &[foreign.id]).await.unwrap();
    assert_eq!(found, []);
}

async fn regions_and_tasks_are_found_by_name(bed: &Bed) {
    let north = region(bed, bed.account, "Überregional").await;
    let watch = task(bed, bed.account, "Surveillance").await;
    let named = |name: &str| DirectoryFilter { name: Some(name.to_owned()), ..DirectoryFilter::default() };
    let regions = list::<Region>(bed, bed.account, &named("üBERREGIONAL"), false, 0, 10).await;
    assert_eq!(regions, [north]);
    let tasks = list::<CaseTask>(bed, bed.account, &named("surveillance"), false, 0, 10).await;
    assert_eq!(tasks, [watch]);
    let none = list::<CaseTask>(bed, bed.account, &named("other"), false, 0, 10).await;
    assert_eq!(none, []);
}

async fn every_account_has_the_two_built_in_groups(bed: &Bed) {
    let other = bed.new_account("other").await;
    let own = group(bed, bed.account, "Police", true).await;
    assert!(own.id.0 >= 3, "{:?}", own.id);
    for account in [bed.account, other] {
        for (id, name, requires_validation) in [(1, "Public", true), (2, "Internal", false)] {
            let found = service::find_access_group(&bed.store, account, AccessGroupId(id)).await.unwrap().unwrap();
            assert_eq!((found.name.as_str(), found.requires_validation), (name, requires_validation));
        }
    }
    assert_eq!(service::find_access_group(&bed.store, bed.account, own.id).await.unwrap(), Some(own.clone()));
    assert_eq!(service::find_access_group(&bed.store, other, own.id).await.unwrap(), None);
}

async fn pages_of_groups_contain_each_group_once(bed: &Bed) {
    let mut all = vec![1, 2];
    for at in 0..4 {
        all.push(group(bed, bed.account, &format!("group {at}"), at % 2 == 0).await.id.0);
    }
    let filter = DirectoryFilter::default();
    for descending in [false, true] {
        for per_page in 1..=7 {
            let mut seen = Vec::new();
            for page in 1..=7 {
                let page = PageNumber { page, per_page };
                let groups = service::list_access_groups(&bed.store, bed.account, &filter, descending, page).await;
                seen.extend(groups.unwrap().into_iter().map(|group| group.id.0));
            }
            if descending {
                seen.reverse();
            }
            assert_eq!(seen, all, "{per_page} a page, descending {descending}");
        }
    }
    assert_eq!(service::count_access_groups(&bed.store, bed.account, &filter).await.unwrap(), 6);
    let internal = DirectoryFilter { name: Some("INTERNAL".to_owned()), ..filter };
    let page = PageNumber { page: 1, per_page: 25 };
    let found = service::list_access_groups(&bed.store, bed.account, &internal, true, page).await.unwrap();
    assert_eq!(found[0].id, AccessGroupId(2));
    assert_eq!(found.len(), 1);
}
