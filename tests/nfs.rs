//! `sandbox serve --nfs`: a simulated account whose file systems are mounted.

mod refused;

use std::process::Command;

use crate::support::nfs::{
    Place, client, create, ganesha, is_refused, mount, mountable, program, read, until, write,
    write_and_read,
};
use crate::support::server::serving;

fn kill(pid: u32) {
    let killed = Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
}

#[test]
fn a_file_system_is_created_mounted_and_deleted_with_no_aws() {
    let Some(sandbox) = mountable("") else { return };
    let (server, place) = (&sandbox.server, &sandbox.place);
    let (id, addresses) = sandbox.create("demo");
    let [a, b, c] = addresses.as_slice() else {
        panic!("{addresses:?}");
    };
    let waited = server.efsctl("wait demo --for nfs").run();
    assert_eq!(waited.code, 0, "{}", waited.stderr);
    write_and_read(a, b, "one", "through a and b");
    write_and_read(c, a, "two", "through c and a");
    assert_eq!(place.ganeshas().len(), 1, "one for all mount targets");

    // A mount target that is deleted refuses, and cuts its clients off; the others go on.
    client(async {
        let (cut_off, stays) = (mount(c).await.unwrap(), mount(a).await.unwrap());
        assert!(read(&*cut_off, "one").await.is_some());
        let removed = server.efsctl("set demo --remove-az eu-west-1c --yes").run();
        assert_eq!(removed.code, 0, "{}", removed.stderr);
        until("the listener closes", || is_refused(c));
        assert!(cut_off.getattr_path("one").await.is_err());
        assert_eq!(
            read(&*stays, "one").await.as_deref(),
            Some("through a and b")
        );
        write(&*stays, "three", "after it").await;
        stays.umount().await.unwrap();
    });

    let deleted = server.efsctl("delete demo --yes").run();
    assert_eq!(deleted.code, 0, "{}", deleted.stderr);
    until("the server of the file system ends", || {
        place.ganeshas().is_empty()
    });
    assert!(is_refused(a) && is_refused(b));
    let notes = place.notes();
    assert!(
        notes.contains(&format!("nfs: {id} at {a}:2049 (fsmt-")),
        "{notes}"
    );
    assert!(
        notes.contains(&format!("nfs: {c}:2049 is closed (fsmt-")),
        "{notes}"
    );
}

#[test]
fn each_file_system_has_files_of_its_own_which_stay_without_mount_targets() {
    let Some(sandbox) = mountable("") else { return };
    let (_, first) = sandbox.create("first");
    let (_, second) = sandbox.create("second");
    write_and_read(&first[0], &first[1], "of-first", "1");
    write_and_read(&second[0], &second[1], "of-second", "2");
    client(async {
        let mounted = mount(&second[2]).await.unwrap();
        assert_eq!(read(&*mounted, "of-first").await, None);
        mounted.umount().await.unwrap();
    });
    let server = &sandbox.server;
    let all = "--remove-az eu-west-1a,eu-west-1b,eu-west-1c";
    let removed = server.efsctl(&format!("set first {all} --yes")).run();
    assert_eq!(removed.code, 0, "{}", removed.stderr);
    until("the listeners close", || {
        first.iter().all(|it| is_refused(it))
    });
    let (_, again) = sandbox.create("first");
    until("it listens", || !is_refused(&again[0]));
    client(async {
        let mounted = mount(&again[0]).await.unwrap();
        assert_eq!(read(&*mounted, "of-first").await.as_deref(), Some("1"));
        mounted.umount().await.unwrap();
    });
}

/// docs/SANDBOX.md says so.
#[test]
fn a_file_in_memory_has_at_most_two_mebibytes() {
    const LIMIT: usize = 2 * 1024 * 1024;
    let Some(sandbox) = mountable("") else { return };
    let (_, addresses) = sandbox.create("demo");
    client(async {
        let mounted = mount(&addresses[0]).await.unwrap();
        for size in [LIMIT, LIMIT + 4096] {
            let name = format!("of-{size}");
            let made = mounted.create_path(&name, Some(0o644)).await.unwrap();
            let bytes: Vec<u8> = (0..size).map(|at| b"0123456789abc"[at % 13]).collect();
            let written =
                nfs_rs::write_all(&*mounted, made.fh.clone(), 0, bytes.clone().into()).await;
            let mut stored = Vec::new();
            while stored.len() < size {
                let at = stored.len() as u64;
                match mounted.read(made.fh.clone(), at, 65_536).await {
                    Ok(part) if !part.is_empty() => stored.extend_from_slice(&part),
                    other => {
                        println!("{size}: {other:?}");
                        break;
                    }
                }
            }
            let equal = stored
                .iter()
                .zip(&bytes)
                .take_while(|(one, other)| one == other)
                .count();
            println!(
                "{size}: {written:?}, {} read, {equal} as written",
                stored.len()
            );
            assert_eq!(equal == size, size == LIMIT, "{size}: {equal}");
            let _ = mounted.close(made.fh).await;
        }
        mounted.umount().await.unwrap();
    });
}

#[test]
fn however_the_server_ends_no_process_and_no_file_stays() {
    if ganesha().is_none() {
        return;
    }
    for signal in ["-INT", "-TERM", "-KILL"] {
        let place = Place::new();
        let server = place.serve("--nfs", "");
        create(&server, "demo");
        until("nfs-ganesha runs", || place.ganeshas().len() == 1);
        assert_eq!(place.files(), 1);
        server.end(signal);
        if signal != "-KILL" {
            assert_eq!((place.ganeshas().len(), place.files()), (0, 0), "{signal}");
        }
        until("all of it ends", || {
            place.ganeshas().is_empty() && place.files() == 0
        });
    }
}

