//! What can be written into a case update.

use chrono::{Datelike, NaiveDate, NaiveTime, SubsecRound as _};

use super::{CaseUpdate, DETAILS_MAX};
use crate::{
    directory::AccessGroup,
    error::FieldErrors,
    id::{AccessGroupId, CaseId, CaseRef, CaseTaskId, PersonId, SubjectId, UpdateId},
    text,
    time::Timestamp,
};

/// The years in which something can have happened: what every store and every client can hold.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// When that happened of which an update tells, as its author gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// On that day.
    Day(NaiveDate),
    /// At that time.
    At(Timestamp),
}

impl Activity {
    /// The point in time; midnight of a day.
    #[must_use]
    pub fn time(self) -> Timestamp {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
            Self::At(time) => time,
        }
    }

    /// Whether only the day was given.
    #[must_use]
    pub const fn is_allday(self) -> bool {
        match self {
            Self::Day(_) => true,
            Self::At(_) => false,
        }
    }
}

/// An entry of a timetable to have. One that says the same as an entry that is there is that entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDetail {
    /// The time of the day, to the minute.
    pub start_at: NaiveTime,
    /// What happened then.
    pub notes: String,
}

/// What a caller gives of an update. What is absent stays as it is; the inner option clears a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateEdits {
    /// The case that it is about.
    pub case: Option<CaseRef>,
    /// The subject that it is about.
    pub subject: Option<Option<SubjectId>>,
    /// The event or task that it reports on.
    pub task: Option<Option<CaseTaskId>>,
    /// Those for whom it is meant.
    pub access_group: Option<AccessGroupId>,
    /// The update to which it replies, directly or not.
    pub thread: Option<Option<UpdateId>>,
    /// Its subject line.
    pub title: Option<String>,
    /// Its message: HTML that is safe already.
    pub body: Option<String>,
    /// When that happened of which it tells.
    pub activity: Option<Activity>,
    /// Whether only the day of that counts.
    pub is_allday: Option<bool>,
    /// On whose behalf it is written.
    pub behalf_of: Option<Option<PersonId>>,
    /// Whether it is to be validated or invalidated.
    pub validate: Option<bool>,
    /// Its own timetable; all of it.
    pub details: Option<Vec<NewDetail>>,
}

impl UpdateEdits {
    /// The edits with the title in the form in which it is stored; see [`text::line`].
    #[must_use]
    pub fn cleaned(mut self) -> Self {
        text::clean(&mut self.title);
        self
    }

    /// Notes what no update can hold, and what a new one lacks.
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

/// What an update says, complete; whatever it refers to exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UpdateContent {
    /// The case that it is about.
    pub(crate) case: CaseId,
    /// The subject of that case.
    pub(crate) subject: Option<SubjectId>,
    /// The event or task.
    pub(crate) task: Option<CaseTaskId>,
    /// Those for whom it is meant.
    pub(crate) access_group: AccessGroup,
    /// The first update of its thread; none where it is that itself.
    pub(crate) thread: Option<UpdateId>,
    /// Its subject line.
    pub(crate) title: String,
    /// Its message.
    pub(crate) body: String,
    /// When that happened of which it tells; when it is written where nothing is said.
    pub(crate) activity_at: Option<Timestamp>,
    /// Whether only the day of that counts.
    pub(crate) is_allday: bool,
    /// On whose behalf it is written.
    pub(crate) behalf_of: Option<PersonId>,
    /// Its own timetable.
    pub(crate) details: Vec<NewDetail>,
}

impl UpdateContent {
    /// What an update says after the edits. Group and thread are what the edits lead to, looked up.
    pub(crate) fn merge(
        present: Option<&CaseUpdate>,
        edits: &UpdateEdits,
        case: CaseId,
        access_group: AccessGroup,
        thread: Option<UpdateId>,
    ) -> Self {
        let stored = present.map(|update| update.activity_at);
        // A dialect prints times to the second: what it printed means what is stored.
        let is_printed = |time: &Timestamp| stored.is_some_and(|stored| stored.trunc_subsecs(0) == *time);
        let activity_at = edits.activity.map(Activity::time).filter(|time| !is_printed(time)).or(stored);
        // A new time tells whether it is a whole day, unless the caller does.
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
