//! The keys of a manifest: each asks for what its flag asks for, and what is wrong has its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use efsctl::domain::settings::policy::{Content, Preset};
use efsctl::domain::settings::replication::Destination;
use efsctl::domain::settings::{On, Protection, Throughput, Wish};
use efsctl::domain::spec::{Access, Encryption, Spec};
use efsctl::manifest::{Entry, Form, ManifestError, Reading, Source, read, schema};

/// The time of all tests.
const NOW: i64 = 1_800_000_000;

fn source(form: Form, text: &str) -> Source {
    Source {
        name: "m".to_owned(),
        folder: PathBuf::from("/folder"),
        form,
        text: text.to_owned(),
    }
}

/// Reads these; the one file there is beside them holds a policy.
fn all(sources: &[Source]) -> Result<Vec<Entry>, ManifestError> {
    let file = |path: &Path| {
        match path == Path::new("/folder/policy.json") {
        true => Ok(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}]}"#.to_owned()),
        false => Err("there is no such file".to_owned()),
    }
    };
    let reading = Reading {
        now: NOW,
        file: &file,
    };
    read(sources, &reading)
}

fn toml(text: &str) -> Result<Vec<Entry>, ManifestError> {
    all(&[source(Form::Toml, text)])
}

fn json(text: &str) -> Result<Vec<Entry>, ManifestError> {
    all(&[source(Form::Json, text)])
}

fn plain() -> Spec {
    Spec::new("app".parse().unwrap())
}

/// A key with its value, in both languages, and what it asks for.
type Row = (&'static str, &'static str, fn(&mut Spec));

const ROWS: &[Row] = &[
    ("vpc", r#""vpc-0a1b2c3d4e5f60718""#, |s| {
        s.placement.vpc = "vpc-0a1b2c3d4e5f60718".parse().ok()
    }),
    ("subnet", r#"["subnet-0a1b2c3d4e5f60718"]"#, |s| {
        s.placement.subnets = vec!["subnet-0a1b2c3d4e5f60718".parse().unwrap()];
    }),
    ("az", r#""eu-west-1a, eu-west-1b""#, |s| {
        s.placement.zones = vec!["eu-west-1a".parse().unwrap(), "eu-west-1b".parse().unwrap()];
    }),
    ("security_group", r#"["sg-0a1b2c3d4e5f60718"]"#, |s| {
        s.access = Access::Groups(vec!["sg-0a1b2c3d4e5f60718".parse().unwrap()]);
    }),
    ("allow_from", r#"["10.0.0.0/16", "vpc"]"#, |s| {
        s.access = Access::Make(vec!["10.0.0.0/16".parse().unwrap(), "vpc".parse().unwrap()]);
    }),
    ("open_to_the_world", "true", |s| s.open_to_the_world = true),
    ("rules_per_group", "100", |s| s.group_rules = 100),
    ("ip_type", r#""dual-stack""#, |s| {
        s.ip_type = efsctl::domain::spec::IpType::DualStack
    }),
    ("kms_key", r#""alias/efs""#, |s| {
        s.encryption = Encryption::Key("alias/efs".parse().unwrap())
    }),
    ("unencrypted", "true", |s| s.encryption = Encryption::None),
    ("performance", r#""max-io""#, |s| {
        s.performance = Some(efsctl::domain::spec::PerformanceMode::MaxIo)
    }),
    ("one_zone", r#""eu-west-1a""#, |s| {
        s.one_zone = "eu-west-1a".parse().ok()
    }),
    ("throughput", r#""elastic""#, |s| {
        s.settings.throughput = Wish::Set(Throughput::Elastic)
    }),
    ("transition_to_ia", r#""30d""#, |s| {
        s.settings.lifecycle.to_ia = Wish::Set("30d".parse().unwrap())
    }),
    ("transition_to_archive", r#""never""#, |s| {
        s.settings.lifecycle.to_archive = Wish::Clear
    }),
    ("transition_to_primary", r#""on-access""#, |s| {
        s.settings.lifecycle.to_primary = Wish::Set(On)
    }),
    ("backup", "true", |s| s.settings.backups = Wish::Set(On)),
    ("backup", r#""off""#, |s| s.settings.backups = Wish::Clear),
    ("policy", r#"["enforce-tls", "deny-root"]"#, |s| {
        let presets = [Preset::EnforceTls, Preset::DenyRoot].into();
        s.settings.policy = Wish::Set(Content::Presets(presets).into());
    }),
    ("policy", r#""none""#, |s| s.settings.policy = Wish::Clear),
    ("hardened", "true", |s| s.hardened = true),
    ("replication_overwrite_protection", r#""off""#, |s| {
        s.settings.protection = Wish::Set(Protection::Off);
    }),
    ("replicate_to", r#""eu-west-2""#, |s| {
        s.settings.replication = Wish::Set(Destination {
            region: "eu-west-2".to_owned(),
            zone: None,
            file_system: None,
            kms_key: None,
        });
    }),
    ("replicate_to", r#""none""#, |s| {
        s.settings.replication = Wish::Clear
    }),
    ("access_point", r#"["data=/data:1000:1000:750"]"#, |s| {
        s.access_points = vec!["data=/data:1000:1000:750".parse().unwrap()];
    }),
    ("expires", r#""never""#, |s| s.expires = Wish::Clear),
    ("expires", r#""2030-01-31T18:00:00Z""#, |s| {
        s.expires = Wish::Set(efsctl::domain::expiry::Expiry {
            at: 1_896_112_800,
            is_relative: false,
        });
    }),
];

