//! The calendars: name, law, verified years and holidays of each key.

use super::{germany, holidays::Calendar, key::CalendarKey, us};

/// All calendars, in the order of [`CalendarKey::ALL`].
pub fn calendars() -> impl Iterator<Item = Calendar> {
    CalendarKey::ALL.iter().map(|key| key.calendar())
}

impl CalendarKey {
    /// The calendar with this key.
    #[must_use]
    #[rustfmt::skip]
    pub const fn calendar(self) -> Calendar {
        match self {
            Self::UsFederal => us_federal(),
            Self::UsFederalClosings => us_federal_closings(),
            Self::De => german(self, "Germany: the holidays of all states", "the holiday laws of all sixteen states", &[Self::De]),
            Self::DeBw => german(self, "Germany: Baden-Württemberg", "§ 1 FTG BW", &[Self::DeBw, Self::De]),
            Self::DeBy => german(self, "Germany: Bayern", "Art. 1 BayFTG", &[Self::DeBy, Self::De]),
            Self::DeByAssumption => german(self, "Germany: Bayern, municipalities with Mariä Himmelfahrt", "Art. 1 BayFTG", &[Self::DeByAssumption, Self::DeBy, Self::De]),
            Self::DeByAugsburg => german(self, "Germany: Bayern, Augsburg", "Art. 1 BayFTG", &[Self::DeByAugsburg, Self::DeByAssumption, Self::DeBy, Self::De]),
            Self::DeBe => german(self, "Germany: Berlin", "§ 1 FeiertG BE", &[Self::DeBe, Self::De]),
            Self::DeBb => german(self, "Germany: Brandenburg", "§ 2 FTG BB", &[Self::DeBb, Self::De]),
            Self::DeHb => german(self, "Germany: Bremen", "§ 2 BremFeiertG", &[Self::DeHb, Self::De]),
            Self::DeHh => german(self, "Germany: Hamburg", "§ 1 FeiertG HH", &[Self::DeHh, Self::De]),
            Self::DeHe => german(self, "Germany: Hessen", "§ 1 HFeiertagsG", &[Self::DeHe, Self::De]),
            Self::DeMv => german(self, "Germany: Mecklenburg-Vorpommern", "§ 2 FTG M-V", &[Self::DeMv, Self::De]),
            Self::DeNi => german(self, "Germany: Niedersachsen", "§ 2 NFeiertagsG", &[Self::DeNi, Self::De]),
            Self::DeNw => german(self, "Germany: Nordrhein-Westfalen", "§ 2 Feiertagsgesetz NW", &[Self::DeNw, Self::De]),
            Self::DeRp => german(self, "Germany: Rheinland-Pfalz", "§ 2 LFtG", &[Self::DeRp, Self::De]),
            Self::DeSl => german(self, "Germany: Saarland", "§ 2 SFG", &[Self::DeSl, Self::De]),
            Self::DeSn => german(self, "Germany: Sachsen", "§ 1 SächsSFG", &[Self::DeSn, Self::De]),
            Self::DeSnCorpusChristi => german(self, "Germany: Sachsen, municipalities with Fronleichnam", "§ 1 SächsSFG", &[Self::DeSnCorpusChristi, Self::DeSn, Self::De]),
            Self::DeSt => german(self, "Germany: Sachsen-Anhalt", "§ 2 FeiertG LSA", &[Self::DeSt, Self::De]),
            Self::DeSh => german(self, "Germany: Schleswig-Holstein", "§ 2 SFTG", &[Self::DeSh, Self::De]),
            Self::DeTh => german(self, "Germany: Thüringen", "§ 2 ThürFGtG", &[Self::DeTh, Self::De]),
            Self::DeThCorpusChristi => german(self, "Germany: Thüringen, municipalities with Fronleichnam", "§ 2 ThürFGtG", &[Self::DeThCorpusChristi, Self::DeTh, Self::De]),
        }
    }
}

const fn us_federal() -> Calendar {
    Calendar {
        key: CalendarKey::UsFederal,
        name: "United States: federal legal holidays",
        verified_from: 2000,
        verified_to: 2035,
        law: "Fed. R. Civ. P. 6(a)(6)(A); 5 U.S.C. § 6103 (a)",
        includes: &[CalendarKey::UsFederal],
        rules: us::HOLIDAYS,
    }
}

/// Closing orders are issued only weeks in advance, so a year is verified only once it is over.
const fn us_federal_closings() -> Calendar {
    Calendar {
        key: CalendarKey::UsFederalClosings,
        name: "United States: federal legal holidays and presidential closings",
        verified_to: 2025,
        includes: &[CalendarKey::UsFederalClosings, CalendarKey::UsFederal],
        ..us_federal()
    }
}

const fn german(key: CalendarKey, name: &'static str, law: &'static str, includes: &'static [CalendarKey]) -> Calendar {
    Calendar { key, name, verified_from: 2000, verified_to: 2035, law, includes, rules: germany::HOLIDAYS }
}
