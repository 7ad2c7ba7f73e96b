//! A line of text whose parts have a tone: what they mean, as a colour. A part can
//! lead to a file.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::harmless::harmless;

/// How narrow a line may become behind its indent, in columns.
const NARROWEST: usize = 20;

/// Where the end of a character that is written out (`\u{10ffff}`) is at most.
const LONGEST: usize = 9;

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
        Text(vec![Part {
            tone: self,
            text: harmless(&text.into()),
            link: None,
        }])
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
pub(crate) struct Text(Vec<Part>);

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it means.
    pub(crate) tone: Tone,
    /// What it says.
    pub(crate) text: String,
    /// The URL of what it leads to.
    link: Option<String>,
}

/// What a reader can be shown beside characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shows {
    /// Colours.
    pub(crate) colours: bool,
    /// Links.
    pub(crate) links: bool,
}

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

    /// Returns this text as one that leads to a file or a folder.
    #[must_use]
    pub(crate) fn leading_to(mut self, path: &Path) -> Self {
        let link = url(path);
        for part in &mut self.0 {
            part.link = Some(link.clone());
        }
        self
    }

    /// Returns whether there is nothing to print.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|part| part.text.is_empty())
    }

    /// Returns the parts.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Returns the text without its tones.
    pub(crate) fn plain(&self) -> String {
        self.render(Shows::default())
    }

    /// Returns how many columns it takes on a terminal.
    pub(crate) fn width(&self) -> usize {
        self.0.iter().map(|part| part.text.width()).sum()
    }

    /// Returns the text cut to `width` columns; `…` marks the cut.
    #[must_use]
    pub(crate) fn cut(&self, width: usize) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        let mut left = width.saturating_sub(1);
        let mut cut = Self::default();
        for part in &self.0 {
            let mut kept = String::new();
            for unit in units(&part.text) {
                let columns = unit.width();
                if columns > left {
                    kept.push('…');
                    cut.0.push(part.saying(kept));
                    return cut;
                }
                left -= columns;
                kept.push_str(unit);
            }
            cut.0.push(part.saying(kept));
        }
        cut
    }

    /// Returns the text cut to `width` columns at its start, for what differs
    /// at its end: paths, branches.
    #[must_use]
    pub(crate) fn cut_start(&self, width: usize) -> Self {
        if self.width() <= width {
            return self.clone();
        }
        let mut left = width.saturating_sub(1);
        let mut parts = Vec::new();
        'all: for part in self.0.iter().rev() {
            let mut from = part.text.len();
            for unit in units(&part.text).into_iter().rev() {
                if unit.width() > left {
                    parts.push(part.saying(format!("…{}", &part.text[from..])));
                    break 'all;
                }
                left -= unit.width();
                from -= unit.len();
            }
            parts.push(part.clone());
        }
        parts.reverse();
        Self(parts)
    }

    /// Returns the text as lines of at most `width` columns, cut between words
    /// where that can be; all but the first are moved to the right by `indent`.
    pub(crate) fn wrapped(&self, width: usize, indent: usize) -> Vec<Self> {
        // Where there is no room for an indent there is none.
        let indent = if indent + NARROWEST > width {
            0
        } else {
            indent
        };
        let letters = |(n, part): (usize, &Part)| {
            let letters = part.text.chars().map(move |letter| (n, letter));
            letters.collect::<Vec<_>>()
        };
        let letters: Vec<_> = self.0.iter().enumerate().flat_map(letters).collect();
        let mut lines = Vec::new();
        let mut rest = letters.as_slice();
        loop {
            let before = if lines.is_empty() { 0 } else { indent };
            let (line, behind) = rest.split_at(fitting(rest, width - before));
            lines.push(self.line(before, line));
            let blanks = behind.iter().take_while(|(_, letter)| *letter == ' ');
            rest = &behind[blanks.count()..];
            if rest.is_empty() {
                return lines;
            }
        }
    }

    /// Returns a line of letters of this text, by the parts that they are of.
    fn line(&self, indent: usize, letters: &[(usize, char)]) -> Self {
        let mut line = Self::from(" ".repeat(indent));
        for same in letters.chunk_by(|one, next| one.0 == next.0) {
            let text = same.iter().map(|(_, letter)| letter).collect();
            line.0.push(self.0[same[0].0].saying(text));
        }
        line
    }

    /// Returns what is printed.
    pub(super) fn render(&self, shows: Shows) -> String {
        let parts = self.0.iter().filter(|part| !part.text.is_empty());
        parts.map(|part| part.render(shows)).collect()
    }
}

