//! `efsctl apply`: what is printed, what is asked, and the exit codes.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::{Efsctl, Ended, fixture};
use crate::support::server::{Server, sandbox};
use crate::support::world::{Text, world};

struct Manifests {
    folder: TempDir,
    server: Server,
}

impl Manifests {
    fn on(server: Server) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            server,
        }
    }

    fn command(&self, text: &str, flags: &str) -> Efsctl {
        let path = self.folder.path().join("m.toml");
        std::fs::write(&path, text).unwrap();
        let command = self.server.efsctl(&format!("apply {flags} -f"));
        command.arg(path.display().to_string())
    }

    fn apply(&self, text: &str, flags: &str) -> Ended {
        self.command(text, flags).run()
    }
}

fn results(document: &Value) -> Vec<(&str, &str)> {
    let results = document["results"].as_array().unwrap();
    results
        .iter()
        .map(|one| {
            (
                one["reference"].as_str().unwrap(),
                one["outcome"].as_str().unwrap(),
            )
        })
        .collect()
}

const TWO: &str =
    "[defaults]\nbackup = true\n[[file_system]]\nname = \"app\"\n[[file_system]]\nname = \"web\"\n";

#[test]
fn a_manifest_is_applied_and_applied_again() {
    let manifests = Manifests::on(sandbox(""));
    let planned = manifests.apply(TWO, "-o json --dry-run --check");
    assert_eq!(planned.code, 3, "{}", planned.stderr);
    let plan = planned.document();
    assert_eq!(
        (&plan["outcome"], &plan["calls"]["writing"]),
        (&json!("planned"), &json!(0))
    );
    assert!(plan["results"][1]["changes"].as_array().unwrap().len() > 4);

    let made = manifests.apply(TWO, "-o json --only web");
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert_eq!(results(&made.document()), [("web", "created")]);

    let made = manifests.apply(TWO, "");
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(
        made.stderr.contains("app: + file system fs-")
            && made.stderr.contains("  app: mount target eu-west-1a"),
        "each line says what it is about: {}",
        made.stderr
    );
    let lines: Vec<&str> = made.stdout.lines().collect();
    assert!(lines[0].starts_with("app  created  fs-"), "{}", made.stdout);
    assert!(
        lines[1].starts_with("web  unchanged  fs-"),
        "{}",
        made.stdout
    );
    assert!(
        lines[3].starts_with("2 file systems: 1 created, 1 unchanged ("),
        "{}",
        made.stdout
    );

    let again = manifests.apply(TWO, "-o json");
    let document = again.document();
    assert_eq!(
        (again.code, &document["calls"]["writing"]),
        (0, &json!(0)),
        "{}",
        again.stderr
    );
    assert_eq!(document["outcome"], "unchanged");
    assert_eq!(manifests.apply(TWO, "--dry-run --check").code, 0);
}

/// The exit code is that of the worst; what the others did is in the document.
#[test]
fn one_is_not_found_and_the_other_is_created() {
    let manifests = Manifests::on(sandbox(""));
    let text = "[[file_system]]\nid = \"fs-0000000000000000f\"\nbackup = true\n[[file_system]]\nname = \"app\"\n";
    let ended = manifests.apply(text, "-o json");
    let document = ended.document();
    assert_eq!(ended.code, 7, "{}", ended.stderr);
    assert_eq!(document["error"]["code"], "file-system-not-found");
    assert_eq!(document["error"]["message"], "1 of 2 file systems failed");
    assert_eq!(
        results(&document),
        [("fs-0000000000000000f", "failed"), ("app", "created")]
    );
    assert_eq!(document["results"][0]["error"]["exit_code"], 7);
    let shown = manifests.apply(text, "");
    assert!(
        shown
            .stdout
            .contains("fs-0000000000000000f  failed  eu-west-1\n"),
        "{}",
        shown.stdout
    );
    assert!(
        shown.stderr.contains("error: 1 of 2 file systems failed"),
        "{}",
        shown.stderr
    );
}

#[test]
fn what_is_wrong_is_told_before_the_first_call() {
    let manifests = Manifests::on(sandbox(""));
    let rows = [
        (
            "[[file_system]]\nname = \"app\"\nallow-from = \"vpc\"\n",
            "",
            "m.toml:3:1: there is no key `allow-from`; did you mean `allow_from`?",
        ),
        (
            "[[file_system]]\nname = \"app\"\naz = \"eu-west-1a\"\none_zone = \"eu-west-1b\"\n",
            "",
            "one_zone eu-west-1b takes one mount target, in that zone: az eu-west-1a is another one",
        ),
        (TWO, "--only db", "`db` is not described (--only)"),
        (TWO, "--check", "--dry-run"),
    ];
    for (text, flags, sentence) in rows {
        let ended = manifests.apply(text, flags);
        assert_eq!(ended.code, 2, "{text}{}", ended.stderr);
        assert!(ended.stderr.contains(sentence), "{text}{}", ended.stderr);
    }
    let missing = manifests.server.efsctl("apply -f /nonexistent.toml").run();
    assert_eq!(missing.code, 2, "{}", missing.stderr);
    assert_eq!(manifests.server.calls()["total"], 0);
}

