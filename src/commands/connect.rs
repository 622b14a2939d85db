//! `efsctl connect`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::App;
use super::ending::{Ended, unwritable};
use crate::cli::OutputFormat;
use crate::cli::connect::ConnectArgs;
use crate::connect::{Artefact, check, render};
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::error::{Code, Error};

pub(super) async fn run(app: &App, args: &ConnectArgs) -> Ended {
    let request = args.request();
    check(args.form, &request).map_err(Error::from)?;
    if app.settings.output != OutputFormat::Human {
        let error = Error::usage("connect prints what it is asked for and has no other form")
            .hint("leave -o json out; --for json is a JSON document");
        return Err(error.into());
    }
    if args.write.as_deref() == Some(Path::new("/etc/fstab")) {
        let error = Error::usage("/etc/fstab has lines of others, which --write would overwrite")
            .hint("leave --write out, and append it: … | sudo tee -a /etc/fstab");
        return Err(error.into());
    }
    let service = app.service_for(Some(&args.file_system)).await?;
    let region = service.cloud().region();
    let point = request.access_point.as_ref();
    let connection = service.connection(&args.file_system, point, region).await?;
    let artefact = render(&connection, args.form, &request).map_err(Error::from)?;
    match &args.write {
        None => {
            let text = artefact.text();
            app.ui.text(&text).map_err(|error| unwritable(&error))?;
        }
        Some(path) => {
            for written in write(&artefact, path, args.force)? {
                app.ui.note(&format!("written: {}", written.display()));
            }
        }
    }
    for note in &artefact.notes {
        app.ui.note(&format!("note: {}", app.ui.shown(note)));
    }
    Ok(None)
}

/// Writes one file, or several to a directory. All or none of them are refused.
fn write(artefact: &Artefact, path: &Path, force: bool) -> Result<Vec<PathBuf>, Error> {
    let paths: Vec<PathBuf> = match artefact.files.as_slice() {
        [_] => vec![path.to_owned()],
        several if path.is_dir() => several.iter().map(|file| path.join(&file.name)).collect(),
        several => {
            let names: Vec<&str> = several.iter().map(|file| file.name.as_str()).collect();
            let message = format!(
                "{} (--write) is no directory, and this is several files: {}",
                path.display(),
                names.join(", ")
            );
            return Err(Error::new(Code::InvalidFile, message).hint("name a directory that exists"));
        }
    };
    if let Some(taken) = paths
        .iter()
        .find(|path| path.symlink_metadata().is_ok() && !force)
    {
        return Err(exists(taken));
    }
    for (path, file) in paths.iter().zip(&artefact.files) {
        let written = if force {
            replace(path, &file.text)
        } else {
            create(path, &file.text)
        };
        written.map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                return exists(path);
            }
            let message = format!("{} (--write) cannot be written: {error}", path.display());
            Error::new(Code::OutputFailed, message)
        })?;
    }
    Ok(paths)
}

fn exists(path: &Path) -> Error {
    let message = format!("{} (--write) exists", path.display());
    Error::new(Code::FileExists, message).hint(advice!["to overwrite it, add ", Field::Force])
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// In one step: whoever reads the file has the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a directory",
        ));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.efsctl-{}", std::process::id()));
    let written = create(&beside, text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
