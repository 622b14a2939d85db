//! `efsctl connect`: what mounts a file system, in every form.

mod command;
mod documented;
mod expected;
mod forms;
mod host;
mod mutants;
mod read;
mod readers;
mod refused;
mod rights;
mod script;
mod yaml;

use crate::support::cli::Ended;
use crate::support::world::{World, WorldFile, world};

/// The file system `data`, with a mount target in two zones and the access point `app`.
pub fn data() -> World {
    world()
        .account("111122223333")
        .vpc("10.0.0.0/16")
        .subnet('a')
        .subnet('b')
        .group("nfs", &["tcp 2049 from 10.0.0.0/8"])
        .file_system_of_efsctl("data")
        .set("id", "fs-0123456789abcdef0")
        .set("encrypted", true)
        .mount_target('a', &["nfs"])
        .set("id", "fsmt-0123456789abcdefa")
        .set("ip", "10.0.1.5")
        .mount_target('b', &["nfs"])
        .set("id", "fsmt-0123456789abcdefb")
        .set("ip", "10.0.2.5")
        .access_point("/app")
        .set("id", "fsap-0123456789abcdef0")
        .set("name", "app")
}

/// `efsctl connect data ARGUMENTS`, with the quotes of a shell.
pub fn connect(place: &WorldFile, arguments: &str) -> Ended {
    efsctl(place, &format!("connect data {arguments}"))
}

/// The same, of a whole line.
pub fn efsctl(place: &WorldFile, line: &str) -> Ended {
    let words = read::words(line).expect("a line of a shell");
    let command = words
        .into_iter()
        .fold(place.efsctl(""), |command, word| command.arg(word));
    command.run()
}

/// What it prints, where it succeeds.
pub fn printed(place: &WorldFile, arguments: &str) -> String {
    let ended = connect(place, arguments);
    assert_eq!(ended.code, 0, "{arguments}: {}", ended.stderr);
    ended.stdout
}
