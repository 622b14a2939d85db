//! Everything that eats what others wrote, fed with what nobody would write: no panic, and an answer.

mod answers;

use std::fs;

use efsctl::domain::ids::{FileSystemId, Name, Reference, SecurityGroupId, VpcId, Zone};
use efsctl::domain::network::Source;
use efsctl::domain::settings::Throughput;
use efsctl::domain::settings::lifecycle::Days;
use efsctl::domain::state::mount_target_of;
use efsctl::domain::tags;
use efsctl::sandbox::account::{Account, Options};
use efsctl::sandbox::fault::FaultRule;
use efsctl::sandbox::store::Store;
use efsctl::sandbox::wire::{self, Request};
use efsctl::sandbox::world::{World, scenario};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::support::cli::fixture;
use crate::support::harness::{Harness, spec};

const NOW: u64 = 1_800_000_000_000;

/// Words near what is expected, and words far from it.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "(fs|fsmt|fsap|sg|subnet|vpc|eni|arn:aws[a-z-]{0,4}:elasticfilesystem:[a-z0-9-]{0,12}:[0-9]{0,12}:file-system/fs)-[0-9a-fA-F]{0,20}",
        "[0-9]{0,4}d?",
        "(provisioned|elastic|bursting)(=-?[0-9.eE]{0,8})?",
        "[0-9a-f:.]{0,20}/[0-9]{0,4}",
        "[a-z]{2}-[a-z]{4,9}-[0-9]{1,2}[a-z]?",
        "[A-Za-z.*]{0,20}:[0-9x+*,-]{0,5}:[a-z0-9=/-]{0,20}",
        "[^=]{0,10}={0,2}\\PC{0,10}",
    ]
}

proptest! {
    #[test]
    fn values_of_flags(word in words()) {
        if let Ok(name) = word.parse::<Name>() {
            prop_assert_eq!(name.as_str(), &word);
            prop_assert!(name.token().len() <= 64 && name.security_group().len() <= 255);
        }
        if let Ok(id) = word.parse::<FileSystemId>() {
            prop_assert_eq!(id.to_string(), word.clone());
        }
        if let Ok(reference) = word.parse::<Reference>() {
            prop_assert_eq!(reference.to_string().parse::<Reference>(), Ok(reference));
        }
        if let Ok(Throughput::Provisioned(mibps)) = word.parse() {
            prop_assert!((1.0..=3414.0).contains(&mibps));
        }
        if let Ok(days) = word.parse::<Days>() {
            prop_assert!(Days::ALLOWED.contains(&days.get()));
            prop_assert_eq!(Days::from_api(&days.to_api()), Some(days));
        }
        if let Ok((key, value)) = tags::parse(&word) {
            prop_assert!(!key.is_empty());
            prop_assert_eq!(word.clone(), format!("{}={}", key, value));
        }
        let _ = word.parse::<SecurityGroupId>();
        let _ = word.parse::<VpcId>();
        let _ = word.parse::<Zone>();
        let _ = word.parse::<Source>();
        let _ = word.parse::<FaultRule>();
        let _ = Days::from_api(&word);
        let _ = mount_target_of(&format!("EFS mount target for {word}"));
    }

    /// A world file of ours with a piece of it replaced: refused with a sentence, or a world that answers.
    #[test]
    fn world_files(file in any::<Index>(), at in any::<Index>(), length in 0..24_usize, patch in "\\PC{0,12}|[0-9.:/-]{0,12}") {
        let mut text = file.get(&world_files_of_ours()).clone();
        let from = text.floor_char_boundary(at.index(text.len()));
        let to = text.floor_char_boundary((from + length).min(text.len()));
        text.replace_range(from..to, &patch);
        match scenario::parse(&text, NOW) {
            Ok(mut world) => ask_everything(&mut world),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    /// A state file with a value of it replaced or taken out: refused with a sentence, or an account that answers.
    #[test]
    fn state_files(at in any::<Index>(), with in values(), cut in prop::option::of(any::<Index>())) {
        let mut state = state_of_ours();
        spoil(&mut state, at, with);
        let mut text = state.to_string().into_bytes();
        if let Some(cut) = cut {
            text.truncate(cut.index(text.len()));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        fs::write(&path, &text).unwrap();
        match Account::with_store(Store::new(&path), Options::default()) {
            Ok(account) => for request in requests() {
                match account.serve(NOW, &request) {
                    Ok(_) => {}
                    Err(error) => prop_assert!(!error.to_string().is_empty()),
                }
            },
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    /// A body that EFS would take, with a value of it replaced.
    #[test]
    fn bodies_of_requests(which in any::<Index>(), at in any::<Index>(), with in values(), tail in "\\PC{0,4}") {
        let (method, path, mut body) = which.get(&bodies()).clone();
        spoil(&mut body, at, with);
        let body = body.to_string() + &tail;
        let request = signed("elasticfilesystem", method, &path, "", &body);
        let mut world = World::default();
        let reply = wire::respond(&mut world, NOW, &request, "id-1");
        prop_assert!((200..500).contains(&reply.status), "{}", reply.status);
    }
}

fn world_files_of_ours() -> Vec<String> {
    let mut paths: Vec<_> = fs::read_dir(fixture("worlds"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    let texts = paths.iter().map(fs::read_to_string);
    texts.map(Result::unwrap).collect()
}

/// The state of an account with a whole deployment.
fn state_of_ours() -> Value {
    static STATE: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
    let make = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let harness = Harness::new();
            harness.create(&spec("demo")).await.unwrap();
            let state = harness.account.state(NOW).unwrap();
            let mut text = Vec::new();
            state.write(&mut text).unwrap();
            serde_json::from_slice(&text).unwrap()
        })
    };
    STATE.get_or_init(make).clone()
}

fn values() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        any::<bool>().prop_map(|value| Some(json!(value))),
        any::<i64>().prop_map(|value| Some(json!(value))),
        any::<u64>().prop_map(|value| Some(json!(value))),
        any::<f64>().prop_map(|value| Some(json!(value))),
        "\\PC{0,12}".prop_map(|value| Some(json!(value))),
        "[a-z0-9:/.-]{0,20}".prop_map(|value| Some(json!(value))),
        Just(Some(json!([]))),
        Just(Some(json!({}))),
        Just(Some(json!([1, "x", null]))),
        Just(Some(json!({"Key": "x", "Value": {}}))),
    ]
}

/// Replaces one value of a document, or takes it out.
fn spoil(document: &mut Value, at: Index, with: Option<Value>) {
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    let place = at.get(&places).clone();
    match with {
        Some(value) => *document.pointer_mut(&place).unwrap() = value,
        None => {
            let Some((parent, key)) = place.rsplit_once('/') else {
                return;
            };
            let key = key.replace("~1", "/").replace("~0", "~");
            if let Some(Value::Object(parent)) = document.pointer_mut(parent) {
                parent.remove(&key);
            }
        }
    }
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    places.push(place.clone());
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(n, value)| (n.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        collect(child, format!("{place}/{key}"), places);
    }
}

fn signed(service: &str, method: &str, path: &str, query: &str, body: &str) -> Request {
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential=AKID/20260131/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
    );
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("authorization".to_owned(), scope)],
        body: body.as_bytes().to_vec(),
    }
}

