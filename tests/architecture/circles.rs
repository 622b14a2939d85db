//! What `use` brings in, file by file, and that no two files need each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, house};

/// The module of a file: `audit/policy` of `audit/policy.rs` and of `audit/policy/mod.rs`.
fn module(file: &str) -> &str {
    let path = file.strip_suffix(".rs").unwrap();
    let path = path.strip_suffix("mod").unwrap_or(path);
    let path = match path.strip_suffix("lib") {
        Some(house) if house.is_empty() || house.ends_with('/') => house,
        _ => path,
    };
    path.trim_end_matches('/')
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn spread(tree: &str) -> Vec<String> {
    let Some((before, inside)) = tree.split_once('{') else {
        return vec![tree.to_owned()];
    };
    let inside = inside.strip_suffix('}').unwrap();
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts
        .flat_map(spread)
        .map(|part| format!("{before}{part}"))
        .collect()
}

/// The modules that a file brings in by `use`, its tests left out.
fn used(file: &str, text: &str, modules: &BTreeSet<&str>) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap();
    let code: Vec<&str> = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let statements = code.split("use ").skip(1);
    let trees = statements.filter_map(|rest| rest.split_once(';'));
    let own = module(file);
    let mut found = BTreeSet::new();
    for (tree, _) in trees {
        let tree: String = tree.split_whitespace().collect();
        if !tree
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_:{},*".contains(&b))
        {
            continue;
        }
        for path in spread(&tree) {
            let mut names = path.split("::").peekable();
            let mut at = match names.peek() {
                Some(&"crate") => house(file).trim_end_matches('/').to_owned(),
                Some(&"super" | &"self") => own.to_owned(),
                _ => continue,
            };
            for name in names {
                let below = match at.as_str() {
                    "" => name.to_owned(),
                    at => format!("{at}/{name}"),
                };
                match name {
                    "crate" | "self" => {}
                    "super" => {
                        at = at
                            .rsplit_once('/')
                            .map_or("", |(above, _)| above)
                            .to_owned()
                    }
                    _ if modules.contains(below.as_str()) => at = below,
                    _ => break,
                }
            }
            if at != own {
                found.insert(at);
            }
        }
    }
    found
}

/// Each file with the files that it brings in.
pub fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let files = files();
    let file_of: BTreeMap<&str, &String> = files.keys().map(|file| (module(file), file)).collect();
    let modules = file_of.keys().copied().collect();
    let named = |(file, text): (&String, &String)| {
        let used = used(file, text, &modules).into_iter();
        let used = used.map(|module| file_of[module.as_str()].clone());
        (file.clone(), used.collect())
    };
    files.iter().map(named).collect()
}

/// A folder and what is in it may name each other; of two other files one can be read without the other.
#[test]
fn no_two_files_need_each_other() {
    let imports = imports();
    let is_family = |a: &str, b: &str| {
        let (a, b) = (module(a), module(b));
        a.is_empty() || b.is_empty() || a.starts_with(b) || b.starts_with(a)
    };
    // What nothing that is left needs is taken away, until only circles are left.
    let mut left: BTreeMap<&str, BTreeSet<&str>> = imports
        .iter()
        .map(|(file, used)| {
            let used = used.iter().map(String::as_str);
            (
                file.as_str(),
                used.filter(|other| !is_family(file, other)).collect(),
            )
        })
        .collect();
    loop {
        let alone: Vec<&str> = left
            .iter()
            .filter(|(_, used)| !used.iter().any(|other| left.contains_key(other)))
            .map(|(file, _)| *file)
            .collect();
        if alone.is_empty() {
            break;
        }
        left.retain(|file, _| !alone.contains(file));
    }
    // The same from the other side: what a circle is needed by is none of it.
    loop {
        let needed: BTreeSet<&str> = left.values().flatten().copied().collect();
        let before = left.len();
        left.retain(|file, _| needed.contains(file));
        if left.len() == before {
            break;
        }
    }
    let circle: Vec<&str> = left.keys().copied().collect();
    assert!(circle.is_empty(), "these files need each other: {circle:?}");
}
