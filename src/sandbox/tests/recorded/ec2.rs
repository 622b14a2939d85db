//! EC2.

use super::{Row, differences};

macro_rules! rows {
    ($($seen:literal, $source:literal, $ask:expr, $answer:literal;)*) => {
        &[$(Row { seen: $seen, source: $source, ask: $ask, answer: $answer }),*]
    };
}

#[test]
fn networks_are_told_as_recorded() {
    let rows: &[Row] = rows! {
        "the interface of a mount target is of type efs, and in use", "placebo test_network_location_match_in",
        |lab| lab.ec2("Action=DescribeNetworkInterfaces&Filter.1.Name=private-ip-address&Filter.1.Value.1=10.0.1.20", &["interfaceType", "status", "sourceDestCheck", "requesterManaged"]), "200 efs in-use true true";
        "it is attached by a service", "placebo test_network_location_match_in",
        |lab| lab.ec2("Action=DescribeNetworkInterfaces&Filter.1.Name=private-ip-address&Filter.1.Value.1=10.0.1.20", &["deviceIndex", "instanceOwnerId", "deleteOnTermination", "instanceId"]), "200 1 amazon-aws false absent";
        "its description names file system and mount target", "placebo test_network_location_match_in",
        |lab| lab.ec2("Action=DescribeNetworkInterfaces&Filter.1.Name=private-ip-address&Filter.1.Value.1=10.0.1.20", &["description", "tagSet"]), "200 EFS mount target for fs-0a000000000000001 (fsmt-0a000000000000001) ";
        "it has a requester of twelve digits and a name", "placebo test_network_location_match_in",
        |lab| lab.ec2("Action=DescribeNetworkInterfaces&Filter.1.Name=private-ip-address&Filter.1.Value.1=10.0.1.20", &["requesterId", "privateDnsName"]), "200 111122223333 ip-10-0-1-20.eu-west-1.compute.internal";
        "a zone has its group, the long name of that, and a border group", "localstack test_ec2.snapshot",
        |lab| lab.ec2("Action=DescribeAvailabilityZones&ZoneName.1=eu-west-1a", &["groupName", "groupLongName", "networkBorderGroup", "optInStatus"]), "200 eu-west-1-zg-1 Europe (Ireland) 1 eu-west-1 opt-in-not-required";
        "a subnet says that public access is not blocked", "placebo test_subnet_delete",
        |lab| lab.ec2("Action=DescribeSubnets&SubnetId.1=subnet-0a00000000000000b", &["internetGatewayBlockMode"]), "200 off";
        "a new /24 is available with 251 addresses", "CLI transcripts",
        |lab| lab.ec2("Action=CreateSubnet&VpcId=vpc-0a000000000000001&CidrBlock=10.0.7.0/24", &["state", "availableIpAddressCount"]), "200 available 251";
        "the default ACL lets everything through and refuses the rest", "placebo test_network_acl_s3_missing",
        |lab| { let (_, xml) = lab.ec2_raw("Action=DescribeNetworkAcls&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-0a000000000000001"); format!("{} {}", xml.matches("<ruleNumber>100</ruleNumber>").count(), xml.matches("<ruleNumber>32767</ruleNumber>").count()) }, "2 2";
        "the default group has a description", "placebo test_transfer_server_sg_filter",
        |lab| lab.ec2("Action=DescribeSecurityGroups&Filter.1.Name=group-name&Filter.1.Value.1=default&Filter.2.Name=vpc-id&Filter.2.Value.1=vpc-0a000000000000001", &["groupDescription"]), "200 default VPC security group";
        "a group that is made has an ARN", "localstack test_ec2.snapshot",
        |lab| lab.ec2("Action=CreateSecurityGroup&GroupName=a&GroupDescription=b&VpcId=vpc-0a000000000000001", &["securityGroupArn"]).split("sg-").next().unwrap().to_owned(), "200 arn:aws:ec2:eu-west-1:111122223333:security-group/";
    };
    let differ = differences(rows);
    assert!(differ.is_empty(), "{}", differ.join("\n\n"));
}

