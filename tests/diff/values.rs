//! What single settings say of themselves: what is lost, what no one has set, what they are read from. By the types of the library.

use std::collections::BTreeSet;

use efsctl::domain::settings::backups::Backup;
use efsctl::domain::settings::lifecycle::{Days, OtherTransition};
use efsctl::domain::settings::policy::{Content, Preset};
use efsctl::domain::settings::throughput::InvalidThroughput;
use efsctl::domain::settings::{
    Backups, Lifecycle, ObservedSetting, On, Policy, Protection, Setting, Throughput, Value, Wish,
    Wishes,
};
use efsctl::domain::word::Word;

fn backups(word: &str) -> Backup {
    Backup::from_api(word)
}

fn protection(
    word: &str,
) -> Option<Word<efsctl::domain::settings::protection::OverwriteProtection>> {
    Some(Word::from_api(word))
}

fn days(text: &str) -> Days {
    text.parse().unwrap()
}

#[test]
fn what_takes_off_safety_is_a_loss_and_nothing_else_is() {
    let of_backups = |to, there: &str| {
        let there = ObservedSetting::Backups(backups(there));
        Value::Backups(to).loss(&there).is_some()
    };
    for (to, there, is_loss) in [
        (Backups::Off, "ENABLED", true),
        (Backups::Off, "ENABLING", true),
        (Backups::Off, "DISABLED", false),
        (Backups::Off, "DISABLING", false),
        (Backups::Off, "PAUSED", true),
        (Backups::On, "ENABLED", false),
        (Backups::On, "DISABLED", false),
        (Backups::On, "PAUSED", false),
    ] {
        assert_eq!(of_backups(to, there), is_loss, "{to:?} {there}");
    }
    let of_protection = |to, there| {
        Value::Protection(to)
            .loss(&ObservedSetting::Protection(there))
            .is_some()
    };
    for (to, there, is_loss) in [
        (Protection::Off, protection("ENABLED"), true),
        (Protection::Off, protection("DISABLED"), false),
        (Protection::Off, protection("FROZEN"), true),
        (Protection::Off, None, true),
        (Protection::On, protection("ENABLED"), false),
        (Protection::On, protection("DISABLED"), false),
        (Protection::On, None, false),
    ] {
        assert_eq!(
            of_protection(to, there.clone()),
            is_loss,
            "{to:?} {there:?}"
        );
    }
    let text = Value::Backups(Backups::Off).loss(&ObservedSetting::Backups(backups("ENABLED")));
    assert_eq!(text, Some("AWS Backup makes no more daily backups of it"));
    let text = Value::Protection(Protection::Off)
        .loss(&ObservedSetting::Protection(protection("ENABLED")));
    assert_eq!(text, Some("a replication may overwrite its data"));
    // What a transition or a mode replaces can be set again; a policy is compared request by request.
    let throughput = ObservedSetting::Throughput(Word::Known(Throughput::Elastic));
    assert_eq!(
        Value::Throughput(Throughput::Bursting).loss(&throughput),
        None
    );
    let lifecycle = ObservedSetting::Lifecycle(Lifecycle::default());
    assert_eq!(
        Value::Lifecycle(Lifecycle::default()).loss(&lifecycle),
        None
    );
    let policy = Policy::None.observed();
    assert_eq!(
        Value::Policy(Policy::None).loss(&ObservedSetting::Policy(policy)),
        None
    );
}

#[test]
fn what_no_one_has_set() {
    for (word, is_unset) in [
        ("DISABLED", true),
        ("DISABLING", true),
        ("ENABLED", false),
        ("PAUSED", false),
    ] {
        assert_eq!(Backups::is_unset(&backups(word)), is_unset, "{word}");
    }
    for (there, is_unset) in [
        (protection("ENABLED"), true),
        (protection("DISABLED"), false),
        (protection("FROZEN"), false),
        (None, false),
    ] {
        assert_eq!(Protection::is_unset(&there), is_unset, "{there:?}");
    }
    assert!(!Throughput::is_unset(&Word::Known(Throughput::Bursting)));
    assert_eq!(
        Protection::at_creation(&Wish::Leave, false),
        protection("ENABLED")
    );
}

#[test]
fn only_what_has_such_a_state_is_settling() {
    let backups = |word| ObservedSetting::Backups(backups(word)).is_settling();
    assert_eq!(
        ["ENABLED", "ENABLING", "DISABLED", "DISABLING", "PAUSED"].map(backups),
        [false, true, false, true, false]
    );
    let others = [
        ObservedSetting::Throughput(Word::Known(Throughput::Elastic)),
        ObservedSetting::Lifecycle(Lifecycle::default()),
        ObservedSetting::Protection(protection("ENABLED")),
        ObservedSetting::Policy(Policy::None.observed()),
    ];
    assert!(!others.iter().any(ObservedSetting::is_settling));
}

