//! The directory of people.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use chrono::{DateTime, Utc};
use docket_domain::{
    error::FieldErrors,
    id::PersonId,
    page::{Cursor, Page},
    person::{Person, PersonChanges, PersonFilter, PersonKind},
    revision::Revised as _,
    service,
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    cases::{PageParams, cursor, limit},
    error::NativeError,
    view::PaginationView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        fields::{Fields, FromFields, Given},
        params::{FromParams, Params, Query},
        path::IdPath,
    },
};

/// The letter of the cursors of the directory.
const PEOPLE: char = 'H';
/// What only the server sets.
const READ_ONLY: &[&str] = &["id", "created_at", "updated_at"];

/// Somebody new.
#[derive(Debug, Default, ToSchema)]
pub struct CreatePersonBody {
    /// `staff` for those who work on cases, `contact` for all others.
    #[schema(value_type = Option<String>, example = "contact", default = "contact", nullable = false)]
    kind: Option<PersonKind>,
    /// Their name; 1 to 500 characters.
    #[schema(value_type = String, example = "John Smith", min_length = 1, max_length = 500)]
    name: Option<String>,
    /// Their e-mail address.
    #[schema(value_type = Option<String>, example = "john.smith@example.org", max_length = 255)]
    email: Given<String>,
    /// Their telephone number.
    #[schema(value_type = Option<String>, example = "+49 30 1234567", max_length = 255)]
    phone: Given<String>,
    /// Their title or position.
    #[schema(value_type = Option<String>, example = "Managing director", max_length = 255)]
    title: Given<String>,
    /// Whether they can be chosen for new work.
    #[schema(value_type = Option<bool>, example = true, default = true, nullable = false)]
    active: Option<bool>,
}

/// Changes of an entry. Only fields that are there change anything; `null` clears an optional one.
#[derive(Debug, Default, ToSchema)]
pub struct UpdatePersonBody {
    /// `staff` for those who work on cases, `contact` for all others.
    #[schema(value_type = Option<String>, example = "contact", nullable = false)]
    kind: Option<PersonKind>,
    /// Their name; 1 to 500 characters.
    #[schema(value_type = Option<String>, example = "John Smith", min_length = 1, max_length = 500, nullable = false)]
    name: Option<String>,
    /// Their e-mail address.
    #[schema(value_type = Option<String>, example = "john.smith@example.org", max_length = 255)]
    email: Given<String>,
    /// Their telephone number.
    #[schema(value_type = Option<String>, example = "+49 30 1234567", max_length = 255)]
    phone: Given<String>,
    /// Their title or position.
    #[schema(value_type = Option<String>, example = "Managing director", max_length = 255)]
    title: Given<String>,
    /// Whether they can be chosen for new work.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    active: Option<bool>,
}

impl FromFields for CreatePersonBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let name = fields.required("name", |fields| fields.text("name"));
        let UpdatePersonBody { kind, email, phone, title, active, .. } = rest(fields);
        let body = Self { kind, name, email, phone, title, active };
        // A name that is missing was noted already.
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

/// All but the name.
fn rest(fields: &mut Fields) -> UpdatePersonBody {
    let body = UpdatePersonBody {
        kind: fields.not_null("kind", |fields| fields.word("kind", "one of staff, contact", PersonKind::parse)),
        name: None,
        email: fields.text("email"),
        phone: fields.text("phone"),
        title: fields.text("title"),
        active: fields.not_null("active", |fields| fields.boolean("active")),
    };
    fields.refuse(READ_ONLY, "is read-only");
    body
}

/// Lets the domain look at the values too, so that its faults come together with those of the reading.
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
            email: self.email.clone(),
            phone: self.phone.clone(),
            title: self.title.clone(),
            active: self.active,
        }
    }
}

/// Somebody in the directory.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Their id.
    #[schema(example = "usr_000000000000C")]
    id: String,
    /// `staff` or `contact`.
    #[schema(example = "contact")]
    kind: &'static str,
    /// Their name.
    #[schema(example = "John Smith")]
    name: String,
    /// Their e-mail address.
    #[schema(example = "john.smith@example.org")]
    email: Option<String>,
    /// Their telephone number.
    #[schema(example = "+49 30 1234567")]
    phone: Option<String>,
    /// Their title or position.
    #[schema(example = "Managing director")]
    title: Option<String>,
    /// Whether they can be chosen for new work.
    #[schema(example = true)]
    active: bool,
    /// When the directory learnt of them.
    created_at: DateTime<Utc>,
    /// When their entry last changed.
    updated_at: DateTime<Utc>,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.to_string(),
            kind: person.kind.as_str(),
            name: person.name,
            email: person.email,
            phone: person.phone,
            title: person.title,
            active: person.active,
            created_at: person.created_at,
            updated_at: person.updated_at,
        }
    }
}

/// A page of the directory.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonListView {
    /// The people, the newest entry first.
    data: Vec<PersonView>,
    /// Where the list goes on.
    pagination: PaginationView,
}

impl From<Page<Person>> for PersonListView {
    fn from(page: Page<Person>) -> Self {
        let pagination = PaginationView::new(&page, |person| Cursor { key: 0, id: person.id.0 }.encode(PEOPLE));
        Self { data: page.rows.into_iter().map(PersonView::from).collect(), pagination }
    }
}

/// Which people.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PersonParams {
    /// `staff` or `contact`.
    #[param(example = "staff", pattern = "^(staff|contact)$")]
    #[expect(dead_code, reason = "only describes the parameter, which PeopleQuery reads")]
    kind: Option<String>,
}

/// Which page of the directory.
pub struct PeopleQuery {
    filter: PersonFilter,
    after: Option<PersonId>,
    limit: i64,
}

impl FromParams for PeopleQuery {
    fn from_params(params: &mut Params) -> Self {
        Self {
            filter: PersonFilter { kind: params.value(&["kind"], "one of staff, contact", PersonKind::parse) },
            after: cursor(params, PEOPLE).map(|cursor| PersonId(cursor.id)),
            limit: limit(params),
        }
    }
}

/// Create a person
///
/// The directory stands behind parties, staff and assignees. Whoever is put on a case by name alone comes into it by
/// themselves.
#[utoipa::path(
    post,
    path = "/api/v1/people",
    tag = "people",
    request_body = CreatePersonBody,
    responses(
        (status = 201, description = "The person.", body = PersonView, headers(("Location" = String, description = "The path of the person."))),
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
/// The directory of the account, the newest entry first.
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "people",
    params(PageParams, PersonParams),
    responses((status = 200, description = "A page of the directory.", body = PersonListView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_people(
    who: Authed<CasesRead>,
    query: Query<PeopleQuery>,
    app: Data<App>,
) -> Result<Json<PersonListView>, NativeError> {
    let PeopleQuery { filter, after, limit } = query.0;
    Ok(Json(service::list_people(&app.store, who.account(), filter, after, limit).await?.into()))
}

/// Get a person
///
/// Somebody of the directory.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The id of the person.", example = "usr_000000000000C"), EntityTags),
    responses((status = 200, description = "The person.", body = PersonView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_person(who: Conditional<CasesRead>, id: IdPath, app: Data<App>) -> Result<HttpResponse, NativeError> {
    let person = service::load_person(&app.store, who.account(), id.read(PersonId::parse)).await?;
    Ok(who.conditions().respond(person.revision(), || PersonView::from(person))?)
}

/// Update a person
///
/// Only fields that are in the body change. Cases show people by the name that they have now.
#[utoipa::path(
    put,
    path = "/api/v1/people/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The id of the person.", example = "usr_000000000000C"), EntityTags),
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
