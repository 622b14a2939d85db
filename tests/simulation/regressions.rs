//! Cases that were violations once, each under the name of its bug. They would hide in a sample.

use std::sync::atomic::AtomicUsize;

use super::case::{Beside, Case, Job, Start, account};
use super::in_memory::Fault;
use super::setting::Shape;
use super::verdict::violation;

fn holds((shape, start, lag): (Shape, Start, u64), beside: Beside, faults: &[(usize, Fault)]) {
    let case = Case {
        job: Job::Create,
        shape,
        start,
        lag,
        beside,
        faults: faults.to_vec(),
    };
    let limits = AtomicUsize::new(0);
    let outcome = violation(&case, account(shape, start, lag), &limits);
    assert_eq!((outcome, limits.into_inner()), (Ok(()), 0), "{case:?}");
}

#[test]
fn a_rollback_outlasts_a_creation_that_comes_late_and_is_shown_later() {
    let setup = (Shape::OneAz, Start::Empty, 8_000);
    let faults = [(5, Fault::Late(25)), (9, Fault::Denied)];
    holds(setup, Beside::Nobody, &faults);
}

#[test]
fn the_first_request_of_a_retried_creation_is_told_when_it_comes_after_all() {
    let setup = (Shape::ThreeAzs, Start::Empty, 0);
    let faults = [(16, Fault::Late(25)), (24, Fault::CtrlCTwice)];
    holds(setup, Beside::Nobody, &faults);
}

#[test]
fn a_look_that_is_answered_late_does_not_make_a_run_forget() {
    let setup = (Shape::OneAz, Start::Foreign, 20_000);
    let faults = [(14, Fault::CtrlCTwice), (15, Fault::Late(8))];
    holds(setup, Beside::Nobody, &faults);
}

#[test]
fn a_rollback_sees_that_another_run_came_while_it_waits() {
    let setup = (Shape::OneAz, Start::Empty, 0);
    holds(setup, Beside::Another(66_000), &[(16, Fault::CtrlC)]);
}

#[test]
fn a_rollback_whose_first_look_fails_looks_again() {
    let setup = (Shape::GivenGroup, Start::Foreign, 0);
    let faults = [(24, Fault::Refused), (26, Fault::Late(8))];
    holds(setup, Beside::Another(70_063), &faults);
}

#[test]
fn a_group_that_another_run_takes_back_is_made_again() {
    let setup = (Shape::ThreeAzs, Start::Empty, 0);
    holds(setup, Beside::Another(0), &[(10, Fault::Denied)]);
}

#[test]
fn a_file_system_that_another_run_takes_back_is_made_again() {
    let setup = (Shape::ThreeAzs, Start::Empty, 8_000);
    holds(setup, Beside::Another(2_600), &[(15, Fault::CtrlC)]);
}

#[test]
fn interfaces_of_mount_targets_that_are_going_are_not_missed() {
    let setup = (Shape::GivenGroup, Start::Killed(9), 0);
    let faults = [(21, Fault::CtrlC), (24, Fault::CtrlC)];
    holds(setup, Beside::Another(60_633), &faults);
}

/// The rollback of the run that is taken over deletes access points in the round trip in which it is: they are looked at again.
#[test]
fn access_points_that_go_while_a_run_is_taken_over_are_made_again() {
    let setup = (Shape::Furnished, Start::Killed(8), 0);
    let faults = [(29, Fault::Refused), (36, Fault::CtrlC)];
    holds(setup, Beside::Another(16_535), &faults);
    let setup = (Shape::Furnished, Start::Killed(7), 2_000);
    let faults = [(35, Fault::CtrlC), (47, Fault::Throttled)];
    holds(setup, Beside::Another(12_654), &faults);
}

/// The rollback read the access points for 20 s, and meanwhile the mount targets became available and another run took it for finished.
#[test]
fn a_rollback_that_had_to_read_again_looks_again_at_what_it_removes() {
    let setup = (Shape::GivenGroup, Start::Empty, 0);
    let faults = [(26, Fault::Refused), (30, Fault::Late(8))];
    holds(setup, Beside::Another(79_073), &faults);
}

/// Tags that are refused, which fail nothing, kept what comes last from being due: success without a replication.
#[test]
fn what_comes_last_does_not_wait_for_what_is_left_out() {
    for lag in [0, 2_000] {
        let setup = (Shape::Replicated, Start::Empty, lag);
        holds(setup, Beside::Nobody, &[(15, Fault::Refused)]);
    }
}
