//! EC2 and STS on the wire: forms in, XML out.

use efsctl_sandbox::wire::{Request, ec2, sts};
use efsctl_sandbox::world::World;

use super::ec2_support::*;

#[test]
fn an_answer_has_the_operations_root_its_namespace_and_the_request_id() {
    let mut world = world();
    let (status, xml) = call(region(&mut world), "Action=DescribeVpcs&Version=2016-11-15");
    assert_eq!(status, 200);
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>request-1</requestId>"));
    assert_eq!(inner(&xml, "cidrBlock"), "172.31.0.0/16");
    assert!(xml.ends_with("</DescribeVpcsResponse>"));
}

#[test]
fn an_error_has_the_shape_of_ec2() {
    let mut world = world();
    let (status, xml) = call(
        region(&mut world),
        "Action=DescribeVpcs&VpcId.1=vpc-00000000000000000",
    );
    assert_eq!(status, 400);
    assert_eq!(
        xml,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>\
         <Code>InvalidVpcID.NotFound</Code>\
         <Message>The vpc ID &apos;vpc-00000000000000000&apos; does not exist</Message>\
         </Error></Errors><RequestID>request-1</RequestID></Response>"
    );
}

#[test]
fn unknown_and_missing_actions_are_refused() {
    let mut world = world();
    let region = region(&mut world);
    let (status, xml) = call(region, "Action=LaunchRocket");
    assert_eq!((status, inner(&xml, "Code")), (400, "InvalidAction"));
    assert_eq!(
        inner(&xml, "Message"),
        "The action LaunchRocket is not valid for this web service."
    );
    assert_eq!(inner(&call(region, "").1, "Code"), "MissingAction");
}

#[test]
fn a_dry_run_answers_with_412() {
    let mut world = world();
    let (status, xml) = call(region(&mut world), "Action=DescribeSubnets&DryRun=true");
    assert_eq!((status, inner(&xml, "Code")), (412, "DryRunOperation"));
}

#[test]
fn what_clients_send_comes_back_escaped() {
    let mut world = world();
    let region = region(&mut world);
    let id = default_vpc(region);
    let form =
        format!("Action=CreateTags&ResourceId.1={id}&Tag.1.Key=a%26b&Tag.1.Value=%3Cx%3E%01");
    assert_eq!(call(region, &form).0, 200);
    let (_, xml) = call(
        region,
        "Action=DescribeVpcs&Filter.1.Name=tag%3Aa%26b&Filter.1.Value.1=*",
    );
    assert_eq!(
        (inner(&xml, "key"), inner(&xml, "value")),
        ("a&amp;b", "&lt;x&gt;")
    );
}

#[test]
fn rules_that_differ_in_their_peer_are_one_permission() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let form = format!(
        "Action=AuthorizeSecurityGroupIngress&GroupId={id}&IpPermissions.1.IpProtocol=tcp\
         &IpPermissions.1.FromPort=2049&IpPermissions.1.ToPort=2049\
         &IpPermissions.1.IpRanges.1.CidrIp=10.1.0.0/16&IpPermissions.1.IpRanges.1.Description=one\
         &IpPermissions.1.IpRanges.2.CidrIp=10.2.0.0/16&IpPermissions.1.Groups.1.GroupId={id}\
         &IpPermissions.1.Ipv6Ranges.1.CidrIpv6=2001:db8::1/32"
    );
    let (status, xml) = call(region, &form);
    assert_eq!((status, inner(&xml, "return")), (200, "true"));
    assert_eq!(xml.matches("<securityGroupRuleId>").count(), 4);
    assert_eq!(inner(&xml, "cidrIpv6"), "2001:db8::/32");
    let (_, xml) = call(
        region,
        &format!("Action=DescribeSecurityGroups&GroupId.1={id}"),
    );
    let permissions = inner(&xml, "ipPermissions");
    assert_eq!(permissions.matches("<ipProtocol>").count(), 1);
    assert_eq!(permissions.matches("<cidrIp>").count(), 2);
    assert_eq!(inner(permissions, "description"), "one");
    assert!(
        !inner(&xml, "ipPermissionsEgress").contains("fromPort"),
        "all protocols have no ports"
    );
}

