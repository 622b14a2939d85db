//! The commands of docs/CONNECT.md run in the simulated account, and end as it says.

use std::collections::BTreeSet;

use efsctl::connect::Form;
use efsctl::domain::keyword::Keyword;
use efsctl::domain::settings::policy::Preset;

use super::{data, efsctl};

/// What stands in backticks and is a command, with the text behind it on its line.
fn commands(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in page.lines() {
        let mut parts = line.split('`');
        parts.next();
        while let (Some(code), Some(after)) = (parts.next(), parts.next()) {
            if code.starts_with("efsctl connect ") && !code.starts_with("efsctl connect FS") {
                found.push((code.to_owned(), after.to_owned()));
            }
        }
        if let Some(command) = line.strip_prefix("efsctl connect ") {
            let command = command.split(" | ").next().unwrap();
            let command = command.split(" > ").next().unwrap();
            found.push((
                format!(
                    "efsctl connect {}",
                    command.split("  #").next().unwrap().trim()
                ),
                String::new(),
            ));
        }
    }
    found
}

#[test]
fn every_command_of_the_page_runs_and_ends_as_it_says() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CONNECT.md")).unwrap();
    let tls = Preset::document(&[Preset::EnforceTls].into()).to_string();
    let place = data()
        .file_system("strict")
        .set("policy", &tls)
        .mount_target('a', &["nfs"])
        .file();
    let commands = commands(&page);
    assert!(commands.len() >= 25, "{commands:?}");
    let mut forms = BTreeSet::new();
    for (command, after) in &commands {
        let line = command.strip_prefix("efsctl ").unwrap();
        let ended = efsctl(&place, line);
        let wanted = if after.starts_with(" (exit 4)") { 4 } else { 0 };
        assert_eq!(ended.code, wanted, "{command}: {}", ended.stderr);
        assert_eq!(ended.stdout.is_empty(), wanted != 0, "{command}");
        let form = line
            .split("--for ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap();
        forms.insert(form.to_owned());
    }
    let known: BTreeSet<String> = Form::KEYWORDS
        .iter()
        .map(|(_, word, _)| (*word).to_owned())
        .collect();
    assert_eq!(forms, known, "each form is on the page");
}

/// What the page shows as printed is printed.
#[test]
fn what_the_page_shows_is_printed() {
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CONNECT.md")).unwrap();
    let place = data().file();
    let mut shown = 0;
    for block in page.split("```").skip(1).step_by(2) {
        let Some((line, output)) = block
            .strip_prefix("console\n$ efsctl ")
            .and_then(|block| block.split_once('\n'))
        else {
            continue;
        };
        let ended = efsctl(&place, line);
        assert_eq!(ended.stdout, output, "{line}: {}", ended.stderr);
        shown += 1;
    }
    assert!(shown >= 5, "{shown}");
}
