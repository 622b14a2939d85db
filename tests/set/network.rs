//! `set` and the network: mount targets come and go, and the group that efsctl created allows others.

use std::collections::BTreeSet;

use efsctl::domain::ids::Zone;
use efsctl::domain::network::Source;
use efsctl::error::{Code, Kind};
use efsctl::service::{NetworkRequest, SetOptions, SetRequest};

use super::{ID, reference, set, shown};
use crate::support::harness::Harness;
use crate::support::iam;
use crate::support::world::{World, world};

const OWN: &str = "efsctl-fs-0000000000000000a";

fn network(request: NetworkRequest) -> SetRequest {
    SetRequest {
        network: request,
        ..SetRequest::default()
    }
}

fn zones(letters: &str) -> Vec<Zone> {
    let zone = |letter| format!("eu-west-1{letter}").parse().unwrap();
    letters.chars().map(zone).collect()
}

fn sources(words: &[&str]) -> Vec<Source> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}

fn add(letters: &str) -> SetRequest {
    network(NetworkRequest {
        zones: zones(letters),
        ..NetworkRequest::default()
    })
}

fn remove(letters: &str) -> SetRequest {
    network(NetworkRequest {
        remove_zones: zones(letters).into_iter().collect(),
        ..NetworkRequest::default()
    })
}

fn subnet(id: &str) -> SetRequest {
    network(NetworkRequest {
        subnets: vec![id.parse().unwrap()],
        ..NetworkRequest::default()
    })
}

fn allow(words: &[&str]) -> SetRequest {
    network(NetworkRequest {
        allow_from: sources(words),
        ..NetworkRequest::default()
    })
}

fn disallow(words: &[&str]) -> SetRequest {
    network(NetworkRequest {
        remove_allow_from: sources(words).into_iter().collect(),
        ..NetworkRequest::default()
    })
}

/// A VPC with three subnets.
fn account() -> World {
    world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .subnet('b')
        .subnet('c')
        .group("nfs", &["tcp 2049 from 10.0.0.0/16"])
}

/// A file system of another tool with two mount targets, and a group that an earlier `--fix` created for it.
fn file_system() -> World {
    account()
        .group(OWN, &["tcp 2049 from 10.7.0.0/16"])
        .tag("efsctl:managed-by", "efsctl")
        .tag("efsctl:name", ID)
        .prefix_list("pl-0000000a", "offices", &["192.168.0.0/16"])
        .file_system("data")
        .mount_target('a', &["nfs"])
        .mount_target('b', &["nfs"])
}

