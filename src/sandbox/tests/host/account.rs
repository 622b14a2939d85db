use std::time::Duration;

use efsctl_sandbox::account::{Account, Options, Outcome};
use efsctl_sandbox::fault::Faults;
use efsctl_sandbox::wire::Request;
use efsctl_sandbox::world::{Timing, World};
use serde_json::{Value, json};

use super::{ask, body, code, create, ec2, efs, list, sts, subnets, text, tokens};

const NOW: u64 = 1_800_000_000_000;

fn with_faults(rules: &[&str]) -> Account {
    let faults = Faults::new(rules.iter().map(|rule| rule.parse().unwrap()));
    Account::new(Options {
        faults,
        ..Options::default()
    })
}

fn outcome(account: &Account, now: u64, request: &Request) -> Outcome {
    account.serve(now, request).unwrap().outcome
}

#[test]
fn a_throttle_has_the_code_and_status_of_its_service() {
    let account = with_faults(&["*:*:throttle"]);
    let efs = ask(&account, NOW, &create("a"));
    assert_eq!(
        (efs.status, code(&efs), body(&efs)),
        (
            400,
            "ThrottlingException",
            serde_json::json!({"message": "Rate exceeded"})
        )
    );
    let ec2 = ask(&account, NOW, &ec2("Action=DescribeVpcs"));
    assert_eq!(ec2.status, 503);
    assert!(text(&ec2).contains("<Code>RequestLimitExceeded</Code>"));
    let sts = ask(&account, NOW, &sts());
    assert_eq!(sts.status, 400);
    assert!(text(&sts).contains("<Code>Throttling</Code>"));
    assert!(
        account.state(NOW).unwrap().world.regions.is_empty(),
        "nothing was touched"
    );
}

#[test]
fn a_sentence_is_told_in_the_body_of_each_service() {
    let denied = "User: me is not authorized, with an explicit deny in a service control policy";
    let account = with_faults(&[
        &format!("CreateFileSystem:1:code=AccessDeniedException/403:{denied}"),
        "CreateFileSystem:2:code=InvalidSignatureException/403:Signature expired: now",
        &format!("DescribeVpcs:*:code=UnauthorizedOperation/403:{denied}"),
        &format!("GetCallerIdentity:*:code=AccessDenied/403:{denied}"),
    ]);
    let efs = ask(&account, NOW, &create("a"));
    let modelled = json!({"ErrorCode": "AccessDeniedException", "Message": denied});
    assert_eq!((efs.status, body(&efs)), (403, modelled));
    let in_front = ask(&account, NOW, &create("a"));
    assert_eq!(
        body(&in_front),
        json!({"message": "Signature expired: now"})
    );
    assert_eq!(code(&in_front), "InvalidSignatureException");
    for request in [ec2("Action=DescribeVpcs"), sts()] {
        let reply = ask(&account, NOW, &request);
        assert_eq!(reply.status, 403);
        let xml = text(&reply);
        assert!(
            xml.contains(&format!("<Message>{denied}</Message>")),
            "{xml}"
        );
    }
}

#[test]
fn a_server_error_has_the_code_of_its_service() {
    let account = with_faults(&["*:1:500", "*:2:500", "*:3:503", "*:4:503"]);
    let efs = ask(&account, NOW, &create("a"));
    assert_eq!(
        (efs.status, body(&efs)["ErrorCode"].as_str()),
        (500, Some("InternalServerError"))
    );
    let ec2_reply = ask(&account, NOW, &ec2("Action=DescribeVpcs"));
    assert_eq!(ec2_reply.status, 500);
    assert!(text(&ec2_reply).contains("<Code>InternalError</Code>"));
    assert_eq!(ask(&account, NOW, &create("a")).status, 503);
    let ec2_reply = ask(&account, NOW, &ec2("Action=DescribeVpcs"));
    assert_eq!(ec2_reply.status, 503);
    assert!(text(&ec2_reply).contains("<Code>Unavailable</Code>"));
    assert!(tokens(&account, NOW).is_empty());
}

#[test]
fn an_injected_code_and_an_injected_denial_have_no_effect() {
    let account = with_faults(&[
        "CreateFileSystem:1:code=InsufficientThroughputCapacity/503",
        "CreateFileSystem:2:denied",
        "CreateVpc:1:denied",
    ]);
    let reply = ask(&account, NOW, &create("a"));
    assert_eq!(reply.status, 503);
    assert_eq!(body(&reply)["ErrorCode"], "InsufficientThroughputCapacity");
    let reply = ask(&account, NOW, &create("a"));
    assert_eq!(
        (reply.status, body(&reply)["ErrorCode"].as_str()),
        (403, Some("AccessDeniedException"))
    );
    assert!(text(&reply).contains("elasticfilesystem:CreateFileSystem"));
    let reply = ask(
        &account,
        NOW,
        &ec2("Action=CreateVpc&CidrBlock=10.0.0.0/16"),
    );
    assert!(text(&reply).contains("perform: ec2:CreateVpc "));
    assert!(tokens(&account, NOW).is_empty());
}

