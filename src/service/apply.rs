//! Several file systems at once: one plan for all of them, then all side by side, each as `create` or `set` does it. What fails is
//! rolled back by itself; the others go on.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};

use super::cost::PlannedCost;
use super::lost::{Losses, losses};
use super::{CreateOptions, EfsService, Failure, PlannedSet, SetOptions, SetRequest};
use crate::cloud::Cloud;
use crate::domain::advice::Advice;
use crate::domain::deployment::Deployment;
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::plan::Change;
use crate::domain::resource::ResourceKind;
use crate::domain::spec::Spec;
use crate::error::Error;
use crate::provision::preflight::preflight;
use crate::provision::survey::{Survey, survey};

/// So many are planned, or changed, at once: what is more waits, and takes no memory meanwhile. All of them share one rate of reads.
pub(super) const AT_ONCE: usize = 30;

/// One of several file systems.
#[derive(Debug, Clone, PartialEq)]
pub enum ApplyEntry {
    /// Ours: created where it is missing, as [`EfsService::create`].
    Create(Box<Spec>),
    /// It exists, whoever created it: changed as by [`EfsService::set`].
    Set(FileSystemId, Box<SetRequest>),
}

/// How to apply.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// The end of all waiting, for each of them.
    pub timeout: Option<std::time::Duration>,
    /// Check permissions and quotas too, as a dry run does.
    pub preflight: bool,
}

/// What would be done to one of them, or why nothing could be.
#[derive(Debug)]
pub struct PlannedEntry {
    /// Which one.
    pub reference: Reference,
    /// What would be done.
    pub plan: Result<EntryPlan, Error>,
}

impl PlannedEntry {
    /// What would be changed; `None`: nothing could be.
    pub fn changes(&self) -> Option<&[Change]> {
        self.plan.as_ref().ok().map(|plan| plan.changes.as_slice())
    }

    /// What that takes away of access or safety, each with the file system that loses it.
    pub fn losses(&self) -> Vec<Advice> {
        let losses = self
            .plan
            .iter()
            .flat_map(|plan| plan.losses.iter().cloned());
        let named = |loss| Advice::from(format!("{}: ", self.reference)).then(loss);
        losses.map(named).collect()
    }
}

/// What would be done to one of them.
#[derive(Debug)]
pub struct EntryPlan {
    /// It, as far as it was read; `None`: it does not exist yet.
    pub deployment: Option<Deployment>,
    /// What would be changed, in order.
    pub changes: Vec<Change>,
    /// What that takes away of access or safety: to be confirmed by who asks for it.
    pub losses: Vec<Advice>,
    /// What it changes of what is billed; `None`: nothing.
    pub cost: Option<PlannedCost>,
    steps: Steps,
}

/// How it is done.
#[derive(Debug)]
enum Steps {
    Create(Box<Survey>, CreateOptions),
    Set(Box<PlannedSet>),
}

/// What was done to one of them.
#[derive(Debug)]
pub struct AppliedEntry {
    /// Which one.
    pub reference: Reference,
    /// It, or why it is not as it was asked for.
    pub result: Result<Applied, Box<Failure>>,
}

/// A file system that is as it was asked for.
#[derive(Debug)]
pub struct Applied {
    /// It.
    pub deployment: Deployment,
    /// What this run changed; empty: everything was so already.
    pub changes: Vec<Change>,
    /// This run created it.
    pub is_new: bool,
}

impl ApplyEntry {
    /// By name: what `create` is asked for. By id: the part of it that `set` can change.
    pub fn new(reference: Reference, spec: Spec) -> Self {
        match reference {
            Reference::Name(_) => Self::Create(Box::new(spec)),
            Reference::Id(id) | Reference::Arn { id, .. } => {
                let request = SetRequest {
                    settings: spec.settings,
                    hardened: spec.hardened,
                    tags: spec.tags,
                    expires: spec.expires,
                    access_points: spec.access_points,
                    ..SetRequest::default()
                };
                Self::Set(id, Box::new(request))
            }
        }
    }

