//! The two doors of the sandbox, the wire under the real SDK and the world itself, answer alike.

use std::collections::BTreeSet;
use std::time::Duration;

use efsctl::cloud::{
    Answer, Cloud, CloudError, FileSystems, Groups, NewAccessPoint, NewFileSystem, NewGroup,
    NewMountTarget, Subnets, Vpcs, Within,
};
use efsctl::domain::access_point::{AccessPointSpec, CreationInfo, PosixUser};
use efsctl::domain::ids::NetworkInterfaceId;
use efsctl::domain::network::Peer;
use efsctl::domain::settings::{Backups, Key, Lifecycle, Protection, Throughput, Value};
use efsctl::domain::spec::{Encryption, IpType, PerformanceMode};
use efsctl::sandbox::account::Options;
use efsctl::sandbox::world::World;

use crate::support::bench::{Bench, REGION, spec};
use crate::support::direct::Direct;

/// An answer in words; of an error what both doors tell.
fn told<T: std::fmt::Debug>(step: &str, answer: &Answer<T>) -> String {
    match answer {
        Ok(value) => format!("{step}: {value:?}"),
        Err(CloudError {
            class,
            operation,
            code,
            existing,
            ..
        }) => {
            format!("{step}: {class:?} {operation} {code:?} {existing:?}")
        }
    }
}

