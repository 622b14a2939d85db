//! Finding what is there.

use crate::domain::text::list;
use std::collections::BTreeSet;

use futures::future::join;

use super::EfsService;
use crate::cloud::{Class, Cloud, FileSystems, Groups};
use crate::domain::action::ReadScope;
use crate::domain::advice::{Advice, Command, advice};
use crate::domain::deployment::Deployment;
use crate::domain::expiry::Expiry;
use crate::domain::field::Field;
use crate::domain::ids::{FileSystemId, Name, Reference};
use crate::domain::network::SecurityGroup;
use crate::domain::observed::Observed;
use crate::domain::orphan::{Orphan, OrphanReason};
use crate::domain::resource::ResourceId;
use crate::domain::settings::Key;
use crate::domain::state::{EMPTY_BYTES, FileSystem, State};
use crate::domain::tags;
use crate::error::{Code, Error};
use crate::provision::explain::explain;
use crate::provision::{Ledger, Lookup};

/// Which file systems to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Listing {
    /// All of the account in the region.
    #[default]
    All,
    /// Those efsctl created.
    Managed,
}

impl<C: Cloud> EfsService<C> {
    /// The file system someone means.
    ///
    /// A name is looked up by the creation token first; a file system that efsctl did not make is found by its `Name` tag.
    ///
    /// # Errors
    ///
    /// [`Code::FileSystemNotFound`]; [`Code::NameAmbiguous`] when a name fits several, with their ids.
    pub async fn find(&self, reference: &Reference) -> Result<FileSystem, Error> {
        self.find_by(&self.cloud, reference).await
    }

    /// The same, read from that cloud.
    pub(super) async fn find_by(
        &self,
        cloud: &impl Cloud,
        reference: &Reference,
    ) -> Result<FileSystem, Error> {
        let by_key = match reference {
            Reference::Id(id) | Reference::Arn { id, .. } => FileSystems::Id(id.clone()),
            Reference::Name(name) => FileSystems::Token(name.token()),
        };
        if let Some(found) = look_for(cloud, &by_key).await?.into_iter().next() {
            match (reference, &found.arn) {
                // The same id in another account is another file system.
                (Reference::Arn { arn, .. }, Some(own)) if arn != own => {}
                _ => return Ok(found),
            }
        }
        if let Reference::Arn { .. } = reference {
            return self.of_another_account(cloud, reference).await;
        }
        let missing = || {
            Error::new(
                Code::FileSystemNotFound,
                format!("there is no file system `{reference}` in this region"),
            )
            .hint(list_and_check())
        };
        let Reference::Name(name) = reference else {
            return Err(missing());
        };
        let mut named = look_for(cloud, &FileSystems::All).await?;
        named.retain(|fs| {
            fs.name.as_deref() == Some(name.as_str()) || tags::belongs_to(&fs.tags, name)
        });
        match (named.len(), named.pop()) {
            (1, Some(found)) => Ok(found),
            (0, _) | (_, None) => Err(missing()),
            (_, Some(last)) => {
                named.push(last);
                let ids = list(named.iter().map(|fs| &fs.id));
                Err(
                    Error::new(Code::NameAmbiguous, format!("`{name}` is ambiguous: {ids}"))
                        .hint("use its id"),
                )
            }
        }
    }

    /// A file system that this account has not, by its whole ARN: EFS shows it where its owner lets it.
    async fn of_another_account(
        &self,
        cloud: &impl Cloud,
        reference: &Reference,
    ) -> Result<FileSystem, Error> {
        let Reference::Arn { arn, account, .. } = reference else {
            return Err(Error::new(Code::Failed, "only an ARN names an account"));
        };
        let id = FileSystemId::of_another_account(arn);
        let hidden = |why: &str| {
            Error::new(
                Code::FileSystemNotFound,
                format!("{arn} does not exist, or account {account} does not show it here: {why}"),
            )
            .hint(advice![
                "check the region, and whether it still exists; if the account is another one, use its credentials (",
                Field::Profile,
                "), or let its owner allow elasticfilesystem:DescribeFileSystems and DescribeMountTargets to this one",
            ])
        };
        match cloud.file_systems(&FileSystems::Id(id.clone())).await {
            Ok(found) => match found.into_iter().find(|fs| fs.state != State::Deleted) {
                Some(found) => {
                    self.warn(format!(
                        "{} belongs to account {account}: what that account does not share is unknown",
                        found.id
                    ));
                    Ok(FileSystem { id, ..found })
                }
                None => Err(hidden("there is no file system of that ARN")),
            },
            Err(error) if matches!(error.class, Class::NotFound | Class::Permanent) => {
                Err(hidden(&error.to_string()))
            }
            Err(error) => Err(explain(
                &error,
                "looking for the file system of another account",
            )),
        }
    }

