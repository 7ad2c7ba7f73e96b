//! What other shells write in another way.

use crate::guard::list::List;

/// A grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Dialect {
    /// That of `bash`, which has those of `sh`, `dash` and `ksh` in it.
    #[default]
    Bash,
    Zsh,
    Fish,
}

const ZSH: List = List("rzsh zsh");
const FISH: List = List("fish");

impl Dialect {
    /// Returns the grammar of a shell.
    pub(in super::super) fn of(shell: &str) -> Self {
        match shell {
            name if ZSH.has(name) => Self::Zsh,
            name if FISH.has(name) => Self::Fish,
            _ => Self::Bash,
        }
    }

    /// Returns the words that it treats as its own where a command may begin.
    pub(super) fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Bash => &[
                "!", "[[", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for",
                "function", "if", "select", "then", "time", "until", "while", "{", "}",
            ],
            Self::Zsh => &[
                "!", "[[", "always", "case", "coproc", "do", "done", "elif", "else", "end", "esac",
                "fi", "for", "foreach", "function", "if", "repeat", "select", "then", "time",
                "until", "while", "{", "}",
            ],
            Self::Fish => &[
                "!", "begin", "case", "else", "end", "for", "function", "if", "switch", "time",
                "while",
            ],
        }
    }

    /// Returns the keywords that end a list.
    pub(super) fn ends(self, keyword: &str) -> bool {
        match self {
            Self::Bash => matches!(
                keyword,
                "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}"
            ),
            Self::Zsh => matches!(
                keyword,
                "then" | "elif" | "else" | "end" | "fi" | "do" | "done" | "esac" | "}"
            ),
            Self::Fish => matches!(keyword, "case" | "else" | "end"),
        }
    }
}
