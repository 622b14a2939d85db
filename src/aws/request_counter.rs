//! Counts the requests that really go out: pages and the SDK's own retries included.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Requests by operation.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter(Arc<Mutex<BTreeMap<String, u32>>>);

impl RequestCounter {
    /// Requests by operation, in alphabetical order.
    pub fn counts(&self) -> BTreeMap<String, u32> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// All requests, and those that can change something.
    pub fn totals(&self) -> (u32, u32) {
        let counts = self.counts();
        let writes = counts
            .iter()
            .filter(|(operation, _)| is_writing(operation))
            .map(|(_, count)| count)
            .sum();
        (counts.values().sum(), writes)
    }
}

/// What is put behind the name of an operation that EC2 was only asked about.
const DRY_RUN: &str = " (DryRun)";

/// Whether a counted operation can change something, by its name.
pub fn is_writing(operation: &str) -> bool {
    let reads = ["Describe", "List", "Get"];
    !operation.ends_with(DRY_RUN) && !reads.iter().any(|verb| operation.starts_with(verb))
}

/// Whether a request of the EC2 query protocol asks for permission instead of the effect.
fn is_rehearsal(context: &BeforeTransmitInterceptorContextRef<'_>) -> bool {
    let body = context.request().body().bytes().unwrap_or_default();
    body.split(|byte| *byte == b'&')
        .any(|pair| pair == b"DryRun=true")
}

impl Intercept for RequestCounter {
    fn name(&self) -> &'static str {
        "efsctl request counter"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = config.load::<Metadata>() {
            tracing::debug!(
                service = metadata.service(),
                operation = metadata.name(),
                "request"
            );
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let rehearsed = if is_rehearsal(context) { DRY_RUN } else { "" };
            *counts
                .entry(format!("{}{rehearsed}", metadata.name()))
                .or_default() += 1;
        }
        Ok(())
    }
}
