//! The configuration file and the credentials file: where they are, and which profiles stand in them.

use std::fs;
use std::io::ErrorKind;

use super::ini::{self, Section, Setting};
use super::refusal::{Origin, Refusal, remedy};
use crate::domain::advice::{Advice, Command};
use crate::domain::variables::Variables;

/// One of the two files.
#[derive(Debug, Clone, Default)]
struct File {
    path: String,
    sections: Vec<Section>,
}

/// Both files.
#[derive(Debug, Clone, Default)]
pub(super) struct Files {
    config: File,
    credentials: File,
}

/// A profile: what is set in both files.
#[derive(Debug, Clone)]
pub(super) struct Profile<'f> {
    pub(super) name: String,
    /// In the order of precedence: what the credentials file says wins.
    files: [(&'f str, Vec<&'f Section>); 2],
}

/// A setting with where it stands.
#[derive(Debug, Clone)]
pub(super) struct Found<'f> {
    pub(super) setting: &'f Setting,
    pub(super) origin: Origin,
}

impl Found<'_> {
    pub(super) fn value(&self) -> &str {
        &self.setting.value
    }
}

impl Files {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// A file is there and cannot be read, or is not of the form. One that is not there is like an empty one, as for the AWS CLI.
    pub(super) fn read(variables: &Variables) -> Result<Self, Refusal> {
        Ok(Self {
            config: File::read(variables, "AWS_CONFIG_FILE", "~/.aws/config")?,
            credentials: File::read(
                variables,
                "AWS_SHARED_CREDENTIALS_FILE",
                "~/.aws/credentials",
            )?,
        })
    }

    /// The profile of that name, if it is in one of the files.
    pub(super) fn profile(&self, name: &str) -> Option<Profile<'_>> {
        let in_config = self.config.under(|heading| {
            named(heading, "profile").is_some_and(|found| found == name)
                || (name == "default" && heading == "default")
        });
        let in_credentials = self.credentials.under(|heading| heading == name);
        let is_there = !in_config.is_empty() || !in_credentials.is_empty();
        is_there.then(|| Profile {
            name: name.to_owned(),
            files: [
                (self.credentials.path.as_str(), in_credentials),
                (self.config.path.as_str(), in_config),
            ],
        })
    }

    /// A heading that was meant for that profile and is none for it.
    ///
    /// # Errors
    ///
    /// The heading of one file is in the other one.
    pub(super) fn check_headings(&self, name: &str) -> Result<(), Refusal> {
        let is_for = |file: &File, heading: &str| !file.under(|found| found == heading).is_empty();
        let proper = !self
            .config
            .under(|heading| named(heading, "profile").is_some_and(|found| found == name))
            .is_empty();
        if name != "default" && !proper && is_for(&self.config, name) {
            return Err(Refusal::value(format!(
                "the profile `{name}` is under [{name}] in {}, which is not a heading of that file",
                self.config.path
            ))
            .hint(format!(
                "write [profile {name}]: only the credentials file takes [{name}]"
            )));
        }
        let wrong = self
            .credentials
            .under(|heading| named(heading, "profile").is_some_and(|found| found == name));
        if !wrong.is_empty() && !is_for(&self.credentials, name) {
            return Err(Refusal::value(format!(
                "the profile `{name}` is under [profile {name}] in {}, which is not a heading of that file",
                self.credentials.path
            ))
            .hint(format!(
                "write [{name}]: only the configuration file takes [profile {name}]"
            )));
        }
        Ok(())
    }

    /// That a profile is in neither file.
    pub(super) fn missing(&self, name: &str, origin: &Origin) -> Refusal {
        Refusal::value(format!(
            "the profile `{name}` ({origin}) is not defined: there is no [profile {name}] in {} and no [{name}] in {}",
            self.config.path, self.credentials.path
        ))
        .hint(
            Advice::from("list the profiles: ")
                .run(Command::aws("configure list-profiles").local()),
        )
    }

    /// A section of the configuration file that is no profile: `[sso-session NAME]`, `[services NAME]`.
    pub(super) fn section(&self, kind: &str, name: &str) -> Option<&Section> {
        let found = self
            .config
            .under(|heading| named(heading, kind).is_some_and(|found| found == name));
        found.last().copied()
    }

    /// Where the configuration is.
    pub(super) fn config_path(&self) -> &str {
        &self.config.path
    }
}

impl File {
    fn read(variables: &Variables, variable: &'static str, default: &str) -> Result<Self, Refusal> {
        let origin = Origin::Variable(variable);
        let path = match variables.get(variable) {
            Some("") => return Err(Refusal::empty(&origin)),
            Some(path) => variables.expanded(path),
            None => variables.expanded(default),
        };
        let unread = |what: String| {
            let sentence = match variables.get(variable) {
                Some(_) => format!("{path} ({origin}) {what}"),
                None => format!("{path} {what}"),
            };
            let hint = match variables.get(variable) {
                Some(_) => remedy(&origin),
                None => format!("{variable} names another file"),
            };
            Refusal::value(sentence).hint(hint)
        };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Self {
                    path,
                    sections: Vec::new(),
                });
            }
            Err(error) => return Err(unread(format!("cannot be read: {error}"))),
        };
        let text = String::from_utf8(bytes).map_err(|_| unread("is no text (UTF-8)".to_owned()))?;
        let sections = ini::parse(&text).map_err(|error| {
            unread(format!(
                "cannot be read: line {}: {}",
                error.line, error.what
            ))
        })?;
        Ok(Self { path, sections })
    }

    fn under(&self, takes: impl Fn(&str) -> bool) -> Vec<&Section> {
        let sections = self.sections.iter();
        sections.filter(|section| takes(&section.heading)).collect()
    }
}

/// The name in a heading of that kind: `profile prod`, `profile "two words"`.
fn named<'h>(heading: &'h str, kind: &str) -> Option<&'h str> {
    let rest = heading.strip_prefix(kind)?;
    let name = rest.trim();
    (rest != name && !name.is_empty()).then(|| name.trim_matches(['"', '\'']))
}

impl<'f> Profile<'f> {
    /// A setting: the last one of the first file that has it.
    pub(super) fn get(&self, key: &str) -> Option<Found<'f>> {
        self.files.iter().find_map(|(path, sections)| {
            let setting = sections.iter().rev().find_map(|section| section.get(key))?;
            Some(Found {
                setting,
                origin: Origin::Section {
                    section: format!("the profile `{}`", self.name),
                    key: setting.key.clone(),
                    file: (*path).to_owned(),
                },
            })
        })
    }

    /// The value of a setting that holds one.
    pub(super) fn filled(&self, key: &str) -> Option<Found<'f>> {
        self.get(key).filter(|found| !found.value().is_empty())
    }

    /// Whether the credentials file has that setting: AWS's tools take keys there before they ask a process.
    pub(super) fn is_in_credentials_file(&self, key: &str) -> bool {
        let [(_, sections), _] = &self.files;
        sections.iter().any(|section| section.get(key).is_some())
    }
}
