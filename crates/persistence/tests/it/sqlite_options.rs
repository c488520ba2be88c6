//! The compile options of SQLite, which come from `.cargo/config.toml`.

use crate::bed::Bed;

#[test]
fn sqlite_is_built_with_the_options_of_the_cargo_configuration() {
    let options = Bed::sqlite().lines("SELECT compile_options AS line FROM pragma_compile_options");
    let has = |wanted: &str| options.iter().any(|option| option == wanted);
    let missing = "LIBSQLITE3_FLAGS must have the value in .cargo/config.toml";
    assert!(has("ENABLE_QPSG"), "{missing}: {options:?}");
    assert!(has("DEFAULT_MEMSTATUS=0"), "{missing}: {options:?}");
    assert!(!has("ENABLE_MEMORY_MANAGEMENT"), "{missing}: {options:?}");
}
