//! Mount targets and their security groups.

use serde::Deserialize;
use serde_json::json;

use super::super::super::world::efs::{CreateMountTarget, DescribeMountTargets};
use super::super::super::world::{ApiError, Region};
use super::call::Call;
use super::operation::{Operation, operations};
use super::pages::markers;
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    POST "mount-targets" CreateMountTarget => create;
    GET "mount-targets" DescribeMountTargets => describe;
    DELETE "mount-targets/{id}" DeleteMountTarget => delete;
    GET "mount-targets/{id}/security-groups" DescribeMountTargetSecurityGroups => describe_groups;
    PUT "mount-targets/{id}/security-groups" ModifyMountTargetSecurityGroups => modify_groups;
};

fn create(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input: CreateMountTarget = call.body()?;
    Answer::json(200, &region.create_mount_target(input)?)
}

fn describe(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input = DescribeMountTargets {
        file_system_id: call.get("FileSystemId"),
        mount_target_id: call.get("MountTargetId"),
        access_point_id: call.get("AccessPointId"),
        max_items: call.number("MaxItems")?,
        marker: call.get("Marker"),
    };
    let page = region.describe_mount_targets(&input)?;
    markers("MountTargets", page, input.marker)
}

fn delete(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    region.delete_mount_target(&call.id)?;
    Ok(Answer::empty(204))
}

fn describe_groups(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let groups = region.describe_mount_target_security_groups(&call.id)?;
    Answer::json(200, &json!({ "SecurityGroups": groups }))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ModifyGroups {
    security_groups: Option<Vec<String>>,
}

fn modify_groups(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let ModifyGroups { security_groups } = call.body()?;
    region.modify_mount_target_security_groups(&call.id, security_groups.unwrap_or_default())?;
    Ok(Answer::empty(204))
}
