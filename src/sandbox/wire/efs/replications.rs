//! Replications, which concern the regions of both file systems.

use super::super::super::world::efs::CreateReplicationConfiguration;
use super::super::super::world::{ApiError, Region, World};
use super::call::{Call, Place};
use super::operation::{Operation, operations};
use super::pages::next_token;
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    GET "file-systems/replication-configurations" DescribeReplicationConfigurations => describe;
    POST "file-systems/{id}/replication-configuration" CreateReplicationConfiguration => account create;
    DELETE "file-systems/{id}/replication-configuration" DeleteReplicationConfiguration => account delete;
};

fn describe(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let page = region.describe_replication_configurations(
        call.get("FileSystemId").as_deref(),
        call.number("MaxResults")?,
        call.get("NextToken").as_deref(),
    )?;
    next_token("Replications", page)
}

fn create(world: &mut World, at: Place, call: &Call) -> Result<Answer, ApiError> {
    let input = CreateReplicationConfiguration {
        source_file_system_id: call.id.clone(),
        ..call.body()?
    };
    Answer::json(
        200,
        &world.create_replication_configuration(at.region, at.now, &input)?,
    )
}

fn delete(world: &mut World, at: Place, call: &Call) -> Result<Answer, ApiError> {
    let mode = call.get("deletionMode");
    world.delete_replication_configuration(at.region, at.now, &call.id, mode.as_deref())?;
    Ok(Answer::empty(204))
}
