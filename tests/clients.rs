//! Other people's clients on our sandbox, and our client on other people's AWS.
//!
//! Needs a Python with `pip install moto[server] boto3 awscli`, named by `EFSCTL_PYTHON`; `.ci/run` installs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::cli::Efsctl;
use crate::support::proxy::Proxy;
use crate::support::server::{moto, sandbox};
use crate::support::skipped::skipped;

/// The folder of the commands of Ansible and Cloud Custodian; says so when there is none.
fn tools() -> Option<PathBuf> {
    let tools = std::env::var_os("EFSCTL_TOOLS").filter(|tools| !tools.is_empty());
    if tools.is_none() {
        skipped("EFSCTL_TOOLS does not name a folder with ansible-playbook and custodian");
    }
    tools.map(PathBuf::from)
}

/// The Python to use; says so when there is none.
fn python() -> Option<String> {
    let python = std::env::var("EFSCTL_PYTHON")
        .ok()
        .filter(|python| !python.is_empty());
    if python.is_none() {
        skipped("EFSCTL_PYTHON does not name a Python with moto, boto3 and awscli");
    }
    python
}

#[test]
fn the_aws_cli_and_boto3_work_on_the_sandbox() {
    let Some(python) = python() else { return };
    let server =
        sandbox("--mount-target-delay 500ms --file-system-delay 200ms --delete-delay 200ms");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/session.py");
    let folder = Path::new(&python)
        .parent()
        .expect("the folder of a virtual environment");
    let path = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new(&python)
        .args([script, &server.url])
        .env("PATH", path)
        .output()
        .expect("python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{}", said.lines().last().unwrap_or_default());
}

