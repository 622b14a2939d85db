//! An audit of nothing is no reason to call anything good: what was asked for and where nothing was judged.

use std::collections::{BTreeMap, BTreeSet};

use super::Audit;
use super::gate::Count;
use super::posts::Post;
use crate::domain::finding::{Unjudged, UnseenRegion};
use crate::error::{Error, Kind};
use crate::service::{Listing, Scope};
use crate::settings::Regions;

/// How many values of a tag are shown.
const VALUES: usize = 5;

impl Audit<'_> {
    /// Where nothing was judged. Regions that were not seen are told elsewhere.
    pub(super) fn unjudged(
        &self,
        posts: &[Post],
        unseen: &[UnseenRegion],
        count: &Count,
    ) -> Vec<Unjudged> {
        let why = match self.scope() {
            // What is named and not there is an error.
            Scope::These(_) | Scope::Still(_) => None,
            Scope::All => Some("there is no file system".to_owned()),
            Scope::Tagged(key, value) => Some(format!(
                "no file system carries {}",
                tag(&key, value.as_ref())
            )),
        };
        let strict = self.gate.is_strict();
        let blank = |(region, profile): Place, why: &str| Unjudged {
            region,
            profile,
            why: why.to_owned(),
            counts: strict || (count.systems == 0 && self.asks_for_a_tag()),
        };
        let mut found = Vec::new();
        if let Some(why) = why {
            let systems = self.by_place(posts, unseen, count);
            let none = systems.into_iter().filter(|(_, systems)| *systems == 0);
            found.extend(none.map(|(place, _)| blank(place, &why)));
        }
        if count.systems > 0 && count.decided == 0 {
            let why = "no check decided anything: each is turned off, excepted, not applicable, or in the baseline";
            found.push(blank((None, None), why));
        }
        found
    }

    /// How many file systems were judged in each place that was named. All regions are one place: most are empty in every account.
    fn by_place(
        &self,
        posts: &[Post],
        unseen: &[UnseenRegion],
        count: &Count,
    ) -> BTreeMap<Place, usize> {
        let all = self.desk.settings.regions == Regions::All;
        let mut systems: BTreeMap<Place, usize> = BTreeMap::new();
        for (nth, post) in posts.iter().enumerate() {
            let is_it = |unseen: &UnseenRegion| {
                unseen.region == post.region() && unseen.profile == post.profile
            };
            if unseen.iter().any(is_it) {
                continue;
            }
            let region = (!all).then(|| post.region().to_owned());
            let here = count.of_posts.get(&nth).copied().unwrap_or_default();
            *systems.entry((region, post.profile.clone())).or_default() += here;
        }
        systems
    }

    fn asks_for_a_tag(&self) -> bool {
        matches!(self.scope(), Scope::Tagged(..))
    }

    /// The error of the report: a tag that nothing carries is misspelt, whatever else is said.
    pub(super) async fn verdict(
        &self,
        posts: &[Post],
        count: &Count,
        unjudged: &[Unjudged],
    ) -> Option<Error> {
        match self.scope() {
            Scope::Tagged(key, value) if count.systems == 0 && !unjudged.is_empty() => {
                let told = tag(&key, value.as_ref());
                let error = Error::new(Kind::NotFound, format!("no file system carries {told}"));
                Some(error.hint(self.others(posts, &key).await))
            }
            _ => self.gate.verdict(count, unjudged),
        }
    }

    /// Which values of that tag there are.
    async fn others(&self, posts: &[Post], key: &str) -> String {
        let mut values = BTreeSet::new();
        for post in posts {
            let listed = self.desk.over(post.cloud.clone()).list(Listing::All).await;
            let listed = listed.unwrap_or_default().into_iter();
            values.extend(listed.filter_map(|mut fs| fs.tags.remove(key)));
        }
        if values.is_empty() {
            return format!(
                "none carries the tag {key} at all: check its spelling, --region and --profile"
            );
        }
        let shown = values
            .iter()
            .take(VALUES)
            .map(|value| format!("{key}={value}"));
        let more = if values.len() > VALUES { ", …" } else { "" };
        format!(
            "others carry {}{more}",
            shown.collect::<Vec<_>>().join(", ")
        )
    }
}

/// Region and profile, as far as they tell places apart.
type Place = (Option<String>, Option<String>);

fn tag(key: &str, value: Option<&String>) -> String {
    match value {
        Some(value) => format!("{key}={value}"),
        None => format!("the tag {key}"),
    }
}
