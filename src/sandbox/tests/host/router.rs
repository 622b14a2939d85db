use std::collections::BTreeSet;

use efsctl_sandbox::wire::{self, Request, Service, operations};
use efsctl_sandbox::world::World;
use proptest::prelude::*;
use serde_json::Value;

use super::{REGION, body, code, create, ec2, efs, list, signed, sts, text};

const NOW: u64 = 1_800_000_000_000;

#[test]
fn service_and_region_are_those_of_the_credential_scope() {
    let header = signed(
        "elasticfilesystem",
        "us-west-2",
        "GET",
        "/2015-02-01/file-systems",
        b"",
    );
    let presigned = Request {
        method: "GET".to_owned(),
        path: "/".to_owned(),
        query: "X-Amz-Algorithm=AWS4-HMAC-SHA256\
                &X-Amz-Credential=AKID%2F20260131%2Fsa-east-1%2Fsts%2Faws4_request"
            .to_owned(),
        ..Request::default()
    };
    let without_spaces = Request {
        headers: vec![(
            "authorization".to_owned(),
            "AWS4-HMAC-SHA256 Credential=A/1/eu-west-3/ec2/aws4_request,SignedHeaders=host,Signature=0"
                .to_owned(),
        )],
        ..Request::default()
    };
    for (request, service, region) in [
        (header, Service::Efs, "us-west-2"),
        (presigned, Service::Sts, "sa-east-1"),
        (without_spaces, Service::Ec2, "eu-west-3"),
    ] {
        let target = wire::target(&request).unwrap();
        assert_eq!((target.service, target.region.as_str()), (service, region));
    }
}

#[test]
fn an_unsigned_request_is_refused_in_the_shape_of_the_service_it_resembles() {
    let unsigned = |request: Request| Request {
        headers: Vec::new(),
        ..request
    };
    let mut world = World::default();
    let mut answer = |request| wire::respond(&mut world, NOW, &unsigned(request), "id-1");

    let efs = answer(list());
    assert_eq!(
        (efs.status, code(&efs)),
        (403, "MissingAuthenticationToken")
    );
    let ec2 = answer(ec2("Action=DescribeVpcs"));
    assert_eq!(ec2.status, 403);
    assert!(
        text(&ec2).contains("<Response><Errors><Error><Code>MissingAuthenticationToken</Code>")
    );
    let sts = answer(sts());
    assert_eq!(sts.status, 403);
    assert!(
        text(&sts).contains("<ErrorResponse") && text(&sts).contains("MissingAuthenticationToken")
    );
}

#[test]
fn a_credential_without_a_whole_scope_is_incomplete() {
    for credential in [
        "AKID",
        "AKID/20260131/eu-west-1/ec2",
        "eu-west-1/ec2/aws5_request",
        "aws4_request",
        "",
    ] {
        let authorization = format!("AWS4-HMAC-SHA256 Credential={credential}, Signature=0");
        let headers = vec![("authorization".to_owned(), authorization)];
        let refusal = wire::target(&Request {
            headers,
            ..Request::default()
        })
        .unwrap_err();
        assert_eq!(
            (refusal.error.code, refusal.error.status),
            ("IncompleteSignature", 400),
            "{credential}"
        );
    }
}

#[test]
fn another_service_is_told_what_the_sandbox_plays() {
    let request = signed("backup", REGION, "GET", "/backup-vaults", b"");
    let reply = wire::respond(&mut World::default(), NOW, &request, "id-1");
    assert_eq!(reply.status, 400);
    let message = body(&reply)["Message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("elasticfilesystem, ec2 and sts") && message.contains("'backup'"),
        "{message}"
    );
}

#[test]
fn a_region_that_does_not_exist_is_refused_by_every_service() {
    for (request, status, code) in [
        (list(), 403, "InvalidSignatureException"),
        (ec2("Action=DescribeVpcs"), 401, "AuthFailure"),
        (sts(), 403, "SignatureDoesNotMatch"),
    ] {
        let mut request = request;
        for (_, value) in &mut request.headers {
            *value = value.replace(REGION, "nowhere-1");
        }
        let mut world = World::default();
        let reply = wire::respond(&mut world, NOW, &request, "id-1");
        assert_eq!(reply.status, status);
        assert!(
            [super::code(&reply), &text(&reply)].concat().contains(code)
                && text(&reply).contains("nowhere-1"),
            "{}",
            text(&reply)
        );
        assert!(world.regions.is_empty());
    }
}

