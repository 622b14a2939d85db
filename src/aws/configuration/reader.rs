//! Single values: of the variable, or else of the setting in the profile.

use std::collections::BTreeMap;
use std::time::Duration;

use super::files::{Files, Profile};
use super::refusal::{self, Origin, Refusal};
use super::{Asked, Instance, is, table, values};
use crate::domain::variables::Variables;

/// The services whose clients are handed an endpoint: by the end of their variable, the variable, and their key in `[services …]`.
const SERVICES: [(&str, &str, &str); 3] = [
    ("EFS", "AWS_ENDPOINT_URL_EFS", "efs"),
    ("EC2", "AWS_ENDPOINT_URL_EC2", "ec2"),
    ("STS", "AWS_ENDPOINT_URL_STS", "sts"),
];

/// Those that the SDK reads itself when it signs in by SSO: only checked here.
const BY_SDK: [&str; 2] = ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"];

/// The services of `--endpoint-url`.
pub(super) const ASKED: [&str; 2] = ["EFS", "EC2"];

/// The variables, and the profile behind them.
pub(super) struct Source<'a> {
    pub(super) variables: &'a Variables,
    pub(super) profile: Option<&'a Profile<'a>>,
}

impl Source<'_> {
    /// A value: of the variable, or of the setting.
    pub(super) fn value(
        &self,
        variable: Option<&'static str>,
        key: &str,
    ) -> Option<(String, Origin)> {
        let set = variable.and_then(|name| {
            let value = self.variables.get(name)?;
            Some((value.to_owned(), Origin::Variable(name)))
        });
        set.or_else(|| {
            let found = self.profile?.get(key)?;
            Some((found.value().to_owned(), found.origin.clone()))
        })
    }

    /// The rows of the table that are refused.
    pub(super) fn refuse(&self) -> Result<(), Refusal> {
        for row in table::TABLE {
            let table::Treatment::Refused { why, instead } = row.treatment else {
                continue;
            };
            let found = match row.kind {
                table::Kind::Variable => self
                    .variables
                    .filled(row.name)
                    .map(|value| (value.to_owned(), Origin::Variable(row.name))),
                table::Kind::Setting => self.value(None, row.name),
            };
            if let Some((_, origin)) = found {
                return Err(
                    Refusal::value(format!("{origin} is not supported: {why}")).hint(instead)
                );
            }
        }
        Ok(())
    }

    pub(super) fn region(&self) -> Result<Option<String>, Refusal> {
        let found = self
            .value(Some("AWS_REGION"), "")
            .or_else(|| self.value(Some("AWS_DEFAULT_REGION"), "region"));
        found
            .map(|(text, origin)| values::region(&text, &origin))
            .transpose()
    }

    pub(super) fn boolean(
        &self,
        variable: &'static str,
        key: &str,
    ) -> Result<Option<(bool, Origin)>, Refusal> {
        self.value(Some(variable), key)
            .map(|(text, origin)| Ok((values::boolean(&text, &origin)?, origin)))
            .transpose()
    }

    pub(super) fn count(&self, variable: &'static str, key: &str) -> Result<Option<u32>, Refusal> {
        self.value(Some(variable), key)
            .map(|(text, origin)| values::count(&text, &origin))
            .transpose()
    }

    pub(super) fn word<T: Copy>(
        &self,
        variable: &'static str,
        key: &str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, Refusal> {
        self.value(Some(variable), key)
            .map(|(text, origin)| values::word(&text, words, &origin))
            .transpose()
    }

    pub(super) fn application(&self) -> Result<Option<String>, Refusal> {
        let found = self.value(Some("AWS_SDK_UA_APP_ID"), "sdk_ua_app_id");
        let is_taken = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        match found {
            None => Ok(None),
            Some((text, _))
                if !text.is_empty() && text.len() <= 50 && text.chars().all(is_taken) =>
            {
                Ok(Some(text))
            }
            Some((text, origin)) => Err(Refusal::wrong(
                &text,
                "a name of up to 50 letters and digits",
                &origin,
            )),
        }
    }

    pub(super) fn trusted(&self) -> Result<Option<(Vec<u8>, Origin)>, Refusal> {
        let found = self
            .value(Some("AWS_CA_BUNDLE"), "ca_bundle")
            .or_else(|| self.value(Some("REQUESTS_CA_BUNDLE"), ""));
        let Some((path, origin)) = found else {
            return Ok(None);
        };
        if path.is_empty() {
            return Err(Refusal::empty(&origin));
        }
        let path = self.variables.expanded(&path);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some((bytes, origin))),
            Err(error) => Err(
                Refusal::value(format!("{path} ({origin}) cannot be read: {error}"))
                    .hint("it has to be a file of certificates in PEM form"),
            ),
        }
    }

    pub(super) fn instance(&self) -> Result<Instance, Refusal> {
        let off = self.boolean("AWS_EC2_METADATA_DISABLED", "")?;
        // The SDK speaks version 2 only: there is nothing to turn off, but for the value.
        self.boolean("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")?;
        let mode = self.word(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
            &[("IPv4", false), ("IPv6", true)],
        )?;
        let ipv6 = self.boolean("AWS_IMDS_USE_IPV6", "imds_use_ipv6")?;
        let endpoint = self
            .value(
                Some("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
                "ec2_metadata_service_endpoint",
            )
            .map(|(text, origin)| values::endpoint(&text, &origin))
            .transpose()?;
        let timeout = self.count("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")?;
        let attempts = self.count(
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
            "metadata_service_num_attempts",
        )?;
        Ok(Instance {
            off: is(off.as_ref()),
            endpoint,
            ipv6: mode.unwrap_or(is(ipv6.as_ref())),
            timeout: Duration::from_secs(timeout.unwrap_or(1).into()),
            attempts: attempts.unwrap_or(1),
        })
    }

    /// In the order of botocore: the variable of the service, the one for all, the section of the service, the profile.
    pub(super) fn endpoints(
        &self,
        asked: &Asked,
        files: &Files,
    ) -> Result<BTreeMap<&'static str, (String, Origin)>, Refusal> {
        let ignored = self.boolean(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )?;
        for variable in BY_SDK {
            if let Some((text, origin)) = self.value(Some(variable), "") {
                values::endpoint(&text, &origin)?;
            }
        }
        let mut found = BTreeMap::new();
        for (service, variable, key) in SERVICES {
            if let Some(url) = &asked.endpoint_url
                && ASKED.contains(&service)
            {
                found.insert(service, (url.clone(), Origin::Flag("--endpoint-url")));
                continue;
            }
            if is(ignored.as_ref()) {
                continue;
            }
            let value = self
                .value(Some(variable), "")
                .or_else(|| self.value(Some("AWS_ENDPOINT_URL"), ""));
            let value = match value {
                Some(value) => Some(value),
                None => self
                    .service_section(files, key)?
                    .or_else(|| self.value(None, "endpoint_url")),
            };
            if let Some((text, origin)) = value {
                found.insert(service, (values::endpoint(&text, &origin)?, origin));
            }
        }
        Ok(found)
    }

    /// The endpoint in `[services NAME]` of the profile.
    fn service_section(
        &self,
        files: &Files,
        service: &str,
    ) -> Result<Option<(String, Origin)>, Refusal> {
        let Some((name, origin)) = self.value(None, "services") else {
            return Ok(None);
        };
        let section = files.section("services", &name).ok_or_else(|| {
            Refusal::value(format!(
                "there is no [services {}] in {} ({origin})",
                name,
                files.config_path()
            ))
            .hint(refusal::remedy(&origin))
        })?;
        let setting = section.get(service);
        let nested = setting.and_then(|setting| {
            let nested = setting.nested.iter().rev();
            nested.clone().find(|(key, _)| key == "endpoint_url")
        });
        Ok(nested.map(|(_, url)| {
            let origin = Origin::Section {
                section: format!("{service} in [services {name}]"),
                key: "endpoint_url".to_owned(),
                file: files.config_path().to_owned(),
            };
            (url.clone(), origin)
        }))
    }
}
