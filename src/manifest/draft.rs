//! What the keys of a file system say together.

use std::collections::BTreeSet;
use std::path::Path;

use super::node::Mistake;
use crate::domain::access_point::AccessPointSpec;
use crate::domain::advice::{Advice, advice};
use crate::domain::expiry::Expires;
use crate::domain::field::Field;
use crate::domain::ids::{KmsKey, Name, Reference, SecurityGroupId, SubnetId, VpcId, Zone};
use crate::domain::network::{GROUP_RULES, Source};
use crate::domain::settings::policy::{Content, Document, PolicyArg, Wanted};
use crate::domain::settings::replication::ReplicateArg;
use crate::domain::settings::{Wish, Wishes};
use crate::domain::spec::{
    Access, Encryption, IpType, PerformanceMode, PlacementRequest, Spec, check_access_points,
};
use crate::domain::tags::Tags;

/// The values of the keys. Those of `[defaults]` first, and those of the file system over them.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "keys of a file")]
pub(super) struct Draft {
    pub(super) vpc: Option<VpcId>,
    pub(super) subnet: Vec<SubnetId>,
    pub(super) az: Vec<Zone>,
    pub(super) security_group: Vec<SecurityGroupId>,
    pub(super) allow_from: Vec<Source>,
    pub(super) open_to_the_world: bool,
    pub(super) rules_per_group: Option<u16>,
    pub(super) ip_type: IpType,
    pub(super) kms_key: Option<KmsKey>,
    pub(super) unencrypted: bool,
    pub(super) performance: Option<PerformanceMode>,
    pub(super) one_zone: Option<Zone>,
    /// All but the policy.
    pub(super) settings: Wishes,
    /// With its place: a file that it names may be wrong.
    pub(super) policy: Option<(usize, PolicyArg)>,
    pub(super) bypass_lockout_check: bool,
    pub(super) hardened: bool,
    pub(super) replicate_to: Option<ReplicateArg>,
    pub(super) replica_kms_key: Option<KmsKey>,
    pub(super) tags: Tags,
    pub(super) access_points: Vec<AccessPointSpec>,
    /// With its place: it may be over.
    pub(super) expires: Option<(usize, Expires)>,
}

impl Draft {
    /// What is asked for.
    ///
    /// # Errors
    ///
    /// Keys contradict each other, or AWS would refuse what they say together.
    pub(super) fn spec(
        self,
        reference: &Reference,
        at: usize,
        now: i64,
        read: &dyn Fn(&Path) -> Result<String, String>,
    ) -> Result<Spec, Mistake> {
        let mistake = |sentence: Advice| Mistake { at, sentence };
        let policy = self.policy(read)?;
        let settings = Wishes {
            policy,
            replication: ReplicateArg::asked(
                self.replicate_to.as_ref(),
                self.replica_kms_key.as_ref(),
            ),
            ..self.settings.clone()
        };
        let expires = match self.expires {
            Some((at, expires)) => expires.from(now).map_err(|error| Mistake {
                at,
                sentence: advice![Field::Expires, format!(": {error}")],
            })?,
            None => Wish::Leave,
        };
        if let Some(sentence) = self.contradiction(&settings) {
            return Err(mistake(sentence));
        }
        let name = match reference {
            Reference::Name(name) => name.clone(),
            Reference::Id(id) | Reference::Arn { id, .. } => Name::of(id),
        };
        let found = Spec {
            settings,
            hardened: self.hardened,
            tags: self.tags.clone(),
            expires,
            access_points: self.access_points.clone(),
            ..Spec::new(name)
        };
        let (spec, checked) = if let Reference::Name(_) = reference {
            let spec = self.creation(found);
            let checked = spec.check();
            (spec, checked)
        } else {
            let checked = check_access_points(&found.access_points);
            (found, checked)
        };
        match checked {
            Ok(()) => Ok(spec),
            Err(error) => Err(mistake(error.sentence())),
        }
    }

