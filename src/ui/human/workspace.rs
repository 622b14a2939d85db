//! Workspaces as a person reads them.

use std::fmt::Write;
use std::time::Duration;

use super::Painter;
use crate::domain::deployment::bytes;
use crate::domain::text::counted;
use crate::ui::document::{Contents, Outcome, StatsView, SweepView, WorkspaceView};

/// What is said of workspaces, if the result is about them.
pub(super) fn result(contents: &Contents, painter: &Painter) -> Option<String> {
    let is_planned = contents.outcome == Outcome::Planned;
    if let Some(found) = &contents.sweep {
        return Some(sweep(found, is_planned));
    }
    if let Some(found) = &contents.stats {
        return Some(stats(found));
    }
    if let Some(found) = &contents.unmanaged {
        return Some(lines(
            found.iter().map(|name| name.escape_debug().to_string()),
        ));
    }
    if let Some(found) = &contents.workspace {
        return Some(show(found, painter));
    }
    let all = contents.workspaces.as_ref()?;
    Some(match contents.outcome {
        Outcome::Found => list(all, painter),
        outcome => lines(
            all.iter()
                .map(|one| format!("{}  {}", one.job_id, outcome.as_str())),
        ),
    })
}

fn lines(all: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for line in all {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn idle(seconds: Option<u64>) -> String {
    seconds.map_or_else(
        || "-".to_owned(),
        |seconds| humantime::format_duration(Duration::from_secs(seconds)).to_string(),
    )
}

/// Rows under a header, in columns. The first column is what other commands take, and is never cut; others are left out from the end
/// where there is no room.
fn table(mut rows: Vec<Vec<String>>, columns: Option<usize>) -> String {
    let columns = columns.unwrap_or(usize::MAX);
    let widths = |rows: &[Vec<String>]| -> Vec<usize> {
        let count = rows.first().map_or(0, Vec::len);
        let width = |at: usize| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        (0..count).map(width).collect()
    };
    while widths(&rows).iter().map(|width| width + 2).sum::<usize>() > columns.saturating_add(2)
        && rows.first().is_some_and(|row| row.len() > 3)
    {
        for row in &mut rows {
            row.pop();
        }
    }
    let widths = widths(&rows);
    let mut text = String::new();
    for row in rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

/// A list of workspaces.
fn list(all: &[WorkspaceView], painter: &Painter) -> String {
    if all.is_empty() {
        return "no workspaces\n".to_owned();
    }
    let header = ["NAME", "STATUS", "FILES", "SIZE", "IDLE", "USER"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(all.iter().map(|one| {
        vec![
            one.job_id.clone(),
            format!("{}{}", one.status, if one.over { " (over)" } else { "" }),
            one.files_count.to_string(),
            bytes(one.total_size_bytes),
            idle(one.idle_seconds),
            one.user_id.escape_debug().to_string(),
        ]
    }));
    table(rows, painter.columns)
}

/// One workspace.
fn show(one: &WorkspaceView, painter: &Painter) -> String {
    let mut rows = vec![
        ("name", one.job_id.clone()),
        ("directory", one.path.clone()),
        ("project", one.project_name.escape_debug().to_string()),
        ("user", one.user_id.escape_debug().to_string()),
        ("kind", one.kind.to_owned()),
        (
            "status",
            format!(
                "{}{}",
                one.status,
                if one.over {
                    ", holds more than it may"
                } else {
                    ""
                }
            ),
        ),
        (
            "holds",
            format!(
                "{}, {}",
                counted(
                    usize::try_from(one.files_count).unwrap_or(usize::MAX),
                    "file"
                ),
                bytes(one.total_size_bytes)
            ),
        ),
        (
            "ZIP",
            if one.zip_ready { "ready" } else { "none" }.to_owned(),
        ),
        ("created", one.created_at.clone()),
    ];
    if let (Some(at), Some(what)) = (&one.last_activity, one.activity) {
        rows.push((
            "active",
            format!("{at} ({what}), idle for {}", idle(one.idle_seconds)),
        ));
    }
    rows.extend(
        one.error_message
            .as_ref()
            .map(|why| ("error", why.escape_debug().to_string())),
    );
    let lines = rows
        .iter()
        .map(|(key, value)| format!("{}  {value}\n", painter.bold(&format!("{key:<9}"))));
    lines.collect()
}

/// What a sweep did, or would.
fn sweep(sweep: &SweepView, is_planned: bool) -> String {
    let mut text = String::new();
    for name in &sweep.expired {
        let _ = writeln!(
            text,
            "{name}  {}",
            if is_planned {
                "would be removed"
            } else {
                "removed"
            }
        );
    }
    for name in &sweep.broken {
        let _ = writeln!(text, "{name}  kept: its metadata is damaged");
    }
    for one in &sweep.failed {
        let _ = writeln!(text, "{}  failed: {}", one.job_id, one.error);
    }
    let checked = counted(
        usize::try_from(sweep.checked).unwrap_or(usize::MAX),
        "workspace",
    );
    let removed = sweep.expired.len();
    let verb = if is_planned {
        "would be removed"
    } else {
        "removed"
    };
    let _ = writeln!(
        text,
        "{checked} checked, {removed} {verb} ({})",
        bytes(sweep.bytes_freed)
    );
    text
}

/// What a base directory holds.
fn stats(stats: &StatsView) -> String {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let over = if stats.over > 0 {
        format!(", {} over their limits", stats.over)
    } else {
        String::new()
    };
    format!(
        "{}: {} with {}, {}{over}\n",
        stats.base_path,
        counted(number(stats.job_count), "workspace"),
        counted(number(stats.file_count), "file"),
        bytes(stats.total_size_bytes),
    )
}
