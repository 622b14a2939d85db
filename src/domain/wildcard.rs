//! The wildcards of IAM: `*` for any characters, `?` for one.

/// Whether everything that `text` stands for is matched by `pattern`, whatever the case.
///
/// `text` may be a pattern too: a `*` in it is covered by a `*` only, so the answer is never too wide.
pub(crate) fn covers(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |wanted, found| {
        wanted.eq_ignore_ascii_case(&found)
    })
}

/// The same, with the case as it is.
pub(crate) fn covers_exactly(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |wanted, found| wanted == found)
}

fn matches(pattern: &str, text: &str, is: impl Fn(char, char) -> bool) -> bool {
    let covers_one = |wanted, found| match wanted {
        '?' => found != '*',
        _ => is(wanted, found),
    };
    let (mut left, mut rest) = (pattern.chars(), text.chars());
    let mut retry = None;
    loop {
        match (left.clone().next(), rest.clone().next()) {
            (Some('*'), _) => {
                left.next();
                retry = Some((left.clone(), rest.clone()));
            }
            (Some(wanted), Some(found)) if covers_one(wanted, found) => {
                left.next();
                rest.next();
            }
            (None, None) => return true,
            _ => {
                // The last `*` takes one character more. An earlier one never has to.
                let Some((after, mut from)) = retry else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                (left, rest) = (after.clone(), from.clone());
                retry = Some((after, from));
            }
        }
    }
}

/// Whether it stands for more than itself: a wildcard, or a policy variable such as `${aws:username}`.
pub(crate) fn is_open(value: &str) -> bool {
    value.contains(['*', '?']) || value.contains("${")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_it_matches_and_narrower_patterns() {
        let cases = [
            ("*", "", true),
            ("*", "elasticfilesystem:ClientMount", true),
            ("elasticfilesystem:*", "elasticfilesystem:ClientMount", true),
            (
                "ELASTICFILESYSTEM:client*",
                "elasticfilesystem:ClientMount",
                true,
            ),
            (
                "elasticfilesystem:Client?ount",
                "elasticfilesystem:ClientMount",
                true,
            ),
            (
                "elasticfilesystem:*Mount",
                "elasticfilesystem:ClientMount",
                true,
            ),
            ("e*:*t*t", "elasticfilesystem:ClientMount", true),
            ("*:*", "elasticfilesystem:*", true),
            ("elasticfilesystem:*", "elasticfilesystem:Client*", true),
            ("a**", "a", true),
            ("", "", true),
            ("", "a", false),
            ("a", "", false),
            ("?", "", false),
            ("a?", "a*", false),
            ("elasticfilesystem:Client*", "elasticfilesystem:*", false),
            ("s3:*", "elasticfilesystem:ClientMount", false),
            (
                "elasticfilesystem:ClientMount",
                "elasticfilesystem:ClientMountX",
                false,
            ),
            (
                "elasticfilesystem:*Mounts",
                "elasticfilesystem:ClientMount",
                false,
            ),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(covers(pattern, text), expected, "{pattern} {text}");
        }
        assert!(covers_exactly("f?ls*", "false") && !covers_exactly("F*", "false"));
    }

    #[test]
    fn an_open_value_is_a_wildcard_or_a_variable() {
        assert!(is_open("vpc-*") && is_open("vpc-?") && is_open("${aws:username}"));
        assert!(!is_open("vpc-1") && !is_open("$") && !is_open(""));
    }
}
