//! Each form, read by what it is for. The tools of `.ci/tools.txt` are named by `EFSCTL_TOOLS`; those of the system are used where they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::expected::ASKED;
use super::{connect, data, printed};
use crate::support::skipped::skipped;

/// A tool of `.ci/tools.txt`; says so when there is none.
fn tool(name: &str) -> Option<PathBuf> {
    let tools = std::env::var_os("EFSCTL_TOOLS").filter(|tools| !tools.is_empty());
    let tool = tools.map(|tools| PathBuf::from(tools).join(name));
    if tool.is_none() {
        skipped(format!("EFSCTL_TOOLS does not name a folder with {name}"));
    }
    tool
}

/// A program of the system, where it is.
fn of_system(name: &str) -> Option<PathBuf> {
    let places = ["/usr/bin", "/bin"].map(|place| Path::new(place).join(name));
    places.into_iter().find(|path| path.exists())
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{err}")
}

/// Runs it on a file with that text.
fn run_on(tool: &Path, arguments: &[&str], name: &str, text: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    Command::new(tool)
        .args(arguments)
        .arg(file)
        .output()
        .expect("it runs")
}

/// What is asked for, by default and with everything.
fn texts(form: &str) -> Vec<String> {
    let place = data().file();
    let more = ASKED
        .iter()
        .filter(|(known, _)| *known == form)
        .map(|(_, asked)| *asked);
    let own = match form {
        "compose" | "docker" => &["", "--plain-nfs --path /a --read-only"][..],
        "script" => &[
            "",
            "--plain-nfs",
            "--owner 1000:app --mode 2750 --read-only",
            "--mount-point \"/mnt/it's $HOME\"",
        ],
        _ => &[""],
    };
    let own = own
        .iter()
        .copied()
        .filter(|asked| !(asked.contains("--owner") && asked.contains("--read-only")));
    let asked = own.chain(more).map(|asked| {
        format!(
            "--for {form} {}",
            asked.replace("\"/mnt/it's $HOME\"", r"'/mnt/it'\''s $HOME'")
        )
    });
    asked.map(|asked| printed(&place, &asked)).collect()
}

/// Values that hold quotes or a dollar: they are meant as they are.
const VALUES: &str = "--exclude=SC2016,SC2089,SC2090";

#[test]
fn shellcheck_finds_nothing_in_what_a_shell_runs() {
    let Some(shellcheck) = tool("shellcheck") else {
        return;
    };
    for form in ["script", "ecs-user-data", "mount", "docker"] {
        for text in texts(form) {
            let output = run_on(
                &shellcheck,
                &["--shell=sh", "--severity=style", VALUES],
                "script.sh",
                &text,
            );
            assert!(output.status.success(), "{form}: {}", said(&output));
        }
    }
    let broken = "#!/bin/sh\nrm -rf $1/*\n";
    assert!(
        !run_on(&shellcheck, &["--shell=sh"], "script.sh", broken)
            .status
            .success()
    );
}

#[test]
fn compose_files_follow_the_schema_of_compose() {
    let Some(check) = tool("check-jsonschema") else {
        return;
    };
    let arguments = ["--builtin-schema", "vendor.compose-spec"];
    for text in texts("compose") {
        let output = run_on(&check, &arguments, "compose.yaml", &text);
        assert!(output.status.success(), "{}\n{text}", said(&output));
        let bad = text.replace("target:", "targets:");
        assert!(
            !run_on(&check, &arguments, "compose.yaml", &bad)
                .status
                .success()
        );
    }
}

#[test]
fn manifests_follow_the_schemas_of_kubernetes() {
    let Some(validate) = tool("kubernetes-validate") else {
        return;
    };
    for text in texts("eks") {
        let output = run_on(&validate, &["--strict", "--no-warn"], "efs.yaml", &text);
        assert!(output.status.success(), "{}\n{text}", said(&output));
        let bad = text.replace("volumeHandle", "volumeHandel");
        assert!(
            !run_on(&validate, &["--strict"], "efs.yaml", &bad)
                .status
                .success()
        );
    }
}

/// The inputs of ECS, Batch, Lambda and AWS Backup, against the service models of botocore.
#[test]
fn inputs_have_the_shapes_of_the_service_models() {
    let python = std::env::var("EFSCTL_PYTHON")
        .ok()
        .filter(|python| !python.is_empty());
    let Some(python) = python else {
        skipped("EFSCTL_PYTHON does not name a Python with botocore");
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/shapes.py");
    let checked = |form: &str, text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("input.json");
        fs::write(&file, text).unwrap();
        Command::new(&python)
            .args([script, form])
            .arg(file)
            .output()
            .expect("python runs")
    };
    let place = data().file();
    for form in ["ecs", "ecs-host", "batch", "lambda", "backup"] {
        let (_, asked) = ASKED.iter().find(|(known, _)| *known == form).unwrap();
        let plain = if form == "lambda" {
            "--access-point app"
        } else {
            ""
        };
        for asked in [plain, asked] {
            let text = printed(&place, &format!("--for {form} {asked}"));
            let output = checked(form, &text);
            assert!(output.status.success(), "{form}: {}\n{text}", said(&output));
        }
    }
    let text = printed(&place, "--for ecs");
    for (good, bad) in [
        ("ENABLED", "ON"),
        ("fileSystemId", "fileSystem"),
        ("\"readOnly\": false", "\"readOnly\": \"no\""),
    ] {
        assert!(
            !checked("ecs", &text.replace(good, bad)).status.success(),
            "{bad}"
        );
    }
}

