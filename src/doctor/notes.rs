//! What is noted while facts are read: the steps, and the signs.

use std::collections::BTreeMap;

use super::sign::{Side, Sign};
use crate::domain::advice::Advice;
use crate::domain::finding::Verdict;

/// A step of a diagnosis: one question, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its stable name; that of a check of the audit where its verdict is used.
    pub id: &'static str,
    /// Where it was observed.
    pub side: Side,
    /// What holds when it passes.
    pub title: &'static str,
    /// The answer.
    pub verdict: Verdict,
    /// What was seen, one line each; of what is unknown: why.
    pub evidence: Vec<Advice>,
}

/// A sign that was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What was seen, one line each.
    pub evidence: Vec<Advice>,
    /// What the check that saw it says to do.
    pub remedy: Option<Advice>,
}

/// What is noted.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) steps: Vec<Step>,
    pub(super) observed: BTreeMap<Sign, Observation>,
}

impl Notes {
    /// A question and its answer.
    pub(super) fn step(
        &mut self,
        (id, side, title): (&'static str, Side, &'static str),
        verdict: Verdict,
        evidence: Vec<Advice>,
    ) {
        self.steps.push(Step {
            id,
            side,
            title,
            verdict,
            evidence,
        });
    }

    /// A sign; several observations of one are one, with all of the evidence.
    pub(super) fn observe(&mut self, sign: Sign, evidence: Vec<Advice>, remedy: Option<Advice>) {
        let observation = self.observed.entry(sign).or_insert(Observation {
            evidence: Vec::new(),
            remedy: None,
        });
        for line in evidence {
            if !observation.evidence.contains(&line) {
                observation.evidence.push(line);
            }
        }
        match (&mut observation.remedy, remedy) {
            (Some(known), Some(other)) if known.pieces() != other.pieces() => {
                let both = [known.clone(), other];
                *known = Advice::joined(both, "; ");
            }
            (known @ None, other) => *known = other,
            _ => {}
        }
    }

    /// A step that fails, by these signs.
    pub(super) fn failed(
        &mut self,
        step: (&'static str, Side, &'static str),
        fails: Vec<(Sign, Vec<Advice>)>,
    ) {
        let all = fails.iter().flat_map(|(_, evidence)| evidence.clone());
        self.step(step, Verdict::Fail, all.collect());
        for (sign, evidence) in fails {
            self.observe(sign, evidence, None);
        }
    }

    /// A step that passes, by that sign where it is one.
    pub(super) fn passed(
        &mut self,
        step: (&'static str, Side, &'static str),
        sign: Option<Sign>,
        seen: impl Into<Advice>,
    ) {
        let seen = vec![seen.into()];
        if let Some(sign) = sign {
            self.observe(sign, seen.clone(), None);
        }
        self.step(step, Verdict::Pass, seen);
    }

    /// A step that fails if there is anything against it.
    pub(super) fn judged(
        &mut self,
        step: (&'static str, Side, &'static str),
        fails: Vec<(Sign, Vec<Advice>)>,
        sign: Option<Sign>,
        seen: impl Into<Advice>,
    ) {
        if fails.is_empty() {
            self.passed(step, sign, seen);
        } else {
            self.failed(step, fails);
        }
    }

    /// A step that could not be answered, and why.
    pub(super) fn unknown(
        &mut self,
        step: (&'static str, Side, &'static str),
        why: impl Into<Advice>,
    ) {
        self.step(step, Verdict::Unknown, vec![why.into()]);
    }

    /// A step about nothing, and why.
    pub(super) fn not_applicable(
        &mut self,
        step: (&'static str, Side, &'static str),
        why: impl Into<Advice>,
    ) {
        self.step(step, Verdict::NotApplicable, vec![why.into()]);
    }
}
