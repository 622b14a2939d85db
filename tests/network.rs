//! What voids a value stands beside it in the answers of EC2: states, owners, Outposts, peerings. It is read.

use efsctl::cloud::{Cloud, Inventory, Subnets, Vpcs};
use efsctl::domain::finding::{Report, Verdict};
use efsctl::domain::network::{Peer, Source};
use efsctl::domain::spec::{Access, Spec};
use efsctl::error::Kind;
use efsctl::service::{CreateOptions, Scope};

use crate::support::harness::{Harness, asked, joined, spec};

const VPC: &str = "172.31.0.0/16";

fn verdict(report: &Report, id: &str) -> (Verdict, String) {
    let mut found = report.findings().filter(|(_, one)| one.about.id == id);
    let (_, finding) = found.next().unwrap();
    (finding.verdict, joined(&finding.evidence, "; "))
}

/// Does it to the answers of that operation of EC2.
fn to(
    operation: &'static str,
    change: impl Fn(String) -> String + Send + Sync,
) -> impl Fn(&str, String) -> String + Send + Sync {
    move |asked, body| match asked.contains(&format!("Action={operation}&")) {
        true => change(body),
        false => body,
    }
}

/// Ranges of the default VPC besides its first, with their states.
fn more_ranges(states: &[(&str, &str)]) -> impl Fn(&str, String) -> String + Send + Sync + use<> {
    let first = [(VPC, "associated")];
    let item = |(range, state): &(&str, &str)| {
        format!(
            "<item><cidrBlock>{range}</cidrBlock><cidrBlockState><state>{state}</state></cidrBlockState></item>"
        )
    };
    let items: String = first.iter().chain(states).map(item).collect();
    to("DescribeVpcs", move |body| {
        let (before, rest) = body.split_once("<cidrBlockAssociationSet>").unwrap();
        let (_, after) = rest.split_once("</cidrBlockAssociationSet>").unwrap();
        format!("{before}<cidrBlockAssociationSet>{items}</cidrBlockAssociationSet>{after}")
    })
}

fn allowing_the_vpc() -> Spec {
    Spec {
        access: Access::Make(vec![Source::Vpc]),
        ..spec("demo")
    }
}

