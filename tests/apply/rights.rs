//! The policy for `apply` in docs/IAM.md is what is called, and no more.

use std::collections::BTreeSet;

use efsctl::manifest::{Form, Reading, Source, read};
use efsctl::service::{ApplyEntry, ApplyOptions};

use crate::support::harness::Harness;
use crate::support::iam;
use crate::support::world::{World, world};

/// Every key of what is created.
const FIRST: &str = r#"
[[file_system]]
name = "app"
vpc = "vpc-0000000000000000a"
allow_from = ["pl-0000000a"]
transition_to_ia = "30d"
policy = ["enforce-tls"]
replication_overwrite_protection = false
access_point = ["app=/app:1000:1000"]
tags = { team = "red" }
expires = "2096-10-02T07:06:40Z"
replicate_to = "eu-west-2"
"#;

/// And of what exists: by name, and by id.
const THEN: &str = r#"
[[file_system]]
name = "app"
vpc = "vpc-0000000000000000a"
security_group = ["sg-0000000000000000a"]
throughput = "elastic"
backup = true
tags = { team = "blue" }
[[file_system]]
id = "fs-0000000000000000a"
policy = "none"
expires = "never"
replicate_to = "none"
"#;

fn account() -> World {
    world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &[])
        .prefix_list("pl-0000000a", "offices", &["192.168.0.0/16"])
        .file_system("data")
        .set("policy", r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}]}"#)
        .tag("efsctl:expires", "2096-10-02T07:06:40Z")
        .copied_to("fs-0000000000000000d", "eu-west-2", "ENABLED")
}

async fn apply(harness: &Harness, text: &str) -> bool {
    let source = Source {
        name: "m.toml".to_owned(),
        folder: "/nowhere".into(),
        form: Form::Toml,
        text: text.to_owned(),
    };
    let file = |_: &std::path::Path| unreachable!("no file is named");
    let entries = read(
        &[source],
        &Reading {
            now: 0,
            file: &file,
        },
    )
    .unwrap();
    let entries = entries.into_iter();
    let entries: Vec<_> = entries
        .map(|one| ApplyEntry::new(one.reference, one.spec))
        .collect();
    let service = harness.service().await;
    let options = ApplyOptions::default();
    let planned = service.plan_apply(&entries, &options).await;
    let done = service.apply(planned, &options).await;
    done.iter().all(|one| one.result.is_ok())
}

#[tokio::test(start_paused = true)]
async fn the_policy_holds_what_is_called_and_nothing_else() {
    let mut called = BTreeSet::new();
    let harness = account().harness();
    assert!(apply(&harness, FIRST).await);
    assert!(apply(&harness, THEN).await);
    called.extend(harness.calls().counts.into_keys());
    // Fails, and is rolled back.
    let refused = account()
        .denied(&["elasticfilesystem:CreateReplicationConfiguration"])
        .harness();
    assert!(!apply(&refused, FIRST).await);
    called.extend(refused.calls().counts.into_keys());

    let allowed = iam::actions("apply");
    // EFS asks for these on behalf of the caller.
    let inner = [
        "CreateNetworkInterface",
        "DeleteNetworkInterface",
        "ModifyNetworkInterfaceAttribute",
    ];
    let operations = allowed.iter().filter_map(|action| action.split(':').nth(1));
    let operations = operations.filter(|name| !inner.contains(name));
    let operations: BTreeSet<String> = operations.map(str::to_owned).collect();
    let missing: Vec<_> = called.difference(&operations).collect();
    let idle: Vec<_> = operations.difference(&called).collect();
    assert!(
        missing.is_empty() && idle.is_empty(),
        "missing {missing:?}, never called {idle:?}"
    );
}
