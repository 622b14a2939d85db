//! From what an account has and what runs to what is to be done, purely.

use std::collections::{BTreeMap, BTreeSet};

use super::observed::{Place, Wanted};

/// What runs.
#[derive(Debug, Default)]
pub(super) struct State {
    /// File systems with a server.
    pub(super) servers: BTreeSet<String>,
    /// Mount targets with a listener.
    pub(super) targets: BTreeMap<String, Place>,
}

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Close the listener of a mount target, and its connections.
    Close(String),
    /// End the server of a file system.
    End(String),
    /// Start the server of a file system.
    Start(String),
    /// Listen for a mount target.
    Open(String, Place),
}

/// What is to be done, in this order: an address is free before another mount target listens on it, and a server is there before
/// anything is forwarded to it.
pub(super) fn steps(wanted: &Wanted, state: &State) -> Vec<Step> {
    let stays = |(id, place): (&String, &Place)| wanted.targets.get(id) == Some(place);
    let closed = state.targets.iter().filter(|target| !stays(*target));
    let ended = state.servers.difference(&wanted.existing);
    let started = wanted.mountable.difference(&state.servers);
    let has = |(id, place): (&String, &Place)| state.targets.get(id) == Some(place);
    let opened = wanted.targets.iter().filter(|target| !has(*target));
    closed
        .map(|(id, _)| Step::Close(id.clone()))
        .chain(ended.cloned().map(Step::End))
        .chain(started.cloned().map(Step::Start))
        .chain(opened.map(|(id, place)| Step::Open(id.clone(), place.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(file_system: &str, last: u8) -> Place {
        Place {
            file_system: file_system.to_owned(),
            address: [127, 31, 0, last].into(),
        }
    }

    fn set(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn wanted(existing: &[&str], mountable: &[&str], targets: &[(&str, Place)]) -> Wanted {
        let targets = targets.iter().cloned();
        Wanted {
            existing: set(existing),
            mountable: set(mountable),
            targets: targets.map(|(id, it)| (id.to_owned(), it)).collect(),
            unserved: Vec::new(),
        }
    }

    fn state(servers: &[&str], targets: &[(&str, Place)]) -> State {
        State {
            servers: set(servers),
            targets: wanted(&[], &[], targets).targets,
        }
    }

    #[test]
    fn a_mount_target_is_served_with_the_server_of_its_file_system_before_it() {
        let wanted = wanted(&["fs-1", "fs-2"], &["fs-1"], &[("a", place("fs-1", 5))]);
        assert_eq!(
            steps(&wanted, &State::default()),
            [
                Step::Start("fs-1".into()),
                Step::Open("a".into(), place("fs-1", 5))
            ]
        );
        let there = state(&["fs-1"], &[("a", place("fs-1", 5))]);
        assert_eq!(steps(&wanted, &there), []);
    }

    #[test]
    fn a_server_starts_while_its_first_mount_target_is_being_created() {
        let wanted = wanted(&["fs-1"], &["fs-1"], &[]);
        assert_eq!(
            steps(&wanted, &State::default()),
            [Step::Start("fs-1".into())]
        );
    }

    #[test]
    fn a_server_is_kept_without_mount_targets_and_ended_with_its_file_system() {
        let there = state(&["fs-1"], &[("a", place("fs-1", 5))]);
        assert_eq!(
            steps(&wanted(&["fs-1"], &[], &[]), &there),
            [Step::Close("a".into())]
        );
        assert_eq!(
            steps(&wanted(&[], &[], &[]), &there),
            [Step::Close("a".into()), Step::End("fs-1".into())]
        );
    }

    #[test]
    fn an_address_is_free_before_another_mount_target_takes_it() {
        let there = state(&["fs-1"], &[("z", place("fs-1", 5))]);
        let now = wanted(&["fs-1"], &["fs-1"], &[("a", place("fs-1", 5))]);
        assert_eq!(
            steps(&now, &there),
            [
                Step::Close("z".into()),
                Step::Open("a".into(), place("fs-1", 5))
            ]
        );
    }

    #[test]
    fn a_mount_target_that_is_somewhere_else_after_a_reset_is_opened_there() {
        let there = state(&["fs-1"], &[("a", place("fs-1", 5))]);
        let now = wanted(&["fs-2"], &["fs-2"], &[("a", place("fs-2", 6))]);
        assert_eq!(
            steps(&now, &there),
            [
                Step::Close("a".into()),
                Step::End("fs-1".into()),
                Step::Start("fs-2".into()),
                Step::Open("a".into(), place("fs-2", 6))
            ]
        );
    }
}
