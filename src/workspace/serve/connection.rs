//! Connections: accepted, bounded, drained.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::app::App;
use super::listen::{Bound, Stream};
use super::routes::{Route, router};
use super::{answer, request};

/// The most connections at once; more of them wait to be accepted.
const MOST: usize = 1_024;

/// The headers of a request, in bytes.
const HEADERS: usize = 16 << 10;

/// How long headers may take.
const HEADER_PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait after a connection could not be accepted, for lack of file descriptors mostly.
const BREATH: Duration = Duration::from_millis(50);

/// Serves connections until `shutdown`, and what is in progress then for `drain`.
pub(super) async fn accept(
    bound: Bound,
    app: &Arc<App>,
    drain: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let (stop, stopping) = watch::channel(false);
    let room = Arc::new(Semaphore::new(MOST));
    let router = router(app);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            let permit = room.clone().acquire_owned().await;
            (bound.accept().await, permit)
        };
        tokio::select! {
            () = &mut shutdown => break,
            (accepted, permit) = accepted => match accepted {
                Ok(stream) => {
                    let (app, router, stopping) = (app.clone(), router.clone(), stopping.clone());
                    connections.spawn(async move {
                        app.metrics.connected(1);
                        match stream {
                            Stream::Tcp(stream) => serve(stream, &app, &router, stopping).await,
                            Stream::Unix(stream) => serve(stream, &app, &router, stopping).await,
                        }
                        app.metrics.connected(-1);
                        drop(permit);
                    });
                }
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(bound);
    stop.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    // What is still in progress after that is cut off as `connections` is dropped.
    let _ = tokio::time::timeout(drain, ended).await;
}

async fn serve<S>(stream: S, app: &Arc<App>, router: &Router, mut stopping: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request| handle(app.clone(), router.clone(), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        // A client that has sent all it wants to say still waits for the answer.
        .half_close(true)
        .max_buf_size(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn handle(
    app: Arc<App>,
    router: Router,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let begun = Instant::now();
    let request: Request = request.map(Body::new);
    let method = request.method().clone();
    let name = request::name(request.uri()).ok();
    let mut router = router;
    let response = match tower_call(&mut router, request).await {
        Ok(response) => answer::whole(response),
        Err(never) => match never {},
    };
    let took = begun.elapsed();
    let route = response
        .extensions()
        .get::<Route>()
        .map_or("none", |Route(path)| path.as_str());
    let status = response.status().as_u16();
    app.metrics.answered(method.as_str(), route, status, took);
    tracing::info!(
        target: "efsctl::serve",
        method = method.as_str(),
        route,
        status,
        ms = took.as_secs_f64() * 1_000.0,
        id = name.as_ref().map(crate::domain::name::Name::as_str),
    );
    Ok(response)
}

async fn tower_call(router: &mut Router, request: Request) -> Result<Response, Infallible> {
    use tower_service::Service;
    // A router is always ready.
    router.call(request).await
}
