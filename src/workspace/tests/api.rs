//! The API as its document prints it.

use std::io::Read;
use std::time::Duration;

use serde_json::json;

use crate::support::{Running, Setup, expiring, tokens, zipped};

/// Every request of the guide, in its order, with its answers.
#[test]
fn the_guide_from_creation_to_deletion() {
    let setup = Setup::new();
    let server = &setup.server;
    let created = server
        .post(
            "/api/v1/jobs/create",
            &json!({"project_name": "my-react-app", "job_id": "abc123"}),
        )
        .expect(200)
        .json();
    let keys: Vec<&str> = created
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = vec![
        "job_id",
        "user_id",
        "project_name",
        "status",
        "files_count",
        "total_size_mb",
        "created_at",
        "zip_ready",
        "download_url",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(created["job_id"], "abc123");
    assert_eq!(created["status"], "generating");
    assert_eq!(created["files_count"], 0);
    assert_eq!(created["zip_ready"], false);
    assert!(created["download_url"].is_null());
    assert!(created["created_at"].as_str().unwrap().ends_with('Z'));

    let plan = json!({
        "tasks": [{"name": "Setup", "files": ["package.json"]}, {"name": "Components", "files": ["src/App.tsx"]}],
        "metadata": {"framework": "react", "language": "typescript"},
    });
    assert_eq!(
        server
            .post("/api/v1/jobs/abc123/plan", &plan)
            .expect(200)
            .json(),
        json!({"success": true})
    );
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(setup.path("abc123/plan.json")).unwrap()).unwrap();
    assert_eq!(written, plan);

    let content = "export default function App() { ... }";
    let answer = server
        .put("abc123", "src/App.tsx", content)
        .expect(200)
        .json();
    assert_eq!(
        answer,
        json!({"success": true, "path": "src/App.tsx", "size": content.len()})
    );
    let batch = json!([
        {"path": "package.json", "content": "{}"},
        {"path": "src/index.tsx", "content": "é"},
        {"path": ".gitignore", "content": "node_modules\n"},
        {"path": "../../../etc/passwd", "content": "hack"},
    ]);
    let answer = server
        .post("/api/v1/jobs/abc123/files/batch", &batch)
        .expect(200)
        .json();
    assert_eq!(
        (&answer["total"], &answer["success"]),
        (&json!(4), &json!(3))
    );
    assert_eq!(
        answer["results"][0],
        json!({"path": "package.json", "success": true})
    );
    assert_eq!(answer["results"][3]["success"], false);
    assert!(
        answer["results"][3]["error"]
            .as_str()
            .unwrap()
            .contains("Path traversal detected")
    );

    let list = server.get("/api/v1/jobs/abc123/files").expect(200).json();
    let paths: Vec<&str> = list["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            ".gitignore",
            "package.json",
            "plan.json",
            "src/App.tsx",
            "src/index.tsx"
        ]
    );
    assert_eq!(list["count"], 5);
    assert_eq!(list["files"][3]["name"], "App.tsx");
    let page = server
        .get("/api/v1/jobs/abc123/files?limit=2&after=package.json")
        .expect(200)
        .json();
    assert_eq!(
        (&page["count"], &page["files"][0]["path"]),
        (&json!(2), &json!("plan.json"))
    );
    server.get("/api/v1/jobs/abc123/files?limit=0").expect(422);

    let file = server
        .get("/api/v1/jobs/abc123/files/src/App.tsx")
        .expect(200)
        .json();
    assert_eq!(file, json!({"path": "src/App.tsx", "content": content}));
    let raw = server.send(
        "GET",
        "/api/v1/jobs/abc123/files/src/index.tsx",
        &[("Accept", "application/octet-stream")],
        b"",
    );
    assert_eq!(raw.expect(200).body, "é".as_bytes());

    let job = server.job("abc123");
    assert_eq!(
        (&job["files_count"], &job["status"]),
        (&json!(5), &json!("generating"))
    );
    server.get("/api/v1/jobs/abc123/download").expect(409);

    let complete = server
        .post("/api/v1/jobs/abc123/complete", &json!({}))
        .expect(200)
        .json();
    assert_eq!(
        complete,
        json!({"success": true, "status": "complete", "message": "ZIP is ready", "download_url": "/api/v1/jobs/abc123/download"})
    );
    assert_eq!(
        server
            .post("/api/v1/jobs/abc123/complete", &json!({}))
            .expect(200)
            .json(),
        complete
    );
    let job = server.job("abc123");
    assert_eq!(
        (&job["zip_ready"], &job["download_url"]),
        (&json!(true), &json!("/api/v1/jobs/abc123/download"))
    );
    server.put("abc123", "late", "x").expect(409);
    server
        .post("/api/v1/jobs/abc123/fail", &json!({}))
        .expect(409);

    let zip = server.get("/api/v1/jobs/abc123/download").expect(200);
    assert_eq!(zip.header("content-type"), Some("application/zip"));
    assert_eq!(
        zip.header("content-disposition"),
        Some("attachment; filename=\"my-react-app.zip\"")
    );
    assert_eq!(zip.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(
        zip.header("content-length"),
        Some(zip.body.len().to_string().as_str())
    );
    assert_eq!(zip.body, std::fs::read(setup.path("abc123.zip")).unwrap());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&zip.body)).unwrap();
    assert_eq!(
        zipped(&zip.body),
        [
            ".gitignore",
            "package.json",
            "plan.json",
            "src/App.tsx",
            "src/index.tsx"
        ]
    );
    let mut text = String::new();
    archive
        .by_name("src/App.tsx")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, content);

    let stats = server.get("/api/v1/jobs/admin/stats").expect(200).json();
    assert_eq!(stats["job_count"], 1);
    assert_eq!(stats["file_count"], 5);
    assert_eq!(stats["expiry_hours"], 48);
    assert_eq!(stats["base_path"], setup.folder.path().to_str().unwrap());

    let gone = server
        .delete("/api/v1/jobs/abc123?keep_zip=false")
        .expect(200)
        .json();
    assert_eq!(
        gone,
        json!({"success": true, "message": "Job abc123 deleted"})
    );
    server.delete("/api/v1/jobs/abc123").expect(404);
    let missing = server.get("/api/v1/jobs/abc123").expect(404).json();
    assert_eq!(
        missing,
        json!({"error": "job not found or expired", "code": "not-found"})
    );
    server.get("/api/v1/jobs/abc123/files").expect(404);
    assert!(!setup.path("abc123").exists() && !setup.path("abc123.zip").exists());
}

