//! One place after the other, in a stable order, and what could not be seen.

use futures::StreamExt;
use futures::stream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{AccountRegion, Fleet, FleetOptions, Site};
use crate::audit::check::CheckInput;
use crate::audit::exit_policy::ExitPolicy;
use crate::audit::fix::{FixPlan, fix_plan};
use crate::audit::rules::Rules;
use crate::cloud::Inventory;
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::domain::finding::{Audited, Finding, UnseenRegion, Verdict};
use crate::domain::ids::{FileSystemId, Reference};
use crate::error::{Code, Error, Kind};
use crate::service::{Purpose, Scope, ValidateOptions};

/// Places that are audited side by side.
const SIDE_BY_SIDE: usize = 6;

/// A file system that was judged, and what would fix it.
pub(super) struct Judged {
    /// Which of the places.
    pub(super) site: usize,
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
    /// Judges everything that is asked for, in the order of the places. What could not be seen of several is told; of one, it is the
    /// error.
    pub(super) async fn scan(
        &self,
        options: &FleetOptions,
        fix: Option<&[String]>,
        hear: &mut dyn FnMut(Judged),
    ) -> Result<Vec<UnseenRegion>, Error> {
        let asked = Asked {
            options,
            fix,
            begun: Instant::now(),
        };
        if let [site] = self.sites.as_slice() {
            let outcome = self.judge((0, site), &asked, &options.scope, hear).await;
            if let Err(error) = outcome {
                return Err(Self::elsewhere(site, &options.scope, error).await);
            }
            return Ok(Vec::new());
        }
        let looks = self.sites.iter().enumerate().map(async |(nth, site)| {
            let mut judged = Vec::new();
            let outcome = self.judge_there((nth, site), &asked, &mut judged).await;
            (site, judged, outcome)
        });
        let mut looks = stream::iter(looks).buffered(SIDE_BY_SIDE);
        let mut unseen: Vec<UnseenRegion> = Vec::new();
        let mut first = None;
        let mut found: Vec<Reference> = Vec::new();
        while let Some((site, judged, outcome)) = looks.next().await {
            match outcome {
                Ok(here) => found.extend(here),
                Err(error) if matches!(error.kind, Kind::Denied | Kind::Failed) => {
                    unseen.push(UnseenRegion {
                        region: site.place.region.clone(),
                        profile: site.place.profile.clone(),
                        why: error.message.clone(),
                    });
                    first.get_or_insert(site.place.failed(error));
                }
                Err(error) => return Err(site.place.failed(error)),
            }
            judged.into_iter().for_each(&mut *hear);
        }
        if unseen.len() == self.sites.len()
            && let Some(error) = first
        {
            return Err(error);
        }
        let named = match &options.scope {
            Scope::These(named) => named.as_slice(),
            Scope::Still(_) | Scope::All | Scope::Tagged(..) => &[],
        };
        let missing = named.iter().find(|named| !found.contains(named));
        match missing {
            Some(missing) if unseen.is_empty() => Err(Error::new(
                Code::FileSystemNotFound,
                format!("there is no file system `{missing}` in any of these regions"),
            )
            .hint(advice!["check ", Field::Region, " and ", Field::Profile])),
            Some(missing) => Err(Error::new(
                Code::FileSystemNotFound,
                format!("there is no file system `{missing}` in the regions that could be read"),
            )
            .hint("see which regions could not be read")),
            None => Ok(unseen),
        }
    }

    async fn judge(
        &self,
        (nth, site): (usize, &Site<'_, C>),
        asked: &Asked<'_>,
        scope: &Scope,
        hear: &mut dyn FnMut(Judged),
    ) -> Result<(), Error> {
        let options = &asked.options.asked;
        // Of several places, the time is that of all together.
        let timeout = options.timeout;
        let timeout = timeout.map(|timeout| timeout.saturating_sub(asked.begun.elapsed()));
        let there = ValidateOptions {
            timeout,
            purpose: asked.fix.map_or(Purpose::Verdicts, |_| Purpose::Fix),
            ..self.asked_at(&site.place, options)
        };
        let stop = site.service.stops.first.clone();
        let mut hearer = hearer((nth, site), &asked.options.exit, asked.fix, hear);
        let service = &site.service;
        service.judge_each(scope, &there, &stop, &mut hearer).await
    }

    /// One of several places: of the file systems that are named, those that are there, which it tells.
    async fn judge_there(
        &self,
        (nth, site): (usize, &Site<'_, C>),
        asked: &Asked<'_>,
        judged: &mut Vec<Judged>,
    ) -> Result<Vec<Reference>, Error> {
        let mut here = Vec::new();
        let scope = match &asked.options.scope {
            Scope::These(named) => {
                for reference in named {
                    match site.service.find(reference).await {
                        Ok(_) => here.push(reference.clone()),
                        Err(error) if error.kind == Kind::NotFound => {}
                        Err(error) => return Err(error),
                    }
                }
                Scope::These(here.clone())
            }
            scope => scope.clone(),
        };
        let mut hear = |one: Judged| judged.push(one);
        self.judge((nth, site), asked, &scope, &mut hear).await?;
        Ok(here)
    }

    /// File systems again, as far as they are still there, after something was added. Whoever interrupted the run wants to know what is
    /// there now; whoever did so twice, does not.
    pub(super) async fn judge_again(
        &self,
        (nth, site, listed): (usize, &Site<'_, C>, Option<usize>),
        ids: Vec<FileSystemId>,
        options: &FleetOptions,
        hear: &mut dyn FnMut(Judged),
    ) -> Result<(), Error> {
        let there = ValidateOptions {
            listed,
            purpose: Purpose::Verdicts,
            ..self.asked_at(&site.place, &options.asked)
        };
        let stop: CancellationToken = site.service.stops.second.clone();
        let scope = Scope::Still(ids);
        let mut hearer = hearer((nth, site), &options.exit, None, hear);
        let service = &site.service;
        service.judge_each(&scope, &there, &stop, &mut hearer).await
    }

    /// What is asked of the file systems of a place: a zone is expected where it is.
    fn asked_at(&self, place: &AccountRegion, options: &ValidateOptions) -> ValidateOptions {
        let mut rules: Rules = options.rules.clone();
        if self.sites.len() > 1 {
            rules.zones.retain(|zone| zone.is_in(&place.region));
        }
        ValidateOptions {
            region: place.region.clone(),
            rules,
            ..options.clone()
        }
    }
}

fn hearer<'h, C>(
    (nth, site): (usize, &'h Site<'h, C>),
    exit: &'h ExitPolicy,
    fix: Option<&'h [String]>,
    hear: &'h mut dyn FnMut(Judged),
) -> impl FnMut(&CheckInput<'_>, Audited) + 'h {
    let place = &site.place;
    move |input, mut audited| {
        audited.profile.clone_from(&place.profile);
        exit.mark(&mut audited);
        for finding in &mut audited.findings {
            let remedy = finding.remedy.take();
            finding.remedy =
                remedy.map(|remedy| remedy.at(&place.region, place.profile.as_deref()));
        }
        let plan = fix.map(|only| plan_of(input, &audited, exit, only));
        hear(Judged {
            site: nth,
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
