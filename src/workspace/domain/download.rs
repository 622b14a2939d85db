//! The name under which a ZIP is downloaded.

use std::fmt::Write as _;

/// The longest name in the plain parameter, in characters.
const LONGEST: usize = 100;

/// The value of `Content-Disposition`: a plain name of safe characters, and the whole one by RFC 6266 where that is another. `id`
/// is used where nothing of the name is left.
pub fn disposition(project: &str, id: &str) -> String {
    let mut plain = reduced(project);
    if plain.is_empty() {
        plain = reduced(id);
    }
    let mut value = format!("attachment; filename=\"{plain}.zip\"");
    if plain != project {
        let full: String = project
            .chars()
            .map(|c| {
                if "/\\".contains(c) || c.is_control() {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        let full = if full.trim().is_empty() { plain } else { full };
        value.push_str("; filename*=UTF-8''");
        for byte in full.bytes().chain(*b".zip") {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                    value.push(char::from(byte));
                }
                other => {
                    let _ = write!(value, "%{other:02X}");
                }
            }
        }
    }
    value
}

fn reduced(name: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "._ -".contains(c);
    let mut plain: String = name
        .chars()
        .map(|c| if is_safe(c) { c } else { '_' })
        .collect();
    while plain.contains("..") {
        plain = plain.replace("..", ".");
    }
    plain.truncate(LONGEST);
    // What is nothing but stand-ins is no name.
    if plain.chars().any(|c| c.is_ascii_alphanumeric()) {
        plain.trim().trim_start_matches('.').to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_reduced_and_kept_beside() {
        assert_eq!(
            disposition("my-react-app", "x"),
            "attachment; filename=\"my-react-app.zip\""
        );
        assert_eq!(
            disposition("a\"\r\nX: y", "x"),
            "attachment; filename=\"a___X_ y.zip\"; filename*=UTF-8''a%22__X%3A%20y.zip"
        );
        assert_eq!(
            disposition("../../etc/passwd", "x"),
            "attachment; filename=\"_._etc_passwd.zip\"; filename*=UTF-8''.._.._etc_passwd.zip"
        );
        assert_eq!(
            disposition("日本", "job1"),
            "attachment; filename=\"job1.zip\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.zip"
        );
        assert_eq!(
            disposition("", "job1"),
            "attachment; filename=\"job1.zip\"; filename*=UTF-8''job1.zip"
        );
        let long = disposition(&"x".repeat(500), "y");
        assert!(long.starts_with(&format!(
            "attachment; filename=\"{}.zip\"; filename*=",
            "x".repeat(100)
        )));
        for odd in ["..", "…", "\0", "a\u{202e}b", " ", "a/../b"] {
            let value = disposition(odd, "id");
            let plain = value.split('"').nth(1).unwrap();
            assert!(
                !plain.contains("..")
                    && plain
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "._ -".contains(c)),
                "{value}"
            );
            assert!(value.is_ascii() && !value.contains(['\r', '\n']), "{value}");
        }
    }
}
