//! The JSON document: exactly one on stdout under `-o json`, whatever happens. Part of the contract:
//! `docs/efsctl-v1.schema.json` is generated from these types.

mod alarms;
mod audit;
mod cost;
mod diagnosis;
mod fix;
mod orphan;
mod outcome;
mod result;
mod unseen;
#[cfg(feature = "workspace")]
mod workspace;

use std::collections::BTreeSet;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

pub use self::alarms::AlarmsView;
pub use self::audit::{AuditView, AuditedView, FindingView};
pub use self::cost::{
    BreakEvenView, ChoiceView, ComparisonView, CostLineView, CostView, Decimal, EstimateView,
    TotalView,
};
pub use self::diagnosis::DiagnosisView;
pub use self::fix::FixView;
pub use self::orphan::OrphanView;
pub use self::outcome::Outcome;
pub use self::result::ResultView;
pub use self::unseen::UnseenRegionView;
#[cfg(feature = "workspace")]
pub use self::workspace::{StatsView, SweepFailureView, SweepView, TokenView, WorkspaceView};
use crate::domain::advice::{Advice, Invocation, NextStep};
use crate::domain::deployment::Deployment;
use crate::domain::field::Field;
use crate::domain::finding::{Expected, Severity};
use crate::domain::leftover::Leftover;
use crate::domain::plan::{Change, NotApplied};
use crate::domain::verification::Verification;
use crate::error::{Error, Kind};

/// What a command printed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Document<'d> {
    /// The version of this form.
    schema: &'static str,
    /// The command, for example `create`.
    command: &'d str,
    #[serde(flatten)]
    contents: &'d Contents,
    /// What else is worth knowing.
    warnings: Vec<String>,
    /// Requests that went out to AWS.
    calls: Calls,
    /// Why it failed.
    error: Option<ErrorView>,
}

/// What a command found, did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Contents {
    /// How it ended.
    pub outcome: Outcome,
    /// The file system, where there is one to show.
    pub file_system: Option<Deployment>,
    /// The file systems of `list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_systems: Option<Vec<Deployment>>,
    /// The orphans of `list --orphans`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orphans: Option<Vec<OrphanView>>,
    /// What `validate` found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditView>,
    /// What `doctor` found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<DiagnosisView>,
    /// What `validate --fix` added to which file system, or would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes: Option<Vec<FixView>>,
    /// What a command did to each of several file systems, or would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<ResultView>>,
    /// What `validate` will find in what was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_findings: Option<Vec<ExpectedView>>,
    /// What `verify` did, and how it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// One workspace.
    #[cfg(feature = "workspace")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceView>,
    /// Several workspaces.
    #[cfg(feature = "workspace")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspaces: Option<Vec<WorkspaceView>>,
    /// Directories that are no workspaces.
    #[cfg(feature = "workspace")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmanaged: Option<Vec<String>>,
    /// What `workspace sweep` removed, or would.
    #[cfg(feature = "workspace")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepView>,
    /// What `workspace stats` summed up.
    #[cfg(feature = "workspace")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<StatsView>,
    /// The token that `workspace token` printed.
    #[cfg(feature = "workspace")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenView>,
    /// Where `sandbox serve` or `workspace serve` listens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_url: Option<String>,
    /// What `alarms` proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarms: Option<AlarmsView>,
    /// What `cost` reckoned, or what a plan will cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostView>,
    /// What was changed, or would be changed.
    pub changes: Vec<Change>,
    /// What `set` was asked for and did not change: it does not revert what it changed before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub not_applied: Vec<NotApplied>,
}

/// Requests that went out to AWS, retries and pages included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Calls {
    /// All of them.
    pub total: u32,
    /// Those that can change something.
    pub writing: u32,
}

/// A check that will fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExpectedView {
    /// Its id: see `docs/CHECKS.md`.
    pub check: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub summary: &'static str,
    /// The flag of `create` that avoids it; null: it has none.
    pub avoided_by: Option<String>,
    /// The flag of `set` that closes it; null: it has none, or it is for you to decide.
    pub closed_by: Option<String>,
}

