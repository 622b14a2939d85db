//! Validating: the audit of file systems that exist, whoever made them. Makes no writing call.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures::stream;
use futures::{StreamExt, TryStreamExt};
use tokio_util::sync::CancellationToken;

use super::EfsService;
use super::find::look_for;
use crate::audit::check::CheckInput;
use crate::audit::clients::ClientRef;
use crate::audit::facts::{FileSystemFacts, Unavailable};
use crate::audit::gather::Purpose;
use crate::audit::rules::Rules;
use crate::audit::{audit, gather};
use crate::cloud::{Answer, Budgeted, Cloud, CloudError, Connected, FileSystems, Inventory};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::field::Field;
use crate::domain::finding::{Audited, Report};
use crate::domain::ids::{FileSystemId, Reference};
use crate::domain::state::{FileSystem, State};
use crate::error::{Code, Error};
use crate::provision::explain::explain;

/// Which file systems to audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// These, all of which have to be there.
    These(Vec<Reference>),
    /// Those of these that are there.
    Still(Vec<FileSystemId>),
    /// All of the account in the region.
    #[default]
    All,
    /// Those that carry this tag; with a value: that value.
    Tagged(String, Option<String>),
}

/// What is asked of them.
#[derive(Debug, Clone, Default)]
pub struct ValidateOptions {
    /// The region, for the remedies.
    pub region: String,
    /// Who has to be able to use them.
    pub clients: Vec<ClientRef>,
    /// Everything else.
    pub rules: Rules,
    /// The end of all reading.
    pub timeout: Option<Duration>,
    /// How many file systems the region has, where that is known already and the scope does not tell.
    pub listed: Option<usize>,
    /// For a fix, where mount targets can be added is read as well.
    pub purpose: Purpose,
}

/// File systems whose facts are read side by side: the budget of the cloud decides how many calls that makes.
pub(super) const SIDE_BY_SIDE: usize = 64;

/// Told of each file system once it is judged: what was seen of it, and the verdicts.
pub type Observer<'h> = dyn FnMut(&CheckInput<'_>, Audited) + 'h;

