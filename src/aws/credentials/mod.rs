//! Credentials, by the chain that was found: looked at before they sign anything, and, where there are none, told by where they were to
//! come from.

pub(super) mod process;
pub(super) mod unusable;

use std::sync::Arc;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::sts::AssumeRoleProvider;
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use self::process::{Hears, Runs};
use self::unusable::Unusable;
use super::configuration::values::{is_plain, unprintable};
use super::configuration::{Base, Configuration, Instance, Role};
use super::error::{heard, said, unusable_in, why};
use crate::cloud::{Cause, missing_right};
use crate::domain::region;
use crate::domain::variables::visible;

/// How long credentials may take while a call waits for them: less than an attempt of the call.
const WITHIN: Duration = Duration::from_secs(15);
/// The name of a session, where none is given.
const SESSION: &str = "efsctl";

/// Where credentials come from, as it is shown.
#[derive(Debug, Clone)]
struct Place {
    /// "the profile `prod` (--profile) gives no AWS credentials".
    words: String,
    /// Why there are none, if nothing else tells.
    cause: Cause,
    /// The instance is asked.
    is_instance: bool,
}

/// The credentials of a run.
#[derive(Debug, Clone)]
pub(super) struct Way {
    place: Place,
    /// A process is asked before the first call.
    process: Option<Arc<Asks>>,
}

impl Way {
    pub(super) fn of(configuration: &Configuration, hears: Hears) -> Self {
        let place = Place::of(configuration);
        let process = match &configuration.chain.base {
            Base::Process(process) => Some(Arc::new(Asks {
                runs: Runs::new(process.clone(), hears),
                place: place.clone(),
            })),
            _ => None,
        };
        Self { place, process }
    }

    /// Asks a process: it may take as long as a person does who types a code.
    pub(super) async fn ask(&self, limit: Duration) -> Result<(), Unusable> {
        match &self.process {
            Some(asks) => asks.within(limit).await.map(drop),
            None => Ok(()),
        }
    }

    /// What gives the first credentials. Nothing is asked yet.
    pub(super) fn first(
        &self,
        configuration: &Configuration,
        region: &str,
        http_client: &SharedHttpClient,
    ) -> SharedCredentialsProvider {
        let config = within(http_client)
            .with_region(Some(Region::new(region.to_owned())))
            .with_use_fips(Some(configuration.fips))
            .with_use_dual_stack(Some(configuration.dual_stack));
        match (&configuration.chain.base, &self.process) {
            (Base::Keys(keys), _) => SharedCredentialsProvider::new(Credentials::new(
                keys.id.clone(),
                keys.secret.clone(),
                keys.token.clone(),
                None,
                "efsctl",
            )),
            (Base::Process(_), Some(asks)) => {
                SharedCredentialsProvider::new(AsksOnCall(asks.clone()))
            }
            (Base::Sso(sso), _) => {
                let mut builder = SsoCredentialsProvider::builder()
                    .configure(&config)
                    .account_id(&sso.account)
                    .role_name(&sso.role)
                    .start_url(&sso.start_url)
                    .region(Region::new(sso.region.clone()));
                builder.set_session_name(sso.session.clone());
                SharedCredentialsProvider::new(builder.build())
            }
            (Base::WebIdentity(identity), _) => SharedCredentialsProvider::new(
                WebIdentityTokenCredentialsProvider::builder()
                    .configure(&config)
                    .static_configuration(StaticConfiguration {
                        web_identity_token_file: identity.file.clone().into(),
                        role_arn: identity.role.clone(),
                        session_name: identity
                            .session
                            .clone()
                            .unwrap_or_else(|| SESSION.to_owned()),
                    })
                    .build(),
            ),
            (Base::Container, _) => SharedCredentialsProvider::new(
                EcsCredentialsProvider::builder().configure(&config).build(),
            ),
            (Base::Instance, _) => SharedCredentialsProvider::new(
                ImdsCredentialsProvider::builder()
                    .configure(&config)
                    .imds_client(metadata(&configuration.instance, http_client))
                    .build(),
            ),
            (Base::Nowhere | Base::Process(_), _) => SharedCredentialsProvider::new(Nothing),
        }
    }

    /// The first credentials, looked at, and the roles that are assumed one after the other.
    pub(super) async fn roles(
        &self,
        first: SharedCredentialsProvider,
        config: SdkConfig,
        roles: &[Role],
    ) -> SdkConfig {
        let mut current = self.checked(first);
        for role in roles {
            let mut builder = AssumeRoleProvider::builder(&role.arn).configure(&config);
            if let Some(id) = &role.external_id {
                builder = builder.external_id(id);
            }
            if let Some(name) = &role.session {
                builder = builder.session_name(name);
            }
            if let Some(length) = role.duration {
                builder = builder.session_length(length);
            }
            current = self.checked(builder.build_from_provider(current).await);
        }
        config.to_builder().credentials_provider(current).build()
    }

    fn checked(&self, inner: impl ProvideCredentials + 'static) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Checked {
            inner: SharedCredentialsProvider::new(inner),
            place: self.place.clone(),
        })
    }
}