#[test]
fn each_key_asks_for_what_its_flag_asks_for() {
    for (key, value, asks) in ROWS {
        let mut expected = plain();
        asks(&mut expected);
        let in_toml = toml(&format!(
            "[[file_system]]\nname = \"app\"\n{key} = {value}\n"
        ));
        assert_eq!(
            in_toml.as_ref().map(|all| &all[0].spec),
            Ok(&expected),
            "{key}"
        );
        let in_json = json(&format!(
            r#"{{"file_system": [{{"name": "app", "{key}": {value}}}]}}"#
        ));
        assert_eq!(
            in_json.as_ref().map(|all| &all[0].spec),
            Ok(&expected),
            "{key}"
        );
        let by_default = toml(&format!(
            "[defaults]\n{key} = {value}\n[[file_system]]\nname = \"app\"\n"
        ));
        assert_eq!(
            by_default.as_ref().map(|all| &all[0].spec),
            Ok(&expected),
            "{key}"
        );
    }
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let keys = schema["properties"]["defaults"]["properties"]
        .as_object()
        .unwrap();
    // These are in tests of their own.
    let others = ["tags", "bypass_lockout_check", "replica_kms_key"];
    let tested: Vec<&str> = ROWS.iter().map(|(key, ..)| *key).chain(others).collect();
    assert!(keys.keys().all(|key| tested.contains(&key.as_str())));
}

