//! Would the sweep notice? Each known bug is planted, and has to be caught.

use super::case::Job;
use super::sweep::{Dice, Sample, cases, grounds, run};
use crate::domain::planted::Bug;

/// Far fewer than the sweep runs.
const SAMPLE: Sample = Sample {
    alone: 3_000,
    beside: 3_000,
    pairs: 2_000,
};

#[test]
fn every_planted_bug_is_caught_by_the_sweep() {
    let jobs = [Job::Create, Job::Delete].map(|job| {
        let grounds = grounds(job);
        let cases = cases(job, &grounds, Some(SAMPLE), &mut Dice::new(7));
        (grounds, cases)
    });
    for bug in Bug::ALL {
        let caught = jobs
            .iter()
            .find_map(|(grounds, cases)| run(cases, grounds, Some(bug)).into_iter().next());
        let caught = caught.unwrap_or_else(|| panic!("nobody noticed {bug:?}"));
        println!("teeth {bug:?}: {caught}");
    }
}
