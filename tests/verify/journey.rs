//! From nothing to a mounted directory and back, following only what is printed. There is no client of the kernel here: `mount` is a
//! program that checks what it is given, and the file is written by `verify`.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::cli::binary;
use crate::support::nfs::{mountable, program, until};

/// Where commands are typed.
struct Shell {
    path: String,
    url: String,
}

impl Shell {
    fn types(&self, line: &str) -> (Option<i32>, String, String) {
        let done = Command::new("sh")
            .args(["-c", line])
            .env_clear()
            .env("PATH", &self.path)
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", "sandbox")
            .env("AWS_SECRET_ACCESS_KEY", "sandbox")
            .env("AWS_REGION", "eu-west-1")
            .output()
            .expect("a shell");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    }

    /// What ends well.
    fn does(&self, line: &str) -> String {
        let (code, stdout, stderr) = self.types(line);
        assert_eq!(code, Some(0), "{line}: {stdout}{stderr}");
        stdout
    }
}

/// The command that is printed after these words.
fn printed<'t>(text: &'t str, before: &str) -> &'t str {
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix(before));
    line.unwrap_or_else(|| panic!("no line begins with {before}: {text}"))
        .trim()
}

fn programs(folder: &Path) -> String {
    // Notes what it is called with, and refuses what is no mount of EFS.
    let noting = |name: &str| format!("echo \"{name} $*\" >> {}/calls\n", folder.display());
    let mount = format!(
        "#!/bin/sh\n{}case \"$*\" in '-t efs -o tls fs-'*':/ /mnt/efs') exit 0;; esac\necho \"mount: $*\" >&2; exit 32\n",
        noting("mount")
    );
    program(folder, "mount", &mount);
    program(folder, "mkdir", &format!("#!/bin/sh\n{}", noting("mkdir")));
    symlink(binary(), folder.join("efsctl")).unwrap();
    program(folder, "sudo", "#!/bin/sh\nexec \"$@\"\n")
}

#[test]
fn what_is_printed_leads_from_nothing_to_a_file_and_back() {
    let Some(sandbox) = mountable("") else { return };
    let folder = sandbox.place.path("programs");
    let shell = Shell {
        path: programs(&folder),
        url: sandbox.server.url.clone(),
    };
    let created = shell.does("efsctl create demo --vpc vpc-0000000a");
    shell.does("efsctl wait demo --for nfs");

    let commands = shell.does(printed(&created, "mount it"));
    shell.does(&commands);
    let calls = std::fs::read_to_string(folder.join("calls")).unwrap();
    let [made, mounted] = calls.lines().collect::<Vec<_>>()[..] else {
        panic!("{calls}");
    };
    assert_eq!(made, "mkdir -p /mnt/efs");
    assert!(mounted.starts_with("mount -t efs -o tls fs-"), "{mounted}");

    // It is not written to without being asked for: what to add is printed.
    let (code, _, stderr) = shell.types("efsctl verify demo --leave hello < /dev/null");
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("run the same command with --yes"),
        "{stderr}"
    );
    shell.does("efsctl verify demo --leave hello --yes");
    let found = shell.does("efsctl verify demo --expect hello");
    assert!(
        found.ends_with("can be used through 3 mount targets\n  the token is there\n"),
        "{found}"
    );

    assert!(shell.does(printed(&created, "show it")).contains("demo"));
    let (code, _, stderr) = shell.types(&format!("{} < /dev/null", printed(&created, "remove it")));
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--yes"), "{stderr}");
    shell.does(&format!("{} --yes", printed(&created, "remove it")));
    until("its server ends", || sandbox.place.ganeshas().is_empty());
    let (code, _, stderr) = shell.types("efsctl verify demo --read-only");
    assert_eq!(code, Some(7), "{stderr}");
}
