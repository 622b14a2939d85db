//! One connection of a client: HTTP/1.1 in, the account's verdicts out.

use std::future::poll_fn;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::admin;
use crate::account::{Account, Clock, Outcome};
use crate::wire::{Reply, Request};

/// The largest body that is read. The largest of AWS's here is a file system policy of 20,000 characters.
const MAX_BODY: usize = 1024 * 1024;

/// The order to break the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is to be reset")]
struct Reset;

/// Serves a connection until the client leaves, a fault breaks it, or `stopping` is set.
pub(super) async fn serve(
    stream: TcpStream,
    account: Account,
    clock: Clock,
    mut stopping: watch::Receiver<bool>,
) {
    // Without it the last part of an answer may wait for an acknowledgement; with it a failure changes nothing.
    let _ = stream.set_nodelay(true);
    let until = stopping.clone();
    let service = service_fn(move |request| {
        let (account, clock, until) = (account.clone(), clock.clone(), until.clone());
        Box::pin(answer(request, account, clock, until))
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = stopped(&mut stopping) => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    if ended.is_err_and(|error| is_reset(&error)) {
        // A close with nothing lingering is a TCP reset, which is what a client of a broken network sees.
        let _ = connection.into_parts().io.inner().set_zero_linger();
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which comes to the same.
    let _ = stopping.wait_for(|stop| *stop).await;
}

fn is_reset(error: &hyper::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Reset>)
}

async fn answer(
    request: hyper::Request<Incoming>,
    account: Account,
    clock: Clock,
    mut stopping: watch::Receiver<bool>,
) -> Result<Response<Full<Bytes>>, Reset> {
    let request = match read(request).await {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal),
    };
    if let Some(reply) = admin::respond(&request, &account, &clock).await {
        return Ok(into_response(reply));
    }
    let now = clock();
    let verdict = match account
        .run(move |account| account.serve(now, &request))
        .await
    {
        Ok(verdict) => verdict,
        Err(error) => return Ok(plain(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())),
    };
    tokio::time::sleep(verdict.delay).await;
    match verdict.outcome {
        Outcome::Reply(reply) => Ok(into_response(reply)),
        Outcome::Reset => Err(Reset),
        Outcome::Hang => {
            // A client that leaves ends this too: hyper drops the call with the connection.
            stopped(&mut stopping).await;
            Err(Reset)
        }
    }
}

/// Reads a request whole, or says why not.
async fn read(request: hyper::Request<Incoming>) -> Result<Request, Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY)
        .collect()
        .await
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                let message = format!("a request to the sandbox has at most {MAX_BODY} bytes");
                plain(StatusCode::PAYLOAD_TOO_LARGE, &message)
            } else {
                plain(
                    StatusCode::BAD_REQUEST,
                    &format!("the body cannot be read: {error}"),
                )
            }
        })?;
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    Ok(Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body.to_bytes().to_vec(),
    })
}

fn into_response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response
        .body(Full::from(reply.body))
        .unwrap_or_else(|error| {
            plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                &format!("an impossible answer: {error}"),
            )
        })
}

fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("{text}\n")));
    *response.status_mut() = status;
    let kind = hyper::header::HeaderValue::from_static("text/plain; charset=utf-8");
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, kind);
    response
}
