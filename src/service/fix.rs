//! Fixing: what is missing of a file system that exists is added to it, whoever made it. Nothing is taken away or replaced.

use std::collections::BTreeSet;

use super::found::{added, name};
use super::{CreateOptions, Created, EfsService, Failure};
use crate::audit::fix::FixPlan;
use crate::cloud::{Cloud, FileSystems};
use crate::domain::action::ReadScope;
use crate::domain::goal::{Desired, Owner, Unwanted};
use crate::domain::ids::Reference;
use crate::domain::network::Source;
use crate::domain::observed::Observed;
use crate::domain::plan::Change;
use crate::domain::settings::Key;
use crate::domain::spec::{Access, Spec};
use crate::domain::state::FileSystem;
use crate::domain::tags::{self, Tags};
use crate::error::{Code, Error};
use crate::provision::explain::explain;
use crate::provision::preflight::preflight;
use crate::provision::refusing::refuse;
use crate::provision::survey::{Around, Survey};
use crate::provision::{Context, Ledger, Lookup};

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::fix`] would do. Makes no writing call.
    ///
    /// # Errors
    ///
    /// Why it could not be done.
    pub async fn plan_fix(&self, plan: &FixPlan, run: &str) -> Result<Vec<Change>, Error> {
        let context = self.context(Reference::Id(plan.file_system.clone()), None);
        self.first_read(None, async || {
            let survey = self.survey_fix(&context, plan, run).await?;
            preflight(&context, &survey).await?;
            Ok(survey.changes())
        })
        .await
    }

    /// Adds what is missing, and waits until it is available: the same loop as [`EfsService::create`], with the same promises.
    /// On failure the mount targets and the group that this run created are removed.
    ///
    /// # Errors
    ///
    /// As [`EfsService::create`].
    pub async fn fix(
        &self,
        plan: &FixPlan,
        options: &CreateOptions,
    ) -> Result<Created, Box<Failure>> {
        let context = self.context(Reference::Id(plan.file_system.clone()), options.timeout);
        let survey = self
            .first_read(context.deadline, async || {
                self.survey_fix(&context, plan, &options.run).await
            })
            .await?;
        self.attempt(&context, survey, options).await
    }

    /// Looks at the file system as far as the plan compares it. The audit may have been a while ago.
    async fn survey_fix(
        &self,
        context: &Context<'_, C>,
        plan: &FixPlan,
        run: &str,
    ) -> Result<Survey, Error> {
        let reference = Reference::Id(plan.file_system.clone());
        let found = self.find_own(&reference, "nothing is added to it").await?;
        if found.is_copy() {
            return Err(Error::new(
                Code::ReadOnlyCopy,
                format!("{} is the read-only copy of a replication: nothing is added to it", found.id),
            )
            .hint("fix its source; the copy itself can be changed only after the replication is deleted"));
        }
        let mut desired = desired(&found, plan, run);
        let groups_with_rules: BTreeSet<_> =
            plan.rules.iter().map(|(group, _)| group.clone()).collect();
        let mut scopes = BTreeSet::from([ReadScope::MountTargets]);
        if plan.placement.is_some() || !groups_with_rules.is_empty() {
            scopes.insert(ReadScope::SecurityGroup);
        }
        let asked: Vec<Key> = plan.settings.asked().collect();
        scopes.extend(asked.iter().copied().map(ReadScope::from));
        let lookup = Lookup {
            file_system: FileSystems::Id(found.id.clone()),
            security_group: plan
                .placement
                .as_ref()
                .map(|placement| (desired.spec.name.security_group(), placement.vpc.clone())),
            groups_with_rules,
        };
        let mut observed = Observed {
            file_system: Some(found),
            ..Observed::default()
        };
        let ledger = Ledger::default();
        for scopes in [scopes, BTreeSet::from([ReadScope::Interfaces])] {
            lookup
                .refresh(context.cloud, &scopes, &ledger, &mut observed)
                .await
                .map_err(|error| explain(&error, "reading the file system"))?;
        }
        // Someone may have set it since the audit: existing values are not replaced.
        for observed in asked.into_iter().filter_map(|key| observed.setting(key)) {
            desired.spec.settings.keep_what_is_set(observed);
        }
        let peers = plan.sources.iter().filter_map(Source::peer).collect();
        let placement = plan.placement.clone();
        desired.network =
            placement.map(|placement| added(placement, &desired.spec, &observed, peers));
        let survey = Survey::new(desired, observed, lookup, Around::default());
        refuse(&survey)?;
        Ok(survey)
    }
}

/// Tags that are not there, with whatever value.
fn missing_tags(plan: &FixPlan, found: &FileSystem) -> Tags {
    let wanted = plan.tags.iter();
    let missing = wanted.filter(|(key, _)| !found.tags.contains_key(*key));
    missing
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// What should be there of a file system that exists: what it has, and what the plan adds.
fn desired(found: &FileSystem, plan: &FixPlan, run: &str) -> Desired {
    let (name, managed) = name(found);
    let access = if plan.sources.is_empty() {
        Access::Default
    } else {
        Access::Make(plan.sources.clone())
    };
    Desired {
        spec: Spec {
            one_zone: found.one_zone.clone(),
            ip_type: plan.ip_type,
            access,
            settings: plan.settings.clone(),
            tags: missing_tags(plan, found),
            ..Spec::new(name)
        },
        run: run.to_owned(),
        owner: Owner::Found {
            id: found.id.clone(),
            managed,
        },
        network: None,
        rules: plan.rules.clone(),
        unwanted: Unwanted::default(),
        until_settled: false,
        found_run: found.tags.get(tags::RUN).cloned(),
        takes_over: false,
    }
}
