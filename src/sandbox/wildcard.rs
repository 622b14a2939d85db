//! Patterns with wildcards, as filters of EC2 and actions of IAM have them.

/// One step of a pattern.
#[derive(Clone, Copy)]
enum Step {
    Any,
    One,
    Exactly(char),
}

/// Whether a value fits a pattern: `*` is any text, `?` one character, a backslash makes the next
/// character literal. Case matters.
pub(crate) fn fits(pattern: &str, value: &str) -> bool {
    let mut steps = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        steps.push(match character {
            '*' => Step::Any,
            '?' => Step::One,
            '\\' => Step::Exactly(characters.next().unwrap_or('\\')),
            other => Step::Exactly(other),
        });
    }
    let (mut steps, mut text) = (steps.as_slice(), value);
    // Where to go on when the latest star has to swallow one more character; earlier stars never need it.
    let mut resume = None;
    loop {
        let mut rest = text.chars();
        match (steps, rest.next()) {
            ([], None) => return true,
            ([Step::Any, behind @ ..], _) => {
                resume = Some((behind, text));
                steps = behind;
            }
            ([Step::One, behind @ ..], Some(_)) => (steps, text) = (behind, rest.as_str()),
            ([Step::Exactly(wanted), behind @ ..], Some(found)) if *wanted == found => {
                (steps, text) = (behind, rest.as_str());
            }
            _ => {
                let Some((behind, from)) = resume else {
                    return false;
                };
                let mut rest = from.chars();
                if rest.next().is_none() {
                    return false;
                }
                resume = Some((behind, rest.as_str()));
                (steps, text) = (behind, rest.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_text_and_a_question_mark_one_character() {
        for (pattern, value) in [
            (
                "EFS mount target for fs-*",
                "EFS mount target for fs-1 (fsmt-2)",
            ),
            ("*", ""),
            ("a*b*c", "a-b-b-c"),
            ("web-?", "web-1"),
            (r"100\*", "100*"),
            ("**x", "x"),
            ("a*b*c*", "abc"),
            ("a?c", "aäc"),
            ("*c", "cc"),
        ] {
            assert!(fits(pattern, value), "{pattern} fits {value}");
        }
        for (pattern, value) in [
            ("web-?", "web-"),
            ("web-?", "web-12"),
            (r"100\*", "1000"),
            ("a*b", "abc"),
            ("A", "a"),
            ("", "a"),
            ("abcd", "abc"),
            ("b*", "abc"),
        ] {
            assert!(!fits(pattern, value), "{pattern} does not fit {value}");
        }
    }
}
