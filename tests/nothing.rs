//! An audit of nothing is not green.

use std::fs;

use efsctl::domain::advice::Invocation;
use efsctl::domain::finding::{Report, Unjudged};
use efsctl::report::{Look, render};

use crate::support::cli::Ended;
use crate::support::form;
use crate::support::world::{WorldFile, world};

/// One file system in the first region, none in the second.
struct Account(WorldFile);

impl Account {
    fn new() -> Self {
        let data = world().file_system("data").set("encrypted", true);
        Self(data.tag("env", "prod").region("eu-west-2").file())
    }

    fn validate(&self, arguments: &str) -> Ended {
        let line = format!("-q validate --fail-on critical {arguments}");
        self.0.efsctl(&line).run()
    }
}

#[test]
fn a_tag_that_nothing_carries_is_not_found_in_every_form() {
    let account = Account::new();
    for form in [
        "",
        "--strict",
        "--format junit",
        "--format sarif",
        "--format github",
        "--format csv",
        "--format markdown",
        "-o json",
        "--fix --dry-run",
    ] {
        let ended = account.validate(&format!("--tag env=prd {form}"));
        assert_eq!(ended.code, 7, "{form}: {}", ended.stderr);
        assert!(
            ended.stdout.contains("no file system carries env=prd"),
            "{form}: {}",
            ended.stdout
        );
        assert!(
            ended.stderr.contains("others carry env=prod"),
            "{form}: {}",
            ended.stderr
        );
    }
    let ended = account.validate("--tag enf");
    assert_eq!(ended.code, 7);
    assert!(
        ended.stderr.contains("the tag enf at all"),
        "{}",
        ended.stderr
    );
    let ended = account.validate("--tag env=prd --region eu-west-1,eu-west-2");
    assert_eq!(ended.code, 7, "{}", ended.stderr);
    assert_eq!(account.validate("--tag env=prod").code, 0);
}

#[test]
fn a_place_without_file_systems_is_said_and_not_green_under_strict() {
    let account = Account::new();
    for (scope, said) in [
        (
            "--all --region eu-west-2",
            "eu-west-2: there is no file system",
        ),
        (
            "--all --region eu-west-1,eu-west-2",
            "eu-west-2: there is no file system",
        ),
        (
            "--tag env --region eu-west-1,eu-west-2",
            "eu-west-2: no file system carries the tag env",
        ),
    ] {
        let ended = account.validate(scope);
        assert_eq!(ended.code, 0, "{scope}: {}", ended.stderr);
        assert!(ended.stdout.contains(said), "{scope}: {}", ended.stdout);
        assert!(
            !ended.stdout.contains("eu-west-1: "),
            "{scope}: {}",
            ended.stdout
        );
        let strict = account.validate(&format!("{scope} --strict"));
        assert_eq!(strict.code, 3, "{scope}: {}", strict.stderr);
        assert!(
            strict.stderr.contains("nothing was audited (--strict)"),
            "{}",
            strict.stderr
        );
    }
    // Of all regions most are empty in every account.
    let all = account.validate("--all --region all --strict");
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert!(
        !all.stdout.contains("nothing was audited"),
        "{}",
        all.stdout
    );
}

#[test]
fn an_audit_in_which_no_check_decides_is_not_green_under_strict() {
    let account = Account::new();
    let catalogue = efsctl::audit::catalogue::CATALOGUE;
    let off = catalogue.iter().map(|check| {
        let id = check.about.id;
        format!("[checks.{id}]\nenabled = false\n")
    });
    let policy = account.0.path().with_file_name("off.toml");
    fs::write(&policy, off.collect::<String>()).unwrap();
    let asked = format!("--all --config {}", policy.display());
    let ended = account.validate(&asked);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("no check decided anything"),
        "{}",
        ended.stdout
    );
    let strict = account.validate(&format!("{asked} --strict"));
    assert_eq!(strict.code, 3, "{}", strict.stderr);
}

#[test]
fn every_form_carries_it() {
    for counts in [false, true] {
        let report = Report {
            unjudged: vec![Unjudged {
                region: Some("eu-west-2".to_owned()),
                profile: Some("<dev>".to_owned()),
                why: "there is no file system".to_owned(),
                counts,
            }],
            ..Report::default()
        };
        let look = Look {
            color: false,
            width: 80,
            all: false,
            baseline: false,
            at: None,
            invocation: Invocation::PLAIN,
        };
        let shown = |format| render(&report, format, &look);
        assert_eq!(
            shown(form("table")),
            "nothing was audited: eu-west-2 (<dev>): there is no file system\n"
        );
        let junit = shown(form("junit"));
        let (errors, element) = if counts {
            (1, "<error")
        } else {
            (0, "<skipped")
        };
        assert!(
            junit.contains(&format!("tests=\"1\" failures=\"0\" errors=\"{errors}\"")),
            "{junit}"
        );
        assert!(
            junit.contains(element) && junit.contains("&lt;dev&gt;"),
            "{junit}"
        );
        let sarif: serde_json::Value = serde_json::from_str(&shown(form("sarif"))).unwrap();
        let run = &sarif["runs"][0]["invocations"][0];
        assert_eq!(run["executionSuccessful"], !counts);
        let level = if counts { "error" } else { "warning" };
        assert_eq!(run["toolExecutionNotifications"][0]["level"], level);
        assert!(
            shown(form("github"))
                .starts_with(&format!("::{level} title=nothing was audited::eu-west-2"))
        );
        assert!(shown(form("markdown")).contains("Nothing was audited: eu-west-2"));
        assert!(shown(form("csv")).ends_with(
            "eu-west-2,,,,,unjudged,there is no file system,,false,<dev>,nothing was audited\r\n"
        ));
    }
}
