//! What people live in besides plain networks: states beside values, zones of other kinds, peerings, other accounts.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::efs::CreateMountTarget;
use efsctl_sandbox::world::scenario::parse;

use super::ec2_support::*;

const LIVED_IN: &str = r#"
[[region]]
name = "us-east-1"
default_vpc = false

[[region.zone]]
name = "us-east-1-bos-1a"
type = "local-zone"
parent = "us-east-1a"

[[region.zone]]
name = "us-east-1-wl1-bos-wlz-1"
type = "wavelength-zone"
opt_in = "not-opted-in"

[[region.zone]]
name = "us-east-1b"
state = "impaired"

[[region.vpc]]
id = "vpc-0a000000000000001"
name = "main"
cidr = "10.0.0.0/16"
ranges = ["100.64.0.0/16", "198.19.0.0/16 disassociated", "100.65.0.0/16 failed"]
ipv6_ranges = ["2001:db8:1::/56", "2001:db8:2::/56 disassociating"]
encryption_control = { mode = "enforce", elastic_file_system = "enabled" }
routes = ["10.1.0.0/16 pcx-0a000000000000001 blackhole", "10.2.0.0/16 tgw-0a000000000000001 filtered"]

[[region.vpc.subnet]]
id = "subnet-0a00000000000000a"
zone = "us-east-1a"
cidr = "10.0.1.0/24"
ipv6_cidr = "2001:db8:1::/64 disassociated"

[[region.vpc.subnet]]
id = "subnet-0a00000000000000b"
zone = "us-east-1b"
cidr = "100.64.1.0/24"
state = "failed-insufficient-capacity"
type = "Elastic VMware Service VLAN Subnet"

[[region.vpc.subnet]]
id = "subnet-0a00000000000000c"
zone = "us-east-1-bos-1a"
cidr = "10.0.3.0/24"

[[region.vpc.subnet]]
id = "subnet-0a00000000000000d"
zone = "us-east-1a"
cidr = "10.0.4.0/24"
outpost = "arn:aws:outposts:us-east-1:111122223333:outpost/op-0a000000000000001"
customer_owned_ip = true

[[region.vpc.security_group]]
name = "nfs"
ingress = [
  "tcp 2049 from 999988887777/sg-0beef000000000001 over pcx-0a000000000000001",
  "tcp 2049 from 999988887777/sg-0beef000000000002 over pcx-0a000000000000002 deleted",
]

[[region.vpc]]
id = "vpc-0a000000000000002"
cidr = "10.9.0.0/16"
owner = "444455556666"
state = "deleting"

[[region.vpc.subnet]]
id = "subnet-0a00000000000000e"
zone = "us-east-1a"
cidr = "10.9.1.0/24"

[[region.peering]]
id = "pcx-0a000000000000001"
vpc = "main"
peer_vpc = "vpc-0beef000000000001"
peer_owner = "999988887777"
peer_region = "eu-west-1"
peer_ranges = ["10.1.0.0/16", "10.5.0.0/16"]

[[region.peering]]
id = "pcx-0a000000000000003"
vpc = "main"
peer_vpc = "vpc-0beef000000000003"
peer_owner = "999988887777"
status = "pending-acceptance"
peer_ranges = ["10.8.0.0/16"]

[[region.file_system]]
id = "fs-0a000000000000001"
name = "data"
"#;

fn lived_in() -> World {
    parse(LIVED_IN, NOW).unwrap_or_else(|error| panic!("{error}"))
}

/// The items of the answer to a Describe call.
fn told(action: &str) -> String {
    let mut world = lived_in();
    let region = world.region("us-east-1", NOW).unwrap();
    let (status, xml) = call(region, &format!("Action={action}&Version=2016-11-15"));
    assert_eq!(status, 200, "{xml}");
    xml
}

