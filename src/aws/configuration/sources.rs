//! What a profile says of credentials: keys, a role, IAM Identity Center.

use std::time::Duration;

use super::chain::{Keys, Role, Sso};
use super::files::{Files, Found, Profile};
use super::refusal::{Because, Origin, Refusal, by_cli, remedy};
use super::values;
use crate::domain::advice::{Advice, Command};

/// A part of a pair of keys: a line end behind it is left out, as in a variable.
pub(super) fn key(text: &str, origin: &Origin) -> Result<String, Refusal> {
    values::plain(text.trim_end_matches(['\r', '\n']), origin).map_err(|refusal| Refusal {
        because: Because::Credentials,
        ..refusal
    })
}

/// The keys of a profile.
pub(super) fn keys_of(profile: &Profile<'_>) -> Result<Option<Keys>, Refusal> {
    let id = profile.filled("aws_access_key_id");
    let secret = profile.filled("aws_secret_access_key");
    match (id, secret) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => {
            let token = profile
                .filled("aws_security_token")
                .or_else(|| profile.filled("aws_session_token"));
            Ok(Some(Keys {
                id: key(id.value(), &id.origin)?,
                secret: key(secret.value(), &secret.origin)?,
                token: token
                    .map(|token| key(token.value(), &token.origin))
                    .transpose()?,
            }))
        }
        (Some(found), None) => Err(half(&found, "aws_secret_access_key")),
        (None, Some(found)) => Err(half(&found, "aws_access_key_id")),
    }
}

fn half(found: &Found<'_>, missing: &str) -> Refusal {
    Refusal::credentials(format!("there is {}, and no {missing}", found.origin))
        .hint(format!("add {missing} to the profile"))
}

pub(super) fn role_of(profile: &Profile<'_>) -> Result<Option<Role>, Refusal> {
    let Some(arn) = profile.filled("role_arn") else {
        return Ok(None);
    };
    if profile.filled("web_identity_token_file").is_some() {
        return Ok(None);
    }
    if let Some(found) = profile.filled("mfa_serial") {
        let name = &profile.name;
        return Err(Refusal::credentials(format!(
            "the role of the profile `{name}` asks for a code of an MFA device ({}), which efsctl does not ask for",
            found.origin
        ))
        .hint(by_cli("", name)));
    }
    let text = |key: &str| -> Result<Option<String>, Refusal> {
        let found = profile.filled(key);
        found
            .map(|found| values::plain_line(found.value(), &found.origin))
            .transpose()
    };
    let duration = profile
        .get("duration_seconds")
        .map(|found| values::count(found.value(), &found.origin))
        .transpose()?;
    Ok(Some(Role {
        arn: values::plain_line(arn.value(), &arn.origin)?,
        external_id: text("external_id")?,
        session: text("role_session_name")?,
        duration: duration.map(|seconds| Duration::from_secs(seconds.into())),
    }))
}

pub(super) fn sso_of(files: &Files, profile: &Profile<'_>) -> Result<Option<Sso>, Refusal> {
    const KEYS: [&str; 5] = [
        "sso_session",
        "sso_start_url",
        "sso_region",
        "sso_account_id",
        "sso_role_name",
    ];
    let Some(first) = KEYS.iter().find_map(|key| profile.filled(key)) else {
        return Ok(None);
    };
    let session = profile.filled("sso_session");
    let section = match &session {
        Some(name) => {
            let found = files.section("sso-session", name.value());
            Some(found.ok_or_else(|| {
                Refusal::credentials(format!(
                    "there is no [sso-session {}] in {} ({})",
                    name.value(),
                    files.config_path(),
                    name.origin
                ))
                .hint(
                    Advice::from("create it: ")
                        .run(Command::aws("configure sso-session").local())
                        .text(format!("; or {}", remedy(&name.origin))),
                )
            })?)
        }
        None => None,
    };
    let get = |key: &'static str| -> Result<(String, Origin), Refusal> {
        let in_section = section.zip(session.as_ref()).and_then(|(section, name)| {
            let origin = Origin::Section {
                section: format!("[sso-session {}]", name.value()),
                key: key.to_owned(),
                file: files.config_path().to_owned(),
            };
            Some((section.get(key)?.value.clone(), origin))
        });
        let found = in_section.or_else(|| {
            let found = profile.filled(key)?;
            Some((found.value().to_owned(), found.origin.clone()))
        });
        let (value, origin) = found
            .filter(|(value, _)| !value.is_empty())
            .ok_or_else(|| {
                Refusal::credentials(format!(
                    "the profile `{}` signs in by SSO ({}) and names no {key}",
                    profile.name, first.origin
                ))
                .hint(
                    Command::aws("configure sso")
                        .flag("--profile", &profile.name)
                        .local(),
                )
            })?;
        Ok((values::plain_line(&value, &origin)?, origin))
    };
    let (region, region_origin) = get("sso_region")?;
    Ok(Some(Sso {
        profile: profile.name.clone(),
        session: session.as_ref().map(|name| name.value().to_owned()),
        start_url: get("sso_start_url")?.0,
        region: values::region(&region, &region_origin)?,
        account: get("sso_account_id")?.0,
        role: get("sso_role_name")?.0,
    }))
}
