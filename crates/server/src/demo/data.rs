//! The demonstration data in `demo/`. The README there describes the fields.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Number;

/// A sample of the real log.
pub(super) const LOG: &str = include_str!("../../demo/incidents-sample.csv");
/// The import map of the log.
pub(super) const LOG_MAP: &str = include_str!("../../demo/incidents.map.toml");

/// The invented data.
#[derive(Debug, Deserialize)]
pub(super) struct Data {
    pub(super) people: Vec<PersonData>,
    pub(super) clients: Vec<ClientData>,
    pub(super) regions: Vec<RegionData>,
    pub(super) cases: Vec<CaseData>,
    pub(super) log: LogData,
    pub(super) inquiries: Vec<InquiryData>,
    pub(super) orders: Vec<OrderData>,
}

impl Data {
    pub(super) fn read() -> anyhow::Result<Self> {
        serde_json::from_str(include_str!("../../demo/demo.json")).context("the demonstration data is invalid")
    }

    pub(super) fn name_of(&self, person: i64) -> Option<&str> {
        self.people.iter().find(|known| known.id == person).map(|known| known.name.as_str())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PersonData {
    pub(super) id: i64,
    pub(super) kind: docket_domain::person::PersonKind,
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ClientData {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RegionData {
    pub(super) key: String,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CaseData {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) dezernat: String,
    pub(super) file_number: String,
    #[serde(rename = "type")]
    pub(super) case_type: String,
    pub(super) priority: docket_domain::case::Priority,
    pub(super) tags: Vec<String>,
    pub(super) client: Option<String>,
    pub(super) region: Option<String>,
    pub(super) customer_id: i64,
    pub(super) contractor_id: Option<i64>,
    pub(super) opened: i64,
    pub(super) due: Option<i64>,
    pub(super) history: Vec<StepData>,
    pub(super) staff: Vec<RoleData>,
    pub(super) parties: Vec<RoleData>,
    pub(super) subjects: Vec<SubjectData>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StepData {
    pub(super) day: i64,
    pub(super) to: String,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoleData {
    pub(super) person: i64,
    pub(super) role: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SubjectData {
    pub(super) name: String,
    pub(super) is_primary: bool,
}

/// Values for the cases of the log, each list used in rotation.
#[derive(Debug, Deserialize)]
pub(super) struct LogData {
    pub(super) titles: Vec<TitleData>,
    pub(super) systems: Vec<String>,
    pub(super) priorities: Vec<docket_domain::case::Priority>,
    pub(super) types: Vec<String>,
    pub(super) staff: Vec<i64>,
    pub(super) customers: Vec<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TitleData {
    pub(super) title: String,
    pub(super) tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InquiryData {
    pub(super) id: i64,
    pub(super) user_id: i64,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) status: String,
    pub(super) day: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct OrderData {
    pub(super) id: i64,
    pub(super) customer_id: i64,
    pub(super) title: String,
    pub(super) notes: String,
    pub(super) status: String,
    pub(super) day: i64,
    pub(super) items: Vec<ItemData>,
    pub(super) total: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ItemData {
    pub(super) title: String,
    pub(super) quantity: Number,
    pub(super) unit_price: String,
}
