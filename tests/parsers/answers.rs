//! Whatever AWS answers: an error with a sentence, or exactly what the answer says.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use efsctl::aws::{AwsCloud, Connection};
use efsctl::cloud::{Answer, Cloud, FileSystems, Groups, NewFileSystem, Vpcs};
use efsctl::domain::ids::FileSystemId;
use efsctl::domain::settings::{Key, Lifecycle, ObservedSetting};
use efsctl::domain::spec::Spec;
use efsctl::domain::state::FileSystem;
use efsctl::domain::tags::Tags;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{spoil, values};

/// What EFS answers, of all operations in one.
fn efs_body() -> Value {
    json!({
        "FileSystems": [{"OwnerId": "1", "CreationToken": "x", "FileSystemId": "fs-0123456789abcdef0", "CreationTime": 1.5,
            "LifeCycleState": "available", "NumberOfMountTargets": 1, "SizeInBytes": {"Value": 1}, "PerformanceMode": "generalPurpose",
            "Encrypted": true, "Tags": [{"Key": "a", "Value": "b"}], "ThroughputMode": "bursting"}],
        "MountTargets": [{"MountTargetId": "fsmt-0123456789abcdef0", "FileSystemId": "fs-0123456789abcdef0", "SubnetId": "subnet-1",
            "LifeCycleState": "available", "IpAddress": "10.0.0.1", "NetworkInterfaceId": "eni-1", "AvailabilityZoneName": "eu-west-1a"}],
        "LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToArchive": "AFTER_90_DAYS"}],
        "BackupPolicy": {"Status": "ENABLED"},
        "ErrorCode": "FileSystemAlreadyExists", "Message": "no", "FileSystemId": "fs-0123456789abcdef0", "NextMarker": null
    })
}

const VPCS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><vpcSet><item><vpcId>vpc-1</vpcId><state>available</state><cidrBlock>10.0.0.0/16</cidrBlock><isDefault>true</isDefault></item><item><vpcId>vpc-2</vpcId><cidrBlock>10.1.0.0/16</cidrBlock></item></vpcSet></DescribeVpcsResponse>"#;

const GROUPS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><securityGroupInfo><item><groupId>sg-1</groupId><groupName>x</groupName><vpcId>vpc-1</vpcId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>2049</fromPort><toPort>2049</toPort><ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item></ipRanges></item></ipPermissions></item></securityGroupInfo></DescribeSecurityGroupsResponse>"#;

/// Bodies that are almost what AWS sends.
fn bodies() -> impl Strategy<Value = String> {
    let json = (any::<Index>(), values()).prop_map(|(at, with)| {
        let mut body = efs_body();
        spoil(&mut body, at, with);
        body.to_string()
    });
    // Another text of one element.
    let patched = |whole: &'static str| {
        (any::<Index>(), "[a-z0-9/. -]{0,12}").prop_map(move |(at, text)| {
            let ends: Vec<usize> = whole.match_indices('>').map(|(end, _)| end + 1).collect();
            let from = *at.get(&ends);
            let rest = &whole[from..];
            let to = rest.find('<').unwrap_or(rest.len());
            format!("{}{text}{}", &whole[..from], &rest[to..])
        })
    };
    let cut = |whole: String| {
        any::<Index>().prop_map(move |at| whole[..at.index(whole.len())].to_owned())
    };
    let xml = "<(DescribeVpcsResponse|Response|DescribeSecurityGroupsResponse)>(<(vpcSet|securityGroupInfo|Errors)><(item|Error)><(vpcId|groupId|Code|cidrBlock|ipPermissions)>[a-z0-9/.-]{0,12}</(vpcId|groupId|Code|cidrBlock|ipPermissions)>(</item>|</Error>)?(</vpcSet>|</Errors>)?)?(</Response>|</DescribeVpcsResponse>)?";
    prop_oneof![
        json,
        patched(VPCS),
        patched(GROUPS),
        cut(efs_body().to_string()),
        cut(VPCS.to_owned()),
        cut(GROUPS.to_owned()),
        xml,
        "\\PC{0,60}",
        Just(String::new())
    ]
}

