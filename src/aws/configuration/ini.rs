//! The form of AWS's configuration files, as the AWS CLI and the SDKs read it.
//!
//! A line is a heading, a setting, or, indented deeper than the setting before it, a part of that setting. Comments begin with `#`
//! or `;`, at the beginning of a line or behind a space (*Shared config and credentials files*, AWS SDKs and Tools reference guide).

/// A heading with what stands under it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// Between the brackets.
    pub(super) heading: String,
    /// The settings, the later ones over the earlier ones.
    pub(super) settings: Vec<Setting>,
}

/// One setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting {
    /// In lower case.
    pub(super) key: String,
    pub(super) value: String,
    /// The settings that are indented under it.
    pub(super) nested: Vec<(String, String)>,
    indent: usize,
}

/// A line that is none of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) what: &'static str,
}

/// The sections of a file, in its order.
pub(super) fn parse(text: &str) -> Result<Vec<Section>, Malformed> {
    let mut sections: Vec<Section> = Vec::new();
    let text = text.trim_start_matches('\u{feff}');
    for (nth, line) in text.lines().enumerate() {
        let wrong = |what| Malformed {
            line: nth + 1,
            what,
        };
        let bare = match line.trim() {
            whole if is_whole(whole) => whole,
            _ => uncommented(line),
        };
        if bare.is_empty() {
            continue;
        }
        if let Some(open) = bare.strip_prefix('[') {
            let heading = open
                .split_once(']')
                .map(|(heading, _)| heading.trim())
                .ok_or_else(|| wrong("the heading has no closing bracket"))?;
            sections.push(Section {
                heading: heading.to_owned(),
                settings: Vec::new(),
            });
            continue;
        }
        let section = sections
            .last_mut()
            .ok_or_else(|| wrong("a setting comes before the first heading"))?;
        let indent = line.len() - line.trim_start().len();
        match section.settings.last_mut() {
            Some(above) if indent > above.indent => {
                if above.value.is_empty() {
                    let (key, value) =
                        split(bare).ok_or_else(|| wrong("there is no `=` in the setting"))?;
                    above.nested.push((key, value));
                } else {
                    above.value = format!("{}\n{bare}", above.value);
                }
            }
            _ => {
                let (key, value) =
                    split(bare).ok_or_else(|| wrong("there is no `=` in the setting"))?;
                section.settings.push(Setting {
                    key,
                    value,
                    nested: Vec::new(),
                    indent,
                });
            }
        }
    }
    Ok(sections)
}

/// A setting whose value may hold ` #` or ` ;`: the AWS CLI takes the whole line, and a part of a command or of a secret is another one. In the others the SDKs
/// take it for a comment, and no value of theirs holds one.
fn is_whole(line: &str) -> bool {
    let key = line.split(['=', ':']).next().unwrap_or_default().trim();
    ["credential_process", "external_id", "role_session_name"]
        .iter()
        .any(|whole| key.eq_ignore_ascii_case(whole))
}

/// The line without its comment and the spaces around it.
fn uncommented(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with(['#', ';']) {
        return "";
    }
    let comment = line.match_indices(['#', ';']).map(|(at, _)| at).find(|at| {
        line.get(..*at)
            .is_some_and(|before| before.ends_with([' ', '\t']))
    });
    match comment.and_then(|at| line.get(..at)) {
        Some(before) => before.trim_end(),
        None => line,
    }
}

fn split(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(['=', ':'])?;
    let key = key.trim();
    (!key.is_empty()).then(|| (key.to_ascii_lowercase(), value.trim().to_owned()))
}

impl Section {
    /// The last setting of that name.
    pub(super) fn get(&self, key: &str) -> Option<&Setting> {
        self.settings
            .iter()
            .rev()
            .find(|setting| setting.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, parse};

    #[test]
    fn headings_settings_and_what_is_indented_under_them() {
        let text = "\u{feff}# a comment\n[default]\n  region = eu-west-1 # here\n  Output: json\n[services x]\nefs =\n  endpoint_url = http://h:1\n\n[long]\na = 1\n b\n";
        let sections = parse(text).unwrap();
        let headings: Vec<_> = sections.iter().map(|s| s.heading.as_str()).collect();
        assert_eq!(headings, ["default", "services x", "long"]);
        let value = |nth: usize, key: &str| sections[nth].get(key).unwrap().value.clone();
        assert_eq!(value(0, "region"), "eu-west-1");
        assert_eq!(value(0, "output"), "json");
        assert_eq!(value(2, "a"), "1\nb");
        let nested = &sections[1].get("efs").unwrap().nested;
        assert_eq!(
            *nested,
            [("endpoint_url".to_owned(), "http://h:1".to_owned())]
        );
    }

    #[test]
    fn a_command_and_a_secret_are_taken_whole() {
        let text = "[a]\ncredential_process = get ; tee --role \"a # b\"\nexternal_id = x #1\nregion = eu-west-1 # here\n# credential_process = no\n";
        let sections = parse(text).unwrap();
        let value = |key| sections[0].get(key).unwrap().value.as_str();
        assert_eq!(value("credential_process"), "get ; tee --role \"a # b\"");
        assert_eq!(value("external_id"), "x #1");
        assert_eq!(value("region"), "eu-west-1");
    }

    #[test]
    fn a_line_that_is_none_is_named_by_its_number() {
        for (text, line) in [
            ("region = x", 1),
            ("[a]\n\nregion", 3),
            ("[a", 1),
            ("[a]\n= x", 2),
        ] {
            let Err(Malformed { line: found, .. }) = parse(text) else {
                panic!("{text:?} is taken");
            };
            assert_eq!(found, line, "{text:?}");
        }
    }
}
