//! How `efsctl verify` ended.

use crate::cli::verify::VerifyArgs;
use crate::commands::App;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::finding::Verdict;
use crate::domain::verification::{Step, Verification};
use crate::error::{Code, Error, Kind};

/// Why it did not show that the file system can be used.
pub(super) fn failure(
    app: &App,
    args: &VerifyArgs,
    done: &Verification,
    interrupted: bool,
) -> Option<Error> {
    let id = done.file_system_id.bare();
    let mut error = match done.verdict() {
        _ if interrupted => app.stops().ended(" while verifying"),
        _ if !done.complete => {
            Error::new(Code::TimedOut, format!("timed out while verifying {id}")).hint(advice![
                "run the same command again with a longer ",
                Field::Timeout
            ])
        }
        Verdict::Fail => {
            let failed = done.steps.iter().filter(|one| one.verdict == Verdict::Fail);
            let mut failed: Vec<&str> = failed.map(|one| one.step.as_str()).collect();
            failed.dedup();
            let failed = failed.join(", ");
            match &args.path {
                Some(path) if is_another(done) => {
                    let message = advice![
                        (Field::Path, path.display()),
                        format!(" is not a mount of {id}: nothing was written")
                    ];
                    Error::new(Code::NotUsable, message).hint(unknown(args))
                }
                _ => {
                    let message = format!("{id} cannot be used as asked; failed: {failed}");
                    Error::new(Code::NotUsable, message)
                }
            }
        }
        Verdict::Unknown => {
            let message = format!("whether {id} can be used is not known");
            Error::new(Code::NotVerified, message).hint(unknown(args))
        }
        _ if done.left.is_none() => return None,
        _ => Error::new(Code::Failed, format!("{id} can be used")),
    };
    match &done.left {
        Some(left) => {
            error.message = error.message.text(format!("; {left} may be left"));
            error.kind = Kind::Leftovers;
            error = error.hint(match args.path {
                Some(_) => format!("remove it: rm -r {left}"),
                None => "remove it on a host that mounts the file system, with rm -r".to_owned(),
            });
        }
        None if interrupted => error.message = error.message.text("; nothing of it is left"),
        None => {}
    }
    Some(error)
}

/// What is mounted is another file system, or none.
fn is_another(done: &Verification) -> bool {
    let mut steps = done.steps.iter();
    steps.any(|one| one.step == Step::Identify && one.verdict == Verdict::Fail)
}

/// What shows it, where this program cannot.
fn unknown(args: &VerifyArgs) -> Advice {
    let connect = Command::efsctl("connect").arg(&args.file_system);
    let mount = connect.flag("--for", "mount");
    let mount = match &args.access_point {
        _ if args.path.is_some() => return Advice::step("how to mount it", mount),
        Some(point) => mount.flag("--access-point", point),
        None => mount.arg("--iam"),
    };
    let verify = Command::efsctl("verify").arg(&args.file_system);
    let verify = verify.flag("--path", "/mnt/efs");
    Advice::step("on a host, mount it", mount)
        .text(", then: ")
        .run(verify)
}
