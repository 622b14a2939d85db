//! Jobs that the Python backend left are served, finished and packed; what is broken is named and left alone.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Running, Setup, tokens};

/// As `json.dumps(asdict(metadata), indent=2)` writes it.
fn metadata(id: &str, user: &str, status: &str, created_at: &str) -> String {
    format!(
        "{{\n  \"job_id\": \"{id}\",\n  \"user_id\": \"{user}\",\n  \"project_name\": \"caf\\u00e9\",\n  \"created_at\": \"{created_at}\",\n  \"status\": \"{status}\",\n  \"files_count\": 99,\n  \"total_size_bytes\": 99,\n  \"zip_path\": \"/etc/passwd\",\n  \"s3_url\": null,\n  \"error_message\": null\n}}"
    )
}

fn leave(base: &Path, id: &str, text: &str) {
    std::fs::create_dir_all(base.join(id).join("src")).unwrap();
    std::fs::write(base.join(id).join(".job_metadata.json"), text).unwrap();
    std::fs::write(base.join(id).join("src/App.tsx"), "app").unwrap();
}

#[test]
fn a_job_of_the_old_backend_is_served_and_finished() {
    let setup = Setup::new();
    let server = &setup.server;
    for (id, time) in [
        ("naive", "2024-01-15T10:30:00.123456"),
        ("zulu", "2024-01-15T10:30:00.123456Z"),
        ("offset", "2024-01-15T12:30:00.123456+02:00"),
    ] {
        leave(
            setup.folder.path(),
            id,
            &metadata(id, "user-001", "generating", time),
        );
        let job = server.job(id);
        assert_eq!(job["created_at"], "2024-01-15T10:30:00.123456Z");
        assert_eq!(
            (&job["files_count"], &job["user_id"], &job["project_name"]),
            (&json!(1), &json!("user-001"), &json!("café"))
        );
        server.put(id, "more", "x").expect(200);
        server
            .post(&format!("/api/v1/jobs/{id}/complete"), &json!({}))
            .expect(200);
        let zip = server
            .get(&format!("/api/v1/jobs/{id}/download"))
            .expect(200);
        assert_eq!(
            zip::ZipArchive::new(std::io::Cursor::new(zip.body))
                .unwrap()
                .len(),
            2
        );
        let text = std::fs::read_to_string(setup.path(id).join(".job_metadata.json")).unwrap();
        let zip_path = setup.path(&format!("{id}.zip"));
        let expected = metadata(id, "user-001", "complete", "2024-01-15T10:30:00.123456")
            .replace("\"files_count\": 99", "\"files_count\": 2")
            .replace("\"total_size_bytes\": 99", "\"total_size_bytes\": 4")
            .replace("/etc/passwd", zip_path.to_str().unwrap());
        assert_eq!(text, expected);
    }
}

#[test]
fn a_zip_that_the_old_backend_did_not_finish_is_made_again() {
    let setup = Setup::new();
    for (id, zip) in [("torn", &b"PK\x03\x04torn"[..]), ("none", b"")] {
        leave(
            setup.folder.path(),
            id,
            &metadata(id, "u", "complete", "2024-01-15T10:30:00"),
        );
        if !zip.is_empty() {
            std::fs::write(setup.path(&format!("{id}.zip")), zip).unwrap();
        }
        let refused = setup
            .server
            .get(&format!("/api/v1/jobs/{id}/download"))
            .expect(409);
        assert_eq!(refused.header("retry-after"), Some("1"));
        setup
            .server
            .post(&format!("/api/v1/jobs/{id}/complete"), &json!({}))
            .expect(200);
        let zip = setup
            .server
            .get(&format!("/api/v1/jobs/{id}/download"))
            .expect(200);
        zip::ZipArchive::new(std::io::Cursor::new(zip.body)).unwrap();
    }
}

