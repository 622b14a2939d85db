//! A region to try things in, with shorthands.

use efsctl_sandbox::wire::{Reply, Request, ec2};
use efsctl_sandbox::world::ec2::rules::RuleChange;
use efsctl_sandbox::world::ec2::security_groups::{CreateSecurityGroup, DeleteSecurityGroup};
use efsctl_sandbox::world::ec2::tags::CreateTags;
use efsctl_sandbox::world::ec2::{Describe, Filter, GroupPair, IpPermission, IpRange};
use efsctl_sandbox::world::efs::{CreateFileSystem, CreateMountTarget};
use efsctl_sandbox::world::{ApiError, Millis, Region, World};

pub const NOW: Millis = 1_760_000_000_000;

/// A world in which everything is available at once.
pub fn world() -> World {
    let mut world = World::default();
    world.timing.file_system = 0;
    world.timing.mount_target = 0;
    world.timing.delete = 0;
    world
}

pub fn region(world: &mut World) -> &mut Region {
    world.region("eu-west-1", NOW).unwrap()
}

pub fn default_vpc(region: &Region) -> String {
    region
        .vpcs
        .values()
        .find(|vpc| vpc.is_default)
        .unwrap()
        .id
        .clone()
}

pub fn subnet(region: &Region, zone: &str) -> String {
    let mut subnets = region.subnets.values();
    subnets
        .find(|subnet| subnet.availability_zone == zone)
        .unwrap()
        .id
        .clone()
}

pub fn group(region: &mut Region, name: &str) -> String {
    try_group(region, name).unwrap()
}

pub fn try_group(region: &mut Region, name: &str) -> Result<String, ApiError> {
    region
        .create_security_group(&CreateSecurityGroup {
            group_name: Some(name.to_owned()),
            description: Some("made by a test".to_owned()),
            ..CreateSecurityGroup::default()
        })
        .map(|group| group.id)
}

pub fn delete_group(region: &mut Region, id: &str) -> Result<String, ApiError> {
    let group_id = Some(id.to_owned());
    region.delete_security_group(&DeleteSecurityGroup {
        group_id,
        ..Default::default()
    })
}

pub fn nfs_from_range(group_id: &str, range: &str) -> RuleChange {
    nfs(
        group_id,
        IpPermission {
            ip_ranges: vec![IpRange::new(range)],
            ..Default::default()
        },
    )
}

pub fn nfs_from_group(group_id: &str, peer: &str) -> RuleChange {
    let user_id_group_pairs = vec![GroupPair::id(peer)];
    nfs(
        group_id,
        IpPermission {
            user_id_group_pairs,
            ..Default::default()
        },
    )
}

fn nfs(group_id: &str, peers: IpPermission) -> RuleChange {
    RuleChange {
        group_id: Some(group_id.to_owned()),
        ip_permissions: vec![IpPermission {
            ip_protocol: Some("tcp".to_owned()),
            from_port: Some(2049),
            to_port: Some(2049),
            ..peers
        }],
        ..RuleChange::default()
    }
}

pub fn by_id(id: &str) -> Describe {
    Describe {
        ids: vec![id.to_owned()],
        ..Describe::default()
    }
}

pub fn by_filter(name: &str, value: &str) -> Describe {
    Describe {
        filters: vec![Filter::new(name, value)],
        ..Describe::default()
    }
}

/// A file system with a mount target in a zone, wearing groups.
pub fn mount_target(region: &mut Region, zone: &str, groups: &[&str]) -> (String, String) {
    let token = format!("token-{}", region.file_systems.len());
    let input = CreateFileSystem {
        creation_token: token,
        ..CreateFileSystem::default()
    };
    let file_system_id = region.create_file_system(input).unwrap().file_system_id;
    let input = CreateMountTarget {
        file_system_id: file_system_id.clone(),
        subnet_id: subnet(region, zone),
        security_groups: Some(groups.iter().map(|&id| id.to_owned()).collect()),
        ..CreateMountTarget::default()
    };
    (
        file_system_id,
        region.create_mount_target(input).unwrap().mount_target_id,
    )
}

pub fn code<T>(result: Result<T, ApiError>) -> &'static str {
    match result {
        Ok(_) => "success",
        Err(error) => error.code,
    }
}

pub fn message<T>(result: Result<T, ApiError>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => error.message,
    }
}

pub fn tag(region: &mut Region, ids: &[&str], key: &str, value: &str) -> Result<(), ApiError> {
    region.create_tags(&CreateTags {
        resources: ids.iter().map(|&id| id.to_owned()).collect(),
        tags: vec![(key.to_owned(), value.to_owned())],
        dry_run: false,
    })
}

/// Answers a form: the status and the XML.
pub fn call(region: &mut Region, form: &str) -> (u16, String) {
    let reply = ec2::respond(region, &request(form), "request-1");
    (reply.status, text(reply))
}

pub fn request(form: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        body: form.into(),
        ..Request::default()
    }
}

pub fn text(reply: Reply) -> String {
    String::from_utf8(reply.body).unwrap()
}

/// What stands between the first pair of tags of that name.
pub fn inner<'a>(xml: &'a str, name: &str) -> &'a str {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let start = xml
        .find(&open)
        .unwrap_or_else(|| panic!("no <{name}> in {xml}"))
        + open.len();
    let end = xml[start..].find(&close).unwrap() + start;
    &xml[start..end]
}
