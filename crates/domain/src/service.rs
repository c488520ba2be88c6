//! The use cases: load, decide, commit. The only place where the pure core and the store meet.

mod case;
mod log;
mod references;
mod source;
mod workflow;

pub use self::{
    case::{Terms, change_case, change_case_with, create_case, load_case, load_case_file},
    log::{explain_transitions, list_history, list_timeline},
    references::resolve_references,
    source::{Basis, OpenCase, change_source, check_sources, create_source, load_source, open_case},
    workflow::{load_current_workflow, load_workflow},
};