#[test]
fn each_range_of_a_vpc_has_its_own_state() {
    let xml = told("DescribeVpcs&VpcId.1=vpc-0a000000000000001");
    for (range, state) in [
        ("10.0.0.0/16", "associated"),
        ("100.64.0.0/16", "associated"),
        ("198.19.0.0/16", "disassociated"),
        ("100.65.0.0/16", "failed"),
        ("2001:db8:1::/56", "associated"),
        ("2001:db8:2::/56", "disassociating"),
    ] {
        let (_, after) = xml
            .rsplit_once(&format!("CidrBlock>{range}<"))
            .or_else(|| xml.rsplit_once(&format!("cidrBlock>{range}<")))
            .unwrap();
        assert_eq!(inner(after, "state"), state, "{range}");
    }
    let ids: std::collections::BTreeSet<_> = xml
        .split("<associationId>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect();
    assert_eq!(ids.len(), 6, "{ids:?}");
    assert!(
        ids.iter()
            .all(|id| id.len() == "vpc-cidr-assoc-".len() + 17),
        "{ids:?}"
    );
}

#[test]
fn a_filter_finds_a_vpc_by_any_of_its_ranges_and_states() {
    for (name, value) in [
        ("cidr-block-association.cidr-block", "198.19.0.0/16"),
        ("cidr-block-association.state", "failed"),
        ("ipv6-cidr-block-association.state", "disassociating"),
        ("state", "available"),
    ] {
        let xml = told(&format!(
            "DescribeVpcs&Filter.1.Name={name}&Filter.1.Value.1={value}"
        ));
        assert_eq!(inner(&xml, "vpcId"), "vpc-0a000000000000001", "{name}");
        assert!(!xml.contains("vpc-0a000000000000002"), "{name}");
    }
}

#[test]
fn a_vpc_says_its_state_its_owner_and_its_encryption_control() {
    let other = told("DescribeVpcs&VpcId.1=vpc-0a000000000000002");
    assert_eq!(
        (inner(&other, "state"), inner(&other, "ownerId")),
        ("deleting", "444455556666")
    );
    assert!(!other.contains("encryptionControl"));
    let xml = told("DescribeVpcs&VpcId.1=vpc-0a000000000000001");
    let control = inner(&xml, "encryptionControl");
    assert_eq!(
        (inner(control, "mode"), inner(control, "state")),
        ("enforce", "available")
    );
    assert_eq!(
        inner(inner(control, "elasticFileSystem"), "state"),
        "enabled"
    );
}

#[test]
fn a_subnet_says_what_voids_it() {
    let of = |id: &str| told(&format!("DescribeSubnets&SubnetId.1={id}"));
    let plain = of("subnet-0a00000000000000a");
    assert_eq!(
        inner(inner(&plain, "ipv6CidrBlockState"), "state"),
        "disassociated"
    );
    assert!(!plain.contains("outpostArn") && !plain.contains("<type>"));
    let failed = of("subnet-0a00000000000000b");
    assert_eq!(inner(&failed, "state"), "failed-insufficient-capacity");
    assert_eq!(inner(&failed, "type"), "Elastic VMware Service VLAN Subnet");
    let local = of("subnet-0a00000000000000c");
    assert_eq!(inner(&local, "availabilityZoneId"), "use1-bos1-az1");
    let outpost = of("subnet-0a00000000000000d");
    assert!(inner(&outpost, "outpostArn").ends_with("outpost/op-0a000000000000001"));
    assert_eq!(inner(&outpost, "mapCustomerOwnedIpOnLaunch"), "true");
    let shared = of("subnet-0a00000000000000e");
    assert_eq!(inner(&shared, "ownerId"), "444455556666");
    assert!(inner(&shared, "subnetArn").contains(":444455556666:subnet/"));
}

#[test]
fn mount_targets_are_refused_on_outposts_in_local_zones_and_without_ipv6() {
    let mut world = lived_in();
    let region = world.region("us-east-1", NOW).unwrap();
    let mut make = |subnet: &str, kind: &str| {
        let made = region.create_mount_target(CreateMountTarget {
            file_system_id: "fs-0a000000000000001".to_owned(),
            subnet_id: subnet.to_owned(),
            ip_address_type: Some(kind.to_owned()),
            ..CreateMountTarget::default()
        });
        made.map(|_| ()).map_err(|error| (error.code, error.status))
    };
    let unsupported = Err(("UnsupportedAvailabilityZone", 400));
    assert_eq!(make("subnet-0a00000000000000c", "IPV4_ONLY"), unsupported);
    assert_eq!(make("subnet-0a00000000000000d", "IPV4_ONLY"), unsupported);
    // Its range is not its own any more.
    assert_eq!(
        make("subnet-0a00000000000000a", "DUAL_STACK"),
        Err(("BadRequest", 400))
    );
    assert_eq!(make("subnet-0a00000000000000a", "IPV4_ONLY"), Ok(()));
}

#[test]
fn zones_have_their_kinds_and_those_not_opted_in_to_are_shown_on_demand() {
    let usual = told("DescribeAvailabilityZones");
    assert!(!usual.contains("wlz"), "{usual}");
    let local =
        told("DescribeAvailabilityZones&Filter.1.Name=zone-type&Filter.1.Value.1=local-zone");
    assert_eq!(inner(&local, "zoneName"), "us-east-1-bos-1a");
    assert_eq!(
        (inner(&local, "optInStatus"), inner(&local, "groupName")),
        ("opted-in", "us-east-1-bos-1")
    );
    assert_eq!(
        (
            inner(&local, "parentZoneName"),
            inner(&local, "parentZoneId")
        ),
        ("us-east-1a", "use1-az1")
    );
    let impaired = told("DescribeAvailabilityZones&ZoneName.1=us-east-1b");
    assert_eq!(
        (inner(&impaired, "zoneState"), inner(&impaired, "zoneType")),
        ("impaired", "availability-zone")
    );
    assert_eq!(inner(&impaired, "groupLongName"), "US East (N. Virginia) 1");
    let all = told("DescribeAvailabilityZones&AllAvailabilityZones=true");
    assert!(all.contains("<zoneType>wavelength-zone</zoneType>"));
}

#[test]
fn peerings_are_described_with_their_status_and_the_far_ranges_while_they_are_active() {
    let xml =
        told("DescribeVpcPeeringConnections&Filter.1.Name=status-code&Filter.1.Value.1=active");
    let far = inner(&xml, "accepterVpcInfo");
    assert_eq!(
        (inner(far, "ownerId"), inner(far, "region")),
        ("999988887777", "eu-west-1")
    );
    assert_eq!(far.matches("10.5.0.0/16").count(), 1);
    let near = inner(&xml, "requesterVpcInfo");
    assert!(
        near.contains("100.64.0.0/16") && !near.contains("198.19.0.0/16"),
        "{near}"
    );
    let pending =
        told("DescribeVpcPeeringConnections&VpcPeeringConnectionId.1=pcx-0a000000000000003");
    assert_eq!(
        inner(inner(&pending, "status"), "code"),
        "pending-acceptance"
    );
    assert!(!pending.contains("10.8.0.0/16"));
}

#[test]
fn a_rule_names_a_group_of_another_account_with_the_peering_between() {
    let xml = told("DescribeSecurityGroups&Filter.1.Name=group-name&Filter.1.Value.1=nfs");
    let groups = inner(&xml, "groups");
    assert_eq!(groups.matches("<userId>999988887777</userId>").count(), 2);
    assert_eq!(
        (inner(groups, "vpcId"), inner(groups, "peeringStatus")),
        ("vpc-0beef000000000001", "active")
    );
    let gone = groups.rsplit("<item>").next().unwrap();
    assert_eq!(inner(gone, "peeringStatus"), "deleted");
    let rules = told("DescribeSecurityGroupRules");
    assert!(
        rules.contains("<vpcPeeringConnectionId>pcx-0a000000000000001</vpcPeeringConnectionId>")
    );
}

#[test]
fn a_group_of_another_account_is_accepted_over_an_active_peering_only() {
    let mut world = lived_in();
    let region = world.region("us-east-1", NOW).unwrap();
    let nfs = region
        .security_groups
        .values()
        .find(|group| group.name == "nfs")
        .unwrap()
        .id
        .clone();
    let form = |account: &str| {
        format!(
            "Action=AuthorizeSecurityGroupIngress&GroupId={nfs}&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=2049\
         &IpPermissions.1.ToPort=2049&IpPermissions.1.Groups.1.GroupId=sg-0beef000000000009&IpPermissions.1.Groups.1.UserId={account}"
        )
    };
    let (status, xml) = call(region, &form("999988887777"));
    assert_eq!(status, 200, "{xml}");
    assert_eq!(
        inner(&xml, "vpcPeeringConnectionId"),
        "pcx-0a000000000000001"
    );
    let (status, xml) = call(region, &form("444455556666"));
    assert_eq!(
        (status, inner(&xml, "Code")),
        (400, "InvalidGroup.NotFound")
    );
}

#[test]
fn routes_say_whether_they_lead_anywhere() {
    let xml =
        told("DescribeRouteTables&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-0a000000000000001");
    for (range, state) in [
        ("10.1.0.0/16", "blackhole"),
        ("10.2.0.0/16", "filtered"),
        ("100.64.0.0/16", "active"),
    ] {
        let (_, after) = xml.split_once(range).unwrap();
        assert_eq!(inner(after, "state"), state, "{range}");
    }
    assert!(
        !xml.contains("198.19.0.0/16"),
        "no route for a range that is not its own"
    );
}

#[test]
fn a_vpc_with_an_ipv6_range_lets_ipv6_through_its_default_acl() {
    for (vpc, entries) in [("vpc-0a000000000000001", 4), ("vpc-0a000000000000002", 0)] {
        let form = format!("DescribeNetworkAcls&Filter.1.Name=vpc-id&Filter.1.Value.1={vpc}");
        let xml = told(&form);
        assert_eq!(
            xml.matches("<ipv6CidrBlock>::/0<").count(),
            entries,
            "{vpc}"
        );
    }
}
