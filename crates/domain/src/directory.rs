//! The directories that the fields of cases and case updates point to: clients with their locations, regions, access
//! groups, and the events or tasks that updates report on.

use crate::{
    error::FieldErrors,
    id::{AccessGroupId, AccountId, CaseTaskId, ClientId, EntityId, RegionId},
    text,
    time::Timestamp,
};

/// A client, or, where it has a parent, a location of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The account that knows it.
    pub account: AccountId,
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// The client or location that it belongs to.
    pub parent: Option<ClientId>,
    /// The client at the top of the tree; none where it is that itself.
    pub root: Option<ClientId>,
    /// When the directory learnt of it.
    pub created_at: Timestamp,
}

impl Client {
    /// The client at the top of its tree.
    #[must_use]
    pub fn root(&self) -> ClientId {
        self.root.unwrap_or(self.id)
    }
}

/// A region of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The account that knows it.
    pub account: AccountId,
    /// Its id.
    pub id: RegionId,
    /// Its name.
    pub name: String,
    /// When the directory learnt of it.
    pub created_at: Timestamp,
}

/// Those for whom a case update is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGroup {
    /// The account that knows it.
    pub account: AccountId,
    /// Its id.
    pub id: AccessGroupId,
    /// Its name.
    pub name: String,
    /// Whether an update for it counts only once somebody has validated it.
    pub requires_validation: bool,
    /// When the directory learnt of it; none for those that every account has from the start.
    pub created_at: Option<Timestamp>,
}

impl AccessGroup {
    /// The groups that every account has from the start; those of its own have greater ids.
    #[must_use]
    pub fn built_in(account: AccountId) -> [Self; 2] {
        let group = |id, name: &str, requires_validation| Self {
            account,
            id: AccessGroupId(id),
            name: name.to_owned(),
            requires_validation,
            created_at: None,
        };
        [group(1, "Public", true), group(2, "Internal", false)]
    }
}

/// An event or task that case updates report on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTask {
    /// The account that knows it.
    pub account: AccountId,
    /// Its id.
    pub id: CaseTaskId,
    /// Its name.
    pub name: String,
    /// When the directory learnt of it.
    pub created_at: Timestamp,
}

/// What the directories have in common.
pub trait DirectoryEntry {
    /// What names an entry.
    type Id: EntityId;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// Its name.
    fn name(&self) -> &str;

    /// Puts the name into the form in which it is stored; see [`text::line`].
    fn clean(&mut self);

    /// Notes what the directory does not accept.
    fn check(&self, faults: &mut FieldErrors) {
        faults.keep(text::check_line("name", self.name(), text::NAME_MAX));
    }
}

macro_rules! directory_entries {
    ($($entry:ident, $id:ident;)*) => {$(
        impl DirectoryEntry for $entry {
            type Id = $id;

            fn id(&self) -> $id {
                self.id
            }

            fn name(&self) -> &str {
                &self.name
            }

            fn clean(&mut self) {
                self.name = text::line(&self.name);
            }
        }
    )*};
}

directory_entries! {
    Client, ClientId;
    Region, RegionId;
    AccessGroup, AccessGroupId;
    CaseTask, CaseTaskId;
}

/// Which entries of a directory a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryFilter {
    /// The entry with this id.
    pub id: Option<i64>,
    /// Entries of this name, without regard to case.
    pub name: Option<String>,
    /// Entries that belong to this one; only clients belong to another.
    pub parent: Option<i64>,
}
