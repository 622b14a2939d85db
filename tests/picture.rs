//! Pictures of a file system: golden files, read by what they are for; nothing that could not be read is left out.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use efsctl::domain::keyword::Keyword;
use efsctl::picture::{Format, Scene, Subject, render};
use efsctl::service::ValidateOptions;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::documents::is_equal;
use crate::support::cli::{Efsctl, fixture};
use crate::support::harness::{Harness, asked, reference};
use crate::support::skipped::skipped;
use crate::support::world::world;

const MESSY: &str = include_str!("../fixtures/worlds/messy.toml");

fn form(word: &str) -> Format {
    Format::of_keyword(word).expect("a form of a picture")
}

fn forms() -> impl Iterator<Item = Format> {
    Format::KEYWORDS.iter().map(|(format, ..)| *format)
}

async fn scene(harness: &Harness, name: &str, options: &ValidateOptions) -> Scene {
    let service = harness.service().await;
    let drawn = service.picture(&reference(name), options, true).await;
    drawn.unwrap()
}

async fn messy(name: &str) -> Scene {
    scene(&Harness::described(MESSY), name, &asked(&[])).await
}

/// A rectangle: left, top, right, bottom.
type Rectangle = [f64; 4];

/// The rectangles of a drawing, and all its text.
fn drawn(svg: &str) -> (Vec<Rectangle>, String) {
    let mut reader = Reader::from_str(svg);
    let (mut rectangles, mut text) = (Vec::new(), String::new());
    let number = |start: &BytesStart<'_>, name: &str| {
        let attribute = start.try_get_attribute(name).unwrap();
        attribute.map(|value| value.value.parse::<f64>())
    };
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == "rect" => {
                if let Some(Ok(x)) = number(&start, "x") {
                    let of = |name| number(&start, name).unwrap().unwrap();
                    let (y, width, height) = (of("y"), of("width"), of("height"));
                    rectangles.push([x, y, x + width, y + height]);
                }
            }
            Event::Text(words) => text.push_str(&words),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                text.push_str(&quick_xml::escape::unescape(&entity).unwrap());
            }
            Event::End(_) => text.push(' '),
            Event::Eof => return (rectangles, text),
            _ => {}
        }
    }
}

/// Boxes are in each other, or apart.
fn is_tidy(rectangles: &[Rectangle]) {
    for (nth, a) in rectangles.iter().enumerate() {
        for b in &rectangles[nth + 1..] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            let within = |a: &Rectangle, b: &Rectangle| {
                a[0] <= b[0] && a[1] <= b[1] && b[2] <= a[2] && b[3] <= a[3]
            };
            assert!(apart || within(a, b) || within(b, a), "{a:?} {b:?}");
        }
    }
}

/// Graphviz, where it is: what it makes of a graph.
fn graphviz(dot: &str) -> Option<String> {
    let child = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skipped("a picture for Graphviz: there is no dot in the path");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(dot.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && errors.is_empty(),
        "{errors}\n{dot}"
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What of the grammar of Mermaid's flowcharts a picture uses, line by line. (Its own parser needs a browser and is no package of Python; it read
/// the golden file when that was made.)
fn is_a_flowchart(text: &str) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("---"));
    assert!(lines.next().unwrap().starts_with("title: \""));
    let rest: Vec<&str> = lines.skip_while(|line| *line != "---").collect();
    assert_eq!(rest[1], "flowchart BT");
    let (mut open, mut nodes) = (0_usize, BTreeSet::new());
    let is_key = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut named: Vec<&str> = Vec::new();
    for line in rest[2..].iter().map(|line| line.trim()) {
        if line == "end" {
            open = open.checked_sub(1).expect(text);
        } else if let Some(class) = line.strip_prefix("class ") {
            named.extend(class.split(' ').next().unwrap().split(','));
        } else if let Some(style) = line.strip_prefix("classDef ") {
            assert!(style.contains(" fill:#"), "{line}");
        } else if let Some((from, to)) = line.split_once(" -->") {
            let to = to.rsplit(' ').next().unwrap();
            named.extend([from, to]);
            is_quoted(line);
        } else {
            let node = line.strip_prefix("subgraph ");
            open += usize::from(node.is_some());
            let node = node.unwrap_or(line);
            let key = node.split(['[', '(', '{']).next().unwrap();
            assert!(is_key(key) && nodes.insert(key), "{line}");
            is_quoted(line);
        }
    }
    assert_eq!(open, 0);
    for key in named {
        assert!(nodes.contains(key), "{key}: {text}");
    }
}