    /// Which one it is.
    pub fn reference(&self) -> Reference {
        match self {
            Self::Create(spec) => Reference::Name(spec.name.clone()),
            Self::Set(id, _) => Reference::Id(id.clone()),
        }
    }
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::apply`] would do to each of them, in their order. Makes no writing call.
    pub async fn plan_apply(
        &self,
        entries: &[ApplyEntry],
        options: &ApplyOptions,
    ) -> Vec<PlannedEntry> {
        let plans = entries.iter().map(async |entry| PlannedEntry {
            reference: entry.reference(),
            plan: self.plan_entry(entry, options).await,
        });
        let mut planned: Vec<PlannedEntry> = stream::iter(plans).buffered(AT_ONCE).collect().await;
        refuse_twice(&mut planned);
        planned
    }

    /// Does what [`EfsService::plan_apply`] showed, to each of them by itself, side by side: what fails is rolled back, and the others
    /// go on. Answers in their order; what could not be planned fails as it did there.
    pub async fn apply(
        &self,
        planned: Vec<PlannedEntry>,
        options: &ApplyOptions,
    ) -> Vec<AppliedEntry> {
        let runs = planned.into_iter().map(async |entry| {
            let result = match entry.plan {
                Ok(plan) => self.apply_entry(&entry.reference, plan, options).await,
                Err(error) => Err(error.into()),
            };
            AppliedEntry {
                reference: entry.reference,
                result,
            }
        });
        stream::iter(runs).buffered(AT_ONCE).collect().await
    }

    async fn plan_entry(
        &self,
        entry: &ApplyEntry,
        options: &ApplyOptions,
    ) -> Result<EntryPlan, Error> {
        match entry {
            ApplyEntry::Create(spec) => self.plan_creation(spec, options).await,
            ApplyEntry::Set(id, request) => {
                let reference = Reference::Id(id.clone());
                let options = SetOptions {
                    timeout: options.timeout,
                };
                let planned = self.plan_set(&reference, request, &options).await?;
                Ok(EntryPlan {
                    deployment: Some(planned.deployment.clone()),
                    changes: planned.changes.clone(),
                    losses: planned.losses.clone(),
                    cost: planned.cost.clone(),
                    steps: Steps::Set(Box::new(planned)),
                })
            }
        }
    }

    async fn plan_creation(&self, spec: &Spec, options: &ApplyOptions) -> Result<EntryPlan, Error> {
        let context = self.context(Reference::Name(spec.name.clone()), options.timeout);
        let creation = CreateOptions {
            timeout: options.timeout,
            ..CreateOptions::default()
        };
        let survey = self
            .first_read(context.deadline, async || {
                let survey = survey(&context, spec, &creation.run).await?;
                if options.preflight {
                    preflight(&context, &survey).await?;
                }
                Ok(survey)
            })
            .await?;
        let Losses { confirm, tell } = losses(&survey)?;
        for loss in tell {
            self.note(Advice::from(format!("{}: ", spec.name)).then(loss));
        }
        self.note_of_root(&survey);
        Ok(EntryPlan {
            deployment: Deployment::of(&survey.observed),
            changes: survey.changes(),
            losses: confirm,
            cost: PlannedCost::of(&survey),
            steps: Steps::Create(Box::new(survey), creation),
        })
    }

    async fn apply_entry(
        &self,
        reference: &Reference,
        plan: EntryPlan,
        options: &ApplyOptions,
    ) -> Result<Applied, Box<Failure>> {
        match plan.steps {
            Steps::Create(survey, creation) => {
                let context = self.context(reference.clone(), options.timeout);
                let created = self.attempt(&context, *survey, &creation).await?;
                let mut changes = created.changes.iter();
                Ok(Applied {
                    is_new: changes.any(|change| change.creates(ResourceKind::FileSystem)),
                    deployment: created.deployment,
                    changes: created.changes,
                })
            }
            Steps::Set(planned) => {
                let options = SetOptions {
                    timeout: options.timeout,
                };
                let updated = self.set(*planned, &options).await?;
                Ok(Applied {
                    is_new: false,
                    deployment: updated.deployment,
                    changes: updated.changes,
                })
            }
        }
    }
}

/// Refuses a file system that is asked for by its name and by its id: which of both is meant is not known.
fn refuse_twice(planned: &mut [PlannedEntry]) {
    let mut seen: BTreeMap<FileSystemId, Reference> = BTreeMap::new();
    for entry in planned {
        let Ok(EntryPlan {
            deployment: Some(deployment),
            ..
        }) = &entry.plan
        else {
            continue;
        };
        let id = deployment.file_system_id.clone();
        let Some(first) = seen.get(&id) else {
            seen.insert(id, entry.reference.clone());
            continue;
        };
        let sentence = format!("{} is {first}, which is described too", entry.reference);
        entry.plan = Err(Error::usage(sentence).hint("leave one of them out"));
    }
}
