//! What to do next: sentences with the commands in them as data, so that each is shown for the account and the region it is about.

use std::fmt;

/// What to do next: words, and commands among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advice(Vec<Piece>);

/// A piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A line to type.
    Command(Command),
}

impl Advice {
    /// The same advice, with a command after it.
    #[must_use]
    pub fn run(mut self, command: Command) -> Self {
        self.0.push(Piece::Command(command));
        self
    }

    /// The same advice, with words after it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Text(text.into()));
        self
    }

    /// Several, with words between them.
    pub fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (nth, one) in all.into_iter().enumerate() {
            if nth > 0 {
                joined.0.push(Piece::Text(between.to_owned()));
            }
            joined.0.extend(one.0);
        }
        joined
    }

    /// The same advice, with other advice after it.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }

    /// The same advice about that region and profile, where its commands name none of their own.
    #[must_use]
    pub fn at(mut self, region: &str, profile: Option<&str>) -> Self {
        for piece in &mut self.0 {
            if let Piece::Command(command) = piece {
                command.region.get_or_insert_with(|| region.to_owned());
                if let Some(profile) = profile {
                    command.profile.get_or_insert_with(|| profile.to_owned());
                }
            }
        }
        self
    }

    /// Its pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Its commands, in order.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Command(command) => Some(command),
        })
    }

    /// Whether its text contains that.
    pub fn contains(&self, text: &str) -> bool {
        self.to_string().contains(text)
    }

    /// As text, with commands that reach the account which the invocation reached.
    pub fn shown(&self, invocation: &Invocation) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Command(command) => command.shown(invocation),
        };
        self.0.iter().map(piece).collect()
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(&Invocation::default()))
    }
}

impl From<&str> for Advice {
    fn from(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned())])
    }
}

impl From<String> for Advice {
    fn from(text: String) -> Self {
        Self(vec![Piece::Text(text)])
    }
}

impl From<Command> for Advice {
    fn from(command: Command) -> Self {
        Self(vec![Piece::Command(command)])
    }
}

/// What a command is run with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// efsctl.
    Efsctl,
    /// The AWS CLI.
    Aws,
}

/// What a command has to be told to reach what it is about.
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

/// Where `efsctl sandbox serve` listens unless it is told another port.
pub const SERVED: &str = "http://127.0.0.1:4580";

fn flag((name, value): (&str, Option<&String>)) -> Option<String> {
    Some(format!("{name} {}", quoted(value?)))
}

/// The global options that a command was typed with: what a line to type next needs to reach the same account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// `--region`: one, several, or `all`.
    pub region: Option<String>,
    /// `--profile`: one, or several.
    pub profile: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// `--sandbox`, with the state file that was named.
    pub sandbox: Option<Option<String>>,
    /// `--world`.
    pub world: Option<String>,
    /// The region of the simulated account, where none is named.
    pub default_region: Option<String>,
}

impl Invocation {
    /// Without any global option.
    pub const PLAIN: Self = Self {
        region: None,
        profile: None,
        endpoint_url: None,
        sandbox: None,
        world: None,
        default_region: None,
    };

    /// The same invocation, with the region that it reached where it names none. That of the simulated account goes without saying.
    #[must_use]
    pub fn reached(mut self, region: &str) -> Self {
        if self.region.is_none() && self.default_region.as_deref() != Some(region) {
            self.region = Some(region.to_owned());
        }
        self
    }
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

#[cfg(test)]
mod tests;
