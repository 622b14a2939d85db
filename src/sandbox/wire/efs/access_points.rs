//! Access points.

use super::super::super::world::efs::{CreateAccessPoint, DescribeAccessPoints};
use super::super::super::world::{ApiError, Region};
use super::call::Call;
use super::operation::{Operation, operations};
use super::pages::next_token;
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    POST "access-points" CreateAccessPoint => create;
    GET "access-points" DescribeAccessPoints => describe;
    DELETE "access-points/{id}" DeleteAccessPoint => delete;
};

fn create(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input: CreateAccessPoint = call.body()?;
    Answer::json(200, &region.create_access_point(input)?)
}

fn describe(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let input = DescribeAccessPoints {
        access_point_id: call.get("AccessPointId"),
        file_system_id: call.get("FileSystemId"),
        max_results: call.number("MaxResults")?,
        next_token: call.get("NextToken"),
    };
    next_token("AccessPoints", region.describe_access_points(&input)?)
}

fn delete(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    region.delete_access_point(&call.id)?;
    Ok(Answer::empty(204))
}