/// What is asked for and what takes it back, the calls that write them, and what each shows.
type Row = (
    &'static str,
    [SetRequest; 2],
    [&'static str; 2],
    [&'static str; 2],
);

fn rows() -> Vec<Row> {
    let mount_target = ["CreateMountTarget", "DeleteMountTarget"];
    let rule = [
        "AuthorizeSecurityGroupIngress",
        "RevokeSecurityGroupIngress",
    ];
    let of_source = |name, word: &'static str, shown| {
        let requests = [allow(&[word]), disallow(&[word])];
        (name, requests, rule, [shown; 2])
    };
    vec![
        (
            "a zone",
            [add("c"), remove("c")],
            mount_target,
            [
                "eu-west-1c in subnet-000000000000000c1, with sg-0000000000000000a",
                "eu-west-1c in subnet-000000000000000c1",
            ],
        ),
        (
            "a subnet",
            [subnet("subnet-000000000000000c1"), remove("c")],
            mount_target,
            [
                "eu-west-1c in subnet-000000000000000c1, with sg-0000000000000000a",
                "eu-west-1c in subnet-000000000000000c1",
            ],
        ),
        of_source("a range", "10.9.0.0/16", "tcp 2049 from 10.9.0.0/16"),
        of_source("the VPC", "vpc", "tcp 2049 from 10.0.0.0/16"),
        of_source(
            "a group",
            "sg-0000000000000000a",
            "tcp 2049 from sg-0000000000000000a",
        ),
        of_source("a prefix list", "pl-0000000a", "tcp 2049 from pl-0000000a"),
    ]
}

#[tokio::test(start_paused = true)]
async fn shown_made_once_and_taken_back() {
    for (name, [there, gone], [makes, takes], [made, taken]) in rows() {
        let harness = file_system().harness();
        let before = harness.region();
        assert_eq!(shown(&harness, &there).await, [made], "{name}");
        assert_eq!(harness.writes(), 0, "{name}: a plan writes nothing");
        set(&harness, &there).await.unwrap();
        assert_eq!(harness.calls().counts[makes], 1, "{name}");
        let writes = harness.writes();
        let again = set(&harness, &there).await.unwrap();
        assert!(again.changes.is_empty(), "{name}: {:?}", again.changes);
        assert_eq!(harness.writes(), writes, "{name}: again writes nothing");

        let back = shown(&harness, &gone).await;
        assert_eq!(back.len(), 1, "{name}: {back:?}");
        assert!(back[0].starts_with(taken), "{name}: {back:?}");
        set(&harness, &gone).await.unwrap();
        assert_eq!(harness.calls().counts[takes], 1, "{name}");
        let writes = harness.writes();
        set(&harness, &gone).await.unwrap();
        assert_eq!(harness.writes(), writes, "{name}: gone already");
        let after = harness.region();
        assert_eq!(
            after.security_groups, before.security_groups,
            "{name}: rules"
        );
        let stays = after.mount_targets.values();
        let stays: Vec<_> = stays
            .filter(|mt| !["deleting", "deleted"].contains(&mt.life.at(after.now)))
            .collect();
        let were: Vec<_> = before.mount_targets.values().collect();
        assert_eq!(stays, were, "{name}: mount targets");
    }
}

/// Where there is no mount target yet, the group is created with them, and allows whom it should.
#[tokio::test(start_paused = true)]
async fn the_first_mount_targets_come_with_a_group() {
    for (allowed, expected) in [
        (&["10.9.0.0/16"][..], "tcp 2049 from 10.9.0.0/16"),
        (&[], "tcp 2049 from the group itself"),
    ] {
        let harness = account().file_system("data").harness();
        let request = network(NetworkRequest {
            vpc: Some("vpc-0000000000000000a".parse().unwrap()),
            zones: zones("ab"),
            allow_from: sources(allowed),
            ..NetworkRequest::default()
        });
        let plan = shown(&harness, &request).await;
        assert_eq!(
            plan[..2],
            [
                format!("{OWN} in vpc-0000000000000000a"),
                expected.to_owned()
            ]
        );
        let made = set(&harness, &request).await.unwrap();
        assert_eq!(made.deployment.mount_targets.len(), 2);
        let writes = harness.writes();
        set(&harness, &request).await.unwrap();
        assert_eq!(harness.writes(), writes);
    }
}

/// A lost answer, a throttle and an answer of 500 cost time, and nothing else.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_and_a_throttle_end_well() {
    for (name, [there, gone], operations, _) in rows() {
        for (nth, operation) in operations.into_iter().enumerate() {
            for fault in ["reset-after", "reset-before", "throttle", "500"] {
                let harness = with_fault(&format!("{operation}:1:{fault}"));
                for request in [&there, &gone].into_iter().take(nth + 1) {
                    let ended = set(&harness, request).await;
                    ended
                        .unwrap_or_else(|failure| panic!("{name}, {operation}:{fault}: {failure}"));
                    let left = shown(&harness, request).await;
                    assert_eq!(left, Vec::<String>::new(), "{name}, {operation}:{fault}");
                }
            }
        }
    }
}

