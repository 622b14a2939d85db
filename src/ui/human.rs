//! Results and failures as a person reads them.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Padding, Style as TableStyle};

use super::document::{Document, FixView, Outcome};
use super::report::place;
use crate::domain::deployment::{Deployment, bytes};
use crate::domain::plan::{Change, Verb};
use crate::domain::state::State;
use crate::error::Error;

/// Colour and width of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Painter {
    /// Colour.
    pub color: bool,
    /// Columns, on a terminal.
    pub columns: Option<usize>,
}

impl Painter {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn in_color(&self, color: AnsiColor, text: &str) -> String {
        self.paint(Style::new().fg_color(Some(color.into())), text)
    }

    fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// A warning's first word.
    pub(super) fn warning(&self) -> String {
        self.in_color(AnsiColor::Yellow, "warning:")
    }

    fn sign(&self, verb: Verb) -> String {
        let color = match verb {
            Verb::Create => AnsiColor::Green,
            Verb::Update => AnsiColor::Yellow,
            Verb::Delete => AnsiColor::Red,
        };
        self.in_color(color, &verb.sign().to_string())
    }

    fn state(&self, state: &State) -> String {
        let color = match state {
            State::Available => AnsiColor::Green,
            State::Error => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        self.in_color(color, state.as_str())
    }
}

/// The line of one change.
pub(super) fn change(change: &Change, painter: &Painter) -> String {
    let mut line = format!(
        "{} {}",
        painter.sign(change.action),
        change.resource.replace('_', " ")
    );
    if let Some(id) = &change.id {
        let _ = write!(line, " {id}");
    }
    if !change.detail.is_empty() {
        let _ = write!(line, "  {}", change.detail);
    }
    line
}

/// Lines to type next, for the account that was reached.
pub(super) fn retarget(text: &str, invocation: &str) -> String {
    ["create", "wait", "describe", "list", "delete"]
        .iter()
        .fold(text.to_owned(), |text, verb| {
            text.replace(&format!("efsctl {verb}"), &format!("{invocation} {verb}"))
        })
}

pub(super) fn failure(error: &Error, painter: &Painter) -> String {
    let mut text = format!(
        "{} {}\n",
        painter.in_color(AnsiColor::Red, "error:"),
        error.message
    );
    if let Some(id) = &error.request_id {
        let _ = writeln!(text, "  request id: {id}");
    }
    if !error.leftovers.is_empty() {
        text.push_str("what is left of this run:\n");
        for left in &error.leftovers {
            let _ = writeln!(text, "  {left}");
        }
    }
    if let Some(hint) = &error.hint {
        let _ = writeln!(
            text,
            "{} {hint}",
            painter.in_color(AnsiColor::Cyan, "hint:")
        );
    }
    text
}

/// What `--fix` adds, or would: by file system.
pub(super) fn fixes(fixes: &[FixView], planned: bool, painter: &Painter) -> String {
    let changes = fixes.iter().map(|fix| fix.changes.len()).sum::<usize>();
    let mut text = String::from("\n");
    for fix in fixes {
        let place = place(&fix.region, fix.profile.as_ref());
        let _ = writeln!(text, "{}  {place}", fix.file_system_id);
        for made in &fix.changes {
            let _ = writeln!(text, "  {}", change(made, painter));
        }
        for note in &fix.notes {
            let _ = writeln!(
                text,
                "  {} {note}",
                painter.in_color(AnsiColor::Yellow, "note:")
            );
        }
        if let Some(error) = &fix.error {
            let _ = writeln!(
                text,
                "  {} {error}",
                painter.in_color(AnsiColor::Red, "failed:")
            );
        }
    }
    let many = plural(changes);
    let _ = match (planned, changes) {
        (_, 0) => writeln!(text, "--fix: there is nothing to add"),
        (true, _) => writeln!(text, "--fix: {changes} change{many} to make"),
        (false, _) => writeln!(text, "--fix: {changes} change{many} made"),
    };
    text
}

pub(super) fn calls(counts: &BTreeMap<String, u32>, total: u32, writing: u32) -> String {
    let mut text = format!("API calls: {total}, {writing} of them writing\n");
    for (operation, count) in counts {
        let _ = writeln!(text, "  {count:>4} {operation}");
    }
    text
}

pub(super) fn result(document: &Document, painter: &Painter, invocation: &str) -> String {
    let mut text = String::new();
    if let Some(orphans) = &document.orphans {
        for orphan in orphans {
            let _ = writeln!(text, "{}\n  remove it: {}", orphan.what, orphan.remove);
        }
        if orphans.is_empty() {
            text.push_str(
                "no orphans: everything efsctl made belongs to a file system with mount targets\n",
            );
        }
        return text;
    }
    if let Some(file_systems) = &document.file_systems {
        return list(file_systems, painter);
    }
    match document.outcome {
        Outcome::Planned => {
            for planned in &document.changes {
                let _ = writeln!(text, "{}", change(planned, painter));
            }
            text.push_str(&summary(&document.changes));
            return text;
        }
        Outcome::Deleted => {
            let name = document
                .file_system
                .as_ref()
                .map(|fs| fs.file_system_id.to_string());
            let _ = writeln!(
                text,
                "{}{} change{} made",
                name.map(|name| format!("{name} is deleted: "))
                    .unwrap_or_default(),
                document.changes.len(),
                plural(document.changes.len())
            );
            return text;
        }
        Outcome::Created
        | Outcome::Changed
        | Outcome::Unchanged
        | Outcome::Found
        | Outcome::Ready
        | Outcome::Failed => {}
    }
    if let Some(deployment) = &document.file_system {
        text.push_str(&facts(deployment, painter));
        text.push('\n');
        text.push_str(&mount_targets(deployment, painter));
    }
    match (document.command, document.outcome) {
        ("create", Outcome::Unchanged) => {
            let _ = writeln!(
                text,
                "\nno changes: everything is as it should be ({} writing calls)",
                document.calls.writing
            );
        }
        ("create", Outcome::Created | Outcome::Changed) => {
            let count = document.changes.len();
            let _ = writeln!(text, "\n{count} change{} made", plural(count));
        }
        _ => {}
    }
    if document.command == "create"
        && let Some(deployment) = &document.file_system
    {
        text.push_str(&next(deployment, painter, invocation));
    }
    text
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn summary(changes: &[Change]) -> String {
    let count = |verb| {
        changes
            .iter()
            .filter(|change| change.action == verb)
            .count()
    };
    if changes.is_empty() {
        return "no changes: everything is as it should be\n".to_owned();
    }
    format!(
        "plan: {} to create, {} to update, {} to delete; nothing was changed (dry run)\n",
        count(Verb::Create),
        count(Verb::Update),
        count(Verb::Delete)
    )
}

/// Label and value, one a line.
fn facts(fs: &Deployment, painter: &Painter) -> String {
    let mut rows = vec![(
        "file system",
        format!(
            "{}  {}{}",
            fs.file_system_id,
            painter.state(&fs.lifecycle_state),
            fs.name
                .as_ref()
                .map(|name| format!("  {}", painter.bold(name)))
                .unwrap_or_default()
        ),
    )];
    let encryption = match (&fs.kms_key_id, fs.encrypted) {
        (_, false) => painter.in_color(AnsiColor::Red, "not encrypted"),
        (Some(key), true) => format!("encrypted  {key}"),
        (None, true) => "encrypted".to_owned(),
    };
    rows.push(("encryption", encryption));
    let throughput = match fs.provisioned_throughput_mibps {
        Some(mibps) => format!("{} {mibps} MiB/s", fs.throughput_mode),
        None => fs.throughput_mode.clone(),
    };
    let zone = fs
        .availability_zone
        .as_ref()
        .map(|zone| format!(", One Zone {zone}"))
        .unwrap_or_default();
    rows.push((
        "modes",
        format!("{throughput}, {}{zone}", fs.performance_mode.as_str()),
    ));
    rows.push(("metered size", bytes(fs.size_bytes)));
    if let Some(policy) = fs.lifecycle_policy.filter(|policy| !policy.is_empty()) {
        rows.push(("lifecycle", policy.to_string()));
    }
    if fs.backup == Some(true) {
        rows.push(("backups", "daily (AWS Backup)".to_owned()));
    }
    if let Some(group) = &fs.security_group_id {
        rows.push(("security group", format!("{group}  tcp 2049")));
    }
    let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    rows.iter().fold(String::new(), |mut text, (label, value)| {
        let _ = writeln!(text, "{label:width$}  {value}");
        text
    })
}

fn table(builder: Builder) -> String {
    let mut table = builder.build();
    table
        .with(TableStyle::empty())
        .with(Padding::new(0, 2, 0, 0))
        .modify(Columns::last(), Padding::zero());
    let text = table.to_string();
    text.lines().fold(String::new(), |mut trimmed, line| {
        let _ = writeln!(trimmed, "{}", line.trim_end());
        trimmed
    })
}

fn mount_targets(fs: &Deployment, painter: &Painter) -> String {
    if fs.mount_targets.is_empty() {
        return "no mount targets: nothing can mount it\n".to_owned();
    }
    // 80 columns hold zone, state, address and subnet; the id fits beside them from 100 on, and wherever nobody counts columns.
    let wide = painter.columns.is_none_or(|columns| columns >= 100);
    let mut builder = Builder::new();
    let mut header = vec!["ZONE", "STATE", "ADDRESS", "SUBNET"];
    if wide {
        header.push("MOUNT TARGET");
    }
    builder.push_record(header);
    for mt in &fs.mount_targets {
        let mut row = vec![
            mt.availability_zone.to_string(),
            mt.lifecycle_state.to_string(),
            mt.ip_address.clone().unwrap_or_else(|| "-".to_owned()),
            mt.subnet_id.to_string(),
        ];
        if wide {
            row.push(mt.mount_target_id.to_string());
        }
        builder.push_record(row);
    }
    table(builder)
}

fn list(file_systems: &[Deployment], painter: &Painter) -> String {
    if file_systems.is_empty() {
        return "no file systems in this region\n".to_owned();
    }
    let mut builder = Builder::new();
    builder.push_record([
        "NAME",
        "FILE SYSTEM",
        "STATE",
        "ENCRYPTED",
        "TARGETS",
        "SIZE",
        "MANAGED",
    ]);
    let room = painter
        .columns
        .map_or(50, |columns| columns.saturating_sub(74).clamp(8, 50));
    for fs in file_systems {
        let name = fs.name.clone().unwrap_or_else(|| "-".to_owned());
        let name = if name.chars().count() > room {
            name.chars()
                .take(room.saturating_sub(1))
                .chain(['…'])
                .collect()
        } else {
            name
        };
        let word = |yes| if yes { "yes" } else { "no" }.to_owned();
        builder.push_record([
            name,
            fs.file_system_id.to_string(),
            fs.lifecycle_state.to_string(),
            word(fs.encrypted),
            fs.number_of_mount_targets.to_string(),
            bytes(fs.size_bytes),
            word(fs.managed),
        ]);
    }
    table(builder)
}

/// What to type next.
fn next(fs: &Deployment, painter: &Painter, invocation: &str) -> String {
    let id = &fs.file_system_id;
    let name = fs.name.clone().unwrap_or_else(|| id.to_string());
    let mut text = format!("\n{}\n", painter.bold("next"));
    if let Some(group) = &fs.security_group_id {
        let _ = writeln!(
            text,
            "  give a client access   let it wear {group}, or be admitted by it"
        );
    }
    let _ = writeln!(
        text,
        "  mount it there         sudo mount -t efs -o tls {id}:/ /mnt/{name}"
    );
    let pending = fs
        .mount_targets
        .iter()
        .any(|mt| mt.lifecycle_state != State::Available);
    if pending {
        let _ = writeln!(text, "  wait until it is ready {invocation} wait {name}");
    }
    let _ = writeln!(
        text,
        "  show it                {invocation} describe {name}"
    );
    let _ = writeln!(text, "  remove it              {invocation} delete {name}");
    text
}
