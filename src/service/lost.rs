//! What a run takes away of access or safety: to be confirmed by whoever asks for it.

use super::policy::{self, PolicyEffect};
use crate::domain::action::Action;
use crate::domain::advice::Advice;
use crate::domain::goal::Owner;
use crate::error::Error;
use crate::provision::survey::Survey;

/// What the plan takes away, one sentence each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Losses {
    /// Not without a confirmation.
    pub(super) confirm: Vec<Advice>,
    /// To be told.
    pub(super) tell: Vec<Advice>,
}

/// What the plan takes away. `create` asks only before it replaces a policy: anything else may be what a killed run did not get to, and
/// the next run has to finish it without a question.
///
/// # Errors
///
/// As [`policy::judged`].
pub(super) fn losses(survey: &Survey) -> Result<Losses, Error> {
    let PolicyEffect {
        replaces,
        changes,
        root,
    } = policy::judged(survey)?;
    let is_found = matches!(survey.desired.owner, Owner::Found { .. });
    let mut losses = Losses::default();
    let of_policy = if is_found || replaces {
        &mut losses.confirm
    } else {
        &mut losses.tell
    };
    of_policy.extend(changes);
    losses.confirm.extend(root);
    if survey.observed.file_system.is_some() {
        let plan = survey.plan().iter();
        let of_settings = if is_found {
            &mut losses.confirm
        } else {
            &mut losses.tell
        };
        of_settings.extend(plan.filter_map(|action| lost(survey, action)));
    }
    Ok(losses)
}

fn lost(survey: &Survey, action: &Action) -> Option<Advice> {
    let observed = &survey.observed;
    match action {
        Action::Set(_, value) => Some(value.loss(observed.setting(value.key())?)?.into()),
        Action::DeleteAccessPoint(id) => {
            let mut points = observed.access_points.iter().flatten();
            let point = points.find(|point| point.id == *id)?;
            Some(format!("clients lose access point {}", point.described()).into())
        }
        Action::DeleteMountTarget(id) => {
            let mut mount_targets = observed.mount_targets.iter();
            let mt = mount_targets.find(|mt| mt.id == *id)?;
            let is_last = survey.predicted().mount_targets.is_empty();
            let last = if is_last {
                "; no mount target is left"
            } else {
                ""
            };
            Some(
                format!(
                    "clients in {} lose mount target {id}: what is mounted through it hangs{last}",
                    mt.zone
                )
                .into(),
            )
        }
        Action::RevokeNfs(rule) => {
            Some(format!("{} can no longer connect through {}", rule.peer, rule.group).into())
        }
        _ => None,
    }
}
