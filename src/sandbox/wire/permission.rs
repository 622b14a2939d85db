//! IAM, as far as a caller notices it: which actions a call needs, and the refusal when one is denied.
//!
//! The caller is `user/sandbox`, who may do everything except what [`World::denied`] lists.

use super::query::Query;
use super::{Request, Service, Target, operation_of};
use crate::wildcard::fits;
use crate::world::{ApiError, World, catalog};

/// When a call needs an action besides its own.
#[derive(Clone, Copy)]
enum When {
    Always,
    /// When the request has that member, with something in it; `Destinations.KmsKeyId` is a member of an element of a list.
    With(&'static str),
    /// When it does not have it.
    Without(&'static str),
}
use When::{Always, With, Without};

macro_rules! also {
    ($($call:literal $when:ident $(($member:literal))? => $($action:literal)+;)*) => {
        &[$(($call, $when $(($member))?, &[$($action),+])),*]
    };
}

/// Actions that a call needs besides the one it is named after (EFS API reference, "Actions"; EC2 user guide, "Grant permission to tag
/// resources during creation"; service authorization reference, for `iam:PassRole`). That the new copy of a replication needs the
/// caller's right to create a file system, and to use its key, is UNCONFIRMED: the guide only says that there are more.
const ALSO: &[(&str, When, &[&str])] = also! {
    "elasticfilesystem:CreateFileSystem" With("Tags") => "elasticfilesystem:TagResource";
    "elasticfilesystem:CreateFileSystem" With("KmsKeyId") => "kms:DescribeKey" "kms:CreateGrant";
    "elasticfilesystem:CreateAccessPoint" With("Tags") => "elasticfilesystem:TagResource";
    "elasticfilesystem:CreateMountTarget" Always =>
        "ec2:DescribeSubnets" "ec2:DescribeNetworkInterfaces" "ec2:CreateNetworkInterface";
    "elasticfilesystem:DeleteMountTarget" Always => "ec2:DeleteNetworkInterface";
    "elasticfilesystem:ModifyMountTargetSecurityGroups" Always => "ec2:ModifyNetworkInterfaceAttribute";
    "elasticfilesystem:DescribeMountTargetSecurityGroups" Always => "ec2:DescribeNetworkInterfaceAttribute";
    "elasticfilesystem:CreateReplicationConfiguration" Without("Destinations.FileSystemId") =>
        "elasticfilesystem:CreateFileSystem";
    "elasticfilesystem:CreateReplicationConfiguration" With("Destinations.KmsKeyId") =>
        "kms:DescribeKey" "kms:CreateGrant";
    "elasticfilesystem:CreateReplicationConfiguration" With("Destinations.RoleArn") => "iam:PassRole";
    "ec2:CreateVpc" With("TagSpecification") => "ec2:CreateTags";
    "ec2:CreateVpcEndpoint" With("TagSpecification") => "ec2:CreateTags";
    "ec2:CreateSubnet" With("TagSpecification") => "ec2:CreateTags";
    "ec2:CreateSecurityGroup" With("TagSpecification") => "ec2:CreateTags";
    "ec2:AuthorizeSecurityGroupIngress" With("TagSpecification") => "ec2:CreateTags";
};

/// The error for a call that the account may not make; `None` when it may.
pub(super) fn refusal(world: &World, target: &Target, request: &Request) -> Option<ApiError> {
    if world.denied.is_empty() {
        return None;
    }
    let operation = operation_of(target.service, request)?;
    // It answers even to those whom a policy denies it (STS API reference).
    if operation == "GetCallerIdentity" {
        return None;
    }
    let own = format!("{}:{operation}", target.service.name());
    let also = ALSO
        .iter()
        .filter(|(call, when, _)| {
            let has = |member| has_member(target.service, request, member);
            *call == own
                && match *when {
                    Always => true,
                    With(member) => has(member),
                    Without(member) => !has(member),
                }
        })
        .flat_map(|(.., actions)| actions.iter().copied());
    let is_denied = |action: &&str| {
        world
            .denied
            .iter()
            .any(|pattern| action_matches(pattern, action))
    };
    let action = std::iter::once(own.as_str()).chain(also).find(is_denied)?;
    Some(denial(world, target, action))
}

/// The error with which a service refuses an IAM action to the sandbox's user.
pub fn denial(world: &World, target: &Target, action: &str) -> ApiError {
    let partition = catalog::partition_of(&target.region).name;
    let user = format!("arn:{partition}:iam::{}:user/sandbox", world.account_id);
    let (code, message) = match target.service {
        // A right on EC2 that is missing is not named, nor is whoever lacks it (aws/aws-parallelcluster#1139,
        // hashicorp/terraform-provider-aws#1727).
        Service::Efs if action.starts_with("ec2:") => (
            "AccessDeniedException",
            "User is not authorized to perform that action on the specified resource".to_owned(),
        ),
        Service::Efs => (
            "AccessDeniedException",
            format!(
                "User: {user} is not authorized to perform: {action} on the specified resource"
            ),
        ),
        Service::Ec2 => (
            "UnauthorizedOperation",
            format!(
                "You are not authorized to perform this operation. User: {user} is not authorized \
                 to perform: {action} because no identity-based policy allows the {action} action"
            ),
        ),
        Service::Sts => (
            "AccessDenied",
            format!("User: {user} is not authorized to perform: {action}"),
        ),
    };
    ApiError::new(code, 403, message)
}

/// Whether an IAM action pattern (`ec2:Describe*`, `*`, `ec2:Create?pc`) covers an action; case does not matter.
pub fn action_matches(pattern: &str, action: &str) -> bool {
    fits(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// Whether a request carries that member, with something in it.
fn has_member(service: Service, request: &Request, member: &str) -> bool {
    if service != Service::Efs {
        return !Query::of(request).structures(member).is_empty();
    }
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
    holds(&body, member)
}

/// Whether there is something in a member, or in that of any element of a list.
fn holds(value: &serde_json::Value, path: &str) -> bool {
    use serde_json::Value;
    match (value, path) {
        (Value::Null, _) => false,
        (Value::Array(items), "") => !items.is_empty(),
        (Value::Array(items), _) => items.iter().any(|item| holds(item, path)),
        (_, "") => true,
        _ => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            value.get(name).is_some_and(|inner| holds(inner, rest))
        }
    }
}
