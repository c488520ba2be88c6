//! Keyset lists of cases: the order and the position in it are one value, so that a position never meets another order.

use chrono::NaiveDate;

use super::{BadCursor, Cursor, day_key, time_key};
use crate::{
    case::Case,
    filter::{CaseOrder, SortKey},
    id::CaseId,
    time::Timestamp,
};

/// Where a keyset page of cases begins: in which order, and behind which case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseKeyset {
    /// The sort key, with the position.
    pub key: KeysetKey,
    /// Greatest key first.
    pub descending: bool,
}

/// A sort key of keyset lists, with the key and the id of the case behind which the page begins. `None` is the start of the
/// list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysetKey {
    /// Time of recording in the system.
    CreatedAt(Option<(Timestamp, CaseId)>),
    /// Time of the last update in the system.
    UpdatedAt(Option<(Timestamp, CaseId)>),
    /// Due date. Cases without one come last in either direction.
    DueOn(Option<(Option<NaiveDate>, CaseId)>),
    /// When the first running clock of a service level is due. Cases without one come last in either direction.
    SlaDue(Option<(Option<Timestamp>, CaseId)>),
}

impl CaseKeyset {
    /// The default order of lists, from the start.
    pub const NEWEST_FIRST: Self = Self { key: KeysetKey::CreatedAt(None), descending: true };

    /// The order without the position.
    #[must_use]
    pub const fn order(self) -> CaseOrder {
        let key = match self.key {
            KeysetKey::CreatedAt(_) => SortKey::CreatedAt,
            KeysetKey::UpdatedAt(_) => SortKey::UpdatedAt,
            KeysetKey::DueOn(_) => SortKey::DueOn,
            KeysetKey::SlaDue(_) => SortKey::SlaDue,
        };
        CaseOrder { key, descending: self.descending }
    }

    /// The same order behind a case.
    #[must_use]
    pub const fn behind(self, case: &Case) -> Self {
        let key = match self.key {
            KeysetKey::CreatedAt(_) => KeysetKey::CreatedAt(Some((case.created_at, case.id))),
            KeysetKey::UpdatedAt(_) => KeysetKey::UpdatedAt(Some((case.updated_at, case.id))),
            KeysetKey::DueOn(_) => KeysetKey::DueOn(Some((case.details.due_on, case.id))),
            KeysetKey::SlaDue(_) => KeysetKey::SlaDue(Some((case.sla_due_at, case.id))),
        };
        Self { key, ..self }
    }

    /// The cursor with which a caller continues behind a case.
    #[must_use]
    pub fn cursor_behind(self, case: &Case) -> String {
        let key = match self.key {
            KeysetKey::CreatedAt(_) => case.created_at.timestamp_micros(),
            KeysetKey::UpdatedAt(_) => case.updated_at.timestamp_micros(),
            KeysetKey::DueOn(_) => day_key(case.details.due_on),
            KeysetKey::SlaDue(_) => time_key(case.sla_due_at),
        };
        Cursor { key, id: case.id.0 }.encode(self.letter())
    }

    /// The same order behind the case that a cursor names.
    ///
    /// # Errors
    /// [`BadCursor`] if the cursor belongs to another order, or if no case can have its key.
    pub fn at(self, cursor: &str) -> Result<Self, BadCursor> {
        let cursor = Cursor::decode(cursor, self.letter())?;
        let id = CaseId(cursor.id);
        let key = match self.key {
            KeysetKey::CreatedAt(_) => KeysetKey::CreatedAt(Some((cursor.time()?, id))),
            KeysetKey::UpdatedAt(_) => KeysetKey::UpdatedAt(Some((cursor.time()?, id))),
            KeysetKey::DueOn(_) => KeysetKey::DueOn(Some((cursor.day()?, id))),
            KeysetKey::SlaDue(_) => KeysetKey::SlaDue(Some((cursor.time_or_none()?, id))),
        };
        Ok(Self { key, ..self })
    }

