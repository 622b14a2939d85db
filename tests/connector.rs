//! The sandbox below the SDK of EFS.

use std::time::Duration;

use aws_sdk_efs::config::retry::RetryConfig;
use aws_sdk_efs::config::timeout::TimeoutConfig;
use aws_sdk_efs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_efs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_efs::types::LifeCycleState;
use aws_sdk_efs::{Client, Config};
use efsctl::sandbox::account::{Account, Options, tokio_clock};
use efsctl::sandbox::connector::Connector;
use efsctl::sandbox::fault::Faults;
use efsctl::sandbox::store::Store;

fn account(rules: &[&str]) -> Account {
    let faults = Faults::new(rules.iter().map(|rule| rule.parse().unwrap()));
    Account::new(Options {
        faults,
        ..Options::default()
    })
}

/// The real SDK over an account, with the given number of attempts.
fn client(account: &Account, region: &'static str, attempts: u32) -> Client {
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(10));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Connector::new(account.clone()).with_clock(tokio_clock()))
        .credentials_provider(Credentials::new(
            "AKIDSANDBOX",
            "sandbox",
            None,
            None,
            "test",
        ))
        .region(Region::new(region))
        .retry_config(RetryConfig::standard().with_max_attempts(attempts))
        .timeout_config(timeouts.build())
        .build();
    Client::from_conf(config)
}

#[tokio::test(start_paused = true)]
async fn the_sdk_sees_states_pass_with_tokios_clock() {
    let account = account(&[]);
    let client = client(&account, "eu-west-1", 1);
    let made = client
        .create_file_system()
        .creation_token("a")
        .encrypted(true)
        .send()
        .await
        .unwrap();
    assert_eq!(made.life_cycle_state(), &LifeCycleState::Creating);
    assert!(
        made.kms_key_id()
            .unwrap()
            .starts_with("arn:aws:kms:eu-west-1:111122223333:key/")
    );
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let seen = client
        .describe_file_systems()
        .creation_token("a")
        .send()
        .await
        .unwrap();
    assert_eq!(
        seen.file_systems()[0].life_cycle_state(),
        &LifeCycleState::Available
    );
}

#[tokio::test(start_paused = true)]
async fn the_sdk_retries_a_throttle_and_a_broken_connection() {
    let account = account(&[
        "CreateFileSystem:1:throttle",
        "CreateFileSystem:2:reset-before",
    ]);
    let client = client(&account, "eu-west-1", 3);
    client
        .create_file_system()
        .creation_token("a")
        .send()
        .await
        .unwrap();
    assert_eq!(account.calls().count("CreateFileSystem"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_comes_back_as_already_exists_with_the_id() {
    let account = account(&["CreateFileSystem:1:reset-after"]);
    let client = client(&account, "eu-west-1", 3);
    let error = client
        .create_file_system()
        .creation_token("a")
        .send()
        .await
        .unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_file_system_already_exists());
    let made = client.describe_file_systems().send().await.unwrap();
    let id = made.file_systems()[0].file_system_id().to_owned();
    assert!(error.to_string().contains(&id), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_hang_ends_with_the_timeout_of_the_client() {
    for (kind, expected) in [("hang", 0), ("hang-after", 1), ("late=9s", 1)] {
        let account = account(&[&format!("CreateFileSystem:1:{kind}")]);
        let client = client(&account, "eu-west-1", 1);
        let error = client
            .create_file_system()
            .creation_token("a")
            .send()
            .await
            .unwrap_err();
        assert!(
            matches!(error, SdkError::TimeoutError(_)),
            "{kind}: {error:?}"
        );
        let found = client.describe_file_systems().send().await.unwrap();
        assert_eq!(found.file_systems().len(), expected, "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn latency_passes_on_tokios_clock() {
    let latency = Duration::from_secs(3);
    let account = Account::new(Options {
        latency,
        ..Options::default()
    });
    let begun = tokio::time::Instant::now();
    client(&account, "eu-west-1", 1)
        .describe_file_systems()
        .send()
        .await
        .unwrap();
    assert!(begun.elapsed() >= latency);
}

#[tokio::test(start_paused = true)]
async fn a_read_timeout_is_honoured() {
    let account = account(&["DescribeFileSystems:1:hang"]);
    let timeouts = TimeoutConfig::builder()
        .read_timeout(Duration::from_secs(2))
        .build();
    let config = client(&account, "eu-west-1", 1)
        .config()
        .to_builder()
        .timeout_config(timeouts);
    let begun = tokio::time::Instant::now();
    let error = Client::from_conf(config.build())
        .describe_file_systems()
        .send()
        .await
        .unwrap_err();
    assert!(
        matches!(&error, SdkError::DispatchFailure(failure) if failure.is_timeout()),
        "{error:?}"
    );
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_region_and_a_foreign_host_are_said_to_be_outside_of_the_sandbox() {
    let account = account(&[]);
    let nowhere = client(&account, "nowhere-1", 3);
    let elsewhere = nowhere
        .config()
        .to_builder()
        .region(Region::new("eu-west-1"))
        .endpoint_url("http://files.example.org");
    for (client, expected) in [
        (
            nowhere.clone(),
            "the sandbox does not simulate the region `nowhere-1`",
        ),
        (
            Client::from_conf(elsewhere.build()),
            "the sandbox does not simulate files.example.org",
        ),
    ] {
        let error = client.describe_file_systems().send().await.unwrap_err();
        let text = DisplayErrorContext(&error).to_string();
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(account.calls().total, 0);
}

#[tokio::test(start_paused = true)]
async fn a_region_of_any_partition_works() {
    let account = account(&[]);
    for region in [
        "ap-southeast-5",
        "cn-north-1",
        "us-iso-west-1",
        "eu-isoe-west-1",
        "eusc-de-east-1",
        "ap-south-9",
    ] {
        let answer = client(&account, region, 1)
            .describe_file_systems()
            .send()
            .await;
        assert!(answer.is_ok(), "{region}: {answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_denied_call_has_the_code_of_aws() {
    let account = account(&["DescribeFileSystems:1:denied"]);
    let error = client(&account, "eu-west-1", 3)
        .describe_file_systems()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert!(
        error
            .message()
            .unwrap()
            .contains("elasticfilesystem:DescribeFileSystems")
    );
    assert_eq!(account.calls().total, 1, "the SDK does not retry it");
}

#[tokio::test(start_paused = true)]
async fn a_state_file_that_cannot_be_used_fails_once_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state.json");
    let account = Account::with_store(Store::new(&path), Options::default()).unwrap();
    let client = client(&account, "eu-west-1", 3);
    client
        .create_file_system()
        .creation_token("a")
        .send()
        .await
        .unwrap();
    std::fs::write(&path, "oops").unwrap();
    let begun = tokio::time::Instant::now();
    let error = client
        .create_file_system()
        .creation_token("b")
        .send()
        .await
        .unwrap_err();
    let text = DisplayErrorContext(&error).to_string();
    assert!(
        text.contains("is corrupt") && text.contains("state.json"),
        "{text}"
    );
    assert_eq!(
        begun.elapsed(),
        Duration::ZERO,
        "the SDK waits before it retries"
    );
}
