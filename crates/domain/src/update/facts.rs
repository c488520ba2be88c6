//! The stored things that an update refers to, and the checks of references and threads.

use super::{CaseUpdate, UpdateEdits};
use crate::{
    directory::AccessGroup,
    error::{FieldError, FieldErrors},
    id::{CaseId, CaseTaskId, PersonId, SubjectId, UpdateId},
};

/// The stored things that the edits of an update refer to. They are read after the case, so a later change on the case
/// makes the decision stale.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateFacts {
    /// Access group of the update after the edits. `None` if it does not exist.
    pub access_group: Option<AccessGroup>,
    /// Subjects of the case that the update is about after the edits.
    pub subjects: Vec<SubjectId>,
    /// Event or task that the edits name. `None` if it does not exist.
    pub task: Option<CaseTaskId>,
    /// Person on whose behalf the edits say the update is written. `None` if the person does not exist.
    pub behalf_of: Option<PersonId>,
    /// Update that the edits reply to. `None` if it does not exist.
    pub replies_to: Option<ThreadUpdate>,
    /// Whether other updates belong to the thread that begins with this update.
    pub has_replies: bool,
}

/// An update that another one replies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadUpdate {
    /// Case that the update is about.
    pub case: CaseId,
    /// First update of the thread.
    pub thread: UpdateId,
}

impl From<&CaseUpdate> for ThreadUpdate {
    fn from(update: &CaseUpdate) -> Self {
        Self { case: update.case, thread: update.thread }
    }
}

impl UpdateFacts {
    /// Reports every reference to a thing that does not exist and every change that the thread does not allow. Returns
    /// the first update of the thread after the edits, `None` if the update begins its own thread.
    ///
    /// `case` is the case of the update after the edits, `None` if the edits name an unknown one.
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
            ("case_id", edits.case.is_some() && case.is_none(), "unknown case"),
            ("access_group_id", names_group && self.access_group.is_none(), "unknown access group"),
            ("task_id", task.is_some() && self.task != task, "unknown event"),
            ("behalf_of_id", behalf_of.is_some() && self.behalf_of != behalf_of, "unknown person"),
            (
                "subject_id",
                case.is_some_and(|case| self.lacks_subject(edits, present, case)),
                "unknown subject of the case",
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

    /// An update with replies keeps its case and its thread. A reply keeps its case.
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
        let unknown = || FieldError::new("thread_id", "unknown update of the case");
        found.map(|update| Some(update.thread)).ok_or_else(unknown)
    }
}
