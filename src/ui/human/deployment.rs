//! File systems as a person reads them.

use std::fmt::Write;

use anstyle::AnsiColor;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Padding, Style as TableStyle};

use super::Painter;
use crate::domain::deployment::{Deployment, bytes};
use crate::domain::state::State;

/// Label and value, one a line.
pub(super) fn facts(fs: &Deployment, painter: &Painter) -> String {
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

pub(super) fn mount_targets(fs: &Deployment, painter: &Painter) -> String {
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

pub(super) fn list(file_systems: &[Deployment], painter: &Painter) -> String {
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
pub(super) fn next(fs: &Deployment, painter: &Painter, invocation: &str) -> String {
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
