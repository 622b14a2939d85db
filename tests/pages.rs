//! The blocks of docs/SANDBOX.md and docs/VALIDATE.md, run or read as they stand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use efsctl::audit::config_file::ConfigFile;
use efsctl::sandbox::world::scenario;

use crate::support::cli::Efsctl;
use crate::support::server;
use crate::support::skipped::skipped;

/// A fenced block of a page.
struct Block {
    language: String,
    text: String,
    at: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (nth, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
        match line.strip_prefix("```") {
            Some(language) if !open => {
                open = true;
                blocks.push(Block {
                    language: language.to_owned(),
                    text: String::new(),
                    at: format!("docs/{page}:{}", nth + 1),
                });
            }
            Some(_) => open = false,
            None if open => {
                let block = blocks.last_mut().unwrap();
                block.text += line;
                block.text += "\n";
            }
            None => {}
        }
    }
    assert!(!open, "{page}: a block without an end");
    blocks
}

/// The commands of a block of a terminal, each with what it prints. A line that ends with a backslash goes on.
fn commands(block: &Block) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block.text.replace("\\\n", "").lines() {
        match line.strip_prefix("$ ") {
            Some(command) => commands.push((command.to_owned(), String::new())),
            None => {
                let (_, printed) = commands.last_mut().expect("a command comes first");
                *printed += line;
                *printed += "\n";
            }
        }
    }
    commands
}

/// Whether a text is what was expected, in which `[..]` stands for anything within a line.
fn is_like(expected: &str, actual: &str) -> bool {
    let expected: Vec<&str> = expected.trim_end().lines().collect();
    let actual: Vec<&str> = actual.trim_end().lines().collect();
    let is_line_like = |(wanted, line): (&&str, &&str)| {
        let (wanted, line) = (*wanted, *line);
        let mut rest = line;
        for (nth, part) in wanted.split("[..]").enumerate() {
            match rest.find(part) {
                Some(at) if nth > 0 || at == 0 => rest = &rest[at + part.len()..],
                _ => return false,
            }
        }
        rest.is_empty() || wanted.ends_with("[..]")
    };
    expected.len() == actual.len() && expected.iter().zip(&actual).all(is_line_like)
}

#[test]
fn elisions_are_within_a_line() {
    for (expected, actual, like) in [
        ("a\nb", "a\nb\n", true),
        ("a [..] c", "a b c", true),
        ("a", "a b", false),
        ("a\nb", "a", false),
        ("a [..] c", "a b d", false),
    ] {
        assert_eq!(is_like(expected, actual), like, "{expected:?} {actual:?}");
    }
}

#[test]
fn every_toml_block_is_a_file_that_is_read() {
    for (page, read) in [
        ("SANDBOX.md", world as fn(&str) -> Result<(), String>),
        ("VALIDATE.md", policy),
    ] {
        let toml: Vec<Block> = blocks(page);
        let toml: Vec<&Block> = toml
            .iter()
            .filter(|block| block.language == "toml")
            .collect();
        assert!(!toml.is_empty(), "{page}");
        for block in toml {
            read(&block.text).unwrap_or_else(|error| panic!("{}: {error}", block.at));
        }
    }
}

fn world(text: &str) -> Result<(), String> {
    let parsed = scenario::parse(text, 0);
    parsed.map(drop).map_err(|error| error.to_string())
}

fn policy(text: &str) -> Result<(), String> {
    let parsed = ConfigFile::parse(text);
    parsed.map(drop).map_err(|error| error.to_string())
}

/// Where the commands of a page are run: the world file of the page is there, and a state file that is broken.
fn folder(page: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let toml = blocks(page)
        .into_iter()
        .find(|block| block.language == "toml");
    fs::write(folder.path().join("world.toml"), toml.unwrap().text).unwrap();
    fs::write(folder.path().join("broken.json"), "{\"efsctl_sandbox\n").unwrap();
    folder
}

