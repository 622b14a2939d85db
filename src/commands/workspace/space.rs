//! The workspaces of a base directory, for one command.

use std::path::PathBuf;
use std::sync::Arc;

use super::super::App;
use super::problem;
use crate::cli::workspace::{BaseArgs, LimitArgs};
use crate::error::{Code, Error};
use crate::settings::workspace::{base, limits, policy};
use crate::workspace::domain::name::Name;
use crate::workspace::service::{Options, Refusal, Workspaces};
use crate::workspace::share::Posix;
use crate::workspace::share::base::{Base, BaseFault};

/// The workspaces, and where they are. Clones are the same.
#[derive(Clone)]
pub(super) struct Space {
    workspaces: Arc<Workspaces<Posix>>,
    pub(super) path: PathBuf,
    /// The workspace that the command is about.
    about: Option<Name>,
}

/// Opens the workspaces of a base. For a dry run nothing is created: a base that is none has none.
pub(super) fn open(app: &App, args: &BaseArgs, is_dry_run: bool) -> Result<Space, Error> {
    let (path, variable) = base(args)?;
    if let Some(name) = variable.filter(|_| app.settings.verbose > 0) {
        app.ui.note(&format!(
            "the base directory is {} ({name})",
            path.display()
        ));
    }
    let options = Options {
        limits: limits(&LimitArgs::default())?,
        policy: policy(args)?,
        durability: args.durability.into(),
        is_read_only: is_dry_run,
    };
    if is_dry_run && path.is_dir() && !Base::is_base(&Posix, &path) {
        return Err(Error::new(
            Code::BaseUnavailable,
            format!(
                "{} is no base yet: the first command that writes makes one of it",
                path.display()
            ),
        ));
    }
    let workspaces =
        Workspaces::open(Posix, &path, options).map_err(|fault| problem::base(&fault))?;
    if args.require_mount && !workspaces.is_nfs() {
        return Err(problem::base(&BaseFault::NoMount(path)));
    }
    Ok(Space {
        workspaces: Arc::new(workspaces),
        path,
        about: None,
    })
}

impl Space {
    /// The same, for a command about one workspace.
    pub(super) fn about(self, name: &Name) -> Self {
        Self {
            about: Some(name.clone()),
            ..self
        }
    }

    /// Runs something on a thread of its own. What it writes of counts is written at its end.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Workspaces<Posix>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Error> {
        let workspaces = self.workspaces.clone();
        let ended = tokio::task::spawn_blocking(move || {
            let answer = run(&workspaces);
            workspaces.flush(true);
            answer
        });
        match ended.await {
            Ok(answer) => answer.map_err(|refused| problem::refused(&refused, self.about.as_ref())),
            Err(_) => Err(Error::new(
                Code::Failed,
                "the command could not be carried out",
            )),
        }
    }
}
