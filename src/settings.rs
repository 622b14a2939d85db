//! Arguments and environment, resolved: the one place that reads the environment.

pub mod variables;
#[cfg(feature = "workspace")]
pub mod workspace;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::fields::{DOCTOR, FLAGS, KEYS};
use crate::cli::{ColorChoice, Command, Global, OutputFormat};
use crate::domain::advice::{Advice, Command as Line, Invocation, Naming};
use crate::domain::endpoint::is_endpoint;
use crate::domain::region;
use crate::domain::variables::Variables;
use crate::error::Error;

/// What a run works with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The region that was asked for.
    pub region: Option<String>,
    /// Regions that were asked for, besides [`Settings::region`].
    pub regions: Regions,
    /// The profile that was asked for.
    pub profile: Option<String>,
    /// Profiles that were asked for, where there are several.
    pub profiles: Vec<String>,
    /// The endpoint that was asked for.
    pub endpoint_url: Option<String>,
    /// The simulated account.
    pub sandbox: Option<SandboxSettings>,
    /// How the result is printed.
    pub output: OutputFormat,
    /// Result and errors only.
    pub quiet: bool,
    /// How much is reported about calls.
    pub verbose: u8,
    /// Colour on stdout, and on stderr.
    pub color: (bool, bool),
    /// stderr is a terminal that can show progress.
    pub live: bool,
    /// The end of waiting.
    pub timeout: Option<Duration>,
    /// Columns of the terminal on stdout; `None` elsewhere.
    pub columns: Option<usize>,
    /// The global options that reach the same account: for lines to type next.
    pub invocation: Invocation,
}

/// How many regions a command is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Regions {
    /// One.
    #[default]
    One,
    /// These.
    These(Vec<String>),
    /// All that are enabled for the account.
    All,
}

/// Where the simulated account comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SandboxSettings {
    /// It is kept.
    Kept {
        /// The state file.
        state: PathBuf,
        /// The description it starts from while that file does not exist.
        world: Option<PathBuf>,
    },
    /// It is discarded at the end of the command.
    Discarded {
        /// The description it starts from.
        world: PathBuf,
    },
}

/// The region of the sandbox, unless one is asked for.
pub const SANDBOX_REGION: &str = "eu-west-1";

impl Settings {
    /// Resolves the global options of a command against the environment.
    ///
    /// # Errors
    ///
    /// A value that cannot be meant.
    pub fn resolve(global: &Global, command: &Command) -> Result<Self, Error> {
        check_flags(global, command)?;
        let several = command.takes_several();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let (region, regions) = match &global.region {
            Some(text) => read_regions(text, several)?,
            None => (None, Regions::One),
        };
        let (profile, profiles) = match &global.profile {
            Some(text) if several && text.contains(',') => (None, read_profiles(text)?),
            profile => (profile.clone(), Vec::new()),
        };
        if let Some(url) = &global.endpoint_url
            && !is_endpoint(url)
        {
            return Err(Error::usage(format!(
                "`{url}` is not the address of an endpoint (--endpoint-url)"
            ))
            .hint("an endpoint looks like http://127.0.0.1:4580 or https://efs.example.com"));
        }
        let sandbox = match &global.sandbox {
            Some(path) => Some(match (path.clone(), global.world.clone()) {
                (Some(state), world) => SandboxSettings::Kept { state, world },
                (None, Some(world)) => SandboxSettings::Discarded { world },
                (None, None) => SandboxSettings::Kept {
                    state: default_state()?,
                    world: None,
                },
            }),
            None => None,
        };
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !set("NO_COLOR") && !dumb,
        };
        let stdout = std::io::stdout().is_terminal();
        let stderr = std::io::stderr().is_terminal();
        Ok(Self {
            region,
            regions,
            profile,
            profiles,
            endpoint_url: global.endpoint_url.clone(),
            sandbox,
            output: global.output,
            quiet: global.quiet,
            verbose: global.verbose,
            color: (color(stdout), color(stderr)),
            live: stderr && !dumb && !set("CI") && !global.quiet && global.verbose == 0,
            timeout: global.timeout,
            columns: stdout.then(columns),
            invocation: Invocation {
                naming: match command {
                    Command::Apply(_) => Naming::Table(KEYS),
                    Command::Doctor(_) => Naming::Table(DOCTOR),
                    _ => Naming::Table(FLAGS),
                },
                ..invocation(global)
            },
        })
    }

    /// What is known before anything is resolved: enough to tell that it cannot be.
    pub fn bare(global: &Global) -> Self {
        Self {
            region: None,
            regions: Regions::One,
            profile: None,
            profiles: Vec::new(),
            endpoint_url: None,
            sandbox: None,
            output: global.output,
            quiet: global.quiet,
            verbose: 0,
            color: (false, false),
            live: false,
            timeout: None,
            columns: None,
            invocation: invocation(global),
        }
    }

    /// The region of a simulated account: there is always one.
    ///
    /// # Errors
    ///
    /// A variable that cannot be meant.
    pub fn simulated_region(&self, variables: &Variables) -> Result<String, Error> {
        if let Some(asked) = &self.region {
            return Ok(asked.clone());
        }
        let set = ["AWS_REGION", "AWS_DEFAULT_REGION"]
            .into_iter()
            .find_map(|name| Some((name, variables.filled(name)?)));
        match set {
            Some((name, text)) => {
                check_region(text, &format!("the variable {name}"))?;
                Ok(text.to_owned())
            }
            None => Ok(SANDBOX_REGION.to_owned()),
        }
    }
}

