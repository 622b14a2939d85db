//! Files as other tools write them: a byte order mark, UTF-16, and what is neither.

use std::fs;
use std::path::Path;

use crate::support::cli::Efsctl;

const WORLD: &str =
    "[[region]]\nname = \"eu-west-1\"\n[[region.file_system]]\nname = \"data\"\nencrypted = true\n";

fn marked(text: &str) -> Vec<u8> {
    [b"\xef\xbb\xbf", text.as_bytes()].concat()
}

/// As `>` of Windows `PowerShell` writes it.
fn wide(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

fn validate(world: &Path, more: &str) -> Efsctl {
    let world = world.display();
    Efsctl::new(&format!(
        "--sandbox --world {world} -q validate --all {more}"
    ))
}

#[test]
fn every_file_is_read_with_a_byte_order_mark_and_as_utf_16() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let world = file("world.toml", WORLD.as_bytes());
    let document = validate(&world, "-o json").run().stdout;
    let policy = "fail-on = \"critical\"\n";
    for (form, encode) in [("marked", marked as fn(&str) -> Vec<u8>), ("wide", wide)] {
        let world = file(&format!("{form}.toml"), &encode(WORLD));
        let baseline = file(&format!("{form}.json"), &encode(&document));
        let policy = file(&format!("{form}-policy.toml"), &encode(policy));
        let known = validate(&world, &format!("--baseline {}", baseline.display())).run();
        assert_eq!(known.code, 0, "{form}: {}", known.stderr);
        let lenient = validate(&world, &format!("--config {}", policy.display())).run();
        assert_eq!(lenient.code, 0, "{form}: {}", lenient.stderr);
        assert_eq!(validate(&world, "").run().code, 3, "{form}");
    }
}

#[test]
fn another_encoding_is_said_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world.toml");
    fs::write(&world, WORLD).unwrap();
    let bad = folder.path().join("bad");
    for (bytes, said) in [
        (&b"team = \"M\xfcller\""[..], "neither UTF-8 nor UTF-16"),
        (b"{\0}\0", "UTF-16 without a byte order mark"),
        (b"\xff\xfe\0\0{\0\0\0", "UTF-32"),
    ] {
        fs::write(&bad, bytes).unwrap();
        let shown = bad.display();
        let state = format!("--sandbox={shown} list");
        for (ended, code) in [
            (validate(&world, &format!("--baseline {shown}")).run(), 2),
            (validate(&world, &format!("--config {shown}")).run(), 2),
            (validate(&bad, "").run(), 2),
        ] {
            assert_eq!(ended.code, code, "{said}: {}", ended.stderr);
            let told = ended.stderr.lines().next().unwrap();
            assert!(told.contains(said) && told.contains("bad"), "{told}");
        }
        let ended = Efsctl::new(&state).run();
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert!(ended.stderr.contains("not UTF-8"), "{}", ended.stderr);
        assert_eq!(
            fs::read(&bad).unwrap(),
            bytes,
            "the state file is left as it is"
        );
    }
}
