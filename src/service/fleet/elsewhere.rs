//! What was not found: whether it is in another region.

use futures::future::join_all;

use super::{Fleet, Member};
use crate::cloud::Inventory;
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::error::{Code, Error, Kind};
use crate::service::Scope;

impl<C: Inventory> Fleet<'_, C> {
    /// What was not found in the one place that is audited, told with the region where it is, if it is in another one.
    pub(super) async fn elsewhere(member: &Member<'_, C>, scope: &Scope, error: Error) -> Error {
        let (Kind::NotFound, Scope::These(named)) = (error.kind, scope) else {
            return error;
        };
        let Ok(regions) = member.service.regions().await else {
            return error;
        };
        for reference in named {
            if member.service.find(reference).await.is_ok() {
                continue;
            }
            let here = &member.place.region;
            let looks = regions.iter().filter(|region| *region != here);
            let looks = looks.map(async |region| {
                let found = (member.reach)(region).find(reference).await;
                found.is_ok().then_some(region)
            });
            if let Some(there) = join_all(looks).await.into_iter().flatten().next() {
                return Error::new(
                    Code::FileSystemNotFound,
                    format!("there is no file system `{reference}` in {here}: it is in {there}"),
                )
                .hint(advice!["look there: ", (Field::Region, there)]);
            }
        }
        error
    }
}
