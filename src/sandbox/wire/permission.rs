//! IAM, as far as a caller notices it: which actions a call needs, and the refusal when one is denied.
//!
//! The caller is `user/sandbox`, who may do everything except what [`World::denied`] lists.

use super::query::Query;
use super::{Request, Service, Target, operation_of};
use crate::wildcard::fits;
use crate::world::{ApiError, World, catalog};

macro_rules! also {
    ($($call:literal $member:literal $action:literal;)*) => { &[$(($call, $member, $action)),*] };
}

/// Actions that a call needs besides the one it is named after; where a member is named, only when the request
/// has it (EFS API reference, "Actions"; EC2 user guide, "Grant permission to tag resources during creation").
const ALSO: &[(&str, &str, &str)] = also! {
    "elasticfilesystem:CreateFileSystem" "Tags" "elasticfilesystem:TagResource";
    "elasticfilesystem:CreateFileSystem" "KmsKeyId" "kms:DescribeKey";
    "elasticfilesystem:CreateFileSystem" "KmsKeyId" "kms:CreateGrant";
    "elasticfilesystem:CreateAccessPoint" "Tags" "elasticfilesystem:TagResource";
    "elasticfilesystem:CreateMountTarget" "" "ec2:DescribeSubnets";
    "elasticfilesystem:CreateMountTarget" "" "ec2:DescribeNetworkInterfaces";
    "elasticfilesystem:CreateMountTarget" "" "ec2:CreateNetworkInterface";
    "elasticfilesystem:DeleteMountTarget" "" "ec2:DeleteNetworkInterface";
    "elasticfilesystem:ModifyMountTargetSecurityGroups" "" "ec2:ModifyNetworkInterfaceAttribute";
    "elasticfilesystem:DescribeMountTargetSecurityGroups" "" "ec2:DescribeNetworkInterfaceAttribute";
    "ec2:CreateVpc" "TagSpecification" "ec2:CreateTags";
    "ec2:CreateVpcEndpoint" "TagSpecification" "ec2:CreateTags";
    "ec2:CreateSubnet" "TagSpecification" "ec2:CreateTags";
    "ec2:CreateSecurityGroup" "TagSpecification" "ec2:CreateTags";
    "ec2:AuthorizeSecurityGroupIngress" "TagSpecification" "ec2:CreateTags";
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
        .filter(|(call, member, _)| {
            *call == own && (member.is_empty() || has_member(target.service, request, member))
        })
        .map(|(.., action)| *action);
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
    match body.get(member) {
        None | Some(serde_json::Value::Null) => false,
        Some(serde_json::Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}
