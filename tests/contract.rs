//! The HTTP and the in-process backend of the sandbox, the wire under the real SDK and the world itself, answer alike.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use efsctl::cloud::{
    Answer, Cloud, CloudError, FileSystems, Groups, Inventory, NetworkInterfaces, NewAccessPoint,
    NewFileSystem, NewGroup, NewMountTarget, Permission, Subnets, Vpcs, Within,
};
use efsctl::domain::access_point::{AccessPointSpec, CreationInfo, PosixUser};
use efsctl::domain::ids::{AccessPointId, FileSystemId, NetworkInterfaceId};
use efsctl::domain::network::Peer;
use efsctl::domain::settings::policy::{Document, Preset};
use efsctl::domain::settings::{Backups, Key, Lifecycle, Policy, Protection, Throughput, Value};
use efsctl::domain::spec::{Encryption, IpType, PerformanceMode};
use efsctl::sandbox::account::{Options, tokio_clock};
use efsctl::sandbox::world::scenario;

use crate::support::harness::{Harness, REGION, spec};
use crate::support::in_memory::InMemory;
use crate::support::world::{World, world};

/// An answer in words; of an error what both backends say.
fn told<T: Debug>(answer: &Answer<T>) -> String {
    match answer {
        Ok(value) => format!("Ok: {value:?}"),
        Err(CloudError {
            class,
            operation,
            code,
            existing,
            ..
        }) => {
            format!("{class:?} {operation} {code:?} {existing:?}")
        }
    }
}

/// The account of the session: besides the default VPC what only others make.
fn of_others() -> World {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "elasticfilesystem:ClientMount"}]}"#;
    world()
        .prefix_list(
            "pl-0000000a",
            "offices",
            &["10.0.8.0/24 the first", "10.0.9.0/24 the second"],
        )
        .vpc_besides("10.7.0.0/16")
        .set("ranges", &["10.8.0.0/16"][..])
        .subnet('a')
        .group(
            "clients",
            &[
                "tcp 22 from 10.0.0.0/8",
                "tcp 2049 from offices",
                "-1 from 2001:db8::/32",
            ],
        )
        .tag("team", "red")
        .network_acl(
            &["a"],
            &[
                "100 allow tcp 2049 from 10.0.0.0/8",
                "200 deny all from 0.0.0.0/0",
            ],
            &["100 allow all to 0.0.0.0/0"],
        )
        .file_system("theirs")
        .set("policy", policy)
        .copied_to("fs-0000000000000000f", "eu-west-2", "ENABLED")
        .mount_target('a', &["clients"])
        .access_point("/theirs")
        .set("id", "fsap-0000000000000000a")
        .set("uid", 1_000)
        .set("gid", 1_000)
        .tag("team", "red")
        .instance("i-0000000a", 'a', &["clients"])
}