#[test]
fn refusals_are_told_as_recorded() {
    const RULE: &str = "Action=AuthorizeSecurityGroupIngress&GroupId=sg-0a000000000000001&IpPermissions.1.IpProtocol=tcp\
                        &IpPermissions.1.FromPort=2049&IpPermissions.1.ToPort=2049";
    let rows: &[Row] = rows! {
        "a name that is taken", "a stub that quotes it",
        |lab| lab.ec2("Action=CreateSecurityGroup&GroupName=nfs&GroupDescription=b&VpcId=vpc-0a000000000000001", &["Code", "Message"]), "400 InvalidGroup.Duplicate The security group 'nfs' already exists for VPC 'vpc-0a000000000000001'";
        "a rule that is there", "placebo test_security_group_set_permissions",
        |lab| { let form = format!("{RULE}&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/16"); lab.ec2_raw(&form); lab.ec2(&form, &["Code", "Message"]) }, "400 InvalidPermission.Duplicate the specified rule \"peer: 10.0.0.0/16, TCP, from port: 2049, to port: 2049, ALLOW\" already exists";
        "a rule from a group that is there", "a workshop's log",
        |lab| { let form = format!("{RULE}&IpPermissions.1.Groups.1.GroupId=sg-0a000000000000001"); lab.ec2_raw(&form); lab.ec2(&form, &["Code", "Message"]) }, "400 InvalidPermission.Duplicate the specified rule \"peer: sg-0a000000000000001, TCP, from port: 2049, to port: 2049, ALLOW\" already exists";
        "a group that is not there", "placebo test_security_group_delete",
        |lab| lab.ec2("Action=DeleteSecurityGroup&GroupId=sg-01234567", &["Code", "Message"]), "400 InvalidGroup.NotFound The security group 'sg-01234567' does not exist";
        "an interface that is not there", "placebo test_network_interface_delete",
        |lab| lab.ec2("Action=DeleteNetworkInterface&NetworkInterfaceId=eni-01234567", &["Code", "Message"]), "400 InvalidNetworkInterfaceID.NotFound The networkInterface ID 'eni-01234567' does not exist";
        "a subnet that is not there", "placebo test_subnet_delete",
        |lab| lab.ec2("Action=DeleteSubnet&SubnetId=subnet-01234567", &["Code", "Message"]), "400 InvalidSubnetID.NotFound The subnet ID 'subnet-01234567' does not exist";
        "a group that is in use", "terraform-aws-modules/terraform-aws-eks#2048",
        |lab| lab.ec2("Action=DeleteSecurityGroup&GroupId=sg-0a000000000000001", &["Code", "Message"]), "400 DependencyViolation resource sg-0a000000000000001 has a dependent object";
        "a subnet that is in use", "placebo test_subnet_delete_with_dependencies",
        |lab| lab.ec2("Action=DeleteSubnet&SubnetId=subnet-0a00000000000000a", &["Code", "Message"]), "400 DependencyViolation The subnet 'subnet-0a00000000000000a' has dependencies and cannot be deleted.";
        "tags on nothing", "placebo test_asg_propagate_tag_no_instances",
        |lab| lab.ec2("Action=CreateTags&Tag.1.Key=a&Tag.1.Value=b", &["Code", "Message"]), "400 MissingParameter The request must contain the parameter resourceIdSet";
        "a rehearsal that would succeed", "CLI transcripts",
        |lab| lab.ec2("Action=DescribeVpcs&DryRun=true", &["Code", "Message"]), "412 DryRunOperation Request would have succeeded, but DryRun flag is set.";
    };
    let differ = differences(rows);
    assert!(differ.is_empty(), "{}", differ.join("\n\n"));
}
