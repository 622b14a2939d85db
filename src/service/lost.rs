//! What a run takes away of access or safety: to be confirmed by whoever asks for it.

use super::policy;
use crate::domain::action::Action;
use crate::domain::advice::Advice;
use crate::error::Error;
use crate::provision::survey::Survey;

/// What the plan takes away, one sentence each.
///
/// # Errors
///
/// As [`policy::judged`].
pub(super) fn losses(survey: &Survey) -> Result<Vec<Advice>, Error> {
    let mut losses = policy::judged(survey)?;
    if survey.observed.file_system.is_some() {
        losses.extend(
            survey
                .plan()
                .iter()
                .filter_map(|action| lost(survey, action)),
        );
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
        _ => None,
    }
}
