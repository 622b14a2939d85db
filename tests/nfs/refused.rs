//! What is refused before anything is served.

use crate::support::cli::{Efsctl, Ended};
use crate::support::nfs::{Place, program};
use crate::support::server::{sandbox, serve, serving};
use crate::support::world::world;

fn refused(arguments: &str, path: &str) -> Ended {
    let ended = Efsctl::new(&format!("sandbox serve --port 0 {arguments}"))
        .env("PATH", path)
        .run();
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stdout.is_empty(), "{}", ended.stdout);
    ended
}

/// A `PATH` with a program that looks like nfs-ganesha.
fn with_ganesha(place: &Place) -> String {
    program(&place.path("bin"), "ganesha.nfsd", "#!/bin/sh\nexit 0\n")
}

#[test]
fn where_nfs_ganesha_is_not_installed_that_is_said_with_how_to_get_it() {
    let ended = refused("--nfs", "/nonexistent");
    assert_eq!(
        ended.stderr,
        "error: --nfs: nfs-ganesha, which serves NFS, is not installed: there is no ganesha.nfsd in the PATH\n\
         hint: on Debian and Ubuntu: apt install --no-install-recommends nfs-ganesha nfs-ganesha-mem nfs-ganesha-vfs\n"
    );
}

#[test]
fn a_world_outside_of_the_loopback_interface_is_refused() {
    let place = Place::new();
    let path = with_ganesha(&place);
    let file = place.path("outside.toml");
    std::fs::write(&file, world().vpc("10.0.0.0/16").to_string()).unwrap();
    let ended = refused(&format!("--nfs --world {}", file.display()), &path);
    let said = "eu-west-1 has the range 10.0.0.0/16, and NFS is served in 127.0.0.0/8 only";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("hint: give its VPCs ranges of 127.0.0.0/8"),
        "{}",
        ended.stderr
    );
    assert_eq!(place.files(), 0);
}

#[test]
fn the_state_of_an_ordinary_server_is_refused_and_one_that_began_with_nfs_is_not() {
    let place = Place::new();
    let path = with_ganesha(&place);
    let state = place.path("ordinary.json");
    let ordinary = sandbox(&format!("--state {}", state.display()));
    assert_eq!(ordinary.efsctl("create demo --no-wait").run().code, 0);
    drop(ordinary);
    let before = std::fs::read(&state).unwrap();
    let ended = refused(&format!("--nfs --state {}", state.display()), &path);
    let said = format!("error: {} (--state): vpc-", state.display());
    assert!(ended.stderr.starts_with(&said), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("has the range 172.31.0.0/16"),
        "{}",
        ended.stderr
    );
    assert_eq!(std::fs::read(&state).unwrap(), before, "it stays as it was");
}

#[test]
fn without_a_world_each_region_begins_with_a_vpc_of_this_machine_also_in_a_state_file() {
    let place = Place::new();
    // Nothing is to be mounted: a program that only waits will do.
    let script = "#!/bin/sh\n[ \"$1\" = -v ] || exec sleep 600\n";
    let path = program(&place.path("bin"), "ganesha.nfsd", script);
    let state = place.path("state.json");
    let flags = format!(
        "--nfs --file-system-delay 0ms --mount-target-delay 10m --state {}",
        state.display()
    );
    for _ in 0..2 {
        let mut command = serve(&flags);
        let server = serving(command.env("PATH", &path).env("TMPDIR", place.path("tmp")));
        for region in ["eu-west-1", "us-east-1"] {
            let create = format!(
                "--endpoint-url {} --region {region} create demo --no-wait -o json",
                server.url
            );
            let made = Efsctl::new(&create)
                .env("AWS_ACCESS_KEY_ID", "testing")
                .env("AWS_SECRET_ACCESS_KEY", "testing")
                .run();
            assert_eq!(made.code, 0, "{}", made.stderr);
            let text = made.document().to_string();
            assert!(
                text.contains("\"127.31.") && !text.contains("\"172.31."),
                "{text}"
            );
        }
    }
}
