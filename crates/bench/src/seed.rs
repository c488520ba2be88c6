//! Seeds large stores, reproducibly for each size. The cases come from the domain's own decisions, so that all logs
//! pass the verification.
//!
//! One account has half of all cases. The other accounts share the rest by Zipf's law. Customers, types and tags within
//! an account are also unevenly distributed.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use docket_domain::{
    account::Account,
    actor::{Actor, Context},
    case::{Details, Priority, Tags},
    command::{Command, NewCase},
    error::FieldErrors,
    id::{ContractorId, CustomerId, InquiryId, OrderId, PersonId},
    import::{ImportContext, LogMap, LogRow, LogRun},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Who},
    person::{Person, PersonKind},
    scope::Scopes,
    service,
    source::{Content, NewSource, OrderContent},
    store::{AccountStore as _, PeopleStore as _},
    workflow::{EntityType, StatusKey, Workflow},
};
use docket_persistence::Database;
use fastrand::Rng;
use rusqlite::Connection;
use uuid::Uuid;

/// Name of the account with half of all cases. All measurements use this account.
pub(crate) const LARGEST: &str = "account-1";
/// Number of accounts.
const ACCOUNTS: u64 = 100;
/// Cases per transaction.
const BATCH: u64 = 500;
/// Number of days over which the cases are created.
const DAYS: i64 = 1_000;
/// Id of the first source that is created in bulk.
const FIRST_SOURCE: u64 = 3;
/// Number of staff members, and of contacts, per account.
const PEOPLE: usize = 40;

/// Status sequences of cases, with their weights in percent.
const LIVES: [(u64, &[&str]); 9] = [
    (14, &["open"]),
    (10, &["open", "in_progress"]),
    (6, &["open", "in_progress", "pending_customer"]),
    (30, &["open", "in_progress", "resolved", "closed"]),
    (14, &["open", "in_progress", "pending_customer", "in_progress", "resolved", "closed"]),
    (8, &["open", "in_progress", "pending_contractor", "in_progress", "resolved"]),
    (8, &["open", "resolved", "in_progress", "resolved", "closed"]),
    (6, &["open", "closed"]),
    (4, &["open", "in_progress", "cancelled"]),
];
const TYPES: [&str; 6] = ["incident", "request", "complaint", "investigation", "litigation", "audit"];
const SYSTEMS: [&str; 10] =
    ["mail", "network", "payroll", "archive", "telephony", "printing", "storage", "intranet", "access", "billing"];
const TROUBLES: [&str; 8] = [
    "is slow",
    "does not answer",
    "lost data",
    "needs a renewal",
    "was misused",
    "is overdue",
    "differs",
    "is unclear",
];
const NAMES: [&str; 12] = [
    "Abara",
    "Bergmann",
    "Castillo",
    "Dumont",
    "Eriksen",
    "Fontana",
    "Gruber",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kimura",
    "Lindqvist",
];

/// Fills an empty store with `cases` cases.
pub(crate) async fn fill(store: &Database, cases: u64) -> anyhow::Result<()> {
    let end = Utc::now();
    for (number, count) in (1..).zip(shares(cases)) {
        let account = store.create_account(&format!("account-{number}"), end).await?;
        if account.name == LARGEST {
            create_sources(store, &account).await?;
        }
        Filler::new(store, &account, number).await?.fill(count, end).await?;
    }
    Ok(())
}

/// Number of inquiries and orders of the largest account. Every second case came from one.
fn sources(cases: u64) -> u64 {
    cases / 4
}