#[test]
fn what_a_lifecycle_policy_does() {
    let ia = Lifecycle {
        transition_to_ia: Some(days("30d")),
        ..Lifecycle::default()
    };
    let archive = Lifecycle {
        transition_to_archive: Some(days("90d")),
        ..Lifecycle::default()
    };
    let back = Lifecycle {
        transition_to_primary: true,
        ..Lifecycle::default()
    };
    let other = |other| Lifecycle {
        other_transitions: vec![other],
        ..Lifecycle::default()
    };
    let to_ia = other(OtherTransition::TransitionToIa("AFTER_2_DAYS".to_owned()));
    let to_primary = other(OtherTransition::TransitionToPrimary(
        "AFTER_2_ACCESSES".to_owned(),
    ));
    // Whether it is empty, saves, and surely saves nothing: the last is what no one has set.
    for (policy, expected) in [
        (Lifecycle::default(), (true, false, true)),
        (ia.clone(), (false, true, false)),
        (archive, (false, true, false)),
        (back, (false, false, true)),
        (to_ia, (false, false, false)),
        (to_primary, (false, false, true)),
        (other(OtherTransition::Unreadable), (false, false, false)),
    ] {
        let is = (policy.is_empty(), policy.saves(), policy.saves_nothing());
        assert_eq!(is, expected, "{policy}");
        assert_eq!(Lifecycle::is_unset(&policy), expected.2, "{policy}");
    }
    for (first, second, contradicts) in [
        ("30d", "90d", false),
        ("30d", "30d", true),
        ("90d", "30d", true),
    ] {
        let both = Lifecycle {
            transition_to_ia: Some(days(first)),
            transition_to_archive: Some(days(second)),
            ..Lifecycle::default()
        };
        let sentence = both.contradiction();
        assert_eq!(sentence.is_some(), contradicts, "{first} {second}");
        if let Some(sentence) = sentence {
            assert!(sentence.contains("archive has to be later"), "{sentence}");
        }
    }
    assert_eq!(ia.contradiction(), None);
    assert_eq!((days("30d").get(), days("1d").get()), (30, 1));
    assert_eq!(Days::THIRTY, days("30d"));
}

#[test]
fn a_throughput_mode_as_it_is_typed_and_as_it_is_shown() {
    let parse = |text: &str| text.parse::<Throughput>();
    for (text, mode, mibps) in [
        ("bursting", "bursting", None),
        ("elastic", "elastic", None),
        ("provisioned=1", "provisioned", Some(1.0)),
        ("provisioned=3414", "provisioned", Some(3414.0)),
    ] {
        let read = parse(text).unwrap();
        assert_eq!(
            (Word::Known(read).mode(), read.mibps()),
            (mode, mibps),
            "{text}"
        );
    }
    assert_eq!(Word::<Throughput>::Other("warp".to_owned()).mode(), "warp");
    assert_eq!(parse("provisioned"), Err(InvalidThroughput::NoAmount));
    for text in ["fast", "", "elastic=1"] {
        assert_eq!(parse(text), Err(InvalidThroughput::Mode(text.to_owned())));
    }
    for amount in ["0", "0.9", "3415", "x", ""] {
        assert_eq!(
            parse(&format!("provisioned={amount}")),
            Err(InvalidThroughput::Amount(amount.to_owned()))
        );
    }
}

#[test]
fn a_wish_of_what_may_be_given() {
    assert_eq!(
        (Wish::on(true), Wish::on(false)),
        (Wish::Set(On), Wish::Leave)
    );
    assert_eq!(
        (Wish::from(Some(1)), Wish::<i32>::from(None)),
        (Wish::Set(1), Wish::Leave)
    );
}

/// `--hardened`: what is asked for by name stands, presets are added.
#[test]
fn what_makes_it_hardened_replaces_nothing_that_is_named() {
    let presets = |words: &str| -> BTreeSet<Preset> {
        words.split(' ').map(|word| word.parse().unwrap()).collect()
    };
    let mut plain = Wishes::default();
    plain.harden(false);
    let more = |words: &str| Wish::Set(Content::MorePresets(presets(words)).into());
    assert_eq!(plain.policy, more("enforce-tls"));
    assert_eq!(plain.backups, Wish::Set(On));
    assert_eq!(plain.lifecycle.to_ia, Wish::Set(days("30d")));
    // Again, and with an access point that creates its directory.
    plain.harden(true);
    assert_eq!(plain.policy, more("enforce-tls deny-root"));
    let mut named = Wishes {
        policy: Wish::Set(Content::Presets(presets("read-only")).into()),
        backups: Wish::Clear,
        ..Wishes::default()
    };
    named.lifecycle.to_ia = Wish::Set(days("7d"));
    named.harden(false);
    let both = Content::Presets(presets("read-only enforce-tls"));
    assert_eq!(named.policy, Wish::Set(both.into()));
    assert_eq!(named.backups, Wish::Clear);
    assert_eq!(named.lifecycle.to_ia, Wish::Set(days("7d")));
    let mut none = Wishes {
        policy: Wish::Clear,
        ..Wishes::default()
    };
    none.harden(true);
    assert_eq!(none.policy, Wish::Clear);
}

#[test]
fn a_policy_that_is_set_has_its_document() {
    let document = Preset::document(&BTreeSet::from([Preset::EnforceTls]));
    let put = Policy::Put {
        document: document.clone(),
        bypass_lockout_check: false,
    };
    assert_eq!(
        (put.document(), Policy::None.document()),
        (Some(&document), None)
    );
}