/// Every kind of look.
fn requests() -> Vec<Request> {
    let efs = |path: &str, query: &str| signed("elasticfilesystem", "GET", path, query, "");
    let ec2 = |action: &str| {
        signed(
            "ec2",
            "POST",
            "/",
            "",
            &format!("Action={action}&Version=2016-11-15"),
        )
    };
    vec![
        efs("/2015-02-01/file-systems", ""),
        efs(
            "/2015-02-01/mount-targets",
            "FileSystemId=fs-0123456789abcdef0",
        ),
        efs("/2015-02-01/access-points", ""),
        ec2("DescribeVpcs"),
        ec2("DescribeSubnets"),
        ec2("DescribeSecurityGroups"),
        ec2("DescribeSecurityGroupRules"),
        ec2("DescribeNetworkInterfaces"),
        ec2("DescribeRouteTables"),
        ec2("DescribeNetworkAcls"),
        ec2("DescribeTags"),
    ]
}

fn ask_everything(world: &mut World) {
    for request in requests() {
        wire::respond(world, NOW, &request, "id-1");
    }
}

fn bodies() -> Vec<(&'static str, String, Value)> {
    let at = |path: &str| format!("/2015-02-01/{path}");
    vec![
        (
            "POST",
            at("file-systems"),
            json!({"CreationToken": "x", "PerformanceMode": "generalPurpose", "Encrypted": true, "ThroughputMode": "provisioned",
                   "ProvisionedThroughputInMibps": 64.0, "Backup": true, "Tags": [{"Key": "Name", "Value": "x"}]}),
        ),
        (
            "POST",
            at("mount-targets"),
            json!({"FileSystemId": "fs-0123456789abcdef0", "SubnetId": "subnet-0123456789abcdef0", "IpAddress": "10.0.0.1",
                   "SecurityGroups": ["sg-0123456789abcdef0"], "IpAddressType": "IPV4_ONLY"}),
        ),
        (
            "POST",
            at("access-points"),
            json!({"ClientToken": "x", "FileSystemId": "fs-0123456789abcdef0", "PosixUser": {"Uid": 1, "Gid": 1, "SecondaryGids": [2]},
                   "RootDirectory": {"Path": "/x", "CreationInfo": {"OwnerUid": 1, "OwnerGid": 1, "Permissions": "0755"}}}),
        ),
        (
            "PUT",
            at("file-systems/fs-0123456789abcdef0/policy"),
            json!({"Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}", "BypassPolicyLockoutSafetyCheck": true}),
        ),
        (
            "PUT",
            at("file-systems/fs-0123456789abcdef0/lifecycle-configuration"),
            json!({"LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}]}),
        ),
        (
            "PUT",
            at("file-systems/fs-0123456789abcdef0/backup-policy"),
            json!({"BackupPolicy": {"Status": "ENABLED"}}),
        ),
    ]
}
