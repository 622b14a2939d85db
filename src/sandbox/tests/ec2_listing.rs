//! What all Describe calls share: ids, filters, pages, dry runs.

use efsctl_sandbox::world::ec2::vpcs::{CreateVpc, VpcAttribute};
use efsctl_sandbox::world::ec2::{Describe, Filter};

use super::ec2_support::*;

#[test]
fn ids_are_told_apart_as_malformed_unknown_and_missing() {
    let mut world = world();
    let region = region(&mut world);
    let unknown = |prefix: &str| by_id(&format!("{prefix}-00000000000000000"));
    let bad = by_id("rubbish");
    let vpcs = |input: &Describe| code(region.describe_vpcs(input));
    assert_eq!(vpcs(&unknown("vpc")), "InvalidVpcID.NotFound");
    assert_eq!(vpcs(&bad), "InvalidVpcID.Malformed");
    assert_eq!(vpcs(&by_id("vpc-XYZ")), "InvalidVpcID.Malformed");
    assert_eq!(
        code(region.describe_subnets(&unknown("subnet"))),
        "InvalidSubnetID.NotFound"
    );
    assert_eq!(
        code(region.describe_subnets(&bad)),
        "InvalidSubnetID.Malformed"
    );
    let groups = |input: &Describe| code(region.describe_security_groups(input, &[]));
    assert_eq!(groups(&unknown("sg")), "InvalidGroup.NotFound");
    assert_eq!(groups(&bad), "InvalidGroupId.Malformed");
    let interfaces = |input: &Describe| code(region.describe_network_interfaces(input));
    assert_eq!(
        interfaces(&unknown("eni")),
        "InvalidNetworkInterfaceID.NotFound"
    );
    assert_eq!(interfaces(&bad), "InvalidNetworkInterfaceId.Malformed");
    let attribute = |id| code(region.describe_vpc_attribute(id, VpcAttribute::DnsSupport, false));
    assert_eq!(attribute(None), "MissingParameter");
    assert_eq!(attribute(Some("vpc-00000000")), "InvalidVpcID.NotFound");
    let two = Describe {
        ids: vec!["vpc-00000000".to_owned(), "vpc-00000001".to_owned()],
        ..Describe::default()
    };
    assert_eq!(
        message(region.describe_vpcs(&two)),
        "The vpc IDs 'vpc-00000000, vpc-00000001' do not exist"
    );
}

#[test]
fn filters_are_all_met_by_any_of_their_values() {
    let mut world = world();
    let region = region(&mut world);
    let a = subnet(region, "eu-west-1a");
    tag(region, &[&a], "Name", "web-1").unwrap();
    let found = |filters: Vec<Filter>| {
        let input = Describe {
            filters,
            ..Describe::default()
        };
        region.describe_subnets(&input).map(|page| page.items.len())
    };
    let zones = Filter {
        name: "availability-zone".to_owned(),
        values: vec!["eu-west-1a".to_owned(), "eu-west-1b".to_owned()],
    };
    assert_eq!(found(vec![zones.clone()]), Ok(2));
    assert_eq!(found(vec![zones, Filter::new("tag:Name", "web-*")]), Ok(1));
    assert_eq!(found(vec![Filter::new("tag-key", "N?me")]), Ok(1));
    assert_eq!(found(vec![Filter::new("tag:Name", "WEB-1")]), Ok(0));
    assert_eq!(found(vec![Filter::new("cidr", "172.31.16.0/20")]), Ok(1));
    assert_eq!(
        code(found(vec![Filter::new("colour", "red")])),
        "InvalidParameterValue"
    );
}

#[test]
fn pages_follow_each_other_until_there_is_no_token() {
    let mut world = world();
    let region = region(&mut world);
    for number in 0..12 {
        group(region, &format!("group-{number}"));
    }
    let mut input = Describe {
        max_results: Some(5),
        ..Describe::default()
    };
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let page = region.describe_security_groups(&input, &[]).unwrap();
        seen.extend(page.items.into_iter().map(|group| group.id));
        pages += 1;
        match page.next_token {
            Some(token) => input.next_token = Some(token),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (3, 13));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 13, "no group is on two pages");

    let sized = |size| Describe {
        max_results: Some(size),
        ..Describe::default()
    };
    for size in [4, 1_001, 0, -1] {
        assert_eq!(
            code(region.describe_vpcs(&sized(size))),
            "InvalidParameterValue",
            "{size}"
        );
    }
    let both = Describe {
        ids: vec![default_vpc(region)],
        ..sized(5)
    };
    assert_eq!(
        code(region.describe_vpcs(&both)),
        "InvalidParameterCombination"
    );
    let made_up = Describe {
        next_token: Some("made-up".to_owned()),
        ..Describe::default()
    };
    assert_eq!(code(region.describe_vpcs(&made_up)), "InvalidNextToken");
}

#[test]
fn a_dry_run_checks_everything_and_changes_nothing() {
    let mut world = world();
    let region = region(&mut world);
    let dry = |cidr: &str| CreateVpc {
        cidr_block: Some(cidr.to_owned()),
        dry_run: true,
        ..CreateVpc::default()
    };
    let refused = region.create_vpc(&dry("10.0.0.0/16")).unwrap_err();
    assert_eq!((refused.code, refused.status), ("DryRunOperation", 412));
    assert_eq!(
        refused.message,
        "Request would have succeeded, but DryRun flag is set."
    );
    assert_eq!(
        code(region.create_vpc(&dry("10.0.0.0/8"))),
        "InvalidVpc.Range"
    );
    assert_eq!(region.vpcs.len(), 1);
    let describe = Describe {
        dry_run: true,
        ..Describe::default()
    };
    assert_eq!(code(region.describe_subnets(&describe)), "DryRunOperation");
}
