//! Lines to type next: each reaches the account and the region that it is about.

use std::fs;
use std::path::Path;

use efsctl::audit::rules::Rules;
use efsctl::domain::advice::{Invocation, Piece, Program};
use efsctl::domain::finding::Report;
use efsctl::domain::keyword::Keyword;
use efsctl::report::{Format, Look, render};
use efsctl::service::{Scope, ValidateOptions};
use efsctl::ui::document::AuditView;

use crate::support::cli::{Efsctl, fixture};
use crate::support::harness::{Harness, REGION};
use crate::support::world::world;

const WORLDS: [&str; 4] = ["messy", "audit", "clients", "fixable"];

/// What stands in a text where a command begins.
const BEGINNINGS: [&str; 13] = [
    "efsctl create ",
    "efsctl validate ",
    "efsctl wait ",
    "efsctl describe ",
    "efsctl list",
    "efsctl delete ",
    "efsctl --",
    "aws efs ",
    "aws ec2 ",
    "aws kms ",
    "aws iam ",
    "aws sso ",
    "aws configure ",
];

fn invocation() -> Invocation {
    Invocation {
        profile: Some("prodx".to_owned()),
        endpoint_url: Some("http://127.0.0.1:9".to_owned()),
        ..Invocation::default()
    }
}

/// Everything that fails in the worlds that are made to fail, with clients stated where it takes them.
async fn messes() -> Vec<Report> {
    let mut reports = Vec::new();
    for world in WORLDS {
        let text = fs::read_to_string(fixture(&format!("worlds/{world}.toml"))).unwrap();
        for (clients, tag) in [
            (&[][..], None),
            (&["10.0.1.0/24", "8.0.0.0/6"], Some("owner")),
        ] {
            let mut rules = Rules::on("2026-11-21".to_owned());
            let tags = tag.map(|tag: &str| (tag.to_owned(), Some("it's a team".to_owned())));
            rules.required_tags.extend(tags);
            let options = ValidateOptions {
                region: REGION.to_owned(),
                clients: clients.iter().map(|c| c.parse().unwrap()).collect(),
                rules,
                ..ValidateOptions::default()
            };
            let auditor = Harness::described(&text).auditor().await;
            reports.push(auditor.validate(&Scope::All, &options).await.unwrap());
        }
    }
    reports
}

#[tokio::test(start_paused = true)]
async fn every_command_of_every_remedy_carries_account_and_region() {
    let target = "--region eu-west-1 --profile prodx --endpoint-url http://127.0.0.1:9";
    let ours = "efsctl --endpoint-url http://127.0.0.1:9 --region eu-west-1 --profile prodx ";
    let mut commands = 0;
    for report in messes().await {
        let mut here = 0;
        for (_, finding) in report.findings() {
            let Some(remedy) = &finding.remedy else {
                continue;
            };
            for piece in remedy.pieces() {
                match piece {
                    Piece::Text(_) | Piece::Field(..) => {
                        let text = piece.shown(&invocation());
                        let said = BEGINNINGS.iter().find(|begin| text.contains(*begin));
                        assert_eq!(said, None, "{}: {text}", finding.about.id);
                    }
                    Piece::Step(step) => {
                        here += 1;
                        let shown = step.command.shown(&invocation());
                        match step.command.program {
                            Program::Aws => assert!(shown.ends_with(target), "{shown}"),
                            Program::Efsctl => assert!(shown.starts_with(ours), "{shown}"),
                            Program::Shell => panic!("an audit knows no host: {shown}"),
                        }
                    }
                }
            }
        }
        let look = Look {
            color: false,
            width: usize::MAX,
            all: false,
            baseline: false,
            at: None,
            invocation: invocation(),
        };
        for (format, ..) in Format::KEYWORDS {
            let text = render(&report, *format, &look);
            let carried = text.matches("--profile prodx").count();
            assert!(carried >= here, "{format:?}: {carried} of {here}");
        }
        let view = AuditView::of(report, &invocation());
        let json = serde_json::to_string(&view).unwrap();
        assert_eq!(json.matches("--profile prodx").count(), here);
        commands += here;
    }
    assert!(commands > 50, "{commands} commands are few");
}