/// They know nothing of efsctl, and read what `set` wrote.
#[test]
fn ansible_and_cloud_custodian_work_on_the_sandbox() {
    let Some(tools) = tools() else { return };
    let server =
        sandbox("--mount-target-delay 200ms --file-system-delay 100ms --delete-delay 200ms");
    let created = server.efsctl("create data --backup -o json").run();
    let created = &created.document()["file_system"];
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let settings =
        "--policy enforce-tls --throughput elastic --transition-to-ia 30d --tag team=red --yes";
    let set = server.efsctl(&format!("set data {settings}")).run();
    assert_eq!(set.code, 0, "{}", set.stderr);
    assert_eq!(server.efsctl("create plain").run().code, 0);
    let home = tempfile::tempdir().unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(tools.join(program))
            .args(arguments)
            .current_dir(home.path())
            .env("HOME", home.path())
            .env("ANSIBLE_LOCALHOST_WARNING", "0")
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_ENDPOINT_URL", &server.url)
            .output()
            .expect("the program runs");
        assert!(
            output.status.success(),
            "{program}: {}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let clients = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/");
    let variables = [
        format!(
            "ansible_python_interpreter={}",
            tools.join("python").display()
        ),
        format!("endpoint={}", server.url),
        format!("file_system={}", text(&created["file_system_id"])),
        format!("subnet={}", text(&created["mount_targets"][0]["subnet_id"])),
        format!("group={}", text(&created["security_group_id"])),
    ];
    let playbook = format!("{clients}ansible.yml");
    let mut arguments = vec!["--inventory", "localhost,", &playbook];
    for variable in &variables {
        arguments.extend(["--extra-vars", variable]);
    }
    run("ansible-playbook", &arguments);
    let policies = format!("{clients}custodian.yml");
    let arguments = [
        "run",
        "--region",
        "eu-west-1",
        "--cache-period",
        "0",
        "-s",
        ".",
        &policies,
    ];
    run("custodian", &arguments);
    let found = |policy: &str| {
        let path = home.path().join(policy).join("resources.json");
        let found: Vec<serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        found
            .iter()
            .map(|one| text(&one["Name"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(found("without-tls"), ["plain"]);
    assert_eq!(found("red"), ["data"]);
    assert_eq!(found("without-lifecycle"), ["plain"]);
    let plain = server.efsctl("describe plain -o json").run().document();
    assert_eq!(
        plain["file_system"]["lifecycle_policy"]["transition_to_ia"],
        30
    );
}

#[test]
fn a_deployment_lives_its_life_on_moto() {
    let Some(python) = python() else { return };
    let server = moto(&python);
    life(&server, 3);
}

/// moto does not know `PutBackupPolicy`: the fix that needs it takes back what it made, and another goes through.
#[test]
fn what_is_missing_is_added_on_moto() {
    let Some(python) = python() else { return };
    let server = moto(&python);
    let make = "import boto3, sys; print(boto3.client('efs', endpoint_url=sys.argv[1], region_name='eu-west-1', aws_access_key_id='x', aws_secret_access_key='x').create_file_system(CreationToken='theirs', Encrypted=True)['FileSystemId'])";
    let made = Command::new(&python)
        .args(["-c", make, &server.url])
        .output()
        .expect("python runs");
    let id = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    let fix = |flags: &str| {
        server
            .efsctl(&format!(
                "validate {id} {flags} --require-tag team=red -o json"
            ))
            .run()
            .document()
    };

    let what = |document: &serde_json::Value| -> Vec<String> {
        let changes = document["changes"].as_array().expect("a list");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let mut what: Vec<String> = changes
            .iter()
            .map(|change| {
                format!(
                    "{} {}",
                    text(&change["action"]),
                    text(&change["resource"]["kind"])
                )
            })
            .collect();
        what.sort();
        what
    };
    let refused = fix("--fix");
    assert_eq!(refused["error"]["kind"], "leftovers", "{refused:#}");
    // Settings of what was there before stay, and are told.
    assert_eq!(what(&refused), ["update lifecycle_policy", "update tags"]);
    let chosen = "--fix=mount-target-present,lifecycle-policy,required-tags";
    let planned = fix(&format!("{chosen} --dry-run"));
    let fixed = fix(chosen);
    assert_eq!(fixed["outcome"], "changed", "{fixed:#}");
    let made = [
        "create mount_target",
        "create mount_target",
        "create mount_target",
        "create security_group",
        "create security_group_rule",
    ];
    assert_eq!(what(&fixed), made);
    assert_eq!(what(&planned), made);
    assert_eq!(fixed["calls"]["writing"], 5);
    let again = fix(chosen);
    assert_eq!(
        (&again["outcome"], &again["calls"]["writing"]),
        (&"unchanged".into(), &0.into())
    );
}

/// The answer to one call is lost after its effect: AWS did it, and nobody said so.
fn an_answer_is_lost(server: &crate::support::server::Server, operation: &'static str) {
    let proxy = Proxy::before(&server.url, operation);
    let name = operation.to_lowercase();
    let on = |arguments: &str| {
        Efsctl::new(&format!(
            "--endpoint-url {} --region eu-west-1 {arguments}",
            proxy.url
        ))
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
    };
    let made = on(&format!("create {name} --transition-to-ia 30d -o json")).run();
    assert_eq!(made.code, 0, "{operation}: {}", made.stderr);
    assert!(proxy.lost() > 0, "{operation} was never called");
    let made = made.document();
    let mount_targets = made["file_system"]["mount_targets"]
        .as_array()
        .map(Vec::len);
    assert_eq!(mount_targets, Some(3), "{operation}: {made:#}");
    let again = on(&format!("create {name} --transition-to-ia 30d -o json"))
        .run()
        .document();
    assert_eq!(again["calls"]["writing"], 0, "{operation}: {again:#}");
    let listed = on("list -o json").run().document();
    let once = listed["file_systems"]
        .as_array()
        .map(|list| list.iter().filter(|fs| fs["name"] == name.as_str()).count());
    assert_eq!(once, Some(1), "{operation}");
    assert_eq!(
        on(&format!("delete {name} --yes")).run().code,
        0,
        "{operation}"
    );
    let orphans = on("list --orphans -o json").run().document();
    assert_eq!(orphans["orphans"], serde_json::json!([]), "{operation}");
}

const LOSABLE: [&str; 6] = [
    "CreateFileSystem",
    "CreateSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "CreateMountTarget",
    "PutLifecycleConfiguration",
    "CreateTags",
];

#[test]
fn an_answer_that_is_lost_after_its_effect_makes_nothing_twice_on_moto() {
    let Some(python) = python() else { return };
    let server = moto(&python);
    for operation in LOSABLE {
        an_answer_is_lost(&server, operation);
    }
    println!("lost answers on moto: {0} of {0}", LOSABLE.len());
}

#[test]
fn an_answer_that_is_lost_after_its_effect_makes_nothing_twice_on_the_sandbox() {
    let server =
        sandbox("--mount-target-delay 500ms --file-system-delay 200ms --delete-delay 200ms");
    for operation in LOSABLE {
        an_answer_is_lost(&server, operation);
    }
}

#[test]
fn a_deployment_lives_its_life_on_the_sandbox_over_http() {
    let server =
        sandbox("--mount-target-delay 500ms --file-system-delay 200ms --delete-delay 200ms");
    life(&server, 3);
    let calls = server.calls();
    assert_eq!(calls["counts"]["CreateFileSystem"], 1);
    assert_eq!(calls["counts"]["CreateMountTarget"], 3);
}

/// create, create again, describe, delete.
fn life(server: &crate::support::server::Server, zones: usize) {
    let first = server.efsctl("create demo -o json").run();
    assert_eq!(first.code, 0, "{}", first.stderr);
    let first = first.document();
    assert_eq!(first["outcome"], "created");
    assert_eq!(
        first["file_system"]["mount_targets"]
            .as_array()
            .map(Vec::len),
        Some(zones)
    );

    let again = server.efsctl("create demo -o json").run();
    assert_eq!(again.code, 0, "{}", again.stderr);
    let again = again.document();
    assert_eq!(
        (&again["outcome"], &again["calls"]["writing"]),
        (&"unchanged".into(), &0.into()),
        "{again:#}"
    );
    for same in [
        "file_system_id",
        "security_group_id",
        "mount_targets",
        "encrypted",
    ] {
        assert_eq!(
            again["file_system"][same], first["file_system"][same],
            "{same}"
        );
    }

    let described = server.efsctl("describe demo -o json").run();
    assert_eq!(described.code, 0, "{}", described.stderr);
    let described = described.document();
    for same in ["file_system_id", "security_group_id", "mount_targets"] {
        assert_eq!(
            described["file_system"][same], first["file_system"][same],
            "{same}"
        );
    }

    let deleted = server.efsctl("delete demo --yes -o json").run();
    assert_eq!(deleted.code, 0, "{}", deleted.stderr);
    let listed = server.efsctl("list -o json").run().document();
    assert_eq!(listed["file_systems"], serde_json::json!([]));
    let orphans = server.efsctl("list --orphans -o json").run().document();
    assert_eq!(orphans["orphans"], serde_json::json!([]));
}