/// At most one label, with nothing in it that ends it or is markup.
fn is_quoted(line: &str) {
    let parts: Vec<&str> = line.split('"').collect();
    assert!(matches!(parts.len(), 1 | 3), "{line}");
    let label = parts.get(1).copied().unwrap_or_default();
    let label = label.replace("<br/>", "");
    assert!(!label.contains(['<', '>', '`', '[', ']', '&']), "{line}");
    for entity in label.split('#').skip(1) {
        let (number, _) = entity.split_once(';').expect(line);
        assert!(number.parse::<u32>().is_ok(), "{line}");
    }
}

fn is_read(scene: &Scene) {
    is_a_flowchart(&render(scene, form("mermaid")));
    let svg = render(scene, form("svg"));
    is_tidy(&drawn(&svg).0);
    if let Some(made) = graphviz(&render(scene, form("dot"))) {
        drawn(&made);
    }
}

#[tokio::test(start_paused = true)]
async fn the_pictures_are_those_of_the_golden_files_and_are_read() {
    let scene = messy("reports").await;
    for (format, word, _) in Format::KEYWORDS {
        is_equal(
            &format!("fixtures/pictures/reports.{word}"),
            &render(&scene, *format),
        );
    }
    let page = include_str!("../docs/PICTURES.md");
    let example = format!("```mermaid\n{}```", render(&scene, form("mermaid")));
    assert!(
        page.contains(&example),
        "docs/PICTURES.md has another picture"
    );
    for name in ["orders", "scratch", "reports", "cache"] {
        is_read(&messy(name).await);
    }
}

