//! Each name that is honoured: a value that counts, and one that is refused by name.

use std::collections::BTreeSet;

use efsctl::aws::configuration::table::{Kind, TABLE, Treatment};
use efsctl::aws::configuration::{Base, Configuration, RetryMode};

use super::set;

/// A name, a value with what is set beside it, what the value has to do, and a value that cannot be meant.
struct Case {
    name: &'static str,
    value: &'static str,
    others: &'static [(&'static str, &'static str)],
    counts: fn(&Configuration) -> bool,
    bad: Option<&'static str>,
}

const fn case(
    name: &'static str,
    value: &'static str,
    others: &'static [(&'static str, &'static str)],
    counts: fn(&Configuration) -> bool,
    bad: Option<&'static str>,
) -> Case {
    Case {
        name,
        value,
        others,
        counts,
        bad,
    }
}

const KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "AKIA"),
    ("AWS_SECRET_ACCESS_KEY", "s"),
];
const IN_FILE: &[(&str, &str)] = &[
    ("aws_access_key_id", "AKIA"),
    ("aws_secret_access_key", "s"),
];
const SSO: &[(&str, &str)] = &[
    ("sso_start_url", "https://x.example.com"),
    ("sso_region", "eu-west-3"),
    ("sso_account_id", "111122223333"),
    ("sso_role_name", "admin"),
];
const ROLE: &[(&str, &str)] = &[("role_arn", "arn:r"), ("source_profile", "keys")];
const IDENTITY: &[(&str, &str)] = &[
    ("AWS_ROLE_ARN", "arn:r"),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"),
];

fn id(found: &Configuration) -> &str {
    match &found.chain.base {
        Base::Keys(keys) => &keys.id,
        _ => "",
    }
}

fn token(found: &Configuration) -> &str {
    match &found.chain.base {
        Base::Keys(keys) => keys.token.as_deref().unwrap_or_default(),
        _ => "",
    }
}

fn is_at(found: &Configuration, service: &str) -> bool {
    found
        .endpoints
        .get(service)
        .is_some_and(|url| url == "http://127.0.0.1:9")
}

fn sso(found: &Configuration) -> Option<[String; 4]> {
    match &found.chain.base {
        Base::Sso(sso) => Some([
            sso.start_url.clone(),
            sso.region.clone(),
            sso.account.clone(),
            sso.role.clone(),
        ]),
        _ => None,
    }
}

fn is_identity(found: &Configuration, session: Option<&str>) -> bool {
    matches!(&found.chain.base, Base::WebIdentity(it) if it.file == "/t" && it.role == "arn:r" && it.session.as_deref() == session)
}

