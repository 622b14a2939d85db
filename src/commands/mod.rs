//! One file a command: glue between the arguments, the service and the ui.

mod accounts;
mod alarms;
mod app;
mod apply;
mod cloud;
mod confirm;
mod connect;
mod cost;
mod create;
mod delete;
mod delete_described;
mod describe;
mod doctor;
mod ending;
mod expired;
mod export;
mod list;
mod manifest;
mod mountable;
mod prices;
mod sandbox;
mod set;
mod setting;
mod validate;
mod verify;
mod wait;
#[cfg(feature = "workspace")]
mod workspace;

use std::path::Path;

use clap::CommandFactory;

pub(crate) use self::app::App;
use self::ending::Ended;
pub(crate) use self::ending::fail;
use crate::cli::{Cli, Command, PROGRAM};
use crate::domain::text::decode;

impl App {
    /// Carries out a command.
    async fn carry_out(&self, command: Command) -> Ended {
        match command {
            Command::Create(args) => create::run(self, &args).await,
            Command::Set(args) => set::run(self, &args).await,
            Command::Apply(args) => apply::run(self, &args).await,
            Command::Validate(args) => validate::run(self, &args).await,
            Command::Export(args) => export::run(self, &args).await,
            Command::Connect(args) => connect::run(self, &args).await,
            Command::Alarms(args) => alarms::run(self, &args).await,
            Command::Cost(args) => cost::run(self, &args).await,
            Command::Verify(args) => verify::run(self, &args).await,
            Command::Doctor(args) => doctor::run(self, &args).await,
            Command::Wait(args) => wait::run(self, &args).await,
            Command::Describe(args) => describe::run(self, &args).await,
            Command::List(args) => list::run(self, &args).await,
            Command::Delete(args) => delete::run(self, &args).await,
            Command::Sandbox(command) => sandbox::run(self, command).await,
            #[cfg(feature = "workspace")]
            Command::Workspace(command) => workspace::run(self, command).await,
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), PROGRAM, &mut script);
                self.text(&script)
            }
            Command::Man => {
                let mut page = Vec::new();
                let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
                rendered.map_err(|error| ending::unwritable(&error))?;
                self.text(&page)
            }
        }
    }
}

/// The text of a file; an error: why it cannot be read.
fn read_text(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    decode(&bytes).map_err(|error| error.to_string())
}
