//! `CreateAccessPoint`, `DescribeAccessPoints`, `DeleteAccessPoint`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::state::{AccessPoint, Life};
use super::super::{ApiError, Region};
use super::access_point_rules::{check_creation_info, check_path, check_posix_user};
use super::errors::bad_request;
use super::names::check_token;
use super::pages::{Page, PageRequest};
use super::shapes::{AccessPointDescription, PosixUser, RootDirectory, Tag};
use super::tag_rules;

/// Input of `CreateAccessPoint`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateAccessPoint {
    /// The token that makes a repeat recognisable.
    pub client_token: String,
    /// The file system, by id or ARN.
    pub file_system_id: String,
    /// The user that overrides the one of the client.
    pub posix_user: Option<PosixUser>,
    /// The directory that clients see as root.
    pub root_directory: Option<RootDirectory>,
    /// Tags.
    pub tags: Option<Vec<Tag>>,
}

/// Input of `DescribeAccessPoints`.
#[derive(Debug, Clone, Default)]
pub struct DescribeAccessPoints {
    /// Only that one, by id or ARN; not together with `file_system_id`.
    pub access_point_id: Option<String>,
    /// Only those of that file system, by id or ARN.
    pub file_system_id: Option<String>,
    /// At most so many (100).
    pub max_results: Option<i64>,
    /// Where to go on.
    pub next_token: Option<String>,
}

impl Region {
    /// `CreateAccessPoint`. To repeat a token is an error even when the requests are identical.
    pub fn create_access_point(
        &mut self,
        input: CreateAccessPoint,
    ) -> Result<AccessPointDescription, ApiError> {
        check_token("ClientToken", &input.client_token)?;
        let tags = tag_rules::merge(&BTreeMap::new(), input.tags.unwrap_or_default())?;
        let posix_user = input
            .posix_user
            .map(|user| check_posix_user(&user))
            .transpose()?;
        let root = input.root_directory.unwrap_or_default();
        let path = root.path.unwrap_or_else(|| "/".to_owned());
        check_path(&path)?;
        let creation_info = root.creation_info.map(check_creation_info).transpose()?;
        let file_system_id = self.file_system(&input.file_system_id)?.id.clone();
        self.check_client_token(&input.client_token)?;
        self.available_file_system(&file_system_id)?;
        self.check_access_point_quota(&file_system_id)?;

        let access_point = AccessPoint {
            id: self.ids.next("fsap", &[&input.client_token]),
            client_token: input.client_token,
            file_system_id,
            life: Life::new(self.now, self.timing.file_system),
            posix_user,
            path,
            creation_info,
            tags,
        };
        let description = self.describe_access_point(&access_point);
        self.access_points
            .insert(access_point.id.clone(), access_point);
        Ok(description)
    }

    fn check_client_token(&self, token: &str) -> Result<(), ApiError> {
        match self
            .access_points
            .values()
            .find(|other| other.client_token == token)
        {
            None => Ok(()),
            // Without a sentence: kubernetes-sigs/aws-efs-csi-driver#1225.
            Some(AccessPoint { id, .. }) => {
                Err(ApiError::silent("AccessPointAlreadyExists", 409).with("AccessPointId", id))
            }
        }
    }

    fn check_access_point_quota(&self, file_system_id: &str) -> Result<(), ApiError> {
        let most = self.quotas.access_points;
        let present = self
            .access_points
            .values()
            .filter(|access_point| access_point.file_system_id == file_system_id)
            .count();
        if present < most {
            return Ok(());
        }
        // As seen in kubernetes-sigs/aws-efs-csi-driver#517.
        Err(ApiError::new(
            "AccessPointLimitExceeded",
            403,
            format!(
                "You have reached the maximum number of access points ({most}) for your file system {file_system_id}. Delete an access point and add a new one."
            ),
        ))
    }

    /// `DescribeAccessPoints`.
    pub fn describe_access_points(
        &self,
        input: &DescribeAccessPoints,
    ) -> Result<Page<AccessPointDescription>, ApiError> {
        let (only, file_system) = match (&input.access_point_id, &input.file_system_id) {
            (Some(_), Some(_)) => {
                return Err(bad_request(
                    "Only one of AccessPointId and FileSystemId can be specified.",
                ));
            }
            (Some(name), None) => (Some(&self.visible_access_point(name)?.id), None),
            (None, Some(name)) => (None, Some(&self.visible_file_system(name)?.id)),
            (None, None) => (None, None),
        };
        let chosen = self.access_points.values().filter(|access_point| {
            only.is_none_or(|only| *only == access_point.id)
                && file_system.is_none_or(|id| *id == access_point.file_system_id)
                && self.is_in_view(&access_point.life)
        });
        let request = PageRequest {
            list: "access-points",
            max: input.max_results,
            token: input.next_token.as_deref(),
        };
        request.take(chosen.map(|chosen| (chosen.id.as_str(), self.describe_access_point(chosen))))
    }

    /// `DeleteAccessPoint`. To repeat it is no error until it is gone.
    pub fn delete_access_point(&mut self, access_point_id: &str) -> Result<(), ApiError> {
        let gone = self.now.saturating_add(self.timing.delete);
        self.access_point_mut(access_point_id)?
            .life
            .gone
            .get_or_insert(gone);
        Ok(())
    }
}
