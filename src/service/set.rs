//! Changing what can be changed of a file system that exists, whoever made it. What is not named is left as it is, and what was
//! changed is never taken back.

mod network;
mod replication;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use self::network::NetworkRequest;
use super::cost::PlannedCost;
use super::ended::About;
use super::found::{described, look_at};
use super::lost::{Losses, losses};
use super::{EfsService, Failure, fresh_run};
use crate::cloud::Cloud;
use crate::domain::access_point::{AccessPointRef, AccessPointSpec, token};
use crate::domain::action::{Action, ReadScope};
use crate::domain::advice::{Advice, advice};
use crate::domain::deployment::Deployment;
use crate::domain::expiry::Expiry;
use crate::domain::field::Field;
use crate::domain::goal::{Desired, Goal, Owner, Unwanted};
use crate::domain::ids::{AccessPointId, Reference};
use crate::domain::observed::Observed;
use crate::domain::plan::{Change, NotApplied, NotAppliedState, plan};
use crate::domain::settings::{Key, Wish, Wishes};
use crate::domain::spec::{Spec, check_access_points};
use crate::domain::state::FileSystem;
use crate::domain::tags::Tags;
use crate::error::{Code, Error, Kind};
use crate::provision::converge::{Run, Stop};
use crate::provision::refusing::refuse;
use crate::provision::survey::Survey;
use crate::provision::{Context, Ledger};

/// What is asked of a file system that exists. What is not named stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SetRequest {
    /// Its settings.
    pub settings: Wishes,
    /// What makes a file system hardened is added to them: [`Wishes::harden`].
    pub hardened: bool,
    /// Tags that it has to carry.
    pub tags: Tags,
    /// Keys of tags that it must not carry.
    pub untag: BTreeSet<String>,
    /// When it is no longer needed.
    pub expires: Wish<Expiry>,
    /// Access points that it has to have.
    pub access_points: Vec<AccessPointSpec>,
    /// Access points that it must not have, whoever created them.
    pub remove_access_points: BTreeSet<AccessPointRef>,
    /// Its mount targets, and who may reach them.
    pub network: NetworkRequest,
}

/// How to set.
#[derive(Debug, Clone, Default)]
pub struct SetOptions {
    /// The end of all waiting.
    pub timeout: Option<Duration>,
}

/// What would be changed.
#[derive(Debug)]
pub struct PlannedSet {
    /// The file system, as it was named.
    pub reference: Reference,
    /// It, as far as it was read.
    pub deployment: Deployment,
    /// What would be changed, in order.
    pub changes: Vec<Change>,
    /// What that takes away of access or safety: to be confirmed by who asks for it.
    pub losses: Vec<Advice>,
    /// What it changes of what is billed; `None`: nothing.
    pub cost: Option<PlannedCost>,
    survey: Survey,
}

/// A file system that is as it was asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Updated {
    /// The file system.
    pub deployment: Deployment,
    /// What this run changed; empty: everything was so already.
    pub changes: Vec<Change>,
}

impl<C: Cloud> EfsService<C> {
    /// What [`EfsService::set`] would change. Makes no writing call.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`]; [`Kind::Conflict`] where something cannot be changed; [`Kind::Usage`] where EFS would refuse what would
    /// result.
    pub async fn plan_set(
        &self,
        reference: &Reference,
        request: &SetRequest,
        options: &SetOptions,
    ) -> Result<PlannedSet, Error> {
        let context = self.context(reference.clone(), options.timeout);
        let survey = self
            .first_read(context.deadline, async || {
                self.survey_set(&context, reference, request).await
            })
            .await?;
        let Losses { confirm, tell } = losses(&survey)?;
        let losses = confirm.into_iter().chain(tell).collect();
        self.note_of_root(&survey);
        Ok(PlannedSet {
            reference: reference.clone(),
            deployment: described(&survey.observed)?,
            changes: survey.changes(),
            losses,
            cost: PlannedCost::of(&survey),
            survey,
        })
    }

