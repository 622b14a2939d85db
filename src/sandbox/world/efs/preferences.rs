//! `PutAccountPreferences`.

use super::super::{ApiError, Region};
use super::errors::bad_request;
use super::names::check_enum;

impl Region {
    /// `PutAccountPreferences`: ids have been long since October 2021, and short ones are refused (EFS API reference).
    pub fn put_account_preferences(&self, resource_id_type: Option<&str>) -> Result<(), ApiError> {
        let kind = resource_id_type.unwrap_or_default();
        check_enum("ResourceIdType", kind, &["LONG_ID", "SHORT_ID"])?;
        if kind == "SHORT_ID" {
            let message =
                "The account preference cannot be set to use 8 character format resource IDs.";
            return Err(bad_request(message));
        }
        Ok(())
    }
}
