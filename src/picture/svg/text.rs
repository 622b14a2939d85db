//! How wide text is, about: the fonts of a reader are not known.

/// Pixels of a character of a line, a title and the heading, in the widest of the fonts that the style names.
pub(super) const LINE: f64 = 7.0;
pub(super) const TITLE: f64 = 8.2;
pub(super) const HEADING: f64 = 10.4;

/// Columns of a character: East Asian ones and pictures are twice as wide.
fn columns(c: char) -> usize {
    if u32::from(c) >= 0x1100 { 2 } else { 1 }
}

/// The text in lines that are at most so wide. It breaks between words, and within one that is wider.
pub(super) fn wrapped(text: &str, width: f64, pixels: f64) -> Vec<String> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    let fits = |columns: usize| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "texts have thousands of columns at most"
        )]
        let wide = columns as f64 * pixels;
        wide <= width
    };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide: usize = word.chars().map(columns).sum();
        match lines.last_mut() {
            Some((line, used)) if fits(*used + 1 + wide) => {
                line.push(' ');
                line.push_str(word);
                *used += 1 + wide;
            }
            _ => lines.push((String::new(), 0)),
        }
        let Some((line, _)) = lines.last() else {
            continue;
        };
        if !line.is_empty() {
            continue;
        }
        for c in word.chars() {
            match lines.last_mut() {
                Some((line, used)) if line.is_empty() || fits(*used + columns(c)) => {
                    line.push(c);
                    *used += columns(c);
                }
                _ => lines.push((c.to_string(), columns(c))),
            }
        }
    }
    lines.into_iter().map(|(line, _)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_breaks_between_words_and_within_long_ones() {
        let lines = |text: &str| wrapped(text, 10.0, 1.0);
        assert_eq!(lines("one two three four"), ["one two", "three four"]);
        assert_eq!(lines("0123456789abc de"), ["0123456789", "abc de"]);
        assert_eq!(lines("日本日本日本"), ["日本日本日", "本"]);
        assert_eq!(lines(""), [""; 0]);
    }

    proptest! {
        #[test]
        fn nothing_is_left_out(text in "[a-c日 ]{0,60}", width in 1.0..20.0_f64) {
            let whole: String = text.chars().filter(|c| *c != ' ').collect();
            let lines = wrapped(&text, width, 1.0);
            prop_assert_eq!(lines.concat().replace(' ', ""), whole);
        }
    }
}
