//! Several regions, exported as one.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::time::Instant;

use super::places::Places;
use super::scan::SIDE_BY_SIDE;
use super::{Fleet, Member};
use crate::cloud::Inventory;
use crate::domain::advice::Advice;
use crate::domain::text::{counted, list};
use crate::error::{Code, Error};
use crate::export::{Export, ExportedRegion};
use crate::service::Scope;

/// What was read of a fleet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExportReport {
    /// Everything that could be read, and what could not.
    pub export: Export,
    /// Why it is not complete.
    pub failure: Option<Error>,
}

impl<C: Inventory> Fleet<'_, C> {
    /// Reads everything of the file systems of a scope; the time is that of all places together.
    ///
    /// # Errors
    ///
    /// As [`Fleet::validate_each`].
    pub async fn export(
        &self,
        scope: &Scope,
        timeout: Option<Duration>,
    ) -> Result<ExportReport, Error> {
        let begun = Instant::now();
        let left = || timeout.map(|timeout| timeout.saturating_sub(begun.elapsed()));
        let read = async |member: &Member<'_, C>, scope: &Scope| {
            let region = &member.place.region;
            member.service.export(scope, region, left()).await
        };
        if let [member] = self.members.as_slice() {
            return match read(member, scope).await {
                Ok(region) => Ok(report(Export {
                    regions: vec![region],
                    unseen: Vec::new(),
                    at: 0,
                })),
                Err(error) => Err(Self::elsewhere(member, scope, error).await),
            };
        }
        let looks = self.members.iter().map(async |member| {
            let outcome = async {
                let (scope, here) = member.here(scope).await?;
                Ok((read(member, &scope).await?, here))
            };
            (member, outcome.await)
        });
        let mut looks = stream::iter(looks).buffered(SIDE_BY_SIDE);
        let mut places = Places::default();
        let mut regions: Vec<ExportedRegion> = Vec::new();
        while let Some((member, outcome)) = looks.next().await {
            let outcome = outcome.map(|(region, here)| {
                regions.push(region);
                here
            });
            places.add(&member.place, outcome)?;
        }
        // A region without file systems has nothing to say.
        regions.retain(|region| !region.file_systems.is_empty());
        let unseen = places.ended(self.members.len(), scope)?;
        Ok(report(Export {
            regions,
            unseen,
            at: 0,
        }))
    }
}

fn report(export: Export) -> ExportReport {
    let failure = failure(&export);
    ExportReport { export, failure }
}

/// What could not be read is missing in what is printed: that is no success.
fn failure(export: &Export) -> Option<Error> {
    let gaps = export.gaps();
    if gaps.is_empty() && export.unseen.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    if !gaps.is_empty() {
        let sentences = gaps.iter().map(|gap| gap.why.clone());
        parts.push(Advice::joined(sentences, "; "));
    }
    if !export.unseen.is_empty() {
        parts.push(
            format!(
                "{} could not be read",
                counted(export.unseen.len(), "region")
            )
            .into(),
        );
    }
    let message = Advice::from("the export is incomplete: ").then(Advice::joined(parts, "; "));
    let missing: Vec<&String> = gaps.iter().filter_map(|gap| gap.action.as_ref()).collect();
    Some(if missing.is_empty() {
        Error::new(Code::Failed, message)
            .hint("what is missing is named in the output; run it again")
    } else {
        Error::new(Code::AccessDenied, message).hint(format!(
            "what is missing is named in the output; the caller needs {}",
            list(missing)
        ))
    })
}
