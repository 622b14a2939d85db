//! `efsctl set`.

use super::ending::Ended;
use super::{App, prices, setting};
use crate::cli::set::SetArgs;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::service::{PlannedSet, SetOptions, SetRequest};
use crate::ui::document::{Contents, Outcome};

pub(super) async fn run(app: &App, args: &SetArgs) -> Ended {
    let request = request(args)?;
    let options = SetOptions {
        timeout: app.settings.timeout,
    };
    let service = app.service_for(Some(&args.file_system)).await?;
    let mut planned = service
        .plan_set(&args.file_system, &request, &options)
        .await?;
    if args.dry_run {
        return dry_run(app, args, planned, service.cloud().region());
    }
    if !planned.changes.is_empty() {
        app.ui.plan(&planned.changes);
    }
    if args.yes {
        app.ui.losses(&planned.losses);
    } else if !planned.losses.is_empty() {
        let id = &planned.deployment.file_system_id;
        setting::confirmed(app, id.as_str(), &planned.losses).await?;
        let again = service
            .plan_set(&args.file_system, &request, &options)
            .await?;
        if again.changes != planned.changes {
            let changed = "the file system changed while you were asked: nothing was changed";
            return Err(Error::new(Code::SettingsDiffer, changed)
                .hint("run the same command again to see the new plan")
                .into());
        }
        planned = again;
    }
    let updated = service.set(planned, &options).await?;
    let outcome = if updated.changes.is_empty() {
        Outcome::Unchanged
    } else {
        Outcome::Changed
    };
    Ok(Some(Contents {
        file_system: Some(updated.deployment),
        changes: updated.changes,
        ..Contents::new(outcome)
    }))
}

/// What is asked for; an error: nothing, or what contradicts itself.
fn request(args: &SetArgs) -> Result<SetRequest, Error> {
    if args.network.lacks_mount_targets() {
        let lacks = advice![Field::IpType, " is given, and no mount target is added"];
        return Err(Error::usage(lacks).hint(advice![
            "name where: ",
            (Field::Zone, "ZONE"),
            " or ",
            (Field::Subnet, "SUBNET")
        ]));
    }
    let request = SetRequest {
        settings: setting::wishes(&args.settings)?,
        hardened: args.settings.hardened,
        tags: setting::tags(&args.settings)?,
        untag: args.untag().map_err(setting::contradiction)?,
        expires: setting::expires(&args.settings)?,
        access_points: args.settings.access_point.clone(),
        remove_access_points: args
            .remove_access_points()
            .map_err(setting::contradiction)?,
        network: args.network.request().map_err(setting::contradiction)?,
    };
    if request == SetRequest::default() {
        let nothing = Error::usage("nothing to set: no setting is named");
        return Err(nothing.hint(Advice::step("to list them", Command::efsctl("set --help"))));
    }
    Ok(request)
}

fn dry_run(app: &App, args: &SetArgs, planned: PlannedSet, region: &str) -> Ended {
    if !planned.changes.is_empty() {
        app.ui.note("note: not checked, because EFS has no dry run: the caller's elasticfilesystem rights, and service control policies");
    }
    app.ui.losses(&planned.losses);
    let due = planned.changes.len();
    let cost = planned.cost.as_ref().map(|cost| (&planned.reference, cost));
    let contents = Contents {
        cost: prices::planned(cost, region),
        file_system: Some(planned.deployment),
        changes: planned.changes,
        ..Contents::new(Outcome::Planned)
    };
    if args.check && due > 0 {
        let message = format!(
            "{} differs: {} to apply",
            args.file_system,
            counted(due, "change")
        );
        let error = Error::new(Code::ChangesDue, message)
            .hint("to apply them, run the same command without --dry-run --check");
        return Err(app.checked(contents, error));
    }
    Ok(Some(contents))
}
