//! What the audit says of file system policies whose effect is not on their face.

use efsctl::audit::config_file::ConfigFile;
use efsctl::audit::rules::Rules;
use efsctl::domain::finding::Verdict;
use efsctl::domain::settings::policy::Preset;
use efsctl::service::{Scope, ValidateOptions};
use serde_json::{Value, json};

use crate::support::harness::{REGION, joined};
use crate::support::world::world;

const ARN: &str =
    "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0000000000000000a";

/// What a check says of a file system with that policy, by a config file.
async fn judged_by(file: &str, statements: &Value, check: &str) -> (Verdict, String) {
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    let world = world()
        .account("111122223333")
        .file_system("data")
        .set("policy", &policy.to_string());
    let options = ValidateOptions {
        region: REGION.to_owned(),
        rules: ConfigFile::parse(file)
            .unwrap()
            .apply_to(Rules::on("2026-11-21".to_owned())),
        ..ValidateOptions::default()
    };
    let auditor = world.harness().auditor().await;
    let report = auditor.validate(&Scope::All, &options).await.unwrap();
    let mut findings = report.findings().map(|(_, finding)| finding);
    let found = findings.find(|finding| finding.about.id == check).unwrap();
    (found.verdict, joined(&found.evidence, "\n"))
}

async fn assert_judged(check: &str, cases: &[(Value, Verdict, &str)]) {
    for (statements, verdict, words) in cases {
        let (found, evidence) = judged_by("", statements, check).await;
        assert_eq!(
            (found, evidence.as_str()),
            (*verdict, *words),
            "{statements}"
        );
    }
}

/// The statements of presets.
fn by_presets(words: &str) -> Value {
    let presets = words.split(' ').map(|word| word.parse().unwrap());
    let document = Preset::document(&presets.collect()).to_string();
    let mut document: Value = serde_json::from_str(&document).unwrap();
    match document["Statement"].take() {
        one @ Value::Object(_) => json!([one]),
        all => all,
    }
}

fn allow(condition: Value) -> Value {
    json!({
        "Sid": "base", "Effect": "Allow", "Principal": "*",
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Condition": condition,
    })
}

/// A Deny of everything, with these members.
fn deny(mut members: Value) -> Value {
    members["Sid"] = json!("deny");
    members["Effect"] = json!("Deny");
    members["Action"] = json!("*");
    if members.get("NotPrincipal").is_none() {
        members["Principal"] = json!({ "AWS": "*" });
    }
    members
}

