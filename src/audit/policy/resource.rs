//! To which resources a statement applies.

use super::request::Way;
use super::truth::Truth;
use crate::domain::wildcard;

/// `Resource` or `NotResource`; a statement that has neither is about the file system its policy is put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resources {
    Own,
    Only(Vec<String>),
    AllBut(Vec<String>),
}

impl Resources {
    /// Whether the file system of that ARN is among them, for a request that comes that way. Without an ARN every
    /// file system may be it.
    pub(super) fn include(&self, arn: Option<&str>, way: Way) -> Truth {
        match self {
            Self::Own => Truth::Yes,
            Self::Only(patterns) => Truth::any(patterns.iter().map(|one| includes(one, arn, way))),
            Self::AllBut(patterns) => {
                let one = |one: &String| match arn {
                    // It is not known which one is left out.
                    None => Truth::Perhaps,
                    Some(_) => includes(one, arn, way),
                };
                Truth::any(patterns.iter().map(one)).negated()
            }
        }
    }

    /// As written, for sentences.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Own => "Resource".to_owned(),
            Self::Only(patterns) => format!("Resource {}", patterns.join(", ")),
            Self::AllBut(patterns) => format!("NotResource {}", patterns.join(", ")),
        }
    }
}

fn includes(pattern: &str, arn: Option<&str>, way: Way) -> Truth {
    if arn.map_or(pattern == "*", |arn| wildcard::covers(pattern, arn)) {
        return Truth::Yes;
    }
    if pattern.contains("${") {
        return Truth::Perhaps;
    }
    if pattern.contains(":access-point/") {
        // Access points are resources of EFS, but the client actions are documented for file systems only (IAM
        // service reference): such a statement means clients of the access point, or no one.
        let may_be = matches!(way, Way::AccessPoint | Way::Api);
        return if may_be { Truth::Perhaps } else { Truth::No };
    }
    Truth::from(arn.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_that_is_another_one_does_not_count() {
        use Truth::{No, Perhaps, Yes};
        let own = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1";
        let only = |pattern: &str| Resources::Only(vec![pattern.to_owned()]);
        let but = |pattern: &str| Resources::AllBut(vec![pattern.to_owned()]);
        let other = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-2";
        let point = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-1";
        let cases = [
            (Resources::Own, Yes),
            (only("*"), Yes),
            (only(own), Yes),
            (only("arn:aws:elasticfilesystem:*:*:file-system/fs-?"), Yes),
            (only(other), No),
            (only("arn:aws:s3:::x"), No),
            (
                only("arn:aws:elasticfilesystem:${aws:RequestedRegion}:*"),
                Perhaps,
            ),
            (only(point), No),
            (Resources::Only(vec![other.to_owned(), own.to_owned()]), Yes),
            (but(own), No),
            (but("*"), No),
            (but(other), Yes),
        ];
        for (resources, expected) in cases {
            let found = resources.include(Some(own), Way::Plain);
            assert_eq!(found, expected, "{resources:?}");
        }
        assert_eq!(only(point).include(Some(own), Way::AccessPoint), Perhaps);
        assert_eq!(only(other).include(None, Way::Plain), Yes);
        assert_eq!(but(other).include(None, Way::Plain), Perhaps);
    }
}
