//! What an update refers to, and what its thread allows.

use super::{CaseUpdate, UpdateEdits};
use crate::{
    directory::AccessGroup,
    error::{FieldError, FieldErrors},
    id::{CaseId, CaseTaskId, PersonId, SubjectId, UpdateId},
};

/// What the edits of an update refer to, as the store has it: read after the case, so that whatever changes on the case
/// later makes the decision stale.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateFacts {
    /// The group for which the update is meant after the edits; none where there is no such group.
    pub access_group: Option<AccessGroup>,
    /// The subjects of the case that the update is about after the edits.
    pub subjects: Vec<SubjectId>,
    /// The case event that the edits name; none where there is no such event.
    pub task: Option<CaseTaskId>,
    /// The person on whose behalf the edits say it is written; none where there is no such person.
    pub behalf_of: Option<PersonId>,
    /// The update that the edits name as the one to reply to; none where there is no such update.
    pub replies_to: Option<ThreadUpdate>,
    /// Whether other updates belong to the thread that begins with this update.
    pub has_replies: bool,
}

/// An update to which another one replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadUpdate {
    /// The case that it is about.
    pub case: CaseId,
    /// The first update of its thread.
    pub thread: UpdateId,
}

impl From<&CaseUpdate> for ThreadUpdate {
    fn from(update: &CaseUpdate) -> Self {
        Self { case: update.case, thread: update.thread }
    }
}

impl UpdateFacts {
    /// Reports every reference to something unknown and every change that the thread does not allow. `case` is the case
    /// of the update after the edits, `None` if the edits name an unknown one. Returns the first update of the thread
    /// after the edits, `None` if the update begins its own thread.
    pub fn check(
        &self,
        edits: &UpdateEdits,
        present: Option<&CaseUpdate>,
        case: Option<CaseId>,
        faults: &mut FieldErrors,
    ) -> Option<UpdateId> {
        let names_group = edits.access_group.is_some() || present.is_some();
        let task = edits.task.flatten();
        let behalf_of = edits.behalf_of.flatten();
        let unknown = [
            ("case_id", edits.case.is_some() && case.is_none(), "there is no such case"),
            ("access_group_id", names_group && self.access_group.is_none(), "there is no such access group"),
            ("task_id", task.is_some() && self.task != task, "there is no such event"),
            ("behalf_of_id", behalf_of.is_some() && self.behalf_of != behalf_of, "there is no such person"),
            (
                "subject_id",
                case.is_some_and(|case| self.lacks_subject(edits, present, case)),
                "there is no such subject on the case",
            ),
        ];
        for (field, is_unknown, message) in unknown {
            if is_unknown {
                faults.add(field, message);
            }
        }
        faults.keep(self.thread(edits, present, case)).flatten()
    }

    fn lacks_subject(&self, edits: &UpdateEdits, present: Option<&CaseUpdate>, case: CaseId) -> bool {
        let subject = edits.subject.unwrap_or_else(|| present.and_then(|update| update.subject));
        let stays = present.is_some_and(|update| update.subject == subject && update.case == case);
        !stays && subject.is_some_and(|subject| !self.subjects.contains(&subject))
    }

    /// An update with replies keeps its case and its thread, and a reply keeps its case.
    fn thread(
        &self,
        edits: &UpdateEdits,
        present: Option<&CaseUpdate>,
        case: Option<CaseId>,
    ) -> Result<Option<UpdateId>, FieldError> {
        let own = present.map(|update| update.id);
        let standing = present.map(|update| update.thread).filter(|thread| Some(*thread) != own);
        let wanted = edits.thread.map_or(standing, |thread| thread.filter(|thread| Some(*thread) != own));
        let moves = present.is_some_and(|update| case.is_some_and(|case| case != update.case));
        let changes = present.is_some() && (moves || wanted != standing);
        if changes && (self.has_replies || (moves && wanted.is_some())) {
            let field = if moves { "case_id" } else { "thread_id" };
            return Err(FieldError::new(field, "cannot be changed: the thread has replies"));
        }
        if wanted == standing || wanted.is_none() {
            return Ok(wanted);
        }
        let found = self.replies_to.filter(|update| case.is_none_or(|case| case == update.case));
        let unknown = || FieldError::new("thread_id", "there is no such update on the case");
        found.map(|update| Some(update.thread)).ok_or_else(unknown)
    }
}
