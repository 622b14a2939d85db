//! A line to type, without what says which account and region it is about: that is put on it where it is shown.

use super::Invocation;

/// What a command is run with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// efsctl.
    Efsctl,
    /// The AWS CLI.
    Aws,
    /// A program of the host, which is the first word.
    Shell,
}

/// What a command needs to reach what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    /// The account and the region.
    Place,
    /// The profile.
    Profile,
    /// Nothing: it reaches no account.
    Nothing,
}

/// A line to type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Command {
    /// What it is run with.
    pub program: Program,
    /// What follows, without what says which account and region.
    pub words: Vec<String>,
    /// Its region, where it is not that of the invocation.
    pub region: Option<String>,
    /// Its profile, where it is not that of the invocation.
    pub profile: Option<String>,
    needs: Needs,
}

impl Command {
    /// `efsctl` with these words, which spaces separate.
    pub fn efsctl(words: &str) -> Self {
        Self::of(Program::Efsctl, words)
    }

    /// `aws` with these words, which spaces separate.
    pub fn aws(words: &str) -> Self {
        Self::of(Program::Aws, words)
    }

    /// These words, which spaces separate, on the host that is to be changed: it reaches no account.
    pub fn shell(words: &str) -> Self {
        Self::of(Program::Shell, words).local()
    }

    fn of(program: Program, words: &str) -> Self {
        Self {
            program,
            words: words.split_whitespace().map(str::to_owned).collect(),
            region: None,
            profile: None,
            needs: Needs::Place,
        }
    }

    /// The same command, with one more word.
    #[must_use]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "ids, numbers and texts alike, by value or by reference"
    )]
    pub fn arg(mut self, word: impl ToString) -> Self {
        self.words.push(word.to_string());
        self
    }

    /// The same command, with a flag and its value.
    #[must_use]
    pub fn flag(self, name: &str, value: impl ToString) -> Self {
        self.arg(name).arg(value)
    }

    /// The same command; it reaches no account.
    #[must_use]
    pub fn local(mut self) -> Self {
        self.needs = Needs::Nothing;
        self
    }

    /// The same command; it is about a profile, in whatever region.
    #[must_use]
    pub fn of_profile(mut self) -> Self {
        self.needs = Needs::Profile;
        self
    }

    /// Whether it reaches an account.
    pub fn is_local(&self) -> bool {
        self.needs == Needs::Nothing
    }

    /// As a shell takes it, for the account that the invocation reached.
    pub fn shown(&self, invocation: &Invocation) -> String {
        let words = self.words.iter().map(|word| quoted(word));
        let line: Vec<String> = match self.program {
            Program::Efsctl => {
                let flags = self.efsctl_flags(invocation);
                let program = std::iter::once("efsctl".to_owned());
                program.chain(flags).chain(words).collect()
            }
            Program::Aws => {
                let flags = self.aws_flags(invocation);
                let program = std::iter::once("aws".to_owned());
                program.chain(words).chain(flags).collect()
            }
            Program::Shell => words.collect(),
        };
        line.join(" ")
    }

    /// Several regions or profiles are a list that only an audit takes.
    fn takes_several(&self) -> bool {
        self.program == Program::Efsctl && self.words.first().is_some_and(|verb| verb == "validate")
    }

    fn region<'a>(&'a self, invocation: &'a Invocation) -> Option<&'a String> {
        let one = |text: &&String| self.takes_several() || !(text.contains(',') || *text == "all");
        let asked = invocation.region.as_ref().filter(one);
        self.region.as_ref().or(asked)
    }

    fn profile<'a>(&'a self, invocation: &'a Invocation) -> Option<&'a String> {
        let one = |text: &&String| self.takes_several() || !text.contains(',');
        let asked = invocation.profile.as_ref().filter(one);
        self.profile.as_ref().or(asked)
    }

    fn efsctl_flags(&self, invocation: &Invocation) -> Vec<String> {
        if self.needs == Needs::Nothing {
            return Vec::new();
        }
        let mut flags = Vec::new();
        match &invocation.sandbox {
            Some(None) => flags.push("--sandbox".to_owned()),
            Some(Some(path)) => flags.push(format!("--sandbox={}", quoted(path))),
            None => {}
        }
        let named = [
            ("--world", invocation.world.as_ref()),
            ("--endpoint-url", invocation.endpoint_url.as_ref()),
            ("--region", self.region(invocation)),
            ("--profile", self.profile(invocation)),
        ];
        flags.extend(named.into_iter().filter_map(flag));
        flags
    }

    fn aws_flags(&self, invocation: &Invocation) -> Vec<String> {
        // Other tools reach the simulated account where `sandbox serve` offers it; without an address they would reach AWS.
        let simulated = invocation.sandbox.as_ref().map(|_| SERVED.to_owned());
        let region = self.region(invocation);
        let default = simulated.as_ref().and(invocation.default_region.as_ref());
        let endpoint = invocation.endpoint_url.as_ref().or(simulated.as_ref());
        let named = [
            ("--region", region.or(default)),
            ("--profile", self.profile(invocation)),
            ("--endpoint-url", endpoint),
        ];
        let is_due = |name: &str| match self.needs {
            Needs::Place => true,
            Needs::Profile => name == "--profile",
            Needs::Nothing => false,
        };
        let due = named.into_iter().filter(|(name, _)| is_due(name));
        due.filter_map(flag).collect()
    }
}

/// Where `efsctl sandbox serve` listens unless it is given another port.
pub const SERVED: &str = "http://127.0.0.1:4580";

fn flag((name, value): (&str, Option<&String>)) -> Option<String> {
    Some(format!("{name} {}", quoted(value?)))
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
