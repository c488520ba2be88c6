//! The use cases: load, decide, commit. The only place where the pure core and the store meet.

mod case;
mod source;
mod workflow;

pub use self::{
    case::{Terms, change_case, change_case_with, create_case, load_case, load_case_file},
    source::{Basis, OpenCase, change_source, check_sources, create_source, load_source, open_case},
    workflow::{load_current_workflow, load_workflow},
};
