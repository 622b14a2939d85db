//! What the crate of workspaces refuses, as this program says it.

use crate::domain::advice::{Advice, Command};
use crate::error::{Code, Error};
use crate::workspace::domain::name::Name;
use crate::workspace::service::{Code as Cause, Refusal};
use crate::workspace::share::base::BaseFault;

/// A base that cannot be used.
pub(super) fn base(fault: &BaseFault) -> Error {
    let error = Error::new(
        Code::BaseUnavailable,
        format!("the base directory cannot be used: {fault}"),
    );
    match fault {
        BaseFault::Unreadable { path, error: cause }
            if cause.kind() == std::io::ErrorKind::NotFound =>
        {
            let create = Command::shell("mkdir -p").arg(path.display());
            error.hint(Advice::from("is it mounted? To create a new one: ").run(create))
        }
        BaseFault::NoMount(_) => error.hint("mount it, or leave --require-mount out"),
        _ => error,
    }
}

/// A call that was refused, about one workspace perhaps.
pub(super) fn refused(refusal: &Refusal, about: Option<&Name>) -> Error {
    let code = match refusal.code {
        Cause::NotFound => Code::NotFound,
        Cause::PathRefused | Cause::Invalid | Cause::TooManyItems => Code::InvalidArguments,
        Cause::BadJson | Cause::BadContent | Cause::NotText => Code::InvalidFile,
        Cause::FileTooLarge
        | Cause::ProjectTooLarge
        | Cause::TooManyFiles
        | Cause::BodyTooLarge => Code::LimitReached,
        Cause::IdTaken => Code::NameTaken,
        Cause::NotGenerating
        | Cause::JobFailed
        | Cause::JobComplete
        | Cause::InTheWay
        | Cause::ZipNotReady
        | Cause::Expired => Code::WrongStatus,
        Cause::Held => Code::Held,
        Cause::Damaged => Code::Damaged,
        Cause::DiskFull => Code::DiskFull,
        Cause::BaseUnavailable => Code::BaseUnavailable,
        Cause::Busy | Cause::TimedOut => Code::TimedOut,
        Cause::NoMethod | Cause::Unauthorized | Cause::Forbidden | Cause::Internal => Code::Failed,
    };
    let error = Error::new(code, refusal.message.clone());
    let on = |words: &str| about.map(|name| Command::efsctl(words).arg(name).local());
    let advice = match refusal.code {
        Cause::NotFound => Some(Command::efsctl("workspace ls").local())
            .map(|list| ("to list the workspaces: ", list)),
        Cause::Damaged => on("workspace adopt --force").map(|adopt| ("to write it again: ", adopt)),
        Cause::NotGenerating => on("workspace reopen").map(|reopen| ("to open it again: ", reopen)),
        Cause::ZipNotReady => on("workspace complete").map(|complete| ("to create it: ", complete)),
        _ => None,
    };
    match advice {
        Some((why, command)) => error.hint(Advice::from(why).run(command)),
        None => error,
    }
}
