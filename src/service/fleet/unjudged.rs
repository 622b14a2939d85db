//! An audit of nothing is no reason to call anything good: what was asked for and where nothing was judged.

use std::collections::BTreeMap;

use super::{Count, Fleet, FleetOptions};
use crate::cloud::Inventory;
use crate::domain::finding::{Unjudged, UnseenRegion};
use crate::service::Scope;

/// Region and profile, as far as they tell places apart.
type Place = (Option<String>, Option<String>);

impl<C: Inventory> Fleet<'_, C> {
    /// Where nothing was judged. Regions that were not seen are reported elsewhere.
    pub(super) fn unjudged(
        &self,
        options: &FleetOptions,
        unseen: &[UnseenRegion],
        count: &Count,
    ) -> Vec<Unjudged> {
        let why = match &options.scope {
            // What is named and not there is an error.
            Scope::These(_) | Scope::Still(_) => None,
            Scope::All => Some("there is no file system".to_owned()),
            Scope::Tagged(key, value) => Some(format!(
                "no file system carries {}",
                tag(key, value.as_ref())
            )),
        };
        let by_tag = matches!(options.scope, Scope::Tagged(..));
        let (systems, decided) = (count.sums.systems, count.sums.decided);
        let blank = |(region, profile): Place, why: &str| Unjudged {
            region,
            profile,
            why: why.to_owned(),
            counts: options.exit.strict || (systems == 0 && by_tag),
        };
        let mut found = Vec::new();
        if let Some(why) = why {
            let places = self.by_place(unseen, count).into_iter();
            let none = places.filter(|(_, systems)| *systems == 0);
            found.extend(none.map(|(place, _)| blank(place, &why)));
        }
        if systems > 0 && decided == 0 {
            let why = "no check decided anything: each is turned off, excepted, not applicable, or in the baseline";
            found.push(blank((None, None), why));
        }
        found
    }

    /// How many file systems were judged in each place that was named. All regions are one place: most are empty in every account.
    fn by_place(&self, unseen: &[UnseenRegion], count: &Count) -> BTreeMap<Place, usize> {
        let mut systems: BTreeMap<Place, usize> = BTreeMap::new();
        for (nth, place) in self.places().enumerate() {
            let is_it = |unseen: &UnseenRegion| {
                unseen.region == place.region && unseen.profile == place.profile
            };
            if unseen.iter().any(is_it) {
                continue;
            }
            let region = (!self.everywhere).then(|| place.region.clone());
            let here = count.systems.get(&nth).copied().unwrap_or_default();
            *systems.entry((region, place.profile.clone())).or_default() += here;
        }
        systems
    }
}

/// A tag that was asked for, in words.
pub(super) fn tag(key: &str, value: Option<&String>) -> String {
    match value {
        Some(value) => format!("{key}={value}"),
        None => format!("the tag {key}"),
    }
}
