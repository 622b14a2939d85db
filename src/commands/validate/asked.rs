//! What is asked of an audit: the command line over the config file.

use std::path::Path;

use crate::cli::validate::ValidateArgs;
use crate::commands::{App, read_text};
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::Severity;
use crate::error::{Code, Error};
use crate::service::{Baseline, ConfigFile, ExitPolicy, FleetOptions, ValidateOptions};

/// The config file that is read when it is there.
const CONFIG_FILE: &str = "efsctl.toml";

pub(super) fn asked(app: &App, args: &ValidateArgs) -> Result<FleetOptions, Error> {
    let file = config_file(args.config.as_deref())?;
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    let exit = ExitPolicy {
        fail_on: args.fail_on.or(file.fail_on).unwrap_or(Severity::Low),
        strict: args.strict || file.strict == Some(true),
        baseline,
    };
    let rules = args.rules(today()).map_err(Error::usage)?;
    Ok(FleetOptions {
        scope: args.scope(),
        asked: ValidateOptions {
            clients: args.client.clone(),
            rules: file.apply_to(rules),
            timeout: app.settings.timeout,
            ..ValidateOptions::default()
        },
        exit,
    })
}

/// That config file, or the one of the current directory where there is one.
pub(in crate::commands) fn config_file(named: Option<&Path>) -> Result<ConfigFile, Error> {
    let path = match named {
        Some(path) => path,
        None if Path::new(CONFIG_FILE).symlink_metadata().is_ok() => Path::new(CONFIG_FILE),
        None => return Ok(ConfigFile::default()),
    };
    let shown = path.display();
    let text = read_text(path).map_err(|why| {
        Error::new(
            Code::InvalidFile,
            format!("the config file {shown} cannot be read: {why}"),
        )
    })?;
    ConfigFile::parse(&text).map_err(|error| {
        let list = Command::efsctl("validate --list").local();
        Error::new(Code::InvalidFile, format!("{shown}: {error}")).hint(
            Advice::from("docs/VALIDATE.md describes the config file; ")
                .then(Advice::step("list the checks", list)),
        )
    })
}

fn baseline(path: &Path) -> Result<Baseline, Error> {
    let read = read_text(path).and_then(|text| Baseline::parse(&text));
    read.map_err(|why| {
        let message = format!("--baseline {}: {why}", path.display());
        Error::new(Code::InvalidFile, message).hint(
            Advice::step("create one", Command::efsctl("validate --all -o json"))
                .text(" > baseline.json"),
        )
    })
}

/// The time in UTC, RFC 3339.
pub(super) fn now() -> String {
    humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string()
}

/// The date in UTC.
pub(in crate::commands) fn today() -> String {
    now().chars().take(10).collect()
}
