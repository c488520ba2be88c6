//! The directories that cases and case updates refer to: clients and their locations, regions, access groups, and the
//! events or tasks that updates report on.

use crate::{
    error::FieldErrors,
    id::{AccessGroupId, AccountId, CaseTaskId, ClientId, EntityId, RegionId},
    text,
    time::Timestamp,
};

/// A client, or a location of a client. A location has a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Account of the entry.
    pub account: AccountId,
    /// Id of the client.
    pub id: ClientId,
    /// Name.
    pub name: String,
    /// Client or location that this location belongs to. `None` for a client.
    pub parent: Option<ClientId>,
    /// Client at the top of the tree. `None` for a client.
    pub root: Option<ClientId>,
    /// Creation time.
    pub created_at: Timestamp,
}

impl Client {
    /// Id of the client at the top of the tree; the client's own id if it has no parent.
    #[must_use]
    pub fn root(&self) -> ClientId {
        self.root.unwrap_or(self.id)
    }
}

/// A region of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Account of the entry.
    pub account: AccountId,
    /// Id of the region.
    pub id: RegionId,
    /// Name.
    pub name: String,
    /// Creation time.
    pub created_at: Timestamp,
}

/// The group of readers that a case update is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGroup {
    /// Account of the entry.
    pub account: AccountId,
    /// Id of the group.
    pub id: AccessGroupId,
    /// Name.
    pub name: String,
    /// Whether an update for this group is valid only after validation.
    pub requires_validation: bool,
    /// Creation time. `None` for a built-in group.
    pub created_at: Option<Timestamp>,
}

impl AccessGroup {
    /// The built-in groups of every account. The ids of all other groups are greater.
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
    /// Account of the entry.
    pub account: AccountId,
    /// Id of the event or task.
    pub id: CaseTaskId,
    /// Name.
    pub name: String,
    /// Creation time.
    pub created_at: Timestamp,
}

/// Common interface of the directory entries.
pub trait DirectoryEntry {
    /// Type of the entry's id.
    type Id: EntityId;

    /// Id of the entry.
    fn id(&self) -> Self::Id;

    /// Name of the entry.
    fn name(&self) -> &str;

    /// Normalizes the name for storage; see [`text::line`].
    fn clean(&mut self);

    /// Reports a name that is not accepted.
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

/// Filter of a directory list. All conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DirectoryFilter {
    /// Id of the entry.
    pub id: Option<i64>,
    /// Name of the entry, without regard to case.
    pub name: Option<String>,
    /// Parent of the entry. Only clients have one.
    pub parent: Option<i64>,
}
