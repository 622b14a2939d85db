//! One file a command: glue between the arguments, the service and the ui.

mod connect;
mod create;
mod delete;
mod describe;
mod list;
mod probe;
mod sandbox;
mod validate;
mod wait;

use std::path::Path;

use clap::CommandFactory;

use crate::aws::AwsCloud;
use crate::cli::{Cli, Command};
use crate::domain::advice::{Advice, Command as Line};
use crate::domain::ids::Reference;
use crate::domain::plan::Change;
use crate::domain::text::decode;
use crate::error::{Error, Kind};
use crate::service::{EfsService, Failure, Stops};
use crate::settings::Settings;
use crate::signals::Signals;
use crate::ui::Ui;
use crate::ui::document::{Calls, Document, Outcome};

/// What every command works with.
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    pub(crate) ui: Ui,
    pub(crate) signals: Signals,
}

/// How a command failed: the error, and the document as far as it came.
pub(crate) type Failed = Box<(Error, Document)>;

impl Desk {
    /// Carries out a command.
    pub(crate) async fn run(&self, command: Command) -> Result<(), Failed> {
        let name = command.name();
        let plain = |error: Error| Box::new((error, Document::new(name, Outcome::Failed)));
        match command {
            Command::Create(args) => create::run(self, &args).await,
            Command::Validate(args) => validate::run(self, &args).await,
            Command::Wait(args) => wait::run(self, &args).await,
            Command::Describe(args) => describe::run(self, &args).await,
            Command::List(args) => list::run(self, &args).await,
            Command::Delete(args) => delete::run(self, &args).await,
            Command::Sandbox(command) => sandbox::run(self, command).await.map_err(plain),
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "efsctl", &mut script);
                self.text(&script).map_err(plain)
            }
            Command::Man => {
                let mut page = Vec::new();
                clap_mangen::Man::new(Cli::command())
                    .render(&mut page)
                    .map_err(|error| plain(unwritable(&error)))?;
                self.text(&page).map_err(plain)
            }
        }
    }

    /// The service over AWS, or over the simulated account.
    pub(crate) async fn service(&self) -> Result<EfsService<AwsCloud>, Error> {
        self.service_for(None).await
    }

    /// The same, where the file system that is named is: an ARN tells its region.
    pub(crate) async fn service_for(
        &self,
        named: Option<&Reference>,
    ) -> Result<EfsService<AwsCloud>, Error> {
        let mut settings = self.settings.clone();
        if let Some(Reference::Arn { arn, region, .. }) = named {
            match &settings.region {
                Some(asked) if asked != region => {
                    return Err(Error::usage(format!(
                        "{arn} is in {region}, not in --region {asked}"
                    ))
                    .hint("leave --region out: the ARN tells it"));
                }
                _ => settings.region = Some(region.clone()),
            }
        }
        let cloud = connect::connect(self, &settings).await?;
        self.ui.reached(cloud.region());
        Ok(self.over(cloud))
    }

    /// The service over a cloud.
    pub(crate) fn over(&self, cloud: AwsCloud) -> EfsService<AwsCloud> {
        let stops = Stops {
            first: self.signals.first.clone(),
            second: self.signals.second.clone(),
        };
        EfsService::new(cloud, self.ui.reporter())
            .stopped_by(stops)
            .looking_for(self.settings.timeout)
    }

    /// Prints a result, with the calls that were made for it.
    pub(crate) fn result(&self, cloud: &AwsCloud, document: Document) -> Result<(), Failed> {
        let mut document = Document {
            calls: calls(cloud),
            ..document
        };
        // An audit can be large, and changes nothing.
        let audit = document.audit.take();
        let told = document.clone();
        document.audit = audit;
        let printed = self.ui.result(document);
        self.ui
            .calls(&cloud.tally().counts(), cloud.tally().totals());
        printed.map_err(|error| Box::new((unsaid(&error, &told), told)))
    }

    /// Tells the calls that were made, with `-v`.
    pub(crate) fn told(&self, cloud: &AwsCloud) {
        self.ui
            .calls(&cloud.tally().counts(), cloud.tally().totals());
    }

    /// A failure, with the calls that were made before it.
    pub(crate) fn failed(
        &self,
        cloud: &AwsCloud,
        command: &'static str,
        failure: Failure,
    ) -> Failed {
        self.ui
            .calls(&cloud.tally().counts(), cloud.tally().totals());
        let Failure {
            error,
            changes,
            now,
        } = failure;
        let error = self.retold(error);
        let document = Document {
            changes,
            calls: calls(cloud),
            file_system: crate::domain::deployment::Deployment::of(&now)
                .filter(|_| error.kind == Kind::TimedOut),
            ..Document::new(command, Outcome::Failed)
        };
        Box::new((error, document))
    }

    /// An error as it is told to whoever typed the command.
    pub(crate) fn retold(&self, error: Error) -> Error {
        if error.kind == Kind::Interrupted && self.signals.terminated() {
            return Error {
                kind: Kind::Terminated,
                message: error.message.replace("interrupted", "terminated"),
                ..error
            };
        }
        error
    }

    /// A dry run that found changes under `--check`: the plan is the result, and the exit code tells.
    pub(crate) fn checked(&self, cloud: &AwsCloud, document: Document, error: Error) -> Failed {
        let document = Document {
            calls: calls(cloud),
            ..document
        };
        if self.settings.output == crate::cli::OutputFormat::Human
            && let Err(error) = self.ui.result(document.clone())
        {
            return Box::new((unwritable(&error), document));
        }
        Box::new((error, document))
    }

    fn text(&self, bytes: &[u8]) -> Result<(), Error> {
        self.ui
            .text(&String::from_utf8_lossy(bytes))
            .map_err(|error| unwritable(&error))
    }
}

/// The text of a file; an error: why it cannot be read.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    decode(&bytes).map_err(|error| error.to_string())
}

/// The document with the calls that were made for it.
fn counted(cloud: &AwsCloud, document: Document) -> Document {
    Document {
        calls: calls(cloud),
        ..document
    }
}

fn calls(cloud: &AwsCloud) -> Calls {
    let (total, writing) = cloud.tally().totals();
    Calls { total, writing }
}

/// A result that could not be printed. What was changed is told in the sentence: it is the only place left.
pub(crate) fn unsaid(error: &std::io::Error, document: &Document) -> Error {
    if document.changes.is_empty() || document.outcome == Outcome::Planned {
        return unwritable(error);
    }
    if document.outcome == Outcome::Deleted {
        return unwritable(error).hint("what was to be deleted is gone");
    }
    let made: Vec<String> = document.changes.iter().map(Change::words).collect();
    let name = document
        .file_system
        .as_ref()
        .map(|fs| fs.file_system_id.to_string());
    Error {
        kind: Kind::Leftovers,
        leftovers: made,
        hint: name.map(|id| {
            Advice::from("all of it is done; show it: ").run(Line::efsctl("describe").arg(id))
        }),
        ..unwritable(error)
    }
}

pub(crate) fn unwritable(error: &std::io::Error) -> Error {
    Error::new(
        Kind::Failed,
        format!("the result could not be written to stdout: {error}"),
    )
}
