//! What EFS accepts as user, path and permissions of an access point (API reference: `PosixUser`,
//! `RootDirectory`, `CreationInfo`).

use super::super::ApiError;
use super::errors::{bad_request, invalid, malformed};
use super::shapes::{CreationInfo, PosixUser};

/// Characters that no name in a path may hold.
const SPECIAL: &[char] = &[
    '$', '#', '<', '>', ';', '`', '|', '&', '?', '{', '}', '^', '*', '\n',
];

/// User, group and more groups, as the state keeps them.
pub(super) fn check_posix_user(user: &PosixUser) -> Result<(u32, u32, Vec<u32>), ApiError> {
    let others = user.secondary_gids.as_deref().unwrap_or_default();
    if others.len() > 16 {
        return Err(bad_request("SecondaryGids can hold at most 16 group IDs."));
    }
    let others = others
        .iter()
        .map(|gid| number("SecondaryGids", *gid))
        .collect::<Result<_, _>>()?;
    Ok((number("Uid", user.uid)?, number("Gid", user.gid)?, others))
}

/// Owner, group and permissions, as the state keeps them.
pub(super) fn check_creation_info(info: CreationInfo) -> Result<(u32, u32, String), ApiError> {
    let octal = (3..=4).contains(&info.permissions.len())
        && info
            .permissions
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'7'));
    if !octal {
        let length = match info.permissions.len() {
            ..3 => Some("have length greater than or equal to 3"),
            3..=4 => None,
            _ => Some("have length less than or equal to 4"),
        };
        let form = "satisfy regular expression pattern: ^[0-7]{3,4}$";
        let broken: Vec<_> = length.into_iter().chain([form]).collect();
        let member = "rootDirectory.creationInfo.permissions";
        return Err(invalid(member, &info.permissions, &broken));
    }
    Ok((
        number("OwnerUid", info.owner_uid)?,
        number("OwnerGid", info.owner_gid)?,
        info.permissions,
    ))
}

/// `/`, or up to four names, each after a slash, that neither begin with a dot nor hold a character that is
/// special to a shell; 100 characters at most.
pub(super) fn check_path(path: &str) -> Result<(), ApiError> {
    let names = || {
        let names: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let sound =
            |name: &&str| !name.is_empty() && !name.starts_with('.') && !name.contains(SPECIAL);
        (names.len() <= 4 && names.iter().all(sound)).then_some(())
    };
    if path == "/" || (path.chars().count() <= 100 && names().is_some()) {
        Ok(())
    } else {
        let pattern = r"^(\/|(\/(?!\.)+[^$#<>;`|&?{}^*/\n]+){1,4})$";
        Err(malformed("rootDirectory.path", path, pattern))
    }
}

fn number(member: &str, value: i64) -> Result<u32, ApiError> {
    u32::try_from(value).map_err(|_| {
        bad_request(format!(
            "{member} must be between 0 and 4294967295, not {value}."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::check_path;

    #[test]
    fn paths_have_up_to_four_plain_names() {
        for good in ["/", "/a", "/a/b/c/d", "/data set/ä"] {
            assert!(check_path(good).is_ok(), "{good}");
        }
        let long = format!("/{}", "a".repeat(100));
        for bad in [
            "",
            "a",
            "/a/",
            "//",
            "/a//b",
            "/a/b/c/d/e",
            "/.a",
            "/a/..",
            "/a*",
            "/a\n",
            &long,
        ] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
    }
}
