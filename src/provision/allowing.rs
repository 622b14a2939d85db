//! Whether the group that is created may allow what is asked for, and takes that many rules: reported before the first write.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use ipnet::IpNet;

use crate::cloud::{Answer, Cloud};
use crate::domain::advice::advice;
use crate::domain::field::Field;
use crate::domain::network::{
    MOST_GROUP_RULES, NFS_PORT, Peer, PrefixList, SecurityGroup, Source, rules_of,
};
use crate::domain::ranges::Ranges;
use crate::domain::spec::{Access, Spec, SpecError, listed};
use crate::error::{Code, Error};

/// The prefix lists that `--allow-from` names.
pub(super) async fn prefix_lists<C: Cloud>(cloud: &C, spec: &Spec) -> Answer<Vec<PrefixList>> {
    let Access::Make(sources) = &spec.access else {
        return Ok(Vec::new());
    };
    let ids: BTreeSet<&String> = sources
        .iter()
        .filter_map(|source| match source {
            Source::PrefixList(id) => Some(id),
            _ => None,
        })
        .collect();
    try_join_all(ids.into_iter().map(|id| cloud.managed_prefix_list(id))).await
}

/// Whom the group that is created allows.
pub(super) struct Asked<'a> {
    pub(super) spec: &'a Spec,
    pub(super) peers: &'a BTreeSet<Peer>,
    pub(super) self_referencing: bool,
    pub(super) lists: &'a [PrefixList],
}

impl Asked<'_> {
    /// Refuses what would open NFS to the Internet unless it is meant, and more rules than a group takes.
    pub(super) fn check(&self, found: Option<&SecurityGroup>) -> Result<(), Error> {
        if !self.spec.open_to_the_world {
            self.check_width(found)?;
        }
        self.check_count(found)
    }

    /// What is asked for is judged together with what the group allows already, as an audit would judge it afterwards.
    fn check_width(&self, found: Option<&SecurityGroup>) -> Result<(), Error> {
        let rules = found.iter().flat_map(|group| &group.ingress);
        let rules = rules.filter(|rule| rule.covers(NFS_PORT));
        let before: Vec<IpNet> = rules.flat_map(|rule| self.ranges(&rule.peer)).collect();
        let asked: Vec<IpNet> = self
            .peers
            .iter()
            .flat_map(|peer| self.ranges(peer))
            .collect();
        let open = |nets: &[&[IpNet]]| Ranges::of(nets.iter().copied().flatten()).open();
        let is_new = |nets: &Vec<IpNet>| {
            let known = open(&[&before]);
            nets.iter().any(|net| !known.contains(net))
        };
        let together = Some(open(&[&before, &asked])).filter(is_new);
        let wide = Some(open(&[&asked])).filter(|nets| !nets.is_empty());
        match wide.or(together) {
            Some(nets) => Err(SpecError::OpenToTheWorld(listed(&nets)).into()),
            None => Ok(()),
        }
    }

    fn ranges(&self, peer: &Peer) -> Vec<IpNet> {
        match peer {
            Peer::Range(range) => vec![*range],
            Peer::PrefixList(id) => {
                let list = self.lists.iter().find(|list| list.id == *id);
                list.map(|list| list.ranges.clone()).unwrap_or_default()
            }
            Peer::Group(_) | Peer::Distant(_) | Peer::Other(_) => Vec::new(),
        }
    }

    fn check_count(&self, found: Option<&SecurityGroup>) -> Result<(), Error> {
        let due = self.peers.iter();
        let due = due.filter(|peer| !found.is_some_and(|group| group.allows(peer)));
        let (v4, v6) = rules_of(due, self.lists);
        let there = found.iter().flat_map(|group| &group.ingress);
        let (there_v4, there_v6) = rules_of(there.map(|rule| &rule.peer), self.lists);
        let itself = usize::from(self.self_referencing && found.is_none());
        let most = self.spec.group_rules.min(MOST_GROUP_RULES);
        let counts = [
            ("IPv4", v4 + there_v4 + itself, v4),
            ("IPv6", v6 + there_v6 + itself, v6),
        ];
        let Some((family, count, _)) = counts
            .into_iter()
            .find(|(_, count, due)| *count > most && *due > 0)
        else {
            return Ok(());
        };
        let message = advice![
            Field::AllowFrom,
            format!(
                ": {count} inbound {family} rules do not fit into one security group, which takes {most}"
            ),
        ];
        Err(Error::new(Code::TooManyRules, message).hint(advice![
            "allow wider ranges, or the group of the clients (sg-…); if Service Quotas shows a higher quota of rules for this account: ",
            (Field::RulesPerGroup, "COUNT"),
        ]))
    }
}