fn with_fault(rule: &str) -> Harness {
    let described = file_system().harness();
    let now = (described.clock)();
    Harness::with(efsctl::sandbox::account::Options {
        world: described.account.state(now).unwrap().world,
        faults: efsctl::sandbox::fault::Faults::new([rule.parse().unwrap()]),
        ..Harness::options()
    })
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_is_refused_before_the_first_write() {
    let limited = |mut request: SetRequest| {
        request.network.rules_per_group = Some(1);
        request
    };
    let with_ours = file_system();
    let rows = [
        (
            "no such zone",
            with_ours.clone(),
            add("z"),
            Code::ZoneUnsuitable,
            "eu-west-1z",
        ),
        (
            "no subnet in that zone",
            world()
                .vpc("10.0.0.0/16")
                .subnet('a')
                .group("nfs", &[])
                .file_system("data")
                .mount_target('a', &["nfs"]),
            add("b"),
            Code::ZoneWithoutSubnet,
            "eu-west-1b",
        ),
        (
            "no such subnet",
            with_ours.clone(),
            subnet("subnet-0000000000000dead"),
            Code::SubnetNotFound,
            "subnet-0000000000000dead",
        ),
        (
            "another subnet of a zone that has a mount target",
            account()
                .subnet('d')
                .set("zone", "eu-west-1a")
                .file_system("data")
                .mount_target('a', &["nfs"]),
            subnet("subnet-000000000000000d1"),
            Code::SettingsDiffer,
            "subnet",
        ),
        (
            "a One Zone file system has no others",
            account()
                .file_system("data")
                .set("zone", "eu-west-1a")
                .mount_target('a', &["nfs"]),
            add("b"),
            Code::UnsupportedCombination,
            "eu-west-1a",
        ),
        (
            "a source for groups of others",
            account().file_system("data").mount_target('a', &["nfs"]),
            allow(&["10.9.0.0/16"]),
            Code::SecurityGroupNotFound,
            "efsctl validate fs-0000000000000000a --client 10.9.0.0/16",
        ),
        (
            "the Internet",
            with_ours.clone(),
            allow(&["0.0.0.0/0"]),
            Code::OpenToInternet,
            "open_to_the_world",
        ),
        (
            "no such group",
            with_ours.clone(),
            allow(&["sg-0000000000000dead"]),
            Code::SecurityGroupNotFound,
            "sg-0000000000000dead",
        ),
        (
            "no such prefix list",
            with_ours.clone(),
            allow(&["pl-0000dead"]),
            Code::PrefixListNotFound,
            "pl-0000dead",
        ),
        (
            "too many rules",
            with_ours.clone(),
            limited(allow(&["10.9.0.0/16"])),
            Code::TooManyRules,
            "takes 1",
        ),
        (
            "a rule of others",
            with_ours,
            disallow(&["10.7.0.0/16"]),
            Code::NotManaged,
            "aws ec2 revoke-security-group-ingress --group-id sg-0000000000000000b --security-group-rule-ids sgr-",
        ),
    ];
    for (name, account, request, code, says) in rows {
        let harness = account.harness();
        let failure = set(&harness, &request).await.unwrap_err();
        let error = &failure.error;
        let hint = error.hint.as_ref().map(ToString::to_string);
        let text = format!("{} {}", error.message, hint.unwrap_or_default());
        assert_eq!(error.code, code, "{name}: {text}");
        assert!(text.contains(says), "{name}: {text}");
        assert_eq!(harness.writes(), 0, "{name}");
    }
}

/// What is not there need not be removed: it is said, and nothing is written.
#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_noted() {
    for (request, note) in [
        (
            remove("c"),
            "there is no mount target in eu-west-1c: nothing to remove",
        ),
        (
            disallow(&["10.9.0.0/16"]),
            "sg-0000000000000000b has no rule for TCP 2049 from 10.9.0.0/16: nothing to remove",
        ),
    ] {
        let harness = file_system().harness();
        set(&harness, &request).await.unwrap();
        assert_eq!(harness.writes(), 0);
        assert!(harness.told(note), "{note}: {:?}", harness.events());
    }
}

#[tokio::test(start_paused = true)]
async fn what_clients_lose_is_said_beforehand() {
    let rows: [(SetRequest, &[&str]); 4] = [
        (
            remove("a"),
            &["clients in eu-west-1a lose mount target {a}: what is mounted through it hangs"],
        ),
        (
            remove("ab"),
            &[
                "clients in eu-west-1a lose mount target {a}: what is mounted through it hangs; no mount target is left",
                "clients in eu-west-1b lose mount target {b}: what is mounted through it hangs; no mount target is left",
            ],
        ),
        (add("c"), &[]),
        (allow(&["10.9.0.0/16"]), &[]),
    ];
    let harness = file_system().harness();
    let region = harness.region();
    let of_zone = |zone: &str| {
        let mut all = region.mount_targets.values();
        let is_in = |subnet: &String| region.subnets[subnet].availability_zone == zone;
        all.find(|mt| is_in(&mt.subnet_id)).unwrap().id.clone()
    };
    let (a, b) = (of_zone("eu-west-1a"), of_zone("eu-west-1b"));
    for (request, expected) in rows {
        let expected: Vec<_> = expected
            .iter()
            .map(|text| text.replace("{a}", &a).replace("{b}", &b))
            .collect();
        assert_eq!(losses(&harness, &request).await, expected);
    }
    set(&harness, &allow(&["10.9.0.0/16"])).await.unwrap();
    assert_eq!(
        losses(&harness, &disallow(&["10.9.0.0/16"])).await,
        ["10.9.0.0/16 can no longer connect through sg-0000000000000000b"]
    );
}

async fn losses(harness: &Harness, request: &SetRequest) -> Vec<String> {
    let service = harness.service().await;
    let (of, options) = (reference(), SetOptions::default());
    let planned = service.plan_set(&of, request, &options).await.unwrap();
    planned.losses.iter().map(ToString::to_string).collect()
}