#[test]
fn a_lost_answer_may_or_may_not_have_had_its_effect() {
    for (kind, expected, has_effect) in [
        ("reset-before", Outcome::Reset, false),
        ("reset-after", Outcome::Reset, true),
        ("hang", Outcome::Hang, false),
        ("hang-after", Outcome::Hang, true),
    ] {
        let account = with_faults(&[&format!("CreateFileSystem:1:{kind}")]);
        assert_eq!(outcome(&account, NOW, &create("a")), expected, "{kind}");
        assert_eq!(!tokens(&account, NOW).is_empty(), has_effect, "{kind}");
    }
}

#[test]
fn a_late_call_takes_effect_when_its_time_has_come_and_dates_from_then() {
    let account = with_faults(&["CreateFileSystem:1:late=5s"]);
    assert_eq!(outcome(&account, NOW, &create("a")), Outcome::Hang);
    assert!(tokens(&account, NOW + 4_999).is_empty());
    // One second of `creating`, counted from the effect and not from this look.
    let listed = body(&ask(&account, NOW + 6_000, &list()));
    assert_eq!(listed["FileSystems"][0]["LifeCycleState"], "available");
    assert_eq!(
        listed["FileSystems"][0]["CreationTime"].as_f64(),
        Some(1_800_000_005.0)
    );
}