#[test]
fn a_region_that_is_not_enabled_knows_nobody() {
    for (request, status, code) in [
        (list(), 403, "UnrecognizedClientException"),
        (ec2("Action=DescribeVpcs"), 401, "AuthFailure"),
        (sts(), 403, "InvalidClientTokenId"),
    ] {
        let mut request = request;
        for (_, value) in &mut request.headers {
            *value = value.replace(REGION, "af-south-1");
        }
        let mut world = World::default();
        assert_eq!(
            wire::respond(&mut world, NOW, &request, "id-1").status,
            200,
            "every region of a new account is enabled"
        );
        world.disabled_regions.insert("af-south-1".to_owned());
        let reply = wire::respond(&mut world, NOW, &request, "id-1");
        assert_eq!(reply.status, status);
        assert!(
            text(&reply).contains(code) || reply.headers.iter().any(|(_, value)| value == code),
            "{}",
            text(&reply)
        );
    }
}

#[test]
fn regions_are_isolated() {
    let mut world = World::default();
    assert_eq!(
        wire::respond(&mut world, NOW, &create("here"), "id-1").status,
        201
    );
    let elsewhere = signed(
        "elasticfilesystem",
        "us-east-1",
        "GET",
        "/2015-02-01/file-systems",
        b"",
    );
    let listed = body(&wire::respond(&mut world, NOW, &elsewhere, "id-2"));
    assert_eq!(listed["FileSystems"], Value::Array(Vec::new()));
}

#[test]
fn the_request_id_is_in_every_answer() {
    let mut world = World::default();
    for request in [
        list(),
        ec2("Action=DescribeVpcs"),
        ec2("Action=Nonsense"),
        sts(),
        Request::default(),
    ] {
        let reply = wire::respond(&mut world, NOW, &request, "0a1b2c3d");
        let in_header = reply.headers.iter().any(|(_, value)| value == "0a1b2c3d");
        assert!(in_header || text(&reply).contains("0a1b2c3d"), "{reply:?}");
    }
}

#[test]
fn reads_and_rehearsals_are_not_writes() {
    let plain = Request::default();
    for (service, operation, request, expected) in [
        (Service::Efs, "DescribeFileSystems", &plain, false),
        (Service::Efs, "ListTagsForResource", &plain, false),
        (Service::Sts, "GetCallerIdentity", &plain, false),
        (Service::Sts, "AssumeRole", &plain, false),
        (Service::Efs, "PutBackupPolicy", &plain, true),
        (Service::Efs, "UntagResource", &plain, true),
        (
            Service::Ec2,
            "CreateVpc",
            &ec2("Action=CreateVpc&DryRun=true"),
            false,
        ),
        (
            Service::Ec2,
            "CreateVpc",
            &ec2("Action=CreateVpc&DryRun=false"),
            true,
        ),
        (Service::Ec2, "CreateVpc", &ec2("Action=CreateVpc"), true),
        // EFS has no DryRun.
        (Service::Efs, "CreateFileSystem", &ec2("DryRun=true"), true),
    ] {
        assert_eq!(
            wire::writes(service, operation, request),
            expected,
            "{operation}"
        );
    }
}

#[test]
fn an_operation_that_the_sandbox_lacks_is_refused_by_its_name() {
    let mut world = World::default();
    let mut code_of = |action: &str| {
        let request = ec2(&format!("Action={action}"));
        text(&wire::respond(&mut world, NOW, &request, "id-1"))
    };
    assert!(code_of("RunInstances").contains("InvalidAction"));
    assert!(!code_of("DescribeRegions").contains("InvalidAction"));
    assert!(!operations::is_known("RunInstances"));
    for operation in [
        "create-file-system",
        "createfilesystem",
        "CreateFileSystems",
    ] {
        assert_eq!(operations::closest(operation), Some("CreateFileSystem"));
    }
}

#[test]
fn no_service_has_an_operation_twice() {
    for service in Service::ALL {
        let mut names: Vec<_> = operations::of(service).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{service:?}");
    }
}

