use std::fs;
use std::path::Path;
use std::time::Duration;

use efsctl_sandbox::account::{Account, Options, Outcome};
use efsctl_sandbox::fault::Faults;
use efsctl_sandbox::store::{Store, StoreError};
use serde_json::{Value, json};

use super::{ask, body, create, ec2, list, tokens};

const NOW: u64 = 1_800_000_000_000;

fn open(path: &Path) -> Account {
    Account::with_store(Store::new(path), Options::default()).unwrap()
}

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_one_command_made_the_next_one_finds() {
    let home = directory();
    let path = home.path().join("not/yet/there/state.json");
    let id = body(&ask(&open(&path), NOW, &create("a")))["FileSystemId"].clone();
    let listed = body(&ask(&open(&path), NOW + 5_000, &list()));
    assert_eq!(listed["FileSystems"][0]["FileSystemId"], id);
    assert_eq!(listed["FileSystems"][0]["LifeCycleState"], "available");
    assert_eq!(
        names(path.parent().unwrap()),
        ["state.json", "state.json.lock"],
        "nothing else is left"
    );
}

#[test]
fn two_processes_see_each_other() {
    let home = directory();
    let path = home.path().join("state.json");
    let (one, other) = (open(&path), open(&path));
    for round in 0..3 {
        ask(&one, NOW, &create(&format!("one-{round}")));
        ask(&other, NOW, &create(&format!("other-{round}")));
        assert_eq!(tokens(&one, NOW).len(), 2 * (round + 1));
        assert_eq!(tokens(&other, NOW).len(), 2 * (round + 1));
    }
}

#[test]
fn nothing_is_lost_when_many_write_at_once() {
    let home = directory();
    let path = home.path().join("state.json");
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let path = &path;
            scope.spawn(move || {
                let account = open(path);
                for round in 0..10 {
                    assert_eq!(
                        ask(&account, NOW, &create(&format!("{writer}-{round}"))).status,
                        201
                    );
                }
            });
        }
    });
    assert_eq!(tokens(&open(&path), NOW).len(), 80);
}

#[test]
fn what_a_killed_writer_left_is_cleared_away() {
    let home = directory();
    let path = home.path().join("state.json");
    fs::write(home.path().join("state.json.new"), "{\"efsctl_sand").unwrap();
    ask(&open(&path), NOW, &create("a"));
    assert_eq!(names(home.path()), ["state.json", "state.json.lock"]);
    assert_eq!(tokens(&open(&path), NOW), ["a"]);
}

#[test]
fn reads_rehearsals_and_refusals_do_not_write() {
    let home = directory();
    let path = home.path().join("state.json");
    let account = open(&path);
    ask(&account, NOW, &list());
    ask(
        &account,
        NOW,
        &ec2("Action=CreateVpc&CidrBlock=10.0.0.0/16&DryRun=true"),
    );
    assert!(!path.exists());
    ask(&account, NOW, &create("a"));
    let before = fs::metadata(&path).unwrap();
    ask(&account, NOW + 9_000, &list());
    assert_eq!(ask(&account, NOW + 9_000, &create("a")).status, 409);
    let after = fs::metadata(&path).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        assert_eq!(before.ino(), after.ino());
    }
}