/// Flags that contradict each other. Clap sees it only where both stand on the same side of the command.
fn check_flags(global: &Global, command: &Command) -> Result<(), Error> {
    let both = |one: &str, other: &str| {
        Err(
            Error::usage(format!("{one} and {other} contradict each other"))
                .hint("leave one of them out"),
        )
    };
    if global.sandbox.is_some() && global.endpoint_url.is_some() {
        return both("--sandbox", "--endpoint-url");
    }
    if global.quiet && global.verbose > 0 {
        return both("--quiet", "--verbose");
    }
    // `sandbox serve` is a simulated account without the flag.
    let serves = matches!(command, Command::Sandbox(_));
    if let (Some(world), None, false) = (&global.world, &global.sandbox, serves) {
        return Err(Error::usage(format!(
            "--world {} describes a simulated account, and --sandbox is not given",
            world.display()
        ))
        .hint("add --sandbox, or leave --world out"));
    }
    Ok(())
}

/// Whether a text is a region; `origin` tells where it stands.
fn check_region(text: &str, origin: &str) -> Result<(), Error> {
    region::check(text).map_err(|mistaken| {
        Error::usage(region::sentence(text, origin, &mistaken)).hint(
            Advice::from("a region looks like eu-west-1; list them: ")
                .run(Line::aws("ec2 describe-regions")),
        )
    })
}

fn columns() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .unwrap_or_else(|| usize::from(console::Term::stdout().size().1))
}

/// The region to begin in, and all that are meant.
fn read_regions(text: &str, several: bool) -> Result<(Option<String>, Regions), Error> {
    let plural = text == "all" || text.contains(',');
    if plural && !several {
        return Err(
            Error::usage(format!("`{text}` is not one region (--region)"))
                .hint("only validate and export take several regions, or all"),
        );
    }
    if text == "all" {
        return Ok((None, Regions::All));
    }
    let mut named: Vec<String> = Vec::new();
    for region in text.split(',').map(str::trim) {
        check_region(region, "--region")?;
        if !named.iter().any(|known| known == region) {
            named.push(region.to_owned());
        }
    }
    let first = named.first().cloned();
    Ok((
        first,
        if plural {
            Regions::These(named)
        } else {
            Regions::One
        },
    ))
}

/// Profiles, each once.
fn read_profiles(text: &str) -> Result<Vec<String>, Error> {
    let mut named: Vec<String> = Vec::new();
    for profile in text.split(',').map(str::trim) {
        if profile.is_empty() {
            return Err(
                Error::usage(format!("`{text}` names an empty profile (--profile)"))
                    .hint("several profiles are separated by commas: --profile prod,audit"),
            );
        }
        if !named.iter().any(|known| known == profile) {
            named.push(profile.to_owned());
        }
    }
    Ok(named)
}

/// `$XDG_STATE_HOME/efsctl/sandbox.json`, or under `~/.local/state`.
fn default_state() -> Result<PathBuf, Error> {
    let home = |name: &str| {
        std::env::var_os(name)
            .filter(|value| Path::new(value).is_absolute())
            .map(PathBuf::from)
    };
    home("XDG_STATE_HOME")
        .or_else(|| home("HOME").map(|home| home.join(".local/state")))
        .map(|base| base.join("efsctl/sandbox.json"))
        .ok_or_else(|| {
            Error::usage("there is no home directory to keep the simulated account in")
                .hint("name a state file: --sandbox=FILE")
        })
}

fn invocation(global: &Global) -> Invocation {
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let sandbox = global.sandbox.as_ref();
    Invocation {
        region: global.region.clone(),
        profile: global.profile.clone(),
        endpoint_url: global.endpoint_url.clone(),
        sandbox: sandbox.map(|path| path.as_ref().map(text)),
        world: global.world.as_ref().map(text),
        default_region: sandbox.map(|_| SANDBOX_REGION.to_owned()),
        naming: Naming::Table(FLAGS),
    }
}
