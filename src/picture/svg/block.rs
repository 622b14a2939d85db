//! Boxes, text and arrows, as elements of SVG.

use super::text::{HEADING, LINE, TITLE, wrapped};
use crate::picture::node::{Line, Mark, Node};

/// Between boxes.
pub(super) const GAP: f64 = 18.0;
/// Between a box and what is in it.
pub(super) const PAD: f64 = 12.0;
/// From a line to the next.
const STEP: f64 = 17.0;
/// How wide a column of lines is, in a box with several.
const LINES: f64 = 400.0;

/// A place on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Block {
    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    fn middle(&self) -> f64 {
        self.x + self.width / 2.0
    }
}

/// A box whose content is not drawn yet, so that its height is not known.
pub(super) struct Frame {
    /// Where its element belongs: before what is in it.
    at: usize,
    class: String,
    place: Block,
    /// Where its content begins.
    pub(super) inner: f64,
}

/// Elements in the order in which they are painted.
#[derive(Default)]
pub(super) struct Canvas {
    elements: Vec<String>,
    arrows: Vec<String>,
    right: f64,
    bottom: f64,
}

impl Canvas {
    /// A heading that is at most so wide; where what follows begins.
    pub(super) fn heading(&mut self, text: &str, x: f64, y: f64, width: f64) -> f64 {
        let lines = wrapped(text, width, HEADING);
        let bottom = lines.iter().fold(y, |y, line| {
            self.text("heading", line, x, y + 14.0);
            y + 22.0
        });
        bottom + 10.0
    }

    /// Quiet words; where what follows begins.
    pub(super) fn words(&mut self, text: &str, x: f64, y: f64) -> f64 {
        self.text("quiet", text, x, y + 11.0);
        y + STEP
    }

    /// A box with its title and its lines, which are at most so wide.
    pub(super) fn begin(&mut self, node: &Node, style: &str, place: Block, width: f64) -> Frame {
        let at = self.elements.len();
        self.elements.push(String::new());
        let (x, mut y) = (place.x + PAD, place.y + PAD);
        let width = width - PAD;
        for title in wrapped(&node.title, width, TITLE) {
            self.text("title", &title, x, y + 11.0);
            y += STEP;
        }
        for line in &node.lines {
            y = self.line(line, x, y, width);
        }
        let mark = if node.mark == Mark::Plain {
            ""
        } else {
            node.mark.class()
        };
        Frame {
            at,
            class: format!("{style} {mark}").trim().to_owned(),
            place,
            inner: y + PAD / 2.0,
        }
    }

    /// Its end, below what is in it.
    pub(super) fn end(&mut self, frame: &Frame, bottom: f64) -> Block {
        let place = Block {
            height: bottom + PAD - frame.place.y,
            ..frame.place.clone()
        };
        self.right = self.right.max(place.right());
        self.bottom = self.bottom.max(place.bottom());
        let Block {
            x,
            y,
            width,
            height,
        } = &place;
        if let Some(element) = self.elements.get_mut(frame.at) {
            let class = &frame.class;
            *element = format!(
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"7\"/>"
            );
        }
        place
    }

    /// A box with nothing in it but text.
    pub(super) fn node(&mut self, node: &Node, x: f64, y: f64, width: f64) -> Block {
        let place = Block {
            x,
            y,
            width,
            height: 0.0,
        };
        let frame = self.begin(node, "leaf", place, width - PAD);
        let bottom = frame.inner - PAD / 2.0;
        self.end(&frame, bottom)
    }

    /// The same, with what is a list of it in columns.
    pub(super) fn columns(
        &mut self,
        node: &Node,
        is_listed: impl Fn(&Line) -> bool,
        place: (f64, f64, f64),
    ) -> Block {
        let (x, y, width) = place;
        let (findings, facts): (Vec<Line>, Vec<Line>) =
            node.lines.iter().cloned().partition(is_listed);
        let head = Node {
            lines: facts,
            ..node.clone()
        };
        let frame = self.begin(
            &head,
            "",
            Block {
                x,
                y,
                width,
                height: 0.0,
            },
            width - PAD,
        );
        let top = frame.inner;
        let mut bottom = top - PAD / 2.0;
        let count = ((width - 2.0 * PAD) / LINES).floor().max(1.0);
        let mut left = x + PAD;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few columns"
        )]
        let each = findings.len().div_ceil(count as usize).max(1);
        for column in findings.chunks(each) {
            let mut y = top;
            for line in column {
                y = self.line(line, left, y, (width - 2.0 * PAD) / count - PAD);
            }
            bottom = bottom.max(y);
            left += (width - 2.0 * PAD) / count;
        }
        self.end(&frame, bottom)
    }

    fn line(&mut self, line: &Line, x: f64, y: f64, width: f64) -> f64 {
        let class = if line.mark == Mark::Plain {
            "quiet"
        } else {
            line.mark.class()
        };
        let pieces = wrapped(&line.text, width, LINE);
        pieces.iter().fold(y, |y, piece| {
            self.text(class, piece, x, y + 11.0);
            y + STEP
        })
    }

    fn text(&mut self, class: &str, text: &str, x: f64, y: f64) {
        let text = escaped(text);
        self.elements.push(format!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        ));
    }

    /// An arrow up, or down to what is below: to the box at the nearest place above or below its own begin.
    pub(super) fn arrow(&mut self, from: &Block, to: &Block) {
        let down = to.y > from.y;
        // Arrows of mount targets pass what stands above them on the right.
        let wide = to.width > from.width;
        let x = if wide {
            from.right() - PAD
        } else {
            from.middle()
        };
        let end = if wide { x } else { to.middle() };
        let (begin, tip) = if down {
            (from.bottom(), to.y)
        } else {
            (from.y, to.bottom())
        };
        let sign = if down { -1.0 } else { 1.0 };
        let neck = tip + sign * 6.0;
        let half = f64::midpoint(begin, neck);
        let back = sign * 8.0;
        self.arrows.push(format!(
            "<path class=\"arrow\" d=\"M{x:.1} {begin:.1} C{x:.1} {half:.1} {end:.1} {half:.1} {end:.1} {neck:.1}\"/>\n\
             <path class=\"head\" d=\"M{end:.1} {tip:.1} l-4.5 {back:.1} h9 z\"/>"
        ));
    }

    /// The whole page.
    pub(super) fn finish(self, title: &str, described: &str, margin: f64) -> String {
        let (width, height) = (self.right + margin, self.bottom + margin);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n\
             <title>{}</title>\n<desc>{}</desc>\n<style>{}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n",
            escaped(title),
            escaped(described),
            include_str!("style.css"),
        );
        for element in self.elements.iter().chain(&self.arrows) {
            svg.push_str(element);
            svg.push('\n');
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
