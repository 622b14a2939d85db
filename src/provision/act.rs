//! Acting: one writing call, and what its answer tells.

use super::Ledger;
use crate::cloud::{
    Answer, Class, Cloud, CloudError, NewAccessPoint, NewFileSystem, NewGroup, NewMountTarget,
};
use crate::domain::access_point::AccessPoint;
use crate::domain::action::Action;
use crate::domain::goal::{Desired, Goal};
use crate::domain::network::SecurityGroup;
use crate::domain::observed::{Observed, settings_at_creation};
use crate::domain::plan::Change;
use crate::domain::state::{FileSystem, MountTarget, MountTargetInterface, State};
use crate::domain::tags::{self, Tags};

/// What a writing call answered.
pub(super) enum Done {
    FileSystem(FileSystem),
    SecurityGroup(SecurityGroup),
    MountTarget(MountTarget),
    AccessPoint(AccessPoint),
    Plain,
}

/// Sends the call of an action.
pub(super) async fn send<C: Cloud>(cloud: &C, goal: &Goal, action: &Action) -> Answer<Done> {
    let desired = goal.desired();
    let answer = match action {
        Action::CreateFileSystem => {
            let Some(desired) = desired else {
                return Ok(Done::Plain);
            };
            return cloud
                .create_file_system(&NewFileSystem::of(
                    &desired.spec,
                    desired.file_system_tags(),
                ))
                .await
                .map(Done::FileSystem);
        }
        Action::CreateSecurityGroup => {
            let Some(new) = desired.and_then(new_group) else {
                return Ok(Done::Plain);
            };
            let id = cloud.create_security_group(&new).await?;
            return Ok(Done::SecurityGroup(SecurityGroup {
                id,
                name: new.name,
                description: Some(new.description),
                vpc: new.vpc,
                tags: new.tags,
                ingress: Vec::new(),
                egress: Vec::new(),
            }));
        }
        Action::CreateMountTarget {
            file_system,
            zone: _,
            subnet,
            groups,
        } => {
            let new = NewMountTarget {
                file_system: file_system.clone(),
                subnet: subnet.clone(),
                ip_type: desired
                    .map(|desired| desired.spec.ip_type)
                    .unwrap_or_default(),
                groups: groups.clone(),
            };
            let made = cloud.create_mount_target(&new).await?;
            // Two callers at once may be given the same one (seen by hashicorp/terraform#8205): it belongs to the one whose subnet it is in.
            return if made.subnet == *subnet {
                Ok(Done::MountTarget(made))
            } else {
                let message = format!(
                    "{} in {} was created by another run or tool",
                    made.id, made.subnet
                );
                Err(CloudError::new(
                    Class::Recheck,
                    "CreateMountTarget",
                    message,
                ))
            };
        }
        Action::CreateAccessPoint(file_system, point) => {
            let Some(desired) = desired else {
                return Ok(Done::Plain);
            };
            let new = NewAccessPoint {
                file_system: file_system.clone(),
                token: point.token(&desired.spec.name),
                spec: point.clone(),
                tags: desired.access_point_tags(point),
            };
            let made = cloud.create_access_point(&new).await?;
            return Ok(Done::AccessPoint(made));
        }
        Action::Set(id, value) => {
            let shown = cloud.set(id, value).await?;
            return Ok(shown.map_or(Done::Plain, Done::FileSystem));
        }
        Action::AllowNfs(group, peer) => {
            let tags = desired.map(Desired::tags).unwrap_or_default();
            cloud.allow_nfs(group, peer, &tags).await
        }
        Action::RevokeNfs(rule) => gone(cloud.revoke_nfs(&rule.group, &rule.id).await),
        Action::TakeOver(id, run) => {
            let tag = Tags::from([(tags::RUN.to_owned(), run.clone())]);
            cloud.tag_file_system(id, &tag).await
        }
        Action::UntagFileSystem(id, keys) => cloud.untag_file_system(id, keys).await,
        Action::TagFileSystem(id, tags) => cloud.tag_file_system(id, tags).await,
        Action::SetMountTargetGroups { id, groups, .. } => {
            cloud.set_mount_target_groups(id, groups).await
        }
        Action::TagInterfaces(ids, tags) => cloud.tag_interfaces(ids, tags).await,
        Action::DeleteAccessPoint(id) => gone(cloud.delete_access_point(id).await),
        Action::DeleteMountTarget(id) => gone(cloud.delete_mount_target(id).await),
        Action::DeleteFileSystem(id) => gone(cloud.delete_file_system(id).await),
        Action::DeleteSecurityGroup(id) => gone(cloud.delete_security_group(id).await),
    };
    answer.map(|()| Done::Plain)
}

