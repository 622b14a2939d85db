//! A host on which a script runs: stubs for what is not there, or must not be touched, and its own fstab.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What a distribution has: its package managers, whether their repositories have efs-utils, and whether curl is installed.
pub struct Distribution {
    pub name: &'static str,
    pub managers: &'static [&'static str],
    pub has_package: bool,
    pub has_curl: bool,
}

pub const DISTRIBUTIONS: [Distribution; 6] = [
    Distribution {
        name: "Amazon Linux 2",
        managers: &["yum"],
        has_package: true,
        has_curl: true,
    },
    Distribution {
        name: "Amazon Linux 2023",
        managers: &["dnf", "yum"],
        has_package: true,
        has_curl: true,
    },
    Distribution {
        name: "Ubuntu",
        managers: &["apt-get"],
        has_package: false,
        has_curl: true,
    },
    Distribution {
        name: "Debian",
        managers: &["apt-get"],
        has_package: false,
        has_curl: false,
    },
    Distribution {
        name: "RHEL",
        managers: &["dnf", "yum"],
        has_package: false,
        has_curl: true,
    },
    Distribution {
        name: "SUSE",
        managers: &["zypper"],
        has_package: false,
        has_curl: true,
    },
];

/// Programs that are not stubs.
const REAL: [&str; 11] = [
    "cat", "cmp", "cp", "grep", "ls", "mkdir", "mktemp", "mv", "rm", "rmdir", "sh",
];

/// The fstab of the host before.
pub const FSTAB: &str = "# of the image\nLABEL=root / ext4 defaults 0 1";

/// A host.
pub struct Host {
    folder: TempDir,
    shell: &'static str,
}

/// How a script ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub stderr: String,
    /// What it called.
    pub calls: Vec<String>,
}

impl Host {
    /// A host of that distribution; the shell that runs scripts.
    pub fn new(distribution: &Distribution, shell: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host = Self { folder, shell };
        fs::create_dir(host.path("bin")).unwrap();
        fs::write(host.path("etc-fstab"), FSTAB).unwrap();
        for name in REAL {
            symlink(real(name), host.path("bin").join(name)).unwrap();
        }
        host.stub("id", "echo 0");
        host.stub("mountpoint", "[ -e \"$ROOT/mounted\" ]");
        host.stub("sleep", "log sleep \"$@\"");
        host.stub("chown", "log chown \"$@\"");
        host.stub("chmod", "log chmod \"$@\"");
        host.stub("systemctl", "log systemctl \"$@\"");
        host.stub("mount", "log mount \"$@\"; if [ -e \"$ROOT/refuses\" ]; then rm \"$ROOT/refuses\"; exit 32; fi; : >\"$ROOT/mounted\"");
        host.stub(
            "umount",
            "log umount \"$@\"; [ ! -e \"$ROOT/busy\" ] || exit 32; rm \"$ROOT/mounted\"",
        );
        for manager in distribution.managers {
            let efs = if distribution.has_package {
                "program mount.efs"
            } else {
                "exit 1"
            };
            host.stub(manager, &format!("log {manager} \"$@\"; case $* in *amazon-efs-utils) {efs} ;; *nfs-*) program mount.nfs4 ;; *curl) program curl ;; esac"));
        }
        if distribution.has_curl {
            host.stub("curl", CURL);
        }
        host
    }

    /// A path of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its fstab.
    pub fn fstab(&self) -> String {
        fs::read_to_string(self.path("etc-fstab")).unwrap()
    }

    /// A program of it.
    pub fn stub(&self, name: &str, body: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{FUNCTIONS}\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a script on it.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Ran {
        fs::write(self.path("script"), script).unwrap();
        let _ = fs::remove_file(self.path("log"));
        let output = Command::new(self.shell)
            .arg(self.path("script"))
            .args(arguments)
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("ROOT", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .env("CURL", CURL)
            .env("LIBMOUNT_FSTAB", self.path("etc-fstab"))
            .output()
            .expect("the shell runs");
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let root = self.folder.path().to_string_lossy().into_owned();
        let plain = |text: &str| text.replace(&root, "");
        Ran {
            code: output.status.code().unwrap_or(-1),
            stderr: plain(&String::from_utf8_lossy(&output.stderr)),
            calls: plain(&log).lines().map(str::to_owned).collect(),
        }
    }
}

/// What stubs share: the log, and programs that packages bring.
const FUNCTIONS: &str = "\
log() { echo \"$*\" >>\"$ROOT/log\"; }
program() { printf '#!/bin/sh\\nlog() { echo \"$*\" >>\"$ROOT/log\"; }\\n%s\\n' \"$([ \"$1\" = curl ] && echo \"$CURL\")\" >\"$ROOT/bin/$1\"; /bin/chmod 755 \"$ROOT/bin/$1\"; }";

/// Fetches the installer, which brings efs-utils. The file is a temporary one.
const CURL: &str = "log curl \"$1 $2 $4\"; printf 'echo \"installer $*\" >>\"$ROOT/log\"; echo \"#!/bin/sh\" >\"$ROOT/bin/mount.efs\"; /bin/chmod 755 \"$ROOT/bin/mount.efs\"\\n' >\"$3\"";

fn real(name: &str) -> PathBuf {
    let places = ["/usr/bin", "/bin"].map(|place| Path::new(place).join(name));
    let found = places.into_iter().find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name}"))
}