#[test]
fn a_file_system_has_its_own_values_over_the_defaults_and_more_tags() {
    let all = toml(
        "[defaults]\nthroughput = \"elastic\"\nbackup = true\nvpc = \"vpc-0a1b2c3d4e5f60718\"\ntags = { team = \"red\", cost = \"7\" }\n\
         [[file_system]]\nname = \"app\"\nbackup = \"off\"\n[file_system.tags]\nteam = \"blue\"\n\
         [[file_system]]\nid = \"fs-0000000000000000a\"\n",
    )
    .unwrap();
    let tags: BTreeMap<String, String> = [("team", "blue"), ("cost", "7")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    assert_eq!(all[0].spec.tags, tags);
    assert_eq!(all[0].spec.settings.backups, Wish::Clear);
    assert_eq!(
        all[0].spec.settings.throughput,
        Wish::Set(Throughput::Elastic)
    );
    // What decides how one is created is not asked of one that exists.
    assert_eq!(all[1].spec.placement, plain().placement);
    assert_eq!(all[1].spec.settings.backups, Wish::Set(On));
    assert_eq!(all[1].place.to_string(), "m:12:1");
}

#[test]
fn a_policy_is_in_a_file_beside_the_manifest() {
    let all = toml(
        "[[file_system]]\nname = \"app\"\npolicy = \"file://policy.json\"\nbypass_lockout_check = true\n",
    );
    let spec = &all.unwrap()[0].spec;
    let wanted = spec.settings.policy.value().unwrap();
    assert!(matches!(wanted.content, Content::Document(_)) && wanted.bypass_lockout_check);
}

/// What is wrong, where, and in which words.
#[test]
fn what_is_wrong_has_its_place_and_its_key() {
    let rows = [
        ("x = 1\n", "m:1:1", "there is no section `x`"),
        ("[[file_system]]\nname = \n", "m:2:8", ""),
        (
            "[file_system]\nname = \"a\"\n",
            "m:1:1",
            "expected a list, found a table",
        ),
        (
            "defaults = 1\n",
            "m:1:12",
            "expected a table, found a number",
        ),
        ("[[file_system]]\n", "m:1:1", "neither `name` nor `id`"),
        (
            "[[file_system]]\nname = \"a\"\nid = \"fs-0000000000000000a\"\n",
            "m:3:1",
            "exclude each other",
        ),
        ("[[file_system]]\nname = \"-\"\n", "m:2:8", "`name`: `-`"),
        ("[[file_system]]\nid = \"fs-1\"\n", "m:2:6", "`id`: `fs-1`"),
        (
            "[[file_system]]\nname = 7\n",
            "m:2:8",
            "`name`: expected text, found a number",
        ),
        (
            "[[file_system]]\nname = \"a\"\nthroughputs = \"elastic\"\n",
            "m:3:1",
            "there is no key `throughputs`; did you mean `throughput`?",
        ),
        (
            "[[file_system]]\nname = \"a\"\nallow-from = [\"vpc\"]\n",
            "m:3:1",
            "did you mean `allow_from`?",
        ),
        (
            "[[file_system]]\nname = \"a\"\ncolour = 1\n",
            "m:3:1",
            "there is no key `colour`",
        ),
        (
            "[[file_system]]\nname = \"a\"\nthroughput = \"fast\"\n",
            "m:3:14",
            "`throughput`: `fast`",
        ),
        (
            "[[file_system]]\nname = \"a\"\ntransition_to_ia = \"31d\"\n",
            "m:3:20",
            "`31d` is not a number of days",
        ),
        (
            "[[file_system]]\nname = \"a\"\ntransition_to_ia = 30\n",
            "m:3:20",
            "expected text, found a number",
        ),
        (
            "[[file_system]]\nname = \"a\"\nbackup = \"yes\"\n",
            "m:3:10",
            "`yes` is not one of on, off",
        ),
        (
            "[[file_system]]\nname = \"a\"\nhardened = \"on\"\n",
            "m:3:12",
            "`hardened`: expected true or false, found text",
        ),
        (
            "[[file_system]]\nname = \"a\"\nperformance = \"quick\"\n",
            "m:3:15",
            "`quick` is not one of general-purpose, max-io",
        ),
        (
            "[[file_system]]\nname = \"a\"\nrules_per_group = 0\n",
            "m:3:19",
            "a whole number from 1 to 1000",
        ),
        (
            "[[file_system]]\nname = \"a\"\nsubnet = [\"subnet-1\", \"x\"]\n",
            "m:3:11",
            "`subnet`: `subnet-1`",
        ),
        (
            "[[file_system]]\nname = \"a\"\nallow_from = [\"vpc\",\n \"10.0.0.0/99\"]\n",
            "m:4:2",
            "`allow_from`: `10.0.0.0/99`",
        ),
        (
            "[[file_system]]\nname = \"a\"\ntags = { \"aws:x\" = \"1\" }\n",
            "m:3:10",
            "the prefix `aws:` is reserved",
        ),
        (
            "[[file_system]]\nname = \"a\"\ntags = { team = 1 }\n",
            "m:3:17",
            "`team`: expected text, found a number",
        ),
        (
            "[[file_system]]\nname = \"a\"\npolicy = \"deny-all\"\n",
            "m:3:10",
            "`policy`: `deny-all`",
        ),
        (
            "[[file_system]]\nname = \"a\"\npolicy = []\n",
            "m:3:1",
            "write \"none\"",
        ),
        (
            "[[file_system]]\nname = \"a\"\npolicy = \"file://other.json\"\n",
            "m:3:10",
            "file://other.json: there is no such file",
        ),
        (
            "[[file_system]]\nname = \"a\"\naccess_point = [\"data\"]\n",
            "m:3:17",
            "`access_point`: `data` is not an access point",
        ),
        (
            "[[file_system]]\nname = \"a\"\nexpires = \"soon\"\n",
            "m:3:11",
            "`expires`: `soon`",
        ),
        (
            "[[file_system]]\nname = \"a\"\nexpires = 2001-01-01T00:00:00Z\n",
            "m:3:11",
            "expires: ",
        ),
        (
            "[[file_system]]\nname = \"a\"\nunencrypted = true\nkms_key = \"alias/a\"\n",
            "m:2:1",
            "unencrypted and kms_key exclude each other",
        ),
        (
            "[[file_system]]\nname = \"a\"\nsecurity_group = \"sg-0a1b2c3d4e5f60718\"\nallow_from = \"vpc\"\n",
            "m:2:1",
            "security_group and allow_from exclude",
        ),
        (
            "[[file_system]]\nname = \"a\"\nhardened = true\nbackup = false\n",
            "m:2:1",
            "hardened turns backups on",
        ),
        (
            "[[file_system]]\nname = \"a\"\nallow_from = \"0.0.0.0/0\"\n",
            "m:2:1",
            "allow_from would open NFS to the Internet",
        ),
        (
            "[[file_system]]\nname = \"a\"\ntransition_to_archive = \"90d\"\nthroughput = \"bursting\"\n",
            "m:2:1",
            "transition_to_archive needs throughput elastic",
        ),
        (
            "[[file_system]]\nid = \"fs-0000000000000000a\"\nvpc = \"vpc-0a1b2c3d4e5f60718\"\n",
            "m:3:1",
            "`vpc` is decided when a file system is created",
        ),
        (
            "[[file_system]]\nname = \"a\"\n[[file_system]]\nname = \"a\"\n",
            "m:4:1",
            "a is described twice: first at m:2:1",
        ),
        // Columns are counted in characters.
        (
            "[[file_system]]\nname = \"a\"\ntags = { k = \"äöü\", team = 1 }\n",
            "m:3:28",
            "`team`",
        ),
    ];
    for (text, place, sentence) in rows {
        let error = toml(text).unwrap_err();
        assert_eq!(error.place.to_string(), place, "{text}{error}");
        assert!(error.to_string().contains(sentence), "{text}{error}");
    }
    let rows = [
        ("[]", "m:1:1", "expected an object, found a list"),
        ("{\n\"file_system\": [,]}", "m:2:17", ""),
        (
            "{\"file_system\": [\n{\"name\": \"a\",\n \"vpcs\": 1}]}",
            "m:3:2",
            "there is no key `vpcs`; did you mean `vpc`?",
        ),
        (
            "{\"file_system\": [\n{\"name\": \"a\",\n \"vpc\" : null}]}",
            "m:3:10",
            "`vpc`: expected text, found null",
        ),
        (
            "{\"file_system\": [{\"name\": \"a\", \"name\": \"b\"}]}",
            "m:1:32",
            "`name` is given twice",
        ),
        (
            "{\"file_system\": [{\"name\": \"a\", \"rules_per_group\": 1.5}]}",
            "m:1:51",
            "a whole number",
        ),
    ];
    for (text, place, sentence) in rows {
        let error = json(text).unwrap_err();
        assert_eq!(error.place.to_string(), place, "{text}{error}");
        assert!(error.to_string().contains(sentence), "{text}{error}");
    }
}

#[test]
fn a_file_system_is_described_once_in_all_files() {
    let one = source(Form::Toml, "[[file_system]]\nname = \"app\"\n");
    let two = Source {
        name: "n".to_owned(),
        ..source(Form::Json, r#"{"file_system": [{"name": "app"}]}"#)
    };
    let error = all(&[one, two]).unwrap_err().to_string();
    assert_eq!(error, "n:1:19: app is described twice: first at m:2:1");
}

#[test]
fn the_key_of_a_copy_is_for_a_copy_that_is_created() {
    let entry = |keys: &str| toml(&format!("[[file_system]]\nname = \"app\"\n{keys}\n"));
    let all = entry("replicate_to = \"eu-west-2\"\nreplica_kms_key = \"alias/x\"").unwrap();
    let Wish::Set(target) = &all[0].spec.settings.replication else {
        panic!("{all:?}");
    };
    assert_eq!(target.kms_key, "alias/x".parse().ok());
    for keys in [
        "replica_kms_key = \"alias/x\"",
        "replica_kms_key = \"alias/x\"\nreplicate_to = \"none\"",
    ] {
        let error = entry(keys).unwrap_err().to_string();
        assert!(
            error.contains("replica_kms_key is for a copy that EFS creates"),
            "{error}"
        );
    }
}
