//! The environment of the process: read here and nowhere else.

use crate::domain::variables::Variables;
use crate::error::Error;

/// What AWS and the tools of its users read: a value that is no text cannot be meant.
const PREFIXES: [&str; 3] = ["AWS_", "BOTO", "_X_AMZN"];

/// The variables of this process.
///
/// A line end behind a value is left out: secret stores and `$(cat file)` in other shells than ours leave it there, and no
/// value of AWS ends in one. What the SDK and its proxy read from the process themselves stays as it is, so that what is wrong with it is seen.
///
/// # Errors
///
/// The value of a variable of AWS is no text.
pub fn variables() -> Result<Variables, Error> {
    std::env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            match value.into_string() {
                Ok(value) if is_read_by_others(&name) => Some(Ok((name, value))),
                Ok(value) => Some(Ok((name, trimmed(&value)))),
                Err(_) if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) => {
                    Some(Err(Error::usage(format!(
                        "the value of the variable {name} is no text (UTF-8)"
                    ))
                    .hint(format!("unset {name}, or give it another value"))))
                }
                Err(_) => None,
            }
        })
        .collect()
}

fn is_read_by_others(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    upper.ends_with("_PROXY")
        || upper.starts_with("AWS_CONTAINER_")
        || upper.starts_with("AWS_ENDPOINT_URL")
        || upper == "AWS_EXECUTION_ENV"
}

fn trimmed(value: &str) -> String {
    value.trim_end_matches(['\r', '\n']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::trimmed;

    #[test]
    fn line_ends_behind_a_value_are_left_out_and_no_other_ones() {
        assert_eq!(trimmed("AKIA\r\n"), "AKIA");
        assert_eq!(trimmed("AKIA\n\n"), "AKIA");
        assert_eq!(trimmed("AK\nIA "), "AK\nIA ");
    }
}
