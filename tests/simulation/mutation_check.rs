//! Would the sweep notice? Each known bug is made, and has to be caught.

use super::case::Job;
use super::sweep::{Rng, Sample, cases, run, setups};
use crate::domain::mutants::Mutant;

/// Far fewer than the sweep runs, even if a bug shows in the last of the samples only.
const SEEDS: [u64; 4] = [7, 8, 9, 10];

const SAMPLE: Sample = Sample {
    alone: 3_000,
    beside: 3_000,
    pairs: 2_000,
};

#[test]
fn every_planted_bug_is_caught_by_the_sweep() {
    let jobs = [Job::Create, Job::Delete].map(|job| (job, setups(job)));
    let mut samples = Vec::new();
    for seed in SEEDS {
        for (job, setups) in &jobs {
            let cases = cases(*job, setups, Some(SAMPLE), &mut Rng::new(seed));
            samples.push((setups, cases));
        }
    }
    for mutant in Mutant::ALL {
        let caught = samples
            .iter()
            .find_map(|(setups, cases)| run(cases, setups, Some(mutant)).0.into_iter().next());
        let caught = caught.unwrap_or_else(|| panic!("nobody noticed {mutant:?}"));
        println!("teeth {mutant:?}: {caught}");
    }
}
