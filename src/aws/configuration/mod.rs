//! What reaches a run by variables and profiles, read as the AWS CLI and boto3 read it.
//!
//! [`TABLE`](table::TABLE) has a row for everything they read; `docs/ENVIRONMENT.md` is made of it. Here all of it is resolved and checked
//! before the SDK is handed anything: of what it does not understand the SDK makes a default, or a panic.

mod chain;
mod files;
mod ini;
mod reader;
mod refusal;
mod search;
mod sources;
pub mod table;
pub(in crate::aws) mod values;

use std::collections::BTreeMap;
use std::time::Duration;

pub use chain::{Base, Chain, Keys, Process, Role, Sso, WebIdentity};
use files::Files;
use reader::{ASKED, Source};
pub use refusal::{Because, Origin, Refusal};
use search::Search;

use crate::domain::variables::Variables;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// `--region`.
    pub region: Option<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
}

/// How a refused call is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryMode {
    /// After pauses that grow.
    Standard,
    /// The same, and calls are slowed down when AWS throttles.
    Adaptive,
}

/// The metadata of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// It may not be asked.
    pub off: bool,
    /// Where it is.
    pub endpoint: Option<String>,
    /// By IPv6.
    pub ipv6: bool,
    /// The end of waiting for one answer.
    pub timeout: Duration,
    /// How often it is asked.
    pub attempts: u32,
}

/// A configuration: everything that is not said on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// The profile that was named, and where.
    pub profile: Option<(String, Origin)>,
    /// The region, unless the instance has to be asked.
    pub region: Option<String>,
    /// Endpoints by service, under the name that its variable ends in.
    pub endpoints: BTreeMap<&'static str, String>,
    /// Endpoints that keep to FIPS 140.
    pub fips: bool,
    /// Endpoints with IPv4 and IPv6.
    pub dual_stack: bool,
    /// How refused calls are made again.
    pub retry: RetryMode,
    /// How often a call is made, where that is said.
    pub attempts: Option<u32>,
    /// What a request says of the application.
    pub application: Option<String>,
    /// The certificates that are trusted instead of those of the system.
    pub trusted: Option<(Vec<u8>, Origin)>,
    /// The metadata of the instance.
    pub instance: Instance,
    /// Whose credentials.
    pub chain: Chain,
}

