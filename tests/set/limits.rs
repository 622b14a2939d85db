//! What EFS would refuse is refused before the first write.

use efsctl::domain::settings::lifecycle::Transitions;
use efsctl::domain::settings::{Throughput, Wish, Wishes};
use efsctl::error::{Code, Kind};

use super::{SetRequest, set, settings, tags};
use crate::support::world::{Text, World, world};

fn transitions(ia: Option<&str>, archive: Option<&str>) -> SetRequest {
    let days = |text: Option<&str>| Wish::from(text.map(|text| text.parse().unwrap()));
    settings(Wishes {
        lifecycle: Transitions {
            to_ia: days(ia),
            to_archive: days(archive),
            ..Transitions::default()
        },
        ..Wishes::default()
    })
}

fn throughput(to: Throughput) -> SetRequest {
    settings(Wishes {
        throughput: Wish::Set(to),
        ..Wishes::default()
    })
}

fn file_system() -> World {
    world().vpc("10.0.0.0/16").file_system("data")
}

fn archived() -> World {
    let archive = Text("[{ TransitionToArchive = \"AFTER_90_DAYS\" }]".to_owned());
    file_system()
        .set("throughput_mode", "elastic")
        .set("lifecycle", archive)
}

#[tokio::test(start_paused = true)]
async fn a_combination_that_efs_refuses_changes_nothing() {
    let many: Vec<String> = (0..50).map(|n| format!("key{n}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "")).collect();
    let combination = Code::UnsupportedCombination;
    let rows = [
        (
            "Archive needs elastic throughput",
            file_system(),
            transitions(None, Some("90d")),
            combination,
            "elastic",
        ),
        (
            "and general purpose",
            file_system().set("performance_mode", "maxIO"),
            transitions(None, Some("90d")),
            combination,
            "general-purpose",
        ),
        (
            "and no One Zone",
            file_system()
                .set("zone", "eu-west-1a")
                .set("throughput_mode", "elastic"),
            transitions(None, Some("90d")),
            combination,
            "One Zone",
        ),
        (
            "elastic stays while files move to Archive",
            archived(),
            throughput(Throughput::Bursting),
            combination,
            "elastic",
        ),
        (
            "Archive is later than IA",
            file_system(),
            transitions(Some("90d"), Some("30d")),
            combination,
            "archive has to be later",
        ),
        (
            "also where only one of them is asked for",
            archived(),
            transitions(Some("90d"), None),
            combination,
            "archive has to be later",
        ),
        (
            "elastic needs general purpose",
            file_system().set("performance_mode", "maxIO"),
            throughput(Throughput::Elastic),
            combination,
            "elastic",
        ),
        (
            "a file system takes 50 tags",
            file_system().tag("team", "red"),
            SetRequest {
                tags: tags(&many),
                ..SetRequest::default()
            },
            Code::TooManyTags,
            "50",
        ),
    ];
    for (name, world, request, code, part) in rows {
        let harness = world.harness();
        let failure = set(&harness, &request).await.unwrap_err();
        let error = &failure.error;
        assert_eq!(
            (error.kind, error.code),
            (Kind::Usage, code),
            "{name}: {error}"
        );
        assert!(error.to_string().contains(part), "{name}: {error}");
        assert_eq!(harness.writes(), 0, "{name}");
    }
}
