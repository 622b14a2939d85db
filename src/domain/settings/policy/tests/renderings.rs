//! What is the same policy, and what is another one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

/// What a statement means.
#[derive(Debug, Clone, PartialEq)]
struct Meaning {
    allows: bool,
    /// Negated; none of them: everybody.
    who: (bool, Vec<&'static str>),
    what: (bool, Vec<&'static str>),
    /// None: the file system that the policy is on.
    on: (bool, Vec<&'static str>),
    when: BTreeMap<(&'static str, &'static str), Vec<&'static str>>,
}

/// `ACCOUNT` has two spellings.
const WHO: [&str; 3] = [
    "ACCOUNT",
    "arn:aws:iam::111122223333:role/a",
    "AROAEXAMPLEID12345678",
];
const WHAT: [&str; 4] = [
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientWrite",
    "elasticfilesystem:*",
    "*",
];
const ON: [&str; 2] = [
    "*",
    "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-89abcdef",
];
const KEYS: [(&str, &str); 3] = [
    ("Bool", "aws:SecureTransport"),
    ("StringLike", "aws:userid"),
    ("StringNotLike", "aws:userid"),
];
const VALUES: [&str; 3] = ["true", "1", "Root"];

fn some(of: &'static [&'static str], at_least: usize) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(of.to_vec(), at_least..=of.len())
}

fn meaning() -> impl Strategy<Value = Meaning> {
    let when = prop::collection::btree_map(select(KEYS.to_vec()), some(&VALUES, 1), 0..3);
    let on = prop_oneof![Just((false, vec![])), (any::<bool>(), some(&ON, 1))];
    (
        any::<bool>(),
        (any::<bool>(), some(&WHO, 0)),
        (any::<bool>(), some(&WHAT, 1)),
        on,
        when,
    )
        .prop_map(|(allows, who, what, on, when)| Meaning {
            allows,
            who,
            what,
            on,
            when,
        })
}

/// The choices of a renderer.
struct Choices(u64);

impl Choices {
    fn of(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn shuffled(&mut self, mut all: Vec<String>) -> Vec<String> {
        let mut shuffled = Vec::new();
        while !all.is_empty() {
            let at = self.of(all.len());
            shuffled.push(all.remove(at));
        }
        shuffled
    }

    fn object(&mut self, members: Vec<String>) -> String {
        format!("{{{}}}", self.shuffled(members).join(", "))
    }

    /// Blanks, as they come.
    fn member(&mut self, name: &str, value: &str) -> String {
        let blanks = ["", " ", "\n  "];
        format!(
            "\"{name}\"{}:{}{value}",
            blanks[self.of(3)],
            blanks[self.of(3)]
        )
    }

    fn names(&mut self, names: &[&str], spell: impl Fn(&mut Self, &str) -> String) -> String {
        let mut spelled: Vec<String> = names.iter().map(|name| spell(self, name)).collect();
        if let [one] = spelled.as_slice()
            && self.of(2) == 0
        {
            return one.clone();
        }
        if self.of(4) == 0 {
            spelled.extend(spelled.first().cloned());
        }
        format!("[{}]", self.shuffled(spelled).join(","))
    }

    fn any_case(&mut self, word: &str) -> String {
        match self.of(3) {
            0 => format!("\"{word}\""),
            1 => format!("\"{}\"", word.to_ascii_uppercase()),
            _ => format!("\"{}\"", word.to_ascii_lowercase()),
        }
    }

    fn statement(&mut self, sid: usize, meaning: &Meaning) -> String {
        let not = |negated: bool, name: &str| format!("{}{name}", if negated { "Not" } else { "" });
        let mut members = vec![self.member(
            "Effect",
            if meaning.allows {
                r#""Allow""#
            } else {
                r#""Deny""#
            },
        )];
        match sid {
            0 if self.of(2) == 0 => {}
            0 => members.push(self.member("Sid", r#""""#)),
            sid => members.push(self.member("Sid", &format!("\"s{sid}\""))),
        }
        let who = if meaning.who.1.is_empty() && self.of(2) == 0 {
            r#""*""#.to_owned()
        } else {
            let all = if meaning.who.1.is_empty() {
                &vec!["*"]
            } else {
                &meaning.who.1
            };
            let names = self.names(all, |choices, name| match name {
                "ACCOUNT" if choices.of(2) == 0 => r#""111122223333""#.to_owned(),
                "ACCOUNT" => r#""arn:aws:iam::111122223333:root""#.to_owned(),
                name => format!("\"{name}\""),
            });
            format!("{{\"AWS\": {names}}}")
        };
        members.push(self.member(&not(meaning.who.0, "Principal"), &who));
        let what = self.names(&meaning.what.1, Self::any_case);
        members.push(self.member(&not(meaning.what.0, "Action"), &what));
        let quoted = |_: &mut Self, name: &str| format!("\"{name}\"");
        if !meaning.on.1.is_empty() {
            let on = self.names(&meaning.on.1, quoted);
            members.push(self.member(&not(meaning.on.0, "Resource"), &on));
        } else if self.of(2) == 0 {
            let on = self.names(&[OWN], quoted);
            members.push(self.member("Resource", &on));
        }
        let mut operators: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((operator, key), values) in &meaning.when {
            let key = self.any_case(key);
            let values = self.names(values, |choices, value| match value {
                "Root" => r#""Root""#.to_owned(),
                value if choices.of(2) == 0 => value.to_owned(),
                value => format!("\"{value}\""),
            });
            operators
                .entry(operator)
                .or_default()
                .push(format!("{key}: {values}"));
        }
        if !operators.is_empty() || self.of(4) == 0 {
            let mut conditions = Vec::new();
            for (operator, keys) in operators {
                conditions.push(format!("\"{operator}\": {}", self.object(keys)));
            }
            let conditions = self.object(conditions);
            members.push(self.member("Condition", &conditions));
        }
        self.object(members)
    }

    fn document(&mut self, (version, meanings): (&str, &[Meaning])) -> Document {
        let statements: Vec<String> = meanings
            .iter()
            .enumerate()
            .map(|(sid, one)| self.statement(sid, one))
            .collect();
        let statements = match statements.as_slice() {
            [one] if self.of(2) == 0 => one.clone(),
            _ => format!("[{}]", self.shuffled(statements).join(",")),
        };
        let mut members = vec![self.member("Statement", &statements)];
        if version != "2008-10-17" || self.of(2) == 0 {
            members.push(self.member("Version", &format!("\"{version}\"")));
        }
        let text = self.object(members);
        Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

fn toggled(all: &mut Vec<&'static str>, one: &'static str) {
    match all.iter().position(|known| *known == one) {
        Some(at) => drop(all.remove(at)),
        None => all.push(one),
    }
}

/// The same with one thing meant otherwise.
fn otherwise(meaning: &Meaning, what: usize, which: usize) -> Meaning {
    let mut other = meaning.clone();
    match what {
        0 => other.allows = !other.allows,
        1 => other.who.0 = !other.who.0,
        2 => toggled(&mut other.who.1, WHO[which % WHO.len()]),
        3 => other.what.0 = !other.what.0,
        4 => toggled(&mut other.what.1, WHAT[which % WHAT.len()]),
        5 if other.on.1.is_empty() => other.on.1.push(ON[0]),
        5 => other.on.0 = !other.on.0,
        6 => toggled(&mut other.on.1, ON[which % ON.len()]),
        7 => {
            let key = KEYS[which % KEYS.len()];
            if other.when.remove(&key).is_none() {
                other.when.insert(key, vec!["1"]);
            }
        }
        _ => {
            for values in other.when.values_mut() {
                toggled(values, VALUES[which % VALUES.len()]);
            }
        }
    }
    other
}

proptest! {
    #[test]
    fn a_policy_is_the_same_however_it_is_written(
        version in select(vec!["2008-10-17", "2012-10-17"]),
        meanings in prop::collection::vec(meaning(), 1..4),
        seeds in any::<[u64; 2]>(),
    ) {
        let [one, other] = seeds.map(|seed| Choices(seed).document((version, &meanings)));
        let on = own();
        prop_assert!(one.is_same(&other, Some(&on)), "{one}\n{other}");
        let observed = ObservedPolicy::read(Some(&other.to_string()), &on);
        let wish = Wish::Set(Content::Document(one).into());
        prop_assert_eq!(Policy::verdict(&wish, &observed), Verdict::Keep);
    }

    #[test]
    fn a_policy_that_means_something_else_is_another_one(
        meanings in prop::collection::vec(meaning(), 1..4),
        at in any::<prop::sample::Index>(), what in 0..9_usize, which in 0..12_usize,
        seeds in any::<[u64; 2]>(),
    ) {
        let mut others = meanings.clone();
        let at = at.index(meanings.len());
        others[at] = otherwise(&meanings[at], what, which);
        prop_assume!(others != meanings && !others[at].what.1.is_empty());
        prop_assume!(others[at].when.values().all(|values| !values.is_empty()));
        // Who is left out of nothing, and of the file system itself, is written in no other way.
        prop_assume!(!others[at].on.0 || !others[at].on.1.is_empty());
        let one = Choices(seeds[0]).document(("2012-10-17", &meanings));
        let other = Choices(seeds[1]).document(("2012-10-17", &others));
        prop_assert!(!one.is_same(&other, Some(&own())), "{one}\n{other}");
    }
}

#[test]
fn what_else_differs_is_another_policy() {
    let one = r#"{"Version":"2012-10-17","Id":"a","Statement":[{"Sid":"s","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*"}]}"#;
    let document = |text: &str| Document::parse(text).unwrap();
    let same = |text: &str| document(one).is_same(&document(text), Some(&own()));
    assert!(same(one) && same(&one.replace("111122223333", "arn:aws-cn:iam::111122223333:root")));
    for (this, that) in [
        ("2012-10-17", "2008-10-17"),
        (r#""Version":"2012-10-17","#, ""),
        (r#""Id":"a","#, ""),
        (r#""Sid":"s""#, r#""Sid":"S""#),
        ("111122223333", "arn:aws:iam::111122223333:user/root"),
        (r#""AWS""#, r#""Service""#),
        (
            r#""Action":"*""#,
            r#""Action":"*","Resource":"arn:aws:elasticfilesystem:*:111122223333:file-system/fs-01234567""#,
        ),
        (
            r#""Action":"*""#,
            r#""Action":"*","Resource":"arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fs-01234567""#,
        ),
    ] {
        assert!(
            one.contains(this) && !same(&one.replace(this, that)),
            "{that}"
        );
    }
}
