//! A drawing: the file system on top, its VPC with a column for each zone, below it the security groups with the clients that they allow.

mod block;
mod text;

use std::collections::BTreeMap;

use self::block::{Block, Canvas, GAP, PAD};
use super::graph::Graph;
use super::node::{Edge, Group, Line, Mark, Node};
use super::places::{Subnet, Vpc, Zone};

/// A zone, and a security group.
const COLUMN: f64 = 288.0;
/// What stands in a box leaves so much of the way on the right to the arrow through it.
const AISLE: f64 = 44.0;
/// The least, so that the facts of the file system have room.
const NARROWEST: f64 = 620.0;
/// The margin of the page.
const MARGIN: f64 = 24.0;

pub(super) fn render(graph: &Graph) -> String {
    let canvas = Drawing::of(graph).canvas;
    canvas.finish(&graph.title, &described(graph), MARGIN)
}

/// In words, for who does not see it.
fn described(graph: &Graph) -> String {
    let nodes = graph.every_node();
    let words = nodes.map(|node| {
        let lines = node.lines.iter().map(|line| line.text.as_str());
        let all: Vec<&str> = std::iter::once(node.title.as_str()).chain(lines).collect();
        all.join(", ")
    });
    words.collect::<Vec<_>>().join("; ")
}

/// Where the boxes are that arrows begin or end at.
#[derive(Default)]
struct Places(BTreeMap<String, Block>);

struct Drawing {
    canvas: Canvas,
    places: Places,
}

impl Drawing {
    fn of(graph: &Graph) -> Self {
        let mut drawing = Self {
            canvas: Canvas::default(),
            places: Places::default(),
        };
        drawing.draw(graph);
        drawing
    }

    fn draw(&mut self, graph: &Graph) {
        let count = |nodes: usize| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a picture has hundreds of columns at most"
            )]
            let nodes = nodes as f64;
            nodes * (COLUMN + GAP) - GAP
        };
        let vpcs: Vec<f64> = graph
            .vpcs
            .iter()
            .map(|vpc| count(vpc.zones.len().max(1)) + 2.0 * PAD)
            .collect();
        let places = vpcs.iter().sum::<f64>()
            + GAP * f64::from(u32::try_from(vpcs.len().saturating_sub(1)).unwrap_or(0));
        let width = places.max(count(graph.groups.len())).max(NARROWEST);
        let mut y = self.canvas.heading(&graph.title, MARGIN, MARGIN, width);
        if let Some(node) = &graph.access_points {
            let block = self.canvas.columns(node, |_| true, (MARGIN, y, width));
            y = block.bottom() + 2.2 * GAP;
            self.places.0.insert(node.key.clone(), block);
        }
        let is_finding = |line: &Line| line.mark != Mark::Plain;
        let node = &graph.file_system;
        let block = self.canvas.columns(node, is_finding, (MARGIN, y, width));
        y = block.bottom() + 2.2 * GAP;
        self.places.0.insert(node.key.clone(), block);
        let mut x = MARGIN + (width - places) / 2.0;
        let mut bottom = y;
        for (vpc, width) in graph.vpcs.iter().zip(&vpcs) {
            let block = self.vpc(vpc, x, y, *width);
            x = block.right() + GAP;
            bottom = bottom.max(block.bottom());
        }
        if !graph.vpcs.is_empty() {
            bottom += 3.0 * GAP;
        }
        let mut x = MARGIN + (width - count(graph.groups.len())) / 2.0;
        for group in &graph.groups {
            let block = self.group(group, &graph.edges, x, bottom);
            x = block.right() + GAP;
        }
        for edge in &graph.edges {
            let (Some(from), Some(to)) =
                (self.places.0.get(&edge.from), self.places.0.get(&edge.to))
            else {
                // Of what is drawn inside its group.
                continue;
            };
            self.canvas.arrow(from, to);
        }
    }

    fn vpc(&mut self, vpc: &Vpc, x: f64, y: f64, width: f64) -> Block {
        let style = if vpc.zones.is_empty() { "" } else { "vpc" };
        let frame = self.canvas.begin(
            &vpc.node,
            style,
            Block {
                x,
                y,
                width,
                height: 0.0,
            },
            COLUMN - AISLE,
        );
        let mut bottom = frame.inner;
        let mut left = x + PAD;
        for zone in &vpc.zones {
            let block = self.zone(zone, left, frame.inner);
            left = block.right() + GAP;
            bottom = bottom.max(block.bottom());
        }
        let block = self.canvas.end(&frame, bottom);
        if vpc.zones.is_empty() {
            self.places.0.insert(vpc.node.key.clone(), block.clone());
        }
        block
    }

    fn zone(&mut self, zone: &Zone, x: f64, y: f64) -> Block {
        let node = Node::new(&zone.key, &zone.name);
        let frame = self.canvas.begin(
            &node,
            "zone",
            Block {
                x,
                y,
                width: COLUMN,
                height: 0.0,
            },
            COLUMN - AISLE,
        );
        let mut bottom = frame.inner;
        for subnet in &zone.subnets {
            bottom = self.subnet(subnet, x + PAD, bottom).bottom() + PAD;
        }
        self.canvas.end(&frame, bottom - PAD)
    }

    fn subnet(&mut self, subnet: &Subnet, x: f64, y: f64) -> Block {
        let width = COLUMN - 2.0 * PAD;
        let frame = self.canvas.begin(
            &subnet.node,
            "",
            Block {
                x,
                y,
                width,
                height: 0.0,
            },
            width - AISLE,
        );
        let mut bottom = frame.inner;
        for target in &subnet.mount_targets {
            let block = self.canvas.node(target, x + PAD, bottom, width - 2.0 * PAD);
            bottom = block.bottom() + PAD;
            self.places.0.insert(target.key.clone(), block);
        }
        self.canvas.end(&frame, bottom - PAD)
    }

    fn group(&mut self, group: &Group, edges: &[Edge], x: f64, y: f64) -> Block {
        let start = Block {
            x,
            y,
            width: COLUMN,
            height: 0.0,
        };
        let frame = self
            .canvas
            .begin(&group.node, "", start, COLUMN - 2.0 * PAD);
        let mut bottom = frame.inner;
        if !group.sources.is_empty() {
            bottom = self.canvas.words("allows", x + PAD, bottom);
        }
        for source in &group.sources {
            // What is on the arrow elsewhere: here the source is in its group.
            let edge = edges.iter().find(|edge| edge.from == source.key);
            let traffic = edge.and_then(|edge| edge.label.as_ref()).map(Line::plain);
            let source = Node {
                lines: traffic
                    .into_iter()
                    .chain(source.lines.iter().cloned())
                    .collect(),
                ..source.clone()
            };
            let block = self
                .canvas
                .node(&source, x + PAD, bottom, COLUMN - 2.0 * PAD);
            bottom = block.bottom() + PAD / 2.0;
        }
        let block = self.canvas.end(&frame, bottom);
        self.places.0.insert(group.node.key.clone(), block.clone());
        block
    }
}
