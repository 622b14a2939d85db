//! The script is run: twice, then undone, by two shells, on six distributions.

use std::fs;

use super::host::{DISTRIBUTIONS, Distribution, FSTAB, Host, Ran};
use super::{data, printed};
use crate::support::world::WorldFile;

const SHELLS: [&str; 2] = ["/bin/dash", "/bin/bash"];
const INSTALLER: &str = "https://amazon-efs-utils.aws.com/efs-utils-installer.sh";

/// The script for a directory of that host.
fn script(place: &WorldFile, host: &Host, asked: &str) -> String {
    let directory = host.path("my mnt").display().to_string();
    let script = printed(
        place,
        &format!("--for script --mount-point '{directory}' {asked}"),
    );
    // The machine that runs the tests may have a client of its own.
    let of_the_machine = "[ -x \"/sbin/$1\" ]";
    assert_eq!(script.matches(of_the_machine).count(), 1, "{script}");
    let of_the_host = format!("[ -x \"{}/$1\" ]", host.path("sbin").display());
    script.replace(of_the_machine, &of_the_host)
}

/// What is called to install efs-utils.
fn installing(distribution: &Distribution) -> Vec<String> {
    let fetch = format!("curl -fsSL -o {INSTALLER}");
    let lines: Vec<&str> = match distribution.name {
        "Amazon Linux 2" => vec!["yum install -y amazon-efs-utils"],
        "Amazon Linux 2023" => vec!["dnf install -y amazon-efs-utils"],
        "RHEL" => vec![
            "dnf install -y amazon-efs-utils",
            &fetch,
            "installer --install",
        ],
        "Debian" => vec![
            "apt-get update",
            "apt-get install -y curl",
            &fetch,
            "installer --install",
        ],
        _ => vec![&fetch, "installer --install"],
    };
    lines.into_iter().map(str::to_owned).collect()
}

fn line() -> String {
    "# efsctl: fs-0123456789abcdef0 at HOST/my\\040mnt, created for it\nfs-0123456789abcdef0:/ HOST/my\\040mnt efs _netdev,nofail,noresvport,tls 0 0\n".to_owned()
}

/// What a script does on a host, in a text to compare: first run, second run, undone.
pub fn transcript(host: &Host, script: &str) -> String {
    let root = host.path("").display().to_string();
    let root = root.trim_end_matches('/');
    let plain = |text: String| text.replace(root, "HOST");
    let mut text = String::new();
    for arguments in [&[][..], &[], &["undo"]] {
        let ran = host.run(script, arguments);
        let (fstab, is_there) = (plain(host.fstab()), host.path("my mnt").exists());
        text += &format!(
            "{arguments:?} {}\n{}{}\n{fstab}directory: {is_there}\n",
            ran.code,
            ran.stderr,
            ran.calls.join("\n")
        );
    }
    text
}

/// What it has to do.
pub fn expected(distribution: &Distribution) -> String {
    let fstab = format!("{FSTAB}\n{}directory: true\n", line());
    let mounted = "fs-0123456789abcdef0 is mounted at /my mnt\n";
    let owned = "chown 1000:app /my mnt\nchmod 2750 /my mnt\n";
    let first = installing(distribution).join("\n");
    format!(
        "[] 0\n{mounted}{first}\nsystemctl daemon-reload\nmount /my mnt\n{owned}{fstab}\
         [] 0\n{mounted}{owned}{fstab}\
         [\"undo\"] 0\nfs-0123456789abcdef0 is no longer mounted at /my mnt; the client stays installed, the data stay in the file system\n\
         umount /my mnt\nsystemctl daemon-reload\n{FSTAB}\ndirectory: false\n"
    )
}

#[test]
fn it_runs_twice_and_is_undone_on_every_distribution() {
    let place = data().file();
    for shell in SHELLS {
        for distribution in &DISTRIBUTIONS {
            let host = Host::new(distribution, shell);
            let script = script(&place, &host, "--owner 1000:app --mode 2750");
            assert_eq!(
                transcript(&host, &script),
                expected(distribution),
                "{} {shell}",
                distribution.name
            );
        }
    }
}

