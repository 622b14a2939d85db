//! Credentials that a process prints (`credential_process`): asked for once, shown while it runs, and not waited for without end.
//!
//! The SDK's own provider keeps what the process says on stderr to itself until it has failed, and waits for ever: a process that asks
//! for a code there seems to hang (aws/aws-cli#7306).

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use super::super::configuration::Process;

/// How long before their end credentials are requested again.
const EARLY: Duration = Duration::from_mins(5);
/// For what is left of stderr when the process has ended.
const REST: Duration = Duration::from_millis(200);
/// More than any set of credentials.
const LONGEST: u64 = 1 << 20;

/// Where the words of a process go while it runs.
#[derive(Clone)]
pub struct Hears(Arc<Heard>);

type Heard = dyn Fn(&[u8]) + Send + Sync;

impl Hears {
    /// By this function.
    pub fn by(hears: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hears))
    }
}

impl Default for Hears {
    fn default() -> Self {
        Self::by(|_| {})
    }
}

impl std::fmt::Debug for Hears {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hears")
    }
}

/// A process, and what it gave.
pub(super) struct Runs {
    process: Process,
    hears: Hears,
    kept: Mutex<Option<Credentials>>,
}

impl Runs {
    pub(super) fn new(process: Process, hears: Hears) -> Self {
        Self {
            process,
            hears,
            kept: Mutex::new(None),
        }
    }

    /// The credentials it gave, or gives now within `limit`. The error completes "its credential process …".
    pub(super) async fn credentials(&self, limit: Duration) -> Result<Credentials, String> {
        if let Some(kept) = self.kept().filter(is_fresh) {
            return Ok(kept);
        }
        let run = tokio::time::timeout(limit, self.run()).await;
        let printed = run.unwrap_or_else(|_| {
            let limit = humantime::format_duration(limit);
            Err(format!("gave nothing within {limit}"))
        })?;
        let credentials = read(&printed)?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials.clone());
        Ok(credentials)
    }

    fn kept(&self) -> Option<Credentials> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    async fn run(&self) -> Result<Vec<u8>, String> {
        let mut child = Command::new("sh")
            .args(["-c", &self.process.command])
            .stdin(Stdio::inherit())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("could not be started: {error}"))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let mut last = Vec::new();
        let ended = {
            let relayed = relay(stderr, &self.hears, &mut last);
            let answered = answer(&mut child, stdout);
            tokio::pin!(relayed, answered);
            tokio::select! {
                ended = &mut answered => {
                    // Something it left behind may hold stderr open.
                    let _ = tokio::time::timeout(REST, relayed).await;
                    ended
                }
                () = &mut relayed => answered.await,
            }
        };
        let (status, printed) = ended.map_err(|error| format!("failed: {error}"))?;
        if status.success() {
            return Ok(printed);
        }
        let words = String::from_utf8_lossy(&last);
        let words = words.trim().lines().last().unwrap_or_default().trim();
        Err(if words.is_empty() {
            format!("ended with {status}")
        } else {
            format!("ended with {status}: {words}")
        })
    }
}

async fn answer(
    child: &mut Child,
    stdout: Option<ChildStdout>,
) -> std::io::Result<(ExitStatus, Vec<u8>)> {
    let mut printed = Vec::new();
    if let Some(stdout) = stdout {
        stdout.take(LONGEST).read_to_end(&mut printed).await?;
    }
    Ok((child.wait().await?, printed))
}

/// Shows what it says as it comes: a question has no line end. Keeps the last words.
async fn relay(stderr: Option<ChildStderr>, hears: &Hears, last: &mut Vec<u8>) {
    let Some(mut stderr) = stderr else {
        return;
    };
    let mut bytes = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut bytes).await {
        let words = bytes.get(..count).unwrap_or_default();
        (hears.0)(words);
        last.extend_from_slice(words);
        let surplus = last.len().saturating_sub(1024);
        last.drain(..surplus);
    }
}

