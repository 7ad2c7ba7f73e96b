//! Every way to run a command within another that the guard looks through.

mod code;
mod grammar;
mod prefixes;
mod texts;

/// A command that the guard stops.
pub(crate) struct Dangerous {
    /// As it was written.
    pub(crate) text: String,
    /// Its words, where it is one program with arguments that are all known.
    pub(crate) words: Option<Vec<String>>,
    /// It is one program with arguments.
    pub(crate) is_simple: bool,
}

/// A wrapper: its name, what it takes, and the command that it makes.
pub(crate) struct Wrapper {
    pub(crate) name: &'static str,
    takes: Takes,
    wrap: fn(&Dangerous) -> String,
}

/// What a wrapper can run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A program with its arguments, as a shell has read them.
    Simple,
    /// The same, where more arguments behind it, or a `{}` that the wrapper
    /// replaces, do not make it another command.
    Fed,
    /// The same, where a shell may read it twice.
    Bare,
    /// The same, where every argument is known.
    Words,
    /// Shell text without line ends.
    Line,
    /// Shell text without a `{}`, which the wrapper would replace.
    Holeless,
    /// Any shell text.
    Text,
}

impl Wrapper {
    /// Returns the command that runs another one in this wrapper, where that
    /// can be.
    pub(crate) fn around(&self, inner: &Dangerous) -> Option<String> {
        let fits = match self.takes {
            Takes::Simple => inner.is_simple,
            Takes::Fed => inner.is_simple && !is_changed_by_more(&inner.text),
            Takes::Bare => inner.is_simple && !inner.text.contains(['\'', '"', '\\', '$']),
            Takes::Words => inner.words.is_some(),
            Takes::Line => !inner.text.contains('\n'),
            Takes::Holeless => !inner.text.contains("{}"),
            Takes::Text => true,
        };
        fits.then(|| (self.wrap)(inner))
    }
}

const fn simple(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Simple,
        wrap,
    }
}

const fn fed(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Fed,
        wrap,
    }
}

const fn bare(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Bare,
        wrap,
    }
}

const fn words(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Words,
        wrap,
    }
}

const fn line(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Line,
        wrap,
    }
}

const fn holeless(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Holeless,
        wrap,
    }
}

const fn text(name: &'static str, wrap: fn(&Dangerous) -> String) -> Wrapper {
    Wrapper {
        name,
        takes: Takes::Text,
        wrap,
    }
}

/// Returns every wrapper.
pub(crate) fn all() -> impl Iterator<Item = &'static Wrapper> {
    let programs = prefixes::PREFIXES.iter().chain(&texts::TEXTS);
    programs.chain(&code::CODE).chain(&grammar::GRAMMAR)
}

/// Returns whether more arguments make it another command: one that goes to the
/// last of them, one of which a single one is a text, one that has a place for
/// them, one that starts others itself.
fn is_changed_by_more(text: &str) -> bool {
    const COUNTING: [&str; 13] = [
        "aws", "cp", "crontab", "gsutil", "install", "ln", "mc", "mv", "pkill", "rclone", "rsync",
        "scp", "tmux",
    ];
    const PLACES: [&str; 6] = ["{}", ":::", " + ", ";", "|", "-c"];
    text.split([' ', '\'']).any(|word| COUNTING.contains(&word))
        || PLACES.iter().any(|one| text.contains(one))
        || ["kill -1", " env", "doppler secrets"]
            .iter()
            .any(|end| text.ends_with(end))
}
