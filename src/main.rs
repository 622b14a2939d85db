//! The `efsctl` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    efsctl::main(std::env::args_os())
}