/// What needs no server: one `efsctl` after the other, each in the folder of the page.
#[test]
fn what_a_page_says_that_efsctl_prints_is_printed() {
    let folder = folder("SANDBOX.md");
    let mut ran = 0;
    for block in blocks("SANDBOX.md") {
        if block.language != "console" {
            continue;
        }
        for (command, printed) in commands(&block) {
            let Some(arguments) = command.strip_prefix("efsctl ") else {
                continue;
            };
            // These reach the server of the page.
            if !arguments.contains("--sandbox") && !printed.starts_with("error:") {
                continue;
            }
            ran += 1;
            let world = folder.path().join("world.toml");
            let whole = fs::read_to_string(&world).unwrap();
            // The page says what is changed in the file before it is refused.
            if printed.contains("eu-west-1z") {
                let other = whole.replacen("zone = \"eu-west-1a\"", "zone = \"eu-west-1z\"", 1);
                fs::write(&world, other).unwrap();
            }
            let mut process = Efsctl::new(arguments)
                .env("XDG_STATE_HOME", folder.path().to_string_lossy())
                .command();
            let ended = process.current_dir(folder.path()).output().unwrap();
            fs::write(&world, whole).unwrap();
            let actual = String::from_utf8([ended.stderr, ended.stdout].concat()).unwrap();
            assert!(
                is_like(&printed, &actual),
                "{}: {command}\n--- the page\n{printed}\n--- printed\n{actual}",
                block.at
            );
        }
    }
    assert!(ran >= 5, "{ran} commands were run");
}

/// The directory of the AWS CLI and of a Python with boto3, where there is one.
fn tools() -> Option<PathBuf> {
    let python = PathBuf::from(std::env::var_os("EFSCTL_PYTHON")?);
    let folder = python.parent()?.to_path_buf();
    folder.join("aws").exists().then_some(folder)
}

/// What reaches the server: the block that starts it, and then everything that follows, in order.
#[test]
fn what_a_page_does_with_the_server_works() {
    let Some(tools) = tools() else {
        skipped("EFSCTL_PYTHON does not name a Python with boto3 and the AWS CLI beside it");
        return;
    };
    let all = blocks("SANDBOX.md");
    let is_start = |block: &&Block| {
        block.language == "console"
            && block.text.starts_with("$ efsctl sandbox serve")
            && block.text.contains("sandbox ready")
    };
    let start = all.iter().find(is_start).expect("the page starts a server");
    let (command, printed) = commands(start).remove(0);
    let flags = command.trim_start_matches("efsctl sandbox serve");
    let server = server::sandbox(flags);
    for line in printed.lines().filter(|line| line.starts_with("export ")) {
        assert!(line.contains("AWS_"), "{line}");
    }
    let efsctl = crate::support::cli::binary();
    let path = format!(
        "{}:{}:{}",
        tools.display(),
        efsctl.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let run = |program: &str, argument: &str| {
        let output = Command::new(program)
            .args(["-c", argument])
            .env_clear()
            .env("PATH", &path)
            .env("HOME", "/nonexistent")
            .env("AWS_ENDPOINT_URL", &server.url)
            .env("AWS_ACCESS_KEY_ID", "sandbox")
            .env("AWS_SECRET_ACCESS_KEY", "sandbox")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_PAGER", "")
            .output()
            .unwrap();
        String::from_utf8([output.stderr, output.stdout].concat()).unwrap()
    };
    let mut python: Option<String> = None;
    let mut ran = 0;
    for block in &all {
        match block.language.as_str() {
            "python" => python = Some(run(&tools.join("python").to_string_lossy(), &block.text)),
            "text" => {
                if let Some(printed) = python.take() {
                    assert!(is_like(&block.text, &printed), "{}\n{printed}", block.at);
                }
            }
            "console" => {
                for (command, printed) in commands(block) {
                    let program = command.split(' ').next().unwrap_or_default();
                    let is_of_server = match program {
                        "aws" | "sleep" => true,
                        "curl" => Command::new("curl").arg("--version").output().is_ok(),
                        "efsctl" => !command.contains("sandbox"),
                        _ => false,
                    };
                    if !is_of_server {
                        continue;
                    }
                    ran += 1;
                    let actual = run("bash", &command);
                    assert!(
                        is_like(printed.trim_start(), actual.trim_start()),
                        "{}: {command}\n--- the page\n{printed}\n--- printed\n{actual}",
                        block.at
                    );
                }
            }
            _ => {}
        }
    }
    assert!(ran >= 5, "{ran} commands were run");
}
