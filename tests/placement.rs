//! Where mount targets go: the same choice by `create` and by `validate --fix`.

use efsctl::audit::check::CheckInput;
use efsctl::audit::fix::fix_plan;
use efsctl::domain::finding::{Audited, Verdict};
use efsctl::domain::spec::Spec;
use efsctl::service::{Purpose, Scope, ValidateOptions};

use crate::support::harness::{self, Harness, spec};

/// Three zones of one VPC: a larger private subnet, a smaller one, and a public one that is the largest; a private one behind a
/// network ACL and a public one; a full private one and a public one.
const WORLD: &str = r#"
[[region]]
name = "eu-west-1"
default_vpc = false

[[region.vpc]]
id = "vpc-0000000000000000a"
cidr = "10.0.0.0/16"
dns_hostnames = true
subnet = [
  { id = "subnet-000000000000000a1", zone = "eu-west-1a", cidr = "10.0.1.0/24" },
  { id = "subnet-000000000000000a0", zone = "eu-west-1a", cidr = "10.0.6.0/26" },
  { id = "subnet-000000000000000a2", zone = "eu-west-1a", cidr = "10.0.16.0/20" },
  { id = "subnet-000000000000000b1", zone = "eu-west-1b", cidr = "10.0.2.0/24" },
  { id = "subnet-000000000000000b2", zone = "eu-west-1b", cidr = "10.0.3.0/24" },
  { id = "subnet-000000000000000c1", zone = "eu-west-1c", cidr = "10.0.4.0/28", available = 0 },
  { id = "subnet-000000000000000c2", zone = "eu-west-1c", cidr = "10.0.5.0/24" },
]
route_table = [
  { name = "public", subnets = ["subnet-000000000000000a2", "subnet-000000000000000b2", "subnet-000000000000000c2"], routes = ["0.0.0.0/0 igw-0000000000000000a"] },
]
network_acl = [
  { name = "strict", subnets = ["subnet-000000000000000b1"], ingress = ["100 allow tcp 443 from 0.0.0.0/0"], egress = ["100 allow all to 0.0.0.0/0"] },
]

[[region.file_system]]
id = "fs-0000000000000000b"
name = "bare"
"#;

/// The ends of the ids of the chosen subnets.
const CHOSEN: [&str; 3] = ["a1", "b2", "c2"];
/// Those where neither routes nor ACLs may be read: where most addresses are free.
const BY_ADDRESSES: [&str; 3] = ["a2", "b1", "c2"];

fn world(denied: &[&str]) -> String {
    format!("denied = {denied:?}\n{WORLD}")
}

fn asked(change: impl FnOnce(&mut Spec)) -> Spec {
    let mut asked = spec("demo");
    asked.placement.vpc = "vpc-0000000000000000a".parse().ok();
    change(&mut asked);
    asked
}

fn ends<'a>(subnets: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ends: Vec<&str> = subnets.into_iter().map(|id| &id[id.len() - 2..]).collect();
    ends.sort_unstable();
    ends
}

#[tokio::test(start_paused = true)]
async fn create_and_fix_choose_the_same_subnets() {
    for (denied, chosen) in [
        (&[][..], CHOSEN),
        (&["ec2:DescribeRouteTables"], ["a2", "b2", "c2"]),
        (&["ec2:DescribeNetworkAcls"], ["a1", "b1", "c2"]),
        (
            &["ec2:DescribeRouteTables", "ec2:DescribeNetworkAcls"],
            BY_ADDRESSES,
        ),
    ] {
        let harness = Harness::described(&world(denied));
        let created = harness.create(&asked(|_| ())).await.unwrap().deployment;
        let subnets = created.mount_targets.iter().map(|mt| mt.subnet_id.as_str());
        assert_eq!(ends(subnets), chosen, "{denied:?}");
        let notes: Vec<&&str> = denied.iter().filter(|right| harness.told(right)).collect();
        assert_eq!(notes.len(), denied.len(), "each is named");
        assert_eq!(harness.warnings(), [] as [String; 0]);
        let again = harness.create_as(&asked(|_| ()), "run2").await.unwrap();
        assert_eq!(again.changes, [], "{denied:?}");

        let harness = Harness::described(&world(denied));
        let mut options = ValidateOptions {
            purpose: Purpose::Fix,
            ..harness::asked(&[])
        };
        options.rules.vpc = "vpc-0000000000000000a".parse().ok();
        let mut plans = Vec::new();
        let mut on_audited = |input: &CheckInput<'_>, audited: Audited| {
            let failed = audited.findings.iter();
            let failed = failed.filter(|finding| finding.verdict == Verdict::Fail);
            plans.push(fix_plan(input, failed));
        };
        let auditor = harness.auditor().await;
        auditor
            .validate_each(&Scope::All, &options, &mut on_audited)
            .await
            .unwrap();
        let sites = plans[0]
            .placement
            .iter()
            .flat_map(|placement| &placement.zones);
        let sites = sites.map(|site| site.subnet.as_str());
        assert_eq!(ends(sites), chosen, "{denied:?}: {:?}", plans[0].notes);
    }
}

/// What is read for the choice is read only where there is one, and of named subnets the better one of a zone is taken too.
#[tokio::test(start_paused = true)]
async fn routes_and_acls_are_read_where_there_is_something_to_choose() {
    let named = |ends: &'static [&'static str]| {
        asked(move |spec| {
            spec.placement.vpc = None;
            let id = |end: &&str| format!("subnet-{end:0>17}").parse().unwrap();
            spec.placement.subnets = ends.iter().map(id).collect();
        })
    };
    for (asked, reads, chosen) in [
        (asked(|_| ()), 1, &CHOSEN[..]),
        (named(&["a2"]), 0, &["a2"]),
        (named(&["a1", "a2"]), 1, &["a1"]),
        (named(&["a1", "a2", "b1"]), 1, &["a1", "b1"]),
    ] {
        let harness = Harness::described(&world(&[]));
        let created = harness.create(&asked).await.unwrap().deployment;
        let subnets = created.mount_targets.iter().map(|mt| mt.subnet_id.as_str());
        assert_eq!(ends(subnets), chosen, "{:?}", asked.placement);
        let calls = harness.calls().counts;
        for operation in ["DescribeRouteTables", "DescribeNetworkAcls"] {
            let count = calls.get(operation).copied().unwrap_or(0);
            assert_eq!(count, reads, "{operation}: {:?}", asked.placement);
        }
    }
    // The default VPC has one default subnet a zone.
    let harness = Harness::new();
    harness.create(&spec("demo")).await.unwrap();
    let counts = harness.calls().counts;
    assert!(!counts.keys().any(|call| call.ends_with("RouteTables")));
    // Where only one behind a network ACL is left, it is used, and that is said.
    let harness = Harness::described(&world(&[]));
    let only = named(&["b1", "c2"]);
    harness.create(&only).await.unwrap();
    assert!(harness.told("subnet-000000000000000b1 in zone eu-west-1b blocks NFS from"));
}