#[test]
fn a_job_that_failed_stays_failed() {
    let setup = Setup::new();
    setup.server.create("j");
    let fail = setup
        .server
        .post(
            "/api/v1/jobs/j/fail?error_message=Generation%20failed",
            &json!({}),
        )
        .expect(200)
        .json();
    assert_eq!(fail, json!({"success": true, "status": "failed"}));
    assert_eq!(setup.server.job("j")["error_message"], "Generation failed");
    setup
        .server
        .post("/api/v1/jobs/j/complete", &json!({}))
        .expect(409);
    setup.server.put("j", "a", "x").expect(409);
    setup.server.get("/api/v1/jobs/j/download").expect(409);
    setup
        .server
        .post(
            "/api/v1/jobs/j/fail",
            &json!({"error_message": "é".repeat(3_000)}),
        )
        .expect(200);
    assert_eq!(
        setup.server.job("j")["error_message"]
            .as_str()
            .unwrap()
            .chars()
            .count(),
        2_000
    );
}

#[test]
fn wrong_bodies_are_named_and_change_nothing() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("j");
    let post = |path: &str, body: &[u8]| server.send("POST", path, &[], body).status;
    let create = "/api/v1/jobs/create";
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("nonsense", 400),
        ("[]", 422),
        ("{}", 422),
        (r#"{"project_name":7}"#, 422),
        (r#"{"project_name":null}"#, 422),
        (r#"{"project_name":"x","job_id":7}"#, 422),
        (r#"{"project_name":"x","job_id":"../../x"}"#, 422),
        (r#"{"project_name":"x","job_id":"admin"}"#, 422),
        (r#"{"project_name":"x","job_id":"j"}"#, 409),
        (r#"{"project_name":"\ud800"}"#, 422),
        (r#"{"project_name":"x"} x"#, 400),
        ("{\"project_name\":\"x\ny\"}", 400),
        (r#"{"project_name":"x","job_id":""}"#, 200),
        (r#"{"project_name":"x","job_id":null}"#, 200),
        (r#"{"project_name":""}"#, 200),
    ] {
        assert_eq!(post(create, body.as_bytes()), status, "{body}");
    }
    assert_eq!(post(create, b"{\"project_name\":\"\xff\"}"), 400);
    let deep = format!(
        "{{\"project_name\":{}{}}}",
        "[".repeat(200),
        "]".repeat(200)
    );
    assert_eq!(post(create, deep.as_bytes()), 400);
    let long = |n: usize| json!({"project_name": "é".repeat(n)}).to_string();
    assert_eq!(
        (
            post(create, long(1_000).as_bytes()),
            post(create, long(1_001).as_bytes())
        ),
        (200, 422)
    );

    let files = "/api/v1/jobs/j/files";
    for (body, status) in [
        ("[]", 422),
        (r#"{"path":"a"}"#, 422),
        (r#"{"content":"a"}"#, 422),
        (r#"{"path":1,"content":"a"}"#, 422),
        (r#"{"path":"a","content":1}"#, 422),
        (r#"{"path":"a","content":null}"#, 422),
        (r#"{"path":"a\ud800","content":"a"}"#, 400),
        (r#"{"path":"a","content":"\udc00"}"#, 400),
        (r#"{"path":"a","content":"x","encoding":"base64"}"#, 400),
        (r#"{"path":"a","content":"eA==","encoding":"rot13"}"#, 422),
        (r#"{"path":["a"],"content":"x"}"#, 422),
        (r#"{"path":"a","content":[120]}"#, 422),
    ] {
        assert_eq!(post(files, body.as_bytes()), status, "{body}");
    }
    assert_eq!(post("/api/v1/jobs/j/files/batch", b"{}"), 422);
    assert_eq!(
        post("/api/v1/jobs/j/files/batch", br#"[{"path":"a"}]"#),
        422
    );
    assert_eq!(post("/api/v1/jobs/j/files/batch", b"[]"), 200);
    let many: Vec<_> = (0..1_001)
        .map(|n| json!({"path": format!("f{n}"), "content": ""}))
        .collect();
    server
        .post("/api/v1/jobs/j/files/batch", &json!(many))
        .expect(413);
    assert_eq!(post("/api/v1/jobs/j/plan", br#"{"tasks":{}}"#), 422);
    assert_eq!(server.job("j")["files_count"], 0);
    let batch = server.send("POST", "/api/v1/jobs/j/files/batch", &[], br#"[{"path":"a","content":"\ud800"},{"path":"b","content":"eA==","encoding":"base64"},{"path":"b","content":"later"}]"#);
    let batch = batch.expect(200).json();
    assert_eq!(
        (&batch["success"], &batch["results"][0]["success"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(std::fs::read(setup.path("j/b")).unwrap(), b"later");
    assert_eq!(server.job("j")["files_count"], 1);
    server.delete("/api/v1/jobs/j?keep_zip=maybe").expect(422);
}

#[test]
fn errors_of_the_router_are_json_too() {
    let setup = Setup::new();
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/api/v1/jobs", 404),
        ("PUT", "/api/v1/jobs/create", 405),
        ("GET", "/api/v1/jobs/create", 405),
        ("POST", "/api/v1/jobs/x", 405),
        ("GET", "/api/v1/jobs/x/complete", 405),
        ("DELETE", "/api/v1/jobs/admin/stats", 405),
        ("GET", "/api/v1/jobs/x/nothing", 404),
        ("POST", "/api/v1/jobs/x/complete", 404),
        ("GET", "/api/v1/jobs/..%2fx", 404),
    ] {
        let answer = setup.server.send(method, path, &[], b"").expect(status);
        let document = answer.json();
        assert!(
            document["error"].is_string() && document["code"].is_string(),
            "{method} {path}: {document}"
        );
        assert_eq!(
            answer.header("allow").is_some(),
            status == 405,
            "{method} {path}"
        );
    }
    setup.server.get("/healthz").expect(200);
    setup.server.get("/readyz").expect(200);
    let metrics = setup.server.get("/metrics").expect(200);
    assert!(
        String::from_utf8(metrics.body)
            .unwrap()
            .ends_with("# EOF\n")
    );
}

#[test]
fn files_are_put_and_deleted_as_bytes() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("j");
    server
        .send("PUT", "/api/v1/jobs/j/files/a/b/raw.bin", &[], b"\xff\x00")
        .expect(204);
    server.get("/api/v1/jobs/j/files/a/b/raw.bin").expect(415);
    let raw = server.send(
        "GET",
        "/api/v1/jobs/j/files/a/b/raw.bin",
        &[("Accept", "application/octet-stream")],
        b"",
    );
    assert_eq!(raw.expect(200).body, b"\xff\x00");
    server.put("j", "a", "x").expect(409);
    server.put("j", "a/b/raw.bin/c", "x").expect(409);
    server.get("/api/v1/jobs/j/files/a").expect(404);
    server.delete("/api/v1/jobs/j/files/a").expect(404);
    server
        .delete("/api/v1/jobs/j/files/a/b/raw.bin")
        .expect(204);
    server
        .delete("/api/v1/jobs/j/files/a/b/raw.bin")
        .expect(404);
    server.put("j", "a", "now a file").expect(200);
    server.put("j", "batch", "a file").expect(200);
    server.get("/api/v1/jobs/j/files/batch").expect(200);
    assert_eq!(server.job("j")["files_count"], 2);
}

#[test]
fn a_kept_zip_is_downloaded_after_the_job_was_deleted() {
    let setup = Setup::new();
    let server = &setup.server;
    server.create("j");
    server.put("j", "a", "x").expect(200);
    server
        .post("/api/v1/jobs/j/complete", &json!({}))
        .expect(200);
    let zip = server.get("/api/v1/jobs/j/download").expect(200).body;
    server.delete("/api/v1/jobs/j?keep_zip=true").expect(200);
    server.get("/api/v1/jobs/j").expect(404);
    assert_eq!(server.get("/api/v1/jobs/j/download").expect(200).body, zip);
    server.create("j");
    server.get("/api/v1/jobs/j/download").expect(409);
    assert!(!setup.path("j.zip").exists());
}

#[test]
fn jobs_of_others_do_not_exist_and_admin_routes_take_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = tempfile::tempdir().unwrap();
    let server = Running::start(
        folder.path(),
        Default::default(),
        tokens(secrets.path(), &["ann", "ben", "root"]),
    );
    let (ann, ben, root) = (server.with("ann"), server.with("ben"), server.with("root"));
    let refused = server.get("/api/v1/jobs/x").expect(401);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    server.with("eve").get("/api/v1/jobs/x").expect(401);
    server.get("/healthz").expect(200);
    ann.create("j");
    ann.put("j", "a", "x").expect(200);
    assert_eq!(ann.job("j")["user_id"], "ann");
    for (method, path) in [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/files"),
        ("GET", "/files/a"),
        ("DELETE", "/files/a"),
        ("PUT", "/files/a"),
        ("POST", "/complete"),
        ("POST", "/fail"),
        ("GET", "/download"),
    ] {
        ben.send(method, &format!("/api/v1/jobs/j{path}"), &[], b"")
            .expect(404);
    }
    ben.put("j", "a", "mine").expect(404);
    ben.post(
        "/api/v1/jobs/create",
        &json!({"project_name": "x", "job_id": "j"}),
    )
    .expect(409);
    assert_eq!(
        ann.get("/api/v1/jobs/j/files/a").expect(200).json()["content"],
        "x"
    );
    ann.get("/api/v1/jobs/admin/stats").expect(403);
    ann.post("/api/v1/jobs/admin/cleanup", &json!({}))
        .expect(403);
    root.get("/api/v1/jobs/admin/stats").expect(200);
}

#[test]
fn an_idle_job_expires_and_is_removed_by_the_next_cleanup() {
    let setup = Setup::with(expiring(Duration::from_millis(700)));
    let server = &setup.server;
    server.create("old");
    server.put("old", "a", "x").expect(200);
    server
        .post("/api/v1/jobs/old/complete", &json!({}))
        .expect(200);
    std::thread::sleep(Duration::from_millis(1_500));
    let job = server.job("old");
    assert_eq!(
        (&job["status"], &job["download_url"]),
        (&json!("expired"), &json!(null))
    );
    server.get("/api/v1/jobs/old/files/a").expect(200);
    server.put("old", "b", "x").expect(410);
    server.post("/api/v1/jobs/old/fail", &json!({})).expect(410);
    server.get("/api/v1/jobs/old/download").expect(410);
    server.create("new");
    let cleaned = server
        .post("/api/v1/jobs/admin/cleanup", &json!({}))
        .expect(200)
        .json();
    assert_eq!(cleaned, json!({"success": true, "cleaned_jobs": 1}));
    server.get("/api/v1/jobs/old").expect(404);
    assert!(!setup.path("old").exists() && !setup.path("old.zip").exists());
    server.get("/api/v1/jobs/new").expect(200);
}
