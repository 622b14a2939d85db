//! What every run on a file system that exists begins with, whoever made it.

use std::collections::BTreeSet;

use super::EfsService;
use crate::cloud::Cloud;
use crate::domain::action::ReadScope;
use crate::domain::advice::advice;
use crate::domain::deployment::Deployment;
use crate::domain::field::Field;
use crate::domain::goal::Network;
use crate::domain::ids::{FileSystemId, Name, Reference};
use crate::domain::network::Peer;
use crate::domain::observed::Observed;
use crate::domain::placement::Placement;
use crate::domain::spec::Spec;
use crate::domain::state::FileSystem;
use crate::domain::tags;
use crate::error::{Code, Error};
use crate::provision::explain::explain;
use crate::provision::placement::{groups_of_others, is_staying};
use crate::provision::{Context, Ledger, Lookup};

impl<C: Cloud> EfsService<C> {
    /// The file system that is named, where it is one of this account: AWS lets nobody else change it.
    ///
    /// # Errors
    ///
    /// As [`EfsService::find`]; [`Code::OtherAccount`], with what is not done to it.
    pub(super) async fn find_own(
        &self,
        reference: &Reference,
        refused: &str,
    ) -> Result<FileSystem, Error> {
        // What an audit read of another account is named by an id that tells so.
        if let Reference::Id(id) = reference {
            refuse_others(id, refused)?;
        }
        let found = self.find(reference).await?;
        refuse_others(&found.id, refused)?;
        Ok(found)
    }
}

fn refuse_others(id: &FileSystemId, refused: &str) -> Result<(), Error> {
    let Some(account) = id.account() else {
        return Ok(());
    };
    Err(Error::new(
        Code::OtherAccount,
        format!(
            "{} belongs to account {account}: {refused} from another one",
            id.bare()
        ),
    )
    .hint(advice!["use credentials of that account: ", Field::Profile]))
}

/// Reads these scopes of a file system that was just found.
pub(super) async fn look_at<C: Cloud>(
    context: &Context<'_, C>,
    found: FileSystem,
    mut scopes: BTreeSet<ReadScope>,
) -> Result<(Observed, Lookup), Error> {
    let lookup = Lookup::of(&found.id);
    let mut observed = Observed {
        file_system: Some(found),
        ..Observed::default()
    };
    // It was read a moment ago.
    scopes.remove(&ReadScope::FileSystem);
    lookup
        .refresh(context.cloud, &scopes, &Ledger::default(), &mut observed)
        .await
        .map_err(|error| explain(&error, "reading the file system"))?;
    Ok((observed, lookup))
}

/// The mount targets that are added to a file system that exists: they have the groups of the others, or, where there are none, a group
/// that is created and allows these peers, or itself.
pub(super) fn added(
    placement: Placement,
    spec: &Spec,
    observed: &Observed,
    peers: BTreeSet<Peer>,
) -> Network {
    // What the others have, also where a group that was made once is still there.
    let others = Observed {
        security_group: None,
        ..observed.clone()
    };
    let are_there = observed.mount_targets.iter().any(is_staying);
    Network {
        placement,
        inherited_groups: are_there.then(|| groups_of_others(spec, &others)).flatten(),
        self_referencing: peers.is_empty(),
        peers,
    }
}

/// The name it was created under, and whether efsctl created it. What belongs to another tool's file system is named after its id,
/// which has the form of a name.
pub(super) fn name(found: &FileSystem) -> (Name, bool) {
    let managed = tags::is_managed(&found.tags);
    let ours = found.tags.get(tags::NAME).filter(|_| managed);
    let name = ours
        .and_then(|name| name.parse().ok())
        .unwrap_or_else(|| Name::of(&found.id));
    (name, managed)
}

/// The file system, as far as it was read.
///
/// # Errors
///
/// It is gone.
pub(super) fn described(observed: &Observed) -> Result<Deployment, Error> {
    Deployment::of(observed).ok_or_else(vanished)
}

/// The id of the file system.
///
/// # Errors
///
/// It is gone.
pub(super) fn id(observed: &Observed) -> Result<FileSystemId, Error> {
    let found = observed.file_system.as_ref();
    found.map(|fs| fs.id.clone()).ok_or_else(vanished)
}

fn vanished() -> Error {
    Error::new(Code::Vanished, "the file system vanished")
}
