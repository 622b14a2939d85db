//! Who may import whom: `docs/ARCHITECTURE.md` in force.

mod circles;
mod crates;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Room → rooms it may name in a `crate::` path. What is not listed may not be named. A crate in place is a folder with rooms.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("error", &["domain", "cloud"]),
    ("signals", &[]),
    ("cloud", &["domain", "cloud"]),
    ("audit", &["audit", "cloud", "domain"]),
    ("aws", &["aws", "cloud", "domain"]),
    ("provision", &["provision", "cloud", "domain", "error"]),
    (
        "service",
        &[
            "service",
            "audit",
            "provision",
            "cloud",
            "domain",
            "error",
            "export",
            "connect",
            "cost",
            "doctor",
            "host",
            "picture",
            "verify",
        ],
    ),
    // What is judged is typed where it is read: what a policy lets clients do, and what a host shows.
    ("doctor", &["doctor", "connect", "domain", "host"]),
    ("host", &["host", "domain"]),
    // What a policy lets clients do is the same for who mounts and for who says how to; which mount a path is on, this host shows.
    ("verify", &["verify", "connect", "domain", "host"]),
    // The fault rules of `sandbox serve`, the clients of an audit and what to do on failure are parsed where they are typed.
    (
        "cli",
        &[
            "cli",
            "audit",
            "connect",
            "cost",
            "domain",
            "export",
            "picture",
            "report",
            "sandbox",
            "service",
            "verify",
            "workspace",
        ],
    ),
    ("settings", &["cli", "domain", "error", "workspace"]),
    ("report", &["report", "domain"]),
    ("export", &["export", "domain"]),
    ("connect", &["connect", "domain"]),
    ("picture", &["picture", "domain"]),
    ("cost", &["cost", "domain"]),
    ("manifest", &["manifest", "domain"]),
    (
        "ui",
        &[
            "ui",
            "cli",
            "cost",
            "doctor",
            "domain",
            "error",
            "report",
            "settings",
            "workspace",
        ],
    ),
    (
        "commands",
        &[
            "commands",
            "aws",
            "cli",
            "connect",
            "cost",
            "doctor",
            "domain",
            "error",
            "export",
            "host",
            "manifest",
            "picture",
            "report",
            "sandbox",
            "service",
            "settings",
            "signals",
            "ui",
            "verify",
            "workspace",
        ],
    ),
    (
        "program",
        &[
            "cli", "commands", "domain", "error", "settings", "signals", "ui",
        ],
    ),
    // The names at the root.
    (
        "lib",
        &["aws", "cloud", "domain", "error", "program", "service"],
    ),
    ("main", &[]),
    ("sandbox/mix", &[]),
    ("sandbox/wildcard", &[]),
    (
        "sandbox/world",
        &["sandbox/mix", "sandbox/wildcard", "sandbox/world"],
    ),
    (
        "sandbox/wire",
        &["sandbox/wildcard", "sandbox/wire", "sandbox/world"],
    ),
    (
        "sandbox/fault",
        &["sandbox/mix", "sandbox/wire", "sandbox/world"],
    ),
    ("sandbox/store", &["sandbox/wire", "sandbox/world"]),
    (
        "sandbox/account",
        &[
            "sandbox/fault",
            "sandbox/store",
            "sandbox/wire",
            "sandbox/world",
        ],
    ),
    (
        "sandbox/connector",
        &["sandbox/account", "sandbox/wire", "sandbox/world"],
    ),
    ("sandbox/nfs", &["sandbox/account", "sandbox/world"]),
    ("sandbox/server", &["sandbox/account", "sandbox/wire"]),
    ("sandbox/lib", &[]),
    ("workspace/domain", &["workspace/domain"]),
    ("workspace/share", &["workspace/domain", "workspace/share"]),
    (
        "workspace/service",
        &["workspace/domain", "workspace/service", "workspace/share"],
    ),
    (
        "workspace/serve",
        &[
            "workspace/domain",
            "workspace/serve",
            "workspace/service",
            "workspace/share",
        ],
    ),
    ("workspace/lib", &[]),
];

