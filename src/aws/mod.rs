//! The only rooms that know the SDK: [`AwsCloud`] implements [`Cloud`](crate::cloud::Cloud) over
//! aws-sdk-efs and aws-sdk-ec2.

mod convert;
mod ec2;
mod efs;
mod error;
mod inventory;
mod network;
pub mod tally;
mod told;
mod transport;

use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use self::tally::Tally;

/// One attempt of a call: creating a mount target waits for its network interface, which takes seconds.
const ATTEMPT: Duration = Duration::from_secs(20);
/// A call with the SDK's own retries: bounds "calls in flight finish" after ctrl-C.
const OPERATION: Duration = Duration::from_secs(45);

/// How to reach AWS.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The region; otherwise that of the environment or the profile.
    pub region: Option<String>,
    /// The profile of the AWS configuration files.
    pub profile: Option<String>,
    /// One endpoint for EFS and EC2.
    pub endpoint_url: Option<String>,
    /// Answers instead of the network: the sandbox. It needs no credentials.
    pub http_client: Option<SharedHttpClient>,
    /// Where requests are counted: several connections may be counted together.
    pub tally: Tally,
}

/// AWS, through the SDK.
#[derive(Debug, Clone)]
pub struct AwsCloud {
    efs: aws_sdk_efs::Client,
    ec2: aws_sdk_ec2::Client,
    region: String,
    tally: Tally,
}

/// No region was given, and none is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no region is given and none is configured")]
pub struct NoRegion;

impl AwsCloud {
    /// Reads configuration and credentials as every AWS tool does: flags, environment, files, instance metadata.
    ///
    /// Makes no call to EFS or EC2.
    ///
    /// # Errors
    ///
    /// [`NoRegion`] when no region is given or configured.
    pub async fn connect(connection: Connection) -> Result<Self, NoRegion> {
        let Connection {
            region,
            profile,
            endpoint_url,
            http_client,
            tally,
        } = connection;
        let simulated = http_client.is_some();
        let http_client = http_client.unwrap_or_else(transport::network);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client.clone())
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_millis(3_100))
                    .operation_attempt_timeout(ATTEMPT)
                    .operation_timeout(OPERATION)
                    .build(),
            );
        if let Ok(name) = AppName::new("efsctl") {
            loader = loader.app_name(name);
        }
        if let Some(profile) = &profile {
            loader = loader.profile_name(profile).no_credentials();
        }
        if let Some(region) = region {
            loader = loader.region(Region::new(region));
        }
        if let Some(url) = endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if simulated {
            loader = loader.credentials_provider(Credentials::new(
                "AKIAEFSCTLSANDBOX000",
                "sandbox",
                None,
                None,
                "efsctl-sandbox",
            ));
        }
        let mut config = loader.load().await;
        if let Some(profile) = profile.filter(|_| !simulated) {
            let credentials = of_profile(&profile, &config, http_client);
            config = config
                .to_builder()
                .credentials_provider(SharedCredentialsProvider::new(credentials))
                .build();
        }
        Self::over(&config, tally)
    }

    fn over(config: &SdkConfig, tally: Tally) -> Result<Self, NoRegion> {
        let region = config.region().map(ToString::to_string).ok_or(NoRegion)?;
        let efs = aws_sdk_efs::config::Builder::from(config)
            .interceptor(tally.clone())
            .build();
        let ec2 = aws_sdk_ec2::config::Builder::from(config)
            .interceptor(tally.clone())
            .build();
        Ok(Self {
            efs: aws_sdk_efs::Client::from_conf(efs),
            ec2: aws_sdk_ec2::Client::from_conf(ec2),
            region,
            tally,
        })
    }

    /// The same cloud, where a call is sent once: whoever asks decides when to ask again.
    #[must_use]
    pub fn once(&self) -> Self {
        let efs = self.efs.config().to_builder();
        let ec2 = self.ec2.config().to_builder();
        let once = RetryConfig::disabled();
        Self {
            efs: aws_sdk_efs::Client::from_conf(efs.retry_config(once.clone()).build()),
            ec2: aws_sdk_ec2::Client::from_conf(ec2.retry_config(once).build()),
            region: self.region.clone(),
            tally: self.tally.clone(),
        }
    }

    /// The same account in another region: same credentials, same endpoint if one was given.
    #[must_use]
    pub fn at(&self, region: &str) -> Self {
        let efs = self.efs.config().to_builder();
        let ec2 = self.ec2.config().to_builder();
        let there = Region::new(region.to_owned());
        Self {
            efs: aws_sdk_efs::Client::from_conf(efs.region(there.clone()).build()),
            ec2: aws_sdk_ec2::Client::from_conf(ec2.region(there).build()),
            region: region.to_owned(),
            tally: self.tally.clone(),
        }
    }

    /// The region calls go to.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The requests made so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// The credentials of a profile that is named: it wins over keys in the environment, as with the AWS CLI.
///
/// Its role is assumed in the region that was found for the calls themselves, be it typed, in the environment or in the profile.
fn of_profile(
    profile: &str,
    config: &SdkConfig,
    http_client: SharedHttpClient,
) -> ProfileFileCredentialsProvider {
    let within = ProviderConfig::without_region()
        .with_http_client(http_client)
        .with_region(config.region().cloned())
        .with_use_fips(config.use_fips())
        .with_use_dual_stack(config.use_dual_stack());
    ProfileFileCredentialsProvider::builder()
        .configure(&within)
        .profile_name(profile)
        .build()
}
