//! Text: lists and numbers in sentences; what others wrote, without what steers; files as people's tools write them, which are UTF-8 with or without a byte order mark, or
//! UTF-16 with one.

use std::fmt::Display;

/// Separated by commas.
pub fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

/// So many of them: `1 check`, `2 checks`.
pub fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", plural(count))
}

/// What a noun ends in.
pub fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Text without what would steer a terminal or a parser: names and policies are written by others.
///
/// Line feeds and tabs stay. Marks of writing direction go, which make text read as another, and what XML 1.0 has
/// no place for.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| match c {
            '\n' | '\t' => true,
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fffe}'
            | '\u{ffff}' => false,
            c => !c.is_control(),
        })
        .collect()
}

/// The same, on one line.
pub fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// Why bytes are no text that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoText {
    /// A byte order mark of UTF-32.
    #[error("it is UTF-32: save it as UTF-8")]
    Utf32,
    /// Zero bytes between letters: UTF-16 that does not say in which order.
    #[error("it seems to be UTF-16 without a byte order mark: save it as UTF-8")]
    Unmarked,
    /// A byte order mark of UTF-16, and then no UTF-16.
    #[error("it begins like UTF-16 but is not: save it as UTF-8")]
    Utf16,
    /// Anything else: Latin-1, Windows-1252, or no text at all.
    #[error("it is neither UTF-8 nor UTF-16 (byte {0} is not): save it as UTF-8")]
    Other(usize),
}

/// The text of a file.
///
/// `>` of Windows `PowerShell` 5 writes UTF-16 with a byte order mark, `Out-File -Encoding utf8` UTF-8 with one
/// (about `Character_Encoding` of `PowerShell`).
pub fn decode(bytes: &[u8]) -> Result<String, NoText> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(NoText::Utf32),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        bytes => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, NoText> {
    if bytes.contains(&0) {
        return Err(NoText::Unmarked);
    }
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned)
        .map_err(|error| NoText::Other(error.valid_up_to()))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NoText> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(NoText::Utf16);
    }
    let units = pairs.filter_map(|pair| pair.try_into().ok().map(unit));
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map_err(|_| NoText::Utf16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    proptest! {
        #[test]
        fn every_encoding_that_says_what_it_is_is_read(text in "[^\\x00\u{feff}]*") {
            let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
            let little = [&b"\xff\xfe"[..], &wide(&text, u16::to_le_bytes)].concat();
            let big = [&b"\xfe\xff"[..], &wide(&text, u16::to_be_bytes)].concat();
            for bytes in [text.clone().into_bytes(), marked, little, big] {
                prop_assert_eq!(decode(&bytes), Ok(text.clone()));
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn lists_and_numbers() {
        assert_eq!(list([1, 2, 3]), "1, 2, 3");
        assert_eq!(list([""; 0]), "");
        assert_eq!(
            [0, 1, 2].map(|count| counted(count, "check")),
            ["0 checks", "1 check", "2 checks"]
        );
    }

    #[test]
    fn what_is_something_else_is_said() {
        assert_eq!(decode(b"\xff\xfe\0\0{\0\0\0"), Err(NoText::Utf32));
        assert_eq!(decode(&wide("{}", u16::to_le_bytes)), Err(NoText::Unmarked));
        assert_eq!(decode(b"\xff\xfe{"), Err(NoText::Utf16));
        assert_eq!(decode(b"team = \"M\xfcller\""), Err(NoText::Other(9)));
    }
}
