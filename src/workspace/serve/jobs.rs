//! Jobs.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::answer::{json, nothing};
use super::body::LARGEST;
use super::pieces::Pieces;
use super::request::Asked;
use super::schema::{Create, Failure, Job, JobCompleted, JobDetails, Refusals, Success};
use crate::domain::download::disposition;
use crate::domain::name::Name;
use crate::domain::state::Kind;
use crate::domain::step::Status;
use crate::domain::text::Text;
use crate::service::{Code, New, Refusal, View};

/// The longest name of a project, in characters.
const LONGEST_NAME: usize = 1_000;

/// How long a ZIP is waited for.
const PACKING: Duration = Duration::from_secs(5);

/// Bytes in units of 2²⁰, with two decimals.
#[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
pub(super) fn mib(bytes: u64) -> f64 {
    (bytes as f64 / f64::from(1 << 20) * 100.0).round() / 100.0
}

fn download_url(name: &Name) -> String {
    format!("/api/v1/jobs/{name}/download")
}

/// A job, as it is shown.
fn shown(view: &View) -> Job {
    Job {
        job_id: view.name.as_str().to_owned(),
        user_id: view.owner.clone(),
        project_name: view.project_name.clone(),
        status: view.status.as_str(),
        files_count: view.counts.files,
        total_size_mb: mib(view.counts.bytes),
        created_at: view.created_at.zulu(),
        zip_ready: view.zip_ready,
        download_url: (view.status == Status::Complete).then(|| download_url(&view.name)),
    }
}

/// `POST /create`
#[utoipa::path(post, path = "/api/v1/jobs/create", request_body = Create, responses((status = 200, body = Job), Refusals), security(("bearer" = [])))]
pub(super) async fn create(mut asked: Asked) -> Result<Response, Refusal> {
    let (create, _room): (Create, _) = asked.body(LARGEST).await?.json().await?;
    let invalid = |message: &str| Refusal::new(Code::Invalid, message);
    let text = |text: &Text, what: &str| {
        text.as_str()
            .map(str::to_owned)
            .ok_or_else(|| invalid(&format!("{what} is not text: it has a lone surrogate")))
    };
    let project_name = text(&create.project_name, "project_name")?;
    if project_name.chars().count() > LONGEST_NAME {
        return Err(invalid("project_name is longer than 1,000 characters"));
    }
    let id = create
        .job_id
        .as_ref()
        .map(|id| text(id, "job_id"))
        .transpose()?;
    let name = id
        .filter(|id| !id.is_empty())
        .map(|id| Name::job(&id))
        .transpose()?;
    let new = New {
        name: name.clone(),
        kind: Kind::Job,
        owner: asked.who.user.clone(),
        project_name,
        limits: None,
    };
    let view = match name {
        Some(name) => {
            asked
                .app
                .change(&name, move |workspaces| workspaces.create(&new))
                .await?
        }
        None => {
            asked
                .app
                .run(move |workspaces| workspaces.create(&new))
                .await?
        }
    };
    Ok(json(&shown(&view)))
}

/// `GET /{id}`
#[utoipa::path(get, path = "/api/v1/jobs/{id}", params(("id" = String, Path, description = "The job")), responses((status = 200, body = JobDetails), Refusals), security(("bearer" = [])))]
pub(super) async fn show(asked: Asked) -> Result<Response, Refusal> {
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let view = asked
        .app
        .run(move |workspaces| workspaces.get(&who, &name))
        .await?;
    Ok(json(&JobDetails {
        job: shown(&view),
        error_message: view.error_message,
        archive_url: None,
    }))
}

