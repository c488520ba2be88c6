//! Adding and removing links between cases.

use super::DecisionBuilder;
use crate::{
    decision::Change,
    error::{FieldError, Rejection},
    event::EventData,
    link::{LINKS_MAX, Link, LinkChange, LinkCommand, LinkEvent},
};

pub(super) fn link(builder: &mut DecisionBuilder<'_>, command: LinkCommand) -> Result<(), Rejection> {
    match command {
        LinkCommand::Add { linked, kind, present, linked_has } => {
            let refused = |message: &str| Err(FieldError::new("linked_case_id", message).into());
            let Some((linked, linked_uuid)) = linked else { return refused("must be an existing case") };
            if linked == builder.case.id {
                return refused("must be another case");
            }
            if present.iter().any(|link| link.linked == linked && link.kind == kind) {
                return refused("the link already exists");
            }
            if present.len() >= LINKS_MAX || linked_has >= LINKS_MAX {
                return refused("cannot be linked: one of the cases has the maximum number of links");
            }
            let link = Link {
                account: builder.case.account,
                id: builder.new_id(),
                case: builder.case.id,
                case_uuid: builder.case.uuid,
                linked,
                linked_uuid,
                kind,
                created_at: builder.context.now,
            };
            record(builder, true, &link);
            builder.change(Change::Link(LinkChange::Added(link)));
        }
        LinkCommand::Remove(link) => {
            record(builder, false, &link);
            builder.change(Change::Link(LinkChange::Removed(link.id)));
        }
    }
    Ok(())
}

fn record(builder: &mut DecisionBuilder<'_>, created: bool, link: &Link) {
    let event = LinkEvent { created, id: link.id, linked: link.linked_uuid, kind: link.kind.clone() };
    builder.record(EventData::Link(event));
}