impl Place {
    fn of(configuration: &Configuration) -> Self {
        let profile = configuration.profile_words();
        let is_instance = configuration.chain.base == Base::Instance;
        let is_named = configuration.profile.is_some() || !configuration.chain.roles.is_empty();
        let (gives, cause) = match &configuration.chain.base {
            Base::Sso(sso) => {
                let profile_to_sign_in = sso.profile.clone();
                let cause = Cause::SignedOut {
                    profile: profile_to_sign_in,
                };
                (profile, cause)
            }
            Base::Process(process) => {
                let cause = Cause::Process {
                    profile: process.profile.clone(),
                };
                (profile, cause)
            }
            Base::WebIdentity(_) if !is_named => {
                ("the web identity".to_owned(), Cause::NoCredentials)
            }
            Base::Container if !is_named => ("the container".to_owned(), Cause::NoCredentials),
            Base::Instance | Base::Nowhere if !is_named => {
                return Self {
                    words: "no AWS credentials were found".to_owned(),
                    cause: Cause::NoCredentials,
                    is_instance,
                };
            }
            _ => (profile, Cause::NoCredentials),
        };
        Self {
            words: format!("{gives} gives no AWS credentials"),
            cause,
            is_instance,
        }
    }

    fn unusable(&self, why: &str, cause: Option<Cause>) -> Unusable {
        Unusable {
            sentence: visible(&format!("{} ({why})", self.words)),
            action: missing_right(why),
            cause: cause.unwrap_or_else(|| self.cause.clone()),
        }
    }
}

/// A provider whose credentials are looked at, and whose failures tell where they were to come from.
#[derive(Debug)]
struct Checked {
    inner: SharedCredentialsProvider,
    place: Place,
}

impl Checked {
    async fn credentials(&self) -> provider::Result {
        let asked = tokio::time::timeout(WITHIN, self.inner.provide_credentials());
        let unusable = match asked.await {
            Ok(Ok(credentials)) => match usable(credentials) {
                Ok(credentials) => return Ok(credentials),
                Err(why) => self.place.unusable(&why, Some(Cause::NoCredentials)),
            },
            // A role is refused for the credentials before it: they have told already.
            Ok(Err(error)) if unusable_in(&error).is_some() => return Err(error),
            Ok(Err(error)) => {
                // That no instance answers is the usual thing elsewhere, and nothing to look at.
                let heard = heard(&error).filter(|_| !self.place.is_instance);
                self.place.unusable(&why(&error), said(&error).or(heard))
            }
            Err(_) => self.place.unusable("there was no answer in time", None),
        };
        Err(CredentialsError::provider_error(unusable))
    }
}

impl ProvideCredentials for Checked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

/// Credentials that can sign a request: all of them end up in its headers. A line end behind them is left out.
///
/// # Errors
///
/// Which of them cannot, and never its value.
pub(super) fn usable(credentials: Credentials) -> Result<Credentials, String> {
    let trimmed = |text: &str| text.trim_end_matches(['\r', '\n']).to_owned();
    let id = trimmed(credentials.access_key_id());
    let secret = trimmed(credentials.secret_access_key());
    let token = credentials.session_token().map(trimmed);
    let parts = [
        ("access key id", Some(&id)),
        ("secret access key", Some(&secret)),
        ("session token", token.as_ref()),
    ];
    for (name, part) in parts {
        if let Some(part) = part.filter(|part| !is_plain(part)) {
            let what = unprintable(part);
            return Err(format!(
                "the {name} holds a character that no request can carry: {what}"
            ));
        }
    }
    if id.is_empty() || secret.is_empty() {
        return Err("the access key is empty".to_owned());
    }
    let is_same = id == credentials.access_key_id()
        && secret == credentials.secret_access_key()
        && token.as_deref() == credentials.session_token();
    if is_same {
        return Ok(credentials);
    }
    let end = credentials.expiry();
    Ok(Credentials::new(id, secret, token, end, "efsctl"))
}

/// A process that is asked.
struct Asks {
    runs: Runs,
    place: Place,
}

impl Asks {
    async fn within(&self, limit: Duration) -> Result<Credentials, Unusable> {
        let given = self.runs.credentials(limit).await;
        given.map_err(|why| {
            let sentence = format!("its credential process {why}");
            self.place.unusable(&sentence, None)
        })
    }
}

impl std::fmt::Debug for Asks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asks")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// The same, as a provider.
#[derive(Debug)]
struct AsksOnCall(Arc<Asks>);

impl ProvideCredentials for AsksOnCall {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let asked = self.0.within(WITHIN).await;
            asked.map_err(CredentialsError::provider_error)
        })
    }
}

/// Where nothing is configured.
#[derive(Debug)]
struct Nothing;

impl ProvideCredentials for Nothing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        const NONE: &str = "neither a variable nor a profile holds any, and the metadata of an instance is turned off";
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded(NONE)))
    }
}

/// The region that the instance is in.
pub(super) async fn region_of_instance(
    instance: &Instance,
    http_client: &SharedHttpClient,
) -> Option<String> {
    if instance.off {
        return None;
    }
    let provider = ImdsRegionProvider::builder()
        .configure(&within(http_client))
        .imds_client(metadata(instance, http_client))
        .build();
    let found = provider.region().await.map(|region| region.to_string());
    found.filter(|region| region::check(region).is_ok())
}

fn within(http_client: &SharedHttpClient) -> ProviderConfig {
    ProviderConfig::without_region().with_http_client(http_client.clone())
}

fn metadata(instance: &Instance, http_client: &SharedHttpClient) -> imds::Client {
    let mode = if instance.ipv6 {
        imds::client::EndpointMode::IpV6
    } else {
        imds::client::EndpointMode::IpV4
    };
    let builder = || {
        imds::Client::builder()
            .configure(&within(http_client))
            .endpoint_mode(mode.clone())
            .connect_timeout(instance.timeout)
            .read_timeout(instance.timeout)
            .max_attempts(instance.attempts)
    };
    // It was parsed before.
    let named = instance
        .endpoint
        .as_deref()
        .map(|url| builder().endpoint(url));
    match named {
        Some(Ok(named)) => named.build(),
        _ => builder().build(),
    }
}
