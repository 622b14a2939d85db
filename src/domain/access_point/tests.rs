use super::*;

fn point(name: &str, path: &str) -> AccessPointSpec {
    AccessPointSpec::new(name.parse().unwrap(), path)
}

#[test]
fn a_token_has_at_most_64_characters_and_tells_two_names_apart() {
    let short: Name = "data".parse().unwrap();
    assert_eq!(point("app", "/app").token(&short), "efsctl:data/app");
    let long: Name = "n".repeat(50).parse().unwrap();
    let tokens = ["a", "b"].map(|last| {
        let name = format!("{}{last}", "a".repeat(40));
        point(&name, "/").token(&long)
    });
    assert!(tokens.iter().all(|token| token.len() == 64), "{tokens:?}");
    assert_ne!(tokens[0], tokens[1]);
    assert!(tokens[0].starts_with("efsctl:") && tokens[0].is_ascii());
}

#[test]
fn what_efs_refuses_is_said_before() {
    for good in ["/", "/a", "/a/b/c/d", "/data set"] {
        assert_eq!(point("app", good).contradiction(), None, "{good}");
    }
    for bad in ["", "a", "/a/", "//", "/a/b/c/d/e", "/.a", "/a*"] {
        assert!(point("app", bad).contradiction().is_some(), "{bad}");
    }
    let mut app = point("app", "/");
    app.user = Some(PosixUser {
        uid: -1,
        gid: 0,
        secondary_gids: BTreeSet::new(),
    });
    assert!(app.contradiction().unwrap().starts_with("-1 is not"));
    app.user = None;
    app.creation = Some(CreationInfo {
        owner_uid: 0,
        owner_gid: 0,
        permissions: "789".to_owned(),
    });
    assert!(app.contradiction().unwrap().contains("octal"));
}

#[test]
fn what_is_typed_is_an_access_point() {
    let plain: AccessPointSpec = "app=/app".parse().unwrap();
    assert_eq!(plain, point("app", "/app"));
    let whole: AccessPointSpec = "app=/app:1000:1001:750".parse().unwrap();
    let user = whole.user.unwrap();
    assert_eq!((user.uid, user.gid), (1000, 1001));
    assert_eq!(whole.creation.unwrap().permissions, "0750");
    let short: AccessPointSpec = "app=/a b/c:0:0".parse().unwrap();
    assert_eq!(short.path, "/a b/c");
    assert_eq!(short.creation.unwrap().permissions, "0755");
    for (bad, part) in [
        ("app", "`app` is not an access point"),
        ("app=/a:1", "`app=/a:1` is not an access point"),
        ("app=/a:1:2:3:4", "is not an access point"),
        ("=/a", "`` is not a name"),
        ("a/b=/a", "`a/b` is not a name"),
        ("app=a", "`a` is not a path"),
        ("app=", "`` is not a path"),
        ("app=/a/b/c/d/e", "is not a path"),
        ("app=/a:x:1", "`x` is not a user or group id"),
        ("app=/a:1:-1", "`-1` is not a user or group id"),
        ("app=/a:1:4294967296", "is not a user or group id"),
        ("app=/a:1:1:999", "`0999` are not permissions"),
    ] {
        let refused = bad.parse::<AccessPointSpec>().unwrap_err().to_string();
        assert!(refused.contains(part), "{bad}: {refused}");
    }
}

#[test]
fn an_access_point_that_exists_is_named_by_its_name_or_its_id() {
    let id = "fsap-0123456789abcdef0";
    assert!(matches!(id.parse(), Ok(AccessPointRef::Id(_))));
    assert!(matches!("app".parse(), Ok(AccessPointRef::Name(_))));
    assert!("a/b".parse::<AccessPointRef>().is_err());
}
