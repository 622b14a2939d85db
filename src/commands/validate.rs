//! `efsctl validate`.

mod fix;
mod gate;
mod posts;

use std::path::Path;

use futures::StreamExt;
use futures::stream;

use self::gate::{Count, Gate};
use self::posts::{Post, elsewhere, posts};
use super::{Desk, Failed, unwritable};
use crate::audit::catalogue::CATALOGUE;
use crate::audit::check::Subject;
use crate::audit::mend::{Mend, mend};
use crate::audit::policy_file::PolicyFile;
use crate::audit::rules::Rules;
use crate::cli::OutputFormat;
use crate::cli::validate::{ReportFormat, ValidateArgs};
use crate::domain::finding::{Audited, Finding, Report, UnseenRegion, Verdict};
use crate::domain::ids::Reference;
use crate::error::{Error, Kind};
use crate::service::{Failure, Scope, ValidateOptions};
use crate::ui::document::{AuditView, Document, Outcome};
use crate::ui::report::{Format, Look, Telling, render};

const NAME: &str = "validate";

/// The policy file that is read when it is there.
const POLICY_FILE: &str = "efsctl.toml";

/// Regions that are audited side by side.
const REGIONS: usize = 6;

/// An audit that was asked for.
struct Audit<'a> {
    desk: &'a Desk,
    args: &'a ValidateArgs,
    gate: Gate,
    options: ValidateOptions,
}

/// A file system that was judged, and what would mend it.
struct Judged {
    /// Which of the posts.
    post: usize,
    audited: Audited,
    /// With `--fix`.
    mend: Option<Mend>,
}

pub(super) async fn run(desk: &Desk, args: &ValidateArgs) -> Result<(), Failed> {
    let plain = |error: Error| Box::new((error, Document::new(NAME, Outcome::Failed)));
    if args.list && desk.settings.output == OutputFormat::Json {
        let error = Error::usage("--list prints a table and has no JSON form")
            .hint("leave -o json out; docs/CHECKS.md has the whole catalogue");
        return Err(plain(error));
    }
    if args.list {
        return list(desk).map_err(plain);
    }
    if args.format != ReportFormat::Table && desk.settings.output == OutputFormat::Json {
        let error = Error::usage("--format and -o json are two forms of one result")
            .hint("leave one of them out");
        return Err(plain(error));
    }
    let policy = policy_file(args).map_err(plain)?;
    let audit = Audit {
        desk,
        args,
        gate: Gate::of(args, &policy).map_err(plain)?,
        options: ValidateOptions {
            region: String::new(),
            clients: args.client.clone(),
            rules: policy.over(rules(args)),
            timeout: desk.settings.timeout,
        },
    };
    let posts = posts(desk, &args.file_systems).await.map_err(plain)?;
    let telling = Telling::new(format(args.format), audit.look())
        .filter(|_| desk.settings.output == OutputFormat::Human && args.fix.is_none());
    match telling {
        Some(telling) => audit.tell(&posts, telling).await,
        None => audit.collect(&posts).await,
    }
}

