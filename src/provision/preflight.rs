//! What only a dry run asks: the permissions and the quotas a real run would meet, and what cannot be known beforehand.

use futures::future::join_all;

use super::act::new_group;
use super::explain::explain;
use super::hint::hint;
use super::survey::Survey;
use super::{Context, survey};
use crate::cloud::{Class, Cloud, CloudError, FileSystems, Permission};
use crate::domain::action::Action;
use crate::domain::ids::SecurityGroupId;
use crate::error::{Code, Error};

/// File systems an account may have in a region (user guide, "Quotas"; can be raised).
const FILE_SYSTEMS: usize = 1_000;

/// Asks EC2 with `DryRun`, counts what is limited, and warns of what stays unknown. Makes no writing call.
///
/// # Errors
///
/// A permission that the plan needs is denied.
pub async fn preflight<C: Cloud>(context: &Context<'_, C>, survey: &Survey) -> Result<(), Error> {
    let plan = survey.plan();
    let network = survey.desired.network.as_ref();
    if let Some(network) = network.filter(|network| !network.placement.zones.is_empty()) {
        survey::warn_of_dns(context, &network.placement).await;
    }
    if plan.is_empty() {
        return Ok(());
    }
    let permissions = permissions(survey, plan);
    let asked = join_all(
        permissions
            .iter()
            .map(|(_, permission)| context.cloud.check_permission(permission)),
    )
    .await;
    for ((what, permission), answer) in permissions.iter().zip(asked) {
        match answer {
            Ok(()) => {}
            Err(error)
                if error.class == Class::Denied
                    && matches!(permission, Permission::CreateTags(_)) =>
            {
                context.warn(format!(
                    "{what} would be denied: {}; the run would warn and continue",
                    action(&error)
                ));
            }
            Err(error) if error.class == Class::Denied => {
                return Err(Error::new(
                    Code::AccessDenied,
                    format!("{what} would be denied: {}", error.message),
                )
                .hint(hint(&error).unwrap_or_else(|| "docs/IAM.md lists all rights".into()))
                .because(&error));
            }
            Err(error) if error.class == Class::Credentials => {
                return Err(explain(&error, "asking AWS what is allowed"));
            }
            Err(error) => context.warn(format!(
                "whether {what} is allowed could not be checked: {error}"
            )),
        }
    }
    if plan.contains(&Action::CreateFileSystem) {
        match context.cloud.file_systems(&FileSystems::All).await {
            Ok(all) if all.len() >= FILE_SYSTEMS => context.warn(format!(
                "the account has {} file systems in this region: the default quota of {FILE_SYSTEMS} is reached",
                all.len()
            )),
            Ok(_) => {}
            Err(error) => context.warn(format!("the number of file systems could not be compared with the quota: {error}")),
        }
    }
    Ok(())
}

fn action(error: &CloudError) -> &str {
    error.action.as_deref().unwrap_or("it does not name")
}

/// The permissions of EC2 that the plan needs and that can be asked for before anything exists.
fn permissions(survey: &Survey, plan: &[Action]) -> Vec<(&'static str, Permission)> {
    let mut permissions = Vec::new();
    let observed = &survey.observed;
    let exists = |group: &SecurityGroupId| {
        observed.groups_with_rules.contains_key(group)
            || observed
                .security_group
                .as_ref()
                .is_some_and(|made| made.id == *group)
    };
    for action in plan {
        match action {
            Action::CreateSecurityGroup => {
                let new = new_group(&survey.desired).map(Permission::CreateSecurityGroup);
                permissions
                    .extend(new.map(|permission| ("creating the security group", permission)));
            }
            Action::AllowNfs(group, from) if exists(group) => {
                let tags = survey.desired.tags();
                let permission = Permission::AuthorizeIngress(group.clone(), from.clone(), tags);
                permissions.push(("allowing NFS", permission));
            }
            Action::TagInterfaces(ids, _) => {
                let known = ids
                    .iter()
                    .find(|id| survey.observed.interfaces.contains_key(*id));
                permissions.extend(known.map(|id| {
                    (
                        "tagging network interfaces",
                        Permission::CreateTags(id.clone()),
                    )
                }));
            }
            _ => {}
        }
    }
    permissions
}
