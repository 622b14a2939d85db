//! What a replication leaves when it ends.

use crate::domain::action::Action;
use crate::domain::advice::{Advice, Command};
use crate::domain::settings::replication::ReplicaCopy;
use crate::domain::settings::{Key, ObservedSetting, Replica, Value};
use crate::provision::survey::Survey;

/// The copies that stay, with their data, where the plan ends their replication: a sentence for each.
pub(super) fn let_go(survey: &Survey) -> Vec<Advice> {
    let ends =
        |action: &Action| matches!(action, Action::Set(_, Value::Replication(Replica::None)));
    let observed = survey.observed.setting(Key::Replication);
    let (true, Some(ObservedSetting::Replication(observed))) =
        (survey.plan().iter().any(ends), observed)
    else {
        return Vec::new();
    };
    observed.copies().map(stays).collect()
}

fn stays(copy: &ReplicaCopy) -> Advice {
    let ReplicaCopy { id, region, .. } = copy;
    let mut show = Command::efsctl("describe").arg(id);
    show.region = Some(region.clone());
    let stays = format!("the copy {id} in {region} stays, with its data, and costs what it holds");
    Advice::from(stays).text("; to see it: ").run(show)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::replication::ObservedReplication;

    #[test]
    fn a_copy_is_named_with_its_region() {
        let observed = ObservedReplication::Source(vec![ReplicaCopy {
            id: "fs-0123456789abcdef0".parse().unwrap(),
            region: "us-west-2".to_owned(),
            status: crate::domain::word::Word::from_api("ENABLED"),
        }]);
        let sentences: Vec<String> = observed
            .copies()
            .map(|copy| stays(copy).to_string())
            .collect();
        assert_eq!(
            sentences,
            [
                "the copy fs-0123456789abcdef0 in us-west-2 stays, with its data, and costs what it holds; to see it: efsctl --region us-west-2 describe fs-0123456789abcdef0"
            ]
        );
    }
}
