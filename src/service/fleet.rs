//! File systems of several accounts and regions, audited and fixed as one: their order, what could not be seen, and whether it passes.

mod elsewhere;
mod expired;
mod export;
mod fix;
mod fixed;
mod places;
mod scan;
mod unjudged;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::expired::{Expired, ExpiredDeletion, ExpiredReport};
pub use self::export::ExportReport;
pub use self::fix::FixOptions;
pub use self::fixed::Fix;
use self::scan::Scanned;
use super::{EfsService, Scope, ValidateOptions};
use crate::audit::clients::ClientRef;
use crate::audit::exit_policy::{ExitPolicy, Sums};
use crate::cloud::Inventory;
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::domain::finding::{Audited, Report, Unjudged, UnseenRegion};
use crate::domain::ids::Zone;
use crate::error::{Code, Error};

/// One region of one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountRegion {
    /// The profile of the account, where there are several.
    pub profile: Option<String>,
    /// The region.
    pub region: String,
}

impl AccountRegion {
    /// A failure that was met there.
    fn failed(&self, error: Error) -> Error {
        error.at(&self.region, self.profile.as_deref())
    }
}

/// The way to a region of an account.
type Reach<'a, C> = Arc<dyn Fn(&str) -> EfsService<C> + Send + Sync + 'a>;

/// An account, with the regions that are audited.
pub struct Account<'a, C> {
    profile: Option<String>,
    regions: Vec<String>,
    reach: Reach<'a, C>,
}

impl<'a, C> Account<'a, C> {
    /// Of that profile, where there are several accounts. `reach` makes the service of a region, also of one that is not named here.
    pub fn new(
        profile: Option<String>,
        regions: impl IntoIterator<Item = String>,
        reach: impl Fn(&str) -> EfsService<C> + Send + Sync + 'a,
    ) -> Self {
        Self {
            profile,
            regions: regions.into_iter().collect(),
            reach: Arc::new(reach),
        }
    }
}

/// Accounts and regions that are audited as one.
pub struct Fleet<'a, C> {
    members: Vec<Member<'a, C>>,
    /// All regions were asked for, not each of these.
    everywhere: bool,
}

/// One place to look, the service that looks there, and the way to other regions of its account.
struct Member<'a, C> {
    place: AccountRegion,
    service: EfsService<C>,
    reach: Reach<'a, C>,
}

/// What is asked of a fleet.
#[derive(Debug, Clone, Default)]
pub struct FleetOptions {
    /// Which file systems.
    pub scope: Scope,
    /// What is asked of them; the time is that of all places together.
    pub asked: ValidateOptions,
    /// What makes the audit fail.
    pub exit: ExitPolicy,
}

/// How an audit of a fleet ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// Regions of which nothing could be seen.
    pub unseen: Vec<UnseenRegion>,
    /// Where there was nothing to judge.
    pub unjudged: Vec<Unjudged>,
    /// Why it does not pass.
    pub failure: Option<Error>,
}

/// The report of a fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FleetReport {
    /// Every verdict.
    pub report: Report,
    /// What was added, or would be, by file system.
    pub fixes: Vec<Fix>,
    /// Failed checks that could be fixed, and do not count.
    pub left_alone: usize,
    /// Why it does not pass.
    pub failure: Option<Error>,
}

/// What of an audit is kept while its file systems are reported one by one.
#[derive(Debug, Default)]
struct Count {
    sums: Sums,
    /// File systems of each place.
    systems: BTreeMap<usize, usize>,
}

impl Count {
    fn add(&mut self, exit: &ExitPolicy, scanned: &Scanned) {
        *self.systems.entry(scanned.member).or_default() += 1;
        exit.count(&scanned.audited, &mut self.sums);
    }
}