impl Audit<'_> {
    fn look(&self) -> Look {
        let settings = &self.desk.settings;
        Look {
            color: settings.color.0,
            width: settings.columns.unwrap_or(usize::MAX),
            all: self.args.show_all,
            baseline: self.gate.has_baseline(),
        }
    }

    /// Prints while it goes on. Nothing but the sums is remembered.
    async fn tell(&self, posts: &[Post], mut telling: Telling) -> Result<(), Failed> {
        let desk = self.desk;
        let mut count = Count::default();
        let mut printed = desk.ui.text(telling.begin());
        let mut hear = |judged: Judged| {
            self.gate.count(&judged.audited, &mut count);
            let text = telling.file_system(&judged.audited);
            if printed.is_ok() {
                printed = desk.ui.text(&text);
            }
        };
        let unseen = self.judge(posts, &mut hear).await;
        let unseen = unseen.map_err(|error| self.failed(posts, error))?;
        let plain = |error: &std::io::Error| {
            Box::new((unwritable(error), Document::new(NAME, Outcome::Failed)))
        };
        printed.map_err(|error| plain(&error))?;
        let end = desk.ui.text(&telling.end(&unseen));
        end.map_err(|error| plain(&error))?;
        self.gate.count_unseen(&unseen, &mut count);
        posts.iter().take(1).for_each(|post| desk.told(&post.cloud));
        match self.gate.verdict(&count) {
            None => Ok(()),
            Some(error) => Err(Box::new((error, Document::new(NAME, Outcome::Found)))),
        }
    }

    /// Prints when everything is known; mends before, where it is asked for.
    async fn collect(&self, posts: &[Post]) -> Result<(), Failed> {
        let mut all: Vec<Judged> = Vec::new();
        let unseen = self.judge(posts, &mut |judged| all.push(judged)).await;
        let unseen = unseen.map_err(|error| self.failed(posts, error))?;
        let fixed = match &self.args.fix {
            Some(_) => Some(self.fix(posts, &mut all).await),
            None => None,
        };
        let mut count = Count::default();
        self.gate.count_unseen(&unseen, &mut count);
        for judged in &all {
            self.gate.count(&judged.audited, &mut count);
        }
        let report = Report {
            file_systems: all.into_iter().map(|judged| judged.audited).collect(),
            unseen,
        };
        let mut document = Document {
            audit: Some(AuditView::of(&report)),
            ..Document::new(NAME, Outcome::Found)
        };
        let mut error = self.gate.verdict(&count);
        if let Some(fixed) = fixed {
            document.outcome = fixed.outcome(self.args.dry_run);
            document.changes = fixed.changes();
            let failure = fixed.failure().map(|failure| self.desk.retold(failure));
            error = failure.or(error);
            document.fixes = Some(fixed.views);
        }
        self.print(posts, &report, document, error)
    }

    fn print(
        &self,
        posts: &[Post],
        report: &Report,
        document: Document,
        error: Option<Error>,
    ) -> Result<(), Failed> {
        let desk = self.desk;
        let Some(cloud) = posts.first().map(|post| &post.cloud) else {
            return Ok(());
        };
        let document = super::counted(cloud, document);
        if desk.settings.output == OutputFormat::Human {
            let text = render(report, format(self.args.format), &self.look());
            let fixes = document.fixes.as_deref().unwrap_or_default();
            let fixes = desk.ui.fixes(fixes, self.args.dry_run);
            let printed = if self.args.format == ReportFormat::Table {
                desk.ui.text(&(text + &fixes))
            } else {
                desk.ui.aside(&fixes);
                desk.ui.text(&text)
            };
            printed
                .map_err(|error| Box::new((super::unsaid(&error, &document), document.clone())))?;
            desk.told(cloud);
            return match error {
                None => Ok(()),
                Some(error) => Err(Box::new((error, document))),
            };
        }
        match error {
            None => desk.result(cloud, document),
            Some(error) => {
                desk.told(cloud);
                Err(Box::new((error, document)))
            }
        }
    }

    fn failed(&self, posts: &[Post], error: Error) -> Failed {
        match posts.first() {
            Some(post) => self.desk.failed(&post.cloud, NAME, Failure::plain(error)),
            None => Box::new((error, Document::new(NAME, Outcome::Failed))),
        }
    }

    /// Judges everything that is asked for, in the order of the posts. What could not be seen of several posts is told; of one, it
    /// is the error.
    async fn judge(
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
                    first.get_or_insert(error);
                }
                Err(error) => return Err(error),
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
            ..self.options.clone()
        };
        let mut hearer = |subject: &Subject<'_>, mut audited: Audited| {
            audited.profile.clone_from(&post.profile);
            self.gate.mark(&mut audited);
            let mend = self.mend(subject, &audited);
            hear(Judged {
                post: nth,
                audited,
                mend,
            });
        };
        service.validate_each(scope, &options, &mut hearer).await
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
                && self.gate.counts(finding)
                && (only.is_empty() || only.iter().any(|id| id == finding.about.id))
        };
        Some(mend(subject, audited.findings.iter().filter(is_meant)))
    }

    fn scope(&self) -> Scope {
        match &self.args.tag {
            _ if self.args.all => Scope::All,
            Some((key, value)) => Scope::Tagged(key.clone(), value.clone()),
            None => Scope::These(self.args.file_systems.clone()),
        }
    }
}

fn format(format: ReportFormat) -> Format {
    match format {
        ReportFormat::Table => Format::Table,
        ReportFormat::Sarif => Format::Sarif,
        ReportFormat::Junit => Format::Junit,
        ReportFormat::Github => Format::Github,
        ReportFormat::Markdown => Format::Markdown,
        ReportFormat::Csv => Format::Csv,
    }
}

fn rules(args: &ValidateArgs) -> Rules {
    let mut rules = Rules::on(today());
    rules.subnets = args.subnet.iter().cloned().collect();
    rules.zones = args.az.iter().cloned().collect();
    rules.vpc.clone_from(&args.vpc);
    rules.kms_keys = args.kms_key.iter().cloned().collect();
    rules.required_tags = args.require_tag.iter().cloned().collect();
    rules
}

/// The date in UTC.
fn today() -> String {
    let now = std::time::SystemTime::now();
    humantime::format_rfc3339_seconds(now)
        .to_string()
        .chars()
        .take(10)
        .collect()
}

fn policy_file(args: &ValidateArgs) -> Result<PolicyFile, Error> {
    let path = match &args.policy {
        Some(path) => path.as_path(),
        None if Path::new(POLICY_FILE).symlink_metadata().is_ok() => Path::new(POLICY_FILE),
        None => return Ok(PolicyFile::default()),
    };
    let told = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::usage(format!("the policy file {told} cannot be read: {error}")))?;
    PolicyFile::parse(&text).map_err(|error| {
        Error::usage(format!("{told}: {error}")).hint(
            "docs/VALIDATE.md describes the policy file; list the checks: efsctl validate --list",
        )
    })
}

fn list(desk: &Desk) -> Result<(), Error> {
    let width = CATALOGUE
        .iter()
        .map(|check| check.about.id.len())
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = CATALOGUE
        .iter()
        .map(|check| {
            let about = &check.about;
            format!(
                "{:width$}  {:8}  {}\n",
                about.id, about.severity, about.title
            )
        })
        .collect();
    desk.text(lines.concat().as_bytes())
}
