//! What a request carries besides its path: a JSON body, or members in the query.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::super::world::ApiError;
use super::super::super::world::efs::{LifecyclePolicy, Tag};
use super::super::Request;

/// Body of `PutLifecycleConfiguration`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct LifecycleBody {
    pub(super) lifecycle_policies: Option<Vec<LifecyclePolicy>>,
}

/// Body of `PutBackupPolicy`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct BackupBody {
    pub(super) backup_policy: BackupStatus,
}

/// `BackupPolicy` of the API.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct BackupStatus {
    pub(super) status: Option<String>,
}

/// Body of `PutAccountPreferences`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PreferencesBody {
    pub(super) resource_id_type: Option<String>,
}

/// Body of `UpdateFileSystemProtection`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ProtectionBody {
    pub(super) replication_overwrite_protection: Option<String>,
}

/// Body of `ModifyMountTargetSecurityGroups`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SecurityGroupsBody {
    pub(super) security_groups: Option<Vec<String>>,
}

/// Body of `TagResource` and `CreateTags`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagsBody {
    pub(super) tags: Vec<Tag>,
}

/// Body of `DeleteTags`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagKeysBody {
    pub(super) tag_keys: Vec<String>,
}

/// The body of a request; no body is an empty object.
pub(super) fn body<T: DeserializeOwned>(request: &Request) -> Result<T, ApiError> {
    let bytes: &[u8] = match request.body.trim_ascii() {
        [] => b"{}",
        bytes => bytes,
    };
    // By way of a map: serde would also fill a structure from an array.
    serde_json::from_slice::<Map<String, Value>>(bytes)
        .and_then(|members| serde_json::from_value(Value::Object(members)))
        .map_err(|error| unreadable(&error))
}

/// AWS tells a missing member, a matter of validation, from a body that it cannot read.
fn unreadable(error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    let code = if text.starts_with("missing field") {
        "BadRequest"
    } else {
        "SerializationException"
    };
    ApiError::new(code, 400, text)
}

/// The members in the query of a request.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Those of a request.
    pub(super) fn of(request: &Request) -> Self {
        Self(
            form_urlencoded::parse(request.query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The member of that name.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }

    /// All members of that name, for lists.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// The number of that name.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.get(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    ApiError::new(
                        "BadRequest",
                        400,
                        format!("{name} must be an integer: {text}"),
                    )
                })
            })
            .transpose()
    }
}
