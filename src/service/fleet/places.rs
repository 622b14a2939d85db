//! What is named, over several places: where it is, and where it could not be looked for.

use super::{AccountRegion, Member};
use crate::cloud::Inventory;
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::domain::finding::UnseenRegion;
use crate::domain::ids::Reference;
use crate::error::{Code, Error, Kind};
use crate::service::Scope;

impl<C: Inventory> Member<'_, C> {
    /// Of the file systems that are named, those that are here; and the scope of them.
    pub(super) async fn here(&self, scope: &Scope) -> Result<(Scope, Vec<Reference>), Error> {
        let Scope::These(named) = scope else {
            return Ok((scope.clone(), Vec::new()));
        };
        let mut here = Vec::new();
        for reference in named {
            match self.service.find(reference).await {
                Ok(_) => here.push(reference.clone()),
                Err(error) if error.kind == Kind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok((Scope::These(here.clone()), here))
    }
}

/// What several places told.
#[derive(Default)]
pub(super) struct Places {
    unseen: Vec<UnseenRegion>,
    pub(super) first: Option<Error>,
    found: Vec<Reference>,
}

impl Places {
    /// What one told: which of the named file systems it has. Where nothing could be read, that is kept; other failures end it all.
    pub(super) fn add(
        &mut self,
        place: &AccountRegion,
        outcome: Result<Vec<Reference>, Error>,
    ) -> Result<(), Error> {
        match outcome {
            Ok(here) => self.found.extend(here),
            Err(error) if matches!(error.kind, Kind::Denied | Kind::Failed) => {
                self.unseen.push(UnseenRegion {
                    region: place.region.clone(),
                    profile: place.profile.clone(),
                    why: error.message.clone(),
                });
                self.first.get_or_insert(place.failed(error));
            }
            Err(error) => return Err(place.failed(error)),
        }
        Ok(())
    }

    /// Where nothing could be read. That it was so in all of them, or that something named is in none, is an error.
    pub(super) fn ended(self, members: usize, scope: &Scope) -> Result<Vec<UnseenRegion>, Error> {
        if self.unseen.len() == members
            && let Some(error) = self.first
        {
            return Err(error);
        }
        let named = match scope {
            Scope::These(named) => named.as_slice(),
            Scope::Still(_) | Scope::All | Scope::Tagged(..) => &[],
        };
        let missing = named.iter().find(|named| !self.found.contains(named));
        match missing {
            Some(missing) if self.unseen.is_empty() => Err(Error::new(
                Code::FileSystemNotFound,
                format!("there is no file system `{missing}` in any of these regions"),
            )
            .hint(advice!["check ", Field::Region, " and ", Field::Profile])),
            Some(missing) => Err(Error::new(
                Code::FileSystemNotFound,
                format!("there is no file system `{missing}` in the regions that could be read"),
            )
            .hint("see which regions could not be read")),
            None => Ok(self.unseen),
        }
    }
}
