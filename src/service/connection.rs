//! What connecting to a file system depends on: reads only.

use super::EfsService;
use crate::audit::gather::known;
use crate::audit::policy::{ClientAction, Policy, Way};
use crate::cloud::{self, Cloud};
use crate::connect::{ClientRules, Connection, Refused, Rights, Why};
use crate::domain::access_point::{AccessPoint, AccessPointRef, token};
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::ids::{AccessPointId, Name, Reference};
use crate::domain::settings;
use crate::domain::settings::policy::ObservedPolicy;
use crate::domain::state::FileSystem;
use crate::domain::tags;
use crate::domain::text::list;
use crate::error::{Code, Error};
use crate::provision::explain::explain;

impl<C: Cloud> EfsService<C> {
    /// What connecting to a file system depends on: its mount targets, what its policy lets clients do, and the access point that is
    /// named. A policy that may not be read is a reason in what is returned.
    ///
    /// One read more than finding it and those of its parts, side by side.
    ///
    /// # Errors
    ///
    /// As [`EfsService::find`]; [`Code::NotFound`]: there is no such access point.
    pub async fn connection(
        &self,
        reference: &Reference,
        access_point: Option<&AccessPointRef>,
        region: &str,
    ) -> Result<Connection, Error> {
        self.read(async || self.read_connection(reference, access_point, region).await)
            .await
    }

    async fn read_connection(
        &self,
        reference: &Reference,
        access_point: Option<&AccessPointRef>,
        region: &str,
    ) -> Result<Connection, Error> {
        let cloud = &self.cloud;
        let file_system = self.find(reference).await?;
        let id = file_system.id.clone();
        let points = async {
            match access_point {
                Some(_) => cloud.access_points(&id).await,
                None => Ok(Vec::new()),
            }
        };
        let (targets, policy, points) = futures::join!(
            cloud.mount_targets(&id),
            cloud::read::<settings::Policy>(cloud, &id),
            points,
        );
        let failed = |doing: &'static str| move |error| explain(&error, doing);
        let mount_targets = targets.map_err(failed("reading the mount targets"))?;
        let points = points.map_err(failed("reading the access points"))?;
        let access_point = match access_point {
            Some(named) => Some(chosen(points, named, &file_system)?),
            None => None,
        };
        let policy = known(policy).map_err(failed("reading the policy"))?;
        let rules = match policy {
            Ok(policy) => rules(&policy, &file_system, access_point.as_ref()),
            Err(unavailable) => Err(match unavailable.action {
                Some(action) => unavailable
                    .why
                    .text(format!(" (the caller needs {action})")),
                None => unavailable.why,
            }),
        };
        Ok(Connection {
            file_system,
            region: region.to_owned(),
            mount_targets,
            access_point,
            rules,
        })
    }
}

/// The access point that is named: by its id, the name under which efsctl created it, or its `Name` tag.
fn chosen(
    mut points: Vec<AccessPoint>,
    named: &AccessPointRef,
    of: &FileSystem,
) -> Result<AccessPoint, Error> {
    points.retain(AccessPoint::is_staying);
    let deployment: Option<Name> = tags::is_managed(&of.tags)
        .then(|| of.tags.get(tags::NAME)?.parse().ok())
        .flatten();
    let created = |name: &Name| Some(token(deployment.as_ref()?, name));
    let (mut found, others): (Vec<_>, Vec<_>) = points.into_iter().partition(|point| match named {
        AccessPointRef::Id(id) => point.id == *id,
        AccessPointRef::Name(name) => {
            point.token.is_some() && point.token == created(name)
                || point
                    .tags
                    .get("Name")
                    .is_some_and(|tag| tag == name.as_str())
        }
    });
    match (found.pop(), found.as_slice()) {
        (Some(one), []) => Ok(one),
        (Some(one), several) => {
            let ids: Vec<&AccessPointId> =
                several.iter().chain([&one]).map(|one| &one.id).collect();
            let message = format!(
                "`{named}` is the name of several access points: {}",
                list(ids)
            );
            Err(Error::new(Code::NameAmbiguous, message).hint("use the id of one"))
        }
        (None, _) => {
            let id = of.id.bare();
            let message = format!("{id} has no access point `{named}`");
            let set = Command::efsctl("set").arg(id);
            Err(
                Error::new(Code::NotFound, message).hint(if others.is_empty() {
                    let set = set.flag("--access-point", "NAME=/PATH:UID:GID");
                    advice!["it has none; to create one: ", set]
                } else {
                    let described = others.iter().map(AccessPoint::described);
                    format!("it has {}", list(described)).into()
                }),
            )
        }
    }
}

/// What the policy lets clients do; an error: why that is not known.
pub(super) fn rules(
    policy: &ObservedPolicy,
    of: &FileSystem,
    by: Option<&AccessPoint>,
) -> Result<ClientRules, Advice> {
    let document = match policy {
        ObservedPolicy::None => return Ok(ClientRules::everything()),
        ObservedPolicy::Document { document, .. } => document,
        ObservedPolicy::Unreadable { why, .. } => {
            return Err(format!("the policy cannot be parsed: {why}").into());
        }
    };
    let policy = Policy::of(document).map_err(|error| Advice::from(error.to_string()))?;
    let arn = of.arn.as_deref().unwrap_or_default();
    let policy = if arn.is_empty() {
        policy
    } else {
        policy.on(arn)
    };
    let account = arn.split(':').nth(4).unwrap_or_default();
    let place = arn.rsplit_once(":file-system/").map(|(place, _)| place);
    let point = place
        .zip(by)
        .map(|(place, by)| format!("{place}:access-point/{}", by.id));
    let rights = |way| {
        let may = |action| policy.anonymous_may(action, way, point.as_deref());
        Rights {
            mount: may(ClientAction::Mount),
            write: may(ClientAction::Write),
            root: may(ClientAction::RootAccess),
            is_denied_to_identities: policy.denies_identities(way, account, point.as_deref()),
        }
    };
    Ok(ClientRules {
        plain: rights(Way::Plain),
        tls: rights(Way::Tls),
        access_point: rights(Way::AccessPoint),
    })
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let code = match refused.why {
            Why::Usage => Code::InvalidArguments,
            Why::Policy => Code::PolicyDeniesClient,
            Why::MountTarget => Code::NoMountTarget,
            Why::NotAvailable => Code::NotAvailable,
        };
        Self::new(code, refused.message).hint(refused.hint)
    }
}
