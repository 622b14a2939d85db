//! Everything that reaches a run by its environment, fed with what nobody would write: a configuration or a sentence, never a panic and
//! never a secret.

use std::fs;

use efsctl::aws::configuration::table::{Kind, TABLE};
use efsctl::aws::configuration::{Asked, Base, Configuration};
use efsctl::domain::variables::Variables;
use proptest::prelude::*;
use proptest::sample::select;

use super::Home;
use super::runs::{Recorder, list};

/// Never shown, wherever it stands.
const SECRET: &str = "hiddenhiddenhidden";

/// Values near what is expected, and values far from it.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "true",
            "false",
            "1",
            "0",
            "",
            "eu-west-1",
            "us-east-1a",
            "regional",
            "legacy",
            "standard",
            "adaptive",
            "IPv6",
            "two",
            "default",
            "keys",
            "corp",
            "mine",
            "Environment",
            "EcsContainer",
            "Ec2InstanceMetadata",
            "/nonexistent",
            "~/ca.pem",
            "$HOME/ca.pem",
            "~/.aws/config",
            "${",
            "$",
            "127.0.0.1:80",
            "http://127.0.0.1:9",
            "http://",
            "http://[",
            "//x",
            "/x",
            "http://h:",
            "http://h/?#",
            "socks5://h",
            "AKIA\n",
            "AK\nIA",
            "\r",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
        "(https?|ftp)?:?/{0,2}[a-z@:0-9\\[\\].%?#]{0,16}(/[ -~]{0,8})?",
        "[a-z]{2}-[a-z]{4,9}-[0-9]{0,2}[a-z]?",
        ".{0,8}",
    ]
}

fn names(kind: Kind) -> impl Strategy<Value = &'static str> {
    let names: Vec<&'static str> = TABLE
        .iter()
        .filter(|row| row.kind == kind)
        .map(|row| row.name)
        .collect();
    select(names)
}

/// A file of the form, or bytes.
fn file(headings: Vec<&'static str>) -> impl Strategy<Value = Vec<u8>> {
    let line = (
        names(Kind::Setting),
        values(),
        select(vec!["", " ", "\t", "   "]),
    );
    let section = (select(headings), prop::collection::vec(line, 0..6));
    let text = prop::collection::vec(section, 0..5).prop_map(|sections| {
        let mut text = String::new();
        for (heading, lines) in sections {
            text += &format!("[{heading}]\n");
            for (key, value, indent) in lines {
                text += &format!("{indent}{key} = {value}\n");
            }
        }
        text.into_bytes()
    });
    prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..60), 1 => "\\PC{0,80}".prop_map(String::into_bytes)]
}

fn variables() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let set = (names(Kind::Variable), values());
    let with_keys = any::<bool>();
    (prop::collection::vec(set, 0..6), with_keys).prop_map(|(mut set, with_keys)| {
        if with_keys {
            set.push(("AWS_ACCESS_KEY_ID", "AKIA".to_owned()));
            set.push(("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()));
        }
        set
    })
}

fn profile() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(
        0.3,
        prop_oneof![
            select(vec!["two", "default", "keys"]).prop_map(str::to_owned),
            values()
        ],
    )
}

/// A connection costs milliseconds.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_environment_is_a_configuration_or_a_sentence(
        set in variables(),
        config in file(vec!["default", "profile two", "two", "profile keys", "sso-session corp", "services mine", "profile", "]", "x y z"]),
        credentials in file(vec!["default", "two", "keys", "profile two"]),
        profile in profile(),
    ) {
        let home = Home::new("");
        fs::write(home.path(".aws/config"), &config).unwrap();
        fs::write(home.path(".aws/credentials"), &credentials).unwrap();
        let variables = set.into_iter().fold(home.variables.clone(), |all, (name, value)| all.with(name, value));
        let asked = Asked { profile: profile.clone(), ..Asked::default() };
        let found = Configuration::read(&asked, &variables);
        match found {
            Err(refusal) => {
                prop_assert!(!refusal.sentence.is_empty() && !refusal.sentence.contains(SECRET), "{}", refusal);
                prop_assert!(!refusal.sentence.contains(['\n', '\r', '\u{0}']), "{}", refusal);
            }
            // These can be tried without leaving the process.
            Ok(found) if matches!(found.chain.base, Base::Keys(_) | Base::Nowhere) => {
                let home = Home { variables, ..home };
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
                let ended = runtime.block_on(list(&home, profile.as_deref(), &Recorder::giving(["AKIA", "s", "t"])));
                let told = match ended {
                    Ok(error) => error.map(|error| error.to_string()).unwrap_or_default(),
                    Err(error) => error.to_string(),
                };
                prop_assert!(!told.contains(SECRET), "{}", told);
            }
            Ok(_) => {}
        }
    }

}

proptest! {
    #![proptest_config(cases(150))]

    /// Keys that STS gives end up in headers as well.
    #[test]
    fn any_keys_of_a_role_are_used_or_told(id in values(), secret in values(), token in values()) {
        let home = Home::new("[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n[default]\nregion = eu-west-1\nrole_arn = arn:r\nsource_profile = keys\n");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let ended = runtime.block_on(list(&home, None, &Recorder::giving([&id, &format!("{SECRET}{secret}"), &token]))).unwrap();
        if let Some(error) = ended {
            prop_assert!(error.message.contains("the profile `default`"), "{}", error);
            prop_assert!(!error.message.contains(SECRET), "{}", error);
        }
    }

    #[test]
    fn any_path_is_expanded(path in "\\PC{0,20}|[~${}A-Z_/a]{0,20}") {
        let variables = Variables::default().with("HOME", "/h").with("A", "$A");
        let _ = variables.expanded(&path);
    }
}
