//! Faults by chance.

use super::kind::Fault;
use crate::mix::mix;

/// Faults at a rate, the same ones for the same seed.
#[derive(Debug, Clone)]
pub struct RandomFaults {
    rate: f64,
    seed: u64,
    drawn: u64,
}

/// What random faults choose from.
const RANDOM: [Fault; 5] = [
    Fault::Throttle,
    Fault::Failure,
    Fault::Unavailable,
    Fault::ResetBefore,
    Fault::ResetAfter,
];

impl RandomFaults {
    /// Faults in that share of calls; `None` unless the rate is between 0 and 1.
    pub fn new(rate: f64, seed: u64) -> Option<Self> {
        (0.0..=1.0).contains(&rate).then_some(Self {
            rate,
            seed,
            drawn: 0,
        })
    }

    pub(super) fn next(&mut self) -> Option<Fault> {
        // Two draws a call whatever they give, so that runs at different rates stay comparable.
        let [chance, choice] = [self.draw(), self.draw()];
        let strikes = f64::from(chance) < self.rate * 4_294_967_296.0;
        RANDOM
            .into_iter()
            .cycle()
            .nth(choice as usize % RANDOM.len())
            .filter(|_| strikes)
    }

    /// 32 well-mixed bits.
    fn draw(&mut self) -> u32 {
        self.drawn += 1;
        u32::try_from(mix(self.seed, self.drawn) >> 32).unwrap_or_default()
    }
}
