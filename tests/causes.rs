//! What AWS answers, through the SDK: its class, its cause, and what is told to do next.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use efsctl::aws::{AwsCloud, Connection};
use efsctl::cloud::{Cause, Class, Cloud, CloudError, FileSystems, NewMountTarget, Policy, Vpcs};
use efsctl::domain::spec::IpType;
use efsctl::error::Kind;
use efsctl::provision::explain::explain;
use efsctl::service::CreateOptions;

use crate::support::harness::{Harness, Things, spec};

/// One answer, to every request.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    /// In the header of EFS.
    kind: &'static str,
    body: String,
}

impl HttpConnector for Answer {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let status = self.status.try_into().unwrap();
        let mut response = HttpResponse::new(status, SdkBody::from(self.body.clone()));
        if !self.kind.is_empty() {
            response.headers_mut().insert("x-amzn-errortype", self.kind);
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Answer {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

async fn answered(answer: Answer) -> AwsCloud {
    let connection = Connection {
        region: Some("eu-west-1".to_owned()),
        http_client: Some(SharedHttpClient::new(answer)),
        ..Connection::default()
    };
    AwsCloud::connect(connection)
        .await
        .unwrap()
        .without_retries()
}

/// The error of a call of EFS that is answered so.
async fn efs(status: u16, kind: &'static str, body: &str) -> CloudError {
    let cloud = answered(Answer {
        status,
        kind,
        body: body.to_owned(),
    });
    cloud
        .await
        .file_systems(&FileSystems::All)
        .await
        .unwrap_err()
}

/// The error of a call of EC2 that is answered so.
async fn ec2(status: u16, code: &str, message: &str) -> CloudError {
    let body = format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>id-1</RequestID></Response>"
    );
    let cloud = answered(Answer {
        status,
        kind: "",
        body,
    });
    cloud.await.vpcs(&Vpcs::Default).await.unwrap_err()
}

const USER: &str =
    "User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: ";

#[tokio::test(start_paused = true)]
async fn what_aws_says_is_told_with_its_cause_and_what_helps() {
    let body = |message: &str| format!("{{\"message\": \"{message}\"}}");
    let denial = |end: &str| {
        body(&format!(
            "{USER}elasticfilesystem:DescribeFileSystems on the specified resource{end}"
        ))
    };
    let expired = "Signature expired: 20261125T101200Z is now earlier than 20261125T162700Z (20261125T163200Z - 5 min.)";
    let early = "Signature not yet current: 20261125T222700Z is still later than 20261125T163200Z (20261125T162700Z + 5 min.)";
    let table = [
        (efs(403, "InvalidSignatureException", &body(expired)).await, Kind::Denied, Some(Cause::Clock), "the clock of this machine"),
        (efs(403, "InvalidSignatureException", &body(early)).await, Kind::Denied, Some(Cause::Clock), "the clock of this machine"),
        (efs(403, "RequestTimeTooSkewed", &body("too large")).await, Kind::Denied, Some(Cause::Clock), "the clock of this machine"),
        (ec2(400, "RequestExpired", "Request has expired.").await, Kind::Denied, Some(Cause::ClockOrExpired), "check the clock"),
        (efs(403, "ExpiredTokenException", &body("The security token included in the request is expired")).await, Kind::Denied, Some(Cause::Expired), "have expired"),
        (efs(403, "UnrecognizedClientException", &body("The security token included in the request is invalid.")).await, Kind::Denied, Some(Cause::UnknownKey), "does not know these credentials"),
        (ec2(401, "AuthFailure", "AWS was not able to validate the provided access credentials").await, Kind::Denied, Some(Cause::UnknownKey), "does not know these credentials"),
        (efs(403, "InvalidSignatureException", &body("The request signature we calculated does not match the signature you provided.")).await, Kind::Denied, Some(Cause::WrongSecret), "secret access key"),
        (ec2(403, "OptInRequired", "You are not subscribed to this service.").await, Kind::Denied, Some(Cause::RegionOff), "enabled for the account"),
        (efs(403, "AccessDeniedException", &denial("")).await, Kind::Denied, Some(Cause::RightMissing), "the caller needs the IAM action elasticfilesystem:DescribeFileSystems"),
        (efs(403, "AccessDeniedException", &denial(" with an explicit deny in a service control policy")).await, Kind::Denied, Some(Cause::Forbidden(Policy::ServiceControl)), "no right of the caller outweighs"),
        (ec2(403, "UnauthorizedOperation", &format!("You are not authorized to perform this operation. {USER}ec2:DescribeVpcs with an explicit deny in a permissions boundary")).await, Kind::Denied, Some(Cause::Forbidden(Policy::Boundary)), "permissions boundary"),
        (efs(403, "AccessDeniedException", &denial(" because no VPC endpoint policy allows the action")).await, Kind::Denied, Some(Cause::NotAllowed(Policy::VpcEndpoint)), "VPC endpoint"),
        (ec2(403, "UnauthorizedOperation", "You are not authorized to perform this operation.").await, Kind::Denied, Some(Cause::RightUnnamed), "the caller needs the IAM action ec2:DescribeVpcs"),
        (ec2(403, "UnauthorizedOperation", "You are not authorized to perform this operation. Encoded authorization failure message: 4i2e").await, Kind::Denied, Some(Cause::Encoded), "aws sts decode-authorization-message"),
        (efs(200, "", "<html>").await, Kind::Failed, None, "check endpoint_url"),
    ];
    for (error, kind, cause, words) in table {
        let explained = explain(&error, "looking");
        let hint = explained
            .hint
            .map(|hint| hint.to_string())
            .unwrap_or_default();
        assert_eq!(explained.kind, kind, "{error}");
        assert_eq!(error.cause(), cause, "{error}");
        assert!(hint.contains(words), "{error}: {hint}");
        let by_right = hint.contains("needs the IAM action");
        let is_right = matches!(cause, Some(Cause::RightMissing | Cause::RightUnnamed));
        assert!(!by_right || is_right, "{error}: {hint}");
    }
}

/// The caller had the right of the operation in the cases whose cause is known: one of EC2 was missing.
#[tokio::test(start_paused = true)]
async fn a_denial_without_an_action_is_not_told_as_the_right_of_the_operation() {
    let answer = Answer {
        status: 403,
        kind: "AccessDeniedException",
        body: r#"{"ErrorCode":"AccessDeniedException","Message":"User is not authorized to perform that action on the specified resource"}"#.to_owned(),
    };
    let cloud = answered(answer).await;
    let id = "fs-0123456789abcdef0".parse().unwrap();
    let target = "fsmt-0123456789abcdef0".parse().unwrap();
    let new = NewMountTarget {
        file_system: id,
        subnet: "subnet-0123456789abcdef0".parse().unwrap(),
        groups: std::collections::BTreeSet::new(),
        ip_type: IpType::Ipv4,
    };
    for (error, right) in [
        (
            cloud.create_mount_target(&new).await.unwrap_err(),
            "ec2:CreateNetworkInterface",
        ),
        (
            cloud.delete_mount_target(&target).await.unwrap_err(),
            "ec2:DeleteNetworkInterface",
        ),
    ] {
        assert_eq!(
            (error.class, error.action.as_deref()),
            (Class::Denied, None),
            "{error}"
        );
        let explained = explain(&error, "asking");
        let hint = explained.hint.unwrap().to_string();
        assert_eq!(explained.kind, Kind::Denied);
        assert!(
            hint.contains(right) && !hint.contains("elasticfilesystem:"),
            "{hint}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_is_one_without_a_code_in_its_body() {
    let throttled = efs(400, "ThrottlingException", r#"{"message":"Rate exceeded"}"#).await;
    assert_eq!(throttled.class, Class::Throttle);
    let bare = efs(429, "", r#"{"message":"Rate exceeded"}"#).await;
    assert_eq!(bare.class, Class::Throttle);
    for kind in ["ValidationException", "BadRequest"] {
        let wrong = efs(400, kind, r#"{"message":"1 validation error detected"}"#).await;
        assert_eq!(wrong.class, Class::Permanent);
        assert!(
            explain(&wrong, "looking")
                .message
                .contains("1 validation error detected")
        );
    }
}

/// The whole flow: the sentence decides, in a run and in the plan, and what was made is taken back.
#[tokio::test(start_paused = true)]
async fn a_run_that_a_policy_of_the_organisation_forbids_is_told_so() {
    const DENY: &str = "is not authorized to perform: elasticfilesystem:CreateFileSystem with an explicit deny in a service control policy";
    let harness = Harness::faulty(&[&format!(
        "CreateFileSystem:*:code=AccessDeniedException/403:{DENY}"
    )]);
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    let hint = failure.error.hint.unwrap().to_string();
    assert_eq!(failure.error.kind, Kind::Denied);
    assert!(
        hint.contains("service control policy")
            && hint.contains("encryption")
            && !hint.contains("needs the IAM action"),
        "{hint}"
    );
    assert_eq!(harness.things(), Things::default());

    let unnamed = "CreateMountTarget:*:code=AccessDeniedException/403:User is not authorized to perform that action on the specified resource";
    let harness = Harness::faulty(&[unnamed]);
    let failure = harness.create(&spec("demo")).await.unwrap_err();
    let hint = failure.error.hint.unwrap().to_string();
    assert_eq!(failure.error.kind, Kind::Denied);
    assert!(
        hint.contains("ec2:CreateNetworkInterface") && !hint.contains("elasticfilesystem:"),
        "{hint}"
    );
    assert_eq!(harness.things(), Things::default());

    let planned = "CreateSecurityGroup:*:code=UnauthorizedOperation/403:You are not authorized to perform this operation. x is not authorized to perform: ec2:CreateSecurityGroup with an explicit deny in a resource control policy";
    let harness = Harness::faulty(&[planned]);
    let failure = harness
        .service()
        .await
        .plan(&spec("demo"), &CreateOptions::default())
        .await
        .unwrap_err();
    let hint = failure.hint.unwrap().to_string();
    assert!(
        hint.contains("resource control policy") && !hint.contains("needs the IAM action"),
        "{hint}"
    );
}
