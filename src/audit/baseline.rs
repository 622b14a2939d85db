//! What failed in an earlier audit: it does not fail again.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::finding::{Audited, Verdict};

/// What failed or could not be checked before: file system and check, and which of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<(String, String), Verdict>);

impl Baseline {
    /// Reads the JSON document of an earlier `efsctl validate`.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form = || "it is not the JSON document of `efsctl validate`".to_owned();
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let list = |value: &Value, at: &str| value.pointer(at).and_then(Value::as_array).cloned();
        let word =
            |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let mut failed = BTreeMap::new();
        for audited in list(&document, "/audit/file_systems").ok_or_else(form)? {
            let id = word(&audited, "file_system_id").ok_or_else(form)?;
            for finding in list(&audited, "/findings").ok_or_else(form)? {
                let check = word(&finding, "check").ok_or_else(form)?;
                let verdict = word(&finding, "verdict").ok_or_else(form)?;
                let verdict = [Verdict::Fail, Verdict::Unknown]
                    .into_iter()
                    .find(|known| known.as_str() == verdict);
                failed.extend(verdict.map(|verdict| ((id.clone(), check), verdict)));
            }
        }
        Ok(Self(failed))
    }

    /// Marks what failed before.
    pub fn mark(&self, audited: &mut Audited) {
        for finding in &mut audited.findings {
            let key = (finding.file_system.to_string(), finding.about.id.to_owned());
            // What could not be seen then, and fails now, is news.
            let before = self.0.get(&key);
            finding.known = before == Some(&Verdict::Fail)
                || (finding.verdict == Verdict::Unknown && before == Some(&Verdict::Unknown));
        }
    }
}
