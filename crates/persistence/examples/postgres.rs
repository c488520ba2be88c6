//! A PostgreSQL server for scripts: for every line that it reads, the URL of a database that nobody has used.
//!
//! The server is one of its own, as the tests have it, and is gone with this process, which ends with its input.
//! Without PostgreSQL's programs it says so and ends at once; with `CI` set, it fails.

use std::io::{self, BufRead as _, Write as _};

use docket_persistence::testing;

fn main() -> io::Result<()> {
    let Some(cluster) = testing::postgres() else { return Ok(()) };
    for line in io::stdin().lock().lines() {
        line?;
        writeln!(io::stdout().lock(), "{}", cluster.fresh_database())?;
    }
    Ok(())
}