/// Creates the inquiries and orders of the largest account as copies of one of each. Creating them one by one would
/// take too long.
pub(crate) fn multiply_sources(conn: &Connection, cases: u64) -> anyhow::Result<()> {
    let mut columns = conn.prepare("SELECT name FROM pragma_table_info('sources')")?;
    let columns = columns.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let value = |column: &String| match column.as_str() {
        "id" => "n".to_owned(),
        "user_id" => "1 + n % 2000".to_owned(),
        "created_at" | "updated_at" => {
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1700000000 + n * 300, 'unixepoch')".to_owned()
        }
        other => format!("template.{other}"),
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
    conn.execute(
        &format!(
            "WITH RECURSIVE numbers (n) AS (SELECT {FIRST_SOURCE} UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1) \
             INSERT INTO sources ({}) SELECT {values} FROM numbers JOIN sources AS template ON template.id = 1 + n % 2",
            columns.join(", ")
        ),
        [i64::try_from(FIRST_SOURCE + sources(cases))?],
    )?;
    // The maintained counts of the copies.
    conn.execute_batch(
        "DELETE FROM histograms WHERE histogram IN (SELECT entity_type FROM sources); \
         INSERT INTO histograms (account_id, histogram, bucket, entries) \
         SELECT account_id, entity_type, CAST(julianday(substr(created_at, 1, 10)) - 2440587.5 AS INTEGER), count(*) \
         FROM sources GROUP BY 1, 2, 3",
    )?;
    Ok(())
}

/// Number of cases per account.
fn shares(cases: u64) -> Vec<u64> {
    let rest = cases - cases / 2;
    let harmonic = (1..ACCOUNTS).map(|rank| 1.0 / rank as f64).sum::<f64>();
    let share = |rank: u64| ((rest as f64) / harmonic / rank as f64) as u64;
    let mut shares = std::iter::once(0).chain((1..ACCOUNTS).map(share)).collect::<Vec<_>>();
    let others = shares.iter().sum::<u64>();
    if let Some(largest) = shares.first_mut() {
        *largest = cases - others;
    }
    shares
}

/// Creates an inquiry, then an order. The copies of [`multiply_sources`] alternate in the same way.
async fn create_sources(store: &Database, account: &Account) -> anyhow::Result<()> {
    let actor = Actor { id: None, name: "bench".to_owned() };
    let context = Context::new(account.id, actor, Scopes::all(), Utc::now());
    for content in [Content::Inquiry, Content::Order(OrderContent::default())] {
        let title = Some("A new printer".to_owned());
        let new = NewSource {
            id: None,
            user: CustomerId(1),
            title,
            description: None,
            status: None,
            content,
            created_by: None,
        };
        service::create_source(store, &context, new, FieldErrors::default()).await?;
    }
    Ok(())
}

struct Filler<'s> {
    store: &'s Database,
    account: &'s Account,
    workflow: Workflow,
    map: LogMap,
    staff: Vec<(PersonId, String)>,
    contacts: Vec<(PersonId, String)>,
    seed: u64,
}

impl<'s> Filler<'s> {
    async fn new(store: &'s Database, account: &'s Account, number: u64) -> anyhow::Result<Self> {
        let workflow = service::load_current_workflow(store, account.id, EntityType::Case).await?.as_ref().clone();
        let statuses = workflow.statuses().iter().map(|status| (status.key.as_str().to_owned(), status.key.clone()));
        let map = LogMap { source: "bench".to_owned(), statuses: statuses.collect(), skip: Default::default() };
        let mut people = [Vec::new(), Vec::new()];
        for (list, kind) in people.iter_mut().zip([PersonKind::Staff, PersonKind::Contact]) {
            for place in 0..PEOPLE {
                let name = format!("{} {place}", pick(&NAMES, place as u64)?);
                let person = store.create_person(Person::named(account.id, kind, name, Utc::now()), None).await?;
                list.push((person.id, person.name));
            }
        }
        let [staff, contacts] = people;
        Ok(Self { store, account, workflow, map, staff, contacts, seed: number << 40 })
    }

    async fn fill(&self, count: u64, end: DateTime<Utc>) -> anyhow::Result<()> {
        let mut next = 0;
        while next < count {
            let until = (next + BATCH).min(count);
            let passed = i64::try_from(u128::from(count - until) * (DAYS * 86_400) as u128 / u128::from(count))?;
            let now = docket_domain::time::to_microseconds(end - TimeDelta::seconds(passed));
            let runs = (next..until).map(|case| self.run(case, now)).collect::<anyhow::Result<Vec<_>>>()?;
            let terms = ImportContext { account: self.account.id, map: &self.map, workflow: &self.workflow, now };
            let outcome = service::replay_batch(self.store, terms, &runs, |row| self.new_case(row)).await?;
            anyhow::ensure!(outcome.remarks.is_empty(), "a seeded case was refused: {:?}", outcome.remarks.first());
            next = until;
        }
        Ok(())
    }

