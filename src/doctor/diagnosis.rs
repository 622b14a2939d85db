//! From signs to causes.

use super::facts::Case;
use super::notes::{Notes, Step};
use super::picture::{Picture, pictures};
use super::sign::{Side, Sign};
use super::{CAUSES, account, local, message};
use crate::domain::advice::Advice;
use crate::domain::finding::Verdict;

/// A sign of the account or of the host of this weight shows its cause, and is more than a guess.
pub const SEEN: u32 = 30;

/// A cause: a row of [`CAUSES`].
#[derive(Debug)]
pub struct Cause {
    /// Its stable name.
    pub id: &'static str,
    /// What is wrong, as a sentence.
    pub title: &'static str,
    /// What points to it, and how much: [`Certainty::of`] says what the sum means.
    pub signs: &'static [(Sign, u32)],
    /// What excludes it, unless a sign of the account or of the host shows it ([`SEEN`]).
    pub unless: &'static [Sign],
    /// What to do, where the check that found it does not say, or has no command for it.
    pub remedy: fn(&Case) -> Advice,
    /// Where it is documented.
    pub source: &'static str,
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Something points to it, which may have other causes.
    Possible,
    /// It explains what was seen better than anything else.
    Likely,
    /// What was seen is the cause.
    Certain,
}

impl Certainty {
    /// The least sum of weights for each.
    pub const LEAST: [(Self, u32); 3] = [
        (Self::Certain, 100),
        (Self::Likely, 60),
        (Self::Possible, 1),
    ];

    /// What a sum of weights means; `None`: nothing points to it.
    pub fn of(score: u32) -> Option<Self> {
        let mut all = Self::LEAST.iter();
        let found = all.find(|(_, least)| score >= *least)?;
        Some(found.0)
    }

    /// The word of the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// A cause that something points to.
#[derive(Debug, Clone)]
pub struct FoundCause {
    /// The row.
    pub cause: &'static Cause,
    /// The sum of weights.
    pub score: u32,
    /// What it means.
    pub certainty: Certainty,
    /// What points to it.
    pub signs: Vec<Sign>,
    /// What was seen, one line each.
    pub evidence: Vec<Advice>,
    /// What to do.
    pub remedy: Advice,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// The causes, the most likely one first.
    pub causes: Vec<FoundCause>,
    /// What was asked, with the answers.
    pub steps: Vec<Step>,
    /// The way from each client to each mount target.
    pub pictures: Vec<Picture>,
    /// Something was said that no pattern knows.
    pub is_message_unknown: bool,
}

impl Diagnosis {
    /// Causes that are certain or likely.
    pub fn found(&self) -> impl Iterator<Item = &FoundCause> {
        self.causes
            .iter()
            .filter(|one| one.certainty >= Certainty::Likely)
    }

    /// How many steps ended so.
    pub fn count(&self, verdict: Verdict) -> usize {
        let mut steps = self.steps.iter();
        steps
            .by_ref()
            .filter(|step| step.verdict == verdict)
            .count()
    }
}

/// What is wrong.
pub fn diagnose(case: &Case) -> Diagnosis {
    let mut notes = Notes::default();
    let is_message_unknown = said(case, &mut notes);
    account::read(&case.account, &mut notes);
    local::read(case, &mut notes);
    let found = CAUSES.iter().filter_map(|cause| found(cause, case, &notes));
    let mut causes: Vec<FoundCause> = found.collect();
    // Of equal ones the first of the table.
    causes.sort_by_key(|one| std::cmp::Reverse(one.score));
    Diagnosis {
        causes,
        pictures: pictures(case),
        steps: notes.steps,
        is_message_unknown,
    }
}

/// What the message says, as signs. Whether it says nothing that is known.
fn said(case: &Case, notes: &mut Notes) -> bool {
    let Some(text) = &case.message else {
        return false;
    };
    let signs = message::signs(text);
    let lines = signs
        .iter()
        .map(|(sign, words)| (*sign, Advice::from(format!("the message says “{words}”"))));
    let mut lines: Vec<(Sign, Advice)> = lines.collect();
    let named = message::named(text);
    let is_this = |(id, region): &(String, String)| {
        id == case.id() && (region.is_empty() || *region == case.account.region)
    };
    if let Some((id, region)) = named.first().filter(|_| !named.iter().any(is_this)) {
        let of = if region.is_empty() {
            String::new()
        } else {
            format!(" of {region}")
        };
        let seen = format!(
            "the message names {id}{of}, not {} of {}",
            case.id(),
            case.account.region
        );
        lines.push((Sign::NamesAnotherFileSystem, seen.into()));
    }
    let step = ("message", Side::Message, "the message is known");
    if lines.is_empty() {
        let why = "no pattern of efsctl knows it";
        notes.step(step, Verdict::Unknown, vec![why.into()]);
        return true;
    }
    let seen = lines.iter().map(|(_, seen)| seen.clone());
    notes.step(step, Verdict::Pass, seen.collect());
    for (sign, seen) in lines {
        notes.observe(sign, vec![seen], None);
    }
    false
}

fn found(row: &'static Cause, case: &Case, notes: &Notes) -> Option<FoundCause> {
    let observed = row
        .signs
        .iter()
        .filter_map(|(sign, weight)| Some((*sign, *weight, notes.observed.get(sign)?)));
    let observed: Vec<_> = observed.collect();
    // What was seen is no guess, whatever else is well.
    let is_seen = observed
        .iter()
        .any(|(sign, weight, _)| sign.side() != Side::Message && *weight >= SEEN);
    let is_excluded = row
        .unless
        .iter()
        .any(|sign| notes.observed.contains_key(sign));
    if is_excluded && !is_seen {
        return None;
    }
    let score = observed.iter().map(|(_, weight, _)| weight).sum();
    let certainty = Certainty::of(score)?;
    let mut evidence: Vec<Advice> = Vec::new();
    for line in observed.iter().flat_map(|(.., seen)| &seen.evidence) {
        if !evidence.contains(line) {
            evidence.push(line.clone());
        }
    }
    let said = observed.iter().find_map(|(.., seen)| seen.remedy.clone());
    let remedy = match said {
        Some(said) if said.steps().next().is_some() => said,
        // What a check says in words only is followed by a command.
        Some(said) => said.text("; ").then((row.remedy)(case)),
        None => (row.remedy)(case),
    };
    Some(FoundCause {
        cause: row,
        score,
        certainty,
        signs: observed.iter().map(|(sign, ..)| *sign).collect(),
        evidence,
        remedy: remedy.at(&case.account.region, None),
    })
}
