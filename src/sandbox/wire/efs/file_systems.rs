//! File systems.

use super::super::super::world::efs::{CreateFileSystem, DescribeFileSystems, UpdateFileSystem};
use super::super::super::world::{ApiError, Region};
use super::call::Call;
use super::operation::{Operation, operations};
use super::pages::markers;
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    POST "file-systems" CreateFileSystem => create;
    GET "file-systems" DescribeFileSystems => describe;
    PUT "file-systems/{id}" UpdateFileSystem => update;
    DELETE "file-systems/{id}" DeleteFileSystem => delete;
};

fn create(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input: CreateFileSystem = call.body()?;
    Answer::json(201, &region.create_file_system(input)?)
}

fn update(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input = UpdateFileSystem {
        file_system_id: call.id.clone(),
        ..call.body()?
    };
    Answer::json(202, &region.update_file_system(input)?)
}

fn delete(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    region.delete_file_system(&call.id)?;
    Ok(Answer::empty(204))
}

fn describe(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input = DescribeFileSystems {
        file_system_id: call.get("FileSystemId"),
        creation_token: call.get("CreationToken"),
        max_items: call.number("MaxItems")?,
        marker: call.get("Marker"),
    };
    let page = region.describe_file_systems(&input)?;
    markers("FileSystems", page, input.marker)
}
