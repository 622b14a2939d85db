//! Judging: one place after the other, in a stable order, and what could not be seen.

use futures::StreamExt;
use futures::stream;

use super::posts::{Post, elsewhere};
use super::{Audit, Judged};
use crate::audit::check::Subject;
use crate::audit::mend::{Mend, mend};
use crate::audit::rules::Rules;
use crate::domain::finding::{Audited, Finding, UnseenRegion, Verdict};
use crate::domain::ids::{FileSystemId, Reference};
use crate::error::{Error, Kind};
use crate::service::{Purpose, Scope, Stops, ValidateOptions};

/// Regions that are audited side by side.
const REGIONS: usize = 6;

impl Audit<'_> {
    /// Judges everything that is asked for, in the order of the posts. What could not be seen of several posts is told; of one, it
    /// is the error.
    pub(super) async fn judge(
        &self,
        posts: &[Post],
        hear: &mut dyn FnMut(Judged),
    ) -> Result<Vec<UnseenRegion>, Error> {
        let scope = self.scope();
        if let [post] = posts {
            let outcome = self.judge_one((0, post), &scope, hear).await;
            if let Err(error) = outcome {
                let named = &self.args.file_systems;
                return Err(elsewhere(self.desk, post, named, error).await);
            }
            return Ok(Vec::new());
        }
        let looks = posts.iter().enumerate().map(async |(nth, post)| {
            let mut judged = Vec::new();
            let outcome = self.judge_there((nth, post), &scope, &mut judged).await;
            (post, judged, outcome)
        });
        let mut looks = stream::iter(looks).buffered(REGIONS);
        let mut unseen: Vec<UnseenRegion> = Vec::new();
        let mut first = None;
        let mut found: Vec<Reference> = Vec::new();
        while let Some((post, judged, outcome)) = looks.next().await {
            match outcome {
                Ok(here) => found.extend(here),
                Err(error) if matches!(error.kind, Kind::Denied | Kind::Failed) => {
                    unseen.push(UnseenRegion {
                        region: post.region().to_owned(),
                        profile: post.profile.clone(),
                        why: error.message.clone(),
                    });
                    first.get_or_insert(post.told(error));
                }
                Err(error) => return Err(post.told(error)),
            }
            judged.into_iter().for_each(&mut *hear);
        }
        if unseen.len() == posts.len()
            && let Some(error) = first
        {
            return Err(error);
        }
        let missing = self
            .args
            .file_systems
            .iter()
            .find(|named| !found.contains(named));
        match missing {
            Some(missing) if unseen.is_empty() => Err(Error::new(
                Kind::NotFound,
                format!("there is no file system `{missing}` in any of these regions"),
            )
            .hint("check --region and --profile")),
            Some(missing) => Err(Error::new(
                Kind::NotFound,
                format!("there is no file system `{missing}` in the regions that could be seen"),
            )
            .hint("see the regions that could not")),
            None => Ok(unseen),
        }
    }

    async fn judge_one(
        &self,
        (nth, post): (usize, &Post),
        scope: &Scope,
        hear: &mut dyn FnMut(Judged),
    ) -> Result<(), Error> {
        // The budget of an audit decides when to ask again.
        let service = self.desk.over(post.cloud.once());
        let options = ValidateOptions {
            region: post.region().to_owned(),
            rules: self.rules_at(post),
            // Of several regions, the time is that of all together.
            timeout: self
                .options
                .timeout
                .map(|timeout| timeout.saturating_sub(self.begun.elapsed())),
            ..self.options.clone()
        };
        let mut hearer = self.hearer((nth, post), hear);
        service.validate_each(scope, &options, &mut hearer).await
    }

    /// File systems again, as far as they are still there, after something was mended.
    pub(super) async fn judge_again(
        &self,
        (nth, post, listed): (usize, &Post, Option<usize>),
        ids: Vec<FileSystemId>,
        hear: &mut dyn FnMut(Judged),
    ) -> Result<(), Error> {
        // Whoever pressed ctrl-C wants to know what is there now; whoever presses it twice, does not.
        let stops = Stops {
            first: self.desk.signals.second.clone(),
            second: self.desk.signals.second.clone(),
        };
        let service = self.desk.over(post.cloud.once()).stopped_by(stops);
        let scope = Scope::Still(ids);
        let options = ValidateOptions {
            region: post.region().to_owned(),
            rules: self.rules_at(post),
            listed,
            purpose: Purpose::Verdicts,
            ..self.options.clone()
        };
        let mut hearer = self.hearer((nth, post), hear);
        service.validate_each(&scope, &options, &mut hearer).await
    }

    /// What is asked of the file systems of a region: a zone is expected where it is.
    fn rules_at(&self, post: &Post) -> Rules {
        let mut rules = self.options.rules.clone();
        if self.several {
            let region = post.region();
            rules.zones.retain(|zone| zone.is_in(region));
        }
        rules
    }

    fn hearer<'h>(
        &'h self,
        (nth, post): (usize, &'h Post),
        hear: &'h mut dyn FnMut(Judged),
    ) -> impl FnMut(&Subject<'_>, Audited) + 'h {
        move |subject, mut audited| {
            audited.profile.clone_from(&post.profile);
            self.gate.mark(&mut audited);
            for finding in &mut audited.findings {
                let remedy = finding.remedy.take();
                finding.remedy =
                    remedy.map(|remedy| remedy.at(post.region(), post.profile.as_deref()));
            }
            let mend = self.mend(subject, &audited);
            hear(Judged {
                post: nth,
                audited,
                mend,
                listed: subject.place.file_systems,
            });
        }
    }

    /// One of several posts: of the file systems that are named, those that are there, which it tells.
    async fn judge_there(
        &self,
        (nth, post): (usize, &Post),
        scope: &Scope,
        judged: &mut Vec<Judged>,
    ) -> Result<Vec<Reference>, Error> {
        let mut here = Vec::new();
        let scope = match scope {
            Scope::These(named) => {
                let service = self.desk.over(post.cloud.clone());
                for reference in named {
                    match service.find(reference).await {
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
        self.judge_one((nth, post), &scope, &mut hear).await?;
        Ok(here)
    }

    /// What would mend what counts as failed, of the checks that are to be mended.
    fn mend(&self, subject: &Subject<'_>, audited: &Audited) -> Option<Mend> {
        let only = self.args.fix.as_ref()?;
        let is_meant = |finding: &&Finding| {
            finding.verdict == Verdict::Fail
                && match only.as_slice() {
                    // Without a word, what makes the run fail.
                    [] => self.gate.counts(finding),
                    only => only.iter().any(|id| id == finding.about.id),
                }
        };
        Some(mend(subject, audited.findings.iter().filter(is_meant)))
    }

    pub(super) fn scope(&self) -> Scope {
        match &self.args.tag {
            _ if self.args.all => Scope::All,
            Some((key, value)) => Scope::Tagged(key.clone(), value.clone()),
            None => Scope::These(self.args.file_systems.clone()),
        }
    }
}