impl<'a, C: Inventory> Fleet<'a, C> {
    /// The regions of these accounts, in this order.
    pub fn new(accounts: impl IntoIterator<Item = Account<'a, C>>) -> Self {
        let members = accounts.into_iter().flat_map(|account| {
            let Account {
                profile,
                regions,
                reach,
            } = account;
            regions.into_iter().map(move |region| Member {
                service: reach(&region),
                place: AccountRegion {
                    profile: profile.clone(),
                    region,
                },
                reach: reach.clone(),
            })
        });
        Self {
            members: members.collect(),
            everywhere: false,
        }
    }

    /// The same fleet; its places are all regions of the accounts, and none of them is meant by itself.
    #[must_use]
    pub fn everywhere(mut self, everywhere: bool) -> Self {
        self.everywhere = everywhere;
        self
    }

    /// The places, in order.
    pub fn places(&self) -> impl Iterator<Item = &AccountRegion> {
        self.members.iter().map(|member| &member.place)
    }

    /// Audits every place, and tells each file system as soon as those before it are reported, by place and id. Nothing but sums is kept.
    ///
    /// # Errors
    ///
    /// As [`EfsService::validate`], where there is one place. Of several, those that cannot be seen are reported in [`Ended::unseen`],
    /// unless it is all of them.
    pub async fn validate_each(
        &self,
        options: &FleetOptions,
        observer: &mut dyn FnMut(Audited),
    ) -> Result<Ended, Error> {
        self.check(options)?;
        let mut count = Count::default();
        let mut on_audited = |scanned: Scanned| {
            count.add(&options.exit, &scanned);
            observer(scanned.audited);
        };
        let unseen = self.scan(options, None, &mut on_audited).await?;
        Ok(self.ended(options, count, unseen, false).await)
    }

    /// Audits every place.
    ///
    /// # Errors
    ///
    /// As [`Fleet::validate_each`].
    pub async fn validate(&self, options: &FleetOptions) -> Result<FleetReport, Error> {
        let mut file_systems = Vec::new();
        let ended = self
            .validate_each(options, &mut |audited| file_systems.push(audited))
            .await?;
        let report = Report {
            file_systems,
            unseen: ended.unseen,
            unjudged: ended.unjudged,
        };
        Ok(FleetReport {
            report,
            fixes: Vec::new(),
            left_alone: 0,
            failure: ended.failure,
        })
    }

    async fn ended(
        &self,
        options: &FleetOptions,
        mut count: Count,
        unseen: Vec<UnseenRegion>,
        fixing: bool,
    ) -> Ended {
        options.exit.count_unseen(&unseen, &mut count.sums);
        let unjudged = self.unjudged(options, &unseen, &count);
        let failure = self.failure(options, &count, &unjudged, fixing).await;
        Ended {
            unseen,
            unjudged,
            failure,
        }
    }

    /// What has an id is in one region: stated with several, it would be missing in all others.
    fn check(&self, options: &FleetOptions) -> Result<(), Error> {
        if self.members.len() < 2 {
            return Ok(());
        }
        let (clients, rules) = (&options.asked.clients, &options.asked.rules);
        let mut clients = clients.iter();
        let client = clients.find(|client| !matches!(client, ClientRef::Range(_)));
        let stated = client
            .map(|client| (Field::Client, client.to_string()))
            .or_else(|| Some((Field::Subnet, rules.subnets.first()?.to_string())))
            .or_else(|| Some((Field::Vpc, rules.vpc.as_ref()?.to_string())));
        if let Some(stated) = stated {
            return Err(Error::new(
                Code::RegionMismatch,
                advice![stated, " is in one region, and several places are audited"],
            )
            .hint(advice![
                "give one ",
                Field::Region,
                " and one ",
                Field::Profile,
                " with it; give clients of several regions by address range",
            ]));
        }
        let is_nowhere = |zone: &&Zone| self.places().all(|place| !zone.is_in(&place.region));
        match rules.zones.iter().find(is_nowhere) {
            Some(zone) => Err(Error::new(
                Code::RegionMismatch,
                advice![(Field::Zone, zone), " is in none of these regions"],
            )
            .hint("leave it out, or name its region")),
            None => Ok(()),
        }
    }
}
