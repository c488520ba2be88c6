//! The fields of a case update that a client can write.

use chrono::{Datelike, NaiveDate, NaiveTime, SubsecRound as _};

use super::{CaseUpdate, DETAILS_MAX};
use crate::{
    directory::AccessGroup,
    error::FieldErrors,
    id::{AccessGroupId, CaseId, CaseRef, CaseTaskId, PersonId, SubjectId, UpdateId},
    text,
    time::Timestamp,
};

/// Years that an activity can be in. Every store and every client can represent them.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// Time of the reported activity, as the author gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// A day without a time.
    Day(NaiveDate),
    /// A time.
    At(Timestamp),
}

impl Activity {
    /// The time; midnight UTC for a day.
    #[must_use]
    pub fn time(self) -> Timestamp {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
            Self::At(time) => time,
        }
    }

    /// Whether only a day was given.
    #[must_use]
    pub const fn is_allday(self) -> bool {
        match self {
            Self::Day(_) => true,
            Self::At(_) => false,
        }
    }
}

/// An entry of the timetable to write. An entry that equals a stored one keeps that one's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDetail {
    /// Time of day, to the minute.
    pub start_at: NaiveTime,
    /// What happened at that time.
    pub notes: String,
}

/// The fields that a client sends. `None` leaves a field unchanged; `Some(None)` clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateEdits {
    /// Case that the update is about.
    pub case: Option<CaseRef>,
    /// Subject that the update is about.
    pub subject: Option<Option<SubjectId>>,
    /// Event or task that the update reports on.
    pub task: Option<Option<CaseTaskId>>,
    /// Group of readers that the update is meant for.
    pub access_group: Option<AccessGroupId>,
    /// Update to reply to: the first update of the thread or any other update in it.
    pub thread: Option<Option<UpdateId>>,
    /// Subject line.
    pub title: Option<String>,
    /// Message, as sanitized HTML.
    pub body: Option<String>,
    /// Time of the reported activity.
    pub activity: Option<Activity>,
    /// Whether only the day of the activity is meaningful.
    pub is_allday: Option<bool>,
    /// Person on whose behalf the update is written.
    pub behalf_of: Option<Option<PersonId>>,
    /// `true` validates the update, `false` withdraws the validation.
    pub validate: Option<bool>,
    /// Timetable; replaces all entries.
    pub details: Option<Vec<NewDetail>>,
}

impl UpdateEdits {
    /// The edits with a normalized title; see [`text::line`].
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        text::clean(&mut self.title);
        self
    }

    /// Reports every field that is not accepted and, for a new update, every missing field.
    pub fn check(&self, is_new: bool, faults: &mut FieldErrors) {
        if is_new {
            self.check_complete(faults);
        }
        self.check_values(faults);
    }

    fn check_values(&self, faults: &mut FieldErrors) {
        if let Some(title) = &self.title {
            faults.keep(text::check_line("title", title, text::NAME_MAX));
        }
        if let Some(body) = &self.body {
            faults.keep(text::check_lines("body", body, text::LONG_MAX));
        }
        if self.activity.is_some_and(|activity| !YEARS.contains(&activity.time().year())) {
            faults.add("activity_at", "must be in the years 1000 to 9999");
        }
        let details = self.details.as_deref().unwrap_or_default();
        if details.len() > DETAILS_MAX {
            faults.add("update_details", format!("must have at most {DETAILS_MAX} entries"));
        }
        for (at, detail) in details.iter().enumerate() {
            faults.keep(text::check_lines(&format!("update_details[{at}].notes"), &detail.notes, text::LONG_MAX));
        }
    }

    fn check_complete(&self, faults: &mut FieldErrors) {
        let present = [
            ("case_id", self.case.is_some()),
            ("access_group_id", self.access_group.is_some()),
            ("title", self.title.is_some()),
            ("body", self.body.is_some()),
        ];
        for (field, present) in present {
            if !present {
                faults.add(field, "is required");
            }
        }
    }
}

/// The complete content of an update. All references are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UpdateContent {
    pub(crate) case: CaseId,
    pub(crate) subject: Option<SubjectId>,
    pub(crate) task: Option<CaseTaskId>,
    pub(crate) access_group: AccessGroup,
    /// First update of the thread. `None` if the update begins its own thread.
    pub(crate) thread: Option<UpdateId>,
    pub(crate) title: String,
    pub(crate) body: String,
    /// `None`: the time of writing.
    pub(crate) activity_at: Option<Timestamp>,
    pub(crate) is_allday: bool,
    pub(crate) behalf_of: Option<PersonId>,
    pub(crate) details: Vec<NewDetail>,
}

impl UpdateContent {
    /// The content after the edits. `access_group` and `thread` are the stored group and thread that the edits lead to.
    pub(crate) fn merge(
        present: Option<&CaseUpdate>,
        edits: &UpdateEdits,
        case: CaseId,
        access_group: AccessGroup,
        thread: Option<UpdateId>,
    ) -> Self {
        let stored = present.map(|update| update.activity_at);
        // Some dialects print times in whole seconds. If a client sends such a time back, the stored fraction stays.
        let is_printed = |time: &Timestamp| stored.is_some_and(|stored| stored.trunc_subsecs(0) == *time);
        let activity_at = edits.activity.map(Activity::time).filter(|time| !is_printed(time)).or(stored);
        // Without an explicit flag, a new activity sets it: true for a day, false for a time.
        let is_allday = edits.is_allday.or(edits.activity.map(Activity::is_allday));
        let kept = |update: &CaseUpdate| {
            let details = update.details.iter();
            details.map(|detail| NewDetail { start_at: detail.start_at, notes: detail.notes.clone() }).collect()
        };
        Self {
            case,
            subject: edits.subject.unwrap_or_else(|| present.and_then(|update| update.subject)),
            task: edits.task.unwrap_or_else(|| present.and_then(|update| update.task)),
            access_group,
            thread,
            title: edits.title.clone().or_else(|| present.map(|update| update.title.clone())).unwrap_or_default(),
            body: edits.body.clone().or_else(|| present.map(|update| update.body.clone())).unwrap_or_default(),
            activity_at,
            is_allday: is_allday.unwrap_or_else(|| present.is_some_and(|update| update.is_allday)),
            behalf_of: edits.behalf_of.unwrap_or_else(|| present.and_then(|update| update.behalf_of)),
            details: edits.details.clone().or_else(|| present.map(kept)).unwrap_or_default(),
        }
    }
}
