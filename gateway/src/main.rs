//! The `nearside` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    nearside::cli::main(std::env::args_os())
}
