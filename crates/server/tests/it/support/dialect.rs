use docket_server::api::DIALECTS;
use serde_json::Value;

/// A dialect, for tests that differ between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Native,
    Trackops,
    Services,
    CaseIq,
}

impl Dialect {
    pub(crate) const ALL: [Self; 4] = [Self::Native, Self::Trackops, Self::Services, Self::CaseIq];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Trackops => "trackops",
            Self::Services => "services",
            Self::CaseIq => "caseiq",
        }
    }

    pub(crate) fn document(self) -> Value {
        let dialect = DIALECTS.iter().find(|dialect| dialect.name == self.as_str()).unwrap();
        (dialect.document)()
    }
}
