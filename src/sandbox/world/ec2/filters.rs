//! Filters of Describe calls: names are checked, values may hold `*` and `?`.

use super::describe::Filter;
use super::refusals::{invalid, refuse};
use crate::sandbox::world::{ApiError, Tags};

/// Filter values of one request (EC2 user guide, "List and filter your resources").
const MOST_VALUES: usize = 200;

/// Refuses a filter this kind of resource does not have.
pub(super) fn check(filters: &[Filter], known: &[&str]) -> Result<(), ApiError> {
    for filter in filters {
        let name = filter.name.as_str();
        if !known.contains(&name) && name != "tag-key" && !name.starts_with("tag:") {
            return Err(invalid(format!("The filter '{name}' is invalid")));
        }
        if filter.values.is_empty() {
            return Err(invalid(format!("The filter '{name}' has no values")));
        }
    }
    if filters
        .iter()
        .map(|filter| filter.values.len())
        .sum::<usize>()
        > MOST_VALUES
    {
        let message = "The maximum number of filter values specified on a single call is 200";
        return Err(refuse("FilterLimitExceeded", message));
    }
    Ok(())
}

/// Whether a resource passes all filters: any value of each. `attribute` gives the values the resource
/// has under the name of a filter.
pub(super) fn pass(
    filters: &[Filter],
    tags: &Tags,
    mut attribute: impl FnMut(&str) -> Vec<String>,
) -> bool {
    filters.iter().all(|filter| {
        let wanted = |value: &str| filter.values.iter().any(|pattern| fits(pattern, value));
        match filter.name.strip_prefix("tag:") {
            Some(key) => tags.get(key).is_some_and(|value| wanted(value)),
            None if filter.name == "tag-key" => tags.keys().any(|key| wanted(key)),
            None => attribute(&filter.name).iter().any(|value| wanted(value)),
        }
    })
}

/// One step of a pattern.
enum Step {
    Any,
    One,
    Exactly(char),
}

/// Whether a value fits a pattern: `*` is any text, `?` one character, a backslash makes the next
/// character literal. Case matters.
fn fits(pattern: &str, value: &str) -> bool {
    if !pattern.contains(['*', '?', '\\']) {
        return pattern == value;
    }
    let (mut reached, mut steps) = (vec![0], Vec::new());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        steps.push(match character {
            '*' => Step::Any,
            '?' => Step::One,
            '\\' => Step::Exactly(characters.next().unwrap_or('\\')),
            other => Step::Exactly(other),
        });
    }
    // `reached` are the steps that may come next: a small automaton, so that no pattern is slow.
    skip_any(&steps, &mut reached);
    for character in value.chars() {
        let mut next = Vec::new();
        for at in reached {
            match steps.get(at) {
                Some(Step::Any) => next.push(at),
                Some(Step::One) => next.push(at + 1),
                Some(Step::Exactly(wanted)) if *wanted == character => next.push(at + 1),
                Some(Step::Exactly(_)) | None => {}
            }
        }
        skip_any(&steps, &mut next);
        reached = next;
    }
    reached.contains(&steps.len())
}

/// Adds the steps behind every `*` that was reached: it may stand for nothing.
fn skip_any(steps: &[Step], reached: &mut Vec<usize>) {
    let mut index = 0;
    while let Some(&at) = reached.get(index) {
        if matches!(steps.get(at), Some(Step::Any)) && !reached.contains(&(at + 1)) {
            reached.push(at + 1);
        }
        index += 1;
    }
    reached.sort_unstable();
    reached.dedup();
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
        ] {
            assert!(fits(pattern, value), "{pattern} fits {value}");
        }
        for (pattern, value) in [
            ("web-?", "web-"),
            ("web-?", "web-12"),
            (r"100\*", "1000"),
            ("a*b", "abc"),
            ("A", "a"),
        ] {
            assert!(!fits(pattern, value), "{pattern} does not fit {value}");
        }
    }
}