proptest! {
    #[test]
    fn answers_of_aws(status in prop_oneof![8 => Just(200_u16), 1 => Just(204), 1 => Just(400), 1 => Just(403), 1 => Just(404), 1 => Just(409), 1 => Just(500), 1 => 100..600_u16],
                      kind in "[A-Za-z:/.#]{0,30}", body in bodies()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(read(&Canned { status, kind, body }));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_as_aws_sends_it_is_read() {
    let ok = |body: &str| Canned {
        status: 200,
        kind: String::new(),
        body: body.to_owned(),
    };
    assert_eq!(read(&ok(&efs_body().to_string())).await, 6);
    assert_eq!(read(&ok(VPCS)).await, 2);
    assert_eq!(read(&ok(GROUPS)).await, 2);
}

/// Makes every kind of call, compares what is read with what the answer says, and counts the calls that were answered.
async fn read(canned: &Canned) -> usize {
    let connection = Connection {
        region: Some("eu-west-1".to_owned()),
        http_client: Some(SharedHttpClient::new(canned.clone())),
        ..Connection::default()
    };
    let cloud = AwsCloud::connect(connection).await.unwrap();
    let id: FileSystemId = "fs-0123456789abcdef0".parse().unwrap();
    let new = NewFileSystem::of(&Spec::new("demo".parse().unwrap()), Tags::new());
    let by_name = Groups::Name("x".to_owned());
    let mut answered = 0;
    let mut compare = |is_right: Result<bool, String>| match is_right {
        Ok(is_right) => {
            assert!((200..300).contains(&canned.status), "{canned:?}");
            assert!(is_right, "{canned:?}");
            answered += 1;
        }
        Err(sentence) => assert!(!sentence.is_empty()),
    };
    let said = canned.said();
    let found = cloud.file_systems(&FileSystems::All).await;
    compare(against(found, |found| {
        let listed = said.listed("FileSystems");
        is_each(found, &listed, |found, listed| {
            said.is_file_system(found, listed)
        })
    }));
    let found = cloud.mount_targets(&id).await;
    compare(against(found, |found| {
        let listed = said.listed("MountTargets");
        is_each(found, &listed, |found, listed| {
            let ip = found.ip.map(|ip| ip.to_string());
            let interface = found.interface.as_ref().map(|id| id.as_str());
            is_text(&listed["MountTargetId"], found.id.as_str())
                && is_text(&listed["SubnetId"], found.subnet.as_str())
                && is_text(&listed["AvailabilityZoneName"], found.zone.as_str())
                && is_word(&listed["LifeCycleState"], found.state.as_str())
                && is_optional(&listed["IpAddress"], ip.as_deref())
                && is_optional(&listed["NetworkInterfaceId"], interface)
        })
    }));
    let found = cloud.setting(&id, Key::Lifecycle).await;
    compare(against(found, |found| {
        let mut meant = Lifecycle::default();
        for listed in said.once("LifecyclePolicies") {
            let word = |member: &str| listed[member].as_str();
            meant.add(
                word("TransitionToIA"),
                word("TransitionToArchive"),
                word("TransitionToPrimaryStorageClass"),
            );
        }
        *found == ObservedSetting::Lifecycle(meant)
    }));
    let found = cloud.setting(&id, Key::Backups).await;
    compare(against(found, |found| {
        let status = &said.0["BackupPolicy"]["Status"];
        matches!(found, ObservedSetting::Backups(found) if is_word(status, found.as_str()))
    }));
    let found = cloud.create_file_system(&new).await;
    compare(against(found, |found| said.is_file_system(found, &said.0)));
    let deleted = cloud.delete_file_system(&id).await;
    compare(against(deleted, |()| true));
    let found = cloud.vpcs(&Vpcs::Default).await;
    compare(against(found, |found| {
        let ids = found.iter().map(|vpc| vpc.id.as_str());
        canned.is_whole("DescribeVpcsResponse") && ids.eq(canned.texts("vpcId"))
    }));
    let found = cloud.security_groups(&by_name).await;
    compare(against(found, |found| {
        let ids = found.iter().map(|group| group.id.as_str());
        let peers = found.iter().flat_map(|group| &group.ingress);
        let peers: Vec<String> = peers.map(|rule| rule.peer.to_string()).collect();
        canned.is_whole("DescribeSecurityGroupsResponse")
            && ids.eq(canned.texts("groupId"))
            && canned
                .texts("cidrIp")
                .all(|cidr| peers.iter().any(|peer| peer.contains(cidr)))
    }));
    answered
}

fn against<T>(answer: Answer<T>, is_right: impl FnOnce(&T) -> bool) -> Result<bool, String> {
    match answer {
        Ok(value) => Ok(is_right(&value)),
        Err(error) => Err(error.to_string()),
    }
}

fn is_each<T>(found: &[T], listed: &[&Value], is_same: impl Fn(&T, &Value) -> bool) -> bool {
    let mut pairs = found.iter().zip(listed);
    found.len() == listed.len() && pairs.all(|(found, listed)| is_same(found, listed))
}

fn is_text(said: &Value, read: &str) -> bool {
    said.as_str() == Some(read)
}

/// A word that is not told is none that AWS has.
fn is_word(said: &Value, read: &str) -> bool {
    match said.as_str() {
        Some(word) => word == read,
        None => read.contains(' '),
    }
}

/// The empty text counts as nothing.
fn is_optional(said: &Value, read: Option<&str>) -> bool {
    said.as_str().filter(|text| !text.is_empty()) == read
}

/// What the body says, read without the SDK.
struct Said(Value);

impl Said {
    /// The elements of a list on one page. What is left out, and a body of nothing, lists nothing.
    fn once(&self, member: &str) -> Vec<&Value> {
        let list = self.0[member].as_array();
        list.into_iter()
            .flatten()
            .filter(|element| !element.is_null())
            .collect()
    }

    /// The elements of a list, on two pages where a next one is announced: the SDK stops at an announcement that it has seen.
    fn listed(&self, member: &str) -> Vec<&Value> {
        let is_last = self.0["NextMarker"].as_str().is_none_or(str::is_empty);
        let pages = if is_last { 1 } else { 2 };
        vec![self.once(member); pages].concat()
    }

    fn is_file_system(&self, found: &FileSystem, said: &Value) -> bool {
        let tags = said["Tags"].as_array();
        is_text(&said["FileSystemId"], found.id.as_str())
            && is_word(&said["LifeCycleState"], found.state.as_str())
            && is_word(&said["PerformanceMode"], found.performance.as_str())
            && is_word(&said["ThroughputMode"], found.throughput().mode())
            && found.encrypted == said["Encrypted"].as_bool()
            && found.tags.len() == tags.map_or(0, Vec::len)
    }
}

/// An AWS that always says the same.
#[derive(Debug, Clone)]
struct Canned {
    status: u16,
    kind: String,
    body: String,
}

impl Canned {
    /// What is no JSON object says nothing.
    fn said(&self) -> Said {
        let said = serde_json::from_str(&self.body).unwrap_or_default();
        Said(said)
    }

    /// The texts of all XML elements of that name.
    fn texts<'b>(&'b self, element: &str) -> impl Iterator<Item = &'b str> {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let mut parts = self
            .body
            .split(&open)
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter();
        std::iter::from_fn(move || parts.next()?.split(&close).next())
    }

    /// It is XML to its end.
    fn is_whole(&self, root: &str) -> bool {
        self.body.trim_end().ends_with(&format!("</{root}>"))
    }
}

impl HttpConnector for Canned {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let status = self.status.try_into().unwrap();
        let mut response = HttpResponse::new(status, SdkBody::from(self.body.clone()));
        let headers = response.headers_mut();
        let _ = headers.try_insert("x-amzn-errortype", self.kind.clone());
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Canned {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
