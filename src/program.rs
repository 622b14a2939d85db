//! The program: from the words of the command line to the exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::{Cli, Command, PROGRAM};
use crate::commands::{self, App};
use crate::domain::advice::Invocation;
use crate::error::{Code, Error, Kind};
use crate::settings::Settings;
use crate::signals::Signals;
use crate::ui::document::{Calls, Contents, Document, Outcome};
use crate::ui::{self, Ui};

/// The whole program.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let (cli, name) = match Cli::read(&args) {
        Ok(read) => read,
        Err(error) => return mistyped(&error, &args),
    };
    // One thread: a run is a handful of calls that wait for AWS.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let code = match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(run(cli, &name));
            // A look-up of a name or a question on the terminal may still hold a thread.
            runtime.shutdown_background();
            code
        }
        Err(_) => Kind::Failed.exit_code(),
    };
    ExitCode::from(code)
}

async fn run(cli: Cli, name: &str) -> u8 {
    let failed = |ui: &Ui, error: &Error| {
        let contents = Contents::new(Outcome::Failed);
        commands::fail(ui, contents, Calls::default(), error)
    };
    let bare = Settings::bare(&cli.global);
    let settings = match Settings::resolve(&cli.global, &cli.command) {
        Ok(settings) => settings,
        Err(error) => return failed(&Ui::new(name, &bare), &error),
    };
    let ui = Ui::new(name, &settings);
    trace(settings.verbose);
    let printer = ui.clone();
    let stopping = match &cli.command {
        Command::Create(args) if args.rolls_back() => {
            "stopping: finishing calls in flight, then rolling back; press ctrl-C again to stop at once"
        }
        Command::Create(_) | Command::Set(_) | Command::Delete(_) => {
            "stopping: finishing calls in flight; press ctrl-C again to stop at once"
        }
        _ => "stopping",
    };
    let signals = Signals::listen(cli.command.reloads(), move |nth| {
        printer.note(if nth == 1 {
            stopping
        } else {
            "stopping at once"
        });
    });
    let signals = match signals {
        Ok(signals) => signals,
        Err(error) => {
            let error = Error::new(Code::Failed, format!("signals cannot be caught: {error}"));
            return failed(&ui, &error);
        }
    };
    let app = App::new(settings, ui, signals);
    app.run(cli.command).await
}

/// What clap refused. Help and version are results; the rest is usage, as one document if JSON was asked for.
fn mistyped(error: &clap::Error, args: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> = args
        .iter()
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    let json = asks_for_json(&words);
    let _ = error.print();
    if json {
        // The first paragraph is the sentence; a list of missing arguments is part of it.
        let text = error.to_string();
        let lines: Vec<&str> = text
            .lines()
            .take_while(|line| !line.is_empty())
            .map(str::trim)
            .collect();
        let message = lines.join(" ").trim_start_matches("error: ").to_owned();
        let command = Cli::command_named_in(&words);
        let tip = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("tip: "));
        let help = match command.as_str() {
            PROGRAM => format!("see `{PROGRAM} --help`"),
            command => format!("see `{PROGRAM} {command} --help`"),
        };
        let hint = tip.map_or_else(|| help.clone(), |tip| format!("{tip}; {help}"));
        let failure = Error::usage(message).hint(hint);
        let contents = Contents::new(Outcome::Failed);
        let document = Document::new(&command, &contents).because(&failure, &Invocation::PLAIN);
        let _ = ui::print_document(&document);
    }
    ExitCode::from(Kind::Usage.exit_code())
}

/// Whether the words ask for JSON: `-o json`, `-ojson`, `--output=json`, also behind other short flags (`-qo json`).
fn asks_for_json(words: &[String]) -> bool {
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--output") {
            Some(value) => Some(value),
            None => word
                .strip_prefix('-')
                .map(|flags| flags.trim_start_matches(['q', 'v']))
                .and_then(|flags| flags.strip_prefix('o')),
        };
        let word = match value {
            Some("") => words.peek().map(|next| next.as_str()),
            value => value.map(|value| value.trim_start_matches('=')),
        };
        if word == Some("json") {
            return true;
        }
    }
    false
}

/// Requests go to stderr with `-vv`. The SDK's own log stays off: it prints whole requests.
fn trace(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => "efsctl=info",
        _ => "efsctl=debug",
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .try_init();
}

#[cfg(test)]
mod tests {
    use super::asks_for_json;

    #[test]
    fn json_is_asked_for_in_every_spelling_that_the_command_line_takes() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for line in [
            "-o json creat",
            "creat -ojson",
            "-o=json x",
            "--output json",
            "--output=json",
            "-qo json x",
            "-qvojson",
            "x -vvo=json",
        ] {
            assert!(asks_for_json(&words(line)), "{line}");
        }
        for line in [
            "-o human",
            "json",
            "--out json",
            "-q json",
            "list -o",
            "--outputs=json",
        ] {
            assert!(!asks_for_json(&words(line)), "{line}");
        }
    }
}
