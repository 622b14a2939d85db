//! `efsctl workspace`.

mod adopt;
mod create;
mod files;
mod hold;
mod life;
mod list;
mod plan;
mod problem;
mod remove;
mod serve;
mod space;
mod sweep;
mod token;

use super::App;
use super::ending::Ended;
use crate::cli::workspace::WorkspaceCommand as Verb;

pub(super) async fn run(app: &App, command: Verb) -> Ended {
    match command {
        Verb::Serve(args) => serve::run(app, &args).await,
        Verb::Token(args) => token::run(app, &args),
        Verb::Create(args) => create::run(app, *args).await,
        Verb::Adopt(args) => adopt::run(app, args).await,
        Verb::Ls(args) => list::run(app, args).await,
        Verb::Show(args) => list::show(app, args).await,
        Verb::Put(args) => files::put(app, args).await,
        Verb::Get(args) => files::get(app, args).await,
        Verb::Rm(args) => remove::run(app, args).await,
        Verb::Plan(args) => plan::run(app, args).await,
        Verb::Complete(args) => life::complete(app, args).await,
        Verb::Reopen(args) => life::reopen(app, args).await,
        Verb::Fail(args) => life::fail(app, args).await,
        Verb::Zip(args) => plan::zip(app, args).await,
        Verb::Touch(args) => life::touch(app, args).await,
        Verb::Hold(args) => hold::run(app, args).await,
        Verb::Stats(args) => sweep::stats(app, args).await,
        Verb::Sweep(args) => sweep::run(app, args).await,
    }
}
