//! Bodies of requests: bounded each, and all together.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use http_body_util::BodyExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::sync::OwnedSemaphorePermit;

use super::app::App;
use crate::service::{Code, Refusal};

/// The largest body of JSON: a file of 10 MiB in which every byte is written as `\u0041` fits.
pub(super) const LARGEST: u64 = 64 << 20;

/// Values in values are refused from here on.
const DEEPEST: usize = 128;

/// How long nothing may arrive.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much of a refused body is read and dropped, so that its sender sees the answer.
const DROPPED: u64 = 256 << 20;

/// How long that may take.
const DROPPING: Duration = Duration::from_secs(20);

/// How long room for more of a body is waited for.
const ROOM_PATIENCE: Duration = Duration::from_secs(5);

/// Bodies that take more KiB are parsed on a thread of their own.
const SMALL: usize = 64;

/// Room is taken in pieces of this many KiB.
const PIECE: u32 = 64;

/// The room that a request takes in memory, until it is answered.
#[derive(Debug, Default)]
pub(super) struct Room(Option<OwnedSemaphorePermit>);

/// A body in memory.
#[derive(Debug, Default)]
pub(super) struct Content {
    bytes: Vec<u8>,
    room: Room,
}

impl Content {
    /// Whether it is nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.trim_ascii().is_empty()
    }

    /// As it came.
    pub(super) fn into_bytes(self) -> (Vec<u8>, Room) {
        (self.bytes, self.room)
    }

    /// Makes something of a body that is valid JSON, which takes its time if it is large.
    pub(super) async fn parse<T: Send + 'static>(
        self,
        make: impl FnOnce(&str) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<(T, Room), Refusal> {
        let Self { bytes, room } = self;
        let parse = move || make(valid(&bytes)?);
        let parsed = if room.0.as_ref().map_or(0, OwnedSemaphorePermit::num_permits) > SMALL {
            tokio::task::spawn_blocking(parse)
                .await
                .unwrap_or_else(|_| Err(Refusal::new(Code::Internal, "the body could not be read")))
        } else {
            parse()
        };
        Ok((parsed?, room))
    }

    /// The body as JSON of a type: 400 for what is no JSON, 422 for JSON of another type.
    pub(super) async fn json<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> Result<(T, Room), Refusal> {
        self.parse(|text| serde_json::from_str(text).map_err(|error| unreadable(&error)))
            .await
    }
}

/// Bytes as text that is valid JSON.
fn valid(bytes: &[u8]) -> Result<&str, Refusal> {
    let broken = |why: &str| Refusal::new(Code::BadJson, format!("the body is no JSON: {why}"));
    let text = std::str::from_utf8(bytes).map_err(|_| broken("it is not UTF-8"))?;
    if depth(text) >= DEEPEST {
        return Err(broken("it is nested too deeply"));
    }
    // Strings are read as bytes later, which lets through what JSON does not allow.
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| broken(&error.to_string()))?;
    Ok(text)
}

/// How many arrays and objects are inside each other.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut is_string, mut is_escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            _ if is_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Why a body is not what is expected.
pub(super) fn unreadable(error: &serde_json::Error) -> Refusal {
    if error.is_data() {
        Refusal::new(
            Code::Invalid,
            format!("the body is not what is expected: {error}"),
        )
    } else {
        Refusal::new(Code::BadJson, format!("the body is no JSON: {error}"))
    }
}

/// Reads a body of at most `most` bytes.
pub(super) async fn read(
    app: &Arc<App>,
    headers: &HeaderMap,
    mut body: Body,
    most: u64,
) -> Result<Content, Refusal> {
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let too_large = || {
        Refusal::new(
            Code::BodyTooLarge,
            format!("the body is too large: at most {most} bytes"),
        )
    };
    if length.is_some_and(|length| length > most) {
        discard(body);
        return Err(too_large());
    }
    let mut content = Content::default();
    loop {
        let Ok(frame) = tokio::time::timeout(PATIENCE, body.frame()).await else {
            return Err(Refusal::new(
                Code::TimedOut,
                "the body did not arrive in time",
            ));
        };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|error| {
            Refusal::new(Code::BadContent, format!("the body is incomplete: {error}"))
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if (content.bytes.len() + data.len()) as u64 > most {
            discard(body);
            return Err(too_large());
        }
        if let Err(refused) = reserve(app, &mut content, data.len()).await {
            discard(body);
            return Err(refused);
        }
        content.bytes.extend_from_slice(&data);
    }
    Ok(content)
}

/// Makes room for more bytes. It is taken for what has arrived: a client that only announces a large body takes none.
async fn reserve(app: &Arc<App>, content: &mut Content, more: usize) -> Result<(), Refusal> {
    let busy = || Refusal::new(Code::Busy, "the server has too many large requests at once");
    let held = content
        .room
        .0
        .as_ref()
        .map_or(0, OwnedSemaphorePermit::num_permits);
    let needed = (content.bytes.len() + more).div_ceil(1024);
    if needed <= held {
        return Ok(());
    }
    let more = u32::try_from(needed - held)
        .map_err(|_| busy())?
        .next_multiple_of(PIECE);
    let permit =
        tokio::time::timeout(ROOM_PATIENCE, app.bodies.clone().acquire_many_owned(more)).await;
    let permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
    match &mut content.room.0 {
        Some(room) => room.merge(permit),
        None => content.room.0 = Some(permit),
    }
    Ok(())
}

/// Reads a refused body and drops it: a connection that is closed before its sender is through loses the answer.
pub(super) fn discard(mut body: Body) {
    tokio::spawn(async move {
        let dropping = async {
            let mut dropped = 0;
            while let Some(Ok(frame)) = body.frame().await {
                dropped += frame.data_ref().map_or(0, |data| data.len() as u64);
                if dropped > DROPPED {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(DROPPING, dropping).await;
    });
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn brackets_in_strings_are_no_depth() {
        for (text, expected) in [
            ("1", 0),
            ("[]", 1),
            ("[[],{}]", 2),
            (r#"["[[[\"[[["]"#, 1),
            (r#"{"a":[{"b":"\\"}]}"#, 3),
        ] {
            assert_eq!(depth(text), expected, "{text}");
        }
    }
}
