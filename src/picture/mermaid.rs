//! A flowchart of Mermaid, which GitHub, GitLab and others draw in Markdown.

use std::fmt::Write;

use super::graph::Graph;
use super::node::{Line, Mark, Node};
use super::places::Vpc;

/// Pixels before a line is wrapped.
const WIDTH: usize = 420;

pub(super) fn render(graph: &Graph) -> String {
    // The title is HTML to Mermaid, so it has no name that others chose.
    // A string of JSON is one of YAML, and strings always serialize.
    let title = serde_json::to_string(&graph.plain_title).unwrap_or_default();
    let mut text = format!(
        "---\ntitle: {title}\nconfig:\n  flowchart:\n    wrappingWidth: {WIDTH}\n---\nflowchart BT\n"
    );
    line(&mut text, 1, &boxed(&graph.file_system, "[(", ")]"));
    if let Some(points) = &graph.access_points {
        line(&mut text, 1, &boxed(points, "[", "]"));
    }
    for vpc in &graph.vpcs {
        place(&mut text, vpc);
    }
    for group in &graph.groups {
        line(&mut text, 1, &boxed(&group.node, "{{", "}}"));
        for source in &group.sources {
            line(&mut text, 1, &boxed(source, "([", "])"));
        }
    }
    for edge in &graph.edges {
        let label = edge.label.as_ref();
        let label = label.map_or_else(String::new, |label| format!("|\"{}\"|", escaped(label)));
        line(
            &mut text,
            1,
            &format!("{} -->{label} {}", edge.from, edge.to),
        );
    }
    styles(&mut text, graph);
    text
}

fn line(text: &mut String, depth: usize, content: &str) {
    let _ = writeln!(text, "{:width$}{content}", "", width = depth * 2);
}

fn place(text: &mut String, vpc: &Vpc) {
    if vpc.zones.is_empty() {
        line(text, 1, &boxed(&vpc.node, "[", "]"));
        return;
    }
    // On one line: Mermaid has room for no more above what is in it.
    let begin = |key: &str, label: &str| format!("subgraph {key}[\"{label}\"]");
    line(text, 1, &begin(&vpc.node.key, &label(&vpc.node, " · ")));
    for zone in &vpc.zones {
        line(text, 2, &begin(&zone.key, &escaped(&zone.name)));
        for subnet in &zone.subnets {
            // A label that is wider than what is in it would stick out of the zone: the lines of the subnet are in the box of its mount target.
            line(
                text,
                3,
                &begin(&subnet.node.key, &escaped(&subnet.node.title)),
            );
            let own = subnet.node.lines.iter().map(|line| Line {
                text: format!("subnet: {}", line.text),
                ..line.clone()
            });
            let own: Vec<Line> = own.collect();
            for target in &subnet.mount_targets {
                let mut target = target.clone();
                target.lines.extend(own.clone());
                line(text, 4, &boxed(&target, "[", "]"));
            }
            line(text, 3, "end");
        }
        line(text, 2, "end");
    }
    line(text, 1, "end");
}

fn boxed(node: &Node, open: &str, close: &str) -> String {
    format!("{}{open}\"{}\"{close}", node.key, label(node, "<br/>"))
}

fn label(node: &Node, between: &str) -> String {
    let lines = node.lines.iter().map(|line| &line.text);
    let lines: Vec<String> = std::iter::once(&node.title)
        .chain(lines)
        .map(|text| escaped(text))
        .collect();
    lines.join(between)
}

/// Text in quotes, without what Mermaid would read as its own: entities, HTML, and the marks of Markdown (Mermaid, "Flowcharts", "Entity codes to
/// escape characters" and "Markdown formatting").
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '*' | '_' | '~' | '\\' | '[' | ']' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
        escaped
    })
}

fn styles(text: &mut String, graph: &Graph) {
    for mark in Mark::ALL {
        let keys: Vec<&str> = graph
            .every_node()
            .filter(|node| node.mark == mark)
            .map(|node| node.key.as_str())
            .collect();
        let Some(colours) = mark.colours().filter(|_| !keys.is_empty()) else {
            continue;
        };
        let dashes = if mark == Mark::Unknown {
            ",stroke-dasharray:4 3"
        } else {
            ""
        };
        let class = mark.class();
        let (fill, stroke, color) = (colours.fill, colours.border, colours.text);
        line(
            text,
            1,
            &format!("classDef {class} fill:{fill},stroke:{stroke},color:{color}{dashes}"),
        );
        line(text, 1, &format!("class {} {class}", keys.join(",")));
    }
}