    /// Changes what [`EfsService::plan_set`] showed, and waits until AWS is done with it. Nothing is rolled back: what was changed
    /// before a failure stays, and the [`Failure`] says what was not changed.
    ///
    /// # Errors
    ///
    /// [`Kind::Leftovers`] where something was changed before it failed; otherwise why nothing was.
    pub async fn set(
        &self,
        planned: PlannedSet,
        options: &SetOptions,
    ) -> Result<Updated, Box<Failure>> {
        let PlannedSet {
            reference, survey, ..
        } = planned;
        let context = self.context(reference.clone(), options.timeout);
        let goal = survey.goal();
        let ledger = survey.ledger();
        let let_go = replication::let_go(&survey);
        let Survey {
            observed, lookup, ..
        } = survey;
        let mut run = Run::new(&context, lookup, observed);
        run.ledger = ledger;
        if let Err(stop) = run.converge(|_, _| goal.clone()).await {
            let Run {
                observed, ledger, ..
            } = run;
            let not_applied = not_applied(&goal, &stop, &observed, &ledger);
            let error = self.why_not(&stop, &ledger, &not_applied);
            return Err(Box::new(Failure {
                error,
                changes: ledger.changes,
                not_applied,
                losses: Vec::new(),
                observed,
            }));
        }
        for copy in let_go {
            self.note(copy);
        }
        let changes = run.ledger.changes;
        let id = Reference::Id(super::found::id(&run.observed)?);
        match self.describe(&id).await {
            Ok(deployment) => Ok(Updated {
                deployment,
                changes,
            }),
            // Everything is done; only the last look failed.
            Err(error) => {
                let why = Advice::from("the file system could not be read again: ");
                self.warn(why.then(error.message));
                let deployment = described(&run.observed)?;
                Ok(Updated {
                    deployment,
                    changes,
                })
            }
        }
    }

    async fn survey_set(
        &self,
        context: &Context<'_, C>,
        reference: &Reference,
        request: &SetRequest,
    ) -> Result<Survey, Error> {
        let found = self.find_own(reference, "nothing of it is changed").await?;
        let mut desired = desired(&found, request);
        desired.spec.harden(&[]);
        tags_fit(&found, &desired)?;
        check_access_points(&request.access_points)?;
        let wishes = &desired.spec.settings;
        let mut scopes: BTreeSet<ReadScope> = wishes.asked().map(ReadScope::from).collect();
        // A throughput mode is only known to fit when the transitions are.
        if !wishes.throughput.is_leave() {
            scopes.insert(Key::Lifecycle.into());
        }
        if desired.spec.reads_access_points() || !request.remove_access_points.is_empty() {
            scopes.insert(ReadScope::AccessPoints);
        }
        scopes.extend(request.network.scopes());
        let (mut observed, mut lookup) = look_at(context, found, scopes).await?;
        desired
            .spec
            .harden(observed.access_points.as_deref().unwrap_or_default());
        desired.unwanted.access_points = self.unwanted_points(&desired, request, &observed);
        let around = self
            .survey_network(
                context,
                &request.network,
                &mut desired,
                (&mut observed, &mut lookup),
            )
            .await?;
        let survey = Survey::new(desired, observed, lookup, around);
        refuse(&survey)?;
        Ok(survey)
    }

    /// The access points to remove, as far as they exist.
    fn unwanted_points(
        &self,
        desired: &Desired,
        request: &SetRequest,
        observed: &Observed,
    ) -> BTreeSet<AccessPointId> {
        let points = observed.access_points.as_deref().unwrap_or_default();
        let named = |reference: &AccessPointRef| {
            let mut points = points.iter().filter(|point| point.is_staying());
            let found = points.find(|point| match reference {
                AccessPointRef::Id(id) => point.id == *id,
                AccessPointRef::Name(name) => point.token == Some(token(&desired.spec.name, name)),
            });
            if found.is_none() {
                self.note(format!(
                    "there is no access point {reference}: nothing to remove"
                ));
            }
            found.map(|point| point.id.clone())
        };
        request
            .remove_access_points
            .iter()
            .filter_map(named)
            .collect()
    }

