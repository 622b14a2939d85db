//! The only rooms that know the SDK: [`AwsCloud`] implements [`Cloud`](crate::cloud::Cloud) over
//! aws-sdk-efs and aws-sdk-ec2.

mod call;
mod clock;
mod cloud;
pub mod configuration;
mod convert;
mod credentials;
mod ec2;
mod efs;
mod error;
mod group_rules;
mod inventory;
mod network;
pub mod request_counter;
mod required;
mod routing;
mod settings;
mod transport;
mod whole;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, identity::IdentityCache, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use self::clock::Clock;
use self::configuration::{Asked, Configuration, Refusal, RetryMode};
use self::credentials::Way;
pub use self::credentials::process::Hears;
use self::request_counter::RequestCounter;
use crate::cloud::{Budget, Class, CloudError};
use crate::domain::variables::Variables;

/// One attempt of a call: creating a mount target waits for its network interface, which takes seconds.
const ATTEMPT: Duration = Duration::from_secs(20);
/// A call with the SDK's own retries: bounds "calls in flight finish" after ctrl-C.
const OPERATION: Duration = Duration::from_secs(45);
/// How often a call is made, where nothing else is said.
const ATTEMPTS: u32 = 3;
/// How long a process may take to give credentials, where nothing else is said: someone may have to type a code.
const PATIENCE: Duration = Duration::from_secs(45);
/// Longer than any provider of ours takes, so that its own sentence is reported.
const LOADING: Duration = Duration::from_secs(18);

/// How to reach AWS.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The region; otherwise that of the environment or the profile.
    pub region: Option<String>,
    /// The profile of the AWS configuration files.
    pub profile: Option<String>,
    /// One endpoint for EFS and EC2.
    pub endpoint_url: Option<String>,
    /// The environment (the command reads that of the process). `None` with
    /// [`Connection::http_client`]: a simulated account, which needs no configuration and no credentials.
    pub variables: Option<Variables>,
    /// Answers instead of the network: the sandbox.
    pub http_client: Option<SharedHttpClient>,
    /// Where requests are counted: several connections may be counted together.
    pub counter: RequestCounter,
    /// How long a process may take to give credentials; 45 s otherwise.
    pub patience: Option<Duration>,
    /// Hears what such a process says.
    pub hears: Hears,
}

/// AWS, through the SDK.
#[derive(Debug, Clone)]
pub struct AwsCloud {
    efs: aws_sdk_efs::Client,
    ec2: aws_sdk_ec2::Client,
    region: String,
    counter: RequestCounter,
    clock: Clock,
    budgets: Budgets,
}

/// The budget of each region that a connection was used in.
#[derive(Debug, Clone, Default)]
struct Budgets(Arc<Mutex<BTreeMap<String, Arc<Budget>>>>);

impl Budgets {
    fn of(&self, region: &str) -> Arc<Budget> {
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        budgets.entry(region.to_owned()).or_default().clone()
    }
}

/// There is no way to AWS. Nothing was asked of EFS or EC2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unconnected {
    /// Something in the environment, a profile or a file cannot be meant.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No region was given, and none is configured.
    #[error("no region is given, and {0} configures none")]
    NoRegion(String),
    /// There are no credentials.
    #[error(transparent)]
    NoCredentials(CloudError),
}

impl AwsCloud {
    /// Reads configuration and credentials as the AWS CLI does: flags, environment, files, instance metadata.
    ///
    /// Makes no call to EFS or EC2.
    ///
    /// # Errors
    ///
    /// What cannot be meant, that there is no region, or that a process gave no credentials.
    pub async fn connect(connection: Connection) -> Result<Self, Unconnected> {
        let config = if let (None, Some(answers)) = (&connection.variables, &connection.http_client)
        {
            simulated(connection.region.clone(), answers.clone()).await
        } else {
            configured(&connection).await?
        };
        Self::from_config(&config, connection.counter)
    }

    fn from_config(config: &SdkConfig, counter: RequestCounter) -> Result<Self, Unconnected> {
        let region = config.region().map(ToString::to_string);
        let region = region.ok_or_else(|| Unconnected::NoRegion("nothing".to_owned()))?;
        let clock = Clock::default();
        let efs = aws_sdk_efs::config::Builder::from(config)
            .interceptor(counter.clone())
            .interceptor(clock.clone())
            .interceptor(whole::Whole)
            .build();
        let ec2 = aws_sdk_ec2::config::Builder::from(config)
            .interceptor(counter.clone())
            .interceptor(clock.clone())
            .interceptor(whole::Whole)
            .build();
        Ok(Self {
            efs: aws_sdk_efs::Client::from_conf(efs),
            ec2: aws_sdk_ec2::Client::from_conf(ec2),
            region,
            counter,
            clock,
            budgets: Budgets::default(),
        })
    }

    /// The same cloud, where a call is sent once: the caller decides when to ask again.
    #[must_use]
    pub fn without_retries(&self) -> Self {
        let efs = self.efs.config().to_builder();
        let ec2 = self.ec2.config().to_builder();
        let once = RetryConfig::disabled();
        Self {
            efs: aws_sdk_efs::Client::from_conf(efs.retry_config(once.clone()).build()),
            ec2: aws_sdk_ec2::Client::from_conf(ec2.retry_config(once).build()),
            region: self.region.clone(),
            counter: self.counter.clone(),
            clock: self.clock.clone(),
            budgets: self.budgets.clone(),
        }
    }

