//! Addresses of endpoints, as they are typed and configured.

/// Whether a text is the address of an endpoint.
pub fn is_endpoint(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        let plain = |authority: &http::uri::Authority| !authority.as_str().contains('@');
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.authority().is_some_and(plain)
            && uri.query().is_none()
            && is_port(&uri)
    })
}

/// A colon behind the host is followed by a port.
fn is_port(uri: &http::Uri) -> bool {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let behind = authority
        .rsplit_once(']')
        .map_or(authority, |(_, rest)| rest);
    !behind.contains(':') || uri.port_u16().is_some()
}

#[cfg(test)]
mod tests {
    use super::is_endpoint;

    #[test]
    fn endpoints_are_told_from_typing_errors() {
        for good in [
            "http://127.0.0.1:4580",
            "https://efs.example.com/",
            "http://[::1]:4566/path",
        ] {
            assert!(is_endpoint(good), "{good}");
        }
        for bad in [
            "localhost:4580",
            "ftp://x",
            "http://",
            "not a url",
            "",
            "http://h:",
            "http://u:p@h",
            "http://h?x",
            "http://h:99999",
        ] {
            assert!(!is_endpoint(bad), "{bad}");
        }
    }
}
