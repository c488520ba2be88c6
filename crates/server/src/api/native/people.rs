//! Handlers for the directory of people.

use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use docket_domain::{
    error::FieldErrors,
    id::PersonId,
    page::{BadCursor, Cursor, Page},
    person::{ALIASES_MAX, Person, PersonChanges, PersonFilter, PersonKind},
    revision::Revised as _,
    service,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
    view::{PaginationView, linked},
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        fields::{Fields, FromFields, Given},
        linked::Linked,
        params::{
            Query,
            param::{Words, word},
            params,
        },
        path::IdPath,
    },
};

/// Letter of the cursors of people.
const PEOPLE: char = 'H';
const READ_ONLY: &[&str] = &["id", "created_at", "updated_at"];

#[derive(Debug, Default, ToSchema)]
pub struct CreatePersonBody {
    /// `staff` (works for the organisation) or `contact` (outside it). Default: `contact`.
    #[schema(value_type = Option<String>, example = "contact", default = "contact", nullable = false)]
    kind: Option<PersonKind>,
    /// Name of the person, 1 to 500 characters.
    #[schema(value_type = String, example = "John Smith", min_length = 1, max_length = 500)]
    name: Option<String>,
    /// Other names under which the person is known, at most 50; each has 1 to 500 characters.
    #[schema(value_type = Option<Vec<String>>, example = json!(["Johnny Smith"]), max_items = 50, nullable = false)]
    aliases: Option<Vec<String>>,
    /// E-mail address, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "john.smith@example.org", max_length = 255)]
    email: Given<String>,
    /// Telephone number, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "+49 30 1234567", max_length = 255)]
    phone: Given<String>,
    /// Title or position, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "Managing director", max_length = 255)]
    title: Given<String>,
    /// Whether the person can be chosen for new work. Default: `true`.
    #[schema(value_type = Option<bool>, example = true, default = true, nullable = false)]
    active: Option<bool>,
}

/// Changes to a person. Absent fields stay unchanged; `null` clears an optional field.
#[derive(Debug, Default, ToSchema)]
pub struct UpdatePersonBody {
    /// `staff` (works for the organisation) or `contact` (outside it).
    #[schema(value_type = Option<String>, example = "contact", nullable = false)]
    kind: Option<PersonKind>,
    /// Name of the person, 1 to 500 characters.
    #[schema(value_type = Option<String>, example = "John Smith", min_length = 1, max_length = 500, nullable = false)]
    name: Option<String>,
    /// Other names under which the person is known, at most 50; each has 1 to 500 characters.
    #[schema(value_type = Option<Vec<String>>, example = json!(["Johnny Smith"]), max_items = 50, nullable = false)]
    aliases: Option<Vec<String>>,
    /// E-mail address, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "john.smith@example.org", max_length = 255)]
    email: Given<String>,
    /// Telephone number, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "+49 30 1234567", max_length = 255)]
    phone: Given<String>,
    /// Title or position, 1 to 255 characters.
    #[schema(value_type = Option<String>, example = "Managing director", max_length = 255)]
    title: Given<String>,
    /// Whether the person can be chosen for new work.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    active: Option<bool>,
}

impl FromFields for CreatePersonBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let name = fields.required("name", |fields| fields.text("name"));
        let UpdatePersonBody { kind, aliases, email, phone, title, active, .. } = rest(fields);
        let body = Self { kind, name, aliases, email, phone, title, active };
        // A missing name is already reported.
        let changes = PersonChanges { name: body.name.clone(), ..body.changes() };
        check(fields, changes);
        body
    }
}

impl FromFields for UpdatePersonBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let name = fields.not_null("name", |fields| fields.text("name"));
        let body = Self { name, ..rest(fields) };
        check(fields, body.changes());
        body
    }
}

/// Reads every field but the name.
fn rest(fields: &mut Fields) -> UpdatePersonBody {
    let body = UpdatePersonBody {
        kind: fields.not_null("kind", |fields| fields.word("kind", "one of staff, contact", PersonKind::parse)),
        name: None,
        aliases: fields.not_null("aliases", |fields| fields.texts("aliases", ALIASES_MAX)),
        email: fields.text("email"),
        phone: fields.text("phone"),
        title: fields.text("title"),
        active: fields.not_null("active", |fields| fields.boolean("active")),
    };
    fields.refuse(READ_ONLY, "is read-only");
    body
}

/// Runs the checks of the domain as well, so that the response lists all invalid fields at once.
fn check(fields: &mut Fields, changes: PersonChanges) {
    let anybody = Person::named(docket_domain::id::AccountId(0), PersonKind::Contact, "anybody", DateTime::UNIX_EPOCH);
    let mut faults = FieldErrors::default();
    changes.applied_to(anybody).check(&mut faults);
    fields.adopt(faults, |field| field.into());
}

