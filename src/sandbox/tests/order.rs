//! Calls that are under way at the same time arrive in any order: the account is the same afterwards, with the same ids and addresses.

use proptest::prelude::*;
use proptest::sample::Index;

use efsctl_sandbox::world::Region;
use efsctl_sandbox::world::ec2::rules::RuleChange;
use efsctl_sandbox::world::ec2::security_groups::{CreateSecurityGroup, DeleteSecurityGroup};
use efsctl_sandbox::world::ec2::vpcs::CreateVpc;
use efsctl_sandbox::world::ec2::{IpPermission, IpRange};
use efsctl_sandbox::world::efs::{
    CreateAccessPoint, CreateFileSystem, CreateMountTarget, CreateReplicationConfiguration,
    DescribeFileSystems, DestinationToCreate,
};

use super::efs_support::Account;

/// A call that depends on nothing that is under way beside it.
#[derive(Debug, Clone)]
enum Call {
    FileSystem(&'static str),
    AccessPoint(&'static str),
    MountTarget(char),
    Group(&'static str),
    Rule(u8),
    Vpc(u8),
    Replication(usize),
}

/// What is under way at the same time, in each of the rounds.
fn calls() -> Vec<Call> {
    let mut calls = vec![
        Call::FileSystem("efsctl:two"),
        Call::FileSystem("efsctl:three"),
        Call::AccessPoint("app"),
        Call::AccessPoint("logs"),
        Call::Group("blue"),
        Call::Group("green"),
        Call::Vpc(7),
        Call::Vpc(8),
        // Alike in all that AWS knows of them.
        Call::Vpc(8),
        Call::Replication(0),
        Call::Replication(1),
    ];
    calls.extend(['a', 'b', 'c'].map(Call::MountTarget));
    calls.extend((1..=4).map(Call::Rule));
    calls
}

struct Ground {
    account: Account,
    file_system: String,
    /// To be replicated into the other region.
    sources: [String; 2],
    group: String,
}

const OTHER_REGION: &str = "eu-west-2";

impl Ground {
    fn new() -> Self {
        let mut account = Account::new();
        let sources =
            ["source one", "source two"].map(|token| file_system(account.region(), token));
        let file_system = file_system(account.region(), "efsctl:one");
        let group = group(account.region(), "base");
        account.pass(5_000);
        Self {
            account,
            file_system,
            sources,
            group,
        }
    }

    fn make(&mut self, call: &Call) {
        match call {
            Call::FileSystem(token) => {
                file_system(self.account.region(), token);
            }
            Call::AccessPoint(token) => {
                let input = CreateAccessPoint {
                    client_token: (*token).to_owned(),
                    file_system_id: self.file_system.clone(),
                    ..CreateAccessPoint::default()
                };
                self.account.region().create_access_point(input).unwrap();
            }
            Call::MountTarget(zone) => {
                let input = CreateMountTarget {
                    file_system_id: self.file_system.clone(),
                    subnet_id: self.account.subnet(*zone),
                    ..CreateMountTarget::default()
                };
                self.account.region().create_mount_target(input).unwrap();
            }
            Call::Group(name) => {
                group(self.account.region(), name);
            }
            Call::Rule(third) => {
                let input = RuleChange {
                    group_id: Some(self.group.clone()),
                    ip_permissions: vec![IpPermission {
                        ip_protocol: Some("tcp".to_owned()),
                        from_port: Some(2049),
                        to_port: Some(2049),
                        ip_ranges: vec![IpRange::new(format!("10.0.{third}.0/24"))],
                        ..IpPermission::default()
                    }],
                    ..RuleChange::default()
                };
                let region = self.account.region();
                region.authorize_security_group_ingress(&input).unwrap();
            }
            Call::Vpc(second) => {
                let input = CreateVpc {
                    cidr_block: Some(format!("10.{second}.0.0/16")),
                    ..CreateVpc::default()
                };
                self.account.region().create_vpc(&input).unwrap();
            }
            Call::Replication(source) => {
                let input = CreateReplicationConfiguration {
                    source_file_system_id: self.sources[*source].clone(),
                    destinations: Some(vec![DestinationToCreate {
                        region: Some(OTHER_REGION.to_owned()),
                        ..DestinationToCreate::default()
                    }]),
                };
                let Account { world, now } = &mut self.account;
                world
                    .create_replication_configuration("eu-west-1", *now, &input)
                    .unwrap();
            }
        }
    }

    /// Deletes what the first round made, as far as it can be recreated under the same names.
    fn clear(&mut self) {
        let region = self.account.region();
        let targets: Vec<String> = region.mount_targets.keys().cloned().collect();
        for target in targets {
            region.delete_mount_target(&target).unwrap();
        }
        let points: Vec<String> = region.access_points.keys().cloned().collect();
        for point in points {
            region.delete_access_point(&point).unwrap();
        }
        for name in ["blue", "green"] {
            let input = DeleteSecurityGroup {
                group_name: Some(name.to_owned()),
                ..DeleteSecurityGroup::default()
            };
            region.delete_security_group(&input).unwrap();
        }
        let rules = region.security_groups.get_mut(&self.group).unwrap();
        rules.rules.retain(|rule| rule.is_egress);
        let all = region.describe_file_systems(&DescribeFileSystems::default());
        for made in all.unwrap().items {
            let id = &made.file_system_id;
            if *id != self.file_system && !self.sources.contains(id) {
                region.delete_file_system(id).unwrap();
            }
        }
        let Account { world, now } = &mut self.account;
        for source in &self.sources {
            world
                .delete_replication_configuration("eu-west-1", *now, source, None)
                .unwrap();
        }
        self.account.pass(60_000);
        let now = self.account.now;
        let there = self.account.world.region(OTHER_REGION, now).unwrap();
        for copy in there.file_systems.keys().cloned().collect::<Vec<_>>() {
            there.delete_file_system(&copy).unwrap();
        }
        self.account.pass(60_000);
        self.account.world.region(OTHER_REGION, self.account.now);
    }

    fn picture(&self) -> serde_json::Value {
        serde_json::to_value(&self.account.world).unwrap()
    }
}

fn file_system(region: &mut Region, token: &str) -> String {
    let input = CreateFileSystem {
        creation_token: token.to_owned(),
        ..CreateFileSystem::default()
    };
    region.create_file_system(input).unwrap().file_system_id
}

fn group(region: &mut Region, name: &str) -> String {
    let input = CreateSecurityGroup {
        group_name: Some(name.to_owned()),
        description: Some(name.to_owned()),
        ..CreateSecurityGroup::default()
    };
    region.create_security_group(&input).unwrap().id
}

/// The account after each of two rounds of the same calls: the second makes again what was deleted between them.
fn rounds(first: &[Call], second: &[Call]) -> [serde_json::Value; 2] {
    let mut ground = Ground::new();
    first.iter().for_each(|call| ground.make(call));
    let after_first = ground.picture();
    ground.clear();
    second.iter().for_each(|call| ground.make(call));
    [after_first, ground.picture()]
}

fn shuffled(mut calls: Vec<Call>, draws: &[Index]) -> Vec<Call> {
    let mut order = Vec::new();
    for draw in draws {
        order.push(calls.swap_remove(draw.index(calls.len())));
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_in_which_concurrent_calls_arrive_changes_nothing(
        first in prop::collection::vec(any::<Index>(), calls().len()),
        second in prop::collection::vec(any::<Index>(), calls().len()),
    ) {
        let found = rounds(&shuffled(calls(), &first), &shuffled(calls(), &second));
        prop_assert_eq!(found, rounds(&calls(), &calls()));
    }
}

#[test]
fn what_is_made_again_under_the_same_name_has_another_id() {
    let mut ground = Ground::new();
    let ids = |ground: &Ground| {
        let region = &ground.account.world.regions["eu-west-1"];
        let targets = region.mount_targets.keys().cloned();
        let points = region.access_points.keys().cloned();
        let there = &ground.account.world.regions[OTHER_REGION];
        let systems = region.file_systems.keys().chain(there.file_systems.keys());
        let systems =
            systems.filter(|id| **id != ground.file_system && !ground.sources.contains(id));
        let mut all: Vec<String> = targets.chain(points).chain(systems.cloned()).collect();
        all.sort();
        all
    };
    for call in calls() {
        ground.make(&call);
    }
    let before = ids(&ground);
    ground.clear();
    for call in calls() {
        ground.make(&call);
    }
    let after = ids(&ground);
    assert_eq!((before.len(), after.len()), (9, 9));
    assert!(
        before.iter().all(|id| !after.contains(id)),
        "{before:?} {after:?}"
    );
}
