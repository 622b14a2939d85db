//! Whether the programs are there that serve NFS, and what is needed for them.

use std::io;
use std::process::{Command, Stdio};

use super::config::Storage;
use super::unusable::Unusable;

/// The program that serves NFS.
pub(super) const GANESHA: &str = "ganesha.nfsd";

/// The program that has a process end with the one that started it.
pub(super) const SETPRIV: &str = "setpriv";

/// Whether both programs can be run, and whether this storage may be used.
pub(super) fn check(storage: &Storage) -> Result<(), Unusable> {
    runs(GANESHA, "-v", Unusable::NoGanesha)?;
    runs(SETPRIV, "--version", Unusable::NoSetpriv)?;
    match storage {
        Storage::Directory(_) if !rustix::process::geteuid().is_root() => Err(Unusable::NeedsRoot),
        _ => Ok(()),
    }
}

fn runs(program: &'static str, flag: &str, missing: Unusable) -> Result<(), Unusable> {
    let ran = Command::new(program)
        .arg(flag)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ran {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing),
        Err(error) => Err(Unusable::Program(program, error)),
    }
}
