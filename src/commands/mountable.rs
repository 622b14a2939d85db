//! `efsctl sandbox serve --nfs`: file systems of the simulated account that can be mounted.

use super::App;
use crate::cli::sandbox::ServeArgs;
use crate::error::{Code, Error};
use crate::sandbox::account::{Account, wall_clock};
use crate::sandbox::nfs::{self, Nfs, Storage, Unusable};
use crate::sandbox::world::World;

/// The account at first: with `--nfs`, default VPCs have addresses of this machine.
pub(super) fn world(args: &ServeArgs) -> Result<World, Error> {
    let mut world = World::default();
    if args.nfs.is_some() {
        world.default_vpc = nfs::DEFAULT_VPC;
    }
    match &args.world {
        Some(path) => super::cloud::world_with(path, world.default_vpc),
        None => Ok(world),
    }
}

/// What serves NFS, where it was asked for and the account is fit for it.
pub(super) fn open(args: &ServeArgs, account: &Account) -> Result<Option<Nfs>, Error> {
    let Some(directory) = &args.nfs else {
        return Ok(None);
    };
    let fit = account.look(wall_clock()(), |world, _| nfs::check(world));
    let fit = fit.map_err(|error| super::cloud::unreadable(&error))?;
    fit.map_err(|error| {
        let kept = args.state.as_ref().filter(|path| path.exists());
        let (from, hint) = match (kept, &args.world) {
            (Some(state), _) => (
                format!("{} (--state): ", state.display()),
                "keep the account in another file: one that begins with --nfs has a VPC in 127.31.0.0/16",
            ),
            (None, Some(world)) => (
                format!("{} (--world): ", world.display()),
                "give its VPCs ranges of 127.0.0.0/8, for example cidr = \"127.40.0.0/16\"",
            ),
            (None, None) => (String::new(), "leave --nfs out"),
        };
        Error::new(Code::SandboxFailed, format!("{from}{error}")).hint(hint)
    })?;
    let storage = match directory {
        None => Storage::Memory,
        Some(directory) => Storage::Directory(directory.clone()),
    };
    Nfs::open(storage).map(Some).map_err(|error| {
        let hint = match &error {
            Unusable::NoGanesha => {
                "on Debian and Ubuntu: apt install --no-install-recommends nfs-ganesha nfs-ganesha-mem nfs-ganesha-vfs"
            }
            Unusable::NoSetpriv => "install util-linux, 2.33 or later",
            Unusable::NeedsRoot => "keep them in memory with --nfs alone, or run it as root",
            _ => "leave --nfs out, and the API is served alone",
        };
        Error::new(Code::SandboxFailed, format!("--nfs: {error}")).hint(hint)
    })
}

/// Serves NFS until the first signal.
pub(super) async fn run(app: &App, nfs: Option<Nfs>, account: Account) {
    let Some(nfs) = nfs else { return };
    let ui = app.ui.clone();
    let say = move |note: &nfs::Note| {
        if note.is_failure() {
            ui.words(format!("{note}\n").as_bytes());
        } else {
            ui.note(&note.to_string());
        }
    };
    nfs.run(account, wall_clock(), say, app.signals.first.cancelled())
        .await;
}