impl CreatePersonBody {
    fn changes(&self) -> PersonChanges {
        PersonChanges {
            kind: self.kind,
            name: None,
            aliases: self.aliases.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            title: self.title.clone(),
            active: self.active,
        }
    }
}

impl UpdatePersonBody {
    fn changes(&self) -> PersonChanges {
        PersonChanges {
            kind: self.kind,
            name: self.name.clone(),
            aliases: self.aliases.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            title: self.title.clone(),
            active: self.active,
        }
    }
}

/// A person in the directory.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    #[schema(example = "usr_0000000000037")]
    id: String,
    /// `staff` (works for the organisation) or `contact` (outside it).
    #[schema(example = "contact")]
    kind: &'static str,
    #[schema(example = "John Smith")]
    name: String,
    /// Other names under which the person is known.
    #[schema(example = json!(["Johnny Smith"]))]
    aliases: Vec<String>,
    #[schema(example = "john.smith@example.org")]
    email: Option<String>,
    #[schema(example = "+49 30 1234567")]
    phone: Option<String>,
    /// Title or position.
    #[schema(example = "Managing director")]
    title: Option<String>,
    /// Whether the person can be chosen for new work.
    #[schema(example = true)]
    active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.to_string(),
            kind: person.kind.as_str(),
            name: person.name,
            aliases: person.aliases,
            email: person.email,
            phone: person.phone,
            title: person.title,
            active: person.active,
            created_at: person.created_at,
            updated_at: person.updated_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PersonListView {
    /// People, newest entry first.
    data: Vec<PersonView>,
    pagination: PaginationView,
}

linked!(PersonListView);

impl From<Page<Person>> for PersonListView {
    fn from(page: Page<Person>) -> Self {
        let pagination = PaginationView::new(&page, |person| Cursor { key: 0, id: person.id.0 }.encode(PEOPLE));
        Self { data: page.rows.into_iter().map(PersonView::from).collect(), pagination }
    }
}

pub type PeopleQuery = (PersonParams, PageAfter<PersonId>);

params! {
    pub struct PersonParams {
        /// Only people of this kind: `staff` or `contact`.
        kind: Option<PersonKind> = word(Words::new(&PersonKind::ALL, PersonKind::as_str)).example("staff");
    }
}

impl Position for PersonId {
    const LIST: char = PEOPLE;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self(cursor.id))
    }
}

/// Create a person
///
/// Adds a person to the directory. Parties and staff that are given by name only are added automatically.
#[utoipa::path(
    post,
    path = "/api/v1/people",
    tag = "people",
    request_body = CreatePersonBody,
    responses(
        (status = 201, description = "The person.", body = PersonView, headers(("Location" = String, description = "Path of the person."))),
        (status = 400),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_person(
    who: Authed<CasesWrite>,
    body: Body<CreatePersonBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let name = body.0.name.clone().unwrap_or_default();
    let person = Person::named(who.account(), PersonKind::Contact, name, app.now());
    let person = service::create_person(&app.store, &who.context(&app), body.0.changes().applied_to(person)).await?;
    let location = format!("/api/v1/people/{}", person.id);
    Ok(created(location, &person.revision(), PersonView::from(person)))
}

/// List people
///
/// Returns the directory of the account, newest entry first.
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "people",
    params(PageParams, PersonParams),
    responses((status = 200, description = "A page of people.", body = PersonListView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_people(
    who: Authed<CasesRead>,
    query: Query<PeopleQuery>,
    app: Data<App>,
) -> Result<Linked<PersonListView>, NativeError> {
    let (PersonParams { kind }, PageAfter { after, limit }) = query.0;
    let filter = PersonFilter { kind };
    Ok(Linked(service::list_people(&app.store, who.account(), filter, after, limit).await?.into()))
}

/// Get a person
///
/// Returns a person in the directory.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The id of the person.", example = "usr_0000000000037"), EntityTags),
    responses((status = 200, description = "The person.", body = PersonView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_person(who: Conditional<CasesRead>, id: IdPath, app: Data<App>) -> Result<HttpResponse, NativeError> {
    let person = service::load_person(&app.store, who.account(), id.read(PersonId::parse)).await?;
    Ok(who.conditions().respond(person.revision(), || PersonView::from(person))?)
}

/// Update a person
///
/// Only fields in the body change. Cases show the new name at once.
#[utoipa::path(
    put,
    path = "/api/v1/people/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The id of the person.", example = "usr_0000000000037"), EntityTags),
    request_body = UpdatePersonBody,
    responses((status = 200, description = "The person.", body = PersonView), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_person(
    who: Conditional<CasesWrite>,
    id: IdPath,
    body: Body<UpdatePersonBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, id) = (who.context(&app), id.read(PersonId::parse));
    let person = service::change_person(&app.store, &context, id, body.0.changes()).await?;
    Ok(tagged(&person.revision(), PersonView::from(person)))
}
