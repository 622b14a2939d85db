//! Whether what was found may be deleted: reported before the first write.

use super::{DeleteOptions, EfsService};
use crate::cloud::{Cloud, GroupUser};
use crate::domain::access_point::AccessPoint;
use crate::domain::advice::advice;
use crate::domain::deployment::metered;
use crate::domain::expiry::Expiry;
use crate::domain::field::Field;
use crate::domain::ids::{Name, SecurityGroupId};
use crate::domain::inventory::Replication;
use crate::domain::observed::Observed;
use crate::domain::state::{EMPTY_BYTES, FileSystem, State};
use crate::domain::tags;
use crate::domain::text::counted;
use crate::error::{Code, Error};
use crate::provision::explain::explain;

/// How many access points of others are named; the rest is counted.
const NAMED: usize = 5;

impl<C: Cloud> EfsService<C> {
    /// Whether it is ours to delete.
    pub(super) async fn may_go(
        &self,
        found: &FileSystem,
        options: &DeleteOptions,
    ) -> Result<(), Error> {
        if let Some(account) = found.id.account() {
            return Err(Error::new(
                Code::OtherAccount,
                format!(
                    "{} belongs to account {account}: it is not deleted from another one",
                    found.id.bare()
                ),
            )
            .hint(advice!["use credentials of that account: ", Field::Profile]));
        }
        let ours = tags::is_managed(&found.tags)
            && found
                .tags
                .get(tags::NAME)
                .is_some_and(|n| n.parse::<Name>().is_ok());
        if !ours {
            return Err(Error::new(
                Code::NotManaged,
                format!(
                    "{} was not created by efsctl (it has no tag {}={})",
                    found.id,
                    tags::MANAGED_BY,
                    tags::MANAGER
                ),
            )
            .hint("efsctl deletes only what it created; use the AWS console or CLI for this file system"));
        }
        if let Some(by) = options.expired_by
            && !Expiry::of(&found.tags).is_some_and(|expiry| expiry.is_over(by))
        {
            return Err(Error::new(
                Code::NotExpired,
                format!(
                    "{} has not expired: its tag {} was changed",
                    found.id,
                    tags::EXPIRES
                ),
            ));
        }
        if found.size_bytes > EMPTY_BYTES && !options.with_data {
            return Err(Error::new(
                Code::HoldsData,
                format!("{} holds data: {}", found.id, metered(found.size_bytes)),
            )
            .hint(advice![
                "back it up first if you need the data; to delete it with its data, add ",
                Field::WithData,
            ]));
        }
        match self.cloud.replications_of(&found.id).await {
            Ok(none) if none.is_empty() => Ok(()),
            Ok(some) => {
                let described: Vec<String> = some.iter().flat_map(Replication::described).collect();
                Err(Error::new(Code::Replicated, format!("{} is part of a replication: {}", found.id, described.join(", ")))
                .hint("delete the replication configuration first: AWS refuses to delete its file systems"))
            }
            Err(error) => {
                self.warn(format!(
                    "whether {} is replicated could not be checked: {error}",
                    found.id
                ));
                Ok(())
            }
        }
    }

    /// Its access points, which go with it. efsctl makes none: they are others', and so perhaps is data that is not metered yet.
    pub(super) async fn points_that_go(
        &self,
        found: &FileSystem,
        options: &DeleteOptions,
    ) -> Result<Vec<AccessPoint>, Error> {
        let points = self.cloud.access_points(&found.id).await;
        let points = points.map_err(|error| explain(&error, "reading the access points"))?;
        let of_others: Vec<String> = points
            .iter()
            .filter(|point| !matches!(point.state, State::Deleting | State::Deleted))
            .filter(|point| !tags::is_managed(&point.tags))
            .map(AccessPoint::described)
            .collect();
        if of_others.is_empty() {
            return Ok(points);
        }
        let shown: Vec<&str> = of_others.iter().take(NAMED).map(String::as_str).collect();
        let more = match of_others.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let sentence = format!(
            "{} has {} that efsctl did not create: {}{more}",
            found.id,
            counted(of_others.len(), "access point"),
            shown.join(", ")
        );
        if options.with_others {
            self.warn(advice![sentence, ": deleted too (", Field::Force, ")"]);
            return Ok(points);
        }
        Err(Error::new(Code::HasAccessPoints, sentence).hint(advice![
            format!(
                "others use this file system, whatever its metered size ({}): ask them first; to delete it with everything in it, add ",
                metered(found.size_bytes)
            ),
            Field::Force,
        ]))
    }

    /// Whether the group can go once the mount targets are deleted. Reported before the first write: a client that still has
    /// it would hold it after the data is deleted.
    pub(super) async fn group_is_free(
        &self,
        id: &SecurityGroupId,
        observed: &Observed,
        options: &DeleteOptions,
    ) -> Result<bool, Error> {
        let users = match self.cloud.group_users(id).await {
            Ok(users) => users,
            Err(error) => {
                self.warn(format!(
                    "whether {id} is used by others could not be checked: {error}"
                ));
                return Ok(true);
            }
        };
        // The interface of a mount target may be seen before the mount target is.
        let own = |user: &GroupUser| {
            let file_system = observed.file_system.as_ref().map(|fs| &fs.id);
            (file_system.is_some() && user.file_system.as_ref() == file_system)
                || observed.mount_targets.iter().any(|mt| {
                    let interface = mt.interface.as_ref();
                    interface.is_some_and(|own| own.as_str() == user.id)
                })
        };
        let others: Vec<&str> = users
            .iter()
            .filter(|user| !own(user))
            .map(|user| user.id.as_str())
            .collect();
        if others.is_empty() {
            return Ok(true);
        }
        let sentence = format!("security group {id} is still used by {}", others.join(", "));
        if options.with_others {
            self.warn(format!("{sentence}: the group is kept"));
            return Ok(false);
        }
        Err(Error::new(Code::SecurityGroupInUse, sentence).hint(advice![
            "detach the group from those interfaces (clients of the file system?) and remove it from those rules first; or use ",
            Field::Force,
            " to delete the file system and keep the group",
        ]))
    }
}
