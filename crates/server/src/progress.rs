//! Progress of commands that may run for minutes. It is shown on stderr if that is a terminal.

use std::{borrow::Cow, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// Minimum time between two updates.
const OFTEN: Duration = Duration::from_millis(200);

/// A line with the time since the start and what is being done. It is cleared when the bar is dropped.
#[must_use]
pub fn spinner(doing: impl Into<Cow<'static, str>>) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}");
    let bar = ProgressBar::new_spinner();
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_message(doing);
    bar.enable_steady_tick(OFTEN);
    bar
}
