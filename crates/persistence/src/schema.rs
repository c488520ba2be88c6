//! The tables for diesel. They are the same for both backends; the native column types differ.
//!
//! The migrations explain the columns.

mod account;
mod case;
mod case_work;
mod conflict;
mod directory;
mod merge;
mod source;
mod update;

pub(crate) use self::{
    account::{
        access_tokens, account_events, accounts, api_keys, idempotency_keys, migration_refusals, own_workflows, people,
        webhook_deliveries, webhooks, workflow_catalogs, workflow_migrations, workflow_versions, workflows,
    },
    case::{
        case_events, case_tags, case_tallies, case_totals, cases, feed, feed_queue, former_case_numbers,
        histogram_changes, histograms, imported_cases, log_chain, pending_backfills,
    },
    case_work::{case_links, deadline_moments, deadlines, documents, notes, participants, subjects},
    conflict::{clocks, conflict_checks, conflict_sides, person_keys, settings},
    directory::{access_groups, case_tasks, clients, regions},
    merge::{merge_cases, merges},
    source::{source_events, sources},
    update::{case_updates, update_details},
};

diesel::allow_tables_to_appear_in_same_query!(
    access_tokens,
    account_events,
    accounts,
    api_keys,
    idempotency_keys,
    clocks,
    deadline_moments,
    conflict_checks,
    merge_cases,
    merges,
    workflows,
    workflow_catalogs,
    own_workflows,
    workflow_versions,
    workflow_migrations,
    migration_refusals,
    people,
    cases,
    case_events,
    case_tags,
    former_case_numbers,
    participants,
    case_links,
    notes,
    documents,
    deadlines,
    case_tallies,
    subjects,
    case_updates,
    sources,
    source_events,
    imported_cases,
    log_chain,
    feed,
);