/// Everything in the picture, whatever its form.
fn holds(scene: &Scene, what: &[&str]) {
    for format in forms() {
        let text = match format.keyword() {
            "svg" => drawn(&render(scene, format)).1,
            _ => render(scene, format),
        };
        // Lines of a drawing are broken.
        let text = text.replace(' ', "");
        for one in what {
            assert!(text.contains(&one.replace(' ', "")), "{one}: {text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn findings_are_where_they_are() {
    let scene = messy("scratch").await;
    let about = |id: &str| {
        let mut all = scene.findings.iter().flatten();
        let traced = all.find(|traced| traced.finding.about.id == id);
        traced.unwrap_or_else(|| panic!("{id}")).about.clone()
    };
    let group = Subject::Group("sg-0000000000000000c".parse().unwrap());
    assert_eq!(
        about("nfs-not-open-to-the-world"),
        std::slice::from_ref(&group)
    );
    assert_eq!(about("only-nfs-admitted"), [group]);
    assert_eq!(about("policy-not-public"), [Subject::FileSystem]);
    assert_eq!(about("access-point-user-identity"), [Subject::AccessPoints]);
    let target = scene.mount_targets.as_ref().unwrap()[0].id.clone();
    assert_eq!(about("no-public-subnet"), [Subject::MountTarget(target)]);
    holds(
        &scene,
        &[
            "critical: NFS is open to the Internet",
            "0.0.0.0/0",
            "all traffic",
            "every address",
        ],
    );
    let plain = Harness::described(MESSY).service().await;
    let plain = plain
        .picture(&reference("scratch"), &asked(&[]), false)
        .await
        .unwrap();
    assert!(plain.findings.is_none());
    assert!(!render(&plain, form("dot")).contains("critical"));
}

/// Two groups are open only together: then it is the file system that is.
#[tokio::test(start_paused = true)]
async fn what_no_part_shows_alone_is_about_the_whole() {
    let halves = world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("low", &["tcp 2049 from 16.0.0.0/8"])
        .group("high", &["tcp 2049 from 17.0.0.0/8"])
        .file_system("halves")
        .mount_target('a', &["low", "high"]);
    let scene = scene(&halves.harness(), "halves", &asked(&[])).await;
    let mut all = scene.findings.iter().flatten();
    let open = all.find(|traced| traced.finding.about.id == "nfs-not-open-to-the-world");
    assert_eq!(open.unwrap().about, [Subject::FileSystem]);
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_read_is_drawn_as_unknown() {
    for (action, unknown) in [
        ("elasticfilesystem:DescribeMountTargets", "place unknown"),
        (
            "elasticfilesystem:DescribeAccessPoints",
            "access points unknown",
        ),
        (
            "elasticfilesystem:DescribeFileSystemPolicy",
            "policy unknown",
        ),
        ("ec2:DescribeNetworkInterfaces", "security groups unknown"),
        ("ec2:DescribeSecurityGroups", "rules unknown"),
        ("ec2:DescribeSubnets", "unknown: DescribeSubnets"),
        ("ec2:DescribeVpcs", "unknown: DescribeVpcs"),
    ] {
        let one = world()
            .denied(&[action])
            .vpc("10.0.0.0/16")
            .subnet('a')
            .group("nfs", &["tcp 2049 from 10.0.0.0/16"])
            .file_system("data")
            .mount_target('a', &["nfs"])
            .access_point("/app");
        let scene = scene(&one.harness(), "data", &asked(&[])).await;
        let (_, operation) = action.split_once(':').unwrap();
        holds(&scene, &[unknown, &format!("{operation} is denied")]);
        is_read(&scene);
        for format in forms() {
            assert!(render(&scene, format).contains("unknown"), "{action}");
        }
    }
}

/// One to six zones, and names that were meant to break a form.
#[tokio::test(start_paused = true)]
async fn pictures_stay_whole_in_every_size_and_under_every_name() {
    for zones in 1..=6 {
        let scene = messy("orders").await;
        let one = scene.mount_targets.as_ref().unwrap()[0].clone();
        let mut scene = scene;
        let name =
            "\"]; x --> y <b>&amp;</b> </svg><script> \\N \\ #35; `a` %% end\n\u{1b}[31m 日本";
        scene.file_system.name = Some(name.to_owned());
        let interfaces = scene.interfaces.as_mut().unwrap();
        let interface = interfaces[&one.id].clone();
        let targets = (0..zones).map(|nth| {
            let mut target = one.clone();
            target.id = format!("fsmt-0123456789abcdef{nth}").parse().unwrap();
            target.subnet = format!("subnet-0123456789abcdef{nth}").parse().unwrap();
            let letter = "abcdef".as_bytes()[nth] as char;
            target.zone = format!("eu-west-1{letter}").parse().unwrap();
            interfaces.insert(target.id.clone(), interface.clone());
            target
        });
        scene.mount_targets = Ok(targets.collect());
        for group in scene.groups.as_mut().unwrap().values_mut() {
            group.name = name.to_owned();
        }
        is_read(&scene);
        holds(&scene, &["fsmt-0123456789abcdef0", "eu-west-1a"]);
        let (_, text) = drawn(&render(&scene, form("svg")));
        assert!(text.contains("</svg><script>"), "{text}");
        assert!(!text.contains('\u{1b}'));
        let (rectangles, _) = drawn(&render(&scene, form("svg")));
        // Page and file system, access points, VPC; zone, subnet and mount target; the group and its source.
        assert!(rectangles.len() >= 3 + 3 * zones, "{}", rectangles.len());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_out_is_counted() {
    let rules: Vec<String> = (0..40)
        .map(|nth| format!("tcp 2049 from 10.0.{nth}.0/24"))
        .collect();
    let mut rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    rules.push("tcp 2049 from 0.0.0.0/0");
    let wide = world()
        .vpc("10.0.0.0/16")
        .subnet('a')
        .group("nfs", &rules)
        .file_system("data")
        .mount_target('a', &["nfs"]);
    let wide = (0..30).fold(wide, |wide, nth| wide.access_point(&format!("/app{nth}")));
    let scene = scene(&wide.harness(), "data", &asked(&[])).await;
    is_read(&scene);
    // The widest is among those that are drawn.
    holds(
        &scene,
        &[
            "0.0.0.0/0",
            "and 17 more rules",
            "30 access points",
            "and 6 more access points",
        ],
    );
}

#[test]
fn the_command_draws_and_refuses_what_has_no_form() {
    let asked = |arguments: &str| {
        let world = fixture("worlds/messy.toml");
        let command = Efsctl::new("--sandbox --quiet --world").arg(world.display().to_string());
        arguments.split(' ').fold(command, Efsctl::arg).run()
    };
    let drawn = asked("describe reports --format mermaid --with-findings");
    let golden = std::fs::read_to_string(fixture("pictures/reports.mermaid")).unwrap();
    assert_eq!((drawn.code, drawn.stdout), (0, golden));
    let refused = asked("describe reports --format svg -o json");
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .stderr
            .contains("--format cannot be combined with -o json"),
        "{}",
        refused.stderr
    );
    let refused = asked("describe reports --with-findings");
    assert_eq!(refused.code, 2);
    let missing = asked("describe nothing --format svg");
    assert_eq!((missing.code, missing.stdout.as_str()), (7, ""));
}
