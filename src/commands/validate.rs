//! `efsctl validate`.

mod fix;
mod gate;
mod judging;
mod nothing;
mod posts;

use std::path::Path;

use tokio::time::Instant;

use self::gate::{Count, Gate};
use self::posts::{Post, posts};
use super::{Desk, Failed, read_text, unwritable};
use crate::audit::catalogue::CATALOGUE;
use crate::audit::clients::ClientRef;
use crate::audit::mend::{Mend, curable};
use crate::audit::policy_file::PolicyFile;
use crate::audit::rules::Rules;
use crate::cli::OutputFormat;
use crate::cli::validate::{ReportFormat, ValidateArgs};
use crate::domain::advice::{Advice, Command};
use crate::domain::finding::{Audited, Report};
use crate::domain::ids::Zone;
use crate::error::Error;
use crate::service::{Failure, ValidateOptions};
use crate::ui::document::{AuditView, Document, Outcome};
use crate::ui::report::{Format, Look, Telling, render};

const NAME: &str = "validate";

/// The policy file that is read when it is there.
const POLICY_FILE: &str = "efsctl.toml";

/// An audit that was asked for.
struct Audit<'a> {
    desk: &'a Desk,
    args: &'a ValidateArgs,
    gate: Gate,
    options: ValidateOptions,
    begun: Instant,
    /// Several places are audited.
    several: bool,
}

/// A file system that was judged, and what would mend it.
struct Judged {
    /// Which of the posts.
    post: usize,
    audited: Audited,
    /// With `--fix`.
    mend: Option<Mend>,
    /// How many file systems the region has, where all were listed.
    listed: Option<usize>,
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
    let check = args.file_systems.iter().map(ToString::to_string);
    let check = check
        .filter(|_| args.fix.is_some())
        .find(|word| curable().any(|id| id == word));
    if let Some(check) = check {
        let error = Error::usage(format!("`{check}` is a check, not a file system")).hint(format!(
            "the checks to mend stand behind an equals sign: --fix={check}"
        ));
        return Err(plain(error));
    }
    let policy = policy_file(args).map_err(plain)?;
    let mut audit = Audit {
        desk,
        args,
        gate: Gate::of(args, &policy).map_err(plain)?,
        options: ValidateOptions {
            region: String::new(),
            clients: args.client.clone(),
            rules: policy.over(rules(args).map_err(plain)?),
            timeout: desk.settings.timeout,
            listed: None,
        },
        begun: Instant::now(),
        several: false,
    };
    let posts = posts(desk, &args.file_systems).await.map_err(plain)?;
    one_place(args, &posts).map_err(plain)?;
    audit.several = posts.len() > 1;
    if let [post] = posts.as_slice() {
        desk.ui.reached(post.region());
    }
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
            invocation: self.desk.ui.invocation(),
        }
    }

    /// Prints while it goes on. Nothing but the sums is remembered.
    async fn tell(&self, posts: &[Post], mut telling: Telling) -> Result<(), Failed> {
        let desk = self.desk;
        let mut count = Count::default();
        let mut printed = desk.ui.text(telling.begin());
        let mut hear = |judged: Judged| {
            self.gate.count(&judged, &mut count);
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
        let unjudged = self.unjudged(posts, &unseen, &count);
        let end = desk.ui.text(&telling.end(&unseen, &unjudged));
        end.map_err(|error| plain(&error))?;
        self.gate.count_unseen(&unseen, &mut count);
        let error = self.verdict(posts, &count, &unjudged).await;
        posts.iter().take(1).for_each(|post| desk.told(&post.cloud));
        match error {
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
            self.gate.count(judged, &mut count);
        }
        let unjudged = self.unjudged(posts, &unseen, &count);
        let mut error = self.verdict(posts, &count, &unjudged).await;
        let report = Report {
            file_systems: all.into_iter().map(|judged| judged.audited).collect(),
            unseen,
            unjudged,
        };
        let mut document = Document::new(NAME, Outcome::Found);
        if let Some(fixed) = fixed {
            document.outcome = fixed.outcome(self.args.dry_run);
            document.changes = fixed.changes();
            let failure = fixed
                .failure(self.args.dry_run)
                .map(|failure| self.desk.retold(failure));
            error = failure.or(error);
            document.fixes = Some(fixed.views);
        }
        let Some(cloud) = posts.first().map(|post| &post.cloud) else {
            return Ok(());
        };
        if self.desk.settings.output == OutputFormat::Human {
            self.print(&report, &document)?;
        } else {
            document.audit = Some(AuditView::of(report, &self.desk.ui.invocation()));
        }
        match (error, self.desk.settings.output) {
            (None, OutputFormat::Json) => self.desk.result(cloud, document),
            (error, _) => {
                self.desk.told(cloud);
                let document = super::counted(cloud, document);
                error.map_or(Ok(()), |error| Err(Box::new((error, document))))
            }
        }
    }

    fn print(&self, report: &Report, document: &Document) -> Result<(), Failed> {
        let ui = &self.desk.ui;
        let text = render(report, format(self.args.format), &self.look());
        let left_alone = self.left_alone(report);
        let fixes = document.fixes.as_deref().unwrap_or_default();
        let fixes = match self.args.fix {
            Some(_) => ui.fixes(fixes, self.args.dry_run) + &left_alone,
            None => String::new(),
        };
        let printed = if self.args.format == ReportFormat::Table {
            ui.text(&(text + &fixes))
        } else {
            ui.aside(&fixes, self.args.dry_run);
            ui.text(&text)
        };
        printed.map_err(|error| Box::new((super::unsaid(&error, document), document.clone())))
    }

    /// What `--fix` knows and left alone, and why.
    fn left_alone(&self, report: &Report) -> String {
        let mut count = Count::default();
        for audited in &report.file_systems {
            self.gate.count_one(audited, &mut count);
        }
        let named = self.args.fix.as_ref().is_some_and(|only| !only.is_empty());
        match count.left_alone {
            0 => String::new(),
            _ if named => String::new(),
            1 => "--fix: 1 more failure that it could mend does not count (--fail-on, --baseline): name its check with --fix=CHECK\n".to_owned(),
            some => format!(
                "--fix: {some} more failures that it could mend do not count (--fail-on, --baseline): name their checks with --fix=CHECK\n"
            ),
        }
    }

    fn failed(&self, posts: &[Post], error: Error) -> Failed {
        match posts.first() {
            Some(post) => self.desk.failed(&post.cloud, NAME, Failure::plain(error)),
            None => Box::new((error, Document::new(NAME, Outcome::Failed))),
        }
    }
}

