//! Manifests, from files to what is asked for.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{App, read_text, setting};
use crate::domain::advice::Advice;
use crate::domain::text::{decode, list};
use crate::error::{Code, Error};
use crate::manifest::{Entry, Form, Reading, Source, read};
use crate::service::ApplyEntry;

/// The file systems that are described, and meant.
///
/// # Errors
///
/// A file cannot be read, or is wrong; what is only meant is not described.
pub(super) fn entries(
    app: &App,
    files: &[PathBuf],
    only: &[String],
) -> Result<Vec<ApplyEntry>, Error> {
    let sources = files.iter().map(|path| source(path));
    let sources: Vec<Source> = sources.collect::<Result<_, _>>()?;
    let reading = Reading {
        now: setting::now(),
        file: &read_text,
    };
    let all = read(&sources, &reading).map_err(|error| {
        let sentence = Advice::from(format!("{}: ", error.place)).then(error.sentence);
        Error::new(Code::InvalidFile, sentence)
    })?;
    if all.is_empty() {
        let files = list(sources.iter().map(|source| &source.name));
        app.ui
            .note(&format!("note: {files}: no [[file_system]] is described"));
    }
    let is_meant = |entry: &Entry| {
        let reference = entry.reference.to_string();
        only.is_empty() || only.contains(&reference)
    };
    let known = |only: &&String| {
        all.iter()
            .any(|entry| entry.reference.to_string() == **only)
    };
    if let Some(unknown) = only.iter().find(|only| !known(only)) {
        let described = list(all.iter().map(|entry| &entry.reference));
        return Err(
            Error::usage(format!("`{unknown}` is not described (--only)"))
                .hint(format!("described are: {described}")),
        );
    }
    let meant = all.into_iter().filter(is_meant);
    Ok(meant
        .map(|one| ApplyEntry::new(one.reference, one.spec))
        .collect())
}

fn source(path: &Path) -> Result<Source, Error> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin {
        "stdin".to_owned()
    } else {
        path.display().to_string()
    };
    let text = if is_stdin { stdin() } else { read_text(path) };
    let text = text.map_err(|why| {
        Error::new(Code::InvalidFile, format!("{name}: {why}"))
            .hint("name a manifest, which is TOML or JSON (docs/MANIFEST.md)")
    })?;
    let is_json = if is_stdin {
        text.trim_start().starts_with('{')
    } else {
        path.extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("json"))
    };
    Ok(Source {
        name,
        folder: path.parent().map(PathBuf::from).unwrap_or_default(),
        form: if is_json { Form::Json } else { Form::Toml },
        text,
    })
}

fn stdin() -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    decode(&bytes).map_err(|error| error.to_string())
}
