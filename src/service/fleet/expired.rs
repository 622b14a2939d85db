//! File systems that are no longer needed: what efsctl created with an end, where that end has passed.

use futures::{StreamExt, stream};

use super::places::Places;
use super::scan::SIDE_BY_SIDE;
use super::{AccountRegion, Fleet, Member};
use crate::cloud::Inventory;
use crate::domain::advice::Advice;
use crate::domain::deployment::Deployment;
use crate::domain::finding::UnseenRegion;
use crate::domain::ids::Reference;
use crate::domain::text::{counted, list};
use crate::error::{Code, Error, Kind};
use crate::service::{DeleteOptions, Deleted, Failure, Scope};

/// A file system that efsctl created and whose end has passed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Expired {
    /// Where it is.
    pub place: AccountRegion,
    /// It, as a list shows it.
    pub deployment: Deployment,
    member: usize,
}

/// The expired file systems of a fleet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExpiredReport {
    /// By place, name and id.
    pub expired: Vec<Expired>,
    /// Regions that could not be read.
    pub unseen: Vec<UnseenRegion>,
    /// Why the first of them could not.
    first: Option<Error>,
}

/// What becomes, or became, of one of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExpiredDeletion {
    /// It.
    pub expired: Expired,
    /// What would go, or is gone; or why it stays.
    pub outcome: Result<Deleted, Box<Failure>>,
}

impl ExpiredReport {
    /// Why it is no success: some of them stay, or a region could not be read. The exit code is the first of all of them.
    pub fn failure(&self, deletions: &[ExpiredDeletion]) -> Option<Error> {
        let failed: Vec<(&Expired, &Error)> = deletions
            .iter()
            .filter_map(|one| Some((&one.expired, &one.outcome.as_ref().err()?.error)))
            .collect();
        let errors = failed.iter().map(|(_, error)| *error).chain(&self.first);
        let kinds: Vec<Kind> = errors.clone().map(|error| error.kind).collect();
        let (kind, first) = (Kind::first_of(&kinds)?, errors.clone().next()?);
        let stay = (!failed.is_empty()).then(|| {
            let of = failed
                .iter()
                .map(|(one, _)| one.deployment.file_system_id.as_str());
            let all = counted(deletions.len(), "expired file system");
            Advice::from(format!(
                "{} of {all} not deleted: {}",
                failed.len(),
                list(of)
            ))
        });
        let unread = self.first.as_ref().map(|error| {
            let regions = list(self.unseen.iter().map(|one| &one.region));
            Advice::from(format!("could not be read: {regions}: ")).then(error.message.clone())
        });
        let leftovers = errors.flat_map(|error| error.leftovers.clone()).collect();
        Some(Error {
            kind,
            message: Advice::joined(stay.into_iter().chain(unread), "; "),
            leftovers,
            ..first.clone()
        })
    }
}

impl<C: Inventory> Fleet<'_, C> {
    /// The file systems that efsctl created and that have expired by that time, in seconds since 1970. Makes no writing call.
    ///
    /// # Errors
    ///
    /// None of the places could be read.
    pub async fn expired(&self, by: i64) -> Result<ExpiredReport, Error> {
        let looks = self.members.iter().enumerate().map(async |(at, member)| {
            let found = member.service.expired(by).await;
            (at, member, found)
        });
        let mut looks = stream::iter(looks).buffered(SIDE_BY_SIDE);
        let mut places = Places::default();
        let mut expired = Vec::new();
        while let Some((at, member, found)) = looks.next().await {
            let outcome = found.map(|found| {
                expired.extend(found.into_iter().map(|deployment| Expired {
                    place: member.place.clone(),
                    deployment,
                    member: at,
                }));
                Vec::new()
            });
            places.add(&member.place, outcome)?;
        }
        let first = places.first.clone();
        let unseen = places.ended(self.members.len(), &Scope::All)?;
        Ok(ExpiredReport {
            expired,
            unseen,
            first,
        })
    }

    /// What would be deleted of them, each for itself. Makes no writing call.
    pub async fn plan_delete_expired(
        &self,
        expired: &[Expired],
        options: &DeleteOptions,
    ) -> Vec<ExpiredDeletion> {
        let plans = expired.iter().map(async |one| {
            let outcome = match self.member(one) {
                Ok(member) => member.service.plan_delete(&reference(one), options).await,
                Err(error) => Err(error),
            };
            ExpiredDeletion {
                expired: one.clone(),
                outcome: outcome.map_err(|error| Box::new(Failure::plain(one.place.failed(error)))),
            }
        });
        stream::iter(plans).buffered(SIDE_BY_SIDE).collect().await
    }

    /// Deletes them with all that belongs to them, each for itself. Each is read again: one that no longer is expired, or may no longer be
    /// deleted, stays.
    pub async fn delete_expired(
        &self,
        expired: &[Expired],
        options: &DeleteOptions,
    ) -> Vec<ExpiredDeletion> {
        let runs = expired.iter().map(async |one| {
            let run = async {
                let service = &self.member(one)?.service;
                let planned = service.plan_delete(&reference(one), options).await?;
                service.delete(planned, options).await
            };
            let outcome = run.await.map_err(|mut failure: Box<Failure>| {
                failure.error = one.place.failed(failure.error);
                failure
            });
            ExpiredDeletion {
                expired: one.clone(),
                outcome,
            }
        });
        stream::iter(runs).buffered(SIDE_BY_SIDE).collect().await
    }

    fn member(&self, of: &Expired) -> Result<&Member<'_, C>, Error> {
        let missing = || Error::new(Code::Failed, "the file system was found by another fleet");
        self.members.get(of.member).ok_or_else(missing)
    }
}

fn reference(of: &Expired) -> Reference {
    Reference::Id(of.deployment.file_system_id.clone())
}
