//! Workspaces, in the document.

use schemars::JsonSchema;
use serde::Serialize;

use crate::workspace::service::{Stats, Sweep, View};

/// A workspace; the names are those of its metadata file where it has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkspaceView {
    /// Its name.
    pub job_id: String,
    /// Its directory.
    pub path: String,
    /// `job` or `project`.
    pub kind: &'static str,
    /// Whose it is.
    pub user_id: String,
    /// A name for people.
    pub project_name: String,
    /// When it was created.
    pub created_at: String,
    /// `generating`, `complete`, `failed` or `expired`; `damaged` where its metadata cannot be used.
    pub status: &'static str,
    /// Files in it.
    pub files_count: u64,
    /// Bytes of these files.
    pub total_size_bytes: u64,
    /// Whether its ZIP is whole.
    pub zip_ready: bool,
    /// Why it failed, or how it is damaged.
    pub error_message: Option<String>,
    /// When it was active last.
    pub last_activity: Option<String>,
    /// What made it active then.
    pub activity: Option<&'static str>,
    /// How long it has been idle, in seconds.
    pub idle_seconds: Option<u64>,
    /// It holds more than it may, since others wrote into it.
    pub over: bool,
}

impl WorkspaceView {
    /// The view of a workspace below a base directory.
    pub fn of(view: &View, base: &std::path::Path) -> Self {
        use crate::workspace::domain::state::Kind;
        Self {
            job_id: view.name.to_string(),
            path: base.join(view.name.as_str()).to_string_lossy().into_owned(),
            kind: match view.kind {
                Kind::Job => "job",
                Kind::Project => "project",
            },
            user_id: view.owner.clone(),
            project_name: view.project_name.clone(),
            created_at: view.created_at.zulu(),
            status: view.status.as_str(),
            files_count: view.counts.files,
            total_size_bytes: view.counts.bytes,
            zip_ready: view.zip_ready,
            error_message: view.error_message.clone(),
            last_activity: Some(view.last_activity.zulu()),
            activity: Some(view.activity.as_str()),
            idle_seconds: Some(view.idle.as_secs()),
            over: view.is_over(),
        }
    }

    /// A workspace whose metadata cannot be used.
    pub fn damaged(name: &str, base: &std::path::Path, why: String) -> Self {
        Self {
            job_id: name.to_owned(),
            path: base.join(name).to_string_lossy().into_owned(),
            kind: "job",
            user_id: String::new(),
            project_name: String::new(),
            created_at: String::new(),
            status: "damaged",
            files_count: 0,
            total_size_bytes: 0,
            zip_ready: false,
            error_message: Some(why),
            last_activity: None,
            activity: None,
            idle_seconds: None,
            over: false,
        }
    }
}

/// What a sweep did, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SweepView {
    /// Workspaces that were read.
    pub checked: u64,
    /// Those that were removed, or would be.
    pub expired: Vec<String>,
    /// Those that stay.
    pub kept: u64,
    /// Those whose metadata is damaged.
    pub broken: Vec<String>,
    /// Those that could not be read or removed, and why.
    pub failed: Vec<SweepFailureView>,
    /// Bytes of the files that were removed.
    pub bytes_freed: u64,
}

/// A workspace that a sweep could not read or remove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SweepFailureView {
    /// Its name.
    pub job_id: String,
    /// Why.
    pub error: String,
}

impl From<Sweep> for SweepView {
    fn from(sweep: Sweep) -> Self {
        let names = |names: Vec<crate::workspace::domain::name::Name>| {
            names.iter().map(ToString::to_string).collect()
        };
        let removed = (sweep.expired.len() + sweep.broken.len() + sweep.failed.len()) as u64;
        let failed = sweep.failed.into_iter();
        Self {
            checked: sweep.checked,
            kept: sweep.checked.saturating_sub(removed),
            expired: names(sweep.expired),
            broken: names(sweep.broken),
            failed: failed
                .map(|(name, error)| SweepFailureView {
                    job_id: name.to_string(),
                    error,
                })
                .collect(),
            bytes_freed: sweep.bytes_freed,
        }
    }
}

/// What a base directory holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StatsView {
    /// The base directory.
    pub base_path: String,
    /// Workspaces.
    pub job_count: u64,
    /// Their files.
    pub file_count: u64,
    /// Bytes of these files.
    pub total_size_bytes: u64,
    /// After how many hours without activity a job expires.
    pub expiry_hours: f64,
    /// Workspaces that hold more than they may.
    pub over: u64,
}

impl StatsView {
    /// The view of sums.
    pub fn of(stats: &Stats, base: &std::path::Path, expiry_hours: f64) -> Self {
        Self {
            base_path: base.to_string_lossy().into_owned(),
            job_count: stats.workspaces,
            file_count: stats.counts.files,
            total_size_bytes: stats.counts.bytes,
            expiry_hours,
            over: stats.over,
        }
    }
}

/// A token that was made, which is shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TokenView {
    /// The token.
    pub token: String,
    /// Its hash, for the file of tokens.
    pub sha256: String,
    /// Whose it is.
    pub user: String,
    /// What it allows: `user` or `admin`.
    pub role: &'static str,
}
