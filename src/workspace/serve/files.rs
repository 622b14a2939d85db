//! Files of jobs.

use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::answer::{json, nothing};
use super::body::{LARGEST, unreadable};
use super::pieces::Pieces;
use super::request::Asked;
use super::schema::{
    Batch, BatchItem, FileContent, FileList, FileWritten, ListedFile, NewFile, NewPlan, Refusals,
    Success,
};
use crate::domain::path::RelPath;
use crate::domain::plan::Plan;
use crate::service::{Code, Item, Refusal};

/// The most files of a batch.
const MOST_ITEMS: usize = 1_000;

impl NewFile {
    fn path(&self) -> Result<RelPath, Refusal> {
        Ok(RelPath::from_bytes(self.path.bytes())?)
    }

    fn into_content(self) -> Result<Vec<u8>, Refusal> {
        let bad = |message: &str| Refusal::new(Code::BadContent, message);
        let text = self
            .content
            .as_str()
            .ok_or_else(|| bad("the content is not text: it has a lone surrogate"))?;
        match self.encoding.as_deref() {
            None | Some("utf-8" | "utf8") => Ok(self.content.into_bytes()),
            Some("base64") => STANDARD
                .decode(text)
                .map_err(|error| bad(&format!("the content is no base64: {error}"))),
            Some(other) => {
                let message = format!(
                    "encoding: `{}` is neither utf-8 nor base64",
                    other.escape_debug()
                );
                Err(Refusal::new(Code::Invalid, message))
            }
        }
    }
}

/// `POST /{id}/files`
#[utoipa::path(post, path = "/api/v1/jobs/{id}/files", params(("id" = String, Path, description = "The job")), request_body = NewFile, responses((status = 200, body = FileWritten), Refusals), security(("bearer" = [])))]
pub(super) async fn write(mut asked: Asked) -> Result<Response, Refusal> {
    let body = asked.body(LARGEST).await?;
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let (file, _room): (NewFile, _) = body.json().await?;
    let path = file.path()?;
    let content = file.into_content()?;
    let key = name.clone();
    let written = asked
        .app
        .change(&key, move |workspaces| {
            workspaces.put(&who, &name, &path, content)
        })
        .await?;
    asked.app.metrics.written(written.size);
    Ok(json(&FileWritten {
        success: true,
        path: written.path,
        size: written.size,
    }))
}

/// `POST /{id}/files/batch`
#[utoipa::path(post, path = "/api/v1/jobs/{id}/files/batch", params(("id" = String, Path, description = "The job")), request_body = Vec<NewFile>, responses((status = 200, body = Batch), Refusals), security(("bearer" = [])))]
pub(super) async fn batch(mut asked: Asked) -> Result<Response, Refusal> {
    let body = asked.body(LARGEST).await?;
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let (files, _room): (Vec<NewFile>, _) = body.json().await?;
    if files.len() > MOST_ITEMS {
        return Err(Refusal::new(
            Code::TooManyItems,
            format!("the batch has {} files: at most 1,000", files.len()),
        ));
    }
    let paths: Vec<String> = files
        .iter()
        .map(|file| file.path.lossy().into_owned())
        .collect();
    let items: Vec<Item> = files
        .into_iter()
        .map(|file| Item {
            path: file.path(),
            content: file.into_content(),
        })
        .collect();
    let key = name.clone();
    let written = asked
        .app
        .change(&key, move |workspaces| {
            workspaces.put_batch(&who, &name, &items)
        })
        .await?;
    let results = paths.into_iter().zip(&written).map(|(path, written)| {
        let refused = written.as_ref().err();
        BatchItem {
            path,
            success: written.is_ok(),
            error: refused.map(|refused| refused.message.clone()),
            code: refused.map(|refused| refused.code.as_str()),
        }
    });
    let results: Vec<BatchItem> = results.collect();
    let success = written.iter().flatten().count();
    asked
        .app
        .metrics
        .written(written.iter().flatten().map(|written| written.size).sum());
    Ok(json(&Batch {
        total: results.len(),
        success,
        results,
    }))
}