/// A session that meets every call of the trait, and the errors the flow depends on.
async fn session<C: Cloud>(cloud: &C) -> Vec<String> {
    let mut heard = Vec::new();
    let name: efsctl::domain::ids::Name = "demo".parse().unwrap();
    let tags = efsctl::domain::tags::of(&name, "run1", &efsctl::domain::tags::Tags::new());
    let subnets = cloud.subnets(&Subnets::Default).await;
    heard.push(told("subnets", &subnets));
    let subnets = subnets.unwrap();
    let vpc = subnets[0].vpc.clone();
    heard.push(told("vpcs", &cloud.vpcs(&Vpcs::Default).await));
    heard.push(told("vpc", &cloud.vpcs(&Vpcs::Id(vpc.clone())).await));
    heard.push(told(
        "no vpc",
        &cloud
            .vpcs(&Vpcs::Id("vpc-00000000000000009".parse().unwrap()))
            .await,
    ));
    heard.push(told("dns", &cloud.vpc_dns(&vpc).await));
    for within in [Within::Vpc(vpc.clone()), Within::Region] {
        heard.push(told("routes", &cloud.route_tables(&within).await));
        heard.push(told("network ACLs", &cloud.network_acls(&within).await));
    }
    heard.push(told("zones", &cloud.zones().await));
    heard.push(told(
        "no subnet",
        &cloud
            .subnets(&Subnets::Ids(vec![
                "subnet-00000000000000009".parse().unwrap(),
            ]))
            .await,
    ));
    let group = NewGroup {
        name: name.security_group(),
        description: "NFS".to_owned(),
        vpc: vpc.clone(),
        tags: tags.clone(),
    };
    let made = cloud.create_security_group(&group).await;
    heard.push(told("group", &made));
    let id = made.unwrap();
    heard.push(told(
        "group again",
        &cloud.create_security_group(&group).await,
    ));
    let range = Peer::Range("10.0.0.0/8".parse().unwrap());
    for peer in [Peer::Group(id.clone()), range] {
        heard.push(told("admit", &cloud.admit_nfs(&id, &peer, &tags).await));
        heard.push(told(
            "admit again",
            &cloud.admit_nfs(&id, &peer, &tags).await,
        ));
    }
    let new = NewFileSystem {
        token: name.token(),
        encryption: Encryption::DefaultKey,
        performance: PerformanceMode::GeneralPurpose,
        throughput: Throughput::Elastic,
        one_zone: None,
        backup: None,
        tags: tags.clone(),
    };
    let fs = cloud.create_file_system(&new).await;
    heard.push(told("file system", &fs));
    let fs = fs.unwrap().id;
    heard.push(told(
        "file system again",
        &cloud.create_file_system(&new).await,
    ));
    let mount = |n: usize| NewMountTarget {
        file_system: fs.clone(),
        subnet: subnets[n].id.clone(),
        ip_type: IpType::Ipv4,
        groups: BTreeSet::from([id.clone()]),
    };
    heard.push(told(
        "too early",
        &cloud.create_mount_target(&mount(0)).await,
    ));
    tokio::time::sleep(Duration::from_secs(60)).await;
    heard.push(told(
        "mount target",
        &cloud.create_mount_target(&mount(0)).await,
    ));
    heard.push(told(
        "conflict",
        &cloud.create_mount_target(&mount(0)).await,
    ));
    tokio::time::sleep(Duration::from_secs(120)).await;
    heard.push(told(
        "file systems",
        &cloud.file_systems(&FileSystems::Token(name.token())).await,
    ));
    heard.push(told("all", &cloud.file_systems(&FileSystems::All).await));
    heard.push(told(
        "none",
        &cloud
            .file_systems(&FileSystems::Token("never".to_owned()))
            .await,
    ));
    let targets = cloud.mount_targets(&fs).await;
    heard.push(told("mount targets", &targets));
    let target = targets.unwrap().remove(0);
    let interfaces = BTreeSet::from([target.interface.clone().unwrap()]);
    heard.push(told("tag", &cloud.tag_interfaces(&interfaces, &tags).await));
    heard.push(told("interfaces", &cloud.interfaces(&interfaces).await));
    let unknown: NetworkInterfaceId = "eni-00000000000000009".parse().unwrap();
    heard.push(told(
        "no interface",
        &cloud.interfaces(&BTreeSet::from([unknown])).await,
    ));
    heard.push(told("users", &cloud.group_users(&id).await));
    heard.push(told("in use", &cloud.delete_security_group(&id).await));
    heard.push(told("fs in use", &cloud.delete_file_system(&fs).await));
    heard.push(told(
        "groups by name",
        &cloud
            .security_groups(&Groups::Name(group.name.clone()))
            .await,
    ));
    heard.push(told(
        "groups by tag",
        &cloud
            .security_groups(&Groups::Tagged("efsctl:name", "demo".to_owned()))
            .await,
    ));
    let policy = Lifecycle {
        transition_to_ia: "30d".parse().ok(),
        transition_to_archive: "90d".parse().ok(),
        transition_to_primary: true,
        ..Lifecycle::default()
    };
    heard.push(told(
        "put lifecycle",
        &cloud.set(&fs, &Value::Lifecycle(policy)).await,
    ));
    heard.push(told("lifecycle", &cloud.setting(&fs, Key::Lifecycle).await));
    heard.push(told("backup", &cloud.setting(&fs, Key::Backups).await));
    heard.push(told(
        "enable",
        &cloud.set(&fs, &Value::Backups(Backups::On)).await,
    ));
    heard.push(told("enabled", &cloud.setting(&fs, Key::Backups).await));
    heard.push(told("replicated", &cloud.replications_of(&fs).await));
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
    heard.push(told(
        "access point",
        &cloud.create_access_point(&point).await,
    ));
    heard.push(told(
        "access point again",
        &cloud.create_access_point(&point).await,
    ));
    heard.push(told("access points", &cloud.access_points(&fs).await));
    for protection in [Protection::Off, Protection::On] {
        let protection = Value::Protection(protection);
        heard.push(told("protect", &cloud.set(&fs, &protection).await));
        heard.push(told(
            "protected",
            &cloud.setting(&fs, Key::Protection).await,
        ));
    }
    heard.push(told(
        "throughput",
        &cloud
            .set(&fs, &Value::Throughput(Throughput::Provisioned(64.0)))
            .await,
    ));
    heard.push(told("tag fs", &cloud.tag_file_system(&fs, &tags).await));
    heard.push(told(
        "groups of target",
        &cloud
            .set_mount_target_groups(&target.id, &BTreeSet::from([id.clone()]))
            .await,
    ));
    heard.push(told(
        "delete target",
        &cloud.delete_mount_target(&target.id).await,
    ));
    heard.push(told("going", &cloud.mount_targets(&fs).await));
    tokio::time::sleep(Duration::from_secs(60)).await;
    heard.push(told("gone", &cloud.delete_mount_target(&target.id).await));
    heard.push(told("delete fs", &cloud.delete_file_system(&fs).await));
    tokio::time::sleep(Duration::from_secs(60)).await;
    heard.push(told("fs gone", &cloud.delete_file_system(&fs).await));
    heard.push(told(
        "delete group",
        &cloud.delete_security_group(&id).await,
    ));
    heard.push(told("group gone", &cloud.delete_security_group(&id).await));
    heard
}

#[tokio::test(start_paused = true)]
async fn both_doors_answer_alike() {
    // No latency: the two sessions keep the same time.
    let bench = Bench::with(Options {
        latency: Duration::ZERO,
        ..Bench::options()
    });
    let wire = bench.service().await;
    let epoch = (bench.clock)();
    let world = World {
        timing: Bench::options().timing.unwrap(),
        ..World::default()
    };
    let direct = Direct::new(world, REGION, epoch).without_latency();
    let started = tokio::time::Instant::now();
    let by_wire = session(wire.cloud()).await;
    let took = started.elapsed();
    let by_hand = session(&direct.began(started + took)).await;
    for (wire, direct) in by_wire.iter().zip(&by_hand) {
        assert_eq!(wire, direct);
    }
    assert_eq!(by_wire.len(), by_hand.len());
    println!("contract: {} answers alike", by_wire.len());
    assert!(bench.create(&spec("another")).await.is_ok());
}
