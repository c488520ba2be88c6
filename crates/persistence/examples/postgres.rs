//! A PostgreSQL server for scripts. It prints the URL of a new database for every line that it reads.
//!
//! The server is temporary, as in the tests. It stops with this process, which ends at the end of its input.
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
