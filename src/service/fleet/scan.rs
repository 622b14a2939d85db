//! One place after the other, in a stable order, and what could not be seen.

use futures::StreamExt;
use futures::stream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::places::Places;
use super::{AccountRegion, Fleet, FleetOptions, Member};
use crate::audit::check::CheckInput;
use crate::audit::exit_policy::ExitPolicy;
use crate::audit::fix::{FixPlan, fix_plan};
use crate::audit::rules::Rules;
use crate::cloud::Inventory;
use crate::domain::finding::{Audited, Finding, UnseenRegion, Verdict};
use crate::domain::ids::{FileSystemId, Reference};
use crate::error::Error;
use crate::service::{Purpose, Scope, ValidateOptions};

/// Places that are read side by side.
pub(super) const SIDE_BY_SIDE: usize = 6;

/// A file system that was scanned, and what would fix it.
pub(super) struct Scanned {
    /// Which of the places.
    pub(super) member: usize,
    pub(super) audited: Audited,
    /// Where it is asked for.
    pub(super) plan: Option<FixPlan>,
    /// How many file systems the region has, where all were listed.
    pub(super) listed: Option<usize>,
}

/// An audit that was asked for.
struct Asked<'o> {
    options: &'o FleetOptions,
    /// The checks that are to be fixed; empty: what makes the audit fail.
    fix: Option<&'o [String]>,
    begun: Instant,
}

impl<C: Inventory> Fleet<'_, C> {
    /// Judges everything that is asked for, in the order of the places. What could not be seen of several is reported; of one, it is the
    /// error.
    pub(super) async fn scan(
        &self,
        options: &FleetOptions,
        fix: Option<&[String]>,
        on_audited: &mut dyn FnMut(Scanned),
    ) -> Result<Vec<UnseenRegion>, Error> {
        let asked = Asked {
            options,
            fix,
            begun: Instant::now(),
        };
        if let [member] = self.members.as_slice() {
            let outcome = self
                .scan_region((0, member), &asked, &options.scope, on_audited)
                .await;
            if let Err(error) = outcome {
                return Err(Self::elsewhere(member, &options.scope, error).await);
            }
            return Ok(Vec::new());
        }
        let looks = self.members.iter().enumerate().map(async |(nth, member)| {
            let mut scanned = Vec::new();
            let outcome = self.scan_there((nth, member), &asked, &mut scanned).await;
            (member, scanned, outcome)
        });
        let mut looks = stream::iter(looks).buffered(SIDE_BY_SIDE);
        let mut places = Places::default();
        while let Some((member, scanned, outcome)) = looks.next().await {
            places.add(&member.place, outcome)?;
            scanned.into_iter().for_each(&mut *on_audited);
        }
        places.ended(self.members.len(), &options.scope)
    }

    async fn scan_region(
        &self,
        (nth, member): (usize, &Member<'_, C>),
        asked: &Asked<'_>,
        scope: &Scope,
        on_audited: &mut dyn FnMut(Scanned),
    ) -> Result<(), Error> {
        let options = &asked.options.asked;
        // Of several places, the time is that of all together.
        let timeout = options.timeout;
        let timeout = timeout.map(|timeout| timeout.saturating_sub(asked.begun.elapsed()));
        let there = ValidateOptions {
            timeout,
            purpose: asked.fix.map_or(Purpose::Verdicts, |_| Purpose::Fix),
            ..self.asked_at(&member.place, options)
        };
        let stop = member.service.stops.first.clone();
        let mut observer = observer((nth, member), &asked.options.exit, asked.fix, on_audited);
        let service = &member.service;
        service
            .validate_until(scope, &there, &stop, &mut observer)
            .await
    }

    /// One of several places: of the file systems that are named, those that are there, which it tells.
    async fn scan_there(
        &self,
        (nth, member): (usize, &Member<'_, C>),
        asked: &Asked<'_>,
        scanned: &mut Vec<Scanned>,
    ) -> Result<Vec<Reference>, Error> {
        let (scope, here) = member.here(&asked.options.scope).await?;
        let mut on_audited = |one: Scanned| scanned.push(one);
        self.scan_region((nth, member), asked, &scope, &mut on_audited)
            .await?;
        Ok(here)
    }

    /// File systems again, as far as they are still there, after something was added. Whoever interrupted the run wants to know what is
    /// there now; whoever did so twice, does not.
    pub(super) async fn rescan(
        &self,
        (nth, member, listed): (usize, &Member<'_, C>, Option<usize>),
        ids: Vec<FileSystemId>,
        options: &FleetOptions,
        on_audited: &mut dyn FnMut(Scanned),
    ) -> Result<(), Error> {
        let there = ValidateOptions {
            listed,
            purpose: Purpose::Verdicts,
            ..self.asked_at(&member.place, &options.asked)
        };
        let stop: CancellationToken = member.service.stops.second.clone();
        let scope = Scope::Still(ids);
        let mut observer = observer((nth, member), &options.exit, None, on_audited);
        let service = &member.service;
        service
            .validate_until(&scope, &there, &stop, &mut observer)
            .await
    }

    /// What is asked of the file systems of a place: a zone is expected where it is.
    fn asked_at(&self, place: &AccountRegion, options: &ValidateOptions) -> ValidateOptions {
        let mut rules: Rules = options.rules.clone();
        if self.members.len() > 1 {
            rules.zones.retain(|zone| zone.is_in(&place.region));
        }
        ValidateOptions {
            region: place.region.clone(),
            rules,
            ..options.clone()
        }
    }
}

fn observer<'h, C>(
    (nth, member): (usize, &'h Member<'h, C>),
    exit: &'h ExitPolicy,
    fix: Option<&'h [String]>,
    on_audited: &'h mut dyn FnMut(Scanned),
) -> impl FnMut(&CheckInput<'_>, Audited) + 'h {
    let place = &member.place;
    move |input, mut audited| {
        audited.profile.clone_from(&place.profile);
        exit.mark(&mut audited);
        for finding in &mut audited.findings {
            let remedy = finding.remedy.take();
            finding.remedy =
                remedy.map(|remedy| remedy.at(&place.region, place.profile.as_deref()));
        }
        let plan = fix.map(|only| plan_of(input, &audited, exit, only));
        on_audited(Scanned {
            member: nth,
            audited,
            plan,
            listed: input.inventory.file_systems,
        });
    }
}

/// What would fix what counts as failed, of the checks that are to be fixed.
fn plan_of(
    input: &CheckInput<'_>,
    audited: &Audited,
    exit: &ExitPolicy,
    only: &[String],
) -> FixPlan {
    let is_meant = |finding: &&Finding| {
        finding.verdict == Verdict::Fail
            && match only {
                // Without a word, what makes the audit fail.
                [] => exit.counts(finding),
                only => only.iter().any(|id| id == finding.about.id),
            }
    };
    fix_plan(input, audited.findings.iter().filter(is_meant))
}