/// The policy for the network flags of `set` in docs/IAM.md is what is called, and no more; what of it is denied is named.
#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called_and_nothing_else() {
    let mut called = BTreeSet::new();
    for (_, requests, ..) in rows() {
        let harness = file_system().harness();
        for request in &requests {
            set(&harness, request).await.unwrap();
        }
        called.extend(harness.calls().counts.into_keys());
    }
    let allowed = iam::actions("set, network");
    // Without it a prefix list counts with the entries that it has.
    // Routes and network ACLs are a preference among several subnets.
    let optional = [
        "ec2:DescribeManagedPrefixLists",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
    ];
    // EFS asks for these on behalf of the caller.
    let inner = ["CreateNetworkInterface", "DeleteNetworkInterface"];
    let operations = allowed.iter().filter_map(|action| action.split(':').nth(1));
    let operations = operations.filter(|name| !inner.contains(name));
    let operations: BTreeSet<String> = operations.map(str::to_owned).collect();
    // The tags of a rule are set by the call that creates it.
    called.insert("CreateTags".to_owned());
    assert_eq!(called, operations);
    let of_operator = iam::actions("operator");
    let missing: Vec<_> = allowed.difference(&of_operator).collect();
    assert!(missing.is_empty(), "the operator sets too: {missing:?}");

    for action in allowed {
        let mut is_named = false;
        let mut is_needed = false;
        for (_, [there, gone], ..) in rows() {
            let harness = file_system().denied(&[&action]).harness();
            for request in [&there, &gone] {
                let Err(failure) = set(&harness, request).await else {
                    continue;
                };
                let text = format!("{} {:?}", failure.error, failure.error.hint);
                assert_eq!(failure.error.kind, Kind::Denied, "{action}: {text}");
                assert!(text.contains(&action), "{action}: {text}");
                is_needed = true;
            }
            is_named |= harness.warnings().iter().any(|one| one.contains(&action));
        }
        let is_optional = optional.contains(&action.as_str());
        assert_ne!(is_needed || is_named, is_optional, "{action}");
    }
}

/// The group of mount targets that are gone is used again, with each rule asked for once.
#[tokio::test(start_paused = true)]
async fn the_first_mount_targets_take_the_group_that_is_there() {
    let harness = file_system().harness();
    set(&harness, &allow(&["10.9.0.0/16"])).await.unwrap();
    set(&harness, &remove("ab")).await.unwrap();
    let request = network(NetworkRequest {
        vpc: Some("vpc-0000000000000000a".parse().unwrap()),
        zones: zones("a"),
        allow_from: sources(&["10.10.0.0/16"]),
        remove_allow_from: sources(&["10.9.0.0/16"]).into_iter().collect(),
        ..NetworkRequest::default()
    });
    let mut plan = shown(&harness, &request).await;
    plan.sort();
    assert_eq!(plan.len(), 3, "{plan:?}");
    assert!(plan[0].starts_with("eu-west-1a in subnet-"), "{plan:?}");
    assert_eq!(plan[1], "tcp 2049 from 10.10.0.0/16");
    assert!(
        plan[2].starts_with("tcp 2049 from 10.9.0.0/16 (sgr-"),
        "{plan:?}"
    );
    let before = harness.writes();
    let made = set(&harness, &request).await.unwrap();
    assert_eq!((made.changes.len(), harness.writes() - before), (3, 3));
    set(&harness, &request).await.unwrap();
    assert_eq!(harness.writes() - before, 3, "again writes nothing");
}

/// What the first group may not allow is refused as by `create`.
#[tokio::test(start_paused = true)]
async fn the_first_group_is_checked_before_the_first_write() {
    let with = |allowed: &[&str], rules| NetworkRequest {
        vpc: Some("vpc-0000000000000000a".parse().unwrap()),
        zones: zones("a"),
        allow_from: sources(allowed),
        rules_per_group: rules,
        ..NetworkRequest::default()
    };
    for (request, code) in [
        (with(&["pl-0000000b"], None), Code::OpenToInternet),
        (
            with(&["10.1.0.0/16", "10.3.0.0/16"], Some(1)),
            Code::TooManyRules,
        ),
        (
            with(&["sg-0000000000000dead"], None),
            Code::SecurityGroupNotFound,
        ),
    ] {
        let harness = account()
            .prefix_list("pl-0000000b", "everyone", &["0.0.0.0/0"])
            .file_system("data")
            .harness();
        let failure = set(&harness, &network(request)).await.unwrap_err();
        assert_eq!(failure.error.code, code, "{failure}");
        assert_eq!(harness.writes(), 0, "{failure}");
    }
}