fn is_fresh(credentials: &Credentials) -> bool {
    let end = credentials.expiry();
    end.is_none_or(|end| end > SystemTime::now() + EARLY)
}

/// What a process prints (*Sourcing credentials with an external process*, AWS CLI user guide).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: u32,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Reads what it printed. No part of it is shown: it holds secrets.
///
/// # Errors
///
/// Completes "its credential process …".
pub(super) fn read(printed: &[u8]) -> Result<Credentials, String> {
    let document: serde_json::Value = serde_json::from_slice(printed)
        .map_err(|_| "printed something that is no JSON".to_owned())?;
    let printed = Printed::deserialize(&document)
        .map_err(|_| "printed JSON without Version, AccessKeyId and SecretAccessKey".to_owned())?;
    if printed.version != 1 {
        return Err(format!("printed version {}, not 1", printed.version));
    }
    let end = printed
        .expiration
        .map(|text| {
            DateTime::from_str(&text, Format::DateTimeWithOffset)
                .ok()
                .and_then(|time| SystemTime::try_from(time).ok())
                .ok_or_else(|| "printed an Expiration that is no time".to_owned())
        })
        .transpose()?;
    if end.is_some_and(|end| end <= SystemTime::now()) {
        return Err("printed credentials that have expired".to_owned());
    }
    Ok(Credentials::new(
        printed.access_key_id,
        printed.secret_access_key,
        printed.session_token.filter(|token| !token.is_empty()),
        end,
        "credential_process",
    ))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_a_process_prints_is_credentials_or_a_sentence_without_them() {
        let good = r#"{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "hidden", "SessionToken": "t", "Expiration": "2199-01-01T00:00:00Z"}"#;
        let credentials = read(good.as_bytes()).unwrap();
        assert_eq!(credentials.access_key_id(), "AKIA");
        assert!(credentials.expiry().is_some());
        let keys = |version: &str, id: &str, end: &str| {
            format!(
                r#"{{"Version": {version}, "AccessKeyId": {id}, "SecretAccessKey": "hidden"{end}}}"#
            )
        };
        for (printed, sentence) in [
            (String::new(), "no JSON"),
            ("hidden".to_owned(), "no JSON"),
            ("{}".to_owned(), "without Version"),
            (keys("2", "\"a\"", ""), "version 2"),
            (keys("1", "7", ""), "without Version"),
            (keys("1", "\"a\"", ", \"Expiration\": \"soon\""), "no time"),
            (
                keys("1", "\"a\"", ", \"Expiration\": \"2020-01-01T00:00:00Z\""),
                "expired",
            ),
        ] {
            let refused = read(printed.as_bytes()).unwrap_err();
            assert!(refused.contains(sentence), "{printed}: {refused}");
            assert!(!refused.contains("hidden"), "{refused}");
        }
    }

    proptest::proptest! {
        /// Whatever a process prints is credentials that can sign, or a sentence.
        #[test]
        fn anything_that_is_printed_is_credentials_or_a_sentence(
            id in ".{0,8}", secret in ".{0,8}", token in ".{0,8}", end in ".{0,8}|[0-9T:Z.+-]{0,25}", bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
        ) {
            let document = serde_json::json!({"Version": 1, "AccessKeyId": id, "SecretAccessKey": secret, "SessionToken": token, "Expiration": end});
            let without_end = serde_json::json!({"Version": 1, "AccessKeyId": id, "SecretAccessKey": secret, "SessionToken": token});
            for printed in [document.to_string().into_bytes(), without_end.to_string().into_bytes(), bytes] {
                let Ok(credentials) = read(&printed) else {
                    continue;
                };
                if let Ok(usable) = super::super::usable(credentials) {
                    let parts = [usable.access_key_id(), usable.secret_access_key(), usable.session_token().unwrap_or_default()];
                    proptest::prop_assert!(parts.iter().all(|part| http::HeaderValue::from_str(part).is_ok()));
                }
            }
        }
    }
}
