//! Ends a server and removes its folder after the test process has ended in any way.
//!
//! No code in the process can run after `kill -9`. A shell therefore reads from a pipe whose other end only this
//! process holds. The system closes the pipe with the process, and the shell cleans up.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `$1` is the folder. A suspended server gets `CONT` so that it can handle `QUIT`. A server that has not ended after
/// ten seconds is killed. The wait checks `postmaster.pid`, which the server removes last, because the process itself
/// may remain as a zombie.
const SCRIPT: &str = r#"
trap '' HUP INT QUIT TERM
read -r _
read -r pid <"$1/data/postmaster.pid" && {
    kill -s QUIT "$pid" && kill -s CONT "$pid"
    tries=0
    while [ -e "$1/data/postmaster.pid" ] && kill -s 0 "$pid" && [ "$tries" -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -s KILL "$pid"
}
rm -rf "$1"
"#;

/// Guards a folder and its server. Dropping it ends the server and removes the folder.
#[derive(Debug)]
pub(super) struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// Watches `folder`. The data of its server, if there is one, is in `folder/data`.
    ///
    /// The shell has its own process group, so that Ctrl-C does not reach it. It holds no output of the test process,
    /// so that a pipe behind that process closes with it.
    pub(super) fn over(folder: &Path) -> io::Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "docket-test-watchdog"])
            .arg(folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self { shell })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}