/// Returns how many of the letters make a line of `width` columns: all words that
/// fit, or as much as fits of a longer word; one at least, of those that are left.
fn fitting(letters: &[(usize, char)], width: usize) -> usize {
    let mut columns = 0;
    let over = letters.iter().position(|(_, letter)| {
        columns += letter.width().unwrap_or_default();
        columns > width
    });
    let Some(over) = over else {
        return letters.len();
    };
    let is_blank = |at: &usize| letters[*at].1 == ' ';
    let begin = (0..over).find(|at| !is_blank(at)).unwrap_or(over);
    let cut = (begin..=over).rev().find(is_blank);
    cut.unwrap_or(over).max(1)
}

/// Returns the characters of a text; one that is written out, such as `\u{1b}`,
/// is one piece, so that nothing is cut within it.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let written_out = || rest.starts_with("\\u{").then(|| rest.find('}'))?;
        let end = written_out().filter(|end| *end <= LONGEST);
        let (unit, behind) = rest.split_at(end.map_or(first.len_utf8(), |end| end + 1));
        units.push(unit);
        rest = behind;
    }
    units
}

impl Part {
    /// Returns this part with another text.
    fn saying(&self, text: String) -> Self {
        Self {
            text,
            ..self.clone()
        }
    }

    fn render(&self, shows: Shows) -> String {
        let code = self.tone.code();
        let text = match shows.colours && !code.is_empty() {
            true => format!("\u{1b}[{code}m{}\u{1b}[0m", self.text),
            false => self.text.clone(),
        };
        // OSC 8: a terminal that does not know it shows the text alone.
        match &self.link {
            Some(url) if shows.links => format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"),
            _ => text,
        }
    }
}

/// Returns the URL of a file; every byte that could mean something else is
/// written out in it.
fn url(path: &Path) -> String {
    let mut url = "file://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                url.push(char::from(*byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_around_the_text_and_only_where_wanted() {
        let line = Tone::Bad.of("de\u{1b}ny").then(" x");
        let colours = Shows {
            colours: true,
            links: false,
        };
        assert_eq!(line.render(colours), "\u{1b}[31mde\\u{1b}ny\u{1b}[0m x");
        assert_eq!(line.plain(), "de\\u{1b}ny x");
    }

    #[test]
    fn a_link_is_around_the_text_and_says_nothing_of_its_own() {
        let line = Text::from("a")
            .leading_to(Path::new("/a b/\u{1b}]é"))
            .then("b");
        let links = Shows {
            colours: false,
            links: true,
        };
        let expected = "\u{1b}]8;;file:///a%20b/%1B%5D%C3%A9\u{1b}\\a\u{1b}]8;;\u{1b}\\b";
        assert_eq!(line.render(links), expected);
        assert_eq!(line.plain(), "ab");
        assert_eq!(line.cut(1).plain(), "…");
    }

    #[test]
    fn a_long_line_goes_on_below_its_begin() {
        let text = Text::from("  one two ").then(Tone::Bad.of("three 漢字漢字漢字漢字漢字漢字 x"));
        let lines = |width, indent| {
            let lines = text.wrapped(width, indent).into_iter();
            lines.map(|line| line.plain()).collect::<Vec<_>>()
        };
        assert_eq!(lines(80, 4), [text.plain()]);
        let narrow = lines(24, 4);
        assert_eq!(
            narrow,
            ["  one two three", "    漢字漢字漢字漢字漢字", "    漢字 x"]
        );
        assert_eq!(lines(12, 4)[1..3], ["three", "漢字漢字漢字"]);
        assert_eq!(
            lines(1, 0).concat().replace(' ', ""),
            text.plain().replace(' ', "")
        );
        let tone = text.wrapped(24, 4)[1].parts()[1].tone;
        assert_eq!(tone, Tone::Bad);
    }

    #[test]
    fn a_cut_counts_columns_not_characters() {
        let text = Text::from("漢字").then(Tone::Bad.of("abc"));
        assert_eq!(text.width(), 7);
        assert_eq!(text.cut(7), text);
        assert_eq!(text.cut(6).plain(), "漢字a…");
        assert_eq!(text.cut(4).plain(), "漢…");
        assert_eq!(text.cut(0).plain(), "…");
        let cut = text.cut_start(4);
        assert_eq!(cut.plain(), "…abc");
        assert_eq!(cut.parts()[1].tone, Tone::Bad);
    }

    #[test]
    fn nothing_is_cut_within_what_is_written_out() {
        let text = Text::from("ab\u{1b}cd");
        let ends = |width| (text.cut(width).plain(), text.cut_start(width).plain());
        assert_eq!(ends(8), ("ab…".to_owned(), "…cd".to_owned()));
        assert_eq!(ends(9), ("ab\\u{1b}…".to_owned(), "…\\u{1b}cd".to_owned()));
        assert_eq!(ends(10), (text.plain(), text.plain()));
    }
}
