//! The way to the credentials of a run is found in the variables and the files: no call is made.

use super::chain::{Base, Chain, Keys, Process, Role, WebIdentity};
use super::files::{Files, Found, Profile};
use super::refusal::{Origin, Refusal, by_cli};
use super::sources::{key, keys_of, role_of, sso_of};
use super::values;
use crate::domain::advice::{Advice, Command};
use crate::domain::variables::Variables;

/// Finds it.
pub(super) struct Search<'a> {
    pub(super) variables: &'a Variables,
    pub(super) files: &'a Files,
    /// The profile was asked for on the command line: it wins over keys in the environment.
    pub(super) by_flag: bool,
    /// The metadata of an instance may not be asked.
    pub(super) instance_off: bool,
}

impl Search<'_> {
    pub(super) fn chain(&self, profile: Option<&Profile<'_>>) -> Result<Chain, Refusal> {
        let from = |base| Chain {
            base,
            roles: Vec::new(),
        };
        if !self.by_flag
            && let Some(keys) = self.keys_of_environment()?
        {
            return Ok(from(Base::Keys(keys)));
        }
        if let Some(found) = profile
            .map(|found| self.of_profile(found))
            .transpose()?
            .flatten()
        {
            return Ok(found);
        }
        if !self.by_flag
            && let Some(base) = web_identity(|variable, _| self.variable(variable))?
        {
            return Ok(from(base));
        }
        for (variable, instead) in [
            ("AWS_CREDENTIAL_FILE", "~/.aws/credentials"),
            ("BOTO_CONFIG", "~/.aws/credentials"),
        ] {
            if let Some(file) = self.variables.filled(variable) {
                return Err(Refusal::credentials(format!(
                    "credentials are not read from {file} (the variable {variable})"
                ))
                .hint(format!("put the keys into {instead}, and unset {variable}")));
            }
        }
        self.machine().map(from)
    }

    /// What the container or the instance gives.
    fn machine(&self) -> Result<Base, Refusal> {
        if self.is_container()? {
            Ok(Base::Container)
        } else if self.instance_off {
            Ok(Base::Nowhere)
        } else {
            Ok(Base::Instance)
        }
    }

    fn is_container(&self) -> Result<bool, Refusal> {
        let relative = Origin::Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        let full = Origin::Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        let token = Origin::Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if let Some(path) = self.variables.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            let is_path = path.starts_with('/')
                && !path.starts_with("//")
                && values::is_plain(path)
                && path.parse::<http::uri::PathAndQuery>().is_ok();
            if !is_path {
                return Err(Refusal::wrong(path, "a path", &relative));
            }
        } else if let Some(url) = self.variables.get("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            // It may have a query.
            let address = url.split_once('?').map_or(url, |(address, _)| address);
            let whole = url.parse::<http::Uri>().is_ok();
            values::endpoint(if whole { address } else { "" }, &full)
                .map_err(|_| Refusal::wrong(url, "the address of an endpoint", &full))?;
        } else {
            return Ok(false);
        }
        if self
            .variables
            .get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
            .is_none()
            && let Some(value) = self.variables.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        {
            values::plain(value, &token)?;
        }
        Ok(true)
    }

    /// `None`: the variables hold no keys.
    fn keys_of_environment(&self) -> Result<Option<Keys>, Refusal> {
        const ID: &str = "AWS_ACCESS_KEY_ID";
        const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
        let Some(id) = self.variables.filled(ID) else {
            return Ok(None);
        };
        let Some(secret) = self.variables.filled(SECRET) else {
            return Err(Refusal::credentials(format!(
                "the variable {ID} is set and {SECRET} is not"
            ))
            .hint(format!("set {SECRET}, or unset {ID}")));
        };
        let token = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"]
            .into_iter()
            .find_map(|name| Some((name, self.variables.filled(name)?)));
        Ok(Some(Keys {
            id: key(id, &Origin::Variable(ID))?,
            secret: key(secret, &Origin::Variable(SECRET))?,
            token: token
                .map(|(name, token)| key(token, &Origin::Variable(name)))
                .transpose()?,
        }))
    }

    fn of_profile(&self, profile: &Profile<'_>) -> Result<Option<Chain>, Refusal> {
        let mut roles = Vec::new();
        let mut visited = vec![profile.name.clone()];
        let mut current = profile.clone();
        loop {
            let is_source = visited.len() > 1;
            if is_source && let Some(keys) = keys_of(&current)? {
                return Ok(Some(ended(Base::Keys(keys), roles)));
            }
            let Some(role) = role_of(&current)? else {
                let Some(base) = self.base_of(&current, is_source)? else {
                    if is_source {
                        return Err(empty_source(&current, &visited));
                    }
                    return Ok(None);
                };
                return Ok(Some(ended(base, roles)));
            };
            roles.push(role);
            let source = current.filled("source_profile");
            let other = current.filled("credential_source");
            match (source, other) {
                (Some(_), Some(found)) => {
                    return Err(Refusal::credentials(format!(
                        "the profile `{}` has both source_profile and credential_source ({})",
                        current.name, found.origin
                    ))
                    .hint("leave one of them out"));
                }
                (None, None) => {
                    return Err(Refusal::credentials(format!(
                        "the profile `{}` names a role and not whose credentials assume it",
                        current.name
                    ))
                    .hint("add source_profile or credential_source to it"));
                }
                (None, Some(found)) => {
                    let base = self.named_source(&found)?;
                    return Ok(Some(ended(base, roles)));
                }
                (Some(found), None) if found.value() == current.name => {
                    return match keys_of(&current)? {
                        Some(keys) => Ok(Some(ended(Base::Keys(keys), roles))),
                        None => Err(empty_source(&current, &visited)),
                    };
                }
                (Some(found), None) => {
                    let name = found.value().to_owned();
                    if visited.contains(&name) {
                        return Err(Refusal::credentials(format!(
                            "the profiles refer to each other in a circle: {}, {name} ({})",
                            visited.join(", "),
                            found.origin
                        ))
                        .hint("one of them has to hold keys, or another way to credentials"));
                    }
                    self.files.check_headings(&name)?;
                    current = self
                        .files
                        .profile(&name)
                        .ok_or_else(|| self.files.missing(&name, &found.origin))?;
                    visited.push(name);
                }
            }
        }
    }

    /// What a profile without a role of its own gives.
    fn base_of(&self, profile: &Profile<'_>, is_source: bool) -> Result<Option<Base>, Refusal> {
        // Variables speak for the profile of the run only.
        let by_variables = !is_source && !self.by_flag;
        if let Some(base) = self.web_identity_of(profile, by_variables)? {
            return Ok(Some(base));
        }
        if let Some(sso) = sso_of(self.files, profile)? {
            return Ok(Some(Base::Sso(sso)));
        }
        if profile.is_in_credentials_file("aws_access_key_id")
            && let Some(keys) = keys_of(profile)?
        {
            return Ok(Some(Base::Keys(keys)));
        }
        if let Some(found) = profile.filled("login_session") {
            let name = &profile.name;
            return Err(Refusal::credentials(format!(
                "the profile `{name}` signs in by `aws login` ({}), which only the AWS CLI does",
                found.origin
            ))
            .hint(
                Advice::from("sign in: ")
                    .run(Command::aws("login").flag("--profile", name).local())
                    .then(by_cli("; then ", name)),
            ));
        }
        if let Some(found) = profile.filled("credential_process") {
            return Ok(Some(Base::Process(Process {
                profile: profile.name.clone(),
                command: values::plain_line(found.value(), &found.origin)?,
            })));
        }
        Ok(keys_of(profile)?.map(Base::Keys))
    }

    fn named_source(&self, found: &Found<'_>) -> Result<Base, Refusal> {
        match found.value() {
            "Environment" => self
                .keys_of_environment()?
                .map(Base::Keys)
                .ok_or_else(|| {
                    Refusal::credentials(format!(
                        "the environment is named as the source of keys, and holds none ({})",
                        found.origin
                    ))
                    .hint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
                }),
            "EcsContainer" if self.is_container()? => Ok(Base::Container),
            "EcsContainer" => Err(Refusal::credentials(format!(
                "no container credentials are available here ({})",
                found.origin
            ))
            .hint("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI is not set")),
            "Ec2InstanceMetadata" if self.instance_off => Err(Refusal::credentials(format!(
                "the metadata of the instance is named as the source of credentials ({}) and turned off (the variable AWS_EC2_METADATA_DISABLED)",
                found.origin
            ))
            .hint("unset AWS_EC2_METADATA_DISABLED")),
            "Ec2InstanceMetadata" => Ok(Base::Instance),
            other => Err(Refusal::wrong(
                other,
                "one of Environment, EcsContainer, Ec2InstanceMetadata",
                &found.origin,
            )),
        }
    }

    fn web_identity_of(
        &self,
        profile: &Profile<'_>,
        by_variables: bool,
    ) -> Result<Option<Base>, Refusal> {
        web_identity(|variable, key| {
            let set = by_variables.then(|| self.variable(variable)).flatten();
            set.or_else(|| {
                let found = profile.filled(key)?;
                Some((found.value().to_owned(), found.origin.clone()))
            })
        })
    }

    fn variable(&self, name: &'static str) -> Option<(String, Origin)> {
        let value = self.variables.filled(name)?;
        Some((value.to_owned(), Origin::Variable(name)))
    }
}

