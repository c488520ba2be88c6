//! Test support: servers, accounts and an HTTP client.

mod app;
mod binary;
mod client;
mod dialect;
mod response;

pub(crate) use self::{
    app::{Backend, TestApp, documents_folder},
    binary::Binary,
    client::Client,
    dialect::Dialect,
    response::TestResponse,
};

/// Generates two tests from each function: one on SQLite, one on PostgreSQL.
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
                // Without the PostgreSQL programs this prints a warning, and panics in CI.
                if let Some(app) = crate::support::TestApp::on(crate::support::Backend::Postgres) {
                    super::$name(&app);
                }
            }
        }
    )*};
}

pub(crate) use on_both_databases;
