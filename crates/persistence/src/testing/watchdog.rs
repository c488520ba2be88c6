//! Ends a server and removes its folder when the test process is gone, however that ended.
//!
//! Safe Rust has no hook that runs at the end of a process, and none at all could run at `kill -9`. So a shell waits
//! at a pipe whose other end only this process holds: the system closes it with the process, and the shell cleans up.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `$1` is the folder. A hung server gets `CONT` so that it can obey; what has not ended after ten seconds is killed.
/// The server removes `postmaster.pid` last; the process itself may linger as a zombie where nobody reaps it.
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

/// While this lives, the folder and its server may; when it is dropped, both are gone.
#[derive(Debug)]
pub(super) struct Watchdog {
    shell: Child,
}

impl Watchdog {
    /// Watches over `folder`, whose server, if any, keeps its files in `folder/data`.
    ///
    /// The shell is in a process group of its own, out of reach of a Ctrl-C at the terminal, and holds no output of
    /// the test process, so that a pipe behind it ends with it.
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
