//! The way to AWS as it is then gone: what requests carry, which roles are assumed, what a process is heard to say.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use efsctl::aws::{AwsCloud, Connection, Hears, Unconnected};
use efsctl::cloud::{Cause, Class, Cloud, CloudError, FileSystems};

use super::{CONFIG, Home};
use crate::support::cli::Efsctl;
use crate::support::server::sandbox;

/// Answers every request, and keeps what it said.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    recorded: Arc<Mutex<Vec<Recorded>>>,
    /// The status of EFS, and its answer.
    efs: Option<(u16, String, String)>,
    /// The keys that STS gives.
    keys: [String; 3],
}

#[derive(Debug, Clone)]
struct Recorded {
    uri: String,
    body: String,
    agent: String,
    key: String,
    token: String,
}

impl Recorder {
    pub fn giving(keys: [&str; 3]) -> Self {
        Self {
            keys: keys.map(str::to_owned),
            ..Self::default()
        }
    }

    fn answering(status: u16, kind: &str, body: &str) -> Self {
        Self {
            efs: Some((status, kind.to_owned(), body.to_owned())),
            ..Self::default()
        }
    }

    fn all(&self) -> Vec<Recorded> {
        self.recorded.lock().unwrap().clone()
    }
}

impl HttpConnector for Recorder {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let recorded = Recorded {
            uri: request.uri().to_owned(),
            body: String::from_utf8_lossy(body).into_owned(),
            agent: format!("{} {}", header("user-agent"), header("x-amz-user-agent")),
            key: header("authorization"),
            token: header("x-amz-security-token"),
        };
        let (status, kind, answer) = if recorded.body.contains("Action=AssumeRole") {
            let escaped = |text: &str| {
                text.replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('\n', "&#10;")
                    .replace('\r', "&#13;")
            };
            let [id, secret, token] = self.keys.each_ref().map(|key| escaped(key));
            let xml = format!(
                "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials><AccessKeyId>{id}</AccessKeyId>\
                 <SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken><Expiration>2199-01-01T00:00:00Z</Expiration></Credentials>\
                 </AssumeRoleResult></AssumeRoleResponse>"
            );
            (200, String::new(), xml)
        } else {
            self.efs
                .clone()
                .unwrap_or_else(|| (200, String::new(), "{\"FileSystems\": []}".to_owned()))
        };
        self.recorded.lock().unwrap().push(recorded);
        let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(answer));
        let _ = response.headers_mut().try_insert("x-amzn-errortype", kind);
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Recorder {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Connects with that home and lists once.
pub async fn list(
    home: &Home,
    profile: Option<&str>,
    recorder: &Recorder,
) -> Result<Option<CloudError>, Unconnected> {
    let connection = Connection {
        profile: profile.map(str::to_owned),
        variables: Some(home.variables.clone()),
        http_client: Some(SharedHttpClient::new(recorder.clone())),
        patience: Some(Duration::from_secs(20)),
        ..Connection::default()
    };
    let cloud = AwsCloud::connect(connection).await?;
    Ok(cloud.file_systems(&FileSystems::All).await.err())
}

fn keys(settings: &[(&str, &str)]) -> Home {
    Home::with_settings(settings)
        .set("AWS_ACCESS_KEY_ID", "AKIAENV")
        .set("AWS_SECRET_ACCESS_KEY", "secret")
        .set("AWS_REGION", "eu-west-1")
}

#[tokio::test(start_paused = true)]
async fn requests_carry_what_the_environment_says() {
    for (home, what, counts) in [
        (
            keys(&[]),
            "the key",
            (|h: &Recorded| {
                h.key.contains("Credential=AKIAENV/")
                    && h.uri
                        .starts_with("https://elasticfilesystem.eu-west-1.amazonaws.com/")
            }) as fn(&Recorded) -> bool,
        ),
        (keys(&[]).set("AWS_SESSION_TOKEN", "t0"), "the token", |h| {
            h.token == "t0"
        }),
        (
            keys(&[])
                .set("AWS_SECURITY_TOKEN", "t1")
                .set("AWS_SESSION_TOKEN", "t0"),
            "the older name first",
            |h| h.token == "t1",
        ),
        (
            keys(&[("sdk_ua_app_id", "payroll")]),
            "the application",
            |h| h.agent.contains("app/payroll"),
        ),
        (keys(&[]), "our own name", |h| {
            h.agent.contains("app/efsctl")
        }),
        (
            keys(&[]).set("AWS_USE_FIPS_ENDPOINT", "true"),
            "FIPS",
            |h| h.uri.contains("elasticfilesystem-fips.eu-west-1."),
        ),
        (
            keys(&[("use_dualstack_endpoint", "true")]),
            "dual stack",
            |h| h.uri.contains("//efs.eu-west-1.api.aws"),
        ),
        (
            keys(&[]).set("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
            "an endpoint",
            |h| h.uri.starts_with("http://127.0.0.1:9/"),
        ),
        (
            keys(&[("services", "mine")]),
            "the section of the service",
            |h| h.uri.starts_with("http://127.0.0.1:7/"),
        ),
        (
            keys(&[("region", "eu-west-3")]),
            "the variable before the profile",
            |h| h.uri.contains("eu-west-1"),
        ),
    ] {
        let recorder = Recorder::default();
        assert_eq!(list(&home, None, &recorder).await.unwrap(), None, "{what}");
        let recorded = recorder.all();
        assert_eq!(recorded.len(), 1, "{what}");
        assert!(counts(&recorded[0]), "{what}: {recorded:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_call_is_made_as_often_as_is_said() {
    for (home, times) in [
        (keys(&[]), 3),
        (keys(&[]).set("AWS_MAX_ATTEMPTS", "5"), 5),
        (keys(&[("max_attempts", "1")]), 1),
        (
            keys(&[("retry_mode", "adaptive"), ("max_attempts", "2")]),
            2,
        ),
    ] {
        let recorder = Recorder::answering(500, "InternalServerError", "{}");
        let error = list(&home, None, &recorder).await.unwrap().unwrap();
        assert_eq!(error.class, Class::Ambiguous);
        assert_eq!(recorder.all().len(), times);
    }
}

#[tokio::test(start_paused = true)]
async fn roles_are_assumed_one_after_the_other() {
    let home = Home::new(&format!(
        "{CONFIG}[profile inner]\nrole_arn = arn:inner\nsource_profile = keys\nexternal_id = e1\nregion = eu-west-2\n\
         [profile outer]\nrole_arn = arn:outer\nsource_profile = inner\nduration_seconds = 900\nrole_session_name = me\nregion = eu-west-3\n"
    ));
    let recorder = Recorder::giving(["ASIAROLE", "secret", "token"]);
    assert_eq!(list(&home, Some("outer"), &recorder).await.unwrap(), None);
    let recorded = recorder.all();
    let uris: Vec<&str> = recorded
        .iter()
        .map(|recorded| recorded.uri.as_str())
        .collect();
    assert_eq!(recorded.len(), 3, "{uris:?}");
    assert!(
        recorded[0].body.contains("RoleArn=arn%3Ainner")
            && recorded[0].body.contains("ExternalId=e1"),
        "{recorded:?}"
    );
    assert!(
        recorded[0].key.contains("Credential=AKIAKEYS/")
            && recorded[0].key.contains("/eu-west-3/sts/"),
        "{recorded:?}"
    );
    assert!(
        recorded[1].body.contains("RoleArn=arn%3Aouter")
            && recorded[1].body.contains("DurationSeconds=900")
            && recorded[1].body.contains("RoleSessionName=me"),
        "{recorded:?}"
    );
    assert!(
        recorded[1].key.contains("Credential=ASIAROLE/"),
        "{recorded:?}"
    );
    assert!(
        recorded[2].key.contains("Credential=ASIAROLE/") && recorded[2].token == "token",
        "{recorded:?}"
    );
}

/// What is heard of a process, and how a connection by it ends.
async fn by_process(
    command: &str,
    patience: Duration,
) -> (Result<Option<CloudError>, Unconnected>, String, Recorder) {
    let home = Home::new(&format!(
        "[profile corp]\nregion = eu-west-1\ncredential_process = {command}\n"
    ));
    let recorder = Recorder::default();
    let words = Arc::new(Mutex::new(Vec::new()));
    let hears = words.clone();
    let connection = Connection {
        profile: Some("corp".to_owned()),
        variables: Some(home.variables.clone()),
        http_client: Some(SharedHttpClient::new(recorder.clone())),
        patience: Some(patience),
        hears: Hears::by(move |recorded| hears.lock().unwrap().extend_from_slice(recorded)),
        ..Connection::default()
    };
    let ended = match AwsCloud::connect(connection).await {
        Ok(cloud) => Ok(cloud.file_systems(&FileSystems::All).await.err()),
        Err(error) => Err(error),
    };
    let words = String::from_utf8_lossy(&words.lock().unwrap()).into_owned();
    (ended, words, recorder)
}

#[tokio::test]
async fn a_process_is_heard_and_its_credentials_are_used() {
    let printed = r#"printf "Code: " >&2; echo '{"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "s", "SessionToken": "t9"}'"#;
    let (ended, words, recorder) = by_process(printed, Duration::from_secs(60)).await;
    assert_eq!(ended.unwrap(), None);
    assert_eq!(words, "Code: ", "a question has no line end");
    let recorded = recorder.all();
    assert!(
        recorded[0].key.contains("Credential=AKIAPROCESS/") && recorded[0].token == "t9",
        "{recorded:?}"
    );
}

#[tokio::test]
async fn a_process_that_gives_nothing_is_named_with_its_profile() {
    for (command, patience, words) in [
        ("echo 'no such user' >&2; exit 3", 60, "no such user"),
        ("echo hidden", 60, "no JSON"),
        ("exit 0", 60, "no JSON"),
        ("/nonexistent/tool", 60, "127"),
        (
            r#"echo '{"Version": 1, "AccessKeyId": "A\u0001", "SecretAccessKey": "hidden"}'"#,
            60,
            "access key id",
        ),
        // What it leaves behind keeps nobody waiting.
        ("echo asking >&2; exec sleep 600", 0, "gave nothing within"),
    ] {
        let (ended, recorded, recorder) = by_process(command, Duration::from_secs(patience)).await;
        let error = match ended {
            Err(Unconnected::NoCredentials(error)) | Ok(Some(error)) => error,
            other => panic!("{command}: {other:?}"),
        };
        assert_eq!(error.class, Class::Credentials, "{command}");
        assert!(
            error.message.contains("the profile `corp` (--profile)"),
            "{error}"
        );
        assert!(error.message.contains(words), "{command}: {error}");
        assert!(!error.message.contains("hidden"), "{error}");
        let by_process = Cause::Process {
            profile: "corp".to_owned(),
        };
        assert!(
            [Some(by_process), Some(Cause::NoCredentials)].contains(&error.cause),
            "{error:?}"
        );
        assert!(recorder.all().is_empty(), "{command}");
        assert!(
            recorded.is_empty()
                || command.contains(recorded.trim())
                || recorded.contains("nonexistent"),
            "{recorded}"
        );
    }
}

/// The whole program: the exit code, the document, and nothing of endpoints.
#[test]
fn a_process_is_ended_by_the_timeout() {
    let home =
        Home::new("[profile corp]\nregion = eu-west-1\ncredential_process = exec sleep 600\n");
    let ended = Efsctl::new("--profile corp list -o json --timeout 300ms")
        .env("HOME", home.path("").to_string_lossy())
        .run();
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    let text = ended.document()["error"].to_string();
    assert!(
        text.contains("credential process") && text.contains("corp") && !text.contains("endpoint"),
        "{text}"
    );
}

/// What it asks is shown while it waits, also with `--quiet`, and ctrl-C ends it.
#[test]
fn a_process_that_asks_is_shown_and_ended_by_a_signal() {
    let home = Home::new(
        "[profile corp]\nregion = eu-west-1\ncredential_process = printf 'Enter MFA code: ' >&2; exec sleep 600\n",
    );
    let mut child = Efsctl::new("--profile corp -q list -o json")
        .env("HOME", home.path("").to_string_lossy())
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = [0; 16];
    child
        .stderr
        .as_mut()
        .unwrap()
        .read_exact(&mut asked)
        .unwrap();
    assert_eq!(&asked, b"Enter MFA code: ");
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["error"]["code"], "interrupted");
}

#[test]
fn a_line_end_behind_a_key_is_left_out_and_one_within_is_refused() {
    let server = sandbox("");
    let run = |id: &str, token: &str| {
        Efsctl::new(&format!(
            "list -o json --region eu-west-1 --endpoint-url {}",
            server.url
        ))
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_SESSION_TOKEN", token)
        .run()
    };
    for (id, token) in [("AKIA\n", ""), ("AKIA\r", "t\r\n"), ("AKIA\r\n", "")] {
        let ended = run(id, token);
        assert_eq!(ended.code, 0, "{id:?}: {}", ended.stderr);
    }
    for (id, token, name) in [
        ("AK\nIA", "", "AWS_ACCESS_KEY_ID"),
        ("AKIA", "t\rt", "AWS_SESSION_TOKEN"),
        ("AKI\u{e9}", "", "AWS_ACCESS_KEY_ID"),
    ] {
        let ended = run(id, token);
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        let error = ended.document()["error"].to_string();
        assert!(error.contains(name) && !error.contains("AK"), "{error}");
    }
    let ended = Efsctl::new("--sandbox list -o json")
        .env("AWS_EXECUTION_ENV", "x\n")
        .run();
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.document()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("AWS_EXECUTION_ENV")
    );
}

/// Files that only the SDK reads, with what nobody would write: no panic, and the profile or the place is named.
#[test]
fn tokens_in_files_that_are_none_are_told() {
    let sso = "[profile sso]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\nregion = eu-west-1\n\
               [sso-session corp]\nsso_start_url = https://127.0.0.1:9/start\nsso_region = eu-west-1\n";
    // The name of the file is the SHA-1 of `corp`.
    let cache = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
    for token in [
        &b"\xff\x00"[..],
        b"{}",
        b"{\"accessToken\": \"a\\nb\", \"expiresAt\": \"2199-01-01T00:00:00Z\"}",
        b"{\"accessToken\": \"a\", \"expiresAt\": \"0000-00-00T00:00:00Z\"}",
        b"{\"accessToken\": 7, \"expiresAt\": []}",
    ] {
        let home = Home::new(sso);
        let file = home.path(cache);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, token).unwrap();
        let ended = Efsctl::new("--profile sso list -o json")
            .env("HOME", home.path("").to_string_lossy())
            .env("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:9")
            .run();
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        let error = &ended.document()["error"];
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .contains("the profile `sso` (--profile)"),
            "{error}"
        );
    }
    for token in [&b"\xff\x00"[..], b"", b"a\nb"] {
        let home = Home::new("");
        std::fs::write(home.path("token"), token).unwrap();
        let ended = Efsctl::new("list -o json --region eu-west-1")
            .env("HOME", home.path("").to_string_lossy())
            .env(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                home.path("token").to_string_lossy(),
            )
            .env("AWS_ROLE_ARN", "arn:r")
            .env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
            .run();
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        assert!(
            ended.document()["error"]["message"]
                .as_str()
                .unwrap()
                .contains("web identity"),
            "{}",
            ended.stdout
        );
        let ended = Efsctl::new("list -o json --region eu-west-1")
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/x")
            .env(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                home.path("token").to_string_lossy(),
            )
            .run();
        assert_eq!(ended.code, 8, "{}", ended.stderr);
        assert!(
            ended.document()["error"]["message"]
                .as_str()
                .unwrap()
                .contains("the container"),
            "{}",
            ended.stdout
        );
    }
}