#[test]
fn late_calls_take_effect_in_the_order_of_their_times() {
    let account = with_faults(&["CreateFileSystem:1:late=9s", "CreateFileSystem:2:late=5s"]);
    let tagged = |name: &str| {
        let tags = json!([{ "Key": "Name", "Value": name }]);
        efs(
            "POST",
            "/file-systems",
            &json!({ "CreationToken": "same", "Tags": tags }),
        )
    };
    outcome(&account, NOW, &tagged("first"));
    outcome(&account, NOW, &tagged("second"));
    let listed = body(&ask(&account, NOW + 60_000, &list()));
    assert_eq!(listed["FileSystems"][0]["Name"], "second");
    assert_eq!(listed["FileSystems"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_retry_of_a_late_create_meets_what_came_late() {
    let account = with_faults(&["CreateFileSystem:1:late=5s"]);
    outcome(&account, NOW, &create("a"));
    assert_eq!(ask(&account, NOW + 5_000, &create("a")).status, 409);
    let account = with_faults(&["CreateFileSystem:1:late=5s"]);
    outcome(&account, NOW, &create("a"));
    assert_eq!(
        ask(&account, NOW + 1_000, &create("a")).status,
        201,
        "the retry was faster"
    );
    assert_eq!(
        tokens(&account, NOW + 9_000),
        ["a"],
        "the late one is refused, and nobody hears of it"
    );
}

#[test]
fn an_error_state_is_reached_after_creating() {
    let account = with_faults(&[
        "CreateFileSystem:2:error-state",
        "CreateMountTarget:1:error-state",
    ]);
    let made = body(&ask(&account, NOW, &create("a")));
    let subnet = &subnets(&account, NOW)[0];
    let target = json!({ "FileSystemId": made["FileSystemId"], "SubnetId": subnet });
    let reply = ask(
        &account,
        NOW + 1_000,
        &efs("POST", "/mount-targets", &target),
    );
    assert_eq!(
        (reply.status, body(&reply)["LifeCycleState"].as_str()),
        (200, Some("creating"))
    );
    let id = made["FileSystemId"].as_str().unwrap();
    let look = efs(
        "GET",
        &format!("/mount-targets?FileSystemId={id}"),
        &Value::Null,
    );
    let listed = body(&ask(&account, NOW + 60_000, &look));
    assert_eq!(listed["MountTargets"][0]["LifeCycleState"], "error");
    let listed = body(&ask(&account, NOW + 60_000, &list()));
    assert_eq!(
        listed["FileSystems"][0]["LifeCycleState"], "available",
        "its file system is well"
    );

    ask(&account, NOW, &create("b"));
    let look = efs("GET", "/file-systems?CreationToken=b", &Value::Null);
    assert_eq!(
        body(&ask(&account, NOW + 120_000, &look))["FileSystems"][0]["LifeCycleState"],
        "error"
    );
}

#[test]
fn latency_is_on_every_answer_and_slowness_on_top_of_it() {
    let latency = Duration::from_millis(40);
    let faults = Faults::new(["DescribeFileSystems:2:slow=10s".parse().unwrap()]);
    let account = Account::new(Options {
        latency,
        faults,
        ..Options::default()
    });
    assert_eq!(account.serve(NOW, &list()).unwrap().delay, latency);
    assert_eq!(
        account.serve(NOW, &list()).unwrap().delay,
        Duration::from_millis(10_040)
    );
    assert_eq!(
        account.serve(NOW, &Request::default()).unwrap().delay,
        latency
    );
}

#[test]
fn the_timing_of_the_options_outranks_that_of_the_world() {
    let timing = Timing {
        file_system: 60_000,
        ..Timing::default()
    };
    let account = Account::new(Options {
        timing: Some(timing),
        ..Options::default()
    });
    ask(&account, NOW, &create("a"));
    let listed = body(&ask(&account, NOW + 59_999, &list()));
    assert_eq!(listed["FileSystems"][0]["LifeCycleState"], "creating");
}

#[test]
fn the_log_tells_what_came_and_what_became_of_it() {
    let account = with_faults(&["CreateFileSystem:2:reset-after"]);
    ask(&account, NOW, &create("a"));
    outcome(&account, NOW + 1, &create("b"));
    ask(
        &account,
        NOW + 2,
        &ec2("Action=CreateVpc&CidrBlock=10.0.0.0/16&DryRun=true"),
    );
    ask(&account, NOW + 3, &list());
    ask(&account, NOW + 4, &Request::default());
    let calls = account.calls();
    assert_eq!((calls.total, calls.writes), (5, 2));
    assert_eq!(calls.count("CreateFileSystem"), 2);
    assert_eq!(calls.count("CreateVpc"), 1);
    assert_eq!(calls.count("DeleteFileSystem"), 0);
    let log = serde_json::to_value(&calls).unwrap()["log"].take();
    assert_eq!(
        log[1],
        json!({
            "at": NOW + 1, "service": "elasticfilesystem", "region": "eu-west-1",
            "operation": "CreateFileSystem", "writes": true, "status": null, "fault": "reset-after",
        })
    );
    assert_eq!(
        (&log[2]["status"], &log[2]["writes"]),
        (&json!(412), &json!(false))
    );
    assert_eq!(
        (&log[4]["status"], &log[4]["operation"]),
        (&json!(403), &Value::Null)
    );
}

#[test]
fn the_log_forgets_the_oldest_and_the_counts_do_not() {
    let account = Account::default();
    for at in 0..10_003 {
        ask(&account, NOW + at, &sts());
    }
    let calls = account.calls();
    assert_eq!((calls.total, calls.log.len()), (10_003, 10_000));
    assert_eq!(calls.log.front().map(|call| call.at), Some(NOW + 3));
}

#[test]
fn a_reset_leads_back_to_the_first_world_and_the_first_call() {
    let mut world = World::default();
    world.denied.insert("ec2:*".to_owned());
    let faults = Faults::new([
        "CreateFileSystem:1:throttle".parse().unwrap(),
        "CreateFileSystem:3:late=1s".parse().unwrap(),
    ]);
    let account = Account::new(Options {
        world,
        faults,
        ..Options::default()
    });
    for _ in 0..2 {
        assert_eq!(ask(&account, NOW, &create("a")).status, 400);
        assert_eq!(ask(&account, NOW, &create("a")).status, 201);
        assert_eq!(outcome(&account, NOW, &create("b")), Outcome::Hang);
        assert_eq!(ask(&account, NOW, &ec2("Action=DescribeVpcs")).status, 403);
        account.reset().unwrap();
        assert_eq!(account.calls().total, 0);
        assert!(tokens(&account, NOW + 60_000).is_empty());
        account.reset().unwrap();
    }
}

#[test]
fn time_does_not_run_backwards() {
    let account = Account::default();
    ask(&account, NOW, &create("a"));
    let state =
        |now| body(&ask(&account, now, &list()))["FileSystems"][0]["LifeCycleState"].clone();
    assert_eq!(state(NOW + 5_000), "available");
    assert_eq!(state(NOW - 60_000), "available");
}

#[test]
fn clones_are_one_account() {
    let account = Account::in_memory(World::default());
    ask(&account.clone(), NOW, &create("a"));
    assert_eq!(tokens(&account, NOW), ["a"]);
}

#[test]
fn request_ids_look_like_those_of_aws_and_do_not_repeat() {
    let account = Account::default();
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..1_000 {
        let reply = ask(&account, NOW, &list());
        let id = &reply
            .headers
            .iter()
            .find(|(name, _)| name == "x-amzn-requestid")
            .unwrap()
            .1;
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        ids.insert(id.clone());
    }
    assert_eq!(ids.len(), 1_000);
}
