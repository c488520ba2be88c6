//! Adding and removing links between cases.

use super::Draft;
use crate::{
    decision::Change,
    error::{FieldError, Rejection},
    event::EventData,
    link::{LINKS_MAX, Link, LinkChange, LinkCommand, LinkEvent},
};

pub(super) fn link(draft: &mut Draft<'_>, command: LinkCommand) -> Result<(), Rejection> {
    match command {
        LinkCommand::Add { linked, kind, present, linked_has } => {
            let refused = |message: &str| Err(FieldError::new("linked_case_id", message).into());
            let Some((linked, linked_uuid)) = linked else { return refused("must be an existing case") };
            if linked == draft.case.id {
                return refused("must be another case");
            }
            if present.iter().any(|link| link.linked == linked && link.kind == kind) {
                return refused("the link already exists");
            }
            if present.len() >= LINKS_MAX || linked_has >= LINKS_MAX {
                return refused("cannot be linked: one of the cases has the maximum number of links");
            }
            let link = Link {
                account: draft.case.account,
                id: draft.new_id(),
                case: draft.case.id,
                case_uuid: draft.case.uuid,
                linked,
                linked_uuid,
                kind,
                created_at: draft.context.now,
            };
            record(draft, true, &link);
            draft.change(Change::Link(LinkChange::Added(link)));
        }
        LinkCommand::Remove(link) => {
            record(draft, false, &link);
            draft.change(Change::Link(LinkChange::Removed(link.id)));
        }
    }
    Ok(())
}

fn record(draft: &mut Draft<'_>, created: bool, link: &Link) {
    let event = LinkEvent { created, id: link.id, linked: link.linked_uuid, kind: link.kind.clone() };
    draft.record(EventData::Link(event));
}
