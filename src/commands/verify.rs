//! `efsctl verify`.

mod ended;

use self::ended::failure;
use super::App;
use super::confirm::Question;
use super::ending::{Ended, Failed};
use crate::cli::verify::VerifyArgs;
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::error::{Code, Error};
use crate::service::{PlannedVerification, VerifyRequest};
use crate::ui::document::{Contents, Outcome};
use crate::verify::round::Task;
use crate::verify::tls::Roots;

pub(super) async fn run(app: &App, args: &VerifyArgs) -> Ended {
    let roots = match &args.cafile {
        None => Roots::OfSystem,
        Some(path) => {
            let invalid = |why: String| {
                let message = advice![(Field::CaFile, path.display()), format!(": {why}")];
                Error::new(Code::InvalidFile, message)
            };
            let text = std::fs::read(path).map_err(|error| invalid(error.to_string()))?;
            let roots = Roots::Pem(text);
            roots.store().map_err(invalid)?;
            roots
        }
    };
    let request = VerifyRequest {
        user: args.user,
        directory: args.directory.to_string(),
        task: args.task(),
        path: args.path.clone(),
        access_point: args.access_point.clone(),
        roots,
        timeout: app.settings.timeout,
        ..VerifyRequest::default()
    };
    if app.settings.sandbox.is_some() && args.path.is_none() {
        let simulated = "a simulated file system of --sandbox has no NFS server";
        return Err(Error::usage(simulated)
            .hint(
                "sandbox serve --nfs serves a simulated account whose file systems can be mounted",
            )
            .into());
    }
    let service = app.service_for(Some(&args.file_system)).await?;
    let region = service.cloud().region();
    let planned = service
        .plan_verification(&args.file_system, region, request)
        .await?;
    if planned.writes && !args.yes {
        confirmed(app, args, &planned).await?;
    }
    let verification = service.verify(planned).await;
    let interrupted = app.signals.first.is_cancelled();
    let error = failure(app, args, &verification, interrupted);
    let contents = Contents {
        verification: Some(verification),
        ..Contents::new(Outcome::Found)
    };
    match error {
        None => Ok(Some(contents)),
        Some(error) if interrupted => Err(Box::new(Failed { error, contents })),
        Some(error) => Err(app.checked(contents, error)),
    }
}

async fn confirmed(
    app: &App,
    args: &VerifyArgs,
    planned: &PlannedVerification,
) -> Result<(), Error> {
    let (id, private) = (&planned.file_system_id, &planned.private);
    let yes = advice!["to confirm, run the same command with ", Field::Yes];
    let (text, hint) = match args.task() {
        Task::Remove(token) => (format!("remove the token {token} from {id}?"), yes),
        Task::Leave(token) => (
            format!(
                "write to {id}: in {private}, which is removed again, and the token {token}, which stays?"
            ),
            yes,
        ),
        _ => (
            format!("write to {id}, in {private} only, and remove it again?"),
            yes.text("; to write nothing, with ").field(Field::ReadOnly),
        ),
    };
    let question = Question {
        text,
        verb: "write",
        undone: "nothing was written",
        hint,
    };
    app.confirm(question).await
}