impl Configuration {
    /// Resolves what was typed against the environment and the files. Makes no call.
    ///
    /// # Errors
    ///
    /// The first thing that cannot be meant or followed.
    pub fn read(asked: &Asked, variables: &Variables) -> Result<Self, Refusal> {
        check_told(variables)?;
        check_proxies(variables)?;
        let named = profile_of(asked, variables)?;
        let files = Files::read(variables)?;
        let name = named.as_ref().map_or("default", |(name, _)| name);
        files.check_headings(name)?;
        let profile = files.profile(name);
        if let (Some((name, origin)), None) = (&named, &profile) {
            return Err(files.missing(name, origin));
        }
        let source = Source {
            variables,
            profile: profile.as_ref(),
        };
        source.refuse()?;
        let region = match &asked.region {
            Some(region) => Some(region.clone()),
            None => source.region()?,
        };
        let fips = source.boolean("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?;
        let dual_stack = source.boolean("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?;
        let endpoints = source.endpoints(asked, &files)?;
        contradiction(asked, &endpoints, [fips.as_ref(), dual_stack.as_ref()])?;
        let instance = source.instance()?;
        let retry = source.word(
            "AWS_RETRY_MODE",
            "retry_mode",
            &[
                ("standard", RetryMode::Standard),
                ("adaptive", RetryMode::Adaptive),
            ],
        )?;
        source.word(
            "AWS_STS_REGIONAL_ENDPOINTS",
            "sts_regional_endpoints",
            &[("regional", ())],
        )?;
        let search = Search {
            variables,
            files: &files,
            by_flag: asked.profile.is_some(),
            instance_off: instance.off,
        };
        Ok(Self {
            region,
            fips: is(fips.as_ref()),
            dual_stack: is(dual_stack.as_ref()),
            retry: retry.unwrap_or(RetryMode::Standard),
            attempts: source.count("AWS_MAX_ATTEMPTS", "max_attempts")?,
            application: source.application()?,
            trusted: source.trusted()?,
            chain: search.chain(profile.as_ref())?,
            endpoints: endpoints
                .into_iter()
                .map(|(service, (url, _))| (service, url))
                .collect(),
            instance,
            profile: named,
        })
    }
}

fn is(flag: Option<&(bool, Origin)>) -> bool {
    flag.is_some_and(|(value, _)| *value)
}

impl Configuration {
    /// The profile as it is shown: "the profile `prod` (--profile)".
    pub fn profile_words(&self) -> String {
        match &self.profile {
            Some((name, origin)) => format!("the profile `{name}` ({origin})"),
            None => "the profile `default`".to_owned(),
        }
    }
}

/// What the SDK tells in each request and reads from the process itself: checked whatever a run asks for.
///
/// # Errors
///
/// A value that no request can carry.
pub fn check_told(variables: &Variables) -> Result<(), Refusal> {
    match variables.get("AWS_EXECUTION_ENV") {
        Some(value) => values::plain(value, &Origin::Variable("AWS_EXECUTION_ENV")).map(drop),
        None => Ok(()),
    }
}

/// The proxies, which the HTTP client reads from the process itself: it takes the name in capitals first, Python the other one.
fn check_proxies(variables: &Variables) -> Result<(), Refusal> {
    for [upper, lower] in [
        ["HTTPS_PROXY", "https_proxy"],
        ["HTTP_PROXY", "http_proxy"],
        ["ALL_PROXY", "all_proxy"],
    ] {
        if let (Some(one), Some(other)) = (variables.get(upper), variables.get(lower))
            && one != other
        {
            return Err(Refusal::value(format!(
                "{upper} is `{one}` and {lower} is `{other}`: tools differ in which of them counts"
            ))
            .hint("unset one of them"));
        }
    }
    let https = first(variables, ["HTTPS_PROXY", "https_proxy"]);
    let http = first(variables, ["HTTP_PROXY", "http_proxy"]);
    let all =
        first(variables, ["ALL_PROXY", "all_proxy"]).filter(|_| https.is_none() || http.is_none());
    for (name, value) in [https, http, all].into_iter().flatten() {
        values::proxy(value, &Origin::Variable(name))?;
    }
    Ok(())
}

fn first<'v>(
    variables: &'v Variables,
    names: [&'static str; 2],
) -> Option<(&'static str, &'v str)> {
    names
        .into_iter()
        .find_map(|name| Some((name, variables.filled(name)?)))
}

/// The profile that is named: on the command line, or by a variable.
///
/// Of the two variables the AWS CLI obeys `AWS_DEFAULT_PROFILE` first, and the SDKs know `AWS_PROFILE` only: where they differ, one of them is a mistake.
fn profile_of(asked: &Asked, variables: &Variables) -> Result<Option<(String, Origin)>, Refusal> {
    const SDKS: &str = "AWS_PROFILE";
    const CLI: &str = "AWS_DEFAULT_PROFILE";
    if let Some(profile) = &asked.profile {
        return Ok(Some((profile.clone(), Origin::Flag("--profile"))));
    }
    for name in [SDKS, CLI] {
        if variables.get(name) == Some("") {
            return Err(Refusal::empty(&Origin::Variable(name)));
        }
    }
    match (variables.get(SDKS), variables.get(CLI)) {
        (Some(one), Some(other)) if one != other => Err(Refusal::value(format!(
            "{SDKS} is `{one}` and {CLI} is `{other}`: tools of AWS differ in which of them counts"
        ))
        .hint("unset one of them, or name the profile: --profile")),
        (Some(name), _) => Ok(Some((name.to_owned(), Origin::Variable(SDKS)))),
        (None, Some(name)) => Ok(Some((name.to_owned(), Origin::Variable(CLI)))),
        (None, None) => Ok(None),
    }
}

/// Endpoints of FIPS and of dual stack are found by region; one that is named is neither.
fn contradiction(
    asked: &Asked,
    endpoints: &BTreeMap<&'static str, (String, Origin)>,
    flags: [Option<&(bool, Origin)>; 2],
) -> Result<(), Refusal> {
    let named = ASKED.iter().find_map(|service| endpoints.get(service));
    for flag in flags.into_iter().flatten() {
        if let ((true, origin), Some((url, named))) = (flag, named) {
            let named = match &asked.endpoint_url {
                Some(_) => format!("--endpoint-url {url}"),
                None => format!("`{url}` ({named})"),
            };
            return Err(Refusal::value(format!(
                "{origin} is true, and {named} names an endpoint: AWS takes one of the two"
            ))
            .hint(format!(
                "{}; or do not name the endpoint",
                refusal::remedy(origin)
            )));
        }
    }
    Ok(())
}
