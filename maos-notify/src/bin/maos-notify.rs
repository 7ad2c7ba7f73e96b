//! The program for Notification.

use std::process::ExitCode;

use maos_shared::hook::{Event, run};

fn main() -> ExitCode {
    run(Event::Notification, maos_notify::handle)
}
