//! No path leaves a job: not by its text, not by a link.

use std::os::unix::fs::symlink;

use serde_json::json;

use crate::support::{Setup, tree, zipped};

const REFUSED: &[&str] = &[
    "",
    "/",
    "/etc/passwd",
    "..",
    "../x",
    "../../../etc/passwd",
    "a/../../x",
    "a/..",
    "./a",
    "a/.",
    "a//b",
    "a/",
    "..\\x",
    "a\\..\\b",
    "C:/x",
    "c:x",
    "a\u{0}b",
    "a\nb",
    "\u{7f}",
    "．．/x",
    "․․/x",
    "..／x",
    "‥/x",
    "／x",
    " ",
    "a/ ",
    ".job_metadata.json",
    ".job_metadata.json/x",
    ".efsctl",
    ".efsctl/base.json",
];

#[test]
fn refused_paths_change_nothing_in_every_way_of_sending_them() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("j");
    server.create("other");
    std::fs::write(setup.path("outside"), "o").unwrap();
    let outside = || {
        let all = tree(setup.folder.path());
        all.into_iter()
            .filter(|(name, _)| !name.starts_with(".efsctl/"))
            .collect::<Vec<_>>()
    };
    let before = outside();
    for path in REFUSED {
        let answer = server.put("j", path, "hack").expect(400).json();
        assert_eq!(answer["code"], "path-refused", "{path:?}");
        let batch = json!([{"path": path, "content": "hack"}]);
        let answer = server
            .post("/api/v1/jobs/j/files/batch", &batch)
            .expect(200)
            .json();
        assert_eq!(answer["success"], 0, "{path:?}");
        let encoded: String = path.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for method in ["GET", "PUT", "DELETE"] {
            server
                .send(method, &format!("/api/v1/jobs/j/files/{encoded}"), &[], b"")
                .expect(400);
        }
    }
    for raw in [
        "../x",
        "..%2fx",
        "%2e%2e/x",
        "%2e%2e%2fother%2f.job_metadata.json",
        "a/%2e%2e/%2e%2e/outside",
        "a%00b",
        "%ff",
    ] {
        server
            .get(&format!("/api/v1/jobs/j/files/{raw}"))
            .expect(400);
    }
    // Decoded once, not twice.
    server.get("/api/v1/jobs/j/files/%252e%252e/x").expect(404);
    assert_eq!(outside(), before);
}

#[test]
fn good_names_are_kept_as_they_are() {
    let setup = Setup::new();
    setup.server.create("j");
    let good = [
        "..foo",
        "a...b",
        ".gitignore",
        "[id].tsx",
        "100%.txt",
        "a%2fb",
        "-rf",
        "~x",
        "CON",
        "é",
        "e\u{301}",
        "a b",
        "?q",
        "#h",
        "ü/日本",
    ];
    for path in good {
        setup.server.put("j", path, path).expect(200);
        let encoded: String = path
            .split('/')
            .map(|part| {
                part.bytes()
                    .map(|byte| format!("%{byte:02X}"))
                    .collect::<String>()
            })
            .collect::<Vec<_>>()
            .join("/");
        let read = setup
            .server
            .get(&format!("/api/v1/jobs/j/files/{encoded}"))
            .expect(200)
            .json();
        assert_eq!(
            (&read["path"], &read["content"]),
            (&json!(path), &json!(path))
        );
        assert_eq!(
            std::fs::read_to_string(setup.path("j").join(path)).unwrap(),
            path
        );
    }
    assert_eq!(setup.server.job("j")["files_count"], good.len());
}

#[test]
fn no_link_is_followed() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("j");
    server.put("j", "real", "r").expect(200);
    std::fs::write(setup.path("secret"), "s").unwrap();
    std::fs::create_dir(setup.path("dir")).unwrap();
    let job = setup.path("j");
    for (to, name) in [
        ("../secret", "file"),
        ("../dir", "dir"),
        (".", "self"),
        ("/etc", "etc"),
        ("real", "alias"),
        ("nowhere", "dangling"),
    ] {
        symlink(to, job.join(name)).unwrap();
    }
    for path in [
        "file",
        "dir/x",
        "self/real",
        "self/.job_metadata.json",
        "etc/passwd",
        "alias",
        "dangling",
        "dir",
    ] {
        server
            .get(&format!("/api/v1/jobs/j/files/{path}"))
            .expect(404);
    }
    for path in ["dir/x", "self/x", "etc/x", "dangling/x"] {
        server.put("j", path, "x").expect(409);
    }
    assert_eq!(std::fs::read_dir(setup.path("dir")).unwrap().count(), 0);
    // A link is replaced by the file, and what it named stays.
    for path in ["file", "dangling", "alias"] {
        server.put("j", path, "new").expect(200);
        assert!(job.join(path).symlink_metadata().unwrap().is_file());
    }
    assert_eq!(std::fs::read_to_string(setup.path("secret")).unwrap(), "s");
    assert_eq!(std::fs::read_to_string(job.join("real")).unwrap(), "r");
    // A hard link is broken by the write.
    std::fs::hard_link(setup.path("secret"), job.join("hard")).unwrap();
    server.put("j", "hard", "new").expect(200);
    assert_eq!(std::fs::read_to_string(setup.path("secret")).unwrap(), "s");
    let list = server.get("/api/v1/jobs/j/files").expect(200).json();
    assert_eq!(
        (&list["count"], list["warnings"].as_array().unwrap().len()),
        (&json!(5), 3)
    );
    server
        .post("/api/v1/jobs/j/complete", &json!({}))
        .expect(200);
    let zip = server.get("/api/v1/jobs/j/download").expect(200).body;
    assert_eq!(zipped(&zip), ["alias", "dangling", "file", "hard", "real"]);
    server.delete("/api/v1/jobs/j").expect(200);
    assert!(setup.path("dir").is_dir() && setup.path("secret").is_file());
}

#[test]
fn a_directory_without_metadata_is_left_alone() {
    let setup = Setup::new();
    std::fs::create_dir(setup.path("stranger")).unwrap();
    std::fs::write(setup.path("stranger/f"), "f").unwrap();
    std::fs::write(setup.path("file"), "f").unwrap();
    std::fs::write(setup.path("zipped.zip"), "f").unwrap();
    std::fs::create_dir(setup.path("empty")).unwrap();
    symlink("stranger", setup.path("link")).unwrap();
    for id in ["stranger", "file", "link", "empty", "zipped"] {
        setup.server.get(&format!("/api/v1/jobs/{id}")).expect(404);
        setup
            .server
            .delete(&format!("/api/v1/jobs/{id}"))
            .expect(404);
        setup.server.put(id, "x", "x").expect(404);
        setup
            .server
            .post(
                "/api/v1/jobs/create",
                &json!({"project_name": "x", "job_id": id}),
            )
            .expect(409);
    }
    assert_eq!(
        std::fs::read_to_string(setup.path("stranger/f")).unwrap(),
        "f"
    );
    assert_eq!(
        setup
            .server
            .get("/api/v1/jobs/admin/stats")
            .expect(200)
            .json()["job_count"],
        0
    );
    let locks = std::fs::read_dir(setup.path(".efsctl/lock"))
        .unwrap()
        .count();
    assert!(locks <= 5, "{locks}");
}