#[test]
fn killed_at_any_moment_of_a_start_it_leaves_nothing() {
    if ganesha().is_none() {
        return;
    }
    let place = Place::new();
    for moment in 0..10_u64 {
        let server = place.serve("--nfs", "--file-system-delay 0ms --mount-target-delay 10m");
        let made = server
            .efsctl("create demo --vpc vpc-0000000a --no-wait")
            .run();
        assert_eq!(made.code, 0, "{}", made.stderr);
        std::thread::sleep(std::time::Duration::from_millis(moment * 15));
        server.end("-KILL");
        until("all of it ends", || {
            place.ganeshas().is_empty() && place.files() == 0
        });
    }
}

#[test]
fn an_nfs_ganesha_that_ends_is_started_again() {
    let Some(sandbox) = mountable("") else { return };
    let (id, addresses) = sandbox.create("demo");
    write_and_read(&addresses[0], &addresses[1], "before", "1");
    let [pid] = sandbox.place.ganeshas()[..] else {
        panic!("one runs");
    };
    kill(pid);
    until("it is said", || {
        let note =
            format!("nfs: nfs-ganesha of {id} ended (signal: 9 (SIGKILL)) and is started again");
        sandbox.place.notes().contains(&note)
    });
    // A connection waits until it is there again.
    write_and_read(&addresses[0], &addresses[2], "after", "2");
}

#[test]
fn a_connection_waits_for_an_nfs_ganesha_that_is_not_ready() {
    let Some(ganesha) = ganesha() else { return };
    let place = Place::new();
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = -v ] || sleep 2\nexec {} \"$@\"\n",
        ganesha.display()
    );
    let path = program(&place.path("bin"), "ganesha.nfsd", &script);
    let server = serving(
        place
            .command("--nfs", "--mount-target-delay 0ms")
            .env("PATH", path),
    );
    let (_, addresses) = create(&server, "demo");
    until("it listens", || !is_refused(&addresses[0]));
    write_and_read(&addresses[0], &addresses[1], "early", "bird");
}

#[test]
fn an_nfs_ganesha_that_does_not_start_is_said_with_its_last_words() {
    let place = Place::new();
    let script = "#!/bin/sh\n[ \"$1\" = -v ] && exit 0\necho 'no such module' >&2\nexit 2\n";
    let path = program(&place.path("bin"), "ganesha.nfsd", script);
    let server = serving(place.command("--nfs", "").env("PATH", path));
    let (id, addresses) = create(&server, "demo");
    let said = format!(
        "nfs: nfs-ganesha of {id} did not start: exit status: 2; its log ends with:\nno such module\n"
    );
    until("it is said", || place.notes().contains(&said));
    until("nothing listens", || is_refused(&addresses[0]));
    assert_eq!(
        server.efsctl("delete demo --yes").run().code,
        0,
        "the API goes on"
    );
}

#[test]
fn an_address_that_another_server_has_is_said_and_taken_when_it_is_free() {
    let Some(first) = mountable("") else { return };
    let (_, addresses) = first.create("demo");
    let second = first.place.serve("--nfs", "");
    let (_, same) = create(&second, "demo");
    assert_eq!(
        addresses, same,
        "ids and addresses follow from what a thing is"
    );
    let taken = format!("nfs: {}:2049 could not be opened (fsmt-", addresses[0]);
    until("it is said", || first.place.notes().contains(&taken));
    write_and_read(&addresses[0], &addresses[1], "of-the-first", "1");
    let opened = format!("at {}:2049 (fsmt-", addresses[0]);
    assert_eq!(first.place.notes().matches(&opened).count(), 1);
    first.server.end("-TERM");
    until("it is opened", || {
        first.place.notes().matches(&opened).count() == 2
    });
    assert_eq!(first.place.notes().matches(&taken).count(), 1, "said once");
    client(async {
        let mounted = mount(&addresses[0]).await.unwrap();
        assert_eq!(read(&*mounted, "of-the-first").await, None);
        mounted.umount().await.unwrap();
    });
}

#[test]
fn files_in_a_directory_outlive_the_server() {
    if ganesha().is_none() {
        return;
    }
    let place = Place::new();
    let nfs = format!("--nfs={}", place.path("files").display());
    let state = format!("--state {}", place.path("state.json").display());
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout != b"0\n" {
        let refused = place.command(&nfs, &state).status().expect("it runs");
        assert!(!refused.success());
        assert!(
            place
                .notes()
                .contains("files in a directory are served by root only")
        );
        return;
    }
    let server = place.serve(&nfs, &state);
    let (id, addresses) = create(&server, "demo");
    write_and_read(&addresses[0], &addresses[1], "kept", "for later");
    let file = place.path("files").join(&id).join("kept");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "for later");
    server.end("-TERM");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "for later");
    let _server = place.serve(&nfs, &state);
    until("it listens", || !is_refused(&addresses[0]));
    write_and_read(&addresses[0], &addresses[1], "more", "of it");
    client(async {
        let mounted = mount(&addresses[2]).await.unwrap();
        assert_eq!(read(&*mounted, "kept").await.as_deref(), Some("for later"));
        mounted.umount().await.unwrap();
    });
}