/// `GET /{id}/files`
#[utoipa::path(get, path = "/api/v1/jobs/{id}/files", params(("id" = String, Path, description = "The job"), ("limit" = Option<u32>, Query, description = "At most this many files", minimum = 1), ("after" = Option<String>, Query, description = "Only paths after this one")), responses((status = 200, body = FileList), Refusals), security(("bearer" = [])))]
pub(super) async fn list(asked: Asked) -> Result<Response, Refusal> {
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let (limit, after) = (asked.number("limit")?, asked.query("after"));
    let listing = {
        let name = name.clone();
        asked
            .app
            .run(move |workspaces| workspaces.list(&who, &name))
            .await?
    };
    let is_after = |path: &str| {
        after
            .as_deref()
            .is_none_or(|after| path.as_bytes() > after.as_bytes())
    };
    let files = listing
        .files
        .iter()
        .filter(|file| is_after(&file.path))
        .take(limit.unwrap_or(usize::MAX));
    let files: Vec<ListedFile> = files
        .map(|file| ListedFile {
            path: file.path.clone(),
            name: file.path.rsplit('/').next().unwrap_or_default().to_owned(),
            size: file.size,
            modified: file.modified.zulu(),
        })
        .collect();
    Ok(json(&FileList {
        job_id: name.as_str().to_owned(),
        count: files.len(),
        files,
        warnings: listing.warnings,
    }))
}

/// `GET /{id}/files/{path}`
#[utoipa::path(get, path = "/api/v1/jobs/{id}/files/{path}", params(("id" = String, Path, description = "The job"), ("path" = String, Path, description = "The file")), responses((status = 200, content((FileContent = "application/json"), (Vec<u8> = "application/octet-stream"))), Refusals), security(("bearer" = [])))]
pub(super) async fn read(asked: Asked) -> Result<Response, Refusal> {
    let (who, name, path) = (asked.caller().clone(), asked.name()?, asked.path()?);
    let accept = asked
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accept.contains("application/octet-stream") {
        let (file, size) = asked
            .app
            .run(move |workspaces| workspaces.open_file(&who, &name, &path))
            .await?;
        let mut response = Response::new(Pieces::of(&asked.app, file, size));
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        );
        headers.insert(CONTENT_LENGTH, size.into());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        return Ok(response);
    }
    let shown = path.as_str().to_owned();
    let bytes = asked
        .app
        .run(move |workspaces| workspaces.read_file(&who, &name, &path, LARGEST))
        .await?;
    if let Ok(content) = String::from_utf8(bytes) {
        return Ok(json(&FileContent {
            path: shown,
            content,
        }));
    }
    let message = format!(
        "`{shown}` is not UTF-8 text: fetch its bytes with Accept: application/octet-stream"
    );
    Err(Refusal::new(Code::NotText, message))
}

/// `PUT /{id}/files/{path}`
#[utoipa::path(put, path = "/api/v1/jobs/{id}/files/{path}", params(("id" = String, Path, description = "The job"), ("path" = String, Path, description = "The file")), request_body = Vec<u8>, responses((status = 204, description = "Done"), Refusals), security(("bearer" = [])))]
pub(super) async fn put(mut asked: Asked) -> Result<Response, Refusal> {
    let body = asked.body(LARGEST).await?;
    let (who, name, path) = (asked.caller().clone(), asked.name()?, asked.path()?);
    let (bytes, _room) = body.into_bytes();
    let key = name.clone();
    let written = asked
        .app
        .change(&key, move |workspaces| {
            workspaces.put(&who, &name, &path, bytes)
        })
        .await?;
    asked.app.metrics.written(written.size);
    Ok(nothing())
}

/// `DELETE /{id}/files/{path}`
#[utoipa::path(delete, path = "/api/v1/jobs/{id}/files/{path}", params(("id" = String, Path, description = "The job"), ("path" = String, Path, description = "The file")), responses((status = 204, description = "Done"), Refusals), security(("bearer" = [])))]
pub(super) async fn remove(asked: Asked) -> Result<Response, Refusal> {
    let (who, name, path) = (asked.caller().clone(), asked.name()?, asked.path()?);
    let key = name.clone();
    asked
        .app
        .change(&key, move |workspaces| {
            workspaces.remove_file(&who, &name, &path)
        })
        .await?;
    Ok(nothing())
}

/// `POST /{id}/plan`
#[utoipa::path(post, path = "/api/v1/jobs/{id}/plan", params(("id" = String, Path, description = "The job")), request_body = NewPlan, responses((status = 200, body = Success), Refusals), security(("bearer" = [])))]
pub(super) async fn plan(mut asked: Asked) -> Result<Response, Refusal> {
    let body = asked.body(LARGEST).await?;
    let (who, name) = (asked.caller().clone(), asked.name()?);
    let render = |text: &str| Plan::render(text).map_err(|error| unreadable(&error));
    let (plan, _room) = body.parse(render).await?;
    let key = name.clone();
    asked
        .app
        .change(&key, move |workspaces| {
            workspaces.put(&who, &name, &RelPath::plan(), plan.into_bytes())
        })
        .await?;
    Ok(json(&Success::BARE))
}
