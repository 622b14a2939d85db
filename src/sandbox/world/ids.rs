//! Identifiers in the form of AWS, derived from what a thing is: the account, the region, the kind, what it belongs to and
//! what distinguishes it there. Never from the order in which calls arrive, so that concurrent calls give the same ids in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::mix::{hash, mix};

/// The source of identifiers of one account in one region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    /// The account and the region: two regions do not answer with the same ids.
    pub seed: u64,
    /// How often a thing was made, by what it is: AWS never gives an id again, also where the same thing is deleted and made anew.
    #[serde(default)]
    pub generations: BTreeMap<u64, u32>,
}

impl Ids {
    /// Ids of an account in a region.
    pub(crate) fn of(account_id: &str, region: &str) -> Self {
        Self {
            seed: hash(0, &[account_id, region]),
            generations: BTreeMap::new(),
        }
    }

    /// A new id: the prefix, a hyphen and 17 hexadecimal digits (`fs-0123456789abcdef0`). `key` tells the thing from all others
    /// with that prefix: what it belongs to, and what distinguishes it there.
    pub(crate) fn next(&mut self, prefix: &str, key: &[&str]) -> String {
        let thing = hash(hash(self.seed, &[prefix]), key);
        let generation = self.generations.entry(thing).or_default();
        *generation += 1;
        format!("{prefix}-0{:016x}", mix(thing, u64::from(*generation)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_what_the_thing_is_and_from_how_often_it_was_made() {
        let ids = || Ids::of("111122223333", "eu-west-1");
        let (mut one, mut other) = (ids(), ids());
        let a = one.next("fsmt", &["fs-1", "subnet-a"]);
        let b = one.next("fsmt", &["fs-1", "subnet-b"]);
        assert_eq!(other.next("fsmt", &["fs-1", "subnet-b"]), b);
        assert_eq!(other.next("fsmt", &["fs-1", "subnet-a"]), a);
        assert_eq!(one, other);

        let again = one.next("fsmt", &["fs-1", "subnet-a"]);
        let elsewhere = Ids::of("111122223333", "eu-west-2").next("fsmt", &["fs-1", "subnet-a"]);
        let another_kind = ids().next("eni", &["fs-1", "subnet-a"]);
        let another_split = ids().next("fsmt", &["fs-1subnet-a"]);
        let digits = |id: &str| id.rsplit('-').next().unwrap().to_owned();
        let all = [a, b, again, elsewhere, another_kind, another_split];
        let different: std::collections::BTreeSet<String> =
            all.iter().map(|id| digits(id)).collect();
        assert_eq!(different.len(), all.len(), "{all:?}");
    }
}
