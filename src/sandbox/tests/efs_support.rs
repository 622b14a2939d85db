//! An account for the tests of EFS: a world, its clock, and the steps that every story begins with.

use efsctl_sandbox::wire::{Request, Service, Target, efs};
use efsctl_sandbox::world::efs::{
    CreateFileSystem, CreateMountTarget, DescribeFileSystems, DescribeMountTargets, Tag,
};
use efsctl_sandbox::world::state::{Subnet, Vpc};
use efsctl_sandbox::world::{ApiError, Region, World};
use serde_json::Value;

/// A world at a time, seen from one region.
pub struct Account {
    pub world: World,
    pub now: u64,
}

/// A reply with its body read.
pub struct Heard {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Account {
    pub fn new() -> Self {
        Self {
            world: World::default(),
            now: 1_700_000_000_000,
        }
    }

    pub fn region(&mut self) -> &mut Region {
        self.world.region("eu-west-1", self.now).unwrap()
    }

    /// Time passes.
    pub fn pass(&mut self, millis: u64) -> &mut Region {
        self.now += millis;
        self.region()
    }

    /// The default subnet of the zone of that letter.
    pub fn subnet(&mut self, letter: char) -> String {
        let zone = format!("eu-west-1{letter}");
        let subnets = self.region().subnets.values();
        let mut own = subnets.filter(|subnet| subnet.default_for_az);
        own.find(|subnet| subnet.availability_zone == zone)
            .unwrap()
            .id
            .clone()
    }

    /// A second VPC with one subnet in zone `a`; answers with the subnet.
    pub fn other_vpc(&mut self) -> Subnet {
        let vpc = Vpc {
            id: "vpc-0aaaaaaaaaaaaaaaa".to_owned(),
            cidr: "10.0.0.0/16".parse().unwrap(),
            dns_support: true,
            ..Vpc::default()
        };
        let subnet = Subnet {
            id: "subnet-0aaaaaaaaaaaaaaaa".to_owned(),
            vpc_id: vpc.id.clone(),
            availability_zone: "eu-west-1a".to_owned(),
            cidr: "10.0.0.0/28".parse().unwrap(),
            ..Subnet::default()
        };
        let region = self.region();
        region.vpcs.insert(vpc.id.clone(), vpc);
        region.subnets.insert(subnet.id.clone(), subnet.clone());
        subnet
    }

    /// A file system that has become available; answers with its id.
    pub fn file_system(&mut self, input: CreateFileSystem) -> String {
        let id = self
            .region()
            .create_file_system(input)
            .unwrap()
            .file_system_id;
        let delay = self.world.timing.file_system;
        self.pass(delay);
        id
    }

    /// A plain file system that has become available.
    pub fn plain(&mut self) -> String {
        let token = format!("token-{}", self.region().file_systems.len());
        self.file_system(with_token(&token))
    }

    /// A mount target in the default subnet of a zone, still `creating`.
    pub fn mount_target(&mut self, file_system: &str, letter: char) -> Result<String, ApiError> {
        let input = target(file_system, &self.subnet(letter));
        Ok(self.region().create_mount_target(input)?.mount_target_id)
    }

    pub fn state(&mut self, file_system: &str) -> Result<&'static str, ApiError> {
        let input = DescribeFileSystems {
            file_system_id: Some(file_system.to_owned()),
            ..DescribeFileSystems::default()
        };
        Ok(self.region().describe_file_systems(&input)?.items[0]
            .life_cycle_state
            .clone()
            .leak())
    }

    pub fn target_state(&mut self, mount_target: &str) -> Result<&'static str, ApiError> {
        let input = DescribeMountTargets {
            mount_target_id: Some(mount_target.to_owned()),
            ..DescribeMountTargets::default()
        };
        Ok(self.region().describe_mount_targets(&input)?.items[0]
            .life_cycle_state
            .clone()
            .leak())
    }

    /// One request over the wire; the path may carry a query.
    pub fn call(&mut self, method: &str, path: &str, body: &str) -> Heard {
        self.call_in("eu-west-1", method, path, body)
    }

    /// One request over the wire to a region.
    pub fn call_in(&mut self, region: &str, method: &str, path: &str, body: &str) -> Heard {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = Request {
            method: method.to_owned(),
            path: format!("/2015-02-01/{path}"),
            query: query.to_owned(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        let target = Target {
            service: Service::Efs,
            region: region.to_owned(),
        };
        let reply = efs::respond(&mut self.world, self.now, &target, &request, "request-1");
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Heard {
            status: reply.status,
            headers: reply.headers,
            body,
        }
    }
}

pub fn with_token(token: &str) -> CreateFileSystem {
    CreateFileSystem {
        creation_token: token.to_owned(),
        ..CreateFileSystem::default()
    }
}

pub fn target(file_system: &str, subnet: &str) -> CreateMountTarget {
    CreateMountTarget {
        file_system_id: file_system.to_owned(),
        subnet_id: subnet.to_owned(),
        ..CreateMountTarget::default()
    }
}

pub fn tag(key: &str, value: &str) -> Tag {
    Tag {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

/// The value of an optional member.
#[allow(clippy::unnecessary_wraps)]
pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Code and status of a refusal.
pub fn refused<T: std::fmt::Debug>(result: Result<T, ApiError>) -> (&'static str, u16) {
    let error = result.unwrap_err();
    (error.code, error.status)
}

pub const BAD_REQUEST: (&str, u16) = ("BadRequest", 400);

/// What the layer in front of EFS says to a member that breaks a constraint of the service model.
pub const INVALID: (&str, u16) = ("ValidationException", 400);

/// Whether an input was refused: by EFS itself, or by the layer in front of it.
pub fn refused_input<T: std::fmt::Debug>(result: Result<T, ApiError>) -> bool {
    [BAD_REQUEST, INVALID].contains(&refused(result))
}