/// What a backend answered: method and answer, in order.
type Responses = Vec<(&'static str, String)>;

/// Makes a call, and keeps what was answered.
macro_rules! ask {
    ($responses:ident, $cloud:ident.$method:ident($($argument:expr),*)) => {{
        let answer = $cloud.$method($($argument),*).await;
        $responses.push((stringify!($method), told(&answer)));
        answer
    }};
}

/// A session that meets every method of both traits, and the errors that the flow depends on.
async fn session<C: Inventory>(cloud: &C) -> Responses {
    let mut responses = Vec::new();
    inventory(cloud, &mut responses).await;
    let name: efsctl::domain::ids::Name = "demo".parse().unwrap();
    let tags = efsctl::domain::tags::of(&name, "run1", &efsctl::domain::tags::Tags::new());
    let subnets = ask!(responses, cloud.subnets(&Subnets::Default)).unwrap();
    let vpc = subnets[0].vpc.clone();
    _ = ask!(responses, cloud.vpcs(&Vpcs::Default));
    _ = ask!(responses, cloud.vpcs(&Vpcs::Id(vpc.clone())));
    let no_vpc = Vpcs::Id("vpc-00000000000000009".parse().unwrap());
    _ = ask!(responses, cloud.vpcs(&no_vpc));
    _ = ask!(responses, cloud.vpc_dns(&vpc));
    for within in [Within::Vpc(vpc.clone()), Within::Region] {
        _ = ask!(responses, cloud.route_tables(&within));
        _ = ask!(responses, cloud.network_acls(&within));
    }
    _ = ask!(responses, cloud.zones());
    _ = ask!(responses, cloud.subnets(&Subnets::Vpc(vpc.clone())));
    let no_subnet = Subnets::Ids(vec!["subnet-00000000000000009".parse().unwrap()]);
    _ = ask!(responses, cloud.subnets(&no_subnet));
    let group = NewGroup {
        name: name.security_group(),
        description: "NFS".to_owned(),
        vpc: vpc.clone(),
        tags: tags.clone(),
    };
    _ = ask!(
        responses,
        cloud.check_permission(&Permission::CreateSecurityGroup(group.clone()))
    );
    let id = ask!(responses, cloud.create_security_group(&group)).unwrap();
    _ = ask!(responses, cloud.create_security_group(&group));
    let range = Peer::Range("10.0.0.0/8".parse().unwrap());
    let permission = Permission::AuthorizeIngress(id.clone(), range.clone(), tags.clone());
    _ = ask!(responses, cloud.check_permission(&permission));
    for peer in [Peer::Group(id.clone()), range.clone()] {
        _ = ask!(responses, cloud.allow_nfs(&id, &peer, &tags));
        _ = ask!(responses, cloud.allow_nfs(&id, &peer, &tags));
    }
    let rules = ask!(responses, cloud.group_rules(&BTreeSet::from([id.clone()]))).unwrap();
    let from_range = rules
        .iter()
        .find(|rule| !rule.is_egress && rule.rule.peer == range)
        .unwrap();
    _ = ask!(responses, cloud.revoke_nfs(&id, &from_range.id));
    _ = ask!(responses, cloud.revoke_nfs(&id, &from_range.id));
    _ = ask!(responses, cloud.allow_nfs(&id, &range, &tags));
    let new = NewFileSystem {
        token: name.token(),
        encryption: Encryption::DefaultKey,
        performance: PerformanceMode::GeneralPurpose,
        throughput: Throughput::Elastic,
        one_zone: None,
        backup: None,
        tags: tags.clone(),
    };
    let fs = ask!(responses, cloud.create_file_system(&new)).unwrap().id;
    _ = ask!(responses, cloud.create_file_system(&new));
    let mount = NewMountTarget {
        file_system: fs.clone(),
        subnet: subnets[0].id.clone(),
        ip_type: IpType::Ipv4,
        groups: BTreeSet::from([id.clone()]),
    };
    // Too early.
    _ = ask!(responses, cloud.create_mount_target(&mount));
    tokio::time::sleep(Duration::from_secs(60)).await;
    _ = ask!(responses, cloud.create_mount_target(&mount));
    _ = ask!(responses, cloud.create_mount_target(&mount));
    tokio::time::sleep(Duration::from_secs(120)).await;
    let by_token = FileSystems::Token(name.token());
    _ = ask!(responses, cloud.file_systems(&by_token));
    _ = ask!(responses, cloud.file_systems(&FileSystems::All));
    let never = FileSystems::Token("never".to_owned());
    _ = ask!(responses, cloud.file_systems(&never));
    let target = ask!(responses, cloud.mount_targets(&fs)).unwrap().remove(0);
    let interface = target.interface.clone().unwrap();
    _ = ask!(
        responses,
        cloud.check_permission(&Permission::CreateTags(interface.clone()))
    );
    let interfaces = BTreeSet::from([interface]);
    _ = ask!(responses, cloud.tag_interfaces(&interfaces, &tags));
    _ = ask!(responses, cloud.interfaces(&interfaces));
    let unknown: NetworkInterfaceId = "eni-00000000000000009".parse().unwrap();
    _ = ask!(responses, cloud.interfaces(&BTreeSet::from([unknown])));
    _ = ask!(responses, cloud.group_users(&id));
    // In use.
    _ = ask!(responses, cloud.delete_security_group(&id));
    _ = ask!(responses, cloud.delete_file_system(&fs));
    let by_name = Groups::Name(group.name.clone());
    _ = ask!(responses, cloud.security_groups(&by_name));
    let by_tag = Groups::Tagged("efsctl:name", "demo".to_owned());
    _ = ask!(responses, cloud.security_groups(&by_tag));
    let point = NewAccessPoint {
        file_system: fs.clone(),
        token: "efsctl:demo/app".to_owned(),
        spec: AccessPointSpec {
            user: Some(PosixUser {
                uid: 1000,
                gid: 100,
                secondary_gids: BTreeSet::from([4, 20]),
            }),
            creation: Some(CreationInfo {
                owner_uid: 1000,
                owner_gid: 100,
                permissions: "0750".to_owned(),
            }),
            ..AccessPointSpec::new("app".parse().unwrap(), "/app")
        },
        tags: tags.clone(),
    };
    _ = ask!(responses, cloud.create_access_point(&point));
    _ = ask!(responses, cloud.create_access_point(&point));
    _ = ask!(responses, cloud.access_points(&fs));
    let policy = Lifecycle {
        transition_to_ia: "30d".parse().ok(),
        transition_to_archive: "90d".parse().ok(),
        transition_to_primary: true,
        ..Lifecycle::default()
    };
    let transitions = Value::Lifecycle(policy);
    let protection = Value::Protection(Protection::Off);
    let protected = Value::Protection(Protection::On);
    let backups = Value::Backups(Backups::On);
    let put = |document, bypass_lockout_check| {
        Value::Policy(Policy::Put {
            document,
            bypass_lockout_check,
        })
    };
    let presets = Preset::document(&BTreeSet::from([Preset::EnforceTls, Preset::ReadOnly]));
    let lock_out = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*"}}"#;
    let lock_out = Document::parse(lock_out).unwrap();
    let principal = lock_out
        .to_string()
        .replace("\"*\",\"Act", "{\"AWS\":\"x\"},\"Act");
    let principal = Document::parse(&principal).unwrap();
    for (key, value) in [
        (Key::Policy, put(presets, false)),
        // Refused: no one could change it, and IAM does not know the principal.
        (Key::Policy, put(lock_out.clone(), false)),
        (Key::Policy, put(principal, true)),
        (Key::Policy, put(lock_out, true)),
        (Key::Policy, Value::Policy(Policy::None)),
        (Key::Policy, Value::Policy(Policy::None)),
        (Key::Lifecycle, transitions),
        (Key::Backups, backups),
        (Key::Protection, protection),
        (Key::Protection, protected),
        // Archive needs elastic throughput: refused, until nothing moves there.
        (
            Key::Throughput,
            Value::Throughput(Throughput::Provisioned(64.0)),
        ),
        (Key::Lifecycle, Value::Lifecycle(Lifecycle::default())),
        (
            Key::Throughput,
            Value::Throughput(Throughput::Provisioned(64.0)),
        ),
    ] {
        _ = ask!(responses, cloud.setting(&fs, key));
        _ = ask!(responses, cloud.set(&fs, &value));
        _ = ask!(responses, cloud.setting(&fs, key));
    }
    _ = ask!(responses, cloud.tag_file_system(&fs, &tags));
    let keys = BTreeSet::from(["team".to_owned(), "absent".to_owned()]);
    _ = ask!(responses, cloud.untag_file_system(&fs, &keys));
    _ = ask!(responses, cloud.file_systems(&FileSystems::Id(fs.clone())));
    let groups = BTreeSet::from([id.clone()]);
    _ = ask!(
        responses,
        cloud.set_mount_target_groups(&target.id, &groups)
    );
    _ = ask!(responses, cloud.delete_mount_target(&target.id));
    _ = ask!(responses, cloud.mount_targets(&fs));
    tokio::time::sleep(Duration::from_secs(60)).await;
    _ = ask!(responses, cloud.delete_mount_target(&target.id));
    _ = ask!(responses, cloud.delete_file_system(&fs));
    tokio::time::sleep(Duration::from_secs(60)).await;
    _ = ask!(responses, cloud.delete_file_system(&fs));
    _ = ask!(responses, cloud.delete_security_group(&id));
    _ = ask!(responses, cloud.delete_security_group(&id));
    responses
}

/// What others made.
async fn inventory<C: Inventory>(cloud: &C, responses: &mut Responses) {
    let theirs: FileSystemId = "fs-0000000000000000a".parse().unwrap();
    let point: AccessPointId = "fsap-0000000000000000a".parse().unwrap();
    let none: FileSystemId = "fs-00000000000000009".parse().unwrap();
    _ = ask!(responses, cloud.policy(&theirs));
    _ = ask!(responses, cloud.policy(&none));
    _ = ask!(responses, cloud.replications());
    _ = ask!(responses, cloud.replications_of(&theirs));
    _ = ask!(
        responses,
        cloud.network_interfaces(&NetworkInterfaces::MountTargets)
    );
    let group = NetworkInterfaces::WithGroup("sg-0000000000000000a".to_owned());
    _ = ask!(responses, cloud.network_interfaces(&group));
    let instance = NetworkInterfaces::Instance("i-0000000a".to_owned());
    _ = ask!(responses, cloud.network_interfaces(&instance));
    _ = ask!(responses, cloud.all_vpcs());
    _ = ask!(responses, cloud.all_subnets());
    let groups = ask!(responses, cloud.all_security_groups()).unwrap();
    let groups: BTreeSet<_> = groups.into_iter().map(|group| group.id).collect();
    _ = ask!(responses, cloud.group_rules(&groups));
    _ = ask!(responses, cloud.regions());
    _ = ask!(responses, cloud.prefix_list("pl-0000000a"));
    _ = ask!(responses, cloud.managed_prefix_list("pl-0000000a"));
    _ = ask!(responses, cloud.managed_prefix_list("pl-0000000b"));
    _ = ask!(responses, cloud.all_access_points());
    _ = ask!(responses, cloud.access_points(&theirs));
    _ = ask!(responses, cloud.delete_access_point(&point));
    tokio::time::sleep(Duration::from_secs(60)).await;
    _ = ask!(responses, cloud.delete_access_point(&point));
    _ = ask!(responses, cloud.access_points(&none));
}

#[tokio::test(start_paused = true)]
async fn both_doors_answer_alike() {
    // No latency: the two sessions keep the same time.
    let described = |now| efsctl::sandbox::world::World {
        timing: Harness::options().timing.unwrap(),
        ..scenario::parse(&of_others().to_string(), now).unwrap()
    };
    let harness = Harness::with(Options {
        world: described(tokio_clock()()),
        latency: Duration::ZERO,
        ..Harness::options()
    });
    let wire = harness.service().await;
    let epoch = (harness.clock)();
    let in_memory = InMemory::new(described(epoch), REGION, epoch).without_latency();
    let started = tokio::time::Instant::now();
    let by_wire = session(wire.cloud()).await;
    let took = started.elapsed();
    let by_hand = session(&in_memory.began(started + took)).await;
    for (wire, in_memory) in by_wire.iter().zip(&by_hand) {
        assert_eq!(wire, in_memory);
    }
    assert_eq!(by_wire.len(), by_hand.len());
    println!("contract: {} answers alike", by_wire.len());
    let worked = by_wire.iter().filter(|(_, told)| told.starts_with("Ok"));
    let met: BTreeSet<String> = worked.map(|(method, _)| (*method).to_owned()).collect();
    let demanded = <InMemory as Cloud>::CALLS
        .iter()
        .chain(<InMemory as Inventory>::CALLS);
    let demanded: BTreeSet<String> = demanded.map(|name| (*name).to_owned()).collect();
    assert_eq!(met, demanded, "calls that the session does not meet");
    assert!(harness.create(&spec("another")).await.is_ok());
}