#[test]
fn a_permission_may_be_spelt_out_in_the_request_itself() {
    let mut world = world();
    let region = region(&mut world);
    let id = group(region, "web");
    let tcp = "IpProtocol=tcp&FromPort=22&ToPort=22&CidrIp=192.0.2.0/24";
    let form = format!("Action=AuthorizeSecurityGroupIngress&GroupName=web&{tcp}");
    assert_eq!(inner(&call(region, &form).1, "cidrIpv4"), "192.0.2.0/24");
    let named =
        "Action=AuthorizeSecurityGroupIngress&GroupName=web&SourceSecurityGroupName=default";
    assert_eq!(
        call(region, named).1.matches("<isEgress>").count(),
        3,
        "TCP, UDP and ICMP"
    );
    let both = format!("{form}&IpPermissions.1.IpProtocol=-1");
    assert_eq!(
        inner(&call(region, &both).1, "Code"),
        "InvalidParameterCombination"
    );
    let form = format!("Action=RevokeSecurityGroupIngress&GroupId={id}&{tcp}");
    assert_eq!(inner(&call(region, &form).1, "return"), "true");
    assert_eq!(region.security_groups[&id].rules.len(), 4);
}

#[test]
fn no_form_makes_the_sandbox_panic() {
    let mut world = world();
    let region = region(&mut world);
    let forms: [&[u8]; 7] = [
        b"Action=DescribeVpcs&MaxResults=99999999999999999999",
        b"Action=DescribeVpcs&NextToken=%ff%fe",
        b"Action=DescribeVpcs&Filter.99999999999999.Name=x&Filter..Name=&Filter.1=",
        b"Action=CreateSubnet&VpcId=&CidrBlock=////",
        b"Action=AuthorizeSecurityGroupIngress&GroupId=sg-&IpPermissions.1.IpProtocol=",
        b"Action=CreateTags&ResourceId.1=-&Tag.1.Key=",
        b"\xff\xfe\x00&&==&Action",
    ];
    for form in forms {
        let request = Request {
            body: form.to_vec(),
            ..Request::default()
        };
        assert_eq!(ec2::respond(region, &request, "r").status, 400, "{form:?}");
    }
}

#[test]
fn sts_says_who_calls() {
    let mut world = World {
        account_id: "444455556666".to_owned(),
        ..world()
    };
    let region = region(&mut world);
    let reply = sts::respond(region, &request("Action=GetCallerIdentity"), "request-1");
    let xml = text(reply);
    assert!(xml.contains(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
    ));
    assert_eq!(inner(&xml, "Account"), "444455556666");
    assert_eq!(inner(&xml, "Arn"), "arn:aws:iam::444455556666:user/sandbox");
    let reply = sts::respond(region, &request("Action=GetSessionToken"), "request-1");
    assert_eq!(reply.status, 400);
    let xml = text(reply);
    assert_eq!(
        (inner(&xml, "Type"), inner(&xml, "RequestId")),
        ("Sender", "request-1")
    );
}

#[test]
fn sts_gives_temporary_credentials_for_any_role() {
    let mut world = world();
    let region = region(&mut world);
    region.settle(1_800_000_000_000);
    let mut assume = |parameters: &str| {
        let form = format!("Action=AssumeRole{parameters}");
        text(sts::respond(region, &request(&form), "request-1"))
    };
    let role = "&RoleArn=arn:aws:iam::444455556666:role/teams/audit";
    let xml = assume(&format!("{role}&RoleSessionName=me"));
    assert_eq!(
        inner(&xml, "Arn"),
        "arn:aws:sts::444455556666:assumed-role/audit/me"
    );
    assert!(inner(&xml, "AccessKeyId").starts_with("ASIA"));
    assert_eq!(inner(&xml, "Expiration"), "2027-01-15T09:00:00Z");
    let xml = assume(&format!("{role}&RoleSessionName=me&DurationSeconds=900"));
    assert_eq!(inner(&xml, "Expiration"), "2027-01-15T08:15:00Z");
    for wrong in [
        String::new(),
        role.to_owned(),
        format!("{role}&RoleSessionName=x"),
        format!("{role}&RoleSessionName=a+b"),
        format!("{role}&RoleSessionName=me&DurationSeconds=60"),
        "&RoleArn=arn:aws:iam::444455556666:user/audit&RoleSessionName=me".to_owned(),
        "&RoleArn=audit&RoleSessionName=me".to_owned(),
    ] {
        assert_eq!(inner(&assume(&wrong), "Code"), "ValidationError", "{wrong}");
    }
}