/// A token in a file, and the role for it. `get` looks for a value by its variable and its setting.
fn web_identity(
    get: impl Fn(&'static str, &'static str) -> Option<(String, Origin)>,
) -> Result<Option<Base>, Refusal> {
    let Some((file, origin)) = get("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
        return Ok(None);
    };
    let Some((role, role_origin)) = get("AWS_ROLE_ARN", "role_arn") else {
        return Err(Refusal::credentials(format!(
            "there is a token of a web identity ({origin}), and no role for it"
        ))
        .hint("set AWS_ROLE_ARN, or role_arn in the profile"));
    };
    let session = get("AWS_ROLE_SESSION_NAME", "role_session_name");
    Ok(Some(Base::WebIdentity(WebIdentity {
        file: values::plain_line(&file, &origin)?,
        role: values::plain_line(&role, &role_origin)?,
        session: session
            .map(|(name, origin)| values::plain_line(&name, &origin))
            .transpose()?,
    })))
}

/// Roles are found from the last one to the first.
fn ended(base: Base, mut roles: Vec<Role>) -> Chain {
    roles.reverse();
    Chain { base, roles }
}

fn empty_source(profile: &Profile<'_>, visited: &[String]) -> Refusal {
    Refusal::credentials(format!(
        "the profile `{}` is the source of credentials for {} and has none",
        profile.name,
        visited.first().map_or("another one", String::as_str)
    ))
    .hint("add keys, a process or an SSO session to it")
}
