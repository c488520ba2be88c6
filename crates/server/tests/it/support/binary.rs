//! Runs the binary `docket`.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Output, Stdio},
};

use super::{Client, app::documents_folder};

/// The binary `docket`, configured for one database.
pub(crate) struct Binary {
    url: String,
}

/// A running `docket serve`. Dropping it kills the process.
pub(crate) struct Running {
    process: Child,
    pub(crate) client: Client,
}

impl Binary {
    pub(crate) fn on(url: impl Into<String>) -> Self {
        Self { url: url.into() }
    }

    /// The command with these arguments. It inherits no `DOCKET_` variable.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DOCKET_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("DOCKET_DATABASE_URL", &self.url);
        command.env("DOCKET_DOCUMENTS", documents_folder());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the command, asserts success and returns its stdout without line breaks at the end.
    #[track_caller]
    pub(crate) fn print(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    }

    /// Creates a key with every scope.
    pub(crate) fn key(&self) -> String {
        self.print(&["keys", "create", "--name", "tester", "--scopes", "cases:read,cases:write,cases:delete,admin"])
    }

    /// Starts a server on a free port and waits until it accepts connections.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--workers", "2"]);
        command.args(arguments);
        self.serve_by(command)
    }

    /// Starts a server with a command that runs `docket serve`.
    pub(crate) fn serve_by(&self, mut command: Command) -> Running {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address: SocketAddr = line.strip_prefix("listening on http://").unwrap().parse().unwrap();
        Running { process, client: Client::new(address) }
    }
}

impl Running {
    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits for the end of the process and returns whether it succeeded.
    pub(crate) fn wait(mut self) -> bool {
        self.process.wait().unwrap().success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}
