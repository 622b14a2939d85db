//! What carries the simulated AWS: router, faults, accounts, state files, server.

mod account;
mod faults;
mod loopback;
mod permission;
mod replication;
mod router;
mod server;
mod store;

use efsctl_sandbox::account::{Account, Outcome, Verdict};
use efsctl_sandbox::wire::{Reply, Request};
use serde_json::{Value, json};

const REGION: &str = "eu-west-1";

/// A request signed for a service in a region.
fn signed(service: &str, region: &str, method: &str, path: &str, body: &[u8]) -> Request {
    let scope = format!("AKIDSANDBOX/20260131/{region}/{service}/aws4_request");
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=5ec2e7");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("authorization".to_owned(), authorization)],
        body: body.to_vec(),
    }
}

fn efs(method: &str, path: &str, body: &Value) -> Request {
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    signed(
        "elasticfilesystem",
        REGION,
        method,
        &format!("/2015-02-01{path}"),
        &body,
    )
}

fn ec2(parameters: &str) -> Request {
    let body = format!("Version=2016-11-15&{parameters}");
    signed("ec2", REGION, "POST", "/", body.as_bytes())
}

fn sts() -> Request {
    signed(
        "sts",
        REGION,
        "POST",
        "/",
        b"Action=GetCallerIdentity&Version=2011-06-15",
    )
}

fn create(token: &str) -> Request {
    efs("POST", "/file-systems", &json!({ "CreationToken": token }))
}

fn list() -> Request {
    efs("GET", "/file-systems", &Value::Null)
}

fn reply(verdict: Verdict) -> Reply {
    match verdict.outcome {
        Outcome::Reply(reply) => reply,
        other => panic!("no answer but {other:?}"),
    }
}

fn ask(account: &Account, now: u64, request: &Request) -> Reply {
    reply(account.serve(now, request).unwrap())
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// The code of an error of EFS.
fn code(reply: &Reply) -> &str {
    let mut headers = reply.headers.iter();
    headers
        .find(|(name, _)| name == "x-amzn-errortype")
        .map_or("", |(_, code)| code)
}

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

/// The creation tokens of all file systems.
fn tokens(account: &Account, now: u64) -> Vec<String> {
    let listed = body(&ask(account, now, &list()));
    let systems = listed["FileSystems"].as_array().unwrap();
    systems
        .iter()
        .map(|it| it["CreationToken"].as_str().unwrap().to_owned())
        .collect()
}

/// The subnets of the default VPC.
fn subnets(account: &Account, now: u64) -> Vec<String> {
    let answer = text(&ask(account, now, &ec2("Action=DescribeSubnets")));
    let ids = answer.split("<subnetId>").skip(1);
    ids.map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}
