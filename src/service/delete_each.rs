//! Deleting several file systems, each for itself.

use futures::stream::{self, StreamExt};

use super::apply::AT_ONCE;
use super::{DeleteOptions, Deleted, EfsService, Failure};
use crate::cloud::Cloud;
use crate::domain::ids::Reference;
use crate::error::Error;

/// What would be deleted of one of several.
#[derive(Debug)]
pub struct PlannedDeletion {
    /// Which one.
    pub reference: Reference,
    /// What goes, or why it stays.
    pub plan: Result<Deleted, Error>,
}

/// What became of one of several.
#[derive(Debug)]
pub struct Deletion {
    /// Which one.
    pub reference: Reference,
    /// What is gone, or why it is not.
    pub result: Result<Deleted, Box<Failure>>,
}

impl<C: Cloud> EfsService<C> {
    /// What would be deleted of each of them, in their order. Makes no writing call.
    pub async fn plan_delete_each(
        &self,
        references: &[Reference],
        options: &DeleteOptions,
    ) -> Vec<PlannedDeletion> {
        let plans = references.iter().map(async |reference| PlannedDeletion {
            reference: reference.clone(),
            plan: self.plan_delete(reference, options).await,
        });
        stream::iter(plans).buffered(AT_ONCE).collect().await
    }

    /// Deletes them side by side. One that fails does not hold up the others.
    pub async fn delete_each(
        &self,
        planned: Vec<PlannedDeletion>,
        options: &DeleteOptions,
    ) -> Vec<Deletion> {
        let runs = planned.into_iter().map(async |one| Deletion {
            reference: one.reference,
            result: match one.plan {
                Ok(plan) => self.delete(plan, options).await,
                Err(error) => Err(Box::new(Failure::plain(error))),
            },
        });
        stream::iter(runs).buffered(AT_ONCE).collect().await
    }
}
