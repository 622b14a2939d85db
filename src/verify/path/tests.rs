use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::domain::finding::Verdict;
use crate::domain::verification::{Place, Step};
use crate::verify::round::{Reach, Round, Samples, Task};

/// A directory of this host as the only way.
struct Way(PathBuf, Place, User);

impl Reach for Way {
    type Share = PathShare;
    fn place(&self) -> &Place {
        &self.1
    }
    fn is_mounted(&self) -> bool {
        true
    }
    async fn connect(&self) -> Result<(), String> {
        Err("not asked".to_owned())
    }
    async fn mount(&self) -> Result<PathShare, Fault> {
        PathShare::open(self.0.clone(), self.2).await
    }
    fn seen(&self, _: Attributes) {}
    fn explain(&self, _: Step, _: &Fault) -> Option<String> {
        None
    }
}

fn names(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

async fn round(at: &Path, user: User, task: Task) -> crate::verify::round::Ended {
    let stop = CancellationToken::new();
    let round = Round {
        directory: "/",
        run: "0123456789ab",
        task: &task,
        limit: Duration::from_mins(1),
        deadline: None,
        samples: Some(Samples {
            uid: user.uid,
            files: 3,
            small: 4096,
            large: 1 << 20,
        }),
        stop: &stop,
        stop_at_once: &stop,
    };
    round
        .run(&[Way(at.to_owned(), Place::default(), user)])
        .await
}

#[tokio::test]
async fn a_mounted_directory_is_used_and_left_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let done = round(place.path(), this_user(), Task::Use).await;
    let steps: Vec<Step> = done.steps.iter().map(|one| one.step).collect();
    let expected = [
        Step::List,
        Step::MakeDirectory,
        Step::Write,
        Step::Read,
        Step::Owner,
        Step::Latency,
        Step::Throughput,
        Step::Rename,
        Step::Lock,
        Step::Delete,
    ];
    assert_eq!(steps, expected);
    assert!(
        done.steps.iter().all(|one| one.verdict == Verdict::Pass),
        "{:?}",
        done.steps
    );
    let seen = |step| {
        let one = done.steps.iter().find(|one| one.step == step).unwrap();
        one.detail.clone().unwrap()
    };
    let owner = format!("a new file has owner {}, mode 0600", this_user());
    assert_eq!(seen(Step::Owner), owner);
    assert!(seen(Step::Latency).starts_with("3 files of 4 KiB"));
    assert!(seen(Step::Throughput).starts_with("1 MiB: written with"));
    assert_eq!(names(place.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_outlives_the_run_and_a_link_in_its_place_is_not_followed() {
    let place = tempfile::tempdir().unwrap();
    let token = || "release-7".to_owned();
    let at = place.path();
    assert!(
        round(at, this_user(), Task::Leave(token()))
            .await
            .left
            .is_empty()
    );
    assert_eq!(names(at), [".efsctl-token-release-7"]);
    let found = round(at, this_user(), Task::Expect(token())).await;
    assert_eq!(found.steps.last().unwrap().verdict, Verdict::Pass);

    let elsewhere = at.join("elsewhere");
    std::fs::rename(at.join(".efsctl-token-release-7"), &elsewhere).unwrap();
    symlink(&elsewhere, at.join(".efsctl-token-release-7")).unwrap();
    let found = round(at, this_user(), Task::Expect(token())).await;
    assert_eq!(found.steps.last().unwrap().verdict, Verdict::Fail);
}

#[tokio::test]
async fn another_user_is_refused_what_is_not_theirs_and_this_thread_stays_who_it_is() {
    let own = this_user();
    let place = tempfile::tempdir().unwrap();
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let other = User {
        uid: 4321,
        gid: 4321,
    };
    let done = round(place.path(), other, Task::Use).await;
    let last = done.steps.last().unwrap();
    // Only root can become another user.
    let refused = match own.uid {
        0 => Step::MakeDirectory,
        _ => Step::List,
    };
    assert_eq!(
        (last.step, last.verdict),
        (refused, Verdict::Fail),
        "{:?}",
        done.steps
    );
    assert_eq!(last.detail.as_deref(), Some("permission denied"));
    assert_eq!(this_user(), own);
    assert_eq!(names(place.path()), Vec::<String>::new());

    if own.uid == 0 {
        std::os::unix::fs::chown(place.path(), Some(4321), Some(4321)).unwrap();
        let done = round(place.path(), other, Task::Use).await;
        let owner = done.steps.iter().find(|one| one.step == Step::Owner);
        let seen = owner.unwrap().detail.as_deref();
        assert_eq!(seen, Some("a new file has owner 4321:4321, mode 0600"));
        assert_eq!(names(place.path()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_link_on_the_way_and_a_full_or_missing_place_are_faults() {
    let place = tempfile::tempdir().unwrap();
    symlink("/tmp", place.path().join("link")).unwrap();
    let share = PathShare::open(place.path().to_owned(), this_user())
        .await
        .unwrap();
    let followed = share.write("/link/file", b"x").await;
    assert!(matches!(followed, Err(Fault::Other(_))), "{followed:?}");
    assert_eq!(share.list("/nowhere").await, Err(Fault::NotFound));
    share.make_directory("/one").await.unwrap();
    assert_eq!(share.make_directory("/one").await, Err(Fault::Exists));
    let gone = PathShare::open(place.path().join("nowhere"), this_user()).await;
    assert_eq!(gone.map(drop), Err(Fault::NotFound));
    assert_eq!(fault(Errno::DQUOT), Fault::Full);
    assert_eq!(fault(Errno::ROFS), Fault::ReadOnly);
}

#[tokio::test]
async fn a_lock_of_another_is_seen() {
    let place = tempfile::tempdir().unwrap();
    let open = async || {
        PathShare::open(place.path().to_owned(), this_user())
            .await
            .unwrap()
    };
    let (one, other) = (open().await, open().await);
    one.write("/file", b"x").await.unwrap();
    one.lock("/file").await.unwrap();
    assert_eq!(other.is_free("/file").await, Err(Fault::Locked));
    one.unlock().await.unwrap();
    assert_eq!(other.is_free("/file").await, Ok(()));
}