/// `POST /{id}/complete`
#[utoipa::path(post, path = "/api/v1/jobs/{id}/complete", params(("id" = String, Path, description = "The job")), responses((status = 200, body = JobCompleted), Refusals), security(("bearer" = [])))]
pub(super) async fn complete(asked: Asked) -> Result<Response, Refusal> {
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let completed = {
        let (who, name) = (who.clone(), name.clone());
        let key = name.clone();
        asked
            .app
            .change(&key, move |workspaces| workspaces.complete(&who, &name))
            .await?
    };
    let mut packed = asked.app.pack(&who, &name);
    let is_ready = match tokio::time::timeout(PACKING, packed.wait_for(Option::is_some)).await {
        Ok(Ok(packed)) => {
            if let Some(Err(refused)) = &*packed {
                return Err(refused.clone());
            }
            true
        }
        _ => false,
    };
    Ok(json(&JobCompleted {
        success: true,
        status: Status::Complete.as_str(),
        message: if is_ready {
            "ZIP is ready"
        } else {
            "ZIP creation started"
        },
        download_url: download_url(&name),
        warnings: completed.warnings,
    }))
}

/// `POST /{id}/fail`
#[utoipa::path(post, path = "/api/v1/jobs/{id}/fail", params(("id" = String, Path, description = "The job"), ("error_message" = Option<String>, Query, description = "Why it failed")), request_body = Option<Failure>, responses((status = 200, body = Success), Refusals), security(("bearer" = [])))]
pub(super) async fn fail(mut asked: Asked) -> Result<Response, Refusal> {
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let body = asked.body(LARGEST).await?;
    let by_body = if body.is_blank() {
        None
    } else {
        body.json::<Option<Failure>>()
            .await?
            .0
            .and_then(|fail| fail.error_message)
    };
    let reason = asked
        .query("error_message")
        .or_else(|| by_body.map(|text| text.lossy().into_owned()));
    let reason = reason
        .filter(|reason| !reason.is_empty())
        .unwrap_or_else(|| "Generation failed".to_owned());
    let key = name.clone();
    asked
        .app
        .change(&key, move |workspaces| {
            workspaces.fail(&who, &name, &reason)
        })
        .await?;
    Ok(json(&Success {
        status: Some(Status::Failed.as_str()),
        ..Success::BARE
    }))
}

/// `DELETE /{id}`
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", params(("id" = String, Path, description = "The job"), ("keep_zip" = Option<bool>, Query, description = "Keeps the ZIP")), responses((status = 200, body = Success), Refusals), security(("bearer" = [])))]
pub(super) async fn remove(asked: Asked) -> Result<Response, Refusal> {
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let keep_zip = asked.flag("keep_zip")?;
    let message = format!("Job {name} deleted");
    let key = name.clone();
    asked
        .app
        .change(&key, move |workspaces| {
            workspaces.delete(&who, &name, keep_zip)
        })
        .await?;
    asked.app.trash.notify_one();
    Ok(json(&Success {
        message: Some(message),
        ..Success::BARE
    }))
}

/// `GET /{id}/download`
#[utoipa::path(get, path = "/api/v1/jobs/{id}/download", params(("id" = String, Path, description = "The job")), responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 304, description = "Not changed"), Refusals), security(("bearer" = [])))]
pub(super) async fn download(asked: Asked) -> Result<Response, Refusal> {
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let found = {
        let (who, name) = (who.clone(), name.clone());
        asked
            .app
            .run(move |workspaces| workspaces.download(&who, &name))
            .await
    };
    let download = match found {
        Err(refused) if refused.code == Code::ZipNotReady => {
            // Nothing may be making it: a process that did may have been killed.
            drop(asked.app.pack(&who, &name));
            return Err(refused);
        }
        other => other?,
    };
    let tag = HeaderValue::from_str(&download.tag).ok();
    if tag.is_some() && asked.headers().get(IF_NONE_MATCH) == tag.as_ref() {
        let mut response = nothing();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().extend(tag.map(|tag| (ETAG, tag)));
        return Ok(response);
    }
    let disposition =
        HeaderValue::from_str(&disposition(&download.project_name, name.as_str())).ok();
    let mut response: Response<Body> =
        Response::new(Pieces::of(&asked.app, download.file, download.size));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(CONTENT_LENGTH, download.size.into());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.extend(tag.map(|tag| (ETAG, tag)));
    headers.extend(disposition.map(|value| (CONTENT_DISPOSITION, value)));
    Ok(response)
}
