//! A policy that is set: who loses what is said beforehand, and what would not hold, or would lock out, is refused.

use efsctl::EfsService;
use efsctl::cloud::Cloud;
use efsctl::domain::settings::Wish;
use efsctl::domain::settings::policy::{Content, Document, Wanted};
use efsctl::error::{Code, Error};
use efsctl::service::SetOptions;

use super::{SetRequest, policy, presets, reference, set, somebody_elses};
use crate::support::harness::Harness;
use crate::support::world::{World, world};

/// A policy of somebody, with these statements.
fn with_policy(statements: &str) -> World {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .file_system("data")
        .set("policy", text.as_str())
}

const EVERYBODY_IS_ROOT: &str = r#"{"Sid":"theirs","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientRootAccess"}"#;
const NOBODY: &str = r#"{"Effect":"Deny","Principal":"*","Action":"*"}"#;

fn to(content: Content) -> SetRequest {
    policy(Wish::Set(content.into()))
}

fn document(statement: &str) -> Content {
    let text = format!(r#"{{"Statement":[{statement}]}}"#);
    Content::Document(Document::written(&text).unwrap())
}

async fn losses(harness: &Harness, request: &SetRequest) -> Result<Vec<String>, Error> {
    losses_on(&harness.service().await, request).await
}

async fn losses_on<C: Cloud>(
    service: &EfsService<C>,
    request: &SetRequest,
) -> Result<Vec<String>, Error> {
    let options = SetOptions::default();
    let planned = service.plan_set(&reference(), request, &options).await?;
    Ok(planned.losses.iter().map(ToString::to_string).collect())
}

#[tokio::test(start_paused = true)]
async fn who_loses_what_is_said_beforehand() {
    let rows = [
        (
            somebody_elses(),
            to(presets("enforce-tls")),
            vec![
                "clients without TLS: lose mount, write, root access; Docker NFS volumes and plain nfs4 lines no longer mount",
            ],
        ),
        (
            somebody_elses(),
            to(presets("deny-root")),
            vec![
                "clients without IAM identity: lose root access",
                "IAM identities: root access only where their own IAM policy allows it",
                "policy deny-root: no access point creates its directory, and the root directory of a new file system belongs to root: no client could write",
            ],
        ),
        // An access point that is created with its owner leaves a directory to write to.
        (
            somebody_elses(),
            SetRequest {
                access_points: vec!["srv=/srv:1000:1000:750".parse().unwrap()],
                ..to(presets("deny-root"))
            },
            vec![
                "clients without IAM identity: lose root access",
                "IAM identities: root access only where their own IAM policy allows it",
            ],
        ),
        // What is opened is a loss of safety.
        (
            with_policy(
                r#"{"Effect":"Allow","Principal":"*","Action":"elasticfilesystem:ClientMount"}"#,
            ),
            policy(Wish::Clear),
            vec![
                "clients without IAM identity: gain write, root access",
                "IAM identities: gain write, root access",
            ],
        ),
        (somebody_elses(), policy(Wish::Leave), vec![]),
    ];
    for (world, request, expected) in rows {
        let harness = world.harness();
        assert_eq!(losses(&harness, &request).await.unwrap(), expected);
        assert_eq!(harness.writes(), 0);
    }
}

/// AWS takes no such policy today.
#[tokio::test(start_paused = true)]
async fn a_policy_that_cannot_be_parsed_is_replaced_only_as_a_whole() {
    let harness = with_policy(EVERYBODY_IS_ROOT).harness();
    let service = harness
        .rewritten(|request, body| match request.contains("/policy") {
            true => r#"{"FileSystemId":"fs-0000000000000000a","Policy":"{\"Statement\":[0]}"}"#
                .to_owned(),
            false => body,
        })
        .await;
    let lost = losses_on(&service, &to(document(EVERYBODY_IS_ROOT))).await;
    assert_eq!(
        lost.unwrap(),
        [
            "what changes for whom is not known: the policy that is replaced cannot be parsed: invalid type: integer `0`, expected an object at line 1 column 15"
        ]
    );
    let error = losses_on(&service, &to(presets("enforce-tls"))).await;
    let error = error.unwrap_err();
    assert_eq!(error.code, Code::SettingsDiffer, "{error}");
    assert!(error.hint.unwrap().to_string().contains("policy none"));
    assert_eq!(harness.writes(), 0);
}

/// Whether or not the presets are there already.
#[tokio::test(start_paused = true)]
async fn a_preset_that_a_statement_of_others_undoes_is_refused() {
    let squashed = r#",{"Sid":"EfsctlBase","Effect":"Allow","Principal":{"AWS":"*"},"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"],"Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}}"#;
    for more in ["", squashed] {
        let harness = with_policy(&format!("{EVERYBODY_IS_ROOT}{more}")).harness();
        let error = losses(&harness, &to(presets("deny-root")))
            .await
            .unwrap_err();
        assert_eq!(error.code, Code::PolicyOverridden, "{error}");
        assert_eq!(
            error.message.to_string(),
            "statement theirs allows everybody elasticfilesystem:ClientRootAccess, so deny-root does not hold"
        );
        let hint = error.hint.unwrap().to_string();
        assert!(hint.contains("describe-file-system-policy"), "{hint}");
        assert_eq!(harness.writes(), 0);
        // The others can be put beside it.
        set(&harness, &to(presets("enforce-tls"))).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_nobody_could_change_needs_that_to_be_accepted() {
    let harness = somebody_elses().harness();
    let error = losses(&harness, &to(document(NOBODY))).await.unwrap_err();
    assert_eq!(error.code, Code::PolicyLocksOut, "{error}");
    assert_eq!(harness.writes(), 0);
    let accepted = policy(Wish::Set(Wanted {
        content: document(NOBODY),
        bypass_lockout_check: true,
    }));
    let made = set(&harness, &accepted).await.unwrap();
    let shown = made.deployment.policy.unwrap();
    assert_eq!(shown.summary, "statement #1");
    assert_eq!(shown.document.unwrap()["Statement"][0]["Effect"], "Deny");
}

/// Presets in the place of presets; what is asked for besides them leaves those that are there.
#[tokio::test(start_paused = true)]
async fn presets_replace_presets_and_more_presets_do_not() {
    let harness = somebody_elses().harness();
    let shown = async |content: Content| {
        let made = set(&harness, &to(content)).await.unwrap();
        made.deployment.policy.unwrap().summary
    };
    assert_eq!(shown(presets("read-only")).await, "read-only");
    let more = Content::MorePresets(["enforce-tls".parse().unwrap()].into());
    assert_eq!(shown(more.clone()).await, "enforce-tls, read-only");
    let writes = harness.writes();
    assert_eq!(shown(more).await, "enforce-tls, read-only");
    assert_eq!(harness.writes(), writes, "they are there");
    assert_eq!(shown(presets("enforce-tls")).await, "enforce-tls");
}
