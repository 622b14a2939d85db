//! The operations that the sandbox answers, as the tables of the services have them.

use super::{Service, ec2, efs, sts};

/// The AWS names of the operations of one service.
pub fn of(service: Service) -> Box<dyn Iterator<Item = &'static str>> {
    match service {
        Service::Efs => Box::new(efs::operations()),
        Service::Ec2 => Box::new(ec2::operations()),
        Service::Sts => Box::new(sts::operations()),
    }
}

/// Whether any of the services has an operation of that name.
pub fn is_known(operation: &str) -> bool {
    all().any(|name| name == operation)
}

/// The operation that somebody who wrote `word` may have meant.
pub fn closest(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    all().find(|name| fold(name) == folded)
}

fn all() -> impl Iterator<Item = &'static str> {
    Service::ALL.into_iter().flat_map(of)
}

/// Letters only, in lower case, without plural: `create-file-systems` is `CreateFileSystem`.
fn fold(word: &str) -> String {
    let mut folded: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    folded.make_ascii_lowercase();
    folded.trim_end_matches('s').to_owned()
}
