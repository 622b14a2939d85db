//! `UpdateFileSystem`: modes, amounts, and the lock of 24 hours.

use efsctl_sandbox::world::efs::{CreateFileSystem, UpdateFileSystem};

use super::efs_support::{Account, refused, refused_input, some, with_token};

const DAY: u64 = 24 * 60 * 60 * 1_000;

fn throughput(id: &str, mode: Option<&str>, mibps: Option<f64>) -> UpdateFileSystem {
    UpdateFileSystem {
        file_system_id: id.to_owned(),
        throughput_mode: mode.map(str::to_owned),
        provisioned_throughput_in_mibps: mibps,
    }
}

#[test]
fn an_update_is_updating_for_a_while() {
    let mut account = Account::new();
    let id = account.plain();
    let updated = account
        .region()
        .update_file_system(throughput(&id, Some("elastic"), None))
        .unwrap();
    assert_eq!(
        (
            updated.life_cycle_state.as_str(),
            updated.throughput_mode.as_str()
        ),
        ("updating", "elastic")
    );
    let meanwhile = account
        .region()
        .update_file_system(throughput(&id, Some("elastic"), None));
    assert_eq!(
        refused(meanwhile),
        ("IncorrectFileSystemLifeCycleState", 409)
    );
    let delay = account.world.timing.file_system;
    account.pass(delay);
    assert_eq!(account.state(&id), Ok("available"));
}

#[test]
fn a_second_throughput_change_waits_for_24_hours() {
    let mut account = Account::new();
    let id = account.plain();
    account
        .region()
        .update_file_system(throughput(&id, Some("provisioned"), Some(100.0)))
        .unwrap();
    let changed = account.now;
    account.pass(60_000);
    let error = account
        .region()
        .update_file_system(throughput(&id, Some("elastic"), None))
        .unwrap_err();
    assert_eq!((error.code, error.status), ("TooManyRequests", 429));
    // 1_700_000_001 is 2023-11-14T22:13:21Z.
    assert!(
        error
            .message
            .contains("Wait until 2023-11-15T22:13:21Z UTC"),
        "{}",
        error.message
    );
    let less = account
        .region()
        .update_file_system(throughput(&id, None, Some(99.0)));
    assert_eq!(refused(less), ("TooManyRequests", 429));
    let same = account
        .region()
        .update_file_system(throughput(&id, None, Some(100.0)))
        .unwrap();
    assert_eq!(same.life_cycle_state, "available");
    account.now = changed + DAY;
    account
        .region()
        .update_file_system(throughput(&id, Some("bursting"), None))
        .unwrap();
}

#[test]
fn provisioned_throughput_can_grow_at_any_time() {
    let mut account = Account::new();
    let id = account.plain();
    for mibps in [10.0, 20.0, 30.0] {
        let input = throughput(&id, Some("provisioned"), Some(mibps));
        let updated = account.region().update_file_system(input).unwrap();
        assert_eq!(updated.provisioned_throughput_in_mibps, Some(mibps));
        account.pass(60_000);
    }
}

#[test]
fn throughput_that_does_not_fit_is_a_bad_request() {
    let mut account = Account::new();
    let id = account.plain();
    let max_io = CreateFileSystem {
        performance_mode: some("maxIO"),
        ..with_token("max")
    };
    let max_io = account.file_system(max_io);
    for input in [
        throughput(&id, Some("provisioned"), None),
        throughput(&id, None, Some(5.0)),
        throughput(&id, Some("elastic"), Some(5.0)),
        throughput(&id, Some("provisioned"), Some(f64::NAN)),
        throughput(&id, Some("turbo"), None),
        throughput(&max_io, Some("elastic"), None),
    ] {
        let name = format!("{input:?}");
        assert!(
            refused_input(account.region().update_file_system(input)),
            "{name}"
        );
    }
}
