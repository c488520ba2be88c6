//! Builds the library again when a migration changes, because the migrations are part of it. Warns of a build without
//! the compile options of SQLite.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
    println!("cargo:rerun-if-env-changed=LIBSQLITE3_FLAGS");
    let flags = std::env::var("LIBSQLITE3_FLAGS").unwrap_or_default();
    if !flags.contains("SQLITE_ENABLE_QPSG") {
        println!("cargo:warning=SQLite is slower without the LIBSQLITE3_FLAGS of .cargo/config.toml");
    }
}
