//! What real accounts were seen to answer, in public recordings, logs and issue threads, against what the sandbox answers.
//!
//! A row is one observation: what was seen, where, and what the sandbox says to the same. Placebo recordings are those
//! of cloud-custodian, `tests/data/placebo/`. What is not known of an answer is not compared.

mod ec2;
mod efs;

use efsctl_sandbox::wire::{self, Request};
use efsctl_sandbox::world::{Millis, World, scenario};

/// One observation, and how the sandbox is asked.
struct Row {
    seen: &'static str,
    source: &'static str,
    ask: fn(&mut Lab) -> String,
    answer: &'static str,
}

/// What the sandbox answered otherwise.
fn differences(rows: &[Row]) -> Vec<String> {
    let differs = rows.iter().filter_map(|row| {
        let said = (row.ask)(&mut Lab::new());
        let Row {
            seen,
            source,
            answer,
            ..
        } = row;
        (said != *answer).then(|| format!("{seen} ({source}):\n  {answer}\nand not:\n  {said}"))
    });
    differs.collect()
}

/// An account with two VPCs, and one file system of another account.
const WORLD: &str = r#"
[[region]]
name = "eu-west-1"
default_vpc = false
[[region.vpc]]
id = "vpc-0a000000000000001"
cidr = "10.0.0.0/16"
dns_hostnames = true
[[region.vpc.subnet]]
id = "subnet-0a00000000000000a"
zone = "eu-west-1a"
cidr = "10.0.1.0/24"
[[region.vpc.subnet]]
id = "subnet-0a00000000000000b"
zone = "eu-west-1b"
cidr = "10.0.2.0/24"
[[region.vpc.security_group]]
id = "sg-0a000000000000001"
name = "nfs"
[[region.vpc]]
id = "vpc-0a000000000000002"
cidr = "10.9.0.0/16"
[[region.vpc.subnet]]
id = "subnet-0a00000000000000c"
zone = "eu-west-1a"
cidr = "10.9.1.0/24"
[[region.vpc.security_group]]
id = "sg-0a000000000000002"
name = "other"
[[region.file_system]]
id = "fs-0a000000000000001"
token = "data"
[[region.file_system.mount_target]]
id = "fsmt-0a000000000000001"
subnet = "subnet-0a00000000000000a"
security_groups = ["nfs"]
ip = "10.0.1.20"
[[region.file_system]]
id = "fs-0a000000000000002"
token = "bare"
[[region.file_system]]
id = "fs-0a000000000000009"
token = "theirs"
owner = "999988887777"
[[region.file_system.mount_target]]
id = "fsmt-0a000000000000009"
subnet = "subnet-0a00000000000000b"
security_groups = ["nfs"]
"#;

/// The account, at a time.
struct Lab {
    world: World,
    now: Millis,
}

impl Lab {
    fn new() -> Self {
        let now = 1_700_000_000_000;
        let mut world = scenario::parse(WORLD, now).unwrap_or_else(|error| panic!("{error}"));
        // No right on EC2 by way of EFS is denied unless a row says so.
        world.denied.clear();
        Self { world, now }
    }

    fn pass(&mut self, seconds: u64) {
        self.now += seconds * 1_000;
    }

    fn send(&mut self, service: &str, request: Request) -> (u16, String, String) {
        let credential =
            format!("AWS4-HMAC-SHA256 Credential=AKID/20260131/eu-west-1/{service}/aws4_request");
        let request = Request {
            headers: vec![("authorization".to_owned(), credential)],
            ..request
        };
        let reply = wire::respond(&mut self.world, self.now, &request, "id");
        let mut headers = reply.headers.into_iter();
        let code = headers.find(|(name, _)| name == "x-amzn-errortype");
        let code = code.map(|(_, code)| code).unwrap_or_default();
        (reply.status, code, String::from_utf8(reply.body).unwrap())
    }

    /// Status, code when there is one, and body of the answer of EFS.
    fn efs(&mut self, method: &str, path: &str, body: &str) -> String {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = Request {
            method: method.to_owned(),
            path: format!("/2015-02-01/{path}"),
            query: query.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        };
        let (status, code, body) = self.send("elasticfilesystem", request);
        [status.to_string(), code, body]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Members of the answer of EFS, by JSON pointers.
    fn efs_members(&mut self, method: &str, path: &str, body: &str, pointers: &[&str]) -> String {
        let text = self.efs(method, path, body);
        let json = text
            .split_once('{')
            .map_or("{}".to_owned(), |(_, rest)| format!("{{{rest}"));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let found = pointers.iter().map(|pointer| {
            json.pointer(pointer)
                .map_or("absent".to_owned(), ToString::to_string)
        });
        found.collect::<Vec<_>>().join(" ")
    }

    fn ec2_raw(&mut self, form: &str) -> (u16, String) {
        let request = Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            body: format!("{form}&Version=2016-11-15").into_bytes(),
            ..Request::default()
        };
        let (status, _, text) = self.send("ec2", request);
        (status, text)
    }

    /// Status, and the texts of these elements of the answer of EC2.
    fn ec2(&mut self, form: &str, elements: &[&str]) -> String {
        let (status, xml) = self.ec2_raw(form);
        let texts = elements.iter().map(|name| {
            let open = format!("<{name}>");
            let text = xml
                .split_once(&open)
                .and_then(|(_, rest)| rest.split_once("</"));
            text.map_or("absent", |(text, _)| text)
                .replace("&apos;", "'")
                .replace("&quot;", "\"")
        });
        std::iter::once(status.to_string())
            .chain(texts)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
