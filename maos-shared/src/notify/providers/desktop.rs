//! A notification of the desktop.

use super::super::Message;
use super::program;
use crate::jobs::Program;

/// The text never becomes a part of the script: it comes as its arguments.
const APPLE_SCRIPT: &str = "on run argv\n\
    display notification (item 2 of argv) with title (item 1 of argv)\nend run\n";

pub(super) fn programs(message: &Message) -> Vec<Program> {
    let (title, text) = (&*message.title, &*message.text);
    if cfg!(target_os = "macos") {
        let mut script = program("osascript", ["-", title, text]);
        script.input = APPLE_SCRIPT.into();
        return vec![script];
    }
    vec![program(
        "notify-send",
        ["--app-name=MAOS", "--", title, text],
    )]
}