#[test]
fn hints_carry_what_was_typed() {
    let world = fixture("worlds/messy.toml");
    let typed = format!("--sandbox --world {} --region eu-west-1", world.display());
    let ours = format!("efsctl {typed} ");
    for (arguments, line) in [
        ("describe nothing", "list;"),
        ("wait nothing", "list;"),
        ("delete nothing --yes", "list;"),
        ("validate nothing", "list;"),
    ] {
        let ended = Efsctl::new(&format!("{arguments} {typed}")).run();
        let told = ended.stdout + &ended.stderr;
        let wanted = format!("{ours}{line}");
        assert!(told.contains(&wanted), "{arguments}: {told}");
    }
    let world = fixture("worlds/obstacles.toml");
    let typed = format!("--sandbox --world {} --region eu-west-1", world.display());
    for (arguments, line) in [
        ("delete plain", "delete plain --yes;"),
        ("list --orphans", "delete plain --yes\n"),
        ("create new --az eu-west-1a --no-wait", "describe new\n"),
    ] {
        let ended = Efsctl::new(&format!("{arguments} {typed}")).run();
        let told = ended.stdout + &ended.stderr;
        let wanted = format!("efsctl {typed} {line}");
        assert!(told.contains(&wanted), "{arguments}: {told}");
    }
}

/// What is asked of an audit is called by its flag on the command line, in evidence too.
#[test]
fn evidence_names_the_flags_of_the_command_line() {
    let world = fixture("worlds/obstacles.toml");
    let typed = format!("--sandbox --world {} --show-all", world.display());
    let ended = Efsctl::new(&format!("validate plain {typed}")).run();
    for sentence in [
        "no key is expected (--kms-key)",
        "no tags are required (--require-tag)",
        "no clients are given (--client)",
        "no subnet (--subnet) and no VPC (--vpc) is expected",
    ] {
        assert!(
            ended.stdout.contains(sentence),
            "{sentence}: {}",
            ended.stdout
        );
    }
}

/// Of several profiles and regions each remedy names its own.
#[test]
fn remedies_of_several_places_name_their_own() {
    let world = fixture("worlds/messy.toml");
    let ended = Efsctl::new(&format!(
        "--sandbox --world {} validate --all --profile prod,dev --region eu-west-1,eu-west-2 -o json",
        world.display()
    ))
    .run();
    let document = ended.document();
    let mut commands = 0;
    for audited in document["audit"]["file_systems"].as_array().unwrap() {
        let profile = format!("--profile {}", audited["profile"].as_str().unwrap());
        let region = format!("--region {}", audited["region"].as_str().unwrap());
        for finding in audited["findings"].as_array().unwrap() {
            let remedy = finding["remedy"].as_str().unwrap_or_default();
            if BEGINNINGS.iter().any(|begin| remedy.contains(begin)) {
                commands += 1;
                assert!(
                    remedy.contains(&profile) && remedy.contains(&region),
                    "{remedy}"
                );
            }
        }
    }
    assert!(commands > 20, "{commands} commands are few");
}

/// An ARN tells the region: what is typed next has to be told it too.
#[test]
fn a_region_that_an_arn_told_is_carried_on() {
    let world = world().region("us-east-1").file_system_of_efsctl("demo");
    let world = world.file();
    let arn = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0000000000000000a";
    let typed = format!("--sandbox --world {}", world.path().display());
    let ended = Efsctl::new(&format!("delete {arn} {typed}")).run();
    let wanted = format!("efsctl {typed} --region us-east-1 delete fs-0000000000000000a --yes;");
    assert!(ended.stderr.contains(&wanted), "{}", ended.stderr);
}

/// A line that is only text would be shown without its account.
#[test]
fn no_line_to_type_is_written_as_text() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut wrong = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // The sandbox speaks as AWS does; the command line describes itself.
            if [
                "/src/sandbox/",
                "/src/cli/",
                "/domain/advice",
                "/configuration/table.rs",
            ]
            .iter()
            .any(|part| name.contains(part))
            {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            for line in code.filter(|line| line.contains('"')) {
                let said = BEGINNINGS.iter().any(|begin| line.contains(begin));
                // What a check is about, and the names of reports.
                let is_about =
                    line.trim_start().starts_with("why: ") || line.contains("efsctl validate\\");
                if said && !is_about && !line.contains("--help") {
                    wrong.push(format!("{name}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