    /// The security group that was made for a name, in whatever VPC.
    pub(super) async fn find_group(&self, name: &Name) -> Result<Option<SecurityGroup>, Error> {
        let tagged = Groups::Tagged(tags::NAME, name.to_string());
        let found = self
            .cloud
            .security_groups(&tagged)
            .await
            .map_err(|error| explain(&error, "looking for the security group"))?;
        Ok(found
            .into_iter()
            .find(|group| tags::belongs_to(&group.tags, name)))
    }

    /// Everything about one file system: mount targets, their groups, settings. What cannot be read is left out, with a warning.
    ///
    /// # Errors
    ///
    /// As [`EfsService::find`].
    pub async fn describe(&self, reference: &Reference) -> Result<Deployment, Error> {
        let read = async || {
            let found = self.find(reference).await?;
            self.look_around(found, false).await
        };
        let (observed, _) = self.read(read).await?;
        Deployment::of(&observed).ok_or_else(|| {
            Error::new(
                Code::FileSystemNotFound,
                format!("the file system `{reference}` has just been deleted"),
            )
        })
    }

    /// Looks at everything around a file system.
    pub(super) async fn look_around(
        &self,
        file_system: FileSystem,
        must_see_group: bool,
    ) -> Result<(Observed, Lookup), Error> {
        let ours: Option<Name> = tags::is_managed(&file_system.tags)
            .then(|| file_system.tags.get(tags::NAME))
            .flatten()
            .and_then(|name| name.parse().ok());
        let lookup = Lookup::of(&file_system.id);
        let mut observed = Observed {
            file_system: Some(file_system),
            ..Observed::default()
        };
        let ledger = Ledger::default();
        let group = async {
            match &ours {
                Some(name) => self.find_group(name).await,
                None => Ok(None),
            }
        };
        let looks = async {
            // Mount targets have to be seen; settings may be denied or unknown to the endpoint.
            let must = BTreeSet::from([ReadScope::MountTargets]);
            lookup
                .refresh(&self.cloud, &must, &ledger, &mut observed)
                .await
                .map_err(|error| explain(&error, "reading the mount targets"))?;
            let mut may = BTreeSet::from([
                ReadScope::Interfaces,
                Key::Lifecycle.into(),
                Key::Backups.into(),
            ]);
            // Who deletes has to see access points, and reads them by a call of its own.
            if !must_see_group {
                may.extend([ReadScope::AccessPoints, Key::Policy.into()]);
            }
            if let Err(error) = lookup
                .refresh(&self.cloud, &may, &ledger, &mut observed)
                .await
            {
                self.warn(format!("not everything could be read: {error}"));
            }
            if observed.interfaces.is_empty()
                && observed
                    .mount_targets
                    .iter()
                    .any(|mt| mt.interface.is_some())
            {
                self.warn("the security groups of the mount targets could not be read (ec2:DescribeNetworkInterfaces)");
            }
            Ok::<(), Error>(())
        };
        let (group, looked) = join(group, looks).await;
        looked?;
        match group {
            Ok(group) => observed.security_group = group,
            Err(error) if must_see_group => return Err(error),
            Err(error) => self.warn(error.message),
        }
        Ok((observed, lookup))
    }

