//! File systems as a person reads them.

use std::fmt::Write;

use anstyle::AnsiColor;
use tabled::Table;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Padding, Style as TableStyle};

use super::Painter;
use crate::domain::advice::{Command, Invocation};
use crate::domain::deployment::{AccessPointView, Deployment, bytes};
use crate::domain::settings::protection::OverwriteProtection;
use crate::domain::state::State;
use crate::ui::document::ExpectedView;

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
        (_, None) => painter.in_color(AnsiColor::Yellow, "not reported"),
        (_, Some(false)) => painter.in_color(AnsiColor::Red, "not encrypted"),
        (Some(key), Some(true)) => format!("encrypted  {key}"),
        (None, Some(true)) => "encrypted".to_owned(),
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
    if let Some(policy) = fs
        .lifecycle_policy
        .as_ref()
        .filter(|policy| !policy.is_empty())
    {
        rows.push(("lifecycle", policy.to_string()));
    }
    match (fs.backup, &fs.backup_status) {
        (Some(true), _) => rows.push(("backups", "daily (AWS Backup)".to_owned())),
        (None, Some(status)) => rows.push(("backups", status.to_string())),
        (Some(false), _) | (None, None) => {}
    }
    if let Some(protection) = &fs.replication_overwrite_protection {
        match protection.known() {
            Some(OverwriteProtection::Enabled) => {}
            Some(OverwriteProtection::Replicating) => {
                rows.push((
                    "replication",
                    "read-only: the copy of a replication".to_owned(),
                ));
            }
            Some(OverwriteProtection::Disabled) => rows.push((
                "replication",
                "a replication may overwrite it (protection DISABLED)".to_owned(),
            )),
            None => rows.push(("replication", format!("overwrite protection {protection}"))),
        }
    }
    if let Some(policy) = fs
        .policy
        .as_ref()
        .filter(|policy| policy.document.is_some())
    {
        rows.push(("policy", policy.summary.clone()));
    }
    for point in fs.access_points.iter().flatten() {
        rows.push(("access point", access_point(point)));
    }
    if let Some(time) = &fs.expires_at {
        rows.push(("expires", time.clone()));
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

/// `fsap-…  app  /app  as 1000:1000`.
fn access_point(point: &AccessPointView) -> String {
    let name = point.name.as_deref();
    let user = point.uid.zip(point.gid);
    let user = user.map(|(uid, gid)| format!("as {uid}:{gid}"));
    let state =
        (point.lifecycle_state != State::Available).then(|| point.lifecycle_state.to_string());
    let parts = [
        Some(point.access_point_id.to_string()),
        name.map(str::to_owned),
        Some(point.path.clone()),
        user,
        state,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn table(builder: Builder) -> String {
    aligned(builder, |_| {})
}

/// A table in which some columns are aligned otherwise.
pub(super) fn aligned(builder: Builder, align: impl FnOnce(&mut Table)) -> String {
    let mut table = builder.build();
    align(&mut table);
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
        return "no mount targets: no client can mount it\n".to_owned();
    }
    // 80 columns hold zone, state, address and subnet; the id fits beside them from 100 on, and wherever no one counts columns.
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
    let word = |yes| if yes { "yes" } else { "no" }.to_owned();
    let header = [
        "NAME",
        "FILE SYSTEM",
        "STATE",
        "ENCRYPTED",
        "TARGETS",
        "SIZE",
        "MANAGED",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(file_systems.iter().map(|fs| {
        vec![
            fs.name.clone().unwrap_or_else(|| "-".to_owned()),
            fs.file_system_id.to_string(),
            fs.lifecycle_state.to_string(),
            fs.encrypted.map_or_else(|| "-".to_owned(), word),
            fs.number_of_mount_targets.to_string(),
            bytes(fs.size_bytes),
            word(fs.managed),
        ]
    }));
    let columns = painter.columns.unwrap_or(usize::MAX);
    // The name is what other commands take: before it is cut, what can be looked up by it is left out.
    for spare in ["MANAGED", "TARGETS", "ENCRYPTED"] {
        let at = rows
            .first()
            .and_then(|header| header.iter().position(|cell| cell == spare));
        if let Some(at) = at.filter(|_| width(&rows) > columns) {
            for row in &mut rows {
                row.remove(at);
            }
        }
    }
    let excess = width(&rows).saturating_sub(columns);
    let longest = rows
        .iter()
        .filter_map(|row| row.first())
        .map(|name| name.chars().count())
        .max();
    let room = longest.unwrap_or_default().saturating_sub(excess).max(8);
    let mut builder = Builder::new();
    for mut row in rows {
        if let Some(name) = row.first_mut().filter(|name| name.chars().count() > room) {
            *name = name.chars().take(room - 1).chain(['…']).collect();
        }
        builder.push_record(row);
    }
    table(builder)
}

/// Columns that rows of cells take, with two spaces between them.
fn width(rows: &[Vec<String>]) -> usize {
    let cells = rows.first().map_or(0, Vec::len);
    let widest = |at: usize| {
        let column = rows.iter().filter_map(|row| row.get(at));
        column.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    (0..cells).map(widest).sum::<usize>() + 2 * cells.saturating_sub(1)
}

/// How it is mounted.
fn connect(fs: &Deployment, invocation: &Invocation) -> String {
    let line =
        |command: Command| format!("  mount it               {}\n", command.shown(invocation));
    fs.connect().map(line).unwrap_or_default()
}

/// What to type next, of a file system that was only shown.
pub(super) fn next_of_shown(fs: &Deployment, painter: &Painter, invocation: &Invocation) -> String {
    match connect(fs, invocation) {
        line if line.is_empty() => line,
        line => format!("\n{}\n{line}", painter.bold("next")),
    }
}

/// What to type next.
pub(super) fn next(
    fs: &Deployment,
    expected: &[ExpectedView],
    painter: &Painter,
    invocation: &Invocation,
) -> String {
    let id = &fs.file_system_id;
    let name = fs.name.clone().unwrap_or_else(|| id.to_string());
    let line = |verb: &str| Command::efsctl(verb).arg(&name).shown(invocation);
    let mut text = format!("\n{}\n", painter.bold("next"));
    if let Some(group) = &fs.security_group_id {
        let _ = writeln!(
            text,
            "  give a client access   allow its security group in {group}; or attach {group} to it, if that group allows itself"
        );
    }
    text.push_str(&connect(fs, invocation));
    let pending = fs
        .mount_targets
        .iter()
        .any(|mt| mt.lifecycle_state != State::Available);
    if pending {
        let _ = writeln!(text, "  wait until it is ready {}", line("wait"));
    }
    let closing: Vec<&str> = expected
        .iter()
        .filter_map(|one| one.closed_by.as_deref())
        .collect();
    let flags = match closing.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        // It asks for nothing else of a file system that exists.
        _ => Some("--hardened".to_owned()),
    };
    if let Some(flags) = flags {
        let set = line("set");
        let some = format!("close {} of them", closing.len());
        let _ = writeln!(text, "  {some:21}  {set} {flags}");
    }
    let _ = writeln!(text, "  show it                {}", line("describe"));
    let _ = writeln!(text, "  remove it              {}", line("delete"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::FileSystemId;
    use crate::domain::settings::ObservedSetting;
    use crate::domain::state::{FileSystem, StoredBytes};
    use crate::domain::tags::Tags;
    use crate::domain::word::Word;

    fn named(name: &str) -> Deployment {
        Deployment::bare(&FileSystem {
            id: FileSystemId::from_aws("fs-0123456789abcdef0"),
            arn: None,
            creation_token: name.to_owned(),
            name: Some(name.to_owned()),
            state: State::Available,
            encrypted: Some(true),
            kms_key_id: None,
            performance: Word::from_api("generalPurpose"),
            settings: [ObservedSetting::Throughput(Word::Other("turbo".to_owned()))]
                .into_iter()
                .collect(),
            one_zone: None,
            size_bytes: 100 << 30,
            stored: StoredBytes::default(),
            mount_targets: 3,
            tags: Tags::new(),
            created_at: None,
        })
    }

    #[test]
    fn a_list_fits_the_terminal_and_cuts_names_last() {
        let names = ["prod-data-europe", "prod-data-america"];
        let shown = names.map(named);
        for columns in [40, 60, 80, 100, 200] {
            let painter = Painter {
                color: false,
                columns: Some(columns),
            };
            let text = list(&shown, &painter);
            let longest = text.lines().map(|line| line.chars().count()).max();
            assert!(longest <= Some(columns.max(56)), "{columns}:\n{text}");
            let whole = names.iter().all(|name| text.contains(name));
            assert_eq!(whole, columns >= 80, "{columns}:\n{text}");
            assert_eq!(
                text.contains("MANAGED"),
                columns >= 100,
                "{columns}:\n{text}"
            );
        }
    }
}
