//! Variables whose value is a command that some program runs unseen:
//! `GIT_EDITOR='…' git commit`, `export PAGER='…'`, `PROMPT_COMMAND='…'`; or a
//! file with such: `BASH_ENV=x bash y`.

use super::super::arguments::{leading_text, skip};
use super::super::list::List;
use super::super::shell::{Command, Word};
use super::{Started, TextOf};

/// Variables that a program gives to a shell, or runs as one with arguments.
const COMMANDS: List = List(
    "\
    BROWSER EDITOR FCEDIT FZF_DEFAULT_COMMAND GIT_ASKPASS GIT_EDITOR GIT_EXTERNAL_DIFF GIT_PAGER \
    GIT_PROXY_COMMAND GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND KUBE_EDITOR LESSCLOSE LESSOPEN \
    MANPAGER PAGER PROMPT_COMMAND PSQL_PAGER RSYNC_RSH RUSTC_WRAPPER SSH_ASKPASS SUDO_EDITOR \
    SVN_EDITOR SYSTEMD_PAGER TAR_OPTIONS VISUAL",
);

/// Variables that name the file which a shell reads first.
const FILES: List = List("BASH_ENV ENV");

/// Returns what would run through the variables that a command sets: in front
/// of a program, or for good.
pub(super) fn started(command: &Command, text_of: TextOf<'_>) -> Vec<Started> {
    let exports = command.words.first().and_then(Word::literal);
    let exports = exports.is_some_and(|name| List("declare export readonly typeset").has(&name));
    let kept = command.words.iter().skip(1).filter(|_| exports);
    let kept = kept.filter_map(|word| {
        let (name, _) = leading_text(word).split_once('=')?;
        Some((name, skip(word, name.len() + 1)))
    });
    let given = command.assignments.iter();
    let given = given.map(|(name, value)| (name.as_str(), value.clone()));
    given
        .chain(kept)
        .filter_map(|(name, value)| text(name, value, text_of))
        .map(Started::shell)
        .collect()
}

/// Returns the shell text that a variable holds.
fn text(name: &str, value: Word, text_of: TextOf<'_>) -> Option<Word> {
    match name {
        name if FILES.has(name) => text_of(&value),
        name if !COMMANDS.has(name) => None,
        "LESSOPEN" | "LESSCLOSE" => {
            let bars = leading_text(&value).trim_start_matches(['|', '-']);
            let begin = leading_text(&value).len() - bars.len();
            Some(skip(&value, begin))
        }
        _ => Some(value),
    }
}

/// Returns whether it matters what this variable is given.
pub(in crate::guard) fn is_command(name: &str) -> bool {
    COMMANDS.has(name) || FILES.has(name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn what_a_variable_makes_others_run_starts() {
        check(&[
            ("GIT_EDITOR='rm x' git commit", &["sh: rm x"]),
            (
                "GIT_SSH_COMMAND='rm x' PAGER=cat git log",
                &["sh: rm x", "sh: cat"],
            ),
            ("GIT_DIR='rm x' git log", &[]),
            ("export 'PAGER=rm x'", &["sh: rm x"]),
            ("export PATH 'NAME=rm x'", &[]),
            ("PROMPT_COMMAND='rm x'", &["sh: rm x"]),
            ("LESSOPEN='|-rm %s' less f", &["sh: rm %s"]),
            ("echo 'PAGER=rm x'", &[]),
        ]);
    }
}
