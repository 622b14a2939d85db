//! Words that were given up. What a user reads, and the names in the code, have the words of AWS, Terraform, Kubernetes and Rust; what
//! this project calls by a word of its own is in the glossary of `docs/ARCHITECTURE.md`.

use std::fs;
use std::path::Path;

use super::{files, sources};

/// Word or phrase of what a user reads → what to write instead. Whole words, in any case.
const RETIRED: &[(&str, &str)] = &[
    ("admit", "allow"),
    ("admits", "allows"),
    ("admitted", "allowed"),
    ("admitting", "allowing"),
    ("anew", "again, or a verb with re-: recreated"),
    ("anybody", "a principal, a client"),
    ("are due", "to apply"),
    ("being made", "being created"),
    ("by waiting", "permanent"),
    ("doors", "the HTTP and the in-process backends"),
    ("efsctl made", "efsctl created"),
    ("for good", "permanent"),
    ("goes on", "continues, takes over"),
    ("gone", "deleted, does not exist"),
    ("half-made", "incomplete"),
    ("in doubt", "ownership is uncertain, the outcome is unknown"),
    ("looked at", "read, checked"),
    ("looking at", "reading, checking"),
    ("looks at", "reads, checks"),
    ("made by", "created by"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("mends", "fixes"),
    ("nobody", "no principal, no client; or name what is missing"),
    ("not met", "the failure itself"),
    ("not seen", "could not be checked, could not be read"),
    ("run made", "run created"),
    ("somebody", "a principal, a caller, another run or tool"),
    ("stands in", "is in"),
    ("take back", "roll back"),
    ("taken back", "rolled back"),
    ("takes back", "rolls back"),
    ("time was over", "timed out"),
    ("told", "reported, shown, printed"),
    ("wear", "have, be attached to"),
    ("wearing", "with"),
    ("wears", "has, is attached to"),
    ("what is asked of", "expectations"),
    ("whoever", "name the principal, the caller or the run"),
    ("worn", "attached"),
];

/// A name that was given up → the one it has now. Whole names.
const RETIRED_NAMES: &[(&str, &str)] = &[
    ("AdmitNfs", "AllowNfs"),
    ("Bench", "Harness"),
    ("Blind", "ReadFailed"),
    ("Bug", "Mutant"),
    ("CURES", "FIXERS"),
    ("Cure", "Fixer"),
    ("Desk", "App"),
    ("Dice", "Rng"),
    ("Direct", "InMemory"),
    ("Endpoints", "NetworkInterfaces"),
    ("Facts", "FileSystemFacts"),
    ("Ground", "Setup"),
    ("Hand", "ManualDeletion"),
    ("Hearer", "Observer"),
    ("Itself", "SelfReference"),
    ("Judged", "Scanned"),
    ("Layout", "Placement"),
    ("LayoutError", "PlacementError"),
    ("Lost", "Ambiguous"),
    ("Mend", "FixPlan"),
    ("NOT_TOLD", "NOT_REPORTED"),
    ("Now", "Observed"),
    ("REHEARSED", "DRY_RUN"),
    ("Right", "Permission"),
    ("Seen", "Known"),
    ("Settle", "Recheck"),
    ("ShortOf", "FailedRun"),
    ("Sight", "Lookup"),
    ("Site", "ZonePlacement"),
    ("Story", "Trace"),
    ("Target", "Desired"),
    ("Telling", "StreamingReport"),
    ("Terminal", "Permanent"),
    ("Told", "Streamed"),
    ("Undone", "RollbackOutcome"),
    ("Unseen", "Unavailable"),
    ("Wearing", "WithGroup"),
    ("admit", "allow"),
    ("admit_nfs", "allow_nfs"),
    ("admit_somebody", "allow_some"),
    ("admits", "allows"),
    ("admits_itself", "self_referencing"),
    ("admitted", "allowed"),
    ("admitting", "allowing"),
    ("bench", "harness"),
    ("blame", "with_leftovers"),
    ("credit", "confirm_settings"),
    ("curable", "fixable"),
    ("cure", "fixer"),
    ("cures", "fixers"),
    ("desk", "app"),
    ("dice", "rng"),
    ("doubtful_parts", "unconfirmed_scopes"),
    ("doubtful_until", "unconfirmed_until"),
    ("doubtful_zones", "unconfirmed_zones"),
    ("echoes", "superseded"),
    ("first_look", "first_read"),
    ("from_word", "from_api"),
    ("given_up", "skipped"),
    ("grounds", "setups"),
    ("hear", "on_audited"),
    ("hearer", "observer"),
    ("hostile", "adversarial"),
    ("hurry", "no_wait"),
    ("judge_again", "rescan"),
    ("judge_there", "scan_there"),
    ("lasting", "kept_changes"),
    ("layout", "placement"),
    ("look_for_groups", "read_groups"),
    ("looked_for", "requested_interfaces"),
    ("looking_for", "with_read_timeout"),
    ("mend", "fix"),
    ("mend_lane", "fix_queue"),
    ("mended", "fixed"),
    ("mends", "plans"),
    ("moments", "kill_signals"),
    ("next_look", "next_poll"),
    ("not_told", "not_reported"),
    ("paced", "with_pacing"),
    ("perhaps_set", "unconfirmed_changes"),
    ("placing", "placement"),
    ("plan_mend", "plan_fix"),
    ("planted", "mutants"),
    ("short_of", "failed"),
    ("sight", "lookup"),
    ("stopped_by", "with_cancellation"),
    ("story", "trace"),
    ("survey_mend", "survey_fix"),
    ("teeth", "mutation_check"),
    ("tell_states", "report_states"),
    ("telling", "stream"),
    ("tired", "server_error"),
    ("told_once", "report_once"),
    ("trouble", "stale"),
    ("unsaid", "output_failed"),
    ("wear", "attach"),
    ("wearers", "users"),
    ("wears", "attached"),
    ("worn", "attached"),
    ("worn_by_others", "groups_of_others"),
];

/// A piece of a source file.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// What a string literal says.
    Text(String),
    /// A line of documentation.
    Doc(String),
    /// An identifier.
    Name(String),
}

