//! What is said to the person.

use std::path::Path;

use super::Kind;
use crate::config::NotifySettings;
use crate::config::limits::NOTIFY_TEXT_CHARS;

/// What an agent is called that has no type of its own.
const MAIN: &str = "Claude";

/// What happened, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// What happened.
    pub kind: Kind,
    /// The type of the subagent that it happened to; `None` on the main thread.
    pub agent: Option<&'a str>,
    /// The client's own text, or what there is to say beside the kind.
    pub text: Option<&'a str>,
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The project's name: which of the person's terminals wants them.
    pub title: String,
    /// Who wants it: the agent's type, or what the main agent is called.
    pub who: String,
    /// What is wanted, and by whom.
    pub text: String,
}

impl Message {
    /// Returns the notification for the project in `folder`. Control characters
    /// are taken out of all of it, so no text can send a terminal a sequence.
    #[must_use]
    pub fn new(notice: &Notice<'_>, folder: &Path, settings: &NotifySettings) -> Self {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        let project = clean(&name.to_string_lossy());
        let agent = clean(notice.agent.unwrap_or_default());
        let said = clean(notice.text.unwrap_or_default());
        let words = notice.kind.words();
        let who = if agent.is_empty() { MAIN } else { &agent };
        let template = &notice.kind.wording(settings).text;
        let text = if !template.is_empty() {
            let message = if said.is_empty() { words } else { &said };
            let values = [
                ("project", &*project),
                ("agent", who),
                ("message", message),
                ("engineer", &settings.engineer),
            ];
            clean(&filled(template, &values))
        } else if said.is_empty() {
            format!("{who} {words}")
        } else if agent.is_empty() {
            said
        } else {
            clean(&format!("{agent}: {said}"))
        };
        Self {
            title: project,
            who: who.to_owned(),
            text,
        }
    }

    /// Returns it as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.title, self.text)
    }
}

/// Returns `template` with `{name}` replaced by its value; what a value holds is
/// not looked at again.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, name) = rest.split_at(at);
        text.push_str(before);
        let found = values.iter().find_map(|(known, value)| {
            let behind = name.strip_prefix('{')?.strip_prefix(known)?;
            Some((*value, behind.strip_prefix('}')?))
        });
        let (value, behind) = found.unwrap_or(("{", &name[1..]));
        text.push_str(value);
        rest = behind;
    }
    text + rest
}

fn clean(text: &str) -> String {
    // `;` separates the fields of the sequences that carry it.
    let plain = |c: char| match c {
        ';' => ',',
        c if c.is_control() => ' ',
        c => c,
    };
    let line = text.trim_start().lines().next().unwrap_or_default();
    let kept: String = line.chars().map(plain).take(NOTIFY_TEXT_CHARS).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Wording;

    fn notice(kind: Kind) -> Notice<'static> {
        Notice {
            kind,
            agent: None,
            text: None,
        }
    }

    fn text(notice: &Notice<'_>, settings: &NotifySettings) -> String {
        Message::new(notice, Path::new("/p/shop"), settings).text
    }

    #[test]
    fn a_hostile_text_sends_no_sequence() {
        let folder = Path::new("/home/dev/pro\x1b]0;x\x07ject");
        let notice = Notice {
            text: Some("a\x1b[2Jb\u{9b}2K\nsecond"),
            ..notice(Kind::Idle)
        };
        let message = Message::new(&notice, folder, &NotifySettings::default());
        assert_eq!(message.title, "pro ]0,x ject");
        assert_eq!(message.text, "a [2Jb 2K");
    }

    #[test]
    fn each_kind_says_who_wants_what() {
        let settings = NotifySettings::default();
        let permission = notice(Kind::Permission);
        assert_eq!(
            text(&permission, &settings),
            "Claude asks for your permission"
        );
        let named = Notice {
            agent: Some("coder"),
            ..notice(Kind::SubagentDone)
        };
        assert_eq!(text(&named, &settings), "coder has ended");
        let said = Notice {
            text: Some("Claude needs your permission"),
            ..permission
        };
        assert_eq!(text(&said, &settings), "Claude needs your permission");
        let both = Notice {
            agent: Some("coder"),
            ..said
        };
        assert_eq!(
            text(&both, &settings),
            "coder: Claude needs your permission"
        );
        for kind in Kind::ALL {
            assert!(!text(&notice(kind), &settings).is_empty());
        }
    }

    #[test]
    fn the_persons_own_words_are_filled_in_once() {
        let mut settings = NotifySettings {
            engineer: "Ada".to_owned(),
            ..NotifySettings::default()
        };
        settings.done = Wording {
            text: "{engineer}, {agent} of {project}: {message} {unknown} {".to_owned(),
            ..Wording::default()
        };
        let notice = Notice {
            text: Some("{engineer}"),
            ..notice(Kind::Done)
        };
        let expected = "Ada, Claude of shop: {engineer} {unknown} {";
        assert_eq!(text(&notice, &settings), expected);
    }
}
