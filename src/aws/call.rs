//! What every call has in common: whose error it is, and the pages of a listing.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::error::failed;
use crate::cloud::CloudError;

/// The most that EC2 puts on one page.
pub(super) const PAGE: i32 = 1_000;

/// For `map_err`: that operation of EFS failed.
pub(super) fn in_efs<E>(
    operation: &'static str,
) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("elasticfilesystem", operation, error)
}

/// For `map_err`: that operation of EC2 failed.
pub(super) fn in_ec2<E>(
    operation: &'static str,
) -> impl FnOnce(SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    move |error| failed("ec2", operation, error)
}

/// All pages of a listing, each shape read: `all!(in_ec2("DescribeSubnets"), call, subnet)`. The SDK has no trait for what can be
/// listed, hence a macro.
macro_rules! all {
    ($operation:expr, $call:expr, $read:expr) => {{
        let found: Result<Vec<_>, _> = $call.into_paginator().items().send().collect().await;
        match found.map_err($operation) {
            Ok(found) => found.iter().map($read).collect(),
            Err(error) => Err(error),
        }
    }};
}
pub(super) use all;