/// EFS API reference, "Actions".
#[test]
fn efs_operations_have_the_names_that_faults_use() {
    for (method, path, name) in [
        ("GET", "/file-systems", "DescribeFileSystems"),
        ("GET", "/file-systems/", "DescribeFileSystems"),
        ("POST", "/file-systems", "CreateFileSystem"),
        ("PUT", "/file-systems/fs-01234567", "UpdateFileSystem"),
        ("DELETE", "/file-systems/fs-01234567", "DeleteFileSystem"),
        (
            "GET",
            "/file-systems/replication-configurations",
            "DescribeReplicationConfigurations",
        ),
        (
            "POST",
            "/file-systems/fs-01234567/replication-configuration",
            "CreateReplicationConfiguration",
        ),
        (
            "DELETE",
            "/file-systems/fs-01234567/replication-configuration",
            "DeleteReplicationConfiguration",
        ),
        (
            "PUT",
            "/file-systems/fs-01234567/protection",
            "UpdateFileSystemProtection",
        ),
        (
            "DELETE",
            "/file-systems/fs-01234567/policy",
            "DeleteFileSystemPolicy",
        ),
        ("POST", "/mount-targets", "CreateMountTarget"),
        (
            "PUT",
            "/mount-targets/fsmt-01234567/security-groups",
            "ModifyMountTargetSecurityGroups",
        ),
        ("GET", "/resource-tags/fs-01234567", "ListTagsForResource"),
        ("PUT", "/account-preferences", "PutAccountPreferences"),
    ] {
        let operation = wire::operation(&efs(method, path, &Value::Null));
        assert_eq!(operation.as_deref(), Some(name), "{method} {path}");
        assert!(operations::is_known(name), "{name}");
    }
    for (method, path) in [
        ("POST", "/file-systems/fs-01234567"),
        ("GET", "/file-systems/fs-01234567/policy/more"),
        ("GET", "/file-system"),
    ] {
        let operation = wire::operation(&efs(method, path, &Value::Null));
        assert_eq!(operation, None, "{method} {path}");
    }
}

/// Every method on every path that is made of the words of EFS's paths leads to an operation that faults can name, and every such
/// operation is led to.
#[test]
fn efs_operations_are_those_that_faults_can_name() {
    let mut led_to = BTreeSet::new();
    for method in ["GET", "POST", "PUT", "DELETE"] {
        for path in efs_paths() {
            led_to.extend(wire::operation(&efs(method, &path, &Value::Null)));
        }
    }
    let named = operations::of(Service::Efs).map(str::to_owned);
    assert_eq!(led_to, named.collect());
}

/// One to three segments: the words of the service model, with and without an id.
fn efs_paths() -> Vec<String> {
    let words = [
        "access-points",
        "account-preferences",
        "backup-policy",
        "create-tags",
        "delete-tags",
        "file-systems",
        "lifecycle-configuration",
        "mount-targets",
        "policy",
        "protection",
        "replication-configuration",
        "replication-configurations",
        "resource-tags",
        "security-groups",
        "tags",
    ];
    let mut paths = Vec::new();
    for first in words {
        paths.push(format!("/{first}"));
        for second in words.iter().chain(&["fs-01234567"]) {
            paths.push(format!("/{first}/{second}"));
            paths.extend(words.map(|third| format!("/{first}/{second}/{third}")));
        }
    }
    paths
}

proptest! {
    #[test]
    fn no_request_is_too_strange(
        service in "elasticfilesystem|ec2|sts|[a-z]{0,8}",
        method in "GET|PUT|POST|DELETE|[A-Z]{0,5}",
        path in "(/2015-02-01/(file-systems|mount-targets|access-points|resource-tags)(/(fs-01234567|%2F|%ff|.{0,6}))?)|.{0,20}",
        query in "([A-Za-z]{0,10}(=[^&]{0,8})?&?){0,3}",
        action in "(Action=(Describe|Create|Authorize|Revoke)(Subnets?|Vpcs?|SecurityGroup(s|Ingress)?|Tags)(&[A-Za-z.]{1,20}(\\.[0-9]{1,12})?=.{0,8}){0,4})|.{0,60}",
    ) {
        let request = signed(&service, REGION, &method, &format!("{path}?{query}"), action.as_bytes());
        let reply = wire::respond(&mut World::default(), NOW, &request, "id-1");
        prop_assert!((200..600).contains(&reply.status));
    }
}
