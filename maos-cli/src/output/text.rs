//! A line of text whose parts have a tone: what they mean, as a colour.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a part of a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing special.
    Plain,
    /// A title.
    Strong,
    /// Less important than what is around it.
    Faint,
    /// All is well, or done.
    Good,
    /// Somebody should look at it.
    Warn,
    /// It is wrong, or was stopped.
    Bad,
    /// At work now.
    Live,
}

impl Tone {
    /// Returns a text of this tone.
    pub(crate) fn of(self, text: impl Into<String>) -> Text {
        Text(vec![(self, harmless(&text.into()))])
    }

    /// Returns what switches a terminal to this tone (SGR).
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "32",
            Self::Warn => "33",
            Self::Bad => "31",
            Self::Live => "36",
        }
    }
}

/// A line, or a part of one, without anything that a terminal would obey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(Vec<(Tone, String)>);

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Tone::Plain.of(text)
    }
}

impl Text {
    /// Returns this text with another behind it.
    #[must_use]
    pub(crate) fn then(mut self, other: impl Into<Self>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// Returns whether there is nothing to print.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, part)| part.is_empty())
    }

    /// Returns the parts with their tones.
    pub(crate) fn parts(&self) -> &[(Tone, String)] {
        &self.0
    }

    /// Returns the text without its tones.
    pub(crate) fn plain(&self) -> String {
        self.render(false)
    }

    /// Returns how many columns it takes on a terminal.
    pub(crate) fn width(&self) -> usize {
        self.0.iter().map(|(_, part)| part.width()).sum()
    }

    /// Returns the text cut to `width` columns; `…` marks the cut.
    #[must_use]
    pub(crate) fn cut(&self, width: usize) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        let mut left = width.saturating_sub(1);
        let mut cut = Self::default();
        for (tone, part) in &self.0 {
            let mut kept = String::new();
            for character in part.chars() {
                let columns = character.width().unwrap_or_default();
                if columns > left {
                    kept.push('…');
                    cut.0.push((*tone, kept));
                    return cut;
                }
                left -= columns;
                kept.push(character);
            }
            cut.0.push((*tone, kept));
        }
        cut
    }

    /// Returns the text cut to `width` columns at its start, for what differs
    /// at its end: paths, branches.
    #[must_use]
    pub(crate) fn cut_start(&self, width: usize) -> Self {
        let reversed = |text: &Self| {
            let parts = text.0.iter().rev();
            Self(
                parts
                    .map(|(tone, part)| (*tone, part.chars().rev().collect()))
                    .collect(),
            )
        };
        reversed(&reversed(self).cut(width))
    }

    /// Returns what is printed.
    pub(super) fn render(&self, colours: bool) -> String {
        let mut line = String::new();
        for (tone, part) in &self.0 {
            let code = tone.code();
            if !colours || code.is_empty() || part.is_empty() {
                line.push_str(part);
            } else {
                line.push_str(&format!("\u{1b}[{code}m{part}\u{1b}[0m"));
            }
        }
        line
    }
}

/// Returns `text` with every character written out that a terminal would obey
/// instead of showing it.
pub(crate) fn harmless(text: &str) -> String {
    let show = |character: char| match character {
        '\t' => " ".to_owned(),
        _ if steers(character) => character.escape_default().to_string(),
        _ => character.to_string(),
    };
    text.chars().map(show).collect()
}

/// Returns JSON with the same characters written as JSON can write them. They
/// stand in its texts alone.
pub(super) fn harmless_json(json: &str) -> String {
    let show = |character: char| {
        if steers(character) {
            format!("\\u{:04x}", u32::from(character))
        } else {
            character.to_string()
        }
    };
    json.chars().map(show).collect()
}

/// Whether a terminal would obey the character. Direction marks can make a line
/// read as another.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("a\tb\u{1b}[2J\nc\u{202e}é"),
            "a b\\u{1b}[2J\\nc\\u{202e}é"
        );
        assert_eq!(harmless("\u{9b}2J"), "\\u{9b}2J");
    }

    #[test]
    fn json_says_the_same_without_steering() {
        let text = "a\u{9b}\u{7f}\u{202e}\u{1b}\n";
        let json = harmless_json(&serde_json::to_string(text).unwrap());
        assert_eq!(json, r#""a\u009b\u007f\u202e\u001b\n""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn colours_are_around_the_text_and_only_where_wanted() {
        let line = Tone::Bad.of("de\u{1b}ny").then(" x");
        assert_eq!(line.render(true), "\u{1b}[31mde\\u{1b}ny\u{1b}[0m x");
        assert_eq!(line.render(false), "de\\u{1b}ny x");
    }

    #[test]
    fn a_cut_counts_columns_not_characters() {
        let text = Text::from("漢字").then(Tone::Bad.of("abc"));
        assert_eq!(text.width(), 7);
        assert_eq!(text.cut(7), text);
        assert_eq!(text.cut(6).render(false), "漢字a…");
        assert_eq!(text.cut(4).render(false), "漢…");
        assert_eq!(text.cut(0).render(false), "…");
        assert_eq!(text.cut_start(4).render(true), "…\u{1b}[31mabc\u{1b}[0m");
    }
}
