//! The names of the calendars, and the table that describes them.

use super::{Calendar, germany, us};
use crate::deadline::compute::words;

words! {
    /// A calendar's name: `us-federal`, `de` and the sixteen states; after a state's key, what does not hold in all of it.
    CalendarKey, "calendar" {
        /// The legal holidays of Rule 6(a)(6)(A).
        UsFederal = "us-federal",
        /// The same, with the days on which the President closed the executive departments.
        UsFederalClosings = "us-federal-closings",
        /// The holidays that all German states share.
        De = "de",
        /// Baden-Württemberg.
        DeBw = "de-bw",
        /// Bavaria, without Assumption Day.
        DeBy = "de-by",
        /// Bavaria, a municipality with a predominantly Catholic population: with Assumption Day.
        DeByAssumption = "de-by-assumption",
        /// The city of Augsburg: with Assumption Day and the Peace Festival.
        DeByAugsburg = "de-by-augsburg",
        /// Berlin.
        DeBe = "de-be",
        /// Brandenburg.
        DeBb = "de-bb",
        /// Bremen.
        DeHb = "de-hb",
        /// Hamburg.
        DeHh = "de-hh",
        /// Hesse.
        DeHe = "de-he",
        /// Mecklenburg-Western Pomerania.
        DeMv = "de-mv",
        /// Lower Saxony.
        DeNi = "de-ni",
        /// North Rhine-Westphalia.
        DeNw = "de-nw",
        /// Rhineland-Palatinate.
        DeRp = "de-rp",
        /// Saarland.
        DeSl = "de-sl",
        /// Saxony, without Corpus Christi.
        DeSn = "de-sn",
        /// Saxony, a municipality of the Corpus Christi ordinance (Sorbian Upper Lusatia).
        DeSnCorpusChristi = "de-sn-corpus-christi",
        /// Saxony-Anhalt.
        DeSt = "de-st",
        /// Schleswig-Holstein.
        DeSh = "de-sh",
        /// Thuringia, without Corpus Christi.
        DeTh = "de-th",
        /// Thuringia, a municipality where Corpus Christi is a holiday (Eichsfeld and others).
        DeThCorpusChristi = "de-th-corpus-christi",
    }
}

impl CalendarKey {
    /// Whether it is one of the federal courts of the United States.
    pub(in crate::deadline) const fn is_us(self) -> bool {
        matches!(self, Self::UsFederal | Self::UsFederalClosings)
    }

    /// Whether it is one of Germany or of a place in Germany.
    pub(in crate::deadline) const fn is_german(self) -> bool {
        !self.is_us()
    }

    /// The calendar of that name.
    #[must_use]
    #[rustfmt::skip]
    pub const fn calendar(self) -> Calendar {
        match self {
            Self::UsFederal => us_federal(),
            Self::UsFederalClosings => us_federal_closings(),
            Self::De => german(self, "Germany: the holidays of all states", "the holiday laws of all sixteen states", None),
            Self::DeBw => german(self, "Germany: Baden-Württemberg", "§ 1 FTG BW", Some(Self::De)),
            Self::DeBy => german(self, "Germany: Bayern", "Art. 1 BayFTG", Some(Self::De)),
            Self::DeByAssumption => german(self, "Germany: Bayern, municipalities with Mariä Himmelfahrt", "Art. 1 BayFTG", Some(Self::DeBy)),
            Self::DeByAugsburg => german(self, "Germany: Bayern, Augsburg", "Art. 1 BayFTG", Some(Self::DeByAssumption)),
            Self::DeBe => german(self, "Germany: Berlin", "§ 1 FeiertG BE", Some(Self::De)),
            Self::DeBb => german(self, "Germany: Brandenburg", "§ 2 FTG BB", Some(Self::De)),
            Self::DeHb => german(self, "Germany: Bremen", "§ 2 BremFeiertG", Some(Self::De)),
            Self::DeHh => german(self, "Germany: Hamburg", "§ 1 FeiertG HH", Some(Self::De)),
            Self::DeHe => german(self, "Germany: Hessen", "§ 1 HFeiertagsG", Some(Self::De)),
            Self::DeMv => german(self, "Germany: Mecklenburg-Vorpommern", "§ 2 FTG M-V", Some(Self::De)),
            Self::DeNi => german(self, "Germany: Niedersachsen", "§ 2 NFeiertagsG", Some(Self::De)),
            Self::DeNw => german(self, "Germany: Nordrhein-Westfalen", "§ 2 Feiertagsgesetz NW", Some(Self::De)),
            Self::DeRp => german(self, "Germany: Rheinland-Pfalz", "§ 2 LFtG", Some(Self::De)),
            Self::DeSl => german(self, "Germany: Saarland", "§ 2 SFG", Some(Self::De)),
            Self::DeSn => german(self, "Germany: Sachsen", "§ 1 SächsSFG", Some(Self::De)),
            Self::DeSnCorpusChristi => german(self, "Germany: Sachsen, municipalities with Fronleichnam", "§ 1 SächsSFG", Some(Self::DeSn)),
            Self::DeSt => german(self, "Germany: Sachsen-Anhalt", "§ 2 FeiertG LSA", Some(Self::De)),
            Self::DeSh => german(self, "Germany: Schleswig-Holstein", "§ 2 SFTG", Some(Self::De)),
            Self::DeTh => german(self, "Germany: Thüringen", "§ 2 ThürFGtG", Some(Self::De)),
            Self::DeThCorpusChristi => german(self, "Germany: Thüringen, municipalities with Fronleichnam", "§ 2 ThürFGtG", Some(Self::DeTh)),
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
        builds_on: None,
        rules: us::HOLIDAYS,
    }
}

/// Orders of closing come weeks before their day, so no year is verified before it is over.
const fn us_federal_closings() -> Calendar {
    Calendar {
        key: CalendarKey::UsFederalClosings,
        name: "United States: federal legal holidays and presidential closings",
        verified_to: 2025,
        builds_on: Some(CalendarKey::UsFederal),
        ..us_federal()
    }
}

const fn german(key: CalendarKey, name: &'static str, law: &'static str, builds_on: Option<CalendarKey>) -> Calendar {
    Calendar { key, name, verified_from: 2000, verified_to: 2035, law, builds_on, rules: germany::HOLIDAYS }
}
