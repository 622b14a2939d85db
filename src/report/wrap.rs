//! Lines of a width, with every id and every command in one piece: what is broken cannot be copied.

use super::one_line;
use crate::domain::advice::{Advice, Invocation, Piece};

/// One line of text on as many lines as it needs. The first begins at column `start`, the others at `indent`.
///
/// What is longer than a line stays in one piece and runs over.
pub(crate) fn wrap(line: &str, start: usize, indent: usize, columns: usize) -> String {
    flow(pieces(line), start, indent, columns)
}

/// Pieces with a space between them, on as many lines as they need.
pub(crate) fn flow(
    pieces: impl IntoIterator<Item = String>,
    start: usize,
    indent: usize,
    columns: usize,
) -> String {
    let mut wrapped = String::new();
    let mut column = start;
    let mut begun = false;
    for piece in pieces {
        let width = piece.chars().count();
        let end = column
            .saturating_add(usize::from(begun))
            .saturating_add(width);
        if end > columns && column > indent {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            column = indent.saturating_add(width);
        } else {
            if begun {
                wrapped.push(' ');
            }
            column = end;
        }
        wrapped.push_str(&piece);
        begun = true;
    }
    wrapped
}

/// Words; what stands between backticks counts as one.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut quoted = false;
    for word in line.split([' ', '\t']) {
        match pieces.last_mut() {
            Some(piece) if quoted => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ if word.is_empty() => {}
            _ => pieces.push(word.to_owned()),
        }
        quoted ^= word.matches('`').count() % 2 == 1;
    }
    pieces
}

/// The pieces of advice: words, and every command as one, together with what touches it.
pub(crate) fn advised(advice: &Advice, invocation: &Invocation) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut touches = false;
    let mut add = |new: Vec<String>, begins: bool, ends: bool| {
        let mut new = new.into_iter();
        if touches
            && !begins
            && let Some(last) = all.last_mut()
        {
            last.extend(new.next());
        }
        all.extend(new);
        touches = !ends;
    };
    for piece in advice.pieces() {
        let words = match piece {
            Piece::Step(step) => step.why.as_ref().map(|why| format!("{why}: ")),
            piece => Some(piece.shown(invocation)),
        };
        if let Some(words) = words {
            let words = one_line(&words);
            let (begins, ends) = (words.starts_with(' '), words.ends_with(' '));
            add(pieces(&words), begins, ends);
        }
        if let Piece::Step(step) = piece {
            add(
                vec![one_line(&step.command.shown(invocation))],
                false,
                false,
            );
        }
    }
    all
}
