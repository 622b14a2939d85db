//! The environment as the AWS CLI and boto3 read it: each row of the table that `docs/ENVIRONMENT.md` is made of.

#[path = "environment/adversarial.rs"]
mod adversarial;
#[path = "environment/honoured.rs"]
mod honoured;
#[path = "environment/places.rs"]
mod places;
#[path = "environment/runs.rs"]
mod runs;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use efsctl::aws::configuration::table::{Kind, TABLE, Treatment};
use efsctl::aws::configuration::{Asked, Base, Because, Configuration, Refusal};
use efsctl::domain::variables::Variables;

use crate::support::cli::fixture;

/// What every file of these tests holds beside the setting in question, which stands in `[default]`.
const CONFIG: &str = "
[profile two]
region = eu-west-2
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = secret
[profile bare]
[sso-session corp]
sso_start_url = https://corp.example.com/start
sso_region = eu-central-1
[services mine]
efs =
  endpoint_url = http://127.0.0.1:7
";

/// A certificate of nobody, made for this test.
const CERTIFICATE: &str = include_str!("../fixtures/certificate.pem");

/// A home directory with the two files.
struct Home {
    folder: tempfile::TempDir,
    variables: Variables,
}

impl Home {
    fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let aws = folder.path().join(".aws");
        fs::create_dir(&aws).unwrap();
        fs::write(aws.join("config"), config).unwrap();
        fs::write(folder.path().join("ca.pem"), CERTIFICATE).unwrap();
        let home = folder.path().to_string_lossy();
        let variables = Variables::default()
            .with("HOME", home)
            .with("AWS_EC2_METADATA_DISABLED", "true");
        Self { folder, variables }
    }

    /// With settings in `[default]`.
    fn with_settings(settings: &[(&str, &str)]) -> Self {
        let lines: String = settings
            .iter()
            .map(|(key, value)| format!("{key} = {value}\n"))
            .collect();
        Self::new(&format!("[default]\n{lines}{CONFIG}"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.variables = self.variables.with(name, value);
        self
    }

    fn read(&self) -> Result<Configuration, Refusal> {
        Configuration::read(&Asked::default(), &self.variables)
    }

    fn asked(&self, profile: &str) -> Result<Configuration, Refusal> {
        let asked = Asked {
            profile: Some(profile.to_owned()),
            ..Asked::default()
        };
        Configuration::read(&asked, &self.variables)
    }
}

/// The same name, set there.
fn set(name: &str, kind: Kind, value: &str, others: &[(&str, &str)]) -> Home {
    let mut settings = others.to_vec();
    settings.retain(|(key, _)| key.chars().all(|c| !c.is_ascii_uppercase()));
    if kind == Kind::Setting {
        settings.push((name, value));
    }
    let mut home = Home::with_settings(&settings);
    for (other, value) in others {
        if other.chars().any(|c| c.is_ascii_uppercase()) {
            home = home.set(other, value);
        }
    }
    match kind {
        Kind::Variable => home.set(name, value),
        Kind::Setting => home,
    }
}

#[test]
fn everything_that_botocore_reads_has_its_row_once() {
    let names = fs::read_to_string(fixture("botocore-names.txt")).unwrap();
    let rows: Vec<(Kind, &str)> = TABLE.iter().map(|row| (row.kind, row.name)).collect();
    let mut missing = Vec::new();
    for line in names.lines().filter(|line| !line.starts_with('#')) {
        let (kind, name) = line.split_once(' ').unwrap();
        let kind = match kind {
            "variable" => Kind::Variable,
            _ => Kind::Setting,
        };
        if !rows.contains(&(kind, name)) {
            missing.push(line.to_owned());
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    let unique: BTreeSet<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    assert_eq!(unique.len(), rows.len());
}

#[test]
fn what_is_refused_is_refused_by_its_name() {
    let mut count = 0;
    for row in TABLE {
        let Treatment::Refused { why, .. } = row.treatment else {
            continue;
        };
        let refusal = set(row.name, row.kind, "x", &[]).read().unwrap_err();
        assert!(refusal.sentence.contains(row.name), "{refusal}");
        assert!(refusal.sentence.contains(why), "{refusal}");
        assert!(
            refusal.hint.is_some() && refusal.because == Because::Value,
            "{refusal}"
        );
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn what_does_not_apply_changes_nothing_whatever_it_says() {
    for row in TABLE {
        if !matches!(row.treatment, Treatment::Inapplicable(_)) {
            continue;
        }
        for value in ["true", "\u{1}", "no such thing"] {
            let with = set(row.name, row.kind, value, &[("region", "eu-west-1")]).read();
            let without = set("X", Kind::Variable, "", &[("region", "eu-west-1")]).read();
            assert_eq!(with, without, "{} = {value:?}", row.name);
        }
    }
}

#[test]
fn a_profile_that_is_not_there_is_named_with_the_files_and_where_it_was_named() {
    let home = Home::with_settings(&[("region", "eu-west-1")]);
    let by = |name: &str| set(name, Kind::Variable, "nope", &[("region", "eu-west-1")]).read();
    for (refused, origin) in [
        (home.asked("nope"), "(--profile)"),
        (by("AWS_PROFILE"), "(the variable AWS_PROFILE)"),
        (
            by("AWS_DEFAULT_PROFILE"),
            "(the variable AWS_DEFAULT_PROFILE)",
        ),
    ] {
        let refusal = refused.unwrap_err();
        assert_eq!(refusal.because, Because::Value);
        for words in [
            "the profile `nope`",
            origin,
            "not defined",
            ".aws/config",
            ".aws/credentials",
        ] {
            assert!(refusal.sentence.contains(words), "{refusal}");
        }
    }
}

#[test]
fn a_heading_of_the_other_file_is_told() {
    let home = Home::new("[two]\nregion = eu-west-1\n");
    fs::write(
        home.path(".aws/credentials"),
        "[two]\naws_access_key_id = a\naws_secret_access_key = b\n",
    )
    .unwrap();
    for region in [None, Some("eu-west-1")] {
        let asked = Asked {
            profile: Some("two".to_owned()),
            region: region.map(str::to_owned),
            ..Asked::default()
        };
        let refusal = Configuration::read(&asked, &home.variables).unwrap_err();
        assert!(
            refusal.sentence.contains("[two]") && refusal.sentence.contains(".aws/config"),
            "{refusal}"
        );
        assert!(refusal.hint.unwrap().contains("[profile two]"));
    }
    let home = Home::new("");
    fs::write(
        home.path(".aws/credentials"),
        "[profile two]\naws_access_key_id = a\n",
    )
    .unwrap();
    let refusal = home.asked("two").unwrap_err();
    assert!(
        refusal.sentence.contains("[profile two]") && refusal.sentence.contains(".aws/credentials"),
        "{refusal}"
    );
    // Its own heading beside it is right.
    let home = Home::new("[two]\nx = 1\n[profile two]\nregion = eu-west-2\n");
    assert_eq!(
        home.asked("two").unwrap().region.as_deref(),
        Some("eu-west-2")
    );
}

#[test]
fn a_region_is_checked_wherever_it_stands() {
    for (text, words) in [
        ("us-east-1a", "it is a zone of us-east-1"),
        ("\"us-east-1\"", "quotes"),
        ("'us-east-1'", "quotes"),
        ("mars", "not a region"),
        ("", "set and empty"),
    ] {
        for (name, kind) in [
            ("AWS_REGION", Kind::Variable),
            ("AWS_DEFAULT_REGION", Kind::Variable),
            ("region", Kind::Setting),
        ] {
            let refusal = set(name, kind, text, &[]).read().unwrap_err();
            assert_eq!(refusal.because, Because::Value);
            assert!(
                refusal.sentence.contains(words),
                "{name} = {text}: {refusal}"
            );
            let place = if kind == Kind::Variable {
                name
            } else {
                "the profile `default`"
            };
            assert!(refusal.sentence.contains(place), "{refusal}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_one_that_is_not_there_is_empty() {
    for (variable, file) in [
        ("AWS_CONFIG_FILE", "config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    ] {
        let home = Home::with_settings(&[]);
        let folder = home.path("").to_string_lossy().into_owned();
        fs::write(home.path("broken"), b"[default]\nregion = \xff\n").unwrap();
        fs::write(home.path("form"), "region = eu-west-1\n").unwrap();
        for (name, words) in [
            ("", "cannot be read"),
            ("/broken", "no text"),
            ("/form", "line 1"),
        ] {
            let path = format!("{folder}{name}");
            let home = Home::with_settings(&[]).set(variable, &path);
            let refusal = home.read().unwrap_err();
            assert!(refusal.sentence.contains(words), "{refusal}");
            assert!(refusal.sentence.contains(variable), "{refusal}");
        }
        let gone = Home::with_settings(&[("region", "eu-west-1")]).set(variable, "/nonexistent/x");
        assert!(gone.read().is_ok(), "{file}");
    }
}

#[test]
fn the_first_credentials_are_found_in_the_order_of_botocore() {
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIAENV"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
    ];
    let settings = [
        ("aws_access_key_id", "AKIAFILE"),
        ("aws_secret_access_key", "s"),
        ("credential_process", "true"),
        ("sso_session", "corp"),
        ("sso_account_id", "111122223333"),
        ("sso_role_name", "admin"),
    ];
    let home = |with: &[(&str, &str)], settings: &[(&str, &str)]| {
        with.iter()
            .fold(Home::with_settings(settings), |home, (name, value)| {
                home.set(name, value)
            })
    };
    let id = |found: &Configuration| match &found.chain.base {
        Base::Keys(keys) => keys.id.clone(),
        other => format!(
            "{:?}",
            efsctl::aws::configuration::Chain {
                base: other.clone(),
                roles: Vec::new()
            }
        ),
    };
    let of = |home: &Home| id(&home.read().unwrap());
    assert_eq!(of(&home(&keys, &settings)), "AKIAENV");
    assert_eq!(
        id(&home(&keys, &settings).asked("default").unwrap()),
        "SSO, then []",
        "a profile that is typed wins"
    );
    assert_eq!(of(&home(&[], &settings)), "SSO, then []");
    assert_eq!(of(&home(&[], &settings[..3])), "a process, then []");
    let with_credentials = home(&[], &settings[2..3]);
    fs::write(
        with_credentials.path(".aws/credentials"),
        "[default]\naws_access_key_id = AKIACRED\naws_secret_access_key = s\n",
    )
    .unwrap();
    assert_eq!(of(&with_credentials), "AKIACRED", "before a process");
    assert_eq!(of(&home(&[], &settings[..2])), "AKIAFILE");
    assert_eq!(of(&home(&[], &[])), "nowhere, then []");
    assert_eq!(
        of(&home(&[("AWS_EC2_METADATA_DISABLED", "false")], &[])),
        "the instance, then []"
    );
    let uri = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
    assert_eq!(of(&home(&[uri], &[])), "the container, then []");
}

#[test]
fn chains_of_profiles_that_lead_nowhere_are_told_with_the_profile() {
    for (config, words) in [
        (
            "[default]\nrole_arn = r\n",
            "names a role and not whose credentials",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = x\n",
            "the profile `x`",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = x\n[x]\naws_access_key_id = a\n",
            "[x]",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = x\n[profile x]\n",
            "has none",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = default\n",
            "has none",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = x\n[profile x]\nrole_arn = q\nsource_profile = default\n",
            "circle",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = x\ncredential_source = Environment\n",
            "both",
        ),
        (
            "[default]\nrole_arn = r\ncredential_source = Magic\n",
            "`Magic` is not one of",
        ),
        (
            "[default]\nrole_arn = r\ncredential_source = Environment\n",
            "named as the source of keys, and holds none",
        ),
        (
            "[default]\nrole_arn = r\ncredential_source = EcsContainer\n",
            "no container",
        ),
        (
            "[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n",
            "turned off",
        ),
        ("[default]\nsso_session = nope\n", "[sso-session nope]"),
        ("[default]\nsso_start_url = https://x\n", "sso_region"),
        (
            "[default]\naws_access_key_id = a\n",
            "no aws_secret_access_key",
        ),
        (
            "[default]\naws_secret_access_key = hidden\n",
            "no aws_access_key_id",
        ),
        ("[default]\nweb_identity_token_file = t\n", "no role"),
    ] {
        let refusal = Home::new(config).read().unwrap_err();
        assert!(refusal.sentence.contains(words), "{config}: {refusal}");
        assert!(
            refusal.hint.is_some() && !refusal.sentence.contains("hidden"),
            "{refusal}"
        );
    }
}

/// The HTTP client takes the name in capitals, Python the other one.
#[test]
fn proxies_that_differ_are_refused_by_name() {
    for (upper, lower) in [
        ("", "http://p:1"),
        ("http://p:1", "http://q:1"),
        ("http://p:1", ""),
    ] {
        let refused = Home::new(CONFIG)
            .set("HTTPS_PROXY", upper)
            .set("https_proxy", lower)
            .read()
            .unwrap_err();
        assert!(
            refused.sentence.contains("HTTPS_PROXY") && refused.sentence.contains("https_proxy"),
            "{refused:?}"
        );
    }
    // A line end is no part of an address, and the client would take it for no proxy at all.
    let refused = Home::new(CONFIG)
        .set("ALL_PROXY", "http://p:1\n")
        .read()
        .unwrap_err();
    assert!(refused.sentence.contains("ALL_PROXY"), "{refused:?}");
}
