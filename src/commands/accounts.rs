//! Where an audit or an export looks: each profile that is asked for, and its regions.

use crate::aws::AwsCloud;
use crate::commands::App;
use crate::commands::cloud::{connect, connect_anywhere};
use crate::domain::advice::Advice;
use crate::domain::ids::Reference;
use crate::error::{Code, Error};
use crate::service::{Account, Fleet};
use crate::settings::Regions;

/// Where the regions are listed when no region is known to begin in.
const FIRST_REGION: &str = "us-east-1";

/// All places, by profile and region.
pub(super) async fn fleet<'d>(
    app: &'d App,
    named: &[Reference],
) -> Result<Fleet<'d, AwsCloud>, Error> {
    let profiles = &app.settings.profiles;
    let several: Vec<Option<&String>> = match profiles.as_slice() {
        [] => vec![None],
        profiles => profiles.iter().map(Some).collect(),
    };
    let mut accounts = Vec::new();
    for profile in several {
        accounts.push(account(app, profile, named).await?);
    }
    Ok(Fleet::new(accounts).everywhere(app.settings.regions == Regions::All))
}

async fn account<'d>(
    app: &'d App,
    profile: Option<&String>,
    named: &[Reference],
) -> Result<Account<'d, AwsCloud>, Error> {
    let mut settings = app.settings.clone();
    if profile.is_some() {
        settings.profile = profile.cloned();
    }
    // What cannot be reached is reported with its profile already.
    let base = match settings.regions {
        Regions::One => {
            settings.region = region_of_arns(named, settings.region)?;
            connect(app, &settings).await?
        }
        Regions::These(_) => connect(app, &settings).await?,
        // Any region tells all of them; where none is configured, one has to be chosen.
        Regions::All => connect_anywhere(app, &mut settings, FIRST_REGION).await?,
    };
    let regions = match settings.regions {
        Regions::One => vec![base.region().to_owned()],
        Regions::These(regions) => regions,
        Regions::All => {
            let found = app.service_on(base.clone()).regions().await;
            let found = found.map_err(|error| match profile {
                Some(profile) => Error {
                    message: Advice::from(format!("profile `{profile}` (--profile): "))
                        .then(error.message),
                    ..error
                },
                None => error,
            })?;
            found.into_iter().collect()
        }
    };
    let reach = move |region: &str| app.service_on(base.in_region(region));
    Ok(Account::new(profile.cloned(), regions, reach))
}

/// The one region to look in: ARNs tell it, all of them the same one.
fn region_of_arns(named: &[Reference], asked: Option<String>) -> Result<Option<String>, Error> {
    let mut stated = named.iter().filter_map(|reference| match reference {
        Reference::Arn { region, .. } => Some((reference, region)),
        Reference::Id(_) | Reference::Name(_) => None,
    });
    let Some((first, region)) = stated.next() else {
        return Ok(asked);
    };
    if let Some((other, elsewhere)) = stated.find(|(_, other)| *other != region) {
        let message = format!("{first} is in {region} and {other} in {elsewhere}");
        return Err(Error::new(Code::RegionMismatch, message)
            .hint(format!("name both regions: --region {region},{elsewhere}")));
    }
    match asked {
        Some(asked) if asked != *region => Err(Error::new(
            Code::RegionMismatch,
            format!("{first} is in {region}, not in --region {asked}"),
        )
        .hint("leave --region out: the ARN names it")),
        _ => Ok(Some(region.clone())),
    }
}
