//! Whom a request is meant for: the credential scope of its signature.
//!
//! `Credential=AKID/20260131/eu-west-1/elasticfilesystem/aws4_request` stands in the `Authorization`
//! header, or percent-encoded in the query of a presigned request ("Signature Version 4" in the IAM user guide).

use serde::{Deserialize, Serialize};

use super::{Reply, Request, error_reply};
use crate::world::ApiError;

/// The services that the sandbox plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Amazon EFS, `elasticfilesystem` in signatures, ARNs and IAM.
    #[serde(rename = "elasticfilesystem")]
    Efs,
    /// Amazon EC2.
    Ec2,
    /// AWS STS.
    Sts,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Efs, Self::Ec2, Self::Sts];

    /// The name under which requests to it are signed, also the prefix of its IAM actions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Efs => "elasticfilesystem",
            Self::Ec2 => "ec2",
            Self::Sts => "sts",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The service that an unsigned request looks like.
    fn guess(request: &Request) -> Self {
        let api = |version: &str| {
            String::from_utf8_lossy(&request.body).contains(version)
                || request.query.contains(version)
        };
        if request.path.starts_with("/2015-02-01") {
            Self::Efs
        } else if api("Version=2011-06-15") {
            Self::Sts
        } else {
            Self::Ec2
        }
    }
}

/// Whom a request is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The service.
    pub service: Service,
    /// The region, as signed: it may not exist.
    pub region: String,
}

impl Target {
    /// What a service says to a signature for a region that it does not know.
    pub(super) fn unknown_region(&self) -> ApiError {
        let (code, status) = match self.service {
            Service::Efs => ("InvalidSignatureException", 403),
            Service::Ec2 => ("AuthFailure", 401),
            Service::Sts => ("SignatureDoesNotMatch", 403),
        };
        let message = format!(
            "Credential should be scoped to a valid region, not '{}'.",
            self.region
        );
        ApiError::new(code, status, message)
    }

    /// What a service says in a region that the account has not enabled, where nobody knows its credentials.
    ///
    /// As reported for EC2 (turbot/steampipe-plugin-aws#75) and STS (segmentio/aws-okta#225); the code of EFS is
    /// that of the services with a JSON protocol (ekristen/aws-nuke#774).
    pub(super) fn disabled_region(&self) -> ApiError {
        let invalid_token = "The security token included in the request is invalid";
        let (code, status, message) = match self.service {
            Service::Efs => ("UnrecognizedClientException", 403, invalid_token),
            Service::Ec2 => (
                "AuthFailure",
                401,
                "AWS was not able to validate the provided access credentials",
            ),
            Service::Sts => ("InvalidClientTokenId", 403, invalid_token),
        };
        ApiError::new(code, status, message)
    }
}

/// Why a request cannot be handed to any service, in the shape of the one that it resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The service in whose shape the error is told.
    pub service: Service,
    /// The error.
    pub error: ApiError,
}

impl Refusal {
    /// The refusal as a response.
    pub fn reply(&self, request_id: &str) -> Reply {
        error_reply(self.service, &self.error, request_id)
    }
}

/// Whom a request is meant for, or why that cannot be told.
pub fn target(request: &Request) -> Result<Target, Refusal> {
    let refuse = |code, status, message: String| Refusal {
        service: Service::guess(request),
        error: ApiError::new(code, status, message),
    };
    let Some(credential) = credential(request) else {
        let message = "Missing Authentication Token".to_owned();
        return Err(refuse("MissingAuthenticationToken", 403, message));
    };
    let mut parts = credential.rsplit('/');
    let (terminator, service, region) = (parts.next(), parts.next(), parts.next());
    let (Some("aws4_request"), Some(service), Some(region)) = (terminator, service, region) else {
        let message = format!(
            "Credential must be KEY/DATE/REGION/SERVICE/aws4_request, and is not: {credential}"
        );
        return Err(refuse("IncompleteSignature", 400, message));
    };
    let Some(service) = Service::named(service) else {
        let message = format!(
            "The sandbox simulates the services elasticfilesystem, ec2 and sts. \
             This request is signed for '{service}'."
        );
        let is_form = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        return Err(Refusal {
            service: if is_form { Service::Sts } else { Service::Efs },
            error: ApiError::new("UnknownServiceException", 400, message),
        });
    };
    Ok(Target {
        service,
        region: region.to_owned(),
    })
}

/// The credential with its scope, from the header or from the query.
fn credential(request: &Request) -> Option<String> {
    if let Some(header) = request.header("authorization") {
        let (_, rest) = header.split_once("Credential=")?;
        let end = rest.find([',', ' ']).unwrap_or(rest.len());
        return rest.get(..end).map(str::to_owned);
    }
    form_urlencoded::parse(request.query.as_bytes())
        .find(|(name, _)| name == "X-Amz-Credential")
        .map(|(_, value)| value.into_owned())
}
