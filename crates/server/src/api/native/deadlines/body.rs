//! Request bodies for deadlines.

use chrono::NaiveDate;
use docket_domain::{
    deadline::{DeadlineChanges, DeadlineKind, DeadlineStatus, Due, NewDeadline, When},
    id::PersonId,
};
use utoipa::ToSchema;
use validator::Validate;

use super::super::compute::ComputeBody;
use crate::wire::{
    fields::{Fields, FromFields, Given, name_line},
    problem::Problem,
};

const READ_ONLY: &[&str] = &["id", "case_id", "rule", "steps", "created_at", "updated_at"];
const KINDS: &str = "one of statutory, court, contractual, internal";

/// A new deadline. Either `due_at` or `compute` is required.
#[derive(Debug, Validate, ToSchema)]
pub struct CreateDeadlineBody {
    /// What has to be done, 1 to 500 characters.
    #[validate(custom(function = "name_line"))]
    #[schema(value_type = String, example = "Statement of defence", min_length = 1, max_length = 500)]
    title: Option<String>,
    /// Origin: `statutory`, `court`, `contractual` or `internal`. Default: `internal`.
    #[schema(value_type = Option<String>, example = "court", default = "internal", nullable = false)]
    kind: Option<DeadlineKind>,
    /// Due date (`YYYY-MM-DD`) or RFC 3339 timestamp. Responses have the timestamp in UTC.
    #[schema(value_type = Option<String>, example = "2026-08-06", nullable = false)]
    due_at: Option<Due>,
    /// Period from which the due date is computed, instead of `due_at`.
    #[schema(value_type = Option<ComputeBody>, example = json!(null), nullable = false)]
    compute: Option<ComputeBody>,
    /// Id of the person responsible for the deadline. Must exist.
    #[schema(value_type = Option<String>, example = json!(null))]
    assigned_to: Given<PersonId>,
    /// First day on which to warn about the deadline; not after the due date.
    #[schema(value_type = Option<String>, format = Date, example = "2026-07-30")]
    warn_on: Given<NaiveDate>,
}

/// Changes to a deadline. Absent fields stay unchanged; `null` clears an optional field.
#[derive(Debug, Default, Validate, ToSchema)]
pub struct UpdateDeadlineBody {
    /// What has to be done, 1 to 500 characters.
    #[validate(custom(function = "name_line"))]
    #[schema(value_type = Option<String>, example = "Statement of defence", min_length = 1, max_length = 500, nullable = false)]
    title: Option<String>,
    /// Origin: `statutory`, `court`, `contractual` or `internal`.
    #[schema(value_type = Option<String>, example = "court", nullable = false)]
    kind: Option<DeadlineKind>,
    /// Due date (`YYYY-MM-DD`) or RFC 3339 timestamp. A new value removes the stored computation.
    #[schema(value_type = Option<String>, example = "2026-08-06", nullable = false)]
    due_at: Option<Due>,
    /// Period from which the due date is computed, instead of `due_at`.
    #[schema(value_type = Option<ComputeBody>, example = json!(null), nullable = false)]
    compute: Option<ComputeBody>,
    /// `pending`, `met` or `cancelled`. `missed` is accepted only if the due time has passed.
    #[schema(value_type = Option<String>, example = "pending", nullable = false)]
    status: Option<DeadlineStatus>,
    /// Id of the person responsible for the deadline. Must exist.
    #[schema(value_type = Option<String>, example = "usr_0000000000037")]
    assigned_to: Given<PersonId>,
    /// `true` verifies the deadline as the person of the calling key, who must not be the person who entered it or last
    /// changed its title, kind or due date. `false` removes the verification.
    #[schema(value_type = Option<bool>, example = false, nullable = false)]
    verified: Option<bool>,
    /// Id of the person of the calling key: verifies the deadline like `"verified": true`. `null` removes the
    /// verification.
    #[schema(value_type = Option<String>, example = "usr_000000000000E")]
    verified_by: Given<PersonId>,
    /// First day on which to warn about the deadline; not after the due date.
    #[schema(value_type = Option<String>, format = Date, example = "2026-07-30")]
    warn_on: Given<NaiveDate>,
}

impl FromFields for CreateDeadlineBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let title = fields.required("title", |fields| fields.text("title"));
        let kind = kind(fields);
        let given = fields.has("due_at") || fields.has("compute");
        let (due_at, compute) = when(fields);
        if !given {
            fields.fault("due_at", "is required, or compute");
        }
        let (assigned_to, warn_on) = (fields.id("assigned_to", PersonId::parse), fields.date("warn_on"));
        fields.refuse(READ_ONLY, "is read-only");
        fields.refuse(&["status"], "begins as pending");
        fields.refuse(&["verified", "verified_by"], "cannot be set on creation: another person verifies the deadline");
        let body = Self { title, kind, due_at, compute, assigned_to, warn_on };
        fields.validate(&body);
        body
    }
}

impl FromFields for UpdateDeadlineBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let title = fields.not_null("title", |fields| fields.text("title"));
        let kind = kind(fields);
        let (due_at, compute) = when(fields);
        let status = fields.not_null("status", |fields| {
            fields.word("status", "one of pending, met, missed, cancelled", |word| word.parse().ok())
        });
        let assigned_to = fields.id("assigned_to", PersonId::parse);
        let verified = fields.not_null("verified", |fields| fields.boolean("verified"));
        let verified_by = fields.id("verified_by", PersonId::parse);
        let warn_on = fields.date("warn_on");
        fields.refuse(READ_ONLY, "is read-only");
        let body = Self { title, kind, due_at, compute, status, assigned_to, verified, verified_by, warn_on };
        fields.validate(&body);
        body
    }
}

fn kind(fields: &mut Fields) -> Option<DeadlineKind> {
    fields.not_null("kind", |fields| fields.word("kind", KINDS, |word| word.parse().ok()))
}

fn when(fields: &mut Fields) -> (Option<Due>, Option<ComputeBody>) {
    if fields.has("due_at") && fields.has("compute") {
        fields.fault("due_at", "must not be given together with compute");
    }
    let due_at = fields.not_null("due_at", |fields| fields.text("due_at"));
    let due_at = due_at.map(|text| text.parse::<Due>());
    if let Some(Err(fault)) = &due_at {
        fields.fault("due_at", &*fault.message);
    }
    let compute = fields.not_null("compute", |fields| fields.nested::<ComputeBody>("compute"));
    (due_at.and_then(Result::ok), compute)
}

fn either(due_at: Option<Due>, compute: Option<ComputeBody>) -> Option<When> {
    due_at.map(When::At).or_else(|| compute.and_then(ComputeBody::into_computation).map(When::Computed))
}

impl CreateDeadlineBody {
    /// Never fails for a body that was read without faults.
    pub fn into_new(self) -> Result<NewDeadline, Problem> {
        let when = either(self.due_at, self.compute);
        Ok(NewDeadline {
            title: self.title.unwrap_or_default(),
            kind: self.kind.unwrap_or(DeadlineKind::Internal),
            when: when.ok_or_else(|| Problem::invalid("due_at", "is required, or compute"))?,
            assigned_to: self.assigned_to.flatten(),
            warn_on: self.warn_on.flatten(),
        })
    }
}

impl UpdateDeadlineBody {
    #[must_use]
    pub fn into_changes(self) -> DeadlineChanges {
        DeadlineChanges {
            title: self.title,
            kind: self.kind,
            when: either(self.due_at, self.compute),
            status: self.status,
            assigned_to: self.assigned_to,
            verified: self.verified,
            verified_by: self.verified_by,
            warn_on: self.warn_on,
        }
    }
}
