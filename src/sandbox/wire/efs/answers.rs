//! The operations: from a request to a call of the world, and from its result to an answer.

use serde_json::json;

use super::super::super::world::efs::{
    CreateAccessPoint, CreateFileSystem, CreateMountTarget, DescribeAccessPoints,
    DescribeFileSystems, DescribeMountTargets, Page, PutFileSystemPolicy, Tag, UpdateFileSystem,
};
use super::super::super::world::{ApiError, Region};
use super::super::Request;
use super::inputs::{
    BackupBody, LifecycleBody, PreferencesBody, ProtectionBody, Query, SecurityGroupsBody,
    TagKeysBody, TagsBody, body,
};
use super::replies::Answer;
use super::routes::{Operation as Op, Route};

/// Carries out the operation of a route.
pub(super) fn answer(
    region: &mut Region,
    route: &Route,
    request: &Request,
) -> Result<Answer, ApiError> {
    match route.operation {
        Op::CreateFileSystem
        | Op::DescribeFileSystems
        | Op::UpdateFileSystem
        | Op::DeleteFileSystem => file_systems(region, route, request),
        Op::CreateMountTarget
        | Op::DescribeMountTargets
        | Op::DeleteMountTarget
        | Op::DescribeMountTargetSecurityGroups
        | Op::ModifyMountTargetSecurityGroups => mount_targets(region, route, request),
        Op::CreateAccessPoint | Op::DescribeAccessPoints | Op::DeleteAccessPoint => {
            access_points(region, route, request)
        }
        Op::TagResource
        | Op::UntagResource
        | Op::ListTagsForResource
        | Op::CreateTags
        | Op::DeleteTags
        | Op::DescribeTags => tags(region, route, request),
        Op::UpdateFileSystemProtection
        | Op::PutLifecycleConfiguration
        | Op::DescribeLifecycleConfiguration
        | Op::PutBackupPolicy
        | Op::DescribeBackupPolicy
        | Op::PutFileSystemPolicy
        | Op::DescribeFileSystemPolicy
        | Op::DeleteFileSystemPolicy => settings(region, route, request),
        Op::DescribeAccountPreferences => preferences(),
        Op::PutAccountPreferences => {
            let PreferencesBody { resource_id_type } = body(request)?;
            region.put_account_preferences(resource_id_type.as_deref())?;
            preferences()
        }
        Op::DescribeReplicationConfigurations => {
            let query = Query::of(request);
            let Page { items, next } = region.describe_replication_configurations(
                query.get("FileSystemId").as_deref(),
                query.number("MaxResults")?,
                query.get("NextToken").as_deref(),
            )?;
            next_token("Replications", json!(items), next)
        }
    }
}

fn file_systems(region: &mut Region, route: &Route, request: &Request) -> Result<Answer, ApiError> {
    match route.operation {
        Op::CreateFileSystem => {
            let input: CreateFileSystem = body(request)?;
            Answer::json(201, &region.create_file_system(input)?)
        }
        Op::UpdateFileSystem => {
            let input = UpdateFileSystem {
                file_system_id: route.id.clone(),
                ..body(request)?
            };
            Answer::json(202, &region.update_file_system(input)?)
        }
        Op::DeleteFileSystem => {
            region.delete_file_system(&route.id)?;
            Ok(Answer::empty(204))
        }
        _ => {
            let query = Query::of(request);
            let input = DescribeFileSystems {
                file_system_id: query.get("FileSystemId"),
                creation_token: query.get("CreationToken"),
                max_items: query.number("MaxItems")?,
                marker: query.get("Marker"),
            };
            let Page { items, next } = region.describe_file_systems(&input)?;
            markers("FileSystems", json!(items), input.marker, next)
        }
    }
}

fn mount_targets(
    region: &mut Region,
    route: &Route,
    request: &Request,
) -> Result<Answer, ApiError> {
    match route.operation {
        Op::CreateMountTarget => {
            let input: CreateMountTarget = body(request)?;
            Answer::json(200, &region.create_mount_target(input)?)
        }
        Op::DeleteMountTarget => {
            region.delete_mount_target(&route.id)?;
            Ok(Answer::empty(204))
        }
        Op::DescribeMountTargetSecurityGroups => {
            let groups = region.describe_mount_target_security_groups(&route.id)?;
            Answer::json(200, &json!({ "SecurityGroups": groups }))
        }
        Op::ModifyMountTargetSecurityGroups => {
            let SecurityGroupsBody { security_groups } = body(request)?;
            region.modify_mount_target_security_groups(
                &route.id,
                security_groups.unwrap_or_default(),
            )?;
            Ok(Answer::empty(204))
        }
        _ => {
            let query = Query::of(request);
            let input = DescribeMountTargets {
                file_system_id: query.get("FileSystemId"),
                mount_target_id: query.get("MountTargetId"),
                access_point_id: query.get("AccessPointId"),
                max_items: query.number("MaxItems")?,
                marker: query.get("Marker"),
            };
            let Page { items, next } = region.describe_mount_targets(&input)?;
            markers("MountTargets", json!(items), input.marker, next)
        }
    }
}

