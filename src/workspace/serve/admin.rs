//! What administrators ask, and what watches the server.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::json;
use super::app::App;
use super::jobs::mib;
use super::request::Asked;
use super::schema::{self, Cleaned, Health, Refusals, StorageStats};
use crate::service::{Code, Refusal, Workspaces};

fn allowed(asked: &Asked) -> Result<(), Refusal> {
    if asked.who.is_admin {
        Ok(())
    } else {
        Err(Refusal::new(
            Code::Forbidden,
            "this takes the token of an administrator",
        ))
    }
}

/// `GET /admin/stats`
#[utoipa::path(get, path = "/api/v1/jobs/admin/stats", responses((status = 200, body = StorageStats), Refusals), security(("bearer" = [])))]
pub(super) async fn stats(asked: Asked) -> Result<Response, Refusal> {
    allowed(&asked)?;
    let stats = asked.app.stats().await?;
    let workspaces = asked.app.workspaces();
    let hours = workspaces.options().policy.expire_hours();
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of hours")]
    let hours: Value = if hours.fract() == 0.0 {
        json!(hours as i64)
    } else {
        json!(hours)
    };
    Ok(json(&StorageStats {
        base_path: workspaces.path().to_string_lossy().into_owned(),
        job_count: stats.workspaces,
        file_count: stats.counts.files,
        total_size_mb: mib(stats.counts.bytes),
        expiry_hours: hours,
    }))
}

/// `POST /admin/cleanup`
#[utoipa::path(post, path = "/api/v1/jobs/admin/cleanup", responses((status = 200, body = Cleaned), Refusals), security(("bearer" = [])))]
pub(super) async fn cleanup(asked: Asked) -> Result<Response, Refusal> {
    allowed(&asked)?;
    let sweep = asked.app.run(|workspaces| workspaces.sweep(false)).await?;
    asked.app.trash.notify_one();
    asked.app.metrics.swept(sweep.expired.len() as u64);
    Ok(json(&Cleaned {
        success: true,
        cleaned_jobs: sweep.expired.len(),
    }))
}

/// `GET /healthz`
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Health), Refusals))]
pub(super) async fn health(_: Arc<App>) -> Result<Response, Refusal> {
    Ok(json(&Health { status: "ok" }))
}

/// `GET /readyz`
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = Health), Refusals))]
pub(super) async fn ready(app: Arc<App>) -> Result<Response, Refusal> {
    app.run(Workspaces::ready).await?;
    Ok(json(&Health { status: "ok" }))
}

/// `GET /metrics`
#[utoipa::path(get, path = "/metrics", responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(app: Arc<App>) -> Result<Response, Refusal> {
    if let Ok(stats) = app.stats().await {
        app.metrics.holds(&stats);
    }
    let mut response = Response::new(Body::from(app.metrics.render()));
    let kind =
        HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// `GET /openapi.json`
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, body = serde_json::Value)))]
pub(super) async fn openapi(_: Arc<App>) -> Result<Response, Refusal> {
    let mut response = Response::new(Body::from(schema::openapi()));
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}
