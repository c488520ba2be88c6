//! The use cases: load, decide, commit. The only place where the pure core and the store meet.

mod case;
mod case_form;
mod directory;
pub mod places;
mod subject;
mod update;
mod workflow;

pub use self::{
    case::{Terms, change_case, change_case_with, create_case, load_case, load_case_file},
    case_form::{CaseForm, change_case_by_form, create_case_by_form},
    directory::{
        count_access_groups, create_client, create_entry, find_access_group, list_access_groups,
    },
    subject::add_subject,
    update::{change_update, create_update, load_update, visible_updates},
    workflow::{load_current_workflow, load_workflow},
};
