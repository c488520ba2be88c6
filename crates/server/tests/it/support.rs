//! What the tests stand on: servers, accounts, and one way of asking.

mod answer;
mod app;
mod binary;
mod client;
mod dialect;

pub(crate) use self::{
    answer::Answer,
    app::{Backend, TestApp, documents_folder},
    binary::Binary,
    client::Client,
    dialect::Dialect,
};

/// Makes two tests of each function: one on SQLite, one on PostgreSQL.
macro_rules! on_both_databases {
    ($($(#[$attr:meta])* fn $name:ident($app:ident) $body:block)*) => {$(
        $(#[$attr])*
        fn $name($app: &crate::support::TestApp) $body

        mod $name {
            #[test]
            fn on_sqlite() {
                super::$name(&crate::support::TestApp::on(crate::support::Backend::Sqlite).unwrap());
            }

            #[test]
            fn on_postgres() {
                // Without PostgreSQL's programs this says so loudly, and fails under CI.
                if let Some(app) = crate::support::TestApp::on(crate::support::Backend::Postgres) {
                    super::$name(&app);
                }
            }
        }
    )*};
}

pub(crate) use on_both_databases;
