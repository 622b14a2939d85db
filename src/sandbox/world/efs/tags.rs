//! Tags of file systems and access points: `TagResource`, `UntagResource`, `ListTagsForResource`, and the
//! deprecated operations that know file systems only. Mount targets cannot carry tags.

use super::super::{ApiError, Region, Tags};
use super::descriptions::tag_list;
use super::errors::{access_point_not_found, bad_request, file_system_not_found};
use super::names::Kind;
use super::pages::{Page, PageRequest};
use super::shapes::Tag;
use super::tag_rules::{check_keys, merge};

impl Region {
    /// `TagResource`: adds and overwrites.
    pub fn tag_resource(&mut self, resource_id: &str, tags: Vec<Tag>) -> Result<(), ApiError> {
        let present = self.tags_mut(resource_id)?;
        *present = merge(present, tags)?;
        Ok(())
    }

    /// `UntagResource`. A key that is not there is no error.
    pub fn untag_resource(
        &mut self,
        resource_id: &str,
        tag_keys: &[String],
    ) -> Result<(), ApiError> {
        let present = self.tags_mut(resource_id)?;
        check_keys(tag_keys)?;
        present.retain(|key, _| !tag_keys.contains(key));
        Ok(())
    }

    /// `ListTagsForResource`.
    pub fn list_tags_for_resource(
        &self,
        resource_id: &str,
        max_results: Option<i64>,
        next_token: Option<&str>,
    ) -> Result<Page<Tag>, ApiError> {
        let tags = match self.tagged(resource_id)? {
            (Kind::FileSystem, id) => &self.visible_file_system(id)?.tags,
            (Kind::AccessPoint, id) => &self.visible_access_point(id)?.tags,
        };
        page_of(tags, max_results, next_token)
    }

    /// `CreateTags` of EFS (deprecated).
    pub fn create_file_system_tags(
        &mut self,
        file_system_id: &str,
        tags: Vec<Tag>,
    ) -> Result<(), ApiError> {
        let id = self.file_system_id(file_system_id)?.to_owned();
        self.tag_resource(&id, tags)
    }

    /// `DeleteTags` of EFS (deprecated).
    pub fn delete_file_system_tags(
        &mut self,
        file_system_id: &str,
        tag_keys: &[String],
    ) -> Result<(), ApiError> {
        let id = self.file_system_id(file_system_id)?.to_owned();
        self.untag_resource(&id, tag_keys)
    }

    /// `DescribeTags` of EFS (deprecated).
    pub fn describe_file_system_tags(
        &self,
        file_system_id: &str,
        max_items: Option<i64>,
        marker: Option<&str>,
    ) -> Result<Page<Tag>, ApiError> {
        page_of(
            &self.visible_file_system(file_system_id)?.tags,
            max_items,
            marker,
        )
    }

    /// The kind and the id of a resource that can carry tags.
    fn tagged<'a>(&self, resource_id: &'a str) -> Result<(Kind, &'a str), ApiError> {
        [Kind::FileSystem, Kind::AccessPoint]
            .into_iter()
            .find_map(|kind| Some((kind, self.efs_id(kind, resource_id)?)))
            .ok_or_else(|| bad_request(format!("invalid resource ID: {resource_id}")))
    }

    fn tags_mut(&mut self, resource_id: &str) -> Result<&mut Tags, ApiError> {
        match self.tagged(resource_id)? {
            (Kind::FileSystem, id) => self
                .file_systems
                .get_mut(id)
                .map(|file_system| &mut file_system.tags)
                .ok_or_else(|| file_system_not_found(id)),
            (Kind::AccessPoint, id) => self
                .access_points
                .get_mut(id)
                .map(|access_point| &mut access_point.tags)
                .ok_or_else(|| access_point_not_found(id)),
        }
    }
}

/// Tags continue by position: a key would not fit into a token.
fn page_of(tags: &Tags, max: Option<i64>, token: Option<&str>) -> Result<Page<Tag>, ApiError> {
    let items = tag_list(tags).into_iter().enumerate();
    PageRequest {
        list: "tags",
        max,
        token,
    }
    .take(items.map(|(position, tag)| (format!("{position:06}"), tag)))
}
