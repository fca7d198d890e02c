//! Bar, rate and time left on a terminal; silence everywhere else.

use crate::config::Lang;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::LazyLock;

/// All bars of the process, so that a log line can step between them.
static BARS: LazyLock<MultiProgress> = LazyLock::new(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(8)));

/// The progress of one piece of work. Cheap to clone; may be advanced from any task.
#[derive(Debug, Clone)]
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar named `label` for `total` items; without a total it only counts.
    pub fn new(lang: Lang, label: impl Into<String>, total: Option<u64>) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::silent();
        }
        let bar = match total {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::no_length(),
        };
        let left = lang.pick("sisa", "left");
        let template = match total {
            Some(_) => format!("{{msg}} [{{bar:30}}] {{pos}}/{{len}} {{per_sec}} {left} {{eta}}"),
            None => "{msg} {pos} {per_sec} {elapsed}".to_owned(),
        };
        let style = ProgressStyle::with_template(&template).map(|style| style.progress_chars("=> "));
        let bar = BARS.add(bar).with_message(label.into());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(Some(bar))
    }

    /// Progress that nobody sees.
    pub fn silent() -> Self {
        Self(None)
    }

    /// `count` more items are done.
    pub fn advance(&self, count: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(count);
        }
    }

    /// `position` items are done in all.
    pub fn at(&self, position: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(position);
        }
    }

    /// There are `total` items in all, as was just found out.
    pub fn total(&self, total: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(total);
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Writes whole lines to stderr between the bars; the log's way out.
pub fn write_between_bars(lines: &[u8]) {
    // A closed stderr must not end a pull.
    BARS.suspend(|| {
        let _ = std::io::stderr().lock().write_all(lines);
    });
}