/// What a source file consists of, with the line that each piece begins in. Other comments are left out, and so are the reasons of
/// lint attributes, which only a reader of the source meets.
fn pieces(source: &str) -> Vec<(usize, Piece)> {
    let (mut found, mut rest, mut line) = (Vec::new(), source, 1);
    while let Some(first) = rest.chars().next() {
        let before = &source[..source.len() - rest.len()];
        let is_text = !before.trim_end().ends_with("reason =");
        let (length, piece) = match (first, raw(rest)) {
            (_, Some((length, text))) => (length, Some(Piece::Text(text.to_owned()))),
            ('/', _) if rest.starts_with("//") => {
                let end = rest.find('\n').unwrap_or(rest.len());
                let doc = rest[..end].strip_prefix("///");
                (end, doc.map(|doc| Piece::Doc(doc.trim().to_owned())))
            }
            ('/', _) if rest.starts_with("/*") => {
                (rest.find("*/").map_or(rest.len(), |end| end + 2), None)
            }
            ('"', _) => {
                let (length, text) = quoted(rest);
                (length, is_text.then_some(Piece::Text(text)))
            }
            ('\'', _) => (character(rest), None),
            (first, _) if first.is_alphabetic() || first == '_' => {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
                (end, Some(Piece::Name(rest[..end].to_owned())))
            }
            (first, _) => (first.len_utf8(), None),
        };
        found.extend(piece.map(|piece| (line, piece)));
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// The raw string that a text begins with: its length, and what it says.
fn raw(rest: &str) -> Option<(usize, &str)> {
    let after = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    let after = after.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let text = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = text.find(&close)?;
    let length = rest.len() - text.len() + end + close.len();
    Some((length, &text[..end]))
}

/// The string that a text begins with: its length, and what it says.
fn quoted(rest: &str) -> (usize, String) {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (at + 1, text),
            '\\' => match characters.next() {
                Some((_, 'n' | 't' | 'r' | '\n')) => text.push(' '),
                Some((_, other)) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    (rest.len(), text)
}

/// How long the character is that a text begins with; one: it is a lifetime.
fn character(rest: &str) -> usize {
    let begin: Vec<(usize, char)> = rest.char_indices().take(4).collect();
    match begin.as_slice() {
        [_, (_, '\\'), _, (from, _)] => {
            let end = rest[*from..].find('\'');
            end.map_or(rest.len(), |end| from + end + 1)
        }
        [_, _, (end, '\''), ..] => end + 1,
        _ => 1,
    }
}

/// The words of a text in lower case. What is in backticks or braces is code, and one word that nothing is like.
fn words(text: &str) -> Vec<String> {
    let (mut plain, mut is_code, mut depth) = (String::new(), false, 0_usize);
    for character in text.chars() {
        match character {
            '`' => is_code = !is_code,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if is_code || depth > 0 => continue,
            other => {
                plain.extend(other.to_lowercase());
                continue;
            }
        }
        plain.push_str(" _ ");
    }
    plain
        .split(|c: char| !(c.is_alphanumeric() || "-_'".contains(c)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The retired words in a text, each with what to write instead.
fn retired(text: &str) -> impl Iterator<Item = String> {
    let words = words(text);
    let is_in = move |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words
            .windows(phrase.len())
            .any(|found| found.iter().map(String::as_str).eq(phrase.iter().copied()))
    };
    RETIRED
        .iter()
        .filter(move |(old, _)| is_in(old))
        .map(|(old, new)| format!("“{old}”: write {new}"))
}

/// The retired names among pieces of a source file.
fn retired_names<'a>(
    pieces: &'a [(usize, Piece)],
    names: &'a [(&str, &str)],
) -> impl Iterator<Item = String> + 'a {
    pieces.iter().filter_map(move |(line, piece)| match piece {
        Piece::Name(name) => {
            let (old, new) = names.iter().find(|(old, _)| old == name)?;
            Some(format!("{line}: `{old}` is `{new}` now"))
        }
        Piece::Text(_) | Piece::Doc(_) => None,
    })
}

/// The code of a file without its tests.
fn without_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod tests {").next().unwrap()
}

/// The prose of a page, line by line: what stands in fences is code, or what a program printed.
fn prose(page: &str) -> Vec<(usize, &str)> {
    let mut is_code = false;
    let lines = page.lines().enumerate().filter(|(_, line)| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    lines.map(|(nth, line)| (nth + 1, line)).collect()
}

#[test]
fn what_a_user_reads_has_no_word_that_was_given_up() {
    let mut wrong = Vec::new();
    for (file, code) in files() {
        let quotes_aws = file.starts_with("sandbox/world/") || file.starts_with("sandbox/wire/");
        if quotes_aws || file.ends_with("/tests.rs") {
            continue;
        }
        for (line, piece) in pieces(without_tests(&code)) {
            let text = match piece {
                Piece::Text(text) => text,
                // Of these files documentation is what `--help` and the JSON Schema say.
                Piece::Doc(text) if file.starts_with("cli/") || file == "ui/document.rs" => text,
                Piece::Doc(_) | Piece::Name(_) => continue,
            };
            wrong.extend(retired(&text).map(|word| format!("src/{file}:{line}: {word}: {text}")));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    let docs = fs::read_dir(root.join("docs")).unwrap();
    pages.extend(docs.map(|entry| entry.unwrap().path()));
    assert!(pages.len() > 10);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let name = page.strip_prefix(root).unwrap().display();
        for (line, prose) in prose(&text) {
            wrong.extend(retired(prose).map(|word| format!("{name}:{line}: {word}: {prose}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_name_is_one_that_was_given_up() {
    let mut code = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = Vec::new();
    sources(&root.join("tests"), &mut tests);
    for path in tests {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        code.push((name, fs::read_to_string(&path).unwrap()));
    }
    // The sandbox has names of its own, many of them AWS's.
    let files = files().into_iter();
    let ours = files.filter(|(file, _)| !file.starts_with("sandbox/"));
    code.extend(ours.map(|(file, text)| (format!("src/{file}"), text)));
    let mut wrong = Vec::new();
    for (file, text) in code {
        let pieces = pieces(&text);
        wrong.extend(retired_names(&pieces, RETIRED_NAMES).map(|name| format!("{file}:{name}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_glossary_is_short_and_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/ARCHITECTURE.md")).unwrap();
    let (_, after) = page.split_once("\n## Words of this project\n").unwrap();
    let section = after.split("\n## ").next().unwrap();
    let rows: Vec<Vec<&str>> = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| word |"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!((10..=20).contains(&rows.len()), "{}", rows.len());
    for row in rows {
        let [_, word, meaning, place, _] = row.as_slice() else {
            panic!("{row:?}");
        };
        assert!(!meaning.is_empty(), "{word}");
        let place = place.trim_matches('`');
        let place = place.strip_prefix("src/").unwrap_or(place);
        assert!(root.join("src").join(place).exists(), "{word}: {place}");
    }
}

#[test]
fn a_word_that_was_given_up_is_found_where_it_is_text_and_nowhere_else() {
    for (code, found) in [
        (r#"let a = "the time was over";"#, 1),
        (
            r#"let a = "The group ADMITS it, and somebody wears it";"#,
            3,
        ),
        ("let a = r#\"it is \"gone\" by now\"#;", 1),
        ("let a = \"what was taken \\\n     back\";", 1),
        (r#"let a = b"gone";"#, 1),
        (r#"let a = ('"', '\'', "gone", '\u{1F}');"#, 1),
        (
            r#"fn gone<'a>(told: &'a str) -> &'a str { told } // somebody"#,
            0,
        ),
        (
            r#"let a = "{told}: `told` by nfs-admitted, {gone:?} {{told}}";"#,
            0,
        ),
        (r#"#[expect(dead_code, reason = "nobody asked")]"#, 0),
        (
            r#"let a = "a \"quoted\" region looks like one"; // gone "#,
            0,
        ),
        (
            "/* somebody */ let a = 1;\n#[cfg(test)]\nmod tests { const A: &str = \"gone\"; }",
            0,
        ),
    ] {
        let texts = pieces(without_tests(code))
            .into_iter()
            .filter_map(|it| match it.1 {
                Piece::Text(text) => Some(text),
                Piece::Doc(_) | Piece::Name(_) => None,
            });
        let words: Vec<String> = texts
            .flat_map(|text| retired(&text).collect::<Vec<_>>())
            .collect();
        assert_eq!(words.len(), found, "{code}: {words:?}");
    }
    let page = "It was told.\n```\ntold\n```\n`told`, and\nwhoever";
    let lines: Vec<usize> = prose(page)
        .into_iter()
        .filter(|(_, line)| retired(line).next().is_some())
        .map(|(line, _)| line)
        .collect();
    assert_eq!(lines, [1, 6]);
    let doc = pieces("/// Somebody.\n// told\nfn f() {}");
    assert_eq!(doc[0], (1, Piece::Doc("Somebody.".to_owned())));
    assert_eq!(doc[1], (3, Piece::Name("fn".to_owned())));

    let names = &[("told", "shown")];
    let code = "// told\nlet retold = \"told\";\nlet told = 1;\nuntold.told()";
    let found: Vec<String> = retired_names(&pieces(code), names).collect();
    assert_eq!(
        found,
        ["3: `told` is `shown` now", "4: `told` is `shown` now"]
    );
}
