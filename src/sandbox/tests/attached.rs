//! What hangs on a network besides mount targets: instances with several interfaces, endpoints, IPv6; keys and preferences.

use efsctl_sandbox::world::World;
use efsctl_sandbox::world::efs::{CreateFileSystem, DescribeMountTargets};
use efsctl_sandbox::world::scenario::parse;
use serde_json::json;

use super::ec2_support::*;
use super::efs_support::Account;

const ATTACHED: &str = r#"
[[region]]
name = "eu-west-1"
default_vpc = false
kms_keys = { "11111111-2222-3333-4444-555555555555" = "disabled", "alias/gone" = "not-found" }
[[region.vpc]]
id = "vpc-0a000000000000001"
cidr = "10.0.0.0/16"
dns_hostnames = true
[[region.vpc.subnet]]
id = "subnet-0a00000000000000a"
name = "a"
zone = "eu-west-1a"
cidr = "10.0.1.0/24"
ipv6_cidr = "2001:db8::/64"
[[region.vpc.subnet]]
name = "b"
zone = "eu-west-1b"
cidr = "10.0.2.0/24"
[[region.vpc.subnet]]
name = "six"
zone = "eu-west-1c"
ipv6_cidr = "2001:db8:1::/64"
[[region.vpc.security_group]]
id = "sg-0a000000000000001"
name = "clients"
[[region.vpc.endpoint]]
id = "vpce-0a000000000000001"
name = "files"
service = "com.amazonaws.eu-west-1.elasticfilesystem"
subnets = ["a", "b"]
security_groups = ["clients"]
[[region.file_system]]
id = "fs-0a000000000000001"
[[region.file_system.mount_target]]
subnet = "a"
ipv6 = "2001:db8::20"
[[region.file_system.mount_target]]
subnet = "six"
[[region.instance]]
id = "i-0a000000000000001"
name = "web"
subnet = "a"
security_groups = ["clients"]
[[region.instance.interface]]
subnet = "b"
ip = "10.0.2.9"
[[region.instance]]
id = "i-0a000000000000002"
state = "stopped"
type = "m7g.large"
subnet = "b"
"#;

fn attached() -> World {
    parse(ATTACHED, NOW).unwrap_or_else(|error| panic!("{error}"))
}

fn told(form: &str) -> (u16, String) {
    let mut world = attached();
    call(region(&mut world), form)
}

#[test]
fn an_instance_shows_all_its_interfaces_in_their_order() {
    let (_, xml) = told("Action=DescribeInstances&InstanceId.1=i-0a000000000000001");
    let interfaces = inner(&xml, "networkInterfaceSet");
    let places: Vec<_> = interfaces
        .split("<deviceIndex>")
        .skip(1)
        .map(|rest| &rest[..1])
        .collect();
    assert_eq!(places, ["0", "1"]);
    assert!(
        interfaces
            .rsplit("<networkInterfaceId>")
            .next()
            .unwrap()
            .contains("10.0.2.9")
    );
    assert_eq!(
        (inner(&xml, "subnetId"), inner(&xml, "name")),
        ("subnet-0a00000000000000a", "running")
    );
    assert!(xml.contains("<key>Name</key><value>web</value>"));
    for (filter, value, found) in [
        ("instance-state-name", "stopped", "i-0a000000000000002"),
        ("instance-type", "m7g.*", "i-0a000000000000002"),
        ("tag:Name", "web", "i-0a000000000000001"),
        (
            "instance.group-id",
            "sg-0a000000000000001",
            "i-0a000000000000001",
        ),
        ("private-ip-address", "10.0.1.*", "i-0a000000000000001"),
    ] {
        let (_, xml) = told(&format!(
            "Action=DescribeInstances&Filter.1.Name={filter}&Filter.1.Value.1={value}"
        ));
        assert_eq!(inner(&xml, "instanceId"), found, "{filter}");
        assert_eq!(xml.matches("<instanceId>").count(), 1, "{filter}");
    }
    let (status, xml) = told("Action=DescribeInstances&InstanceId.1=i-01234567");
    assert_eq!(
        (status, inner(&xml, "Code")),
        (400, "InvalidInstanceID.NotFound")
    );
}

#[test]
fn instances_of_an_old_state_file_are_their_interfaces() {
    let mut world = attached();
    region(&mut world).instances.clear();
    let (_, xml) = call(region(&mut world), "Action=DescribeInstances");
    assert_eq!(xml.matches("<instancesSet>").count(), 2);
}

#[test]
fn an_interface_endpoint_has_interfaces_groups_and_the_name_of_its_service() {
    let (_, xml) = told(
        "Action=DescribeVpcEndpoints&Filter.1.Name=service-name&Filter.1.Value.1=*.elasticfilesystem",
    );
    assert_eq!(inner(&xml, "vpcEndpointId"), "vpce-0a000000000000001");
    assert_eq!(
        (
            inner(&xml, "vpcEndpointType"),
            inner(&xml, "privateDnsEnabled")
        ),
        ("Interface", "true")
    );
    assert_eq!(
        inner(&xml, "networkInterfaceIdSet")
            .matches("<item>eni-")
            .count(),
        2
    );
    let (_, interfaces) = told(
        "Action=DescribeNetworkInterfaces&Filter.1.Name=interface-type&Filter.1.Value.1=vpc_endpoint",
    );
    assert_eq!(
        interfaces
            .matches("VPC Endpoint Interface vpce-0a000000000000001")
            .count(),
        2
    );
}