    /// The status log of a case. It ends before `now`, when the store records it.
    fn run(&self, case: u64, now: DateTime<Utc>) -> anyhow::Result<LogRun> {
        let mut rng = Rng::with_seed(self.seed + case);
        let mut draw = rng.u64(0..100);
        let life = LIVES.iter().find(|(weight, _)| {
            let found = draw < *weight;
            draw = draw.saturating_sub(*weight);
            found
        });
        let (_, life) = life.context("the weights of the lives are a hundred")?;
        let mut at = now - TimeDelta::days(90);
        let rows = life.iter().map(|status| {
            at += TimeDelta::seconds(rng.i64(600..864_000));
            let (_, actor) = pick(&self.staff, rng.u64(..))?;
            Ok(LogRow {
                line: case,
                case: case.to_string(),
                status: StatusKey::new(*status).as_str().to_owned(),
                actor: actor.clone(),
                occurred_at: at,
                reason: None,
            })
        });
        Ok(LogRun { rows: rows.collect::<anyhow::Result<_>>()? })
    }

    fn new_case(&self, row: &LogRow) -> NewCase {
        let mut rng = Rng::with_seed(!(self.seed + row.line));
        let any = |words: &[&str], rng: &mut Rng| words.get(zipf(rng, words.len())).map(|word| (*word).to_owned());
        let system = any(&SYSTEMS, &mut rng).unwrap_or_default();
        let trouble = any(&TROUBLES, &mut rng).unwrap_or_default();
        let day = row.occurred_at.date_naive();
        let priority = match rng.u8(0..20) {
            0 => Priority::Urgent,
            1..4 => Priority::High,
            4..15 => Priority::Normal,
            _ => Priority::Low,
        };
        let source = (self.account.name == LARGEST && row.line.is_multiple_of(2))
            .then(|| i64::try_from(FIRST_SOURCE + row.line / 2).ok())
            .flatten();
        let tags = (0..rng.u8(0..4)).map(|_| format!("tag-{}", zipf(&mut rng, 500))).collect::<Vec<_>>();
        let details = Details {
            name: Some(format!("{system} {trouble} at {}", NAMES.get(zipf(&mut rng, NAMES.len())).unwrap_or(&""))),
            case_type: any(&TYPES, &mut rng),
            description: Some(format!("The {system} {trouble}. Reported by telephone, {} calls so far.", rng.u8(..))),
            priority,
            tags: Tags::default().with(tags),
            due_on: rng.bool().then(|| day + TimeDelta::days(rng.i64(1..120))),
            reference_1: Some(format!("R{:08}", row.line)),
            customer: i64::try_from(1 + zipf(&mut rng, 2_000)).ok().map(CustomerId),
            inquiry: source.filter(|source| source % 2 == 0).map(InquiryId),
            order: source.filter(|source| source % 2 == 1).map(OrderId),
            contractor: rng.bool().then(|| 1 + rng.i64(0..50)).map(ContractorId),
            ..Details::opened_on(day)
        };
        let people =
            [(ParticipantKind::Staff, &self.staff, "lead"), (ParticipantKind::Party, &self.contacts, "client")];
        let then = people.into_iter().filter_map(|(side, people, role)| {
            let (person, name) = people.get(rng.usize(..people.len()))?;
            let who = Who::Known(*person, name.clone());
            let change = ParticipantsChange::Add(vec![NewParticipant { who, role: role.to_owned() }]);
            Some(Command::Participants(ParticipantsCommand { side, present: Vec::new(), change }))
        });
        let then = then.collect();
        NewCase { then, ..NewCase::new(Uuid::now_v7(), details) }
    }
}

/// The element at `number` modulo the length.
fn pick<T>(of: &[T], number: u64) -> anyhow::Result<&T> {
    let place = usize::try_from(number)? % of.len().max(1);
    of.get(place).context("there is nothing to pick from")
}

/// A random index below `bound`. Its probability is about the inverse of its rank.
fn zipf(rng: &mut Rng, bound: usize) -> usize {
    let place = (bound as f64 + 1.0).powf(rng.f64()) as usize;
    place.saturating_sub(1).min(bound.saturating_sub(1))
}