/// `systemd-analyze` only warns of a key that it does not know: any word of it is a failure.
#[test]
fn systemd_reads_the_units_and_calls_them_so() {
    let (Some(analyze), Some(escape)) = (of_system("systemd-analyze"), of_system("systemd-escape"))
    else {
        return;
    };
    let place = data().file();
    for path in [
        "/mnt/efs",
        "/mnt/my data",
        "/srv/a-b.c",
        "/mnt/100%",
        "/mnt/ö",
    ] {
        for asked in ["", "--plain-nfs", "--access-point app --iam --read-only"] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().display();
            let written = connect(
                &place,
                &format!("--for systemd --mount-point '{path}' {asked} --write {target}"),
            );
            assert_eq!(
                (written.code, written.stdout.as_str()),
                (0, ""),
                "{}",
                written.stderr
            );
            let escaped = Command::new(&escape)
                .args(["--path", path])
                .output()
                .unwrap();
            let name = String::from_utf8(escaped.stdout).unwrap();
            for kind in ["mount", "automount"] {
                let unit = folder.path().join(format!("{}.{kind}", name.trim()));
                let output = Command::new(&analyze)
                    .args(["verify", "--man=no"])
                    .arg(&unit)
                    .env("SYSTEMD_LOG_LEVEL", "warning")
                    .output()
                    .unwrap();
                assert!(
                    output.status.success() && said(&output).is_empty(),
                    "{}: {}",
                    unit.display(),
                    said(&output)
                );
            }
        }
    }
}

/// It warns of what is not on this host: a source that is no device, and a file system that the kernel does not know.
#[test]
fn findmnt_reads_the_line_of_fstab() {
    let Some(findmnt) = of_system("findmnt") else {
        return;
    };
    let place = data().file();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("my data");
    fs::create_dir(&target).unwrap();
    for asked in ["", "--plain-nfs", "--access-point app --iam"] {
        let line = printed(
            &place,
            &format!("--for fstab {asked} --mount-point '{}'", target.display()),
        );
        let file = folder.path().join("fstab");
        fs::write(&file, &line).unwrap();
        let read = |columns: &str| {
            let arguments = [
                "--fstab",
                "--noheadings",
                "--raw",
                "--output",
                columns,
                "--tab-file",
            ];
            let output = Command::new(&findmnt)
                .args(arguments)
                .arg(&file)
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert_eq!(
            read("TARGET").trim().replace("\\x20", " "),
            target.display().to_string(),
            "{line}"
        );
        let output = Command::new(&findmnt)
            .args(["--verify", "--tab-file"])
            .arg(&file)
            .output()
            .unwrap();
        let said = said(&output);
        let is_good = ["0 parse errors, 0 errors", "Success, no errors or warnings"];
        assert!(is_good.iter().any(|words| said.contains(words)), "{said}");
    }
}

/// Where it is installed. Its schema takes some keys that are none: `mutants` finds those.
#[test]
fn cloud_init_reads_its_user_data() {
    let Some(cloud_init) = of_system("cloud-init") else {
        return;
    };
    for text in texts("cloud-init") {
        let arguments = ["schema", "--config-file"];
        let output = run_on(&cloud_init, &arguments, "user-data", &text);
        assert!(output.status.success(), "{}", said(&output));
    }
}

/// Both shells parse what `script` prints, whatever is in its values.
#[test]
fn shells_parse_the_script() {
    for text in texts("script") {
        for shell in ["/bin/dash", "/bin/bash"] {
            let output = run_on(Path::new(shell), &["-n"], "script.sh", &text);
            assert!(
                output.status.success() && said(&output).is_empty(),
                "{shell}: {}",
                said(&output)
            );
        }
    }
    // What is in a value is not run.
    let value = texts("script")
        .into_iter()
        .find(|text| text.contains("it'"))
        .unwrap();
    let head = value.split("\nfstab=").next().unwrap();
    let shown = Command::new("/bin/dash")
        .args(["-c", &format!("{head}\nprintf %s \"$mount_point\"")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(said(&shown), "/mnt/it's $HOME");
}