    /// File systems of the region, by name and id.
    ///
    /// # Errors
    ///
    /// The call's failure.
    pub async fn list(&self, which: Listing) -> Result<Vec<Deployment>, Error> {
        let found = self
            .read(async || look_for(&self.cloud, &FileSystems::All).await)
            .await?;
        let mut shown: Vec<Deployment> = found.iter().map(Deployment::bare).collect();
        if which == Listing::Managed {
            shown.retain(|deployment| deployment.managed);
        }
        shown.sort_by(|a, b| (&a.name, &a.file_system_id).cmp(&(&b.name, &b.file_system_id)));
        Ok(shown)
    }

    /// What efsctl created with an end, where that end has passed by that time, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// The call's failure.
    pub async fn expired(&self, by: i64) -> Result<Vec<Deployment>, Error> {
        let mut managed = self.list(Listing::Managed).await?;
        let is_over =
            |fs: &Deployment| Expiry::of(&fs.tags).is_some_and(|expiry| expiry.is_over(by));
        managed.retain(is_over);
        Ok(managed)
    }

    /// Things efsctl created that no complete deployment owns: a file system without mount targets, a group without a file system.
    ///
    /// # Errors
    ///
    /// The call's failure.
    pub async fn orphans(&self) -> Result<Vec<Orphan>, Error> {
        self.read(async || self.find_orphans().await).await
    }

    async fn find_orphans(&self) -> Result<Vec<Orphan>, Error> {
        let tagged = Groups::Tagged(tags::MANAGED_BY, tags::MANAGER.to_owned());
        let (file_systems, groups) = join(
            look_for(&self.cloud, &FileSystems::All),
            self.cloud.security_groups(&tagged),
        )
        .await;
        let mut file_systems = file_systems?;
        // A group that was made for another tool's file system is named after its id.
        let ids: Vec<String> = file_systems.iter().map(|fs| fs.id.to_string()).collect();
        file_systems.retain(|fs| tags::is_managed(&fs.tags));
        let groups = match groups {
            Ok(groups) => groups,
            Err(error) if error.class == Class::Denied => {
                self.warn(format!("security groups could not be read, so orphans among them are not shown: {error}"));
                Vec::new()
            }
            Err(error) => return Err(explain(&error, "looking for security groups")),
        };
        let name = |tags: &tags::Tags| tags.get(tags::NAME).cloned().unwrap_or_default();
        let mut orphans: Vec<Orphan> = file_systems
            .iter()
            // One that is being created is the work of another run, and data are not left over.
            .filter(|fs| {
                fs.mount_targets == 0
                    && fs.state == State::Available
                    && fs.size_bytes <= EMPTY_BYTES
            })
            .map(|fs| Orphan {
                resource: ResourceId::from(&fs.id).into(),
                why: OrphanReason::NoMountTarget {
                    size_bytes: fs.size_bytes,
                },
                name: name(&fs.tags),
            })
            .collect();
        let named = file_systems.iter().map(|fs| name(&fs.tags));
        let owners: BTreeSet<String> = named.chain(ids).collect();
        orphans.extend(
            groups
                .iter()
                .filter(|group| !owners.contains(&name(&group.tags)))
                .map(|group| Orphan {
                    resource: ResourceId::from(&group.id).into(),
                    why: OrphanReason::NoFileSystem,
                    name: name(&group.tags),
                }),
        );
        orphans.sort_by(|a, b| (&a.name, &a.resource.id).cmp(&(&b.name, &b.resource.id)));
        Ok(orphans)
    }
}

/// What to do where something that was named is not there.
pub(super) fn list_and_check() -> Advice {
    let list = Advice::step("list file systems", Command::efsctl("list"));
    list.then(advice![
        "; and check ",
        Field::Region,
        " and ",
        Field::Profile
    ])
}

/// Looks for file systems that are not deleted.
pub(super) async fn look_for(
    cloud: &impl Cloud,
    which: &FileSystems,
) -> Result<Vec<FileSystem>, Error> {
    let doing = match which {
        FileSystems::All => "listing the file systems",
        FileSystems::Id(_) | FileSystems::Token(_) => "looking for the file system",
    };
    let found = cloud.file_systems(which).await;
    let mut found = found.map_err(|error| explain(&error, doing))?;
    found.retain(|fs| fs.state != State::Deleted);
    Ok(found)
}
