//! What is sent and answered, as types: the documents of the API, and its description.

use serde::{Deserialize, Serialize};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crate::domain::text::Text;

/// A job that is requested.
#[derive(Deserialize, ToSchema)]
pub(super) struct Create {
    /// A name for people: any text of at most 1,000 characters.
    #[schema(value_type = String, max_length = 1000)]
    pub(super) project_name: Text,
    /// Its id; without one, or with an empty one, it gets 20 hexadecimal digits.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) job_id: Option<Text>,
}

/// A file that is written.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewFile {
    /// Where in the job.
    #[schema(value_type = String)]
    pub(super) path: Text,
    /// What is in it.
    #[schema(value_type = String)]
    pub(super) content: Text,
    /// `utf-8`, or `base64` for bytes.
    #[serde(default)]
    pub(super) encoding: Option<String>,
}

/// Why a job failed.
#[derive(Deserialize, ToSchema)]
pub(super) struct Failure {
    /// In a sentence; at most 2,000 characters are kept.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) error_message: Option<Text>,
}

/// A plan.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only its description is used: a plan is kept as it is sent"
)]
pub(super) struct NewPlan {
    /// What is to be done.
    tasks: Vec<serde_json::Value>,
    /// What else its author notes.
    metadata: Option<std::collections::HashMap<String, serde_json::Value>>,
}

/// A job.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the API")]
pub(super) struct Job {
    pub(super) job_id: String,
    pub(super) user_id: String,
    pub(super) project_name: String,
    /// `generating`, `complete`, `failed` or `expired`.
    pub(super) status: &'static str,
    pub(super) files_count: u64,
    /// Bytes in units of 2²⁰, with two decimals.
    pub(super) total_size_mb: f64,
    pub(super) created_at: String,
    /// Whether the ZIP is whole.
    pub(super) zip_ready: bool,
    /// Where the ZIP is, of a complete job.
    pub(super) download_url: Option<String>,
}

/// A job, with why it failed.
#[derive(Serialize, ToSchema)]
pub(super) struct JobDetails {
    #[serde(flatten)]
    pub(super) job: Job,
    pub(super) error_message: Option<String>,
    pub(super) archive_url: Option<String>,
}

/// A file that was written.
#[derive(Serialize, ToSchema)]
pub(super) struct FileWritten {
    pub(super) success: bool,
    pub(super) path: String,
    /// In bytes.
    pub(super) size: u64,
}

/// What became of one file of a batch.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchItem {
    pub(super) path: String,
    pub(super) success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<&'static str>,
}

/// What became of a batch, in its order.
#[derive(Serialize, ToSchema)]
pub(super) struct Batch {
    pub(super) total: usize,
    pub(super) success: usize,
    pub(super) results: Vec<BatchItem>,
}

/// A file of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedFile {
    pub(super) path: String,
    pub(super) name: String,
    /// In bytes.
    pub(super) size: u64,
    pub(super) modified: String,
}

/// The files of a job, by the bytes of their paths.
#[derive(Serialize, ToSchema)]
pub(super) struct FileList {
    pub(super) job_id: String,
    pub(super) files: Vec<ListedFile>,
    pub(super) count: usize,
    /// What is not listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) warnings: Vec<String>,
}

/// A file of text.
#[derive(Serialize, ToSchema)]
pub(super) struct FileContent {
    pub(super) path: String,
    pub(super) content: String,
}

/// It is done.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the API")]
pub(super) struct Success {
    pub(super) success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
}

impl Success {
    /// Nothing but that.
    pub(super) const BARE: Self = Self {
        success: true,
        status: None,
        message: None,
    };
}

/// A job that was completed.
#[derive(Serialize, ToSchema)]
pub(super) struct JobCompleted {
    pub(super) success: bool,
    pub(super) status: &'static str,
    /// `ZIP is ready`, or `ZIP creation started`.
    pub(super) message: &'static str,
    pub(super) download_url: String,
    /// What is not in the ZIP, and names that are one on Windows and macOS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) warnings: Vec<String>,
}

/// What the base directory holds.
#[derive(Serialize, ToSchema)]
pub(super) struct StorageStats {
    pub(super) base_path: String,
    pub(super) job_count: u64,
    pub(super) file_count: u64,
    pub(super) total_size_mb: f64,
    #[schema(value_type = f64)]
    pub(super) expiry_hours: serde_json::Value,
}

/// What a cleanup removed.
#[derive(Serialize, ToSchema)]
pub(super) struct Cleaned {
    pub(super) success: bool,
    pub(super) cleaned_jobs: usize,
}

/// It works.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    pub(super) status: &'static str,
}

/// A refusal.
#[derive(Serialize, ToSchema)]
pub(super) struct Refused {
    /// One sentence.
    pub(super) error: String,
    /// A word that stays the same.
    pub(super) code: &'static str,
}

/// What may be answered instead.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) enum Refusals {
    /// No JSON, or a path or a content that is refused.
    #[response(status = 400)]
    Bad(Refused),
    /// No token, or one that is not known.
    #[response(status = 401)]
    Unauthorized(Refused),
    /// The token is not that of an administrator.
    #[response(status = 403)]
    Forbidden(Refused),
    /// No such job or file.
    #[response(status = 404)]
    NotFound(Refused),
    /// The body did not arrive in time.
    #[response(status = 408)]
    TimedOut(Refused),
    /// In conflict with what exists, or the ZIP is not whole yet.
    #[response(status = 409)]
    Conflict(Refused),
    /// The job is expired.
    #[response(status = 410)]
    Expired(Refused),
    /// More than is allowed.
    #[response(status = 413)]
    TooLarge(Refused),
    /// The file is no text.
    #[response(status = 415)]
    NotText(Refused),
    /// A value is missing, of the wrong type or out of range.
    #[response(status = 422)]
    Invalid(Refused),
    /// The base directory is not there, or there is too much to do.
    #[response(status = 503)]
    Unavailable(Refused),
    /// The disk is full.
    #[response(status = 507)]
    Full(Refused),
}

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
    }
}

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(title = "Job storage", version = "1", description = "Jobs: directories that are created, filled, packed and deleted.", license(name = "Apache-2.0 OR MIT")),
    paths(
        super::jobs::create,
        super::jobs::show,
        super::jobs::remove,
        super::jobs::complete,
        super::jobs::fail,
        super::jobs::download,
        super::files::write,
        super::files::batch,
        super::files::list,
        super::files::read,
        super::files::put,
        super::files::remove,
        super::files::plan,
        super::admin::stats,
        super::admin::cleanup,
        super::admin::health,
        super::admin::ready,
        super::admin::metrics,
        super::admin::openapi,
    ),
    modifiers(&Bearer),
)]
pub(super) struct Api;

/// The description of the API: `OpenAPI` 3.1, as JSON with a newline at its end.
pub fn openapi() -> String {
    // Nothing of it can fail to be written.
    let text = Api::openapi().to_pretty_json().unwrap_or_default();
    format!("{text}\n")
}