#[test]
fn endpoints_are_created_once_for_a_name_and_deleted_with_their_interfaces() {
    let mut world = attached();
    let region = region(&mut world);
    let before = region.network_interfaces.len();
    let form = |service: &str, more: &str| {
        format!(
            "Action=CreateVpcEndpoint&VpcEndpointType=Interface&VpcId=vpc-0a000000000000001&SubnetId.1=subnet-0a00000000000000a&ServiceName=com.amazonaws.eu-west-1.{service}{more}"
        )
    };
    let (status, xml) = call(region, &form("elasticfilesystem", ""));
    assert_eq!((status, inner(&xml, "Code")), (400, "InvalidParameter"));
    assert!(inner(&xml, "Message").contains("conflicting DNS domain"));
    let (status, xml) = call(
        region,
        &form("elasticfilesystem", "&PrivateDnsEnabled=false"),
    );
    assert_eq!(status, 200, "{xml}");
    let (_, xml) = call(region, &form("elasticfilesystem-fips", ""));
    let id = inner(&xml, "vpcEndpointId").to_owned();
    assert_eq!(region.network_interfaces.len(), before + 2);
    let (_, xml) = call(
        region,
        &format!("Action=DeleteVpcEndpoints&VpcEndpointId.1={id}&VpcEndpointId.2=vpce-01234567"),
    );
    assert_eq!(inner(&xml, "resourceId"), "vpce-01234567");
    assert_eq!(region.network_interfaces.len(), before + 1);
    for (form, code) in [
        (
            "Action=CreateVpcEndpoint&VpcId=vpc-0a000000000000001",
            "MissingParameter",
        ),
        (
            "Action=CreateVpcEndpoint&VpcId=vpc-0a000000000000001&ServiceName=com.amazonaws.eu-west-2.s3",
            "InvalidServiceName",
        ),
        (
            "Action=DeleteVpcEndpoints&VpcEndpointId.1=x",
            "InvalidVpcEndpointId.Malformed",
        ),
        (
            "Action=DeleteVpc&VpcId=vpc-0a000000000000001",
            "DependencyViolation",
        ),
    ] {
        assert_eq!(inner(&call(region, form).1, "Code"), code, "{form}");
    }
}

#[test]
fn mount_targets_are_described_with_addresses_of_either_family() {
    let mut world = attached();
    let of = DescribeMountTargets {
        file_system_id: Some("fs-0a000000000000001".to_owned()),
        ..DescribeMountTargets::default()
    };
    let targets = region(&mut world)
        .describe_mount_targets(&of)
        .unwrap()
        .items;
    let both = targets
        .iter()
        .find(|target| target.availability_zone_name.as_deref() == Some("eu-west-1a"))
        .unwrap();
    assert_eq!(
        (both.ip_address.is_some(), both.ipv6_address.as_deref()),
        (true, Some("2001:db8::20"))
    );
    let six = targets
        .iter()
        .find(|target| target.availability_zone_name.as_deref() == Some("eu-west-1c"))
        .unwrap();
    assert_eq!(
        (six.ip_address.is_none(), six.ipv6_address.is_some()),
        (true, true)
    );
}

#[test]
fn a_key_that_cannot_be_used_makes_no_file_system() {
    let mut world = attached();
    for (key, error) in [
        (
            "11111111-2222-3333-4444-555555555555",
            Some("[error=DisabledException]"),
        ),
        (
            "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555",
            Some("[error=DisabledException]"),
        ),
        ("alias/gone", Some("[error=NotFoundException]")),
        ("11111111-2222-3333-4444-666666666666", None),
    ] {
        let made = region(&mut world).create_file_system(CreateFileSystem {
            creation_token: "t".to_owned(),
            encrypted: Some(true),
            kms_key_id: Some(key.to_owned()),
            ..CreateFileSystem::default()
        });
        let told = made.err().map(|refused| refused.message);
        assert_eq!(told.is_some(), error.is_some(), "{key}");
        assert!(
            told.unwrap_or_default()
                .ends_with(error.unwrap_or_default()),
            "{key}"
        );
    }
    let typo = ATTACHED.replace("\"disabled\"", "\"off\"");
    assert!(
        parse(&typo, NOW)
            .unwrap_err()
            .to_string()
            .contains("`off` is not disabled")
    );
}

#[test]
fn ids_are_long_and_stay_so() {
    let mut account = Account::new();
    let long = json!({"ResourceIdPreference": {"ResourceIdType": "LONG_ID", "Resources": ["FILE_SYSTEM", "MOUNT_TARGET"]}});
    assert_eq!(account.call("GET", "account-preferences", "").body, long);
    assert_eq!(
        account
            .call(
                "PUT",
                "account-preferences",
                r#"{"ResourceIdType":"LONG_ID"}"#
            )
            .body,
        long
    );
    let short = account.call(
        "PUT",
        "account-preferences",
        r#"{"ResourceIdType":"SHORT_ID"}"#,
    );
    assert_eq!(
        (short.status, short.header("x-amzn-errortype")),
        (400, Some("BadRequest"))
    );
}
