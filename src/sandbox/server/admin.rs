//! `/_sandbox/…`: what AWS does not have. The calls so far, the state, the way back to the start.
//!
//! A web page must not reach it: an `Origin` header or a foreign `Host` (DNS rebinding) is refused.

use serde::Serialize;

use crate::account::{Account, Clock};
use crate::wire::{Reply, Request};

/// Answers a request under `/_sandbox`; `None` for any other.
pub(super) async fn respond(request: &Request, account: &Account, clock: &Clock) -> Option<Reply> {
    let page = request.path.strip_prefix("/_sandbox/")?;
    if request.header("origin").is_some() || !is_local(request.header("host").unwrap_or_default()) {
        return Some(text(
            403,
            "the sandbox answers local programs only, not web pages",
        ));
    }
    let now = clock();
    Some(match (request.method.as_str(), page) {
        ("GET", "health") => json(&serde_json::json!({ "status": "ok" })),
        ("GET", "calls") => json(&account.run(Account::calls).await),
        ("GET", "world") => match account.run(move |account| account.state(now)).await {
            Ok(state) => {
                let mut body = Vec::new();
                state
                    .write(&mut body)
                    .map_or_else(|error| text(500, error), |()| document(body))
            }
            Err(error) => text(500, error),
        },
        ("POST", "reset") => match account.run(Account::reset).await {
            Ok(()) => Reply {
                status: 204,
                headers: Vec::new(),
                body: Vec::new(),
            },
            Err(error) => text(500, error),
        },
        (_, "health" | "calls" | "world" | "reset") => {
            text(405, "GET health, calls, world; POST reset")
        }
        _ => text(
            404,
            "not found: use /_sandbox/health, calls, world or reset",
        ),
    })
}

/// Whether a `Host` header names this machine's loopback.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

fn json(value: &impl Serialize) -> Reply {
    serde_json::to_vec(value).map_or_else(|error| text(500, error), document)
}

fn document(body: Vec<u8>) -> Reply {
    reply(200, "application/json", body)
}

fn text(status: u16, message: impl std::fmt::Display) -> Reply {
    reply(
        status,
        "text/plain; charset=utf-8",
        format!("{message}\n").into_bytes(),
    )
}

fn reply(status: u16, kind: &str, body: Vec<u8>) -> Reply {
    Reply {
        status,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body,
    }
}
