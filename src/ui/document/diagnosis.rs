//! What `doctor` found, in the document.

use schemars::JsonSchema;
use serde::Serialize;

use super::NextStepView;
use crate::doctor::{Diagnosis, FoundCause, Picture, Step};
use crate::domain::advice::{Advice, Invocation};
use crate::domain::finding::Verdict;

/// Causes, and what was asked to find them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiagnosisView {
    /// The most likely one first.
    pub causes: Vec<CauseView>,
    /// What was asked, with the answers.
    pub steps: Vec<StepView>,
    /// The way from each client to each mount target.
    pub paths: Vec<PathView>,
    /// The message that was given says nothing that is known.
    pub is_message_unknown: bool,
}

/// A cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CauseView {
    /// Its stable name: see `docs/DOCTOR.md`.
    pub cause: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// `certain`, `likely` or `possible`.
    pub certainty: &'static str,
    /// The sum of the weights of what points to it.
    pub score: u32,
    /// What points to it, by the names of `docs/DOCTOR.md`.
    pub signs: Vec<&'static str>,
    /// What was seen.
    pub evidence: Vec<String>,
    /// What to do.
    pub remedy: String,
    /// What to type.
    pub next_steps: Vec<NextStepView>,
    /// Where it is documented.
    pub source: &'static str,
}

/// A question, answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepView {
    /// Its stable name; that of a check of `validate` where its verdict is used.
    pub step: &'static str,
    /// `account`, `host` or `message`.
    pub side: &'static str,
    /// What holds when it passes.
    pub title: &'static str,
    /// The answer.
    pub verdict: Verdict,
    /// What was seen; of what is unknown, why.
    pub evidence: Vec<String>,
}

/// The way from a client to a mount target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathView {
    /// Where it begins.
    pub client: String,
    /// What is on the way, in order.
    pub hops: Vec<HopView>,
    /// Where it ends.
    pub mount_target: String,
    /// Whether the mount target is available: `pass`, `fail` or `unknown`.
    pub mark: &'static str,
}

/// Something on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopView {
    /// What it is.
    pub title: String,
    /// Whether it lets the client through: `pass`, `fail` or `unknown`.
    pub mark: &'static str,
}

impl DiagnosisView {
    /// The view of a diagnosis, with remedies for the account that the invocation reached.
    pub fn of(found: &Diagnosis, invocation: &Invocation) -> Self {
        let shown = |lines: &[Advice]| -> Vec<String> {
            let lines = lines.iter();
            lines.map(|line| line.shown(invocation)).collect()
        };
        let cause = |one: &FoundCause| CauseView {
            cause: one.cause.id,
            title: one.cause.title,
            certainty: one.certainty.as_str(),
            score: one.score,
            signs: one.signs.iter().map(|sign| sign.as_str()).collect(),
            evidence: shown(&one.evidence),
            remedy: one.remedy.shown(invocation),
            next_steps: NextStepView::all(&one.remedy, invocation),
            source: one.cause.source,
        };
        let step = |one: &Step| StepView {
            step: one.id,
            side: one.side.as_str(),
            title: one.title,
            verdict: one.verdict,
            evidence: shown(&one.evidence),
        };
        let path = |one: &Picture| PathView {
            client: one.client.clone(),
            hops: one
                .hops
                .iter()
                .map(|hop| HopView {
                    title: hop.title.clone(),
                    mark: hop.mark.as_str(),
                })
                .collect(),
            mount_target: one.mount_target.clone(),
            mark: one.mark.as_str(),
        };
        Self {
            causes: found.causes.iter().map(cause).collect(),
            steps: found.steps.iter().map(step).collect(),
            paths: found.pictures.iter().map(path).collect(),
            is_message_unknown: found.is_message_unknown,
        }
    }
}
