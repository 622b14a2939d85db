//! What a fix does not do: open more than was asked, replace what is there, touch what was not asked for.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_would_open_more_than_was_asked_is_refused_with_a_reason() {
    let cases: [(&[&str], &str, usize); 6] = [
        (&["0.0.0.0/0"], "NFS would be open to the Internet", 0),
        // Two halves are the whole.
        (
            &["0.0.0.0/1", "128.0.0.0/1"],
            "NFS would be open to the Internet",
            0,
        ),
        (&["0.0.0.0/1"], "NFS would be open to the Internet", 0),
        (&["198.51.100.0/24"], "", 1),
        // A group of another VPC: a rule can name it only over a peering.
        (&["sg-0000000000000000f"], "only over a peering", 0),
        (&[APP, "subnet-000000000000000b1"], "", 2),
    ];
    for (clients, reason, rules) in cases {
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(
            &harness,
            &these(&["fs-0000000000000000a"]),
            &asked(clients, |_| ()),
        )
        .await;
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        assert!(notes.contains(reason), "{clients:?}: {notes}");
        assert_eq!(
            plans[0].rules.len(),
            rules,
            "{clients:?}: {:?}",
            plans[0].rules
        );
    }
}

/// Whether AWS takes them hangs on a quota that is not seen: the plan says so.
#[tokio::test(start_paused = true)]
async fn more_rules_than_a_group_takes_by_default_are_said() {
    for (count, said) in [(50, false), (61, true)] {
        let ranges: Vec<String> = (0..count).map(|n| format!("198.51.{n}.0/24")).collect();
        let clients: Vec<&str> = ranges.iter().map(String::as_str).collect();
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(
            &harness,
            &these(&["fs-0000000000000000a"]),
            &asked(&clients, |_| ()),
        )
        .await;
        let mut notes = plans[0].notes.iter();
        let noted = notes.any(|note| note.contains("unless the quota of the account was raised"));
        assert_eq!(noted, said, "{count}: {:?}", plans[0].notes);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_not_replaced_whoever_set_it_and_when() {
    use efsctl::cloud::Cloud;
    use efsctl::domain::settings::{Lifecycle, ObservedSetting, Value};
    use efsctl::domain::tags::Tags;
    let harness = Harness::described(WORLD);
    let service = harness.service().await;
    let id = "fs-0000000000000000c".parse().unwrap();
    let tag = |key: &str, value: &str| Tags::from([(key.to_owned(), value.to_owned())]);
    service
        .cloud()
        .tag_file_system(&id, &tag("team", "blue"))
        .await
        .unwrap();
    let wanted = asked(&[], |rules| {
        let value = |value: &str| Some(value.to_owned());
        rules.required_tags = [
            ("team".to_owned(), value("red")),
            ("efsctl:name".to_owned(), value("evil")),
            ("aws:owner".to_owned(), value("me")),
            ("stage".to_owned(), value("test")),
        ]
        .into();
    });
    let (_, plans) = audit(&harness, &these(&["fs-0000000000000000c"]), &wanted).await;
    assert_eq!(plans[0].tags, tag("stage", "test"));
    let notes = plans[0]
        .notes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    for note in [
        "the tag team stays blue",
        "the tag efsctl:name stays ours",
        "the tag aws:owner is not added: ",
    ] {
        assert!(notes.contains(note), "{note}: {notes}");
    }
    // Between the audit and the fix somebody comes to it first.
    let seven = Lifecycle {
        transition_to_ia: "7d".parse().ok(),
        ..Lifecycle::default()
    };
    service
        .cloud()
        .set(&id, &Value::Lifecycle(seven.clone()))
        .await
        .unwrap();
    service
        .cloud()
        .tag_file_system(&id, &tag("stage", "prod"))
        .await
        .unwrap();
    let fixed = service.fix(&plans[0], &options()).await.unwrap();
    assert!(
        !fixed
            .changes
            .iter()
            .any(|change| change.resource.kind == ResourceKind::Setting(Key::Lifecycle)),
        "{:?}",
        fixed.changes
    );
    assert_eq!(
        service.cloud().setting(&id, Key::Lifecycle).await.unwrap(),
        ObservedSetting::Lifecycle(seven)
    );
    let region = harness.region();
    let tags = &region.file_systems["fs-0000000000000000c"].tags;
    assert_eq!(
        (
            tags["stage"].as_str(),
            tags["team"].as_str(),
            tags["efsctl:name"].as_str()
        ),
        ("prod", "blue", "ours")
    );
}

#[tokio::test(start_paused = true)]
async fn a_mount_target_that_somebody_made_meanwhile_keeps_its_groups() {
    use efsctl::cloud::{Cloud, NewMountTarget};
    use efsctl::domain::spec::IpType;
    let harness = Harness::described(WORLD);
    let service = harness.service().await;
    let (_, plans) = audit(
        &harness,
        &these(&["fs-0000000000000000b"]),
        &asked(&[APP], |_| ()),
    )
    .await;
    let theirs = NewMountTarget {
        file_system: plans[0].file_system.clone(),
        subnet: "subnet-000000000000000a1".parse().unwrap(),
        ip_type: IpType::Ipv4,
        groups: ["sg-0000000000000000d".parse().unwrap()].into(),
    };
    let made = service.cloud().create_mount_target(&theirs).await.unwrap();
    let fixed = service.fix(&plans[0], &options()).await.unwrap();
    let of_theirs = fixed
        .deployment
        .mount_targets
        .iter()
        .find(|mt| mt.mount_target_id == made.id)
        .unwrap();
    assert_eq!(
        of_theirs.security_groups.as_deref().unwrap(),
        ["sg-0000000000000000d".parse().unwrap()]
    );
    assert_eq!(fixed.deployment.mount_targets.len(), 2);
    let interface = of_theirs.network_interface_id.as_ref().unwrap().as_str();
    assert!(
        harness.region().network_interfaces[interface]
            .tags
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_group_is_no_more_open_than_the_clients_can_use() {
    let cases: [(&[&str], usize, &str); 4] = [
        (&["0.0.0.0/0"], 0, "NFS would be open to the Internet"),
        (
            &["0.0.0.0/1", "128.0.0.0/1", APP],
            1,
            "NFS would be open to the Internet",
        ),
        (
            &["2001:db8::/32", APP],
            1,
            "2001:db8::/32 reaches none of the mount targets that are added: they have ipv4 addresses",
        ),
        (&["10.0.0.0/16", APP], 2, ""),
    ];
    for (clients, sources, note) in cases {
        let harness = Harness::described(WORLD);
        let wanted = asked(clients, |rules| {
            rules.vpc = Some("vpc-0000000000000000a".parse().unwrap())
        });
        let (_, plans) = audit(&harness, &these(&["fs-0000000000000000b"]), &wanted).await;
        assert_eq!(
            plans[0].sources.len(),
            sources,
            "{clients:?}: {:?}",
            plans[0].sources
        );
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        assert!(notes.contains(note), "{clients:?}: {notes}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_added_in_a_vpc_that_was_not_asked_for() {
    let vpc = |id: &str| {
        let id = format!("vpc-{id:0>17}");
        asked(&[], move |rules| rules.vpc = Some(id.parse().unwrap()))
    };
    for (file_system, options, note) in [
        (
            "fs-0000000000000000a",
            vpc("b"),
            "its mount targets are in vpc-0000000000000000a, not in vpc vpc-0000000000000000b",
        ),
        (
            "fs-0000000000000000b",
            vpc("f"),
            "vpc-0000000000000000f has no subnet in this region",
        ),
        (
            "fs-0000000000000000b",
            asked(&["10.0.0.0/16"], |_| ()),
            "or a client that is in one",
        ),
    ] {
        let harness = Harness::described(WORLD);
        let (_, plans) = audit(&harness, &these(&[file_system]), &options).await;
        assert!(plans[0].placement.is_none());
        let notes = plans[0]
            .notes
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        assert!(notes.contains(note), "{note}: {notes}");
    }
}

/// Every interface of a client has to get through: what each of them lacks is added together.
#[tokio::test(start_paused = true)]
async fn a_client_with_several_interfaces_is_let_through_with_all_of_them() {
    let harness = Harness::described(&format!(
        "{WORLD}\n[[region.instance]]\nid = \"i-0000000000000000a\"\nsubnet = \"private-b\"\nip = \"10.0.3.77\"\n"
    ));
    let options = asked(&["i-0000000000000000a"], |_| ());
    let mut told = Vec::new();
    // The sandbox gives an instance one interface: its twin has the next address.
    let mut on_audited = |input: &CheckInput<'_>, _: Audited| {
        let mut clients = input.clients.to_vec();
        let mut twin = clients[0].interfaces[0].clone();
        twin.addresses = vec!["10.0.3.99".parse().unwrap()];
        clients[0].addresses.push("10.0.3.99/32".parse().unwrap());
        clients[0].interfaces.push(twin);
        let both = CheckInput {
            clients: &clients,
            ..*input
        };
        let audited = efsctl::audit::audit(&both);
        let failed = audited
            .findings
            .iter()
            .filter(|finding| finding.about.id == "nfs-from-clients");
        told.extend(
            failed
                .clone()
                .flat_map(|finding| finding.evidence.iter().map(ToString::to_string)),
        );
        let plan = fix_plan(&both, failed);
        let peers: BTreeSet<String> = plan
            .rules
            .iter()
            .map(|(_, peer)| peer.to_string())
            .collect();
        told.extend(peers);
    };
    let auditor = harness.auditor().await;
    auditor
        .validate_each(&these(&["fs-0000000000000000a"]), &options, &mut on_audited)
        .await
        .unwrap();
    let told = told.join("\n");
    assert!(
        told.contains("(10.0.3.77/32, 10.0.3.99/32) is not allowed"),
        "{told}"
    );
    assert!(told.ends_with("10.0.3.77/32\n10.0.3.99/32"), "{told}");
}
