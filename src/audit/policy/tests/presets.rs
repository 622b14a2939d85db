//! Whether presets hold, alone and beside the statements of others.

use std::collections::BTreeSet;

use super::statements::{of, statements};
use super::*;
use crate::domain::keyword::Keyword;
use crate::domain::settings::policy::{self as setting, Preset};

const BASE: &str =
    r#"{"Sid":"EfsctlBase","Effect":"Allow","Principal":"*","Action":"elasticfilesystem:Client*"}"#;

fn sets() -> impl Iterator<Item = BTreeSet<Preset>> {
    (0..32_u32).map(|bits| {
        let all = Preset::KEYWORDS.iter().enumerate();
        all.filter(|(at, _)| bits >> at & 1 == 1)
            .map(|(_, (preset, ..))| *preset)
            .collect()
    })
}

#[test]
fn every_set_of_presets_holds_and_locks_nobody_out() {
    for presets in sets() {
        let policy = Policy::of(&Preset::document(&presets)).unwrap().on(OWN);
        assert_eq!(policy.overridden(&presets), [], "{presets:?}");
        let compared = compare(Some(&of("")), Some(&policy), HERE);
        assert_eq!(compared.gains().next(), None, "{presets:?}");
        assert_eq!(compared.lock_out, LockOut::No, "{presets:?}");
        assert_eq!(compared.unclear, [], "{presets:?}");
        assert_eq!(policy.is_public(), [""; 0], "{presets:?}");
        let is_denied = |change: &Change| change.after == Access::Denied;
        for change in compared.changes.iter().filter(|change| is_denied(change)) {
            let spared = change.who == Identity::Anonymous
                || presets.contains(&Preset::AccessPointsOnly) && change.ways == [Way::Tls];
            assert!(spared, "{presets:?} denies identities: {change}");
        }
        let stops = compared.changes.iter().any(Change::stops_plain_nfs);
        let expected = [
            Preset::EnforceTls,
            Preset::DenyAnonymous,
            Preset::AccessPointsOnly,
        ];
        assert_eq!(
            stops,
            expected.iter().any(|one| presets.contains(one)),
            "{presets:?}"
        );
    }
}

#[test]
fn a_statement_that_undoes_a_preset_is_named() {
    let cases = [
        (
            "deny-root",
            ALLOW_ALL,
            vec![("#1", "elasticfilesystem:ClientRootAccess")],
        ),
        ("enforce-tls access-points-only", ALLOW_ALL, vec![]),
        (
            "deny-anonymous read-only",
            ALLOW_ALL,
            vec![
                ("#2", "elasticfilesystem:ClientMount"),
                ("#2", "elasticfilesystem:ClientWrite"),
            ],
        ),
        (
            "deny-root",
            r#"{"Sid":"app","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"*"}"#,
            vec![],
        ),
        (
            "deny-root",
            r#"{"Sid":"office","Effect":"Allow","Principal":"*","Action":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#,
            vec![("office", "elasticfilesystem:ClientRootAccess")],
        ),
        (
            "deny-root",
            r#"{"Sid":"api","Effect":"Allow","Principal":"*","Action":"*","Condition":{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"false"}}}"#,
            vec![],
        ),
        (
            "read-only",
            r#"{"Sid":"but","Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"elasticfilesystem:ClientW*"}"#,
            vec![("but", "elasticfilesystem:ClientWrite")],
        ),
        (
            "deny-root",
            r#"{"Effect":"Allow","Principal":"*","Action":"*"},{"Effect":"Deny","Principal":"*","Action":"elasticfilesystem:ClientRootAccess"}"#,
            vec![],
        ),
    ];
    for (words, kept, expected) in cases {
        let presets: BTreeSet<Preset> =
            words.split(' ').map(|word| word.parse().unwrap()).collect();
        let there = setting::Document::parse(&format!(r#"{{"Statement":[{kept}]}}"#)).unwrap();
        let policy = Policy::of(&there.with(&presets)).unwrap().on(OWN);
        let overridden = policy.overridden(&presets);
        let found: Vec<_> = overridden
            .iter()
            .flat_map(|one| {
                one.actions
                    .iter()
                    .map(|action| (one.statement.as_str(), action.as_str()))
            })
            .collect();
        assert_eq!(found, expected, "{words} {kept}");
    }
    let overridden = Overridden {
        preset: Preset::DenyRoot,
        statement: "a".to_owned(),
        actions: vec![ClientAction::RootAccess],
    };
    assert_eq!(
        overridden.to_string(),
        "statement a allows everybody elasticfilesystem:ClientRootAccess, so deny-root does not hold"
    );
}

proptest! {
    #[test]
    fn presets_hold_exactly_where_everybody_is_refused(
        kept in statements(), which in 0..32_usize, has_base in any::<bool>(),
    ) {
        let presets = sets().nth(which).unwrap();
        let base = has_base.then(|| BASE.to_owned());
        let kept: Vec<String> = base.into_iter().chain(kept).collect();
        let there = setting::Document::parse(&format!(r#"{{"Statement":[{}]}}"#, kept.join(","))).unwrap();
        let policy = Policy::of(&there.with(&presets)).unwrap().on(OWN);
        if !has_base && !kept.is_empty() {
            let before = Policy::of(&there).unwrap().on(OWN);
            let compared = compare(Some(&before), Some(&policy), HERE);
            prop_assert_eq!(compared.gains().next(), None);
        }
        let may = |action: ClientAction, ways: &[Way]| {
            ways.iter().any(|way| {
                let request = Request::new(*way, Who::Anonymous);
                let action = action.as_str();
                policy.allowed(action, &request) != Truth::No && policy.denied(action, &request) != Truth::Yes
            })
        };
        for preset in &presets {
            let broken = match preset {
                Preset::EnforceTls => ClientAction::ALL.iter().any(|action| may(*action, &[Way::Plain])),
                Preset::DenyAnonymous => may(ClientAction::Mount, &Way::NFS),
                Preset::DenyRoot => may(ClientAction::RootAccess, &Way::NFS),
                Preset::ReadOnly => may(ClientAction::Write, &Way::NFS),
                Preset::AccessPointsOnly => {
                    ClientAction::ALL.iter().any(|action| may(*action, &[Way::Plain, Way::Tls]))
                }
            };
            let named = policy.overridden(&presets).into_iter().filter(|one| one.preset == *preset);
            prop_assert_eq!(named.count() > 0, broken, "{}", preset);
        }
        let deny_presets = [Preset::EnforceTls, Preset::AccessPointsOnly];
        prop_assert!(policy.overridden(&presets).iter().all(|one| !deny_presets.contains(&one.preset)));
    }
}