#[tokio::test(start_paused = true)]
async fn the_account_is_locked_out_by_conditions_that_every_call_meets() {
    use Verdict::{Fail, Pass, Unknown};
    let fail = "statement deny: denies changing and deleting the policy";
    let unknown = |because: &str| {
        format!(
            "whether the account can still change the policy is not known: it depends on statement deny ({because})"
        )
    };
    let unless =
        |condition: Value| json!([allow(json!({})), deny(json!({ "Condition": condition }))]);
    let except = |names: Value| json!([allow(json!({})), deny(json!({ "NotPrincipal": names }))]);
    assert_judged(
        "no-policy-lock-out",
        &[
            (unless(json!({"StringNotEquals": {"elasticfilesystem:AccessPointArn": "x"}})), Fail, fail),
            (unless(json!({"BoolIfExists": {"elasticfilesystem:AccessedViaMountTarget": "false"}})), Fail, fail),
            (unless(json!({"Bool": {"aws:SecureTransport": "true"}})), Fail, fail),
            (except(json!({"AWS": "arn:aws:iam::444455556666:root"})), Fail, fail),
            (except(json!({"AWS": "arn:aws:iam::111122223333:user/bob"})), Unknown, &unknown("NotPrincipal")),
            (unless(json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})), Unknown, &unknown("aws:SourceVpce")),
            (
                unless(json!({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}})),
                Pass,
                "the policy can be changed or deleted",
            ),
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_may_mount_is_told_without_those_who_are_denied() {
    use Verdict::{Fail, Pass, Unknown};
    let plain = json!({"Bool": {"aws:SecureTransport": "false"}});
    let tls = json!({"Bool": {"aws:SecureTransport": "true"}});
    let void = "the grant of elasticfilesystem:ClientMount applies to no NFS client, or is denied (statement base): at most identities whose own IAM policy allows it can mount, with -o tls,iam";
    assert_judged(
        "policy-grants-mount",
        &[
            (json!([allow(json!({}))]), Pass, "statement base lets everybody mount"),
            (
                json!([allow(json!({})), deny(json!({"Condition": plain}))]),
                Pass,
                "statement base lets everybody mount with TLS",
            ),
            (
                json!([allow(json!({})), deny(json!({"Condition": plain})), deny(json!({"Condition": tls}))]),
                Fail,
                void,
            ),
            (
                json!([allow(json!({"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}}))]),
                Fail,
                void,
            ),
            (
                json!([allow(json!({})), deny(json!({"NotPrincipal": {"AWS": "444455556666"}}))]),
                Pass,
                "statement base lets 444455556666 mount with TLS",
            ),
            (
                json!([allow(json!({})), deny(json!({"Condition": {"StringNotEquals": {"elasticfilesystem:AccessPointArn": "x"}}}))]),
                Pass,
                "statement base lets everybody mount by an access point only, unless denied by statement deny (elasticfilesystem:AccessPointArn)",
            ),
            (
                json!([allow(json!({})), deny(json!({"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}))]),
                Unknown,
                "whether any client may mount is not known: it depends on what is denied by statement deny (aws:SourceVpc)",
            ),
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn tls_is_enforced_by_what_applies_to_this_file_system() {
    use Verdict::{Fail, Pass, Unknown};
    let plain = json!({"Bool": {"aws:SecureTransport": "false"}});
    let on = |resource: &str| {
        json!([
            allow(json!({})),
            deny(json!({"Condition": plain, "Resource": resource}))
        ])
    };
    let (fail, pass) = (
        "nothing is denied to clients without TLS",
        "no client can mount without TLS",
    );
    assert_judged(
        "encrypted-in-transit",
        &[
            (on(ARN), Pass, pass),
            (on("arn:aws:elasticfilesystem:eu-west-1:*:file-system/*"), Pass, pass),
            (on(&ARN.replace("000a", "000b")), Fail, fail),
            (on("arn:aws:s3:::x"), Fail, fail),
            (
                json!([allow(json!({})), deny(json!({"Condition": {"StringEquals": {"aws:SecureTransport": "false"}}}))]),
                Pass,
                pass,
            ),
            (
                json!([allow(json!({"StringEquals": {"elasticfilesystem:AccessPointArn": "x"}}))]),
                Pass,
                pass,
            ),
            (
                json!([allow(json!({})), deny(json!({"Condition": {
                    "Bool": {"aws:SecureTransport": "false"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}))]),
                Fail,
                "only some clients without TLS are denied, by statement deny (aws:SourceIp)",
            ),
            (
                json!([allow(json!({})), deny(json!({"Condition": {
                    "Bool": {"aws:SecureTransport": "false"}, "StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}))]),
                Unknown,
                "whether clients without TLS are denied is not known: it depends on statement deny (aws:SourceVpc)",
            ),
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_everybody_and_strangers_get_is_named() {
    use Verdict::{Fail, Pass};
    let wide = |action: &str, condition: Value| json!([{"Sid": "wide", "Effect": "Allow", "Principal": "*", "Action": action, "Condition": condition}]);
    assert_judged(
        "policy-no-wildcard-actions",
        &[
            (
                wide("elasticfilesystem:?*", json!({})),
                Fail,
                "statement wide: grants a wildcard of actions to everybody: elasticfilesystem:?* covers elasticfilesystem:DeleteFileSystem",
            ),
            (
                wide("elasticfilesystem:P*", json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})),
                Fail,
                "statement wide: grants a wildcard of actions to everybody: elasticfilesystem:P* covers elasticfilesystem:PutFileSystemPolicy (narrowed by aws:PrincipalOrgID)",
            ),
            (
                wide("elasticfilesystem:*", json!({"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}})),
                Pass,
                "no wildcard of administrative actions is granted to everybody",
            ),
        ],
    )
    .await;
    assert_judged(
        "no-anonymous-access",
        &[(
            json!([allow(json!({"StringEquals": {"aws:SourceVpc": "vpc-1"}, "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}))]),
            Fail,
            "statement base grants elasticfilesystem:ClientMount, elasticfilesystem:ClientWrite to everybody (narrowed by elasticfilesystem:AccessedViaMountTarget); EFS does not enforce aws:SourceVpc for NFS clients",
        )],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn organizations_are_foreign_unless_they_are_expected() {
    let statements = json!([
        allow(json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})),
        allow(json!({"StringLike": {"aws:PrincipalOrgPaths": "o-f6g7h8i9j0/r-ab12/*"}})),
        allow(json!({})),
        deny(
            json!({"NotPrincipal": {"AWS": "arn:aws:iam::444455556666:root"}, "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
        ),
    ]);
    let check = "no-foreign-accounts";
    let (verdict, evidence) = judged_by("", &statements, check).await;
    assert_eq!(verdict, Verdict::Fail);
    assert_eq!(
        evidence,
        "something is granted to account 444455556666\n\
         something is granted to all accounts of organization o-a1b2c3d4e5\n\
         something is granted to all accounts of organization path o-f6g7h8i9j0/r-ab12/*"
    );
    let file = "allowed-accounts = [\"444455556666\", \"o-a1b2c3d4e5\", \"o-f6g7h8i9j0\"]";
    let (verdict, _) = judged_by(file, &statements, check).await;
    assert_eq!(verdict, Verdict::Pass);
    for bad in [
        "o-a1b2",
        "o-A1B2C3D4E5",
        "o-",
        "O-a1b2c3d4e5",
        "o-a1b2c3d4e5/r-ab12",
        "o-a1b2_3d4e5",
    ] {
        let error = ConfigFile::parse(&format!("allowed-accounts = [\"{bad}\"]")).unwrap_err();
        let words = format!(
            "line 1, column 21: `{bad}` is not an account number: expected 12 digits in quotes, or the id of an organization (o-…)"
        );
        assert_eq!(error.to_string(), words);
    }
}

/// IAM shows the unique id of a principal that was deleted, and whoever is made anew under its name is another one.
#[tokio::test(start_paused = true)]
async fn whom_iam_has_deleted_nobody_can_be() {
    use Verdict::{Fail, Pass, Unknown};
    const ID: &str = "AROAEXAMPLEID12345678";
    const ROLE: &str = "arn:aws:iam::111122223333:role/app";
    let to = |names: Value| {
        json!([{ "Sid": "app", "Effect": "Allow", "Principal": { "AWS": names },
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"] }])
    };
    let nobody = "the grant of elasticfilesystem:ClientMount applies to no NFS client, or is denied (statement app): at most identities whose own IAM policy allows it can mount, with -o tls,iam\nAROAEXAMPLEID12345678 is the id of a role, user or group that was deleted: it matches no principal, not even one created again under its name";
    let mounts = format!("statement app lets {ROLE} mount with TLS");
    assert_judged(
        "policy-grants-mount",
        &[
            (to(json!(ID)), Fail, nobody),
            (to(json!([ID, ROLE])), Pass, mounts.as_str()),
            (to(json!(ROLE)), Pass, mounts.as_str()),
        ],
    )
    .await;
    let untold = "something is granted to AROAEXAMPLEID12345678, the id of a deleted principal: the id does not show its account";
    assert_judged(
        "no-foreign-accounts",
        &[
            (to(json!(ID)), Unknown, untold),
            (to(json!([ID, ROLE])), Unknown, untold),
            (
                to(json!(ROLE)),
                Pass,
                "nothing is granted to other accounts",
            ),
            (
                to(json!([ID, "444455556666"])),
                Fail,
                "something is granted to account 444455556666",
            ),
        ],
    )
    .await;
}

/// As the console writes it, and as `DescribeFileSystemPolicy` was seen to render it.
#[tokio::test(start_paused = true)]
async fn preventing_anonymous_access_locks_nobody_out() {
    use Verdict::{Fail, Pass};
    let base = |actions: Value| {
        json!({ "Sid": "base", "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": actions,
            "Condition": { "Bool": { "elasticfilesystem:AccessedViaMountTarget": "true" } } })
    };
    let console = base(json!([
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite"
    ]));
    let tls = deny(json!({ "Condition": { "Bool": { "aws:SecureTransport": "false" } } }));
    let pass = "statement base leaves mounting to identities whose own IAM policy allows it, with -o tls,iam";
    let by_preset = "the preset deny-anonymous leaves mounting to identities whose own IAM policy allows it, with -o tls,iam";
    let ours = "statement EfsctlBase leaves mounting to identities whose own IAM policy allows it, with -o tls,iam";
    let with = |words: &str, kept: &Value| {
        let mut statements = by_presets(words);
        statements.as_array_mut().unwrap().push(kept.clone());
        statements
    };
    let fail = "no statement allows elasticfilesystem:ClientMount: only identities whose own IAM policy does can mount, with -o tls,iam";
    assert_judged(
        "policy-grants-mount",
        &[
            (json!([console.clone()]), Pass, pass),
            (json!([console.clone(), tls.clone()]), Pass, pass),
            (
                json!([base(json!("elasticfilesystem:DescribeMountTargets"))]),
                Fail,
                fail,
            ),
            (json!([tls]), Fail, fail),
            (by_presets("deny-anonymous deny-root read-only"), Pass, by_preset),
            (by_presets("enforce-tls deny-anonymous"), Pass, ours),
            (
                by_presets("deny-anonymous access-points-only"),
                Pass,
                ours,
            ),
            (
                with("deny-anonymous deny-root read-only", &deny(json!({}))),
                Fail,
                fail,
            ),
            (json!([console.clone(), deny(json!({}))]), Fail, fail),
            (
                json!([console, deny(json!({ "Condition": { "IpAddress": { "aws:VpcSourceIp": "10.0.0.0/8" } } }))]),
                Verdict::Unknown,
                "whether identities may mount is not known: a Deny may apply to elasticfilesystem:ClientMount, or not",
            ),
        ],
    )
    .await;
}
