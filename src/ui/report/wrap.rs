//! Lines of a width, with every id and every command in one piece: what is broken cannot be copied.

/// What efsctl is followed by where it is typed, not spoken of.
const COMMANDS: &[&str] = &[
    "create", "wait", "describe", "list", "delete", "validate", "help",
];

/// One line of text on as many lines as it needs. The first begins at column `start`, the others at `indent`.
///
/// What is longer than a line stays in one piece and runs over.
pub(super) fn wrap(line: &str, start: usize, indent: usize, columns: usize) -> String {
    flow(pieces(line), start, indent, columns)
}

/// Pieces with a space between them, on as many lines as they need.
pub(super) fn flow(
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

/// Words; what stands between backticks, and a command up to the end of the line, count as one.
fn pieces(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split([' ', '\t']).collect();
    let nexts = words.iter().skip(1).copied().chain([""]);
    let mut pieces: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut command = false;
    for (word, next) in words.iter().copied().zip(nexts) {
        match pieces.last_mut() {
            Some(piece) if quoted || command => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ if word.is_empty() => {}
            _ => {
                command = begins_command(word, next);
                pieces.push(word.to_owned());
            }
        }
        quoted ^= word.matches('`').count() % 2 == 1;
    }
    pieces
}

fn begins_command(word: &str, next: &str) -> bool {
    match word {
        "aws" | "sudo" => next.starts_with(|c: char| c.is_ascii_lowercase() || c == '-'),
        "efsctl" => next.starts_with('-') || COMMANDS.contains(&next),
        _ => false,
    }
}
