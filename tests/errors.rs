//! What a failure tells to a program: why, about what, of which call, and what to type next.

use std::error::Error as _;

use efsctl::domain::settings::{Throughput, Wish};
use efsctl::domain::spec::{Access, PerformanceMode, Spec};
use efsctl::error::{Code, Kind};
use efsctl::service::DeleteOptions;

use crate::support::cli::Efsctl;
use crate::support::harness::{Harness, reference, spec};

const TIGHT: &str = include_str!("../fixtures/worlds/three-zones.toml");
const VPC: &str = "vpc-0a1b2c3d4e5f60718";

fn asked(change: impl FnOnce(&mut Spec)) -> Spec {
    let mut asked = spec("demo");
    asked.placement.vpc = VPC.parse().ok();
    change(&mut asked);
    asked
}

#[tokio::test(start_paused = true)]
async fn each_cause_has_its_code_and_names_its_fields() {
    let subnet = |id: &str| vec![id.parse().unwrap()];
    let cases = [
        (
            asked(|s| s.placement.subnets = subnet("subnet-00000000000000009")),
            Code::SubnetNotFound,
            &["subnet"][..],
        ),
        (
            asked(|s| s.placement.vpc = "vpc-00000000000000009".parse().ok()),
            Code::VpcNotFound,
            &["vpc"],
        ),
        (
            asked(|s| s.access = Access::Groups(vec!["sg-00000000000000009".parse().unwrap()])),
            Code::SecurityGroupNotFound,
            &["security_group", "allow_from"],
        ),
        (
            asked(|s| s.placement.zones = vec!["eu-west-1z".parse().unwrap()]),
            Code::ZoneUnsuitable,
            &["zone"],
        ),
        (asked(|s| s.placement.vpc = None), Code::NoDefaultVpc, &[]),
        (
            asked(|s| {
                s.placement.subnets = subnet("subnet-0aaaaaaaaaaaaaaa1");
                s.placement.zones = vec!["eu-west-1b".parse().unwrap()];
            }),
            Code::SubnetElsewhere,
            &["subnet"],
        ),
        (
            asked(|s| s.access = Access::Make(vec!["0.0.0.0/0".parse().unwrap()])),
            Code::OpenToInternet,
            &["allow_from"],
        ),
        (
            asked(|s| {
                s.one_zone = "eu-west-1a".parse().ok();
                s.placement.zones = vec!["eu-west-1b".parse().unwrap()];
            }),
            Code::UnsupportedCombination,
            &["one_zone", "zone"],
        ),
    ];
    for (asked, code, fields) in cases {
        let harness = Harness::described(TIGHT);
        let error = harness.create(&asked).await.unwrap_err().error;
        assert_eq!((error.code, error.kind), (code, code.kind()), "{error}");
        let named: Vec<&str> = error.message.fields().map(|field| field.name()).collect();
        assert_eq!(named, fields, "{error}");
        assert!(error.hint.is_some() || !fields.is_empty(), "{error}");
        assert_eq!(harness.writes(), 0);
    }
}

/// A library sees the call that failed, also where the run ended otherwise in the end.
#[tokio::test(start_paused = true)]
async fn the_call_of_aws_is_the_source() {
    let harness = Harness::faulty(&["CreateMountTarget:*:denied", "DeleteFileSystem:*:denied"]);
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    let error = failure.error;
    assert_eq!(
        (error.kind, error.code),
        (Kind::Leftovers, Code::AccessDenied),
        "{error}"
    );
    let source = error.source.as_deref().unwrap();
    assert_eq!(source.operation, "CreateMountTarget");
    assert_eq!(error.source().unwrap().to_string(), source.to_string());
    assert!(error.request_id().is_some());

    // What was not asked of AWS has no source.
    let mut wrong = spec("demo");
    wrong.settings.throughput = Wish::Set(Throughput::Elastic);
    wrong.performance = Some(PerformanceMode::MaxIo);
    let error = harness.create(&wrong).await.unwrap_err().error;
    assert_eq!(error.code, Code::UnsupportedCombination);
    assert!(error.source.is_none());

    let (nothing, options) = (reference("nothing"), DeleteOptions::default());
    let missing = harness
        .service()
        .await
        .plan_delete(&nothing, &options)
        .await;
    assert_eq!(missing.unwrap_err().code, Code::FileSystemNotFound);
}

#[test]
fn json_tells_the_cause_the_fields_and_what_to_type_next() {
    let region = "--sandbox --region eu-west-3 -o json";
    let error = |arguments: &str| {
        let ended = Efsctl::new(&format!("{region} {arguments}")).run();
        ended.document()["error"].clone()
    };
    let missing = error("describe nothing");
    assert_eq!(missing["code"], "file-system-not-found", "{missing:#}");
    assert_eq!(missing["kind"], "not-found");
    assert_eq!(missing["exit_code"], 7);
    let next = &missing["next_steps"][0];
    assert_eq!(next["why"], "list file systems");
    let command = next["command"].as_str().unwrap();
    assert_eq!(command, "efsctl --sandbox --region eu-west-3 list");
    let hint = missing["hint"].as_str().unwrap();
    assert!(hint.contains(command), "{hint}");
    assert!(hint.contains("--region and --profile"), "{hint}");

    let wrong = error("create demo --one-zone eu-west-3a --az eu-west-3b");
    assert_eq!(wrong["code"], "unsupported-combination", "{wrong:#}");
    assert_eq!(wrong["fields"], serde_json::json!(["zone", "one_zone"]));
    assert_eq!(wrong["aws_code"], serde_json::Value::Null);

    let unknown = error("create demo --subnet subnet-00000000000000009");
    assert_eq!(unknown["code"], "subnet-not-found", "{unknown:#}");
    assert_eq!(unknown["operation"], "DescribeSubnets");
    assert_eq!(unknown["aws_code"], "InvalidSubnetID.NotFound");
    assert_eq!(unknown["fields"], serde_json::json!(["subnet"]));
    let message = unknown["message"].as_str().unwrap();
    assert!(message.starts_with("--subnet: "), "{message}");
}
