//! The use cases: load, decide, commit. Only they combine the pure decisions with the store. They must not know HTTP or
//! SQL.

mod action;
mod case;
mod case_form;
mod catalog;
mod checkpoint;
mod clocks;
mod conflict;
mod conflict_parties;
mod create;
mod deadline;
mod detail;
mod directory;
mod document;
mod edit;
mod feed;
mod import;
mod key;
mod link;
mod list;
mod log;
mod merge;
mod migration;
mod note;
mod participants;
mod people;
mod places;
mod rebuild;
mod references;
mod related;
mod service_level;
mod source;
mod split;
mod subject;
mod update;
mod verify;
mod webhook;
mod workflow;

use self::references::check_references;
pub use self::{
    action::{Action, act},
    case::{ChangeOptions, change_case, change_case_with, load_case, load_case_file},
    case_form::{CaseForm, change_case_by_form, create_case_by_form},
    catalog::{
        InstallRequest, InstallResult, ListedWorkflow, activate_workflow, check_workflow, install_workflow,
        list_workflows, load_own_workflow, remove_workflow,
    },
    checkpoint::checkpoint,
    clocks::{list_calendars, list_service_levels},
    conflict::{
        MIN_SCORE, Searched, check_case, check_names, decide_conflict_hit, find_parties_digest, list_conflict_checks,
        load_conflict_check, load_sides, replace_sides, run_conflict_check,
    },
    create::{Basis, OpenCase, create_case, open_case},
    deadline::{
        add_deadline, change_deadline, list_deadlines, list_subscribed, load_deadline, remove_deadline, tell_deadline,
    },
    detail::{CaseDetail, SourceDetail, find_last_reason, load_case_detail, load_source_detail},
    directory::{count_access_groups, create_client, create_entry, find_access_group, list_access_groups},
    document::{add_document, list_documents, load_document, remove_document},
    edit::{EditCase, edit_case},
    feed::{find_feed_end, read_feed},
    import::{ImportOutcome, end_import, replay_batch},
    key::{create_access_token, create_key, create_operator_key, revoke_key, revoke_key_by_operator},
    link::{create_link, list_links, remove_link},
    list::{count_statistics, list_cases, list_sources, list_sources_with_cases},
    log::{TimelineEvent, explain_transitions, list_history, list_timeline, load_way},
    merge::{list_merges, merge_cases, undo_merge},
    migration::{MigrationRequest, PlannedMigration, begin_migration, load_migration, plan_migration, run_migration},
    note::{add_note, edit_note, list_notes, remove_note},
    participants::{
        Listed, ParticipantRequest, add_participants, list_participants, remove_staff, replace_participants,
    },
    people::{change_person, create_person, list_people, load_person},
    rebuild::{ClockRebuild, RebuildStep, continue_clocks, find_clock_rebuild, rebuild_clocks, want_clocks},
    references::check_sources,
    service_level::{
        CaseServiceLevel, WhatIf, ask_what_if, load_clocks, put_calendar, put_service_level, remove_calendar,
        remove_service_level, tell_moments,
    },
    source::{change_source, create_source, load_source},
    split::{SplitRequest, split_case},
    subject::add_subject,
    update::{change_update, count_updates, create_update, list_updates, load_update},
    verify::{Fault, FaultKind, Verified, verify},
    webhook::{
        WebhookChanges, change_webhook, create_webhook, disable_webhook, load_webhook, remove_webhook,
        rotate_webhook_secret,
    },
    workflow::{
        Chosen, Wanted, check_statuses, choose_workflow, find_status_by_id, load_active_workflows,
        load_current_workflow, load_workflow,
    },
};