impl ExpectedView {
    /// The view of what is expected, for the invocation that was typed.
    pub fn of(expected: Expected, invocation: &Invocation) -> Self {
        let avoided_by = expected.avoided_by.map(|wish| wish.shown(invocation));
        Self {
            check: expected.check,
            severity: expected.severity,
            summary: expected.summary,
            closed_by: avoided_by.clone().filter(|_| expected.is_closed_by_set),
            avoided_by,
        }
    }
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ErrorView {
    /// Why it failed, by a stable name: see `docs/EXIT_CODES.md`.
    pub code: &'static str,
    /// How the run ended, by the name of its exit code.
    pub kind: &'static str,
    /// The exit code of the process.
    pub exit_code: u8,
    /// What happened.
    pub message: String,
    /// Which fields of the request it is about: `subnet`, `vpc`, …
    pub fields: Vec<&'static str>,
    /// What to do next, as a sentence.
    pub hint: Option<String>,
    /// What to type next.
    pub next_steps: Vec<NextStepView>,
    /// The operation of AWS that failed.
    pub operation: Option<&'static str>,
    /// The error code of AWS.
    pub aws_code: Option<String>,
    /// AWS's id of the request that failed.
    pub request_id: Option<String>,
    /// What this run created or changed and did not roll back, or may have.
    pub leftovers: Vec<Leftover>,
}

/// Something to type next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextStepView {
    /// What it does; null where the command says it itself.
    pub why: Option<String>,
    /// The command, for the account and the region that the run was about.
    pub command: String,
}

impl NextStepView {
    /// What that says to type.
    pub fn all(advice: &Advice, invocation: &Invocation) -> Vec<Self> {
        let view = |step: &NextStep| Self {
            why: step.why.clone(),
            command: step.command.shown(invocation),
        };
        advice.steps().map(view).collect()
    }
}

impl ErrorView {
    /// The view of a failure, for the invocation that was typed.
    pub fn of(error: &Error, invocation: &Invocation) -> Self {
        let source = error.source.as_deref();
        let hint = error.hint.as_ref();
        let fields: BTreeSet<Field> = error.message.fields().collect();
        Self {
            code: error.code.as_str(),
            kind: error.kind.as_str(),
            exit_code: error.kind.exit_code(),
            message: error.message.shown(invocation),
            fields: fields.into_iter().map(Field::name).collect(),
            hint: hint.map(|hint| hint.shown(invocation)),
            next_steps: hint
                .map(|hint| NextStepView::all(hint, invocation))
                .unwrap_or_default(),
            operation: source.map(|source| source.operation),
            aws_code: source.and_then(|source| source.code.clone()),
            request_id: error.request_id().map(str::to_owned),
            leftovers: error.leftovers.clone(),
        }
    }
}

impl Contents {
    /// Nothing yet.
    pub fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            file_system: None,
            file_systems: None,
            orphans: None,
            audit: None,
            diagnosis: None,
            fixes: None,
            results: None,
            expected_findings: None,
            verification: None,
            #[cfg(feature = "workspace")]
            workspace: None,
            #[cfg(feature = "workspace")]
            workspaces: None,
            #[cfg(feature = "workspace")]
            unmanaged: None,
            #[cfg(feature = "workspace")]
            sweep: None,
            #[cfg(feature = "workspace")]
            stats: None,
            #[cfg(feature = "workspace")]
            token: None,
            endpoint_url: None,
            alarms: None,
            cost: None,
            changes: Vec::new(),
            not_applied: Vec::new(),
        }
    }

    /// The same, of a command that failed so.
    #[must_use]
    pub fn failed(mut self, error: &Error) -> Self {
        // A plan that worked is a plan, whatever `--check` makes of it.
        if error.kind != Kind::Policy {
            self.outcome = Outcome::Failed;
        }
        self
    }
}

impl<'d> Document<'d> {
    /// What a command has to tell.
    pub fn new(command: &'d str, contents: &'d Contents) -> Self {
        Self {
            schema: "efsctl/v1",
            command,
            contents,
            warnings: Vec::new(),
            calls: Calls::default(),
            error: None,
        }
    }

    /// The same document, with what is known of the run.
    #[must_use]
    pub fn after(self, calls: Calls, warnings: Vec<String>) -> Self {
        Self {
            warnings,
            calls,
            ..self
        }
    }

    /// The same document, with why it failed.
    #[must_use]
    pub fn because(mut self, error: &Error, invocation: &Invocation) -> Self {
        self.error = Some(ErrorView::of(error, invocation));
        self
    }

    /// Writes the document, with a line end.
    ///
    /// # Errors
    ///
    /// It cannot be written to.
    pub fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }

    /// The JSON Schema of this form.
    pub fn schema() -> String {
        serde_json::to_string_pretty(&schemars::schema_for!(Self)).unwrap_or_default() + "\n"
    }
}
