//! What a client may do that mounts in one way.

use super::{ClientAction, Policy, Request, Truth, Way, Who};

impl Policy {
    /// Whether a client without IAM identity may do that, mounting in that way, by that access point where one is named; `None`: it
    /// depends on conditions that are not known.
    pub fn anonymous_may(
        &self,
        action: ClientAction,
        way: Way,
        access_point: Option<&str>,
    ) -> Option<bool> {
        let request = by(Request::new(way, Who::Anonymous), access_point);
        let action = action.as_str();
        match (
            self.allowed(action, &request),
            self.denied(action, &request),
        ) {
            (Truth::No, _) | (_, Truth::Yes) => Some(false),
            (Truth::Yes, Truth::No) => Some(true),
            _ => None,
        }
    }

    /// Whether mounting in that way is surely denied to every identity of the account that the policy does not name, whatever is in its
    /// own policy. Without TLS no client has an identity (UG: mounting-IAM-option).
    pub fn denies_identities(&self, way: Way, account: &str, access_point: Option<&str>) -> bool {
        let request = by(Request::new(way, Who::Unnamed(account)), access_point);
        way == Way::Plain || self.denied(ClientAction::Mount.as_str(), &request) == Truth::Yes
    }
}

fn by<'a>(request: Request<'a>, access_point: Option<&'a str>) -> Request<'a> {
    match access_point {
        Some(arn) => request.by(arn),
        None => request,
    }
}