    /// The same request, with how it is created.
    fn creation(self, found: Spec) -> Spec {
        Spec {
            encryption: match (self.kms_key, self.unencrypted) {
                (Some(key), _) => Encryption::Key(key),
                (None, true) => Encryption::None,
                (None, false) => Encryption::DefaultKey,
            },
            performance: self.performance,
            one_zone: self.one_zone,
            ip_type: self.ip_type,
            placement: PlacementRequest {
                vpc: self.vpc,
                subnets: self.subnet,
                zones: self.az,
            },
            access: match (self.security_group.is_empty(), self.allow_from.is_empty()) {
                (true, true) => Access::Default,
                (true, false) => Access::Make(self.allow_from),
                (false, _) => {
                    let distinct: BTreeSet<SecurityGroupId> =
                        self.security_group.into_iter().collect();
                    Access::Groups(distinct.into_iter().collect())
                }
            },
            open_to_the_world: self.open_to_the_world,
            group_rules: self.rules_per_group.map_or(GROUP_RULES, usize::from),
            ..found
        }
    }

    fn policy(
        &self,
        read: &dyn Fn(&Path) -> Result<String, String>,
    ) -> Result<Wish<Wanted>, Mistake> {
        let content = match &self.policy {
            None => return Ok(Wish::Leave),
            Some((_, PolicyArg::None)) => return Ok(Wish::Clear),
            Some((_, PolicyArg::Presets(presets))) => Content::Presets(presets.clone()),
            Some((_, PolicyArg::Document(document))) => Content::Document(document.clone()),
            Some((at, PolicyArg::File(path))) => {
                let wrong = |why: String| Mistake {
                    at: *at,
                    sentence: advice![
                        (Field::Policy, format!("file://{}", path.display())),
                        format!(": {why}")
                    ],
                };
                let text = read(path).map_err(wrong)?;
                let document = Document::written(&text);
                Content::Document(document.map_err(|error| wrong(error.to_string()))?)
            }
        };
        Ok(Wish::Set(Wanted {
            content,
            bypass_lockout_check: self.bypass_lockout_check,
        }))
    }

    /// What excludes each other.
    fn contradiction(&self, settings: &Wishes) -> Option<Advice> {
        let both =
            |one: Field, other: Field| Some(advice![one, " and ", other, " exclude each other"]);
        if !self.security_group.is_empty() && !self.allow_from.is_empty() {
            return both(Field::SecurityGroup, Field::AllowFrom);
        }
        if self.unencrypted && self.kms_key.is_some() {
            return both(Field::Unencrypted, Field::KmsKey);
        }
        if self.unencrypted && self.hardened {
            return both(Field::Unencrypted, Field::Hardened);
        }
        let given = self.replicate_to.as_ref();
        if self.replica_kms_key.is_some() && !given.is_some_and(ReplicateArg::creates) {
            return Some(advice![
                Field::ReplicaKmsKey,
                " is for a copy that EFS creates, and ",
                Field::ReplicateTo,
                " names none"
            ]);
        }
        if !self.hardened {
            return None;
        }
        let hardened = Field::Hardened;
        let is_document = |wanted: &Wanted| matches!(wanted.content, Content::Document(_));
        match (
            &settings.policy,
            &settings.backups,
            &settings.lifecycle.to_ia,
        ) {
            (Wish::Clear, ..) => Some(advice![
                hardened,
                " sets a policy, and ",
                (Field::Policy, "none"),
                " removes it"
            ]),
            (Wish::Set(wanted), ..) if is_document(wanted) => Some(advice![
                hardened,
                " sets presets, and ",
                Field::Policy,
                " sets a whole policy"
            ]),
            (_, Wish::Clear, _) => Some(advice![
                hardened,
                " turns backups on, and ",
                (Field::Backup, "off"),
                " turns them off"
            ]),
            (.., Wish::Clear) => Some(advice![
                hardened,
                " moves files to Infrequent Access, and ",
                (Field::TransitionToIa, "never"),
                " does not"
            ]),
            _ => None,
        }
    }
}
