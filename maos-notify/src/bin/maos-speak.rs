//! The program that speaks through a service; a notification's job starts it.

use std::process::ExitCode;

fn main() -> ExitCode {
    maos_notify::speak::run()
}
