//! Everything that the AWS CLI and boto3 read, and what efsctl does with it.
//!
//! The names are those of botocore 1.44.8: `BOTOCORE_DEFAUT_SESSION_VARIABLES` of `configprovider.py` and its tables for S3 and for
//! proxies, the resolvers of `credentials.py`, `tokens.py`, `endpoint.py` and `utils.py`; and the settings of the AWS CLI itself.

/// What a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A variable of the environment.
    Variable,
    /// A setting of a profile, or of a section that a profile names.
    Setting,
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It counts; how.
    Honoured(&'static str),
    /// It is refused by name before the first call, whenever it is set.
    Refused {
        /// Completes "is not supported: …".
        why: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// It says nothing about what efsctl does; why.
    Inapplicable(&'static str),
}

/// One name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// As it is written.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What is done with it.
    pub treatment: Treatment,
}

use Kind::{Setting, Variable};
use Treatment::{Honoured, Inapplicable, Refused};

const fn row(name: &'static str, kind: Kind, treatment: Treatment) -> Row {
    Row {
        name,
        kind,
        treatment,
    }
}

const BOOLEAN: &str = "`true` or `false`; anything else is refused";
const NO_S3: Treatment = Inapplicable("only for Amazon S3");
const NO_CLI: Treatment = Inapplicable("how the AWS CLI talks to its user");
const NO_MONITOR: Treatment = Inapplicable("client-side monitoring, internal to botocore");
const ONE_SIGNATURE: Treatment = Inapplicable("EFS and EC2 take one kind of signature");
const PROXY: Treatment =
    Honoured("the proxy of requests, also in lower case; one that is no HTTP proxy is refused");
const KEYS: Treatment = Honoured(
    "keys; a line end behind them is left out, any other character that no header can carry is refused",
);
const CERTIFICATES: Treatment =
    Honoured("a file of certificates (PEM) that are trusted instead of those of the system");
const COUNT: &str = "a whole number from 1 on; anything else is refused";

/// Everything that is read.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    // The profile and its files.
    row("AWS_PROFILE", Variable, Honoured("the profile, unless `--profile` names one; refused when `AWS_DEFAULT_PROFILE` names another one")),
    row("AWS_DEFAULT_PROFILE", Variable, Honoured("as `AWS_PROFILE`")),
    row("AWS_CONFIG_FILE", Variable, Honoured("the configuration file; `~` and `$NAME` are expanded; one that is not there is like an empty one, one that cannot be read is refused")),
    row("AWS_SHARED_CREDENTIALS_FILE", Variable, Honoured("the credentials file, in the same way")),
    // The region.
    row("AWS_REGION", Variable, Honoured("the region, unless `--region` names one; a zone, quotes or an empty value are refused")),
    row("AWS_DEFAULT_REGION", Variable, Honoured("the region, after `AWS_REGION`")),
    row("region", Setting, Honoured("the region, after the variables; then the metadata of the instance")),
    // Endpoints.
    row("AWS_ENDPOINT_URL", Variable, Honoured("the endpoint of EFS, EC2 and STS, unless `--endpoint-url` names that of EFS and EC2")),
    row("AWS_ENDPOINT_URL_EFS", Variable, Honoured("the endpoint of EFS, before `AWS_ENDPOINT_URL`")),
    row("AWS_ENDPOINT_URL_EC2", Variable, Honoured("the endpoint of EC2")),
    row("AWS_ENDPOINT_URL_STS", Variable, Honoured("the endpoint that roles are assumed at; for a web identity also where `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is set")),
    row("AWS_ENDPOINT_URL_SSO", Variable, Honoured("the endpoint of IAM Identity Center")),
    row("AWS_ENDPOINT_URL_SSO_OIDC", Variable, Honoured("the endpoint that tokens of IAM Identity Center are renewed at")),
    row("endpoint_url", Setting, Honoured("the endpoint, after the variables")),
    row("services", Setting, Honoured("the `[services …]` section whose `endpoint_url` of `efs`, `ec2` and `sts` counts (a web identity is taken to the usual endpoint of STS); refused when there is none of that name")),
    row("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", Variable, Honoured(BOOLEAN)),
    row("ignore_configured_endpoint_urls", Setting, Honoured(BOOLEAN)),
    row("AWS_USE_FIPS_ENDPOINT", Variable, Honoured("`true` or `false`; anything else is refused, and so is an endpoint beside it")),
    row("use_fips_endpoint", Setting, Honoured("the same")),
    row("AWS_USE_DUALSTACK_ENDPOINT", Variable, Honoured("`true` or `false`; anything else is refused, and so is an endpoint beside it")),
    row("use_dualstack_endpoint", Setting, Honoured("the same")),
    row("AWS_STS_REGIONAL_ENDPOINTS", Variable, Honoured("`regional`; `legacy` is refused: roles are assumed in the region of the calls")),
    row("sts_regional_endpoints", Setting, Honoured("the same")),
    // Connections.
    row("AWS_CA_BUNDLE", Variable, CERTIFICATES),
    row("ca_bundle", Setting, CERTIFICATES),
    row("REQUESTS_CA_BUNDLE", Variable, Honoured("after `AWS_CA_BUNDLE` and `ca_bundle`")),
    row("HTTPS_PROXY", Variable, PROXY),
    row("HTTP_PROXY", Variable, PROXY),
    row("ALL_PROXY", Variable, PROXY),
    row("NO_PROXY", Variable, Honoured("hosts that are reached without the proxy; this machine always is")),
    row("proxy_ca_bundle", Setting, Refused { why: "a proxy is trusted as the endpoints are", instead: "put its certificates into ca_bundle, and take proxy_ca_bundle out" }),
    row("proxy_client_cert", Setting, Refused { why: "no certificate is shown to a proxy", instead: "take it out, or use a proxy that does not ask for one" }),
    row("proxy_use_forwarding_for_https", Setting, Refused { why: "requests to HTTPS endpoints go through a tunnel", instead: "take it out, or use a proxy that tunnels (CONNECT)" }),
    row("AWS_MAX_ATTEMPTS", Variable, Honoured(COUNT)),
    row("max_attempts", Setting, Honoured(COUNT)),
    row("AWS_RETRY_MODE", Variable, Honoured("`standard` or `adaptive`; anything else, also `legacy`, is refused")),
    row("retry_mode", Setting, Honoured("the same")),
    row("AWS_DEFAULTS_MODE", Variable, Inapplicable("the times that efsctl waits are its own")),
    row("defaults_mode", Setting, Inapplicable("the times that efsctl waits are its own")),
    row("BOTOCORE_TCP_KEEPALIVE", Variable, Inapplicable("a run does not hold idle connections")),
    row("tcp_keepalive", Setting, Inapplicable("a run does not hold idle connections")),
    row("AWS_SDK_UA_APP_ID", Variable, Honoured("the name of the application in requests, instead of `efsctl`")),
    row("sdk_ua_app_id", Setting, Honoured("the same")),
    row("AWS_EXECUTION_ENV", Variable, Honoured("sent in requests; a character that no header can carry is refused")),
    row("AWS_LAMBDA_FUNCTION_NAME", Variable, Honoured("within a Lambda function the trace of the next row is passed on")),
    row("_X_AMZN_TRACE_ID", Variable, Honoured("passed on, with whatever no header can carry written out")),
    // Keys.
    row("AWS_ACCESS_KEY_ID", Variable, KEYS),
    row("AWS_SECRET_ACCESS_KEY", Variable, KEYS),
    row("AWS_SESSION_TOKEN", Variable, KEYS),
    row("AWS_SECURITY_TOKEN", Variable, Honoured("the older name of `AWS_SESSION_TOKEN`, and before it, as in botocore")),
    row("AWS_CREDENTIAL_EXPIRATION", Variable, Inapplicable("AWS reports expired keys")),
    row("AWS_ACCOUNT_ID", Variable, Inapplicable("the endpoints of EFS and EC2 are the same for all accounts")),
    row("aws_access_key_id", Setting, KEYS),
    row("aws_secret_access_key", Setting, KEYS),
    row("aws_session_token", Setting, KEYS),
    row("aws_security_token", Setting, Honoured("the older name of `aws_session_token`, and before it")),
    row("aws_account_id", Setting, Inapplicable("the endpoints of EFS and EC2 are the same for all accounts")),
    row("AWS_CREDENTIAL_FILE", Variable, Honoured("refused where nothing before it gives credentials: botocore would read keys from that file")),
    row("BOTO_CONFIG", Variable, Honoured("refused where nothing before it gives credentials: botocore would read keys from that file")),
    // Roles.
    row("role_arn", Setting, Honoured("the role is assumed, with `source_profile` or `credential_source`, or `web_identity_token_file`")),
    row("source_profile", Setting, Honoured("whose credentials assume the role")),
    row("credential_source", Setting, Honoured("`Environment`, `EcsContainer` or `Ec2InstanceMetadata`; anything else is refused")),
    row("external_id", Setting, Honoured("sent to STS")),
    row("role_session_name", Setting, Honoured("sent to STS")),
    row("duration_seconds", Setting, Honoured(COUNT)),
    row("mfa_serial", Setting, Honoured("refused where the role would be assumed: no code is asked for; the hint shows the way by `aws configure export-credentials`")),
    row("AWS_ROLE_ARN", Variable, Honoured("the role of a web identity")),
    row("AWS_WEB_IDENTITY_TOKEN_FILE", Variable, Honoured("the token of a web identity, unless `--profile` is given")),
    row("AWS_ROLE_SESSION_NAME", Variable, Honoured("sent to STS with it")),
    row("web_identity_token_file", Setting, Honoured("the token of a web identity")),
    // Processes and sign-ins.
    row("credential_process", Setting, Honoured("run by a shell; what it says on stderr is shown, it may read the terminal, and has 45 s or `--timeout`; what it starts itself is not ended with it")),
    row("sso_session", Setting, Honoured("the `[sso-session …]` section with the two settings that follow")),
    row("sso_start_url", Setting, Honoured("the token that `aws sso login` left is used and renewed")),
    row("sso_region", Setting, Honoured("the region of IAM Identity Center")),
    row("sso_account_id", Setting, Honoured("the account")),
    row("sso_role_name", Setting, Honoured("the permission set")),
    row("sso_registration_scopes", Setting, Inapplicable("only for `aws sso login`")),
    row("login_session", Setting, Honoured("refused where nothing before it gives credentials: only the AWS CLI reads it; the hint shows the way by `aws configure export-credentials`")),
    row("AWS_LOGIN_CACHE_DIRECTORY", Variable, Inapplicable("only for `login_session`")),
    row("AWS_BEARER_TOKEN_BEDROCK", Variable, ONE_SIGNATURE),
    // Containers and instances.
    row("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Variable, Honoured("the credentials of the container; what is no path is refused")),
    row("AWS_CONTAINER_CREDENTIALS_FULL_URI", Variable, Honoured("the same; what is no address is refused")),
    row("AWS_CONTAINER_AUTHORIZATION_TOKEN", Variable, Honoured("sent with it; a character that no header can carry is refused")),
    row("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", Variable, Honoured("the same, from a file")),
    row("AWS_EC2_METADATA_DISABLED", Variable, Honoured(BOOLEAN)),
    row("AWS_EC2_METADATA_SERVICE_ENDPOINT", Variable, Honoured("where the metadata of the instance is; what is no address is refused")),
    row("ec2_metadata_service_endpoint", Setting, Honoured("the same")),
    row("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", Variable, Honoured("`IPv4` or `IPv6`; anything else is refused")),
    row("ec2_metadata_service_endpoint_mode", Setting, Honoured("the same")),
    row("AWS_IMDS_USE_IPV6", Variable, Honoured("`true` or `false`; the endpoint mode takes precedence")),
    row("imds_use_ipv6", Setting, Honoured("the same")),
    row("AWS_EC2_METADATA_V1_DISABLED", Variable, Honoured("`true` or `false`; only the second version of the metadata is ever used")),
    row("ec2_metadata_v1_disabled", Setting, Honoured("the same")),
    row("AWS_METADATA_SERVICE_TIMEOUT", Variable, Honoured("seconds for one answer, 1 if not set; anything but a whole number from 1 on is refused")),
    row("metadata_service_timeout", Setting, Honoured("the same")),
    row("AWS_METADATA_SERVICE_NUM_ATTEMPTS", Variable, Honoured("the number of attempts, one if not set; anything but a whole number from 1 on is refused")),
    row("metadata_service_num_attempts", Setting, Honoured("the same")),
    // What botocore itself is made of.
    row("AWS_DATA_PATH", Variable, Inapplicable("the models of botocore")),
    row("data_path", Setting, Inapplicable("the models of botocore")),
    row("api_versions", Setting, Inapplicable("EFS and EC2 have one version each")),
    row("parameter_validation", Setting, Inapplicable("requests are checked by their types")),
    row("AWS_CSM_ENABLED", Variable, NO_MONITOR),
    row("csm_enabled", Setting, NO_MONITOR),
    row("AWS_CSM_HOST", Variable, NO_MONITOR),
    row("csm_host", Setting, NO_MONITOR),
    row("AWS_CSM_PORT", Variable, NO_MONITOR),
    row("csm_port", Setting, NO_MONITOR),
    row("AWS_CSM_CLIENT_ID", Variable, NO_MONITOR),
    row("csm_client_id", Setting, NO_MONITOR),
    row("BOTO_DISABLE_CRT", Variable, Inapplicable("a library of botocore")),
    row("BOTOCORE_EXPERIMENTAL__PLUGINS", Variable, Inapplicable("plugins of botocore")),
    row("BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER", Variable, Inapplicable("an experiment of botocore")),
    row("SSLKEYLOGFILE", Variable, Inapplicable("keys of connections are never written down")),
    // What EFS and EC2 have no use for.
    row("AWS_ENDPOINT_DISCOVERY_ENABLED", Variable, Inapplicable("EFS and EC2 have no endpoints to discover")),
    row("endpoint_discovery_enabled", Setting, Inapplicable("EFS and EC2 have no endpoints to discover")),
    row("AWS_ACCOUNT_ID_ENDPOINT_MODE", Variable, Inapplicable("the endpoints of EFS and EC2 are the same for all accounts")),
    row("account_id_endpoint_mode", Setting, Inapplicable("the endpoints of EFS and EC2 are the same for all accounts")),
    row("AWS_DISABLE_HOST_PREFIX_INJECTION", Variable, Inapplicable("no operation of EFS or EC2 has a host of its own")),
    row("disable_host_prefix_injection", Setting, Inapplicable("no operation of EFS or EC2 has a host of its own")),
    row("AWS_AUTH_SCHEME_PREFERENCE", Variable, ONE_SIGNATURE),
    row("auth_scheme_preference", Setting, ONE_SIGNATURE),
    row("AWS_SIGV4A_SIGNING_REGION_SET", Variable, ONE_SIGNATURE),
    row("sigv4a_signing_region_set", Setting, ONE_SIGNATURE),
    row("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", Variable, Inapplicable("EFS and EC2 take no compressed requests")),
    row("request_min_compression_size_bytes", Setting, Inapplicable("EFS and EC2 take no compressed requests")),
    row("AWS_DISABLE_REQUEST_COMPRESSION", Variable, Inapplicable("EFS and EC2 take no compressed requests")),
    row("disable_request_compression", Setting, Inapplicable("EFS and EC2 take no compressed requests")),
    row("AWS_REQUEST_CHECKSUM_CALCULATION", Variable, NO_S3),
    row("request_checksum_calculation", Setting, NO_S3),
    row("AWS_RESPONSE_CHECKSUM_VALIDATION", Variable, NO_S3),
    row("response_checksum_validation", Setting, NO_S3),
    row("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", Variable, NO_S3),
    row("s3_disable_express_session_auth", Setting, NO_S3),
    row("AWS_S3_USE_ARN_REGION", Variable, NO_S3),
    row("s3_use_arn_region", Setting, NO_S3),
    row("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", Variable, NO_S3),
    row("s3_us_east_1_regional_endpoint", Setting, NO_S3),
    row("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", Variable, NO_S3),
    row("s3", Setting, Inapplicable("the section of Amazon S3: `addressing_style`, `use_accelerate_endpoint`, `use_dualstack_endpoint`, `payload_signing_enabled`, `use_arn_region` and others")),
    // The AWS CLI.
    row("AWS_DEFAULT_OUTPUT", Variable, Inapplicable("the form of the result is `-o`")),
    row("output", Setting, Inapplicable("the form of the result is `-o`")),
    row("AWS_PAGER", Variable, NO_CLI),
    row("cli_pager", Setting, NO_CLI),
    row("AWS_CLI_AUTO_PROMPT", Variable, NO_CLI),
    row("cli_auto_prompt", Setting, NO_CLI),
    row("AWS_CLI_FILE_ENCODING", Variable, NO_CLI),
    row("AWS_CLI_HISTORY_FILE", Variable, NO_CLI),
    row("cli_history", Setting, NO_CLI),
    row("cli_timestamp_format", Setting, NO_CLI),
    row("cli_binary_format", Setting, NO_CLI),
    row("cli_follow_urlparam", Setting, NO_CLI),
    row("cli_hide_command_output", Setting, NO_CLI),
    row("cli_error_format", Setting, NO_CLI),
];
