//! `efsctl workspace serve`.

use tokio::signal::unix::{SignalKind, signal};

use super::super::App;
use super::super::ending::{Ended, unwritable};
use super::problem;
use crate::cli::OutputFormat;
use crate::cli::workspace::{AuthChoice, ServeArgs};
use crate::domain::advice::{Advice, Command};
use crate::error::{Code, Error};
use crate::settings::workspace::{base, limits, policy};
use crate::ui::document::{Calls, Contents, Outcome};
use crate::workspace::serve::{Auth, Config, Handle, Server, Tokens, header};
use crate::workspace::service::{Options, Workspaces};
use crate::workspace::share::base::BaseFault;
use crate::workspace::share::{Posix, allow_open_files};

/// The signal for a file that grows beyond the limit of the process; tokio has no name for it.
const SIGXFSZ: i32 = 25;

pub(super) async fn run(app: &App, args: &ServeArgs) -> Ended {
    let auth = auth(args)?;
    let (path, variable) = base(&args.base)?;
    let options = Options {
        limits: limits(&args.limits)?,
        policy: policy(&args.base)?,
        durability: args.base.durability.into(),
        is_read_only: false,
    };
    if let Some(name) = variable.filter(|_| app.settings.verbose > 0) {
        app.ui.note(&format!(
            "the base directory is {} ({name})",
            path.display()
        ));
    }
    // A connection and a file each: the usual 1,024 are too few.
    allow_open_files();
    let workspaces =
        Workspaces::open(Posix, &path, options).map_err(|fault| problem::base(&fault))?;
    if args.base.require_mount && !workspaces.is_nfs() {
        return Err(problem::base(&BaseFault::NoMount(path)).into());
    }
    let config = Config {
        auth,
        drain: args.drain,
        sweep_every: args.sweep_every,
    };
    let server = Server::bind(&args.listen, workspaces, config)
        .await
        .map_err(|error| {
            Error::new(
                Code::ServeFailed,
                format!("{} could not be opened: {error}", args.listen),
            )
            .hint("use a free port: --listen 127.0.0.1:0")
        })?;
    let printed = match app.settings.output {
        OutputFormat::Human => app
            .ui
            .text(&format!("workspace ready on {}\n", server.url())),
        OutputFormat::Json => {
            let contents = Contents {
                endpoint_url: Some(server.url().to_owned()),
                ..Contents::new(Outcome::Ready)
            };
            app.ui.result(&contents, Calls::default())
        }
    };
    printed.map_err(|error| unwritable(&error))?;
    // A write beyond `ulimit -f` is refused like one on a full disk, and does not end the server.
    let _too_large = signal(SignalKind::from_raw(SIGXFSZ));
    let handle = server.handle();
    tokio::select! {
        () = server.run(app.signals.first.cancelled()) => {}
        () = reloads(app, &handle) => {}
        () = app.signals.second.cancelled() => {}
    }
    Ok(None)
}

/// Reads the file of tokens again at each SIGHUP.
async fn reloads(app: &App, handle: &Handle) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        return std::future::pending().await;
    };
    while hangup.recv().await.is_some() {
        match handle.reload() {
            Ok(count) => app.ui.note(&format!("read {count} tokens again")),
            Err(fault) => app
                .ui
                .note(&format!("the tokens stay as they were: {fault}")),
        }
    }
}

fn auth(args: &ServeArgs) -> Result<Auth, Error> {
    let Some(choice) = &args.auth else {
        let token = Command::efsctl("workspace token")
            .arg("--user")
            .arg("USER")
            .local();
        return Err(Error::usage("`workspace serve` needs --auth: who may ask").hint(
            Advice::from("for programs on this host only: --auth none; else --auth tokens:FILE, with a row for each user, printed by: ").run(token),
        ));
    };
    match choice {
        AuthChoice::Open if args.listen.is_local() => Ok(Auth::Open),
        AuthChoice::Open => Err(Error::usage(format!(
            "--auth none would open every job to the network: {} is not on this host only",
            args.listen
        ))
        .hint("listen on 127.0.0.1:PORT or unix:PATH, or use --auth tokens:FILE")),
        AuthChoice::Header(name) if args.listen.is_unix() => {
            header(name).map(Auth::Header).ok_or_else(|| {
                Error::usage(format!(
                    "`{name}` is no name of a header (--auth header:NAME)"
                ))
                .hint("for example --auth header:X-User-ID")
            })
        }
        AuthChoice::Header(name) => Err(Error::usage(format!(
            "--auth header:{name} believes every client, so it needs a unix socket"
        ))
        .hint(
            "listen on unix:PATH behind a proxy that sets the header, or use --auth tokens:FILE",
        )),
        AuthChoice::Tokens(file) => Tokens::read(file).map(Auth::Tokens).map_err(|fault| {
            Error::new(
                Code::InvalidFile,
                format!("the file of tokens cannot be used: {fault}"),
            )
            .hint(Advice::step(
                "a row for it, with its token",
                Command::efsctl("workspace token")
                    .flag("--user", "USER")
                    .local(),
            ))
        }),
    }
}