#[test]
fn a_file_that_is_no_state_is_refused_and_left_alone() {
    let home = directory();
    let path = home.path().join("state.json");
    ask(&open(&path), NOW, &create("a"));
    let good = fs::read_to_string(&path).unwrap();
    let cut = &good[..good.len() / 2];
    let strange = good.replacen("\"account_id\"", "\"accountId\"", 1);
    let newer = good.replacen("\"efsctl_sandbox\":1", "\"efsctl_sandbox\":2", 1);
    for (text, expected) in [
        ("", "is corrupt"),
        ("hello", "is corrupt"),
        (cut, "is corrupt"),
        (&strange, "is corrupt"),
        ("{}", "is not a sandbox state file"),
        ("[1]", "is corrupt"),
        (
            "{\"efsctl_sandbox\":\"one\"}",
            "is not a sandbox state file",
        ),
        (
            "{\"version\":4,\"resources\":[]}",
            "is not a sandbox state file",
        ),
        (&newer, "has format 2, this efsctl knows format 1"),
    ] {
        let account = open(&home.path().join("other.json"));
        drop(account);
        fs::write(&path, text).unwrap();
        let error = Account::with_store(Store::new(&path), Options::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{text:.20}: {error}");
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_file_that_goes_bad_under_a_running_account_is_left_alone() {
    let home = directory();
    let path = home.path().join("state.json");
    let account = open(&path);
    ask(&account, NOW, &create("a"));
    fs::write(&path, "oops").unwrap();
    for _ in 0..2 {
        assert!(matches!(
            account.serve(NOW, &create("b")),
            Err(StoreError::Corrupt { .. })
        ));
        assert!(matches!(account.reset(), Err(StoreError::Corrupt { .. })));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "oops");
    fs::remove_file(&path).unwrap();
    assert!(
        tokens(&account, NOW).is_empty(),
        "a file that was removed is a new account"
    );
}

#[test]
fn a_path_that_cannot_be_a_file_is_refused_with_its_name() {
    let home = directory();
    let error = |path: &Path| {
        let opened = Account::with_store(Store::new(path), Options::default());
        let text = opened.unwrap_err().to_string();
        assert!(text.contains(path.to_str().unwrap()), "{text}");
        text
    };
    assert!(error(home.path()).contains("is not a regular file"));
    fs::write(home.path().join("file"), "").unwrap();
    assert!(error(&home.path().join("file/state.json")).contains("cannot be created"));
}

#[test]
fn a_call_whose_effect_cannot_be_kept_is_an_error_and_did_not_happen() {
    let home = directory();
    let path = home.path().join("deep/state.json");
    let account = open(&path);
    ask(&account, NOW, &create("a"));
    // The directory of the file is gone and cannot be made again: as a full or read-only disk, for root too.
    fs::remove_dir_all(home.path().join("deep")).unwrap();
    fs::write(home.path().join("deep"), "").unwrap();
    assert!(matches!(
        account.serve(NOW, &create("b")),
        Err(StoreError::Io { .. })
    ));
    fs::remove_file(home.path().join("deep")).unwrap();
    assert!(tokens(&account, NOW).is_empty());
}

#[test]
fn a_busy_file_is_waited_for_and_then_reported() {
    let home = directory();
    let path = home.path().join("state.json");
    let account = open(&path);
    let held = Store::new(&path).lock().unwrap();
    let impatient = Store::new(&path).with_patience(Duration::from_millis(30));
    let error = Account::with_store(impatient, Options::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("is in use by another process and did not become free within 30ms"),
        "{error}"
    );
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ask(&account, NOW, &create("a")).status);
        std::thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        drop(held);
        assert_eq!(waiting.join().unwrap(), 201);
    });
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_and_a_link_to_it_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = directory();
    let (real, link) = (home.path().join("real.json"), home.path().join("link.json"));
    ask(&open(&real), NOW, &create("a"));
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::metadata(home.path().join("real.json.lock"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    symlink(&real, &link).unwrap();
    ask(&open(&link), NOW, &create("b"));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(tokens(&open(&real), NOW).len(), 2);
    assert_eq!(
        names(home.path()),
        ["link.json", "real.json", "real.json.lock"]
    );
}

#[test]
fn a_late_effect_outlives_its_process_and_takes_no_signature_along() {
    let home = directory();
    let path = home.path().join("state.json");
    let faults = Faults::new(["CreateFileSystem:1:late=5s".parse().unwrap()]);
    let account = Account::with_store(
        Store::new(&path),
        Options {
            faults,
            ..Options::default()
        },
    )
    .unwrap();
    assert_eq!(
        account.serve(NOW, &create("a")).unwrap().outcome,
        Outcome::Hang
    );
    drop(account);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"late\":[{"), "{text}");
    for secret in ["5ec2e7", "AKIDSANDBOX", "AWS4-HMAC-SHA256"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(tokens(&open(&path), NOW + 5_000), ["a"]);
    assert!(!fs::read_to_string(&path).unwrap().contains("\"late\""));
}

#[test]
fn a_state_that_is_looked_at_is_the_file() {
    let home = directory();
    let path = home.path().join("state.json");
    let account = open(&path);
    ask(&account, NOW, &create("a"));
    let mut shown = Vec::new();
    account.state(NOW).unwrap().write(&mut shown).unwrap();
    assert_eq!(
        String::from_utf8(shown).unwrap(),
        fs::read_to_string(&path).unwrap()
    );
    let document: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(document["efsctl_sandbox"], json!(1));
    assert_eq!(document["world"]["account_id"], "111122223333");
}

#[test]
fn a_reset_writes_the_first_world() {
    let home = directory();
    let path = home.path().join("state.json");
    let account = open(&path);
    ask(&account, NOW, &create("a"));
    account.reset().unwrap();
    assert!(tokens(&open(&path), NOW).is_empty());
}
