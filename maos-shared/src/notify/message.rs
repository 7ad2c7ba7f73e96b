//! What is said to the person.

use std::path::Path;

/// Longest text of a notification, in characters; terminals cut long ones.
const TEXT_CHARS: usize = 120;

/// Why the person is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An agent asks for a permission.
    Permission,
    /// The client waits for the person.
    Idle,
    /// The main agent has ended its turn and nothing runs in the background.
    Done,
}

impl Kind {
    /// Returns the kind of the client's `notification_type`.
    #[must_use]
    pub fn of(notification_type: Option<&str>) -> Self {
        match notification_type {
            Some("permission_prompt") => Self::Permission,
            _ => Self::Idle,
        }
    }
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The project's name: which of the person's terminals wants them.
    pub title: String,
    /// What is wanted.
    pub text: String,
}

impl Message {
    /// Returns the notification of `kind` for the project in `folder`; `said`
    /// is the client's or the agent's own text. Control characters are taken
    /// out of all of it, so no text can send the terminal a sequence.
    #[must_use]
    pub fn new(kind: Kind, folder: &Path, said: Option<&str>) -> Self {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        let default = match kind {
            Kind::Permission => "an agent asks for your permission",
            Kind::Idle => "the agent waits for you",
            Kind::Done => "done",
        };
        let said = clean(said.unwrap_or_default());
        Self {
            title: clean(&name.to_string_lossy()),
            text: if said.is_empty() {
                default.to_owned()
            } else {
                said
            },
        }
    }
}

fn clean(text: &str) -> String {
    // `;` separates the fields of the sequences that carry it.
    let plain = |c: char| match c {
        ';' => ',',
        c if c.is_control() => ' ',
        c => c,
    };
    let line = text.lines().next().unwrap_or_default();
    let kept: String = line.chars().map(plain).take(TEXT_CHARS).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_sends_no_sequence() {
        let folder = Path::new("/home/dev/pro\x1b]0;x\x07ject");
        let message = Message::new(Kind::Idle, folder, Some("a\x1b[2Jb\nsecond"));
        assert_eq!(message.title, "pro ]0,x ject");
        assert_eq!(message.text, "a [2Jb");
    }

    #[test]
    fn silence_says_what_is_wanted() {
        let message = Message::new(Kind::Permission, Path::new("/p/shop"), None);
        assert_eq!(message.title, "shop");
        assert_eq!(message.text, "an agent asks for your permission");
    }
}
