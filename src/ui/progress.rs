//! What happens, while it happens, on stderr: the only file that knows indicatif.
//!
//! On a terminal one line per thing with its state and the seconds; elsewhere (CI, a file) one plain line per change.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::human::{Painter, change};
use crate::domain::advice::Invocation;
use crate::domain::event::{Event, Subject};
use crate::domain::ids::Reference;
use crate::domain::state::State;

/// Shows events.
#[derive(Debug)]
pub(super) struct Progress {
    live: bool,
    quiet: bool,
    painter: Painter,
    lines: MultiProgress,
    /// Several deployments may be followed at once.
    followed: Mutex<HashMap<(Option<Reference>, Subject), ProgressBar>>,
    warnings: Mutex<Vec<String>>,
    notes: Mutex<BTreeSet<String>>,
    /// Each line begins with what it is about.
    several: AtomicBool,
}

impl Progress {
    pub(super) fn new(live: bool, quiet: bool, painter: Painter) -> Self {
        let target = if live {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            live,
            quiet,
            painter,
            lines: MultiProgress::with_draw_target(target),
            followed: Mutex::default(),
            warnings: Mutex::default(),
            notes: Mutex::default(),
            several: AtomicBool::new(false),
        }
    }

    /// One line on stderr, above the lines that are followed.
    pub(super) fn line(&self, text: &str) {
        if self.live {
            // When stderr is gone there is no reader.
            let _ = self.lines.println(text);
        } else {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// From here on several deployments are followed: each line begins with what it is about.
    pub(super) fn several(&self) {
        self.several.store(true, Ordering::Relaxed);
    }

    /// Takes the followed lines off the screen: the result says it all.
    pub(super) fn finish(&self) {
        let _ = self.lines.clear();
        self.followed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What happened, with fields and commands as the invocation has them.
    pub(super) fn event(&self, about: Option<&Reference>, event: &Event, invocation: &Invocation) {
        let of = about.filter(|_| self.several.load(Ordering::Relaxed));
        let of = of.map(|of| format!("{of}: ")).unwrap_or_default();
        match event {
            Event::Warning(warning) => self.warn(&format!("{of}{}", warning.shown(invocation))),
            _ if self.quiet => {}
            Event::Note(note) => self.note(&format!("{of}{}", note.shown(invocation))),
            Event::Changed(made) => self.line(&format!("{of}{}", change(made, &self.painter))),
            Event::State {
                subject,
                id,
                state,
                elapsed,
            } => {
                let key = (about.cloned(), subject.clone());
                self.state(key, (&of, id.as_deref()), state, *elapsed);
            }
            Event::Asked { zone, at, answer } => {
                self.line(&format!("  {of}mount target {zone} ({at}): {answer}"));
            }
            Event::Retrying { what, why } => tracing::info!(what, why, "again"),
            Event::RollingBack { why } => {
                let why = why.shown(invocation);
                self.line(&format!("{of}rolling back: {why}"));
            }
            Event::Planned(_) => {}
        }
    }

    /// Notes are reported once each.
    fn note(&self, note: &str) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.insert(note.to_owned()) {
            self.line(&format!("note: {note}"));
        }
    }

    /// Warnings are reported even with `--quiet`, and once each.
    fn warn(&self, warning: &str) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if warnings.iter().any(|known| known == warning) {
            return;
        }
        warnings.push(warning.to_owned());
        self.line(&format!("{} {warning}", self.painter.warning()));
    }

    fn state(
        &self,
        key: (Option<Reference>, Subject),
        (of, id): (&str, Option<&str>),
        state: &State,
        elapsed: Duration,
    ) {
        let what = match &key.1 {
            Subject::FileSystem => format!("{of}file system"),
            Subject::MountTarget(zone) => format!("{of}mount target {zone}"),
        };
        let id = id.unwrap_or_default();
        if !self.live {
            self.line(&format!(
                "  {what} {id} is {state} ({:.1} s)",
                elapsed.as_secs_f64()
            ));
            return;
        }
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = followed.entry(key).or_insert_with(|| {
            let bar = self.lines.add(ProgressBar::new_spinner());
            // A template is a constant: it parses, or falls back to the plain style.
            if let Ok(style) =
                ProgressStyle::with_template("  {spinner} {prefix:24} {msg} {elapsed}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.with_elapsed(elapsed)
        });
        bar.set_prefix(what);
        bar.set_message(format!("{:10} {id}", state.as_str()));
        if matches!(state, State::Available | State::Error) {
            bar.abandon();
        }
    }
}