/// What is not there need not be deleted.
fn gone(answer: Answer<()>) -> Answer<()> {
    match answer {
        Err(CloudError {
            class: Class::NotFound,
            ..
        }) => Ok(()),
        answer => answer,
    }
}

/// The security group that is created for a target.
pub(super) fn new_group(desired: &Desired) -> Option<NewGroup> {
    let name = &desired.spec.name;
    Some(NewGroup {
        name: name.security_group(),
        description: format!("NFS access to the EFS file system {name} (efsctl)"),
        vpc: desired.network.as_ref()?.placement.vpc.clone(),
        tags: desired.tags(),
    })
}

/// Puts the answer of a call into what is known.
pub(super) fn record(
    goal: &Goal,
    action: &Action,
    done: Done,
    observed: &mut Observed,
    ledger: &mut Ledger,
) -> Change {
    ledger.confirm(action);
    let desired = goal.desired();
    let mut change = Change::of(action, desired, observed);
    match (action, done) {
        (Action::CreateFileSystem, Done::FileSystem(made)) => {
            change.resource.id = Some((&made.id).into());
            ledger.make(&made.id);
            observed.settings = desired.map(settings_at_creation).unwrap_or_default().1;
            observed.file_system = Some(made);
            observed.access_points = Some(Vec::new());
        }
        (_, Done::FileSystem(changed)) => observed.file_system = Some(changed),
        (_, Done::SecurityGroup(made)) => {
            change.resource.id = Some((&made.id).into());
            ledger.make(&made.id);
            observed.security_group = Some(made);
        }
        (Action::CreateMountTarget { groups, .. }, Done::MountTarget(made)) => {
            // Two requests for one zone may be answered with the same mount target: it is known already then.
            change.resource.id = Some((&made.id).into());
            ledger.make(&made.id);
            if let Some(id) = &made.interface {
                let fresh = MountTargetInterface {
                    id: id.clone(),
                    security_groups: groups.clone(),
                    tags: Tags::new(),
                };
                observed.interfaces.insert(id.clone(), fresh);
            }
            observed.mount_targets.retain(|mt| mt.id != made.id);
            observed.mount_targets.push(made);
        }
        (_, Done::AccessPoint(made)) => {
            change.resource.id = Some((&made.id).into());
            ledger.make(&made.id);
            let points = observed.access_points.get_or_insert_default();
            points.retain(|point| point.id != made.id);
            points.push(made);
        }
        (Action::DeleteMountTarget(id), _) => {
            ledger.note_deleted(action);
            let of_id = |mt: &&mut MountTarget| mt.id == *id;
            observed
                .mount_targets
                .iter_mut()
                .filter(of_id)
                .for_each(|mt| mt.state = State::Deleting);
        }
        (Action::DeleteFileSystem(_), _) => {
            ledger.note_deleted(action);
            observed.change_file_system(|fs| fs.state = State::Deleting);
        }
        (Action::DeleteAccessPoint(id), _) => {
            ledger.note_deleted(action);
            let of_id = |point: &&mut AccessPoint| point.id == *id;
            observed
                .access_points
                .iter_mut()
                .flatten()
                .filter(of_id)
                .for_each(|point| point.state = State::Deleting);
        }
        (Action::DeleteSecurityGroup(_), _) => {
            ledger.note_deleted(action);
            observed.forget(action);
        }
        // Nothing comes after it that would wait until AWS shows it, and a run that comes right after would ask again.
        (Action::Set(_, value), _)
            if value.key().is_last()
                || value.key().settles()
                    && desired.is_some_and(|desired| desired.until_settled) =>
        {
            observed.settings.forget(value.key());
        }
        (action, _) => {
            if let Some(desired) = desired {
                observed.predict(action, desired);
            }
        }
    }
    change
}
