//! Bodies of requests on webhooks.

use docket_domain::{feed::TypeFilter, service::WebhookChanges};
use utoipa::ToSchema;

use crate::wire::fields::{Fields, FromFields};

/// Longest URL.
const URL_MAX: usize = 2_000;
/// Greatest number of types.
const TYPES_MAX: usize = 100;

#[derive(Debug, Default, ToSchema)]
pub struct CreateWebhookBody {
    /// Where the requests go: `https` and a public address.
    #[schema(value_type = String, example = "https://example.com/hook", min_length = 1, max_length = 2000)]
    pub url: Option<String>,
    /// Types of events, or all types of a noun as `case.*`. Default: all.
    #[schema(value_type = Vec<String>, required = false, example = json!(["case.*"]), max_items = 100)]
    pub types: Option<Vec<String>>,
    /// What the webhook is for.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 255)]
    pub description: Option<Option<String>>,
    /// Whether events are sent. Default: `true`.
    #[schema(value_type = bool, required = false, example = true)]
    pub active: Option<bool>,
}

impl FromFields for CreateWebhookBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let url = fields.required("url", |fields| fields.text("url"));
        let UpdateWebhookBody { types, description, active, .. } = UpdateWebhookBody::rest(fields);
        check_url_length(fields, url.as_deref());
        Self { url, types, description, active }
    }
}

/// The fields to set. Fields that are left out stay.
#[derive(Debug, Default, ToSchema)]
pub struct UpdateWebhookBody {
    /// Where the requests go: `https` and a public address.
    #[schema(value_type = String, required = false, example = "https://example.com/hook", min_length = 1, max_length = 2000)]
    pub url: Option<String>,
    /// Types of events, or all types of a noun as `case.*`; empty for all.
    #[schema(value_type = Vec<String>, required = false, example = json!(["case.*"]), max_items = 100)]
    pub types: Option<Vec<String>>,
    /// What the webhook is for.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 255)]
    pub description: Option<Option<String>>,
    /// Whether events are sent.
    #[schema(value_type = bool, required = false, example = true)]
    pub active: Option<bool>,
}

impl UpdateWebhookBody {
    fn rest(fields: &mut Fields) -> Self {
        let types = fields.not_null("types", |fields| fields.texts("types", TYPES_MAX));
        let unknown = types
            .as_ref()
            .and_then(|types| TypeFilter::parse(types.iter().map(String::as_str)).err().map(ToOwned::to_owned));
        if let Some(unknown) = unknown {
            fields.fault("types", format!("{unknown:?} is no type of event; /api/v1/events/types lists them"));
        }
        let description = fields.text("description");
        if description.as_ref().and_then(Option::as_ref).is_some_and(|text| text.chars().count() > 255) {
            fields.fault("description", "must have at most 255 characters");
        }
        let active = fields.not_null("active", |fields| fields.boolean("active"));
        Self { url: None, types, description, active }
    }
}

impl FromFields for UpdateWebhookBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let url = fields.not_null("url", |fields| fields.text("url"));
        check_url_length(fields, url.as_deref());
        Self { url, ..Self::rest(fields) }
    }
}

fn check_url_length(fields: &mut Fields, url: Option<&str>) {
    if url.is_some_and(|url| url.len() > URL_MAX) {
        fields.fault("url", "must have at most 2000 characters");
    }
}

macro_rules! changes_of {
    ($($body:ident),*) => {$(
        impl From<$body> for WebhookChanges {
            fn from($body { url, types, description, active }: $body) -> Self {
                Self { url, types, description, active }
            }
        }
    )*};
}
changes_of!(CreateWebhookBody, UpdateWebhookBody);

#[derive(Debug, Default, ToSchema)]
pub struct ReplayBody {
    /// A cursor of `GET /api/v1/events`. The events behind it are sent again.
    #[schema(value_type = String, example = "e40000000000010000000000001")]
    pub after: Option<String>,
}

impl FromFields for ReplayBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { after: fields.required("after", |fields| fields.text("after")) }
    }
}
