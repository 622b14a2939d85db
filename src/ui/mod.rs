//! The only rooms that print. stdout carries the result and nothing else; everything else goes to stderr.

pub mod document;
mod human;
mod progress;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::sync::{Arc, OnceLock};

use crate::cli::OutputFormat;
use crate::doctor::Diagnosis;
use crate::domain::advice::{Advice, Invocation};
use crate::domain::event::{Event, Reporter};
use crate::domain::ids::Reference;
use crate::domain::plan::Change;
use crate::error::Error;
use crate::settings::Settings;

use self::document::{Calls, Contents, Document, FixView};
pub use self::human::Painter;
use self::progress::Progress;

/// Prints, in the form that was asked for. Clones print to the same place.
#[derive(Debug, Clone)]
pub struct Ui {
    /// The command that prints.
    command: Arc<str>,
    format: OutputFormat,
    quiet: bool,
    verbose: u8,
    out: Painter,
    err: Painter,
    invocation: Arc<Invocation>,
    /// The region that was reached, where the command is about one.
    reached: Arc<OnceLock<String>>,
    progress: Arc<Progress>,
}

impl Ui {
    /// For a command, in the form the settings ask for.
    pub fn new(command: &str, settings: &Settings) -> Self {
        let err = Painter {
            color: settings.color.1,
            columns: None,
        };
        Self {
            command: command.into(),
            format: settings.output,
            quiet: settings.quiet,
            verbose: settings.verbose,
            out: Painter {
                color: settings.color.0,
                columns: settings.columns,
            },
            err,
            invocation: settings.invocation.clone().into(),
            reached: Arc::default(),
            progress: Arc::new(Progress::new(settings.live, settings.quiet, err)),
        }
    }

    /// Who hears what happens, and shows it on stderr.
    pub fn reporter(&self) -> Box<dyn Reporter> {
        Box::new(self.clone())
    }

    /// From here on several file systems are worked on: each line of progress begins with what it is about.
    pub fn several(&self) {
        self.progress.several();
    }

    /// A sentence on stderr that is no warning; not with `--quiet`.
    pub fn note(&self, sentence: &str) {
        if !self.quiet {
            self.progress.line(sentence);
        }
    }

    /// Words of a process that runs for this one, as they come: a question has no line end. Also with `--quiet`: it may wait for an answer.
    pub fn words(&self, bytes: &[u8]) {
        let mut stderr = io::stderr();
        let _ = stderr.write_all(bytes).and_then(|()| stderr.flush());
    }

    /// The result of a command: one document, or what a person reads.
    ///
    /// A closed pipe is no failure: the reader has read enough.
    ///
    /// # Errors
    ///
    /// stdout cannot be written to (a full disk).
    pub fn result(&self, contents: &Contents, calls: Calls) -> io::Result<()> {
        self.progress.finish();
        match self.format {
            OutputFormat::Json => print_document(&self.document(contents, calls)),
            OutputFormat::Human => {
                let text = human::result(contents, calls, &self.out, &self.invocation());
                print(&text)
            }
        }
    }

    fn document<'d>(&'d self, contents: &'d Contents, calls: Calls) -> Document<'d> {
        Document::new(&self.command, contents).after(calls, self.progress.warnings())
    }

    /// Text as it is: a completion script, a manual page.
    ///
    /// # Errors
    ///
    /// stdout cannot be written to.
    pub fn text(&self, text: &str) -> io::Result<()> {
        self.progress.finish();
        print(text)
    }

    /// Bytes as they are: the content of a file.
    ///
    /// # Errors
    ///
    /// stdout cannot be written to.
    pub fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        self.progress.finish();
        readable(|out| out.write_all(bytes))
    }

    /// What was added to file systems, or would be, as a person reads it.
    pub fn fixes(&self, fixes: &[FixView], planned: bool) -> String {
        human::fixes(fixes, planned, &self.out)
    }

    /// What `doctor` found, as a person reads it.
    pub fn diagnosis(&self, heading: &str, found: &Diagnosis) -> String {
        human::diagnosis(heading, found, &self.out, &self.invocation())
    }

    /// What is about to be changed, on stderr; not with `--quiet`.
    pub fn plan(&self, changes: &[Change]) {
        for planned in changes {
            self.note(&human::planned(planned, &self.err));
        }
    }

    /// What is lost of access or safety.
    pub fn losses(&self, losses: &[Advice]) {
        for loss in losses {
            self.note(&format!("note: {}", self.shown(loss)));
        }
    }

    /// Lines on stderr that belong to the result; with `--quiet` only if they are the result.
    pub fn aside(&self, text: &str, is_result: bool) {
        if is_result || !self.quiet {
            self.progress.finish();
            say(text);
        }
    }

    /// A failure: the sentence and the hint on stderr, and under `-o json` the document on stdout.
    ///
    /// # Errors
    ///
    /// stdout cannot be written to.
    pub fn failure(&self, contents: &Contents, calls: Calls, error: &Error) -> io::Result<()> {
        self.progress.finish();
        let invocation = self.invocation();
        say(&human::failure(error, contents, &self.err, &invocation));
        match self.format {
            OutputFormat::Json => {
                print_document(&self.document(contents, calls).because(error, &invocation))
            }
            OutputFormat::Human => Ok(()),
        }
    }

    /// The requests a run created, with `-v`.
    pub fn calls(&self, counts: &BTreeMap<String, u32>, calls: Calls) {
        if self.verbose > 0 {
            say(&human::calls(counts, calls));
        }
    }

    /// Asks on the terminal; `None` where there is no terminal to ask on. Blocks until there is an answer.
    pub fn confirm(&self, question: &str) -> Option<bool> {
        use std::io::IsTerminal;
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        self.progress.finish();
        say(&format!("{question} [y/N] "));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// What is shown from here on is about that region.
    pub fn reached(&self, region: &str) {
        let _ = self.reached.set(region.to_owned());
    }

    /// What lines to type next need, to reach the same account.
    pub fn invocation(&self) -> Invocation {
        let typed = Invocation::clone(&self.invocation);
        match self.reached.get() {
            Some(region) => typed.reached(region),
            None => typed,
        }
    }

    /// Advice as it is shown.
    pub fn shown(&self, advice: &Advice) -> String {
        advice.shown(&self.invocation())
    }
}

impl Reporter for Ui {
    fn event(&self, about: Option<&Reference>, event: &Event) {
        self.progress.event(about, event, &self.invocation());
    }
}

/// Prints a document by itself: before there are settings.
///
/// # Errors
///
/// stdout cannot be written to.
pub fn print_document(document: &Document<'_>) -> io::Result<()> {
    readable(|out| document.write_to(out))
}

fn print(text: &str) -> io::Result<()> {
    readable(|out| out.write_all(text.as_bytes()))
}

/// Writes to stdout. Whoever closed the pipe has read enough.
fn readable(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What is still in the buffer would be tried again.
            let _ = out.into_parts();
            Ok(())
        }
        Err(error) => {
            let _ = out.into_parts();
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}

/// On stderr; when even that is closed there is no reader.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
