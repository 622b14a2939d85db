//! VPCs, subnets, zones.

use efsctl_sandbox::world::ec2::Describe;
use efsctl_sandbox::world::ec2::subnets::CreateSubnet;
use efsctl_sandbox::world::ec2::vpcs::{CreateVpc, ModifyVpcAttribute, VpcAttribute};
use efsctl_sandbox::world::ec2::zones::DescribeRegions;
use efsctl_sandbox::world::{ApiError, Region};

use super::ec2_support::*;

fn vpc(region: &mut Region, cidr: &str) -> Result<String, ApiError> {
    let cidr_block = Some(cidr.to_owned());
    region
        .create_vpc(&CreateVpc {
            cidr_block,
            ..CreateVpc::default()
        })
        .map(|vpc| vpc.id)
}

fn new_subnet(region: &mut Region, vpc: &str, cidr: &str, zone: &str) -> Result<String, ApiError> {
    region
        .create_subnet(&CreateSubnet {
            vpc_id: Some(vpc.to_owned()),
            cidr_block: Some(cidr.to_owned()),
            availability_zone: Some(zone.to_owned()),
            ..CreateSubnet::default()
        })
        .map(|view| view.subnet.id)
}

#[test]
fn a_new_account_has_a_default_vpc_with_three_subnets() {
    let mut world = world();
    let region = region(&mut world);
    let page = region
        .describe_vpcs(&by_filter("is-default", "true"))
        .unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].cidr.to_string(), "172.31.0.0/16");
    let subnets = region
        .describe_subnets(&by_filter("default-for-az", "true"))
        .unwrap()
        .items;
    let mut zones: Vec<_> = subnets
        .iter()
        .map(|view| view.availability_zone_id.as_str())
        .collect();
    zones.sort_unstable();
    assert_eq!(zones, ["euw1-az1", "euw1-az2", "euw1-az3"]);
    assert!(
        subnets
            .iter()
            .all(|view| view.available_ip_address_count == 4_091)
    );
}

#[test]
fn regions_do_not_share_resources() {
    let mut world = world();
    let id = default_vpc(region(&mut world));
    let other = world.region("us-east-1", NOW).unwrap();
    assert_eq!(
        code(other.describe_vpcs(&by_id(&id))),
        "InvalidVpcID.NotFound"
    );
    assert_eq!(
        other
            .describe_vpcs(&Describe::default())
            .unwrap()
            .items
            .len(),
        1
    );
}

#[test]
fn a_new_vpc_resolves_names_but_gives_none_until_asked() {
    let mut world = world();
    let region = region(&mut world);
    let id = vpc(region, "10.1.2.3/16").unwrap();
    assert_eq!(
        region.vpcs[&id].cidr.to_string(),
        "10.1.0.0/16",
        "the range is made canonical"
    );
    let get = |region: &Region, attribute| {
        region
            .describe_vpc_attribute(Some(&id), attribute, false)
            .unwrap()
    };
    assert!(get(region, VpcAttribute::DnsSupport));
    assert!(!get(region, VpcAttribute::DnsHostnames));
    let vpc_id = Some(id.clone());
    region
        .modify_vpc_attribute(&ModifyVpcAttribute {
            vpc_id: vpc_id.clone(),
            enable_dns_hostnames: Some(true),
            enable_dns_support: None,
        })
        .unwrap();
    assert!(get(region, VpcAttribute::DnsHostnames));
    let both = ModifyVpcAttribute {
        vpc_id,
        enable_dns_hostnames: Some(false),
        enable_dns_support: Some(false),
    };
    assert_eq!(
        code(region.modify_vpc_attribute(&both)),
        "InvalidParameterCombination"
    );
    assert!(
        get(region, VpcAttribute::DnsSupport),
        "a refused call changes nothing"
    );
}

#[test]
fn a_new_vpc_comes_with_group_routes_and_acl_and_takes_them_along() {
    let mut world = world();
    let region = region(&mut world);
    let id = vpc(region, "10.1.0.0/16").unwrap();
    let of = by_filter("vpc-id", &id);
    let groups = region.describe_security_groups(&of, &[]).unwrap().items;
    assert_eq!(groups[0].name, "default");
    let tables = region.describe_route_tables(&of).unwrap().items;
    assert_eq!(
        tables[0].routes,
        [("10.1.0.0/16".to_owned(), "local".to_owned())]
    );
    assert!(region.describe_network_acls(&of).unwrap().items[0].is_default);
    let inside = new_subnet(region, &id, "10.1.1.0/24", "eu-west-1a").unwrap();
    assert_eq!(
        code(region.delete_vpc(Some(&id), false)),
        "DependencyViolation"
    );
    region.delete_subnet(Some(&inside), false).unwrap();
    region.delete_vpc(Some(&id), false).unwrap();
    assert!(
        region
            .describe_security_groups(&of, &[])
            .unwrap()
            .items
            .is_empty()
    );
    assert!(region.describe_network_acls(&of).unwrap().items.is_empty());
}

#[test]
fn subnets_lie_in_their_vpc_and_do_not_overlap() {
    let mut world = world();
    let region = region(&mut world);
    let id = vpc(region, "10.1.0.0/16").unwrap();
    new_subnet(region, &id, "10.1.1.0/24", "eu-west-1a").unwrap();
    for (cidr, expected) in [
        ("10.1.1.128/25", "InvalidSubnet.Conflict"),
        ("10.1.0.0/20", "InvalidSubnet.Conflict"),
        ("10.2.0.0/24", "InvalidSubnet.Range"),
        ("10.1.2.0/29", "InvalidSubnet.Range"),
        ("10.1.2.0", "InvalidParameterValue"),
        ("ten", "InvalidParameterValue"),
        ("10.1.2.0/28", "success"),
    ] {
        let made = new_subnet(region, &id, cidr, "eu-west-1a");
        assert_eq!(code(made), expected, "{cidr}");
    }
    let nowhere = new_subnet(region, &id, "10.1.3.0/24", "eu-west-1z");
    assert!(message(nowhere).contains("eu-west-1a, eu-west-1b, eu-west-1c"));
    for (cidr, expected) in [
        ("10.0.0.0/8", "InvalidVpc.Range"),
        ("10.0.0.0/29", "InvalidVpc.Range"),
    ] {
        assert_eq!(code(vpc(region, cidr)), expected, "{cidr}");
    }
}

#[test]
fn zones_and_regions_are_those_of_the_partition() {
    let mut world = world();
    let region = region(&mut world);
    let zones = region
        .describe_availability_zones(&by_filter("state", "available"), &[], false)
        .unwrap();
    assert_eq!(zones.len(), 3);
    assert_eq!(zones[1].id, "euw1-az2");
    let unknown = region.describe_availability_zones(&by_id("eu-west-1z"), &[], false);
    assert_eq!(code(unknown), "InvalidParameterValue");
    let regions = region.describe_regions(&DescribeRegions::default());
    let regions = regions.unwrap();
    assert!(regions.iter().any(|found| found.name == "us-east-1"));
    assert!(
        regions
            .iter()
            .all(|found| found.endpoint == format!("ec2.{}.amazonaws.com", found.name))
    );
    assert!(regions.iter().all(|found| !found.name.starts_with("cn-")));
}