    /// The first letter of cursors in this order.
    const fn letter(self) -> char {
        match (self.key, self.descending) {
            (KeysetKey::CreatedAt(_), false) => 'c',
            (KeysetKey::CreatedAt(_), true) => 'C',
            (KeysetKey::UpdatedAt(_), false) => 'u',
            (KeysetKey::UpdatedAt(_), true) => 'U',
            (KeysetKey::DueOn(_), false) => 'd',
            (KeysetKey::DueOn(_), true) => 'D',
            (KeysetKey::SlaDue(_), false) => 's',
            (KeysetKey::SlaDue(_), true) => 'S',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orders() -> Vec<CaseKeyset> {
        let keys =
            [KeysetKey::CreatedAt(None), KeysetKey::UpdatedAt(None), KeysetKey::DueOn(None), KeysetKey::SlaDue(None)];
        keys.into_iter().flat_map(|key| [false, true].map(|descending| CaseKeyset { key, descending })).collect()
    }

    #[test]
    fn a_cursor_continues_its_own_order_only() {
        let (time, day) =
            ("2026-03-01T12:00:00.000001Z".parse::<Timestamp>().unwrap(), NaiveDate::from_ymd_opt(2026, 5, 1));
        let cursor = |keyset: CaseKeyset| {
            let key = match keyset.key {
                KeysetKey::CreatedAt(_) | KeysetKey::UpdatedAt(_) => time.timestamp_micros(),
                KeysetKey::DueOn(_) => day_key(day),
                KeysetKey::SlaDue(_) => time_key(Some(time)),
            };
            Cursor { key, id: 7 }.encode(keyset.letter())
        };
        for keyset in orders() {
            let expected = match keyset.key {
                KeysetKey::CreatedAt(_) => KeysetKey::CreatedAt(Some((time, CaseId(7)))),
                KeysetKey::UpdatedAt(_) => KeysetKey::UpdatedAt(Some((time, CaseId(7)))),
                KeysetKey::DueOn(_) => KeysetKey::DueOn(Some((day, CaseId(7)))),
                KeysetKey::SlaDue(_) => KeysetKey::SlaDue(Some((Some(time), CaseId(7)))),
            };
            assert_eq!(keyset.at(&cursor(keyset)), Ok(CaseKeyset { key: expected, ..keyset }));
            for other in orders().into_iter().filter(|other| *other != keyset) {
                assert_eq!(other.at(&cursor(keyset)), Err(BadCursor), "{keyset:?} in {other:?}");
            }
        }
    }

    #[test]
    fn a_cursor_without_a_due_date_continues_behind_all_dates() {
        let keyset = CaseKeyset { key: KeysetKey::DueOn(None), descending: true };
        let cursor = Cursor { key: day_key(None), id: 7 }.encode('D');
        assert_eq!(keyset.at(&cursor).unwrap().key, KeysetKey::DueOn(Some((None, CaseId(7)))));
        let keyset = CaseKeyset { key: KeysetKey::SlaDue(None), descending: false };
        let cursor = Cursor { key: time_key(None), id: 7 }.encode('s');
        assert_eq!(keyset.at(&cursor).unwrap().key, KeysetKey::SlaDue(Some((None, CaseId(7)))));
    }

    #[test]
    fn a_key_that_no_case_can_have_is_refused() {
        for keyset in orders() {
            for key in [-(1 << 62), (1 << 62) - 1] {
                assert_eq!(
                    keyset.at(&Cursor { key, id: 7 }.encode(keyset.letter())),
                    Err(BadCursor),
                    "{keyset:?} {key}"
                );
            }
        }
        let by_due_date = CaseKeyset { key: KeysetKey::DueOn(None), descending: false };
        let before_all_days = Cursor { key: i64::from(i32::MIN), id: 7 }.encode('d');
        assert_eq!(by_due_date.at(&before_all_days), Err(BadCursor));
    }
}