#[test]
fn without_efs_utils_it_installs_the_client_of_the_kernel() {
    let place = data().file();
    for (distribution, calls) in DISTRIBUTIONS.iter().zip([
        &["yum install -y nfs-utils"][..],
        &["dnf install -y nfs-utils"],
        &["apt-get update", "apt-get install -y nfs-common"],
        &["apt-get update", "apt-get install -y nfs-common"],
        &["dnf install -y nfs-utils"],
        &["zypper --non-interactive install nfs-client"],
    ]) {
        let host = Host::new(distribution, "/bin/dash");
        let script = script(&place, &host, "--plain-nfs");
        let ran = host.run(&script, &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let after = ["systemctl daemon-reload", "mount /my mnt"];
        assert_eq!(ran.calls, [calls, &after].concat(), "{}", distribution.name);
        assert!(
            host.fstab().contains(" nfs4 _netdev,nofail,nfsvers=4.1,"),
            "{}",
            host.fstab()
        );
    }
}

fn host() -> Host {
    Host::new(&DISTRIBUTIONS[0], "/bin/dash")
}

fn run(host: &Host, asked: &str, arguments: &[&str]) -> Ran {
    host.run(&script(&data().file(), host, asked), arguments)
}

#[test]
fn a_mount_that_fails_is_tried_again() {
    let host = host();
    fs::write(host.path("refuses"), "").unwrap();
    let ran = run(&host, "", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let tail = ["mount /my mnt", "sleep 10", "mount /my mnt"];
    assert!(
        ran.calls.ends_with(&tail.map(str::to_owned)),
        "{:?}",
        ran.calls
    );
    let host = self::host();
    host.stub("mount", "log mount; exit 32");
    let ran = run(&host, "", &[]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.calls.iter().filter(|call| *call == "mount").count(), 10);
    assert!(
        ran.stderr
            .contains("error: fs-0123456789abcdef0 could not be mounted at /my mnt"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_line_of_another_is_left_alone() {
    let host = host();
    let root = host.path("").display().to_string();
    let theirs = format!(
        "{FSTAB}\nserver:/x {}/my\\040mnt nfs4 defaults 0 0\n",
        root.trim_end_matches('/')
    );
    fs::write(host.path("etc-fstab"), &theirs).unwrap();
    let ran = run(&host, "", &[]);
    assert_eq!((ran.code, host.fstab()), (1, theirs.clone()));
    assert!(
        ran.stderr
            .contains("has another line for /my mnt: remove it first"),
        "{}",
        ran.stderr
    );
    assert!(
        !ran.calls.iter().any(|call| call.starts_with("mount")),
        "{:?}",
        ran.calls
    );
    let ran = run(&host, "", &["undo"]);
    assert_eq!((ran.code, host.fstab()), (0, theirs));
}

/// Other options are a line in the place of the one before; a directory that was there stays.
#[test]
fn a_second_script_replaces_the_line_of_the_first() {
    let host = host();
    fs::create_dir(host.path("my mnt")).unwrap();
    assert_eq!(run(&host, "", &[]).code, 0);
    assert_eq!(run(&host, "--read-only", &[]).code, 0);
    let fstab = host.fstab();
    assert_eq!(
        fstab.matches("fs-0123456789abcdef0:/").count(),
        1,
        "{fstab}"
    );
    assert!(fstab.contains("noresvport,tls,ro 0 0\n"), "{fstab}");
    assert!(!fstab.contains("created for it"), "{fstab}");
    assert_eq!(run(&host, "", &["undo"]).code, 0);
    assert_eq!(host.fstab().trim_end(), FSTAB);
    assert!(host.path("my mnt").exists());
}

#[test]
fn what_is_in_use_is_not_undone() {
    let host = host();
    assert_eq!(run(&host, "", &[]).code, 0);
    let before = host.fstab();
    fs::write(host.path("busy"), "").unwrap();
    let ran = run(&host, "", &["undo"]);
    assert_eq!((ran.code, host.fstab()), (1, before));
    assert!(
        ran.stderr.contains("error: /my mnt is in use"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_cannot_be_written_is_said() {
    let host = host();
    // Nothing can be created below a file.
    host.stub(
        "mount",
        "log mount; : >\"$ROOT/mounted\"; rmdir \"$ROOT/my mnt\"; : >\"$ROOT/my mnt\"",
    );
    let ran = run(&host, "", &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("error: /my mnt is mounted, and root cannot write there"),
        "{}",
        ran.stderr
    );
    let other = self::host();
    other.stub("id", "echo 1000");
    let ran = run(&other, "", &[]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: run this as root\n")
    );
    let ran = run(&self::host(), "", &["uninstall"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: expected nothing, or undo\n")
    );
}

/// User data hold the same script.
#[test]
fn user_data_are_the_script() {
    let place = data().file();
    let asked = "--owner 1000:app --mode 2750 --mount-point '/mnt/my data'";
    let script = printed(&place, &format!("--for script {asked}"));
    assert_eq!(
        printed(&place, &format!("--for ecs-user-data {asked}")),
        script
    );
    let cloud = printed(&place, &format!("--for cloud-init {asked}"));
    assert_eq!(cloud_init(&cloud, &script), Ok(()));
    // EC2 user data hold 16 KB.
    assert!(cloud.len() < 16_000, "{}", cloud.len());
}

/// Whether these are user data that run that script.
pub fn cloud_init(text: &str, script: &str) -> Result<(), String> {
    let path = "/usr/local/sbin/mount-fs-0123456789abcdef0";
    let expected = serde_json::json!({
        "write_files": [{ "path": path, "permissions": "0755", "content": script }],
        "runcmd": [[path]],
    });
    let read = super::read::read("cloud-init", text)?;
    if read == expected {
        Ok(())
    } else {
        Err(format!("{read:#}"))
    }
}
