//! The keys of the calendars.

use crate::deadline::words::words;

words! {
    /// Key of a calendar: United States, Germany, a German state, or a part of a state with additional holidays.
    CalendarKey, "calendar" {
        /// The legal holidays of Rule 6(a)(6)(A).
        UsFederal = "us-federal",
        /// The same, plus the days on which the President closed the executive departments.
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
    /// Whether it is a calendar of the federal courts of the United States.
    pub(in crate::deadline) const fn is_us(self) -> bool {
        matches!(self, Self::UsFederal | Self::UsFederalClosings)
    }

    /// Whether it is a calendar of Germany or of a part of it.
    pub(in crate::deadline) const fn is_german(self) -> bool {
        !self.is_us()
    }
}
