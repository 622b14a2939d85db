//! Values that are checked before the SDK sees them: it fails of some without saying which, and panics of others.

use super::refusal::{Origin, Refusal};
use crate::domain::advice::{Advice, Command};
use crate::domain::endpoint::is_endpoint;
use crate::domain::region;

/// A region.
pub(super) fn region(text: &str, origin: &Origin) -> Result<String, Refusal> {
    if text.is_empty() {
        return Err(Refusal::empty(origin).hint("a region looks like eu-west-1"));
    }
    region::check(text)
        .map(|()| text.to_owned())
        .map_err(|mistaken| {
            Refusal::value(region::sentence(text, &origin.to_string(), &mistaken)).hint(
                Advice::from("a region looks like eu-west-1; list them: ")
                    .run(Command::aws("ec2 describe-regions")),
            )
        })
}

/// `true` or `false`, in any case: everything else is false to botocore, which is never what was meant.
pub(super) fn boolean(text: &str, origin: &Origin) -> Result<bool, Refusal> {
    if text.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err(Refusal::wrong(text, "true or false", origin))
    }
}

/// A whole number from one on.
pub(super) fn count(text: &str, origin: &Origin) -> Result<u32, Refusal> {
    match text.parse::<u32>() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(Refusal::wrong(text, "a whole number from 1 on", origin)),
    }
}

/// One of several words, in any case.
pub(super) fn word<T: Copy>(
    text: &str,
    words: &[(&str, T)],
    origin: &Origin,
) -> Result<T, Refusal> {
    let found = words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Refusal::wrong(text, &format!("one of {}", names.join(", ")), origin)
    })
}

/// The address of an endpoint: a scheme, a host, perhaps a port and a path.
pub(super) fn endpoint(text: &str, origin: &Origin) -> Result<String, Refusal> {
    if is_endpoint(text) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::wrong(text, "the address of an endpoint", origin))
    }
}

/// What may stand in a header, or on a line of its own: visible ASCII and spaces.
pub(in crate::aws) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// A value that is sent as a header.
pub(super) fn plain(text: &str, origin: &Origin) -> Result<String, Refusal> {
    if is_plain(text) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::value(format!(
            "{origin} holds a character that no request can carry: {}",
            unprintable(text)
        ))
        .hint(super::refusal::remedy(origin)))
    }
}

/// A value that is one line; what it says beyond that is not ours.
pub(super) fn plain_line(text: &str, origin: &Origin) -> Result<String, Refusal> {
    if text.chars().any(char::is_control) {
        plain(text, origin)
    } else {
        Ok(text.to_owned())
    }
}

/// The first character that is not plain. Nothing else of the value is shown: it may be a secret.
pub(in crate::aws) fn unprintable(text: &str) -> String {
    let found = text.chars().find(|c| !(' '..='~').contains(c));
    match found {
        Some('\n' | '\r') => "a line end".to_owned(),
        Some(c) => format!("`{}`", c.escape_default()),
        None => "none".to_owned(),
    }
}

/// The address of a proxy, as curl and Python take it.
pub(super) fn proxy(text: &str, origin: &Origin) -> Result<(), Refusal> {
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let is_proxy = full.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    });
    if is_proxy {
        return Ok(());
    }
    // It may hold a password.
    Err(Refusal::value(format!("{origin} is not the address of a proxy"))
        .hint("a proxy looks like http://proxy.example.com:3128; others than HTTP proxies are not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Origin = Origin::Variable("X");

    #[test]
    fn only_the_two_words_are_booleans() {
        for (text, value) in [("true", true), ("False", false), ("TRUE", true)] {
            assert_eq!(boolean(text, &HERE), Ok(value));
        }
        for text in ["1", "0", "yes", "on", "", " true", "true,"] {
            assert!(boolean(text, &HERE).is_err(), "{text}");
        }
    }

    #[test]
    fn a_proxy_needs_a_host_and_speaks_http() {
        for good in [
            "http://p:3128",
            "p:3128",
            "https://u:secret@p",
            "10.0.0.1:8080",
        ] {
            assert!(proxy(good, &HERE).is_ok(), "{good}");
        }
        for bad in [
            "socks5://p:1",
            "http://",
            "not a host",
            ":",
            "http://[x:secret",
        ] {
            let refused = proxy(bad, &HERE).unwrap_err();
            assert!(!refused.sentence.contains("secret"), "{refused}");
        }
    }
}