/// What has an id is in one region: stated with several, it would be missing in all others.
fn one_place(args: &ValidateArgs, posts: &[Post]) -> Result<(), Error> {
    let client = args
        .client
        .iter()
        .find(|client| !matches!(client, ClientRef::Range(_)));
    let stated = client
        .map(|client| ("--client", client.to_string()))
        .or_else(|| Some(("--subnet", args.subnet.first()?.to_string())))
        .or_else(|| Some(("--vpc", args.vpc.as_ref()?.to_string())));
    match stated {
        Some((flag, id)) if posts.len() > 1 => Err(Error::usage(format!(
            "{flag} {id} is in one region, and several places are audited"
        ))
        .hint("give one --region and one --profile with it; clients of several regions are stated by address range")),
        _ => Ok(()),
    }?;
    let is_here = |zone: &&Zone| {
        let mut regions = posts.iter().map(Post::region);
        regions.any(|region| zone.is_in(region))
    };
    match args
        .az
        .iter()
        .find(|zone| posts.len() > 1 && !is_here(zone))
    {
        Some(zone) => Err(
            Error::usage(format!("--az {zone} is in none of these regions"))
                .hint("leave it out, or name its region"),
        ),
        None => Ok(()),
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

fn rules(args: &ValidateArgs) -> Result<Rules, Error> {
    let mut rules = Rules::on(today());
    rules.subnets = args.subnet.iter().cloned().collect();
    rules.zones = args.az.iter().cloned().collect();
    rules.vpc.clone_from(&args.vpc);
    rules.kms_keys = args.kms_key.iter().cloned().collect();
    for (key, value) in &args.require_tag {
        let before = rules.required_tags.insert(key.clone(), value.clone());
        if let Some(before) = before.filter(|before| before != value) {
            let word =
                |value: &Option<String>| value.clone().unwrap_or_else(|| "any value".to_owned());
            return Err(Error::usage(format!(
                "--require-tag asks for two values of {key}: {} and {}",
                word(&before),
                word(value)
            )));
        }
    }
    Ok(rules)
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
    let text = read_text(path)
        .map_err(|why| Error::usage(format!("the policy file {told} cannot be read: {why}")))?;
    PolicyFile::parse(&text).map_err(|error| {
        Error::usage(format!("{told}: {error}")).hint(
            Advice::from("docs/VALIDATE.md describes the policy file; list the checks: ")
                .run(Command::efsctl("validate --list").local()),
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