#[tokio::test(start_paused = true)]
async fn only_ranges_that_are_associated_are_admitted() {
    let harness = Harness::new();
    let service = harness
        .rewritten(more_ranges(&[
            ("198.18.0.0/16", "associated"),
            ("198.19.0.0/16", "disassociated"),
            ("100.65.0.0/16", "failed"),
            ("100.66.0.0/16", "associating"),
            ("100.67.0.0/16", "lent"),
        ]))
        .await;
    let found = service.cloud().vpcs(&Vpcs::Default).await.unwrap();
    let told: Vec<String> = found[0].cidrs.iter().map(ToString::to_string).collect();
    assert_eq!(told, [VPC, "198.18.0.0/16"]);
    assert_eq!(found[0].unclear[0].1, "lent");
    let planned = service
        .plan(&allowing_the_vpc(), &CreateOptions::default())
        .await
        .unwrap();
    let planned = format!("{planned:?}");
    for (range, is_allowed) in [
        (VPC, true),
        ("198.18.0.0/16", true),
        ("198.19.0.0/16", false),
        ("100.65.0.0/16", false),
        ("100.66.0.0/16", false),
        ("100.67.0.0/16", false),
    ] {
        assert_eq!(planned.contains(range), is_allowed, "{range}: {planned}");
    }
    let warned = harness.warnings().join("\n");
    assert!(
        warned.contains("100.67.0.0/16") && warned.contains("lent"),
        "{warned}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_range_that_cannot_be_read_is_no_range_that_is_not_there() {
    let harness = Harness::new();
    let service = harness
        .rewritten(more_ranges(&[("10.0.0.0/99", "associated")]))
        .await;
    let refused = service.cloud().vpcs(&Vpcs::Default).await.unwrap_err();
    assert!(refused.message.contains("10.0.0.0/99"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn a_vpc_that_goes_takes_no_mount_target() {
    let harness = Harness::new();
    let service = harness
        .rewritten(to("DescribeVpcs", |body| {
            body.replace("<state>available</state>", "<state>deleting</state>")
        }))
        .await;
    let refused = service
        .create(&spec("demo"), &CreateOptions::default())
        .await;
    let refused = refused.unwrap_err().error;
    assert_eq!(refused.kind, Kind::Usage);
    assert!(
        refused.message.contains("is deleting"),
        "{}",
        refused.message
    );
    assert_eq!(harness.writes(), 0);
}

/// The first subnet of the answer gets something beside it, and is the largest of its zone.
fn first_subnet(with: &'static str) -> impl Fn(&str, String) -> String + Send + Sync {
    to("DescribeSubnets", move |body| {
        body.replacen("<subnetId>", &format!("{with}<subnetId>"), 1)
    })
}

#[tokio::test(start_paused = true)]
async fn a_subnet_on_an_outpost_is_left_out_and_refused_where_it_is_named() {
    let outpost = "<outpostArn>arn:aws:outposts:eu-west-1:111122223333:outpost/op-1</outpostArn>";
    for (with, why) in [
        (outpost, "Outpost"),
        (
            "<type>Elastic VMware Service</type>",
            "Elastic VMware Service",
        ),
    ] {
        let harness = Harness::new();
        let service = harness.rewritten(first_subnet(with)).await;
        let all = service.cloud().subnets(&Subnets::Default).await.unwrap();
        let spoilt = &all[0];
        let options = CreateOptions::default();
        let planned = format!("{:?}", service.plan(&spec("demo"), &options).await.unwrap());
        assert!(!planned.contains(spoilt.id.as_str()), "{planned}");
        let warned = harness.warnings().join("\n");
        assert!(
            warned.contains(spoilt.id.as_str()) && warned.contains(why),
            "{warned}"
        );
        let mut named = spec("demo");
        named.placement.subnets = vec![spoilt.id.clone()];
        let refused = service.create(&named, &options).await.unwrap_err().error;
        assert_eq!(refused.kind, Kind::Usage);
        assert!(
            refused.message.contains(why) && refused.hint.is_some(),
            "{}",
            refused.message
        );
        assert_eq!(harness.writes(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn zones_and_subnets_that_are_not_available_are_not_chosen() {
    for (operation, from, into, why) in [
        (
            "DescribeSubnets",
            "<state>available</state>",
            "<state>failed-insufficient-capacity</state>",
            "failed-insufficient-capacity",
        ),
        (
            "DescribeAvailabilityZones",
            "<zoneType>availability-zone</zoneType>",
            "<zoneType>orbital-zone</zoneType>",
            "orbital-zone",
        ),
    ] {
        let harness = Harness::new();
        let service = harness
            .rewritten(to(operation, move |body| body.replace(from, into)))
            .await;
        let mut zone = spec("demo");
        zone.placement.zones = vec!["eu-west-1a".parse().unwrap()];
        let refused = service.create(&zone, &CreateOptions::default()).await;
        let refused = refused.unwrap_err().error;
        assert_eq!(refused.kind, Kind::Usage, "{why}: {}", refused.message);
        assert!(refused.message.contains(why), "{}", refused.message);
        assert_eq!(harness.writes(), 0);
    }
}

/// AWS decides whether it can be done there, and what is there stays.
#[tokio::test(start_paused = true)]
async fn a_zone_that_is_impaired_is_used_with_a_warning_and_breaks_no_second_run() {
    let impaired = to("DescribeAvailabilityZones", |body: String| {
        body.replace(
            "<zoneState>available</zoneState>",
            "<zoneState>impaired</zoneState>",
        )
    });
    let harness = Harness::new();
    let service = harness.rewritten(impaired).await;
    let made = service
        .create(&spec("demo"), &CreateOptions::default())
        .await
        .unwrap();
    assert_eq!(made.deployment.mount_targets.len(), 3);
    let writes = harness.writes();
    let mut zone = spec("demo");
    zone.placement.zones = vec!["eu-west-1a".parse().unwrap()];
    service
        .create(&zone, &CreateOptions::default())
        .await
        .unwrap();
    assert_eq!(harness.writes(), writes);
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_cannot_be_read_makes_unknown_what_hangs_on_it() {
    let harness = Harness::new();
    let range: Source = "10.9.0.0/16".parse().unwrap();
    let wish = Spec {
        access: Access::Make(vec![range]),
        ..spec("demo")
    };
    harness.create(&wish).await.unwrap();
    let plain = harness.auditor().await;
    let report = plain
        .validate(&Scope::All, &asked(&["10.8.0.0/16"]))
        .await
        .unwrap();
    assert_eq!(verdict(&report, "nfs-from-clients").0, Verdict::Fail);
    assert_eq!(
        verdict(&report, "nfs-not-open-to-the-world").0,
        Verdict::Pass
    );
    let service = harness
        .rewritten(to("DescribeSecurityGroups", |body| {
            body.replace("10.9.0.0/16", "10.9.0.0/99")
        }))
        .await;
    let report = service
        .validate(&Scope::All, &asked(&["10.8.0.0/16"]))
        .await
        .unwrap();
    for check in [
        "nfs-from-clients",
        "nfs-admitted",
        "nfs-not-open-to-the-world",
    ] {
        let (verdict, told) = verdict(&report, check);
        assert_eq!(verdict, Verdict::Unknown, "{check}: {told}");
        assert!(told.contains("10.9.0.0/99"), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_acl_with_an_action_of_tomorrow_is_unknown() {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let service = harness
        .rewritten(to("DescribeNetworkAcls", |body| {
            body.replace(
                "<ruleAction>deny</ruleAction>",
                "<ruleAction>ask</ruleAction>",
            )
        }))
        .await;
    let report = service.validate(&Scope::All, &asked(&[])).await.unwrap();
    let (verdict, told) = verdict(&report, "network-acl-admits-nfs");
    assert_eq!(verdict, Verdict::Unknown, "{told}");
    assert!(told.contains("`ask`"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_group_of_another_account_is_read_with_its_account_and_peering() {
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let service = harness
        .rewritten(to("DescribeSecurityGroups", |body| {
            let (before, rest) = body.split_once("<groups><item>").unwrap();
            let (_, after) = rest.split_once("</item>").unwrap();
            let pair = "<userId>444455556666</userId><groupId>sg-0beef000000000001</groupId><vpcId>vpc-0beef000</vpcId>\
                        <vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><peeringStatus>deleted</peeringStatus>";
            format!("{before}<groups><item>{pair}</item>{after}")
        }))
        .await;
    let groups = service.cloud().all_security_groups().await.unwrap();
    let mut rules = groups.iter().flat_map(|group| &group.ingress);
    let distant = rules.find_map(|rule| match &rule.peer {
        Peer::Distant(distant) => Some(distant.clone()),
        _ => None,
    });
    let distant = distant.unwrap();
    assert_eq!(distant.account.as_deref(), Some("444455556666"));
    assert_eq!(distant.is_in_force(), Some(false));
}

/// An account can hide what its services operate: interfaces of mount targets may be among that.
#[tokio::test(start_paused = true)]
async fn interfaces_are_asked_for_with_those_of_services() {
    let harness = Harness::new();
    let asked_for = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = asked_for.clone();
    let service = harness
        .rewritten(move |asked, body| {
            if asked.contains("Action=DescribeNetworkInterfaces&") {
                heard.lock().unwrap().push(asked.to_owned());
            }
            body
        })
        .await;
    service
        .create(&spec("demo"), &CreateOptions::default())
        .await
        .unwrap();
    service.validate(&Scope::All, &asked(&[])).await.unwrap();
    let asked_for = asked_for.lock().unwrap();
    assert!(!asked_for.is_empty());
    for one in asked_for.iter() {
        assert!(one.contains("IncludeManagedResources=true"), "{one}");
    }
}

/// The group of `demo` with its rule turned into one for a group of another account.
fn for_others(peering: &'static str) -> impl Fn(&str, String) -> String + Send + Sync {
    to("DescribeSecurityGroups", move |body| {
        let (before, rest) = body.split_once("<groups><item>").unwrap();
        let (_, after) = rest.split_once("</item>").unwrap();
        let pair = format!(
            "<userId>444455556666</userId><groupId>sg-0beef000000000001</groupId><vpcId>vpc-0beef000</vpcId>\
             <vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><peeringStatus>{peering}</peeringStatus>"
        );
        format!("{before}<groups><item>{pair}</item>{after}")
    })
}

/// What cannot be looked up is not told as not existing.
#[tokio::test(start_paused = true)]
async fn clients_of_another_account_are_judged_as_far_as_they_can_be_seen() {
    use Verdict::{Fail, Unknown};
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    for (peering, client, wanted, words) in [
        (
            "active",
            "sg-0beef000000000001",
            Unknown,
            "sg-0beef000000000001 could not be read",
        ),
        ("deleted", "sg-0beef000000000001", Fail, "is not allowed"),
        ("suspended", "sg-0beef000000000001", Unknown, "suspended"),
        ("active", "sg-0beef000000000002", Fail, "is not allowed"),
        (
            "active",
            "vpc-0beef000000000001",
            Unknown,
            "belongs to another account",
        ),
        (
            "active",
            "subnet-0beef0000000001",
            Unknown,
            "belongs to another account",
        ),
        (
            "active",
            "i-0beef00000000000a",
            Unknown,
            "belongs to another account",
        ),
    ] {
        let service = harness.rewritten(for_others(peering)).await;
        let report = service
            .validate(&Scope::All, &asked(&[client]))
            .await
            .unwrap();
        let (verdict, told) = verdict(&report, "nfs-from-clients");
        assert_eq!(verdict, wanted, "{peering} {client}: {told}");
        assert!(told.contains(words), "{peering} {client}: {told}");
        let mut found = report.findings();
        let failed = found
            .find(|(_, one)| one.about.id == "nfs-from-clients")
            .unwrap();
        let remedy = format!("{:?}", failed.1.remedy);
        assert!(
            !remedy.contains("UserIdGroupPairs"),
            "no rule without the account: {remedy}"
        );
    }
    // Where there is nobody else it is mistyped.
    let alone = harness.auditor().await;
    for client in [
        "sg-0beef000000000001",
        "vpc-0beef000000000001",
        "subnet-0beef0000000001",
    ] {
        let refused = alone
            .validate(&Scope::All, &asked(&[client]))
            .await
            .unwrap_err();
        assert_eq!(refused.kind, Kind::NotFound, "{client}");
    }
}

#[tokio::test(start_paused = true)]
async fn more_groups_than_usual_are_for_efs_to_refuse() {
    let harness = Harness::new();
    let service = harness.rewritten(|_, body| body).await;
    let groups = (0..6).map(|n| format!("sg-0000000000000000{n}").parse().unwrap());
    let mut wish = spec("demo");
    wish.access = Access::Groups(groups.collect());
    let refused = service.plan(&wish, &CreateOptions::default()).await;
    assert_eq!(
        refused.unwrap_err().kind,
        Kind::NotFound,
        "looked up, not counted"
    );
}
