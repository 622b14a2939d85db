//! The table.

use super::*;

#[test]
fn the_table_at_80_columns() {
    let long = "0123456789".repeat(30);
    let expected = format!(
        "\
fs-0123456789abcdef0  =cmd()|<b> ,;[2J  eu-west-1
  critical  policy-public  the policy lets anybody in
            {long}
            statement 2 allows \"*\"
            remedy: name who may, for example
              aws efs put-file-system-policy --file-system-id fs-0123456789abcdef0 --policy 'file://p  q.json'
  low       name-tag  it has no `Name` tag
            a|b \"c\" <d> & 'e' 100%
            ::error::f [31mred ü…日本 {{0}} [x](y) `z`
  unknown   mount-target-state  could not be checked: every mount target is
              available
            DescribeMountTargets was denied: AccessDeniedException
            remedy: -allow elasticfilesystem:DescribeMountTargets
  1 passed

fs-0fedcba9876543210  eu-west-1
  2 passed, 1 not applicable, 1 skipped

2 file systems, 4 checks each: 2 failed (1 critical, 1 low), 1 unknown,
  3 passed, 1 not applicable, 1 skipped
"
    );
    let text = render(&nasty(), form("table"), &PLAIN);
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn the_table_with_everything() {
    let look = Look {
        all: true,
        baseline: true,
        width: 200,
        ..PLAIN
    };
    let text = render(&nasty(), form("table"), &look);
    let tail: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("  pass"))
        .collect();
    assert_eq!(
        tail,
        [
            "  pass      backup  it is backed up",
            "            @daily",
            "",
            "fs-0fedcba9876543210  eu-west-1",
            "  pass      name-tag  it has a `Name` tag",
            "  pass      backup  it is backed up",
            "  n/a       policy-public  the policy lets nobody in whom it does not name",
            "            there is no policy",
            "  skipped   mount-target-state  every mount target is available",
            "",
            "2 file systems, 4 checks each: 2 failed (1 critical, 1 low; 1 known), 1 unknown, 3 passed, 1 not applicable, 1 skipped",
        ],
        "\n{text}"
    );
    assert!(text.contains("  critical  policy-public (known)  the policy lets anybody in"));
}

#[test]
fn colour_is_all_that_colour_adds() {
    let color = Look {
        color: true,
        all: true,
        ..PLAIN
    };
    let colored = render(&nasty(), form("table"), &color);
    assert!(
        colored.contains("\u{1b}[1m\u{1b}[31mcritical\u{1b}[0m"),
        "{colored:?}"
    );
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    // The test's own values hold the letters of an escape, but not the escape.
    let look = Look {
        color: false,
        ..color
    };
    assert_eq!(plain, render(&nasty(), form("table"), &look));
}

#[test]
fn no_line_is_wider_than_asked_but_for_what_must_stay_whole() {
    let words = "subnet-0123456789abcdef0 in eu-west-1a has no mount target, although ".repeat(9);
    let mut report = nasty();
    report.file_systems[1].findings[0] = finding(&NAMED, Verdict::Fail, &[&words]);
    report.file_systems[1].name = Some("ü".repeat(300));
    for width in [40, 41, 80, 100, 119] {
        let text = render(&report, form("table"), &Look { width, ..PLAIN });
        for line in text.lines() {
            let whole = line.contains("aws efs") || !line.trim_start().contains(' ');
            assert!(whole || line.chars().count() <= width, "{width}: {line}");
        }
        assert!(text.contains("'file://p  q.json'"));
        for word in words.split(' ') {
            assert!(text.contains(word));
        }
    }
    for width in [0, 1, usize::MAX] {
        assert!(render(&report, form("table"), &Look { width, ..PLAIN }).contains("policy-public"));
    }
}
