//! Addresses, and what answers at them.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{delete, get, post, put};

use super::app::App;
use super::request::Asked;
use super::{admin, answer, files, jobs};
use crate::service::{Code, Refusal};

/// The pattern of the address that answered.
#[derive(Clone)]
pub(super) struct Route(pub(super) MatchedPath);

async fn note(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(Route(route));
    }
    response
}

/// What the routes answer.
type Answer = Result<Response, Refusal>;

/// A function of a request, as a handler of a route.
macro_rules! route {
    ($function:path) => {
        |State(app): State<Arc<App>>, request: Request| answered(app, request, $function)
    };
}

async fn answered<F: Future<Output = Answer>>(
    app: Arc<App>,
    request: Request,
    run: fn(Asked) -> F,
) -> Response {
    let answer = match Asked::new(app, request) {
        Ok(asked) => run(asked).await,
        Err(refused) => Err(refused),
    };
    answer.unwrap_or_else(|refused| answer::refused(&refused))
}

/// A function of the server itself, which needs no token.
macro_rules! own {
    ($function:path) => {
        |State(app): State<Arc<App>>| async move {
            $function(app)
                .await
                .unwrap_or_else(|refused: Refusal| answer::refused(&refused))
        }
    };
}

/// The routes, and what answers where there is none.
pub(super) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/api/v1/jobs/create", post(route!(jobs::create)))
        .route("/api/v1/jobs/admin/stats", get(route!(admin::stats)))
        .route("/api/v1/jobs/admin/cleanup", post(route!(admin::cleanup)))
        .route(
            "/api/v1/jobs/{id}",
            get(route!(jobs::show)).merge(delete(route!(jobs::remove))),
        )
        .route(
            "/api/v1/jobs/{id}/files",
            get(route!(files::list)).merge(post(route!(files::write))),
        )
        .route(
            "/api/v1/jobs/{id}/files/batch",
            post(route!(files::batch)).merge(in_files()),
        )
        .route("/api/v1/jobs/{id}/files/", in_files())
        .route("/api/v1/jobs/{id}/files/{*path}", in_files())
        .route("/api/v1/jobs/{id}/plan", post(route!(files::plan)))
        .route("/api/v1/jobs/{id}/complete", post(route!(jobs::complete)))
        .route("/api/v1/jobs/{id}/fail", post(route!(jobs::fail)))
        .route("/api/v1/jobs/{id}/download", get(route!(jobs::download)))
        .route("/healthz", get(own!(admin::health)))
        .route("/readyz", get(own!(admin::ready)))
        .route("/openapi.json", get(own!(admin::openapi)))
        .route("/metrics", get(own!(admin::metrics)))
        .route_layer(from_fn(note))
        .fallback(|| async {
            answer::refused(&Refusal::new(
                Code::NotFound,
                "there is nothing at this address",
            ))
        })
        .with_state(app.clone())
}

/// A file: also one that is called `batch`.
fn in_files() -> axum::routing::MethodRouter<Arc<App>> {
    get(route!(files::read))
        .merge(put(route!(files::put)))
        .merge(delete(route!(files::remove)))
}
