//! The command: stdout has what was asked for and nothing else, and files are not overwritten.

use std::fs;

use super::{connect, data, efsctl, printed};

#[test]
fn stdout_has_what_was_asked_for_and_stderr_the_rest() {
    let place = data().file();
    let ended = connect(&place, "--for fstab --path /jobs");
    assert_eq!(
        ended.stdout,
        "fs-0123456789abcdef0:/jobs /mnt/efs efs _netdev,nofail,noresvport,tls 0 0\n"
    );
    assert!(
        ended
            .stderr
            .ends_with("note: the directory /jobs has to exist in fs-0123456789abcdef0\n"),
        "{}",
        ended.stderr
    );
    let quiet = connect(&place, "--quiet --for fstab --path /jobs");
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    assert_eq!(quiet.stdout, ended.stdout);
    // By id, by ARN, by name; an access point by id or name.
    for (fs, point) in [
        ("data", "app"),
        ("fs-0123456789abcdef0", "fsap-0123456789abcdef0"),
        (
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef0",
            "app",
        ),
    ] {
        let ended = efsctl(
            &place,
            &format!("connect {fs} --for mount --access-point {point}"),
        );
        assert!(
            ended
                .stdout
                .contains(" -o tls,accesspoint=fsap-0123456789abcdef0 fs-0123456789abcdef0:/ "),
            "{}",
            ended.stderr
        );
    }
}

/// An access point that efsctl created is found by the name it was created under.
#[test]
fn create_and_describe_end_with_the_line_that_mounts_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json").display().to_string();
    let run = |line: &str| {
        let words = super::read::words(line).unwrap();
        let command = crate::support::cli::Efsctl::new(&format!("--sandbox={state}"));
        words
            .into_iter()
            .fold(command, |command, word| command.arg(word))
            .run()
    };
    for (create, flags) in [
        ("a", "--for mount"),
        (
            "b --access-point app=/app:1000:1000",
            "--for mount --access-point fsap-",
        ),
        ("c --policy deny-anonymous", "--for mount --iam"),
        (
            "d --policy deny-anonymous --access-point app=/app",
            "--for mount --access-point fsap-",
        ),
    ] {
        let name = &create[..1];
        let created = run(&format!("create {create} --az eu-west-1a"));
        assert_eq!(created.code, 0, "{}", created.stderr);
        let described = run(&format!("describe {name}"));
        for text in [&created.stdout, &described.stdout] {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("  mount it "));
            let line = line.unwrap_or_else(|| panic!("{text}")).trim();
            assert!(line.contains(&format!("connect {name} {flags}")), "{line}");
            assert_eq!(
                line.contains("--iam"),
                create.contains("deny-anonymous"),
                "{line}"
            );
            let words = line.split_once(&format!("--sandbox={state} ")).unwrap().1;
            let connected = run(words);
            assert_eq!(connected.code, 0, "{line}: {}", connected.stderr);
        }
        if create.contains("app=") {
            let by_name = run(&format!(
                "connect {name} --for mount --iam --access-point app"
            ));
            assert_eq!(by_name.code, 0, "{}", by_name.stderr);
        }
    }
    // A name that several have is not used.
    let theirs = crate::support::world::world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &[])
        .file_system("data")
        .set("id", "fs-0123456789abcdef0")
        .mount_target('a', &["nfs"])
        .file_system("data")
        .file();
    let described = theirs.efsctl("describe fs-0123456789abcdef0").run();
    assert!(
        described
            .stdout
            .contains(" connect fs-0123456789abcdef0 --for mount\n"),
        "{}",
        described.stdout
    );
    let none = crate::support::world::world().file_system("data").file();
    let described = none.efsctl("describe data").run();
    assert!(
        !described.stdout.contains("connect"),
        "{}",
        described.stdout
    );
}

#[test]
fn a_file_is_not_overwritten_without_force() {
    let place = data().file();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mount.sh");
    let line = format!("--for script --write {}", path.display());
    let text = printed(&place, "--for script");
    let ended = connect(&place, &line);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, ""),
        "{}",
        ended.stderr
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    fs::write(&path, "theirs").unwrap();
    let ended = connect(&place, &line);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("mount.sh (--write) exists\nhint: to overwrite it, add --force\n"),
        "{}",
        ended.stderr
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    assert_eq!(connect(&place, &format!("{line} --force")).code, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    // Nothing else is left beside it.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // Of several files none is written where one exists; a dangling link counts.
    let units = folder.path().join("units");
    fs::create_dir(&units).unwrap();
    std::os::unix::fs::symlink("/nonexistent/x", units.join("mnt-efs.automount")).unwrap();
    let ended = connect(
        &place,
        &format!("--for systemd --write {}", units.display()),
    );
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(!units.join("mnt-efs.mount").exists());
    let nowhere = folder.path().join("no/such/folder");
    let ended = connect(
        &place,
        &format!("--for fstab --write {}", nowhere.display()),
    );
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("(--write) cannot be written: No such file"),
        "{}",
        ended.stderr
    );
    let ended = connect(&place, &format!("--for systemd --write {}", path.display()));
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains(
            "is no directory, and this is several files: mnt-efs.mount, mnt-efs.automount"
        ),
        "{}",
        ended.stderr
    );
    let ended = connect(
        &place,
        &format!("--for fstab --force --write {}", folder.path().display()),
    );
    assert_eq!(ended.code, 1, "{}", ended.stderr);
}