impl<C: Inventory> EfsService<C> {
    /// Audits file systems: every check of the catalogue on each. What cannot be read is "unknown", neither good nor bad.
    ///
    /// Four reads for each file system, and about ten for the region, whatever their number.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](crate::error::Kind::NotFound) when a file system or a client that is named does not exist; [`Kind::Denied`](crate::error::Kind::Denied) when the file systems
    /// cannot even be listed, or AWS takes the credentials no longer: that is nothing that could be granted, and no verdict. A failed
    /// check is no error.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "sandbox")] {
    /// # use aws_smithy_runtime_api::client::http::SharedHttpClient;
    /// # use efsctl::sandbox::{account::{Account, tokio_clock}, connector::Connector};
    /// # use efsctl::{AwsCloud, Connection, EfsService, Silent};
    /// use efsctl::domain::finding::Verdict;
    /// use efsctl::{Scope, ValidateOptions};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let connector = Connector::new(Account::default()).with_clock(tokio_clock());
    /// # let cloud = AwsCloud::connect(Connection {
    /// #     region: Some("eu-west-1".to_owned()),
    /// #     http_client: Some(SharedHttpClient::new(connector)),
    /// #     ..Connection::default()
    /// # }).await?;
    /// # let service = EfsService::new(cloud, Box::new(Silent));
    /// # let made = service.create(&"demo".parse().map(efsctl::Spec::new)?, &efsctl::CreateOptions::default()).await?;
    /// let report = service.validate(&Scope::All, &ValidateOptions::default()).await?;
    /// let findings = &report.file_systems[0].findings;
    /// assert!(findings.iter().any(|finding| finding.verdict == Verdict::Pass));
    /// # Ok(())
    /// # }
    /// # main()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn validate(
        &self,
        scope: &Scope,
        options: &ValidateOptions,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        self.validate_each(scope, options, &mut |_, audited| {
            report.file_systems.push(audited);
        })
        .await?;
        Ok(report)
    }

    /// The same, reported while it runs: each file system as soon as those before it, by id, are reported. What was read of it is
    /// forgotten then, so that the number of file systems does not matter.
    ///
    /// # Errors
    ///
    /// As [`EfsService::validate`]; some may have been reported by then.
    pub async fn validate_each(
        &self,
        scope: &Scope,
        options: &ValidateOptions,
        observer: &mut Observer<'_>,
    ) -> Result<(), Error> {
        let stop = self.stops.first.clone();
        self.validate_until(scope, options, &stop, observer).await
    }

    /// The same, interrupted by that token.
    pub(super) async fn validate_until(
        &self,
        scope: &Scope,
        options: &ValidateOptions,
        stop: &CancellationToken,
        observer: &mut Observer<'_>,
    ) -> Result<(), Error> {
        let audit = Box::pin(self.validate_all(scope, options, observer));
        self.within("audit", options.timeout, stop, audit).await
    }

    /// Something that only reads, until it is interrupted or its time is over.
    pub(super) async fn within<T>(
        &self,
        what: &str,
        timeout: Option<Duration>,
        stop: &CancellationToken,
        reading: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let patience = timeout.unwrap_or(Duration::MAX);
        tokio::select! {
            outcome = reading => outcome,
            () = stop.cancelled() => Err(self.stops.ended(&format!(": an {what} changes nothing"))),
            () = tokio::time::sleep(patience) => Err(Error::new(
                Code::TimedOut,
                format!("the {what} timed out after {:.0} s", patience.as_secs_f64()),
            )
            .hint(advice![
                "raise ",
                Field::Timeout,
                ", or name fewer file systems",
            ])),
        }
    }

    async fn validate_all(
        &self,
        scope: &Scope,
        options: &ValidateOptions,
        observer: &mut Observer<'_>,
    ) -> Result<(), Error> {
        // Its reads are sent at once, and again where that helps, as the budget lets them.
        let cloud = &self.cloud.without_retries();
        let (chosen, listed) = self.chosen(cloud, scope).await?;
        if chosen.is_empty() {
            return Ok(());
        }
        let count = listed.or(options.listed);
        let located = async {
            let mut inventory =
                gather::region(cloud, &options.region, count, options.purpose).await?;
            let clients = gather::clients(cloud, &inventory, &options.clients).await?;
            if let Ok(clients) = &clients {
                gather::lists_of_clients(cloud, &mut inventory, clients).await?;
            }
            Ok((inventory, clients))
        };
        let mut located = pin!(located);
        let mut read = stream::iter(chosen)
            .map(|fs| gather::facts(cloud, fs))
            .buffered(SIDE_BY_SIDE);
        // Nothing can be judged before the region is known, but it can be read. Both have to go on: they share the budget's lanes.
        let mut ahead: Vec<Answer<FileSystemFacts>> = Vec::new();
        let located: Answer<_> = loop {
            tokio::select! {
                biased;
                located = &mut located => break located,
                Some(facts) = read.next() => ahead.push(facts),
            }
        };
        let ended = |error: CloudError| explain(&error, "reading what is audited");
        let (inventory, clients) = located.map_err(ended)?;
        let clients = clients.map_err(|unseen| unlocated(&unseen))?;
        let mut facts = stream::iter(ahead).chain(read);
        while let Some(facts) = facts.next().await {
            let facts = facts.map_err(ended)?;
            if matches!(&facts.mount_targets, Err(unseen) if unseen.is_gone) {
                self.warn(format!(
                    "{} was deleted during the audit: skipped",
                    facts.file_system.id
                ));
                continue;
            }
            let input = CheckInput {
                inventory: &inventory,
                facts: &facts,
                rules: &options.rules,
                clients: &clients,
            };
            observer(&input, audit(&input));
        }
        Ok(())
    }

    /// Regions that are enabled for the account, by name.
    ///
    /// # Errors
    ///
    /// The call's failure.
    pub async fn regions(&self) -> Result<BTreeSet<String>, Error> {
        let found = self.cloud.regions().await;
        found.map_err(|error| explain(&error, "listing the regions"))
    }

    /// The file systems of a scope, each once, by id; and how many there are, where all were listed.
    pub(super) async fn chosen(
        &self,
        cloud: &Budgeted<C>,
        scope: &Scope,
    ) -> Result<(Vec<FileSystem>, Option<usize>), Error> {
        let mut chosen = match scope {
            Scope::These(references) => {
                let found = references
                    .iter()
                    .map(|reference| self.find_by(cloud, reference));
                let found = stream::iter(found).buffered(SIDE_BY_SIDE);
                found.try_collect().await?
            }
            Scope::Still(ids) => {
                let found = ids
                    .iter()
                    .map(async |id| look_for(cloud, &FileSystems::Id(id.clone())).await);
                let found = stream::iter(found).buffered(SIDE_BY_SIDE);
                let found: Vec<Vec<FileSystem>> = found.try_collect().await?;
                found.into_iter().flatten().collect()
            }
            Scope::All | Scope::Tagged(..) => cloud
                .file_systems(&FileSystems::All)
                .await
                .map_err(|error| explain(&error, "listing the file systems"))?,
        };
        let listed = match scope {
            Scope::These(_) | Scope::Still(_) => None,
            Scope::All | Scope::Tagged(..) => Some(chosen.len()),
        };
        if let Scope::Tagged(key, value) = scope {
            chosen.retain(|fs| {
                let found = fs.tags.get(key);
                found.is_some_and(|found| value.as_ref().is_none_or(|value| value == found))
            });
        }
        let mut ids: BTreeSet<FileSystemId> = BTreeSet::new();
        chosen.retain(|fs| fs.state != State::Deleted && ids.insert(fs.id.clone()));
        chosen.sort_by(|a, b| a.id.cmp(&b.id));
        Ok((chosen, listed))
    }
}

/// A stated client that could not be found out about.
pub(super) fn unlocated(unseen: &Unavailable) -> Error {
    let sentence = Advice::from("the given clients could not be looked up: ");
    let sentence = sentence.then(unseen.why.clone());
    match &unseen.action {
        Some(action) => Error::new(Code::AccessDenied, sentence)
            .hint(format!("the caller needs the IAM action {action}")),
        None if unseen.is_gone => Error::new(Code::ClientNotFound, unseen.why.clone()).hint(
            advice!["check ", Field::Region, ", and the id: "].then(Advice::joined(
                ["security-groups", "subnets", "vpcs", "instances"]
                    .map(|what| Command::aws(&format!("ec2 describe-{what}")).into()),
                ", ",
            )),
        ),
        None => Error::new(Code::Failed, sentence).hint("run it again"),
    }
}
