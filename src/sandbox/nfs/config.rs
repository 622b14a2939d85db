//! The configuration of one nfs-ganesha, purely.

use std::path::{Path, PathBuf};

use super::unusable::Unusable;

/// Where the files of the file systems are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In the memory of the server: they end with it.
    Memory,
    /// In a folder for each file system under this one. Needs root.
    Directory(PathBuf),
}

/// The largest file that FSAL MEM stores; what is beyond it reads as something else.
const MEMORY_FILE: u32 = 2 * 1024 * 1024;

impl Storage {
    /// With a directory that exists, by its whole path.
    pub(super) fn prepared(self) -> Result<Self, Unusable> {
        let Self::Directory(path) = self else {
            return Ok(self);
        };
        check(&path)?;
        let prepared = std::fs::create_dir_all(&path).and_then(|()| path.canonicalize());
        let prepared = prepared.map_err(|error| Unusable::Directory(path, error))?;
        check(&prepared)?;
        Ok(Self::Directory(prepared))
    }

    /// The directory of a file system.
    pub(super) fn of(&self, file_system: &str) -> Option<PathBuf> {
        match self {
            Self::Memory => None,
            Self::Directory(path) => Some(path.join(file_system)),
        }
    }
}

/// Whether a path can be written into a configuration, which knows no way to quote.
pub(super) fn check(path: &Path) -> Result<(), Unusable> {
    match path.to_str() {
        Some(text) if !text.contains(['"', '\\', '\n', '\r']) => Ok(()),
        _ => Err(Unusable::Path(path.to_owned())),
    }
}

/// The text of a configuration. `folder` is the one of this server, `files` that of its file system.
///
/// NFS 4 only, on one port of 127.0.0.1: no portmapper, no UDP, no lock manager. Owners are numbers, and root is root, as EFS has it
/// where no policy says otherwise.
pub(super) fn text(port: u16, folder: &Path, files: Option<&Path>) -> String {
    let folder = folder.display();
    let (path, storage) = match files {
        None => ("/".to_owned(), "MEM"),
        Some(files) => (files.display().to_string(), "VFS"),
    };
    let limit = match files {
        None => format!("MEM {{\n    Inode_Size = {MEMORY_FILE};\n}}\n"),
        Some(_) => String::new(),
    };
    format!(
        r#"NFS_CORE_PARAM {{
    Protocols = 4;
    Bind_addr = 127.0.0.1;
    NFS_Port = {port};
    Enable_UDP = false;
    Enable_NLM = false;
    Enable_RQUOTA = false;
    Clustered = false;
}}
NFSV4 {{
    Minor_Versions = 0, 1;
    Graceless = true;
    Only_Numeric_Owners = true;
    RecoveryRoot = "{folder}/recovery";
}}
NFS_KRB5 {{
    Active_krb5 = false;
    CCacheDir = "{folder}/krb5";
}}
EXPORT {{
    Export_Id = 1;
    Path = "{path}";
    Pseudo = "/";
    Protocols = 4;
    Transports = TCP;
    SecType = sys;
    Access_Type = RW;
    Squash = No_Root_Squash;
    FSAL {{
        Name = {storage};
    }}
}}
{limit}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_of_a_file_system_in_memory_is_this() {
        let text = text(40_000, Path::new("/tmp/nfs/fs-1"), None);
        let expected = r#"NFS_CORE_PARAM {
    Protocols = 4;
    Bind_addr = 127.0.0.1;
    NFS_Port = 40000;
    Enable_UDP = false;
    Enable_NLM = false;
    Enable_RQUOTA = false;
    Clustered = false;
}
NFSV4 {
    Minor_Versions = 0, 1;
    Graceless = true;
    Only_Numeric_Owners = true;
    RecoveryRoot = "/tmp/nfs/fs-1/recovery";
}
NFS_KRB5 {
    Active_krb5 = false;
    CCacheDir = "/tmp/nfs/fs-1/krb5";
}
EXPORT {
    Export_Id = 1;
    Path = "/";
    Pseudo = "/";
    Protocols = 4;
    Transports = TCP;
    SecType = sys;
    Access_Type = RW;
    Squash = No_Root_Squash;
    FSAL {
        Name = MEM;
    }
}
MEM {
    Inode_Size = 2097152;
}
"#;
        assert_eq!(text, expected);
    }

    #[test]
    fn a_file_system_in_a_directory_is_exported_from_there() {
        let text = text(1, Path::new("/tmp/x"), Some(Path::new("/srv/fs-1")));
        assert!(text.contains("    Path = \"/srv/fs-1\";\n    Pseudo = \"/\";\n"));
        assert!(text.contains("Name = VFS;") && !text.contains("MEM"));
    }

    #[test]
    fn a_path_that_would_end_a_word_of_the_configuration_is_refused() {
        assert!(check(Path::new("/srv/my files")).is_ok());
        for bad in ["/srv/a\"b", "/srv/a\nb", "/srv/a\\b"] {
            assert!(check(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
