//! Preferences of the account.

use serde::Deserialize;
use serde_json::json;

use super::super::super::world::{ApiError, Region};
use super::call::Call;
use super::operation::{Operation, operations};
use super::replies::Answer;

pub(super) const OPERATIONS: &[Operation] = operations! {
    GET "account-preferences" DescribeAccountPreferences => describe;
    PUT "account-preferences" PutAccountPreferences => put;
};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Put {
    resource_id_type: Option<String>,
}

fn put(region: &mut Region, call: &Call) -> Result<Answer, ApiError> {
    let Put { resource_id_type } = call.body()?;
    region.put_account_preferences(resource_id_type.as_deref())?;
    describe(region, call)
}

/// Ids are long, of everything that can have either.
fn describe(_: &mut Region, _: &Call) -> Result<Answer, ApiError> {
    let preference = json!({
        "ResourceIdType": "LONG_ID",
        "Resources": ["FILE_SYSTEM", "MOUNT_TARGET"],
    });
    Answer::json(200, &json!({ "ResourceIdPreference": preference }))
}