const URL: &str = "http://127.0.0.1:9";
const RANGE: Option<&str> = Some("0");
const BOOL: Option<&str> = Some("yes");

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("AWS_PROFILE", "two", &[("region", "eu-west-1")], |c| c.region.as_deref() == Some("eu-west-2"), Some("")),
    case("AWS_DEFAULT_PROFILE", "two", &[("region", "eu-west-1")], |c| c.region.as_deref() == Some("eu-west-2"), Some("nope")),
    case("AWS_CONFIG_FILE", "/nonexistent/config", &[("region", "eu-west-1")], |c| c.region.is_none(), Some("")),
    case("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/config", IN_FILE, |c| id(c) == "AKIA", Some("/")),
    case("AWS_REGION", "eu-west-3", &[("region", "eu-west-1"), ("AWS_DEFAULT_REGION", "eu-west-2")], |c| c.region.as_deref() == Some("eu-west-3"), Some("eu-west-3a")),
    case("AWS_DEFAULT_REGION", "eu-west-3", &[("region", "eu-west-1")], |c| c.region.as_deref() == Some("eu-west-3"), Some("")),
    case("region", "eu-west-3", &[], |c| c.region.as_deref() == Some("eu-west-3"), Some("EU-WEST-3")),
    case("AWS_ENDPOINT_URL", URL, &[], |c| ["EFS", "EC2", "STS"].iter().all(|s| is_at(c, s)), Some("localhost:9")),
    case("AWS_ENDPOINT_URL_EFS", URL, &[("AWS_ENDPOINT_URL", "http://127.0.0.1:8")], |c| is_at(c, "EFS") && !is_at(c, "EC2"), Some("")),
    case("AWS_ENDPOINT_URL_EC2", URL, &[], |c| is_at(c, "EC2") && !is_at(c, "EFS"), Some("x")),
    case("AWS_ENDPOINT_URL_STS", URL, &[], |c| is_at(c, "STS") && !is_at(c, "EFS"), Some("x")),
    case("AWS_ENDPOINT_URL_SSO", URL, &[], |_| true, Some("x")),
    case("AWS_ENDPOINT_URL_SSO_OIDC", URL, &[], |_| true, Some("x")),
    case("endpoint_url", URL, &[], |c| is_at(c, "EFS") && is_at(c, "EC2"), Some("x")),
    case("services", "mine", &[("endpoint_url", URL)], |c| !is_at(c, "EFS") && is_at(c, "EC2"), Some("nope")),
    case("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", &[("endpoint_url", URL)], |c| c.endpoints.is_empty(), BOOL),
    case("ignore_configured_endpoint_urls", "True", &[("endpoint_url", URL)], |c| c.endpoints.is_empty(), BOOL),
    case("AWS_USE_FIPS_ENDPOINT", "TRUE", &[], |c| c.fips, BOOL),
    case("use_fips_endpoint", "true", &[], |c| c.fips, Some("1")),
    case("AWS_USE_DUALSTACK_ENDPOINT", "true", &[("use_dualstack_endpoint", "false")], |c| c.dual_stack, Some("on")),
    case("use_dualstack_endpoint", "true", &[], |c| c.dual_stack, Some("1")),
    case("AWS_STS_REGIONAL_ENDPOINTS", "regional", &[], |_| true, Some("legacy")),
    case("sts_regional_endpoints", "regional", &[], |_| true, Some("legacy")),
    case("AWS_CA_BUNDLE", "$HOME/ca.pem", &[], |c| c.trusted.is_some(), Some("/nonexistent")),
    case("ca_bundle", "~/ca.pem", &[], |c| c.trusted.is_some(), Some("/nonexistent")),
    case("REQUESTS_CA_BUNDLE", "~/ca.pem", &[], |c| c.trusted.is_some(), Some("")),
    case("HTTPS_PROXY", "http://proxy:3128", &[], |_| true, Some("socks5://proxy:1")),
    case("HTTP_PROXY", "proxy:3128", &[], |_| true, Some("not a proxy")),
    case("ALL_PROXY", "http://proxy:3128", &[], |_| true, Some(":")),
    case("NO_PROXY", "example.com", &[], |_| true, None),
    case("AWS_MAX_ATTEMPTS", "7", &[("max_attempts", "5")], |c| c.attempts == Some(7), Some("many")),
    case("max_attempts", "5", &[], |c| c.attempts == Some(5), RANGE),
    case("AWS_RETRY_MODE", "adaptive", &[], |c| c.retry == RetryMode::Adaptive, Some("legacy")),
    case("retry_mode", "adaptive", &[], |c| c.retry == RetryMode::Adaptive, Some("fast")),
    case("AWS_SDK_UA_APP_ID", "payroll", &[], |c| c.application.as_deref() == Some("payroll"), Some("two words")),
    case("sdk_ua_app_id", "payroll", &[], |c| c.application.as_deref() == Some("payroll"), Some("é")),
    case("AWS_EXECUTION_ENV", "AWS_Lambda_python3.12", &[], |_| true, Some("x\n")),
    case("AWS_LAMBDA_FUNCTION_NAME", "f", &[], |_| true, None),
    case("_X_AMZN_TRACE_ID", "Root=1", &[], |_| true, None),
    case("AWS_ACCESS_KEY_ID", "AKIA", KEYS, |c| id(c) == "AKIA", Some("AK\nIA")),
    case("AWS_SECRET_ACCESS_KEY", "s", KEYS, |c| id(c) == "AKIA", Some("\u{7f}")),
    case("AWS_SESSION_TOKEN", "t", KEYS, |c| token(c) == "t", Some("t\u{e9}")),
    case("AWS_SECURITY_TOKEN", "t", KEYS, |c| token(c) == "t", Some("\r\nx")),
    case("aws_access_key_id", "AKIA", IN_FILE, |c| id(c) == "AKIA", Some("AKI\u{e9}")),
    case("aws_secret_access_key", "s", IN_FILE, |c| id(c) == "AKIA", Some("s\u{1}s")),
    case("aws_session_token", "t", IN_FILE, |c| token(c) == "t", Some("t\u{2028}t")),
    case("aws_security_token", "t", IN_FILE, |c| token(c) == "t", Some("t\u{7f}t")),
    case("AWS_CREDENTIAL_FILE", "/x", KEYS, |c| id(c) == "AKIA", None),
    case("BOTO_CONFIG", "/x", KEYS, |c| id(c) == "AKIA", None),
    case("role_arn", "arn:r", &[("source_profile", "keys")], |c| c.chain.roles[0].arn == "arn:r", Some("a\u{1}")),
    case("source_profile", "keys", ROLE, |c| id(c) == "AKIAKEYS", Some("bare")),
    case("credential_source", "Environment", &[("role_arn", "r"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s")], |c| id(c) == "AKIA", None),
    case("external_id", "e", ROLE, |c| c.chain.roles[0].external_id.as_deref() == Some("e"), Some("\u{1}")),
    case("role_session_name", "n", ROLE, |c| c.chain.roles[0].session.as_deref() == Some("n"), Some("\u{1}")),
    case("duration_seconds", "900", ROLE, |c| c.chain.roles[0].duration.is_some_and(|d| d.as_secs() == 900), Some("long")),
    case("mfa_serial", "", ROLE, |c| id(c) == "AKIAKEYS", Some("arn:aws:iam::1:mfa/me")),
    case("AWS_ROLE_ARN", "arn:r", IDENTITY, |c| is_identity(c, None), Some("\u{1}")),
    case("AWS_WEB_IDENTITY_TOKEN_FILE", "/t", IDENTITY, |c| is_identity(c, None), Some("\u{1}")),
    case("AWS_ROLE_SESSION_NAME", "n", IDENTITY, |c| is_identity(c, Some("n")), Some("\u{1}")),
    case("web_identity_token_file", "/t", &[("role_arn", "arn:r")], |c| is_identity(c, None), Some("\u{1}")),
    case("credential_process", "print it", &[], |c| matches!(&c.chain.base, Base::Process(p) if p.command == "print it" && p.profile == "default"), Some("\u{1}")),
    case("sso_session", "corp", &[("sso_account_id", "1"), ("sso_role_name", "r")], |c| sso(c).is_some_and(|s| s[0] == "https://corp.example.com/start"), Some("nope")),
    case("sso_start_url", "https://x.example.com", SSO, |c| sso(c).is_some_and(|s| s[0] == "https://x.example.com"), Some("")),
    case("sso_region", "eu-west-3", SSO, |c| sso(c).is_some_and(|s| s[1] == "eu-west-3"), Some("mars")),
    case("sso_account_id", "111122223333", SSO, |c| sso(c).is_some_and(|s| s[2] == "111122223333"), Some("")),
    case("sso_role_name", "admin", SSO, |c| sso(c).is_some_and(|s| s[3] == "admin"), Some("")),
    case("login_session", "", KEYS, |c| id(c) == "AKIA", None),
    case("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x?id=1", &[], |c| c.chain.base == Base::Container, Some("v2")),
    case("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x?y=z", &[], |c| c.chain.base == Base::Container, Some("127.0.0.1:80")),
    case("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t", &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")], |c| c.chain.base == Base::Container, Some("t\nt")),
    case("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/t", &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")], |c| c.chain.base == Base::Container, None),
    case("AWS_EC2_METADATA_DISABLED", "false", &[], |c| c.chain.base == Base::Instance, Some("0")),
    case("AWS_EC2_METADATA_SERVICE_ENDPOINT", URL, &[], |c| c.instance.endpoint.as_deref() == Some(URL), Some("x")),
    case("ec2_metadata_service_endpoint", URL, &[], |c| c.instance.endpoint.as_deref() == Some(URL), Some("")),
    case("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6", &[], |c| c.instance.ipv6, Some("6")),
    case("ec2_metadata_service_endpoint_mode", "IPv6", &[], |c| c.instance.ipv6, Some("")),
    case("AWS_IMDS_USE_IPV6", "true", &[], |c| c.instance.ipv6, BOOL),
    case("imds_use_ipv6", "true", &[("ec2_metadata_service_endpoint_mode", "IPv4")], |c| !c.instance.ipv6, BOOL),
    case("AWS_EC2_METADATA_V1_DISABLED", "true", &[], |_| true, BOOL),
    case("ec2_metadata_v1_disabled", "true", &[], |_| true, BOOL),
    case("AWS_METADATA_SERVICE_TIMEOUT", "4", &[], |c| c.instance.timeout.as_secs() == 4, Some("1.5")),
    case("metadata_service_timeout", "4", &[], |c| c.instance.timeout.as_secs() == 4, RANGE),
    case("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "4", &[], |c| c.instance.attempts == 4, Some("-1")),
    case("metadata_service_num_attempts", "4", &[], |c| c.instance.attempts == 4, Some("")),
];

#[test]
fn what_is_honoured_counts_and_what_cannot_be_meant_is_refused_by_name() {
    let mut wrong = Vec::new();
    for row in TABLE {
        if !matches!(row.treatment, Treatment::Honoured(_)) {
            continue;
        }
        let Some(case) = CASES.iter().find(|case| case.name == row.name) else {
            wrong.push(format!("{} has no case", row.name));
            continue;
        };
        let with = |value: &str| {
            let others: Vec<_> = case
                .others
                .iter()
                .filter(|(name, _)| *name != case.name)
                .copied()
                .collect();
            set(case.name, row.kind, value, &others).read()
        };
        match with(case.value) {
            Ok(found) if (case.counts)(&found) => {}
            other => wrong.push(format!("{} = {}: {other:?}", case.name, case.value)),
        }
        if let Some(bad) = case.bad {
            match with(bad) {
                Err(refusal)
                    if refusal.sentence.contains(case.name)
                        || refusal.sentence.contains(bad.trim()) =>
                {
                    if refusal.hint.is_none() {
                        wrong.push(format!("{}: no hint: {refusal}", case.name));
                    }
                }
                other => wrong.push(format!("{} = {bad:?} is taken: {other:?}", case.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    let rows: BTreeSet<&str> = TABLE.iter().map(|row| row.name).collect();
    assert!(names.is_subset(&rows), "{:?}", names.difference(&rows));
}

#[test]
fn what_only_other_tools_read_is_refused_where_it_would_count() {
    for (name, kind, words) in [
        (
            "AWS_CREDENTIAL_FILE",
            Kind::Variable,
            "credentials are not read from",
        ),
        (
            "BOTO_CONFIG",
            Kind::Variable,
            "credentials are not read from",
        ),
        ("login_session", Kind::Setting, "`aws login`"),
    ] {
        let refusal = set(name, kind, "/x", &[]).read().unwrap_err();
        assert!(
            refusal.sentence.contains(words) && refusal.sentence.contains(name),
            "{refusal}"
        );
        assert!(!refusal.sentence.contains("cargo"), "{refusal}");
    }
    let told = set("login_session", Kind::Setting, "/x", &[])
        .read()
        .unwrap_err()
        .hint
        .unwrap();
    assert!(
        told.contains("aws configure export-credentials") && told.contains("--profile default"),
        "{told}"
    );
    let told = set("mfa_serial", Kind::Setting, "m", ROLE)
        .read()
        .unwrap_err()
        .hint
        .unwrap();
    assert!(told.contains("aws configure export-credentials"), "{told}");
}

#[test]
fn two_names_that_contradict_each_other_are_both_told() {
    let both = set(
        "AWS_PROFILE",
        Kind::Variable,
        "two",
        &[("AWS_DEFAULT_PROFILE", "keys")],
    );
    let refusal = both.read().unwrap_err();
    assert!(
        refusal.sentence.contains("AWS_PROFILE")
            && refusal.sentence.contains("AWS_DEFAULT_PROFILE"),
        "{refusal}"
    );
    // What is typed wins, and the same name twice is one.
    assert!(both.asked("two").is_ok());
    assert!(
        set(
            "AWS_PROFILE",
            Kind::Variable,
            "two",
            &[("AWS_DEFAULT_PROFILE", "two")]
        )
        .read()
        .is_ok()
    );
    for (flag, url) in [
        ("AWS_USE_FIPS_ENDPOINT", "AWS_ENDPOINT_URL"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "AWS_ENDPOINT_URL_EC2"),
    ] {
        let refusal = set(flag, Kind::Variable, "true", &[(url, URL)])
            .read()
            .unwrap_err();
        assert!(
            refusal.sentence.contains(flag) && refusal.sentence.contains(url),
            "{refusal}"
        );
        assert!(
            set(
                flag,
                Kind::Variable,
                "true",
                &[("AWS_ENDPOINT_URL_STS", URL)]
            )
            .read()
            .is_ok()
        );
    }
}
