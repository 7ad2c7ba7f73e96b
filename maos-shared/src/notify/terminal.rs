//! The terminal provider: sequences that the client emits for us. They work
//! over ssh, since the terminal at the person's end understands them.
//!
//! The client passes on OSC 0, 1, 2, 9, 99 and 777 and the bell, and drops a
//! text with anything else in it; so there is no wrapping for tmux here.

use super::Message;

/// A family of terminals, by the sequence that shows a notification there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// OSC 9: iTerm2, Windows Terminal, ConEmu.
    Nine,
    /// OSC 99: kitty.
    NinetyNine,
    /// OSC 777: Ghostty, WezTerm, foot, urxvt, VTE.
    SevenSevenSeven,
    /// OSC 777 and OSC 9: most terminals know one of them. Those that know both
    /// show it twice, so this is for terminals that say nothing of themselves.
    Unknown,
}

impl Terminal {
    /// Returns the family of a terminal that calls itself `program`
    /// (`TERM_PROGRAM`) and its capabilities `term` (`TERM`), which ssh hands on
    /// as well.
    #[must_use]
    pub fn named(program: &str, term: &str) -> Self {
        match program {
            "iTerm.app" | "Windows_Terminal" => return Self::Nine,
            "ghostty" | "WezTerm" | "WarpTerminal" => return Self::SevenSevenSeven,
            "kitty" => return Self::NinetyNine,
            _ => {}
        }
        match term {
            "xterm-kitty" => Self::NinetyNine,
            "xterm-ghostty" | "wezterm" | "foot" | "foot-extra" => Self::SevenSevenSeven,
            _ if term.starts_with("rxvt-unicode") => Self::SevenSevenSeven,
            _ => Self::Unknown,
        }
    }
}

/// Returns the sequences that show `message` and, unless it has to be quiet,
/// ring the bell.
#[must_use]
pub fn sequence(message: &Message, terminal: Terminal, quiet: bool) -> String {
    let Message { title, text, .. } = message;
    let nine = format!("\x1b]9;{title}: {text}\x07");
    let seven = format!("\x1b]777;notify;{title};{text}\x07");
    let shown = match terminal {
        Terminal::Nine => nine,
        Terminal::SevenSevenSeven => seven,
        Terminal::NinetyNine => {
            format!("\x1b]99;i=maos:d=0:p=title;{title}\x1b\\\x1b]99;i=maos:p=body;{text}\x1b\\")
        }
        Terminal::Unknown => seven + &nine,
    };
    shown + if quiet { "" } else { "\x07" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what is left of a text without the sequences that the client
    /// passes on.
    fn without_sequences(text: &str) -> String {
        let text = text.replace("\u{1b}\\", "\u{7}");
        let pieces = text.split('\u{7}').map(|piece| {
            let passed = ["0", "1", "2", "9", "99", "777"];
            let known = passed.iter().find_map(|code| {
                let rest = piece.strip_prefix("\u{1b}]")?.strip_prefix(code)?;
                rest.strip_prefix(';')
                    .filter(|rest| !rest.contains(char::is_control))
            });
            if known.is_some() { "" } else { piece }
        });
        pieces.collect()
    }

    #[test]
    fn nothing_is_sent_that_the_client_does_not_pass_on() {
        let hostile = "a\u{7}b\u{1b}]52;c;x\u{7}\u{1b}\\\u{9c}\u{9d}52;\n\r;x";
        let notice = super::super::Notice {
            kind: super::super::Kind::Permission,
            agent: Some(hostile),
            text: Some(hostile),
        };
        let folder = std::path::Path::new("/p\u{1b}]0;\u{7}");
        let message = Message::new(&notice, folder, &crate::config::NotifySettings::default());
        for terminal in [
            Terminal::Nine,
            Terminal::NinetyNine,
            Terminal::SevenSevenSeven,
            Terminal::Unknown,
        ] {
            for quiet in [true, false] {
                let sent = sequence(&message, terminal, quiet);
                assert_eq!(without_sequences(&sent), "", "{sent:?}");
            }
        }
    }

    #[test]
    fn a_terminal_gets_the_sequence_that_it_knows() {
        let message = Message {
            title: "shop".to_owned(),
            who: "Claude".to_owned(),
            text: "done".to_owned(),
        };
        let seven = "\u{1b}]777;notify;shop;done\u{7}";
        let nine = "\u{1b}]9;shop: done\u{7}";
        for (program, term, expected) in [
            ("", "xterm-256color", format!("{seven}{nine}")),
            ("tmux", "tmux-256color", format!("{seven}{nine}")),
            ("iTerm.app", "xterm-256color", nine.to_owned()),
            ("", "xterm-ghostty", seven.to_owned()),
            (
                "",
                "xterm-kitty",
                "\u{1b}]99;i=maos:d=0:p=title;shop\u{1b}\\\u{1b}]99;i=maos:p=body;done\u{1b}\\"
                    .to_owned(),
            ),
        ] {
            let terminal = Terminal::named(program, term);
            assert_eq!(sequence(&message, terminal, true), expected);
            let loud = sequence(&message, terminal, false);
            assert_eq!(loud, format!("{expected}\u{7}"));
        }
    }
}
