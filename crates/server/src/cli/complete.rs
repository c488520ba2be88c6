//! `docket completions` and `docket man`

use std::{io, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, Command};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// An existing folder, for example `/usr/local/share/man/man1`.
    folder: PathBuf,
}

pub(super) fn completions(args: &CompletionsArgs, mut command: Command) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "docket", &mut script);
    io::Write::write_all(&mut io::stdout(), &script).context("the completions cannot be printed")
}

/// Writes one page for the program and one for each command.
pub(super) fn man(args: &ManArgs, command: Command) -> anyhow::Result<()> {
    clap_mangen::generate_to(command, &args.folder)
        .with_context(|| format!("cannot write to {}", args.folder.display()))
}
