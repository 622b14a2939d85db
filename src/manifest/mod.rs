//! A manifest: file systems as a file describes them, with the keys and the words of `create` and `set`. Text goes in, what is asked
//! for comes out, or one sentence with the place where the file is wrong.

mod draft;
mod json;
mod keys;
mod node;
mod schema;
mod toml;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use self::draft::Draft;
use self::node::{Mistake, Node};
use crate::domain::advice::Advice;
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::spec::Spec;

pub use self::schema::schema;

/// A file that describes file systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it is called in a sentence.
    pub name: String,
    /// Where the files are that it names.
    pub folder: PathBuf,
    /// In which language it is written.
    pub form: Form,
    /// Its text.
    pub text: String,
}

/// The language of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

/// A file system that a manifest describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// By name: ours, created where it is missing. By id: it exists, whoever created it.
    pub reference: Reference,
    /// What is asked for. Of a file system by id: its settings, tags and access points only.
    pub spec: Spec,
    /// Where it is described.
    pub place: Place,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

/// A manifest that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub sentence: Advice,
}

/// What is read beside the manifests.
pub struct Reading<'r> {
    /// The time, in seconds since 1970.
    pub now: i64,
    /// The text of a file, or why it cannot be read.
    pub file: &'r dyn Fn(&Path) -> Result<String, String>,
}

/// The file systems of these files, in their order.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn read(sources: &[Source], reading: &Reading<'_>) -> Result<Vec<Entry>, ManifestError> {
    let mut all: Vec<Entry> = Vec::new();
    let mut seen: BTreeMap<Reference, Place> = BTreeMap::new();
    for source in sources {
        for entry in source.read(reading)? {
            if let Some(first) = seen.insert(entry.reference.clone(), entry.place.clone()) {
                let sentence = format!("{} is described twice: first at {first}", entry.reference);
                return Err(ManifestError {
                    place: entry.place,
                    sentence: sentence.into(),
                });
            }
            all.push(entry);
        }
    }
    Ok(all)
}

impl Source {
    fn read(&self, reading: &Reading<'_>) -> Result<Vec<Entry>, ManifestError> {
        self.entries(reading).map_err(|mistake| ManifestError {
            place: self.place(mistake.at),
            sentence: mistake.sentence,
        })
    }

    fn entries(&self, reading: &Reading<'_>) -> Result<Vec<Entry>, Mistake> {
        let members = match self.form {
            Form::Toml => toml::parse(&self.text)?,
            Form::Json => json::parse(&self.text)?,
        };
        let mut defaults = Draft::default();
        let mut described: &[Node] = &[];
        for member in &members {
            match member.key.as_str() {
                "defaults" => {
                    for member in value::table(&member.node)? {
                        keys::read(&mut defaults, member)?;
                    }
                }
                "file_system" => described = value::list(&member.node)?,
                // The editor's, in JSON.
                "$schema" => {}
                other => {
                    let sentence = format!(
                        "there is no section `{other}`: expected [defaults] or [[file_system]]"
                    );
                    return Err(member.mistake(sentence));
                }
            }
        }
        let mut entries = Vec::new();
        for node in described {
            let (reference, at) = reference(node)?;
            let mut draft = defaults.clone();
            for member in value::table(node)? {
                if matches!(member.key.as_str(), "name" | "id") {
                    continue;
                }
                if matches!(reference, Reference::Id(_)) && keys::is_of_creation(&member.key) {
                    let sentence = format!(
                        "`{}` is decided when a file system is created, and `id` names one that exists",
                        member.key
                    );
                    return Err(member.mistake(sentence));
                }
                keys::read(&mut draft, member)?;
            }
            let read = |path: &Path| (reading.file)(&self.folder.join(path));
            let spec = draft.spec(&reference, at, reading.now, &read)?;
            entries.push(Entry {
                reference,
                spec,
                place: self.place(at),
            });
        }
        Ok(entries)
    }

    fn place(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

/// Which file system that describes, and where it says so.
fn reference(node: &Node) -> Result<(Reference, usize), Mistake> {
    let members = value::table(node)?;
    let named = |key: &str| members.iter().find(|member| member.key == key);
    match (named("name"), named("id")) {
        (Some(name), None) => {
            let reference = value::parsed(name, &name.node).map(Reference::Name)?;
            Ok((reference, name.at))
        }
        (None, Some(id)) => {
            let found: FileSystemId = value::parsed(id, &id.node)?;
            Ok((Reference::Id(found), id.at))
        }
        (Some(_), Some(id)) => Err(id.mistake(
            "`name` and `id` exclude each other: `name` is created where it is missing, `id` exists",
        )),
        (None, None) => Err(node.mistake("a file system has neither `name` nor `id`")),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.sentence)
    }
}

impl std::error::Error for ManifestError {}