    /// Why it ended short. What was changed stays, so that any end but a timeout is exit code 5 then.
    fn why_not(&self, stop: &Stop, ledger: &Ledger, not_applied: &[NotApplied]) -> Error {
        let resume = |_: bool| {
            advice![
                "to finish, run the same command again with a longer ",
                Field::Timeout,
            ]
        };
        let perhaps = |one: &NotApplied| one.state == NotAppliedState::NoAnswer;
        let is_changed = !ledger.changes.is_empty() || not_applied.iter().any(perhaps);
        let about = About {
            looking: "reading the current state",
            unfinished: "still in progress".to_owned(),
            idle: "not everything is set yet",
            interrupted: "",
            locked: is_changed.then_some("everything else is set"),
            resume: &resume,
            remedy: None,
        };
        let error = self.stops.explain(stop, &about);
        match error.kind {
            Kind::Interrupted | Kind::Terminated if !is_changed => Error {
                message: error.message.text(": nothing was changed"),
                ..error
            },
            Kind::TimedOut => error,
            _ if is_changed => {
                let next = "what was changed stays; to continue, run the same command again";
                Error {
                    kind: Kind::Leftovers,
                    ..error.hint_first(next)
                }
            }
            _ => error,
        }
    }
}

/// How many tags a file system takes (EFS API reference, `TagResource`).
const TAGS: usize = 50;

/// Refuses more tags than a file system takes.
fn tags_fit(found: &FileSystem, desired: &Desired) -> Result<(), Error> {
    let mut tags = found.tags.clone();
    tags.extend(desired.lasting_tags(&found.tags));
    for key in desired.unwanted_tags() {
        tags.remove(key);
    }
    if tags.len() <= TAGS {
        return Ok(());
    }
    let message = format!(
        "{} would have {} tags: EFS takes {TAGS}",
        found.id,
        tags.len()
    );
    Err(Error::new(Code::TooManyTags, message))
}

/// What should be of a file system that exists: what it has, and what is asked for.
fn desired(found: &FileSystem, request: &SetRequest) -> Desired {
    let (name, managed) = super::found::name(found);
    Desired {
        spec: Spec {
            one_zone: found.one_zone.clone(),
            settings: request.settings.clone(),
            hardened: request.hardened,
            tags: request.tags.clone(),
            expires: request.expires,
            access_points: request.access_points.clone(),
            ..Spec::new(name)
        },
        run: fresh_run(),
        owner: Owner::Found {
            id: found.id.clone(),
            managed,
        },
        network: None,
        rules: BTreeSet::new(),
        unwanted: Unwanted {
            tags: request.untag.clone(),
            ..Unwanted::default()
        },
        until_settled: true,
        found_run: None,
        takes_over: false,
    }
}

/// What was asked for and is not so, with how far each got.
fn not_applied(goal: &Goal, stop: &Stop, observed: &Observed, ledger: &Ledger) -> Vec<NotApplied> {
    let failed = match stop {
        Stop::CallFailed(action, _) | Stop::Locked(action, _) => Some(action.key()),
        _ => None,
    };
    // A call without an answer may still be applied, also where it was sent again and refused then.
    let unanswered = ledger.unconfirmed_changes().chain(ledger.unconfirmed());
    let mut unanswered: BTreeMap<String, &Action> =
        unanswered.map(|action| (action.key(), action)).collect();
    let plan = plan(goal, observed);
    let rest = plan.actions.iter().zip(plan.changes);
    let mut not_applied: Vec<NotApplied> = rest
        .map(|(action, change)| {
            let key = action.key();
            let state = if unanswered.remove(&key).is_some() {
                NotAppliedState::NoAnswer
            } else if failed.as_ref() == Some(&key) {
                NotAppliedState::Failed
            } else {
                NotAppliedState::NotBegun
            };
            NotApplied { state, change }
        })
        .collect();
    // It was seen to be so, and the run ended before it was told.
    not_applied.extend(unanswered.into_values().map(|action| NotApplied {
        state: NotAppliedState::NoAnswer,
        change: Change::of(action, goal.desired(), observed),
    }));
    not_applied
}
