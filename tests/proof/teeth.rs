//! Would the sweep notice? Each known bug is planted, and has to be caught.

use super::case::Job;
use super::sweep::{Dice, Sample, cases, grounds, run};
use crate::domain::planted::Bug;

/// Far fewer than the sweep runs, even if a bug shows in the last of the samples only.
const SEEDS: [u64; 4] = [7, 8, 9, 10];

const SAMPLE: Sample = Sample {
    alone: 3_000,
    beside: 3_000,
    pairs: 2_000,
};

#[test]
fn every_planted_bug_is_caught_by_the_sweep() {
    let jobs = [Job::Create, Job::Delete].map(|job| (job, grounds(job)));
    let mut samples = Vec::new();
    for seed in SEEDS {
        for (job, grounds) in &jobs {
            let cases = cases(*job, grounds, Some(SAMPLE), &mut Dice::new(seed));
            samples.push((grounds, cases));
        }
    }
    for bug in Bug::ALL {
        let caught = samples
            .iter()
            .find_map(|(grounds, cases)| run(cases, grounds, Some(bug)).into_iter().next());
        let caught = caught.unwrap_or_else(|| panic!("nobody noticed {bug:?}"));
        println!("teeth {bug:?}: {caught}");
    }
}