    /// The same account in another region: same credentials, same endpoint if one was given.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let efs = self.efs.config().to_builder();
        let ec2 = self.ec2.config().to_builder();
        let there = Region::new(region.to_owned());
        Self {
            efs: aws_sdk_efs::Client::from_conf(efs.region(there.clone()).build()),
            ec2: aws_sdk_ec2::Client::from_conf(ec2.region(there).build()),
            region: region.to_owned(),
            counter: self.counter.clone(),
            clock: self.clock.clone(),
            budgets: self.budgets.clone(),
        }
    }

    /// The region calls go to.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The requests made so far.
    pub fn counter(&self) -> &RequestCounter {
        &self.counter
    }
}

/// What every connection has in common. Nothing of the environment reaches a client but by [`Found`].
async fn config(
    http_client: SharedHttpClient,
    region: Option<String>,
    retry: RetryConfig,
    name: Option<String>,
    found: Found,
) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client)
        .profile_files(none())
        .profile_name("default")
        .region(region.map(Region::new))
        .retry_config(retry)
        .no_credentials()
        .use_fips(found.fips)
        .use_dual_stack(found.dual_stack)
        .identity_cache(IdentityCache::lazy().load_timeout(LOADING).build())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_millis(3_100))
                .operation_attempt_timeout(ATTEMPT)
                .operation_timeout(OPERATION)
                .build(),
        );
    if let Ok(name) = AppName::new(name.unwrap_or_else(|| "efsctl".to_owned())) {
        loader = loader.app_name(name);
    }
    let mut config = loader.load().await.into_builder();
    config.set_endpoint_url(None);
    config.service_config(found).build()
}

/// What was found for single services.
#[derive(Debug, Default)]
struct Found {
    endpoints: BTreeMap<&'static str, String>,
    fips: bool,
    dual_stack: bool,
}

impl LoadServiceConfig for Found {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_endpoint = key.env() == "AWS_ENDPOINT_URL";
        let url = self.endpoints.get(key.service_id()).cloned();
        url.filter(|_| is_endpoint)
    }
}

/// No configuration files: they have been read.
#[expect(
    deprecated,
    reason = "the newer names are those of a crate below this one"
)]
fn none() -> aws_config::profile::profile_file::ProfileFiles {
    use aws_config::profile::profile_file::{ProfileFileKind, ProfileFiles};
    ProfileFiles::builder()
        .with_contents(ProfileFileKind::Config, "")
        .build()
}

/// The simulated account: keys that are none, and nothing of the environment.
async fn simulated(region: Option<String>, http_client: SharedHttpClient) -> SdkConfig {
    let keys = Credentials::new(
        "AKIAEFSCTLSANDBOX000",
        "sandbox",
        None,
        None,
        "efsctl-sandbox",
    );
    let retry = RetryConfig::standard().with_max_attempts(ATTEMPTS);
    let config = config(http_client, region, retry, None, Found::default()).await;
    config
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build()
}

/// The account that the environment, the files and the flags lead to.
async fn configured(connection: &Connection) -> Result<SdkConfig, Unconnected> {
    let variables = connection.variables.clone().unwrap_or_default();
    let asked = Asked {
        region: connection.region.clone(),
        profile: connection.profile.clone(),
        endpoint_url: connection.endpoint_url.clone(),
    };
    let configuration = Configuration::read(&asked, &variables)?;
    let trusted = match &configuration.trusted {
        Some((pem, origin)) => {
            Some(transport::trusted(pem).ok_or_else(|| Refusal::empty_bundle(origin))?)
        }
        None => None,
    };
    let network = || transport::network(trusted);
    let http_client = connection.http_client.clone().unwrap_or_else(network);
    let region = match &configuration.region {
        Some(region) => Some(region.clone()),
        None => credentials::region_of_instance(&configuration.instance, &http_client).await,
    };
    let region = region.ok_or_else(|| Unconnected::NoRegion(configuration.profile_words()))?;
    let way = Way::of(&configuration, connection.hears.clone());
    let asked = way.ask(connection.patience.unwrap_or(PATIENCE)).await;
    asked.map_err(|unusable| {
        Unconnected::NoCredentials(CloudError {
            code: Some("NoCredentials".to_owned()),
            cause: Some(unusable.cause),
            ..CloudError::new(Class::Credentials, "GetCredentials", unusable.sentence)
        })
    })?;
    let retry = match configuration.retry {
        RetryMode::Standard => RetryConfig::standard(),
        RetryMode::Adaptive => RetryConfig::adaptive(),
    };
    let found = Found {
        endpoints: configuration.endpoints.clone(),
        fips: configuration.fips,
        dual_stack: configuration.dual_stack,
    };
    let config = config(
        http_client.clone(),
        Some(region.clone()),
        retry.with_max_attempts(configuration.attempts.unwrap_or(ATTEMPTS)),
        configuration.application.clone(),
        found,
    )
    .await;
    let first = way.first(&configuration, &region, &http_client);
    Ok(way.roles(first, config, &configuration.chain.roles).await)
}