fn access_points(
    region: &mut Region,
    route: &Route,
    request: &Request,
) -> Result<Answer, ApiError> {
    match route.operation {
        Op::CreateAccessPoint => {
            let input: CreateAccessPoint = body(request)?;
            Answer::json(200, &region.create_access_point(input)?)
        }
        Op::DeleteAccessPoint => {
            region.delete_access_point(&route.id)?;
            Ok(Answer::empty(204))
        }
        _ => {
            let query = Query::of(request);
            let input = DescribeAccessPoints {
                access_point_id: query.get("AccessPointId"),
                file_system_id: query.get("FileSystemId"),
                max_results: query.number("MaxResults")?,
                next_token: query.get("NextToken"),
            };
            let Page { items, next } = region.describe_access_points(&input)?;
            next_token("AccessPoints", json!(items), next)
        }
    }
}

fn tags(region: &mut Region, route: &Route, request: &Request) -> Result<Answer, ApiError> {
    let id = route.id.as_str();
    match route.operation {
        Op::TagResource => {
            let TagsBody { tags } = body(request)?;
            region.tag_resource(id, tags)?;
            Ok(Answer::empty(200))
        }
        Op::UntagResource => {
            region.untag_resource(id, &Query::of(request).all("tagKeys"))?;
            Ok(Answer::empty(200))
        }
        Op::CreateTags => {
            let TagsBody { tags } = body(request)?;
            region.create_file_system_tags(id, tags)?;
            Ok(Answer::empty(204))
        }
        Op::DeleteTags => {
            let TagKeysBody { tag_keys } = body(request)?;
            region.delete_file_system_tags(id, &tag_keys)?;
            Ok(Answer::empty(204))
        }
        Op::DescribeTags => {
            let query = Query::of(request);
            let marker = query.get("Marker");
            let Page { items, next }: Page<Tag> = region.describe_file_system_tags(
                id,
                query.number("MaxItems")?,
                marker.as_deref(),
            )?;
            markers("Tags", json!(items), marker, next)
        }
        _ => {
            let query = Query::of(request);
            let Page { items, next }: Page<Tag> = region.list_tags_for_resource(
                id,
                query.number("MaxResults")?,
                query.get("NextToken").as_deref(),
            )?;
            next_token("Tags", json!(items), next)
        }
    }
}

fn settings(region: &mut Region, route: &Route, request: &Request) -> Result<Answer, ApiError> {
    let id = route.id.as_str();
    match route.operation {
        Op::UpdateFileSystemProtection => {
            let ProtectionBody {
                replication_overwrite_protection,
            } = body(request)?;
            let value = replication_overwrite_protection.as_deref();
            Answer::json(200, &region.update_file_system_protection(id, value)?)
        }
        Op::PutLifecycleConfiguration => {
            let LifecycleBody { lifecycle_policies } = body(request)?;
            let policies = region.put_lifecycle_configuration(id, lifecycle_policies)?;
            Answer::json(200, &json!({ "LifecyclePolicies": policies }))
        }
        Op::DescribeLifecycleConfiguration => {
            let policies = region.describe_lifecycle_configuration(id)?;
            Answer::json(200, &json!({ "LifecyclePolicies": policies }))
        }
        Op::PutBackupPolicy => {
            let BackupBody { backup_policy } = body(request)?;
            let status = region.put_backup_policy(id, backup_policy.status.as_deref())?;
            Answer::json(200, &json!({ "BackupPolicy": { "Status": status } }))
        }
        Op::DescribeBackupPolicy => {
            let status = region.describe_backup_policy(id)?;
            Answer::json(200, &json!({ "BackupPolicy": { "Status": status } }))
        }
        Op::PutFileSystemPolicy => {
            let input = PutFileSystemPolicy {
                file_system_id: id.to_owned(),
                ..body(request)?
            };
            Answer::json(200, &region.put_file_system_policy(input)?)
        }
        Op::DeleteFileSystemPolicy => {
            region.delete_file_system_policy(id)?;
            Ok(Answer::empty(200))
        }
        _ => Answer::json(200, &region.describe_file_system_policy(id)?),
    }
}

/// Ids are long, of everything that can have either.
fn preferences() -> Result<Answer, ApiError> {
    let preference = json!({
        "ResourceIdType": "LONG_ID",
        "Resources": ["FILE_SYSTEM", "MOUNT_TARGET"],
    });
    Answer::json(200, &json!({ "ResourceIdPreference": preference }))
}

/// A page in the older style of the API: `Marker` repeats the one of the request; what is not there is null.
fn markers(
    list: &str,
    items: serde_json::Value,
    marker: Option<String>,
    next: Option<String>,
) -> Result<Answer, ApiError> {
    let mut body = serde_json::Map::new();
    body.insert(list.to_owned(), items);
    body.insert("Marker".to_owned(), marker.into());
    body.insert("NextMarker".to_owned(), next.into());
    Answer::json(200, &body)
}

/// A page in the newer style of the API.
fn next_token(
    list: &str,
    items: serde_json::Value,
    next: Option<String>,
) -> Result<Answer, ApiError> {
    let mut body = serde_json::Map::new();
    body.insert(list.to_owned(), items);
    body.extend(next.map(|next| ("NextToken".to_owned(), next.into())));
    Answer::json(200, &body)
}
