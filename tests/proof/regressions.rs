//! Cases that were violations once, each under the name of its bug. They would hide in a sample.

use super::case::{Beside, Case, Job, Start, account};
use super::direct::Fault;
use super::judge::violation;
use super::setting::Shape;

fn holds((shape, start, lag): (Shape, Start, u64), beside: Beside, faults: &[(usize, Fault)]) {
    let case = Case {
        job: Job::Create,
        shape,
        start,
        lag,
        beside,
        faults: faults.to_vec(),
    };
    let outcome = violation(&case, account(shape, start, lag));
    assert_eq!(outcome, Ok(()), "{case:?}");
}

#[test]
fn a_rollback_outlasts_a_creation_that_comes_late_and_is_shown_later() {
    let ground = (Shape::OneAz, Start::Empty, 8_000);
    let faults = [(5, Fault::Late(25)), (9, Fault::Denied)];
    holds(ground, Beside::Nobody, &faults);
}

#[test]
fn the_first_request_of_a_retried_creation_is_told_when_it_comes_after_all() {
    let ground = (Shape::ThreeAzs, Start::Empty, 0);
    let faults = [(16, Fault::Late(25)), (24, Fault::CtrlCTwice)];
    holds(ground, Beside::Nobody, &faults);
}

#[test]
fn a_look_that_is_answered_late_does_not_make_a_run_forget() {
    let ground = (Shape::OneAz, Start::Foreign, 20_000);
    let faults = [(14, Fault::CtrlCTwice), (15, Fault::Late(8))];
    holds(ground, Beside::Nobody, &faults);
}

#[test]
fn a_rollback_sees_that_another_run_came_while_it_waits() {
    let ground = (Shape::OneAz, Start::Empty, 0);
    holds(ground, Beside::Another(66_000), &[(16, Fault::CtrlC)]);
}

#[test]
fn a_rollback_whose_first_look_fails_looks_again() {
    let ground = (Shape::GivenGroup, Start::Foreign, 0);
    let faults = [(24, Fault::Refused), (26, Fault::Late(8))];
    holds(ground, Beside::Another(70_063), &faults);
}

#[test]
fn a_group_that_another_run_takes_back_is_made_again() {
    let ground = (Shape::ThreeAzs, Start::Empty, 0);
    holds(ground, Beside::Another(0), &[(10, Fault::Denied)]);
}

#[test]
fn a_file_system_that_another_run_takes_back_is_made_again() {
    let ground = (Shape::ThreeAzs, Start::Empty, 8_000);
    holds(ground, Beside::Another(2_600), &[(15, Fault::CtrlC)]);
}

#[test]
fn interfaces_of_mount_targets_that_are_going_are_not_missed() {
    let ground = (Shape::GivenGroup, Start::Killed(9), 0);
    let faults = [(21, Fault::CtrlC), (24, Fault::CtrlC)];
    holds(ground, Beside::Another(60_633), &faults);
}