pub fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    found
        .into_iter()
        .map(|path| {
            (
                path.strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

/// The folder of a crate in place, with its slash; nothing for the crate of the root.
fn house(file: &str) -> &str {
    crates::nested()
        .iter()
        .map(|name| format!("{name}/"))
        .find(|folder| file.starts_with(folder))
        .map_or("", |folder| &file[..folder.len()])
}

fn room(file: &str) -> &str {
    let house = house(file);
    let name = file[house.len()..].split(['/', '.']).next().unwrap();
    &file[..house.len() + name.len()]
}

#[test]
fn imports_follow_the_arrows() {
    let rooms: Vec<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let mut wrong = Vec::new();
    for (file, text) in files() {
        let (house, from) = (house(&file), room(&file));
        let (_, allowed) = ARROWS
            .iter()
            .find(|(name, _)| *name == from)
            .unwrap_or_else(|| panic!("no row for {file}"));
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for rest in line.split("crate::").skip(1) {
                let named: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                let named = match crates::nested().contains(&named) {
                    true => named,
                    false => format!("{house}{named}"),
                };
                // A function of the crate root is wiring.
                let to = match rooms.contains(&named.as_str()) || crates::nested().contains(&named)
                {
                    true => named,
                    false => format!("{house}lib"),
                };
                if !allowed.contains(&to.as_str()) {
                    wrong.push(format!("{file}: {from} → {to}: {}", line.trim()));
                }
            }
        }
    }
    // By way of `super::` too.
    for (file, used) in circles::imports() {
        let from = room(&file);
        let (_, allowed) = ARROWS.iter().find(|(name, _)| *name == from).unwrap();
        for other in used {
            let to = room(&other);
            let is_allowed = allowed
                .iter()
                .any(|room| to == *room || to.starts_with(&format!("{room}/")));
            if to != from && !is_allowed {
                wrong.push(format!("{file} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let only = [
        ("aws_sdk_", "aws/"),
        ("aws_config", "aws/"),
        ("indicatif", "ui/"),
        ("tabled", "ui/"),
        ("backoff::", "provision/pace.rs"),
        ("clap", "cli/ commands/mod.rs program.rs"),
        ("std::env::", "settings main.rs"),
        ("hyper", "sandbox/server workspace/serve"),
        ("axum", "workspace/serve"),
        (
            "rustix",
            "host/facts sandbox/nfs verify/path workspace/share",
        ),
        (
            "tokio",
            "aws/ cloud/budget.rs commands/ host/ program.rs provision/ sandbox/account sandbox/connector.rs sandbox/nfs sandbox/server service signals.rs verify/ workspace/serve",
        ),
    ];
    for (file, text) in files() {
        for (name, places) in only {
            let uses = text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(name));
            assert!(
                !uses || places.split(' ').any(|place| file.starts_with(place)),
                "{file} names {name}"
            );
        }
    }
}

#[test]
fn no_file_is_longer_than_it_should_be() {
    for (file, text) in files() {
        let lines = text.lines().count();
        assert!(
            lines <= 400,
            "{file} has {lines} lines: is it one room, or two?"
        );
        assert!(
            !file.starts_with("commands/") || lines <= 150,
            "{file} has {lines} lines: what is more than glue belongs to the service"
        );
    }
}

/// AWS adds words: what reads its answers takes the SDK's enumerations as text, and the domain keeps what it does not know. A
/// pattern over an enumeration of the SDK, or a value for what is missing, needs a reason that stands here.
#[test]
fn no_unknown_word_becomes_a_known_one() {
    // Line → why nothing is invented by it.
    let reasons = [
        (
            r#"shape.rule_number().unwrap_or_default()"#,
            "only names an entry in a sentence",
        ),
        (
            "tag.value().unwrap_or_default()",
            "a tag without a value has the empty one",
        ),
        (
            "shape.is_default().unwrap_or(false)",
            "EC2 is asked for the default VPC by a filter",
        ),
        (
            "shape.ipv6_native().unwrap_or(false)",
            "the flag is younger than some of what answers",
        ),
        (
            r#"path.unwrap_or("/")"#,
            "an access point without a root directory has the root",
        ),
        (
            "shape.description().unwrap_or_default()",
            "an interface without one is none of a mount target",
        ),
        (
            "u64::try_from(size.value()).unwrap_or(0)",
            "the SDK puts zero for a missing size",
        ),
        (
            "u32::try_from(shape.number_of_mount_targets()).unwrap_or(0)",
            "the SDK puts zero for a missing count",
        ),
        (".unwrap_or(NOT_REPORTED)", "says that it is not told"),
    ];
    let forms = [
        "unwrap_or(",
        "unwrap_or_default(",
        "unwrap_or_else(",
        "is_some_and(",
        "_ =>",
        "::Allow",
    ];
    let mut wrong = Vec::new();
    let mut used = std::collections::BTreeSet::new();
    for name in [
        "call",
        "cloud",
        "convert",
        "ec2",
        "efs",
        "group_rules",
        "inventory",
        "network",
        "routing",
        "required",
    ] {
        let file = format!("aws/{name}.rs");
        let text = &files()[&file];
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("//"))
        {
            if !forms.iter().any(|form| line.contains(form)) {
                continue;
            }
            match reasons.iter().find(|(reason, _)| line.contains(reason)) {
                Some((reason, _)) => drop(used.insert(*reason)),
                None => wrong.push(format!("{file}: {line}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle: Vec<_> = reasons
        .iter()
        .filter(|(reason, _)| !used.contains(reason))
        .collect();
    assert!(idle.is_empty(), "no longer needed: {idle:?}");
}