#[test]
fn a_loss_is_asked_for_once_for_all() {
    let manifests = Manifests::on(world().file_system("data").file().serve(""));
    let text = "[[file_system]]\nid = \"fs-0000000000000000a\"\nreplication_overwrite_protection = \"off\"\n[[file_system]]\nname = \"app\"\n";
    let refused = manifests.apply(text, "-o json");
    let document = refused.document();
    assert_eq!(
        (refused.code, &document["error"]["code"]),
        (2, &json!("confirmation-missing"))
    );
    assert_eq!(document["calls"]["writing"], 0);
    let hint = document["error"]["hint"].as_str().unwrap();
    assert!(
        hint.contains("fs-0000000000000000a: a replication may overwrite its data"),
        "{hint}"
    );
    assert!(hint.contains("--yes"), "{hint}");
    let made = manifests.apply(text, "-o json --yes");
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert_eq!(
        results(&made.document()),
        [("fs-0000000000000000a", "changed"), ("app", "created")]
    );
}

#[test]
fn a_manifest_may_come_from_stdin() {
    let manifests = Manifests::on(sandbox(""));
    let mut command = manifests.server.efsctl("apply -f - -o json").command();
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let text = r#"{"file_system": [{"name": "app", "tags": {"team": "red"}}]}"#;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(results(&document), [("app", "created")]);
    assert_eq!(document["results"][0]["file_system"]["tags"]["team"], "red");
}

/// Each example does what it says, and nothing the second time; its editor agrees.
#[test]
fn the_examples_work() {
    let schema = efsctl::manifest::schema();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(fixture("manifests")).unwrap() {
        let path = entry.unwrap().path();
        let Some("toml" | "json") = path.extension().and_then(|end| end.to_str()) else {
            continue;
        };
        count += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        let value: Value = match path.extension().is_some_and(|end| end == "json") {
            true => serde_json::from_str(&text).unwrap(),
            false => toml::from_str(&text).unwrap(),
        };
        assert!(validator.is_valid(&value), "{}", path.display());
        let world = format!("--world {}", fixture("worlds/three-zones.toml").display());
        let server = sandbox(&world);
        let apply = || {
            let command = server.efsctl("apply --yes -o json -f");
            command.arg(path.display().to_string()).run()
        };
        let made = apply();
        assert_eq!(
            made.code,
            0,
            "{}: {}{}",
            path.display(),
            made.stderr,
            made.stdout
        );
        assert_eq!(made.document()["outcome"], "created");
        let again = apply().document();
        assert_eq!(again["calls"]["writing"], 0, "{}", path.display());
    }
    assert!(count >= 3, "{count}");
}

/// `delete -f` deletes what is described by name, once; what is described by id stays.
#[test]
fn what_is_described_is_deleted() {
    let manifests = Manifests::on(world().file_system("data").file().serve(""));
    let text = format!("{TWO}[[file_system]]\nid = \"fs-0000000000000000a\"\n");
    let delete = |flags: &str| {
        let path = manifests.folder.path().join("m.toml");
        std::fs::write(&path, &text).unwrap();
        let command = manifests.server.efsctl(&format!("delete {flags} -f"));
        command.arg(path.display().to_string()).run()
    };
    assert_eq!(manifests.apply(&text, "").code, 0);
    let planned = delete("-o json --dry-run").document();
    assert_eq!(planned["calls"]["writing"], 0);
    assert_eq!(results(&planned), [("app", "planned"), ("web", "planned")]);

    let refused = delete("-o json");
    let document = refused.document();
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert_eq!(document["error"]["code"], "confirmation-missing");
    assert_eq!(document["calls"]["writing"], 0);

    let one = delete("-o json --yes --only web").document();
    assert_eq!(results(&one), [("web", "deleted")]);
    let rest = delete("--yes");
    assert_eq!(rest.code, 0, "{}", rest.stderr);
    let lines: Vec<&str> = rest.stdout.lines().collect();
    assert!(lines[0].starts_with("app  deleted  fs-"), "{}", rest.stdout);
    assert!(lines[1].starts_with("web  unchanged"), "{}", rest.stdout);
    let note = "described by id, and not deleted: fs-0000000000000000a";
    assert!(rest.stderr.contains(note), "{}", rest.stderr);
    let again = delete("-o json --yes").document();
    assert_eq!(
        (&again["outcome"], &again["calls"]["writing"]),
        (&json!("unchanged"), &json!(0))
    );
    let left = manifests.server.efsctl("list -o json").run().document();
    assert_eq!(left["file_systems"].as_array().unwrap().len(), 1, "{left}");
}

/// One that may not be deleted does not hold up the others.
#[test]
fn what_holds_data_stays_and_the_others_go() {
    let place = world()
        .file_system_of_efsctl("full")
        .set("size", Text("1_000_000".to_owned()))
        .file_system_of_efsctl("empty")
        .file();
    let manifests = Manifests::on(place.serve(""));
    let path = manifests.folder.path().join("m.toml");
    let text = "[[file_system]]\nname = \"full\"\n[[file_system]]\nname = \"empty\"\n";
    std::fs::write(&path, text).unwrap();
    let delete = |flags: &str| {
        let command = manifests
            .server
            .efsctl(&format!("delete --yes -o json {flags} -f"));
        command.arg(path.display().to_string()).run()
    };
    let ended = delete("");
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    let document = ended.document();
    assert_eq!(
        results(&document),
        [("full", "failed"), ("empty", "deleted")]
    );
    assert_eq!(document["results"][0]["error"]["code"], "holds-data");
    let with_data = delete("--with-data").document();
    assert_eq!(
        results(&with_data),
        [("full", "deleted"), ("empty", "unchanged")]
    );
}
