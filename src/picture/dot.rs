//! A graph of Graphviz: `dot -Tsvg`, `dot -Tpng`.

use std::fmt::Write;

use super::graph::Graph;
use super::node::{Mark, Node};
use super::places::Vpc;

pub(super) fn render(graph: &Graph) -> String {
    let mut text = String::from("digraph efs {\n");
    let title = escaped(&graph.title);
    line(
        &mut text,
        1,
        &format!("graph [label=\"{title}\", labelloc=t, rankdir=BT, fontname=\"sans-serif\"];"),
    );
    line(
        &mut text,
        1,
        "node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", fontsize=11];",
    );
    line(&mut text, 1, "edge [fontname=\"sans-serif\", fontsize=10];");
    line(&mut text, 1, &boxed(&graph.file_system, "shape=folder"));
    if let Some(points) = &graph.access_points {
        line(&mut text, 1, &boxed(points, ""));
    }
    for vpc in &graph.vpcs {
        place(&mut text, vpc);
    }
    for group in &graph.groups {
        line(&mut text, 1, &boxed(&group.node, "shape=box, style=filled"));
        for source in &group.sources {
            line(&mut text, 1, &boxed(source, "shape=ellipse"));
        }
    }
    for edge in &graph.edges {
        let label = edge.label.as_ref();
        let label = label.map_or_else(String::new, |label| {
            format!(" [label=\"{}\"]", escaped(label))
        });
        line(
            &mut text,
            1,
            &format!("{} -> {}{label};", edge.from, edge.to),
        );
    }
    text.push_str("}\n");
    text
}

fn line(text: &mut String, depth: usize, content: &str) {
    let _ = writeln!(text, "{:width$}{content}", "", width = depth * 2);
}

fn place(text: &mut String, vpc: &Vpc) {
    if vpc.zones.is_empty() {
        line(text, 1, &boxed(&vpc.node, ""));
        return;
    }
    cluster(text, 1, &vpc.node, "rounded");
    for zone in &vpc.zones {
        let node = Node::new(&zone.key, &zone.name);
        cluster(text, 2, &node, "rounded,dashed");
        for subnet in &zone.subnets {
            cluster(text, 3, &subnet.node, "rounded");
            for target in &subnet.mount_targets {
                line(text, 4, &boxed(target, ""));
            }
            line(text, 3, "}");
        }
        line(text, 2, "}");
    }
    line(text, 1, "}");
}

/// Its beginning.
fn cluster(text: &mut String, depth: usize, node: &Node, style: &str) {
    line(text, depth, &format!("subgraph cluster_{} {{", node.key));
    let colours = match node.mark.colours() {
        Some(colours) => {
            let (border, font) = (colours.border, colours.text);
            format!("style=\"{style}\", penwidth=2, color=\"{border}\", fontcolor=\"{font}\"")
        }
        None => format!("style=\"{style}\", penwidth=1, color=black, fontcolor=black"),
    };
    // Each line ends at the left.
    let label = label(node).replace("\\n", "\\l");
    line(
        text,
        depth + 1,
        &format!("graph [label=\"{label}\\l\", labeljust=l, fontsize=11, {colours}];"),
    );
}

fn boxed(node: &Node, attributes: &str) -> String {
    let mut all = vec![format!("label=\"{}\"", label(node))];
    if !attributes.is_empty() {
        all.push(attributes.to_owned());
    }
    if let Some(colours) = node.mark.colours() {
        let (fill, border, font) = (colours.fill, colours.border, colours.text);
        all.push(format!(
            "fillcolor=\"{fill}\", color=\"{border}\", fontcolor=\"{font}\""
        ));
    }
    if node.mark == Mark::Unknown {
        all.push("style=\"rounded,filled,dashed\"".to_owned());
    }
    format!("{} [{}];", node.key, all.join(", "))
}

fn label(node: &Node) -> String {
    let lines = node.lines.iter().map(|line| &line.text);
    let lines: Vec<String> = std::iter::once(&node.title)
        .chain(lines)
        .map(|text| escaped(text))
        .collect();
    lines.join("\\n")
}

/// Text in quotes: Graphviz reads escapes and the entities of HTML in it (Graphviz, "escString", "Character encodings").
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('&', "&amp;")
}
