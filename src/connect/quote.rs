//! Values as their readers take them.

use std::fmt::Write;

pub(super) use crate::domain::advice::quoted as shell;

/// A field of fstab: blanks and backslashes as octal numbers (fstab(5); `getmntent` reads them).
pub(super) fn fstab(field: &str) -> String {
    field.chars().fold(String::new(), |mut text, c| {
        match c {
            ' ' | '\t' | '\n' | '\\' | '#' => {
                let _ = write!(text, "\\{:03o}", u32::from(c));
            }
            c => text.push(c),
        }
        text
    })
}

/// A value of a unit: `%` begins a specifier (systemd.unit(5), "Specifiers").
pub(super) fn unit(value: &str) -> String {
    value.replace('%', "%%")
}

/// The name of the unit of a path, without its suffix, as `systemd-escape --path` makes it (systemd.unit(5), "String Escaping for
/// Inclusion in Unit Names").
pub(super) fn unit_name(path: &str) -> String {
    let path = path.trim_matches('/');
    if path.is_empty() {
        return "-".to_owned();
    }
    let mut name = String::new();
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'/' => name.push('-'),
            b'.' if at == 0 => name.push_str("\\x2e"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'_' | b'.' => {
                name.push(char::from(byte));
            }
            byte => {
                let _ = write!(name, "\\x{byte:02x}");
            }
        }
    }
    name
}

/// A field of the options of `docker --mount`, which are CSV (Docker CLI, `opts/mount.go`).
pub(super) fn csv(field: &str) -> String {
    if field.contains([',', '"']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// A value of a Compose file: `$` begins a variable (Compose file reference, "Interpolation").
pub(super) fn compose(value: &str) -> String {
    value.replace('$', "$$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_has_its_own_quotes() {
        assert_eq!(fstab("/mnt/my data\\x"), "/mnt/my\\040data\\134x");
        assert_eq!(unit("/mnt/100%"), "/mnt/100%%");
        assert_eq!(csv("source=/a,b\"c"), "\"source=/a,b\"\"c\"");
        assert_eq!(csv("source=/a b"), "source=/a b");
        assert_eq!(compose("/a$b"), "/a$$b");
    }

    /// As `systemd-escape --path` prints them (systemd 252).
    #[test]
    fn units_are_called_as_systemd_calls_them() {
        for (path, name) in [
            ("/mnt/efs", "mnt-efs"),
            ("/", "-"),
            ("/mnt/my data", "mnt-my\\x20data"),
            ("/mnt/a-b", "mnt-a\\x2db"),
            ("/.hidden", "\\x2ehidden"),
            ("/mnt/.x", "mnt-.x"),
            ("/mnt/ö", "mnt-\\xc3\\xb6"),
            ("/a\\b", "a\\x5cb"),
            ("/a:b_c", "a:b_c"),
        ] {
            assert_eq!(unit_name(path), name, "{path}");
        }
    }
}