#[test]
fn the_owner_in_the_metadata_is_believed_once() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = tempfile::tempdir().unwrap();
    leave(
        folder.path(),
        "j",
        &metadata("j", "ann", "generating", "2024-01-15T10:30:00"),
    );
    let server = Running::start(
        folder.path(),
        Default::default(),
        tokens(secrets.path(), &["ann", "ben"]),
    );
    server.with("ben").get("/api/v1/jobs/j").expect(404);
    assert_eq!(server.with("ann").job("j")["user_id"], "ann");
    // What the build of a user writes into the file changes nothing of that.
    leave(
        folder.path(),
        "j",
        &metadata("j", "ben", "generating", "2024-01-15T10:30:00"),
    );
    server.with("ben").get("/api/v1/jobs/j").expect(404);
    assert_eq!(server.with("ann").job("j")["user_id"], "ann");
}

#[test]
fn a_damaged_job_is_named_and_left_alone() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("well");
    let good = metadata("j", "u", "generating", "2024-01-15T10:30:00");
    let cases: Vec<String> = vec![
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        good[..40].to_owned(),
        good.replace("\"j\"", "\"other\""),
        good.replace("\"u\"", "7"),
        good.replace("generating", "odd"),
        good.replace("2024-01-15T10:30:00", "soon"),
        "\u{0}".repeat(100),
    ];
    for (index, text) in cases.iter().enumerate() {
        let id = format!("j{index}");
        leave(
            setup.folder.path(),
            &id,
            &text.replace("\"j\"", &format!("\"{id}\"")),
        );
    }
    let special = |id: &str| {
        leave(setup.folder.path(), id, "");
        let path = setup.path(id).join(".job_metadata.json");
        std::fs::remove_file(&path).unwrap();
        path
    };
    std::os::unix::fs::symlink("../well/.job_metadata.json", special("link")).unwrap();
    std::fs::create_dir(special("dir")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(special("pipe"))
        .status()
        .unwrap();
    assert!(pipe.success());
    let ids: Vec<String> = (0..cases.len())
        .map(|index| format!("j{index}"))
        .chain(["link", "dir", "pipe"].map(str::to_owned))
        .collect();
    for id in &ids {
        let answer = server.get(&format!("/api/v1/jobs/{id}")).expect(409).json();
        assert_eq!(answer["code"], "damaged", "{id}");
        assert!(
            answer["error"]
                .as_str()
                .unwrap()
                .contains(".job_metadata.json"),
            "{id}"
        );
        server.put(id, "x", "x").expect(409);
        server.delete(&format!("/api/v1/jobs/{id}")).expect(409);
        server
            .post(
                "/api/v1/jobs/create",
                &json!({"project_name": "x", "job_id": id}),
            )
            .expect(409);
        assert_eq!(
            std::fs::read_to_string(setup.path(id).join("src/App.tsx")).unwrap(),
            "app"
        );
    }
    let cleaned = server
        .post("/api/v1/jobs/admin/cleanup", &json!({}))
        .expect(200)
        .json();
    assert_eq!(cleaned["cleaned_jobs"], 0);
    server.put("well", "x", "x").expect(200);
}

/// What the reader of the Python backend needs: the ten keys, a time without a zone, the status.
#[test]
fn what_is_written_is_what_the_old_reader_expects() {
    let setup = Setup::new();
    setup.server.create("j");
    setup.server.put("j", "a", "x").expect(200);
    // Refreshed within a second of the last write.
    let begun = std::time::Instant::now();
    let read = || -> Value {
        serde_json::from_slice(&std::fs::read(setup.path("j/.job_metadata.json")).unwrap()).unwrap()
    };
    while read()["files_count"] != 1 {
        assert!(begun.elapsed().as_secs() < 20);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let text = std::fs::read_to_string(setup.path("j/.job_metadata.json")).unwrap();
    let keys: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split('"').next())
        .collect();
    assert_eq!(
        keys,
        [
            "job_id",
            "user_id",
            "project_name",
            "created_at",
            "status",
            "files_count",
            "total_size_bytes",
            "zip_path",
            "s3_url",
            "error_message"
        ]
    );
    assert!(!text.ends_with('\n') && !read()["created_at"].as_str().unwrap().contains(['Z', '+']));
}
