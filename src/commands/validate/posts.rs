//! Where an audit looks: one place for each profile and region that is asked for.

use futures::future::join_all;

use crate::aws::AwsCloud;
use crate::commands::Desk;
use crate::commands::connect::{connect, connect_anywhere};
use crate::domain::ids::Reference;
use crate::error::{Error, Kind};
use crate::settings::Regions;

/// Where the regions are listed when no region is known to begin in.
const FIRST_REGION: &str = "us-east-1";

/// One place to look.
pub(super) struct Post {
    pub(super) cloud: AwsCloud,
    /// Where there are several.
    pub(super) profile: Option<String>,
}

impl Post {
    pub(super) fn region(&self) -> &str {
        self.cloud.region()
    }

    /// A failure that was met here.
    pub(super) fn told(&self, error: Error) -> Error {
        error.at(self.region(), self.profile.as_deref())
    }
}

/// All places, by profile and region.
pub(super) async fn posts(desk: &Desk, named: &[Reference]) -> Result<Vec<Post>, Error> {
    let mut posts = Vec::new();
    let profiles = &desk.settings.profiles;
    let several: Vec<Option<&String>> = match profiles.as_slice() {
        [] => vec![None],
        profiles => profiles.iter().map(Some).collect(),
    };
    for profile in several {
        let mut settings = desk.settings.clone();
        if profile.is_some() {
            settings.profile = profile.cloned();
        }
        let of_profile = |error: Error| match profile {
            Some(profile) => Error {
                message: format!("profile `{profile}` (--profile): {error}"),
                hint: error.hint.clone(),
                ..error
            },
            None => error,
        };
        // What cannot be reached is told with its profile already.
        let base = match settings.regions {
            Regions::One => {
                settings.region = told_region(named, settings.region)?;
                connect(desk, &settings).await?
            }
            Regions::These(_) => connect(desk, &settings).await?,
            // Any region tells all of them; where none is configured, one has to be chosen.
            Regions::All => connect_anywhere(desk, &mut settings, FIRST_REGION).await?,
        };
        let regions: Vec<String> = match &settings.regions {
            Regions::One => vec![base.region().to_owned()],
            Regions::These(regions) => regions.clone(),
            Regions::All => {
                let found = desk
                    .over(base.clone())
                    .regions()
                    .await
                    .map_err(of_profile)?;
                found.into_iter().collect()
            }
        };
        posts.extend(regions.iter().map(|region| Post {
            cloud: base.at(region),
            profile: profile.cloned(),
        }));
    }
    Ok(posts)
}

/// The one region to look in: ARNs tell it, all of them the same one.
fn told_region(named: &[Reference], asked: Option<String>) -> Result<Option<String>, Error> {
    let mut told = named.iter().filter_map(|reference| match reference {
        Reference::Arn { region, .. } => Some((reference, region)),
        Reference::Id(_) | Reference::Name(_) => None,
    });
    let Some((first, region)) = told.next() else {
        return Ok(asked);
    };
    if let Some((other, elsewhere)) = told.find(|(_, other)| *other != region) {
        return Err(
            Error::usage(format!("{first} is in {region} and {other} in {elsewhere}"))
                .hint(format!("name both regions: --region {region},{elsewhere}")),
        );
    }
    match asked {
        Some(asked) if asked != *region => Err(Error::usage(format!(
            "{first} is in {region}, not in --region {asked}"
        ))
        .hint("leave --region out: the ARN tells it")),
        _ => Ok(Some(region.clone())),
    }
}

/// What was not found, told with the region where it is, if it is in another one.
pub(super) async fn elsewhere(
    desk: &Desk,
    post: &Post,
    named: &[Reference],
    error: Error,
) -> Error {
    if error.kind != Kind::NotFound {
        return error;
    }
    let Ok(regions) = desk.over(post.cloud.clone()).regions().await else {
        return error;
    };
    for reference in named {
        let is_in = async |region: &str| {
            let there = desk.over(post.cloud.at(region));
            there.find(reference).await.is_ok()
        };
        let here = post.region();
        if is_in(here).await {
            continue;
        }
        let others = regions.iter().filter(|region| *region != here);
        let looks = others.map(async |region| is_in(region).await.then_some(region));
        if let Some(there) = join_all(looks).await.into_iter().flatten().next() {
            return Error::new(
                Kind::NotFound,
                format!("there is no file system `{reference}` in {here}: it is in {there}"),
            )
            .hint(format!("look there: --region {there}"));
        }
    }
    error
}
