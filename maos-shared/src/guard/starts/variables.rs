//! Variables of the environment that programs act upon unseen: commands that they
//! run (`GIT_EDITOR='…' git commit`, `export PAGER='…'`), texts that a shell
//! expands, files that are read first, options.

use std::borrow::Cow;

use super::super::arguments::{leading_text, program, skip};
use super::super::list::List;
use super::super::shell::{Command, Word};
use super::{Started, TextOf, words};

/// What a program does with the value of a variable.
#[derive(Clone, Copy)]
enum Meaning {
    /// Gives it to a shell, or runs it as words with arguments behind them.
    Command,
    /// As `less` does: a command behind signs of how it is run.
    Opener,
    /// Expands it, as a shell does with a prompt.
    Prompt,
    /// Expands it to the name of a file, which a shell reads first.
    File,
    /// Takes it as more words of this line.
    Words(&'static [&'static str]),
    /// Takes it as one more word of this line: code, or the file with it.
    Word(&'static [&'static str]),
    /// As the one before, or the file behind an `@`.
    Code(&'static [&'static str]),
    /// Loads these files of machine code into every program.
    Libraries,
}

const MEANINGS: [(List, Meaning); 13] = [
    (
        List(
            "\
            AWS_PAGER BAT_PAGER BORG_PASSCOMMAND BORG_RSH BROWSER CVS_RSH DELTA_PAGER EDITOR \
            FCEDIT FZF_ALT_C_COMMAND FZF_CTRL_T_COMMAND FZF_DEFAULT_COMMAND GH_BROWSER GH_EDITOR \
            GH_PAGER GIT_ASKPASS GIT_EDITOR GIT_EXTERNAL_DIFF GIT_PAGER GIT_PROXY_COMMAND \
            GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND HGEDITOR JJ_EDITOR KUBE_EDITOR LESSEDIT \
            MANPAGER MYSQL_PAGER PAGER PROMPT_COMMAND PSQL_EDITOR PSQL_PAGER \
            RESTIC_PASSWORD_COMMAND RSYNC_CONNECT_PROG RSYNC_RSH RUSTC_WORKSPACE_WRAPPER \
            RUSTC_WRAPPER SSH_ASKPASS SUDO_ASKPASS SUDO_EDITOR SVN_EDITOR SVN_SSH SYSTEMD_EDITOR \
            SYSTEMD_PAGER VISUAL npm_config_editor npm_config_script_shell",
        ),
        Meaning::Command,
    ),
    (List("LESSCLOSE LESSOPEN"), Meaning::Opener),
    (
        List("PROMPT PS0 PS1 PS2 PS3 PS4 RPROMPT RPS1"),
        Meaning::Prompt,
    ),
    (List("BASH_ENV ENV"), Meaning::File),
    (List("NODE_OPTIONS"), Meaning::Words(&["node", "-e", ""])),
    (List("PERL5OPT"), Meaning::Words(&["perl", "-e", ""])),
    (List("RUBYOPT"), Meaning::Words(&["ruby", "-e", ""])),
    (List("PERL5DB"), Meaning::Word(&["perl", "-e"])),
    (
        List("LUA_INIT LUA_INIT_5_1 LUA_INIT_5_2 LUA_INIT_5_3 LUA_INIT_5_4"),
        Meaning::Code(&["lua", "-e"]),
    ),
    (List("PYTHONSTARTUP"), Meaning::Word(&["python3"])),
    (
        List("R_PROFILE R_PROFILE_USER"),
        Meaning::Word(&["Rscript"]),
    ),
    (
        List("EXINIT GVIMINIT NVIMINIT VIMINIT"),
        Meaning::Word(&["vim", "-c"]),
    ),
    (
        List("LD_AUDIT LD_PRELOAD DYLD_INSERT_LIBRARIES"),
        Meaning::Libraries,
    ),
];

/// How the names of variables begin and end that `cargo` makes of a target, with
/// the program that runs or links what is built for it.
const OF_TARGETS: (&str, [&str; 2]) = ("CARGO_TARGET_", ["_LINKER", "_RUNNER"]);

/// How the names of variables begin that are functions of `bash`.
pub(super) const EXPORTED_FUNCTION: &str = "BASH_FUNC_";

/// Variables that hold options for a program.
const OPTIONS: [(List, List); 4] = [
    (List("TAR_OPTIONS"), List("tar gtar")),
    (List("ZIP ZIPOPT"), List("zip")),
    (List("GNUMAKEFLAGS MAKEFLAGS"), List("make gmake")),
    (List("MANOPT"), List("man")),
];

/// Returns the variables that hold options for a program.
pub(in crate::guard) fn of_options(program: &str) -> impl Iterator<Item = String> {
    let own = OPTIONS.iter().filter(move |(_, one)| one.has(program));
    own.flat_map(|(names, _)| names.names().map(str::to_owned))
}

/// Returns a command with the options that its program takes from its environment.
pub(super) fn with_options(command: &Command) -> Cow<'_, Command> {
    if command.assignments.is_empty() {
        return Cow::Borrowed(command);
    }
    let program = program(command).unwrap_or_default();
    let given = command.assignments.iter().filter(|(name, _)| {
        let mut known = OPTIONS.iter();
        known.any(|(names, programs)| names.has(name) && programs.has(&program))
    });
    let options: Vec<Word> = given.flat_map(|(_, value)| words::split(value)).collect();
    if options.is_empty() {
        return Cow::Borrowed(command);
    }
    let mut longer = command.clone();
    longer.words.extend(options);
    Cow::Owned(longer)
}

/// Returns what would run through the variables that a command sets: in front
/// of a program, or for good.
pub(super) fn started(command: &Command, text_of: TextOf<'_>) -> Vec<Started> {
    let exports = command.words.first().and_then(Word::literal);
    let exports =
        exports.is_some_and(|name| const { List("declare export readonly typeset") }.has(&name));
    let kept = command.words.iter().skip(1).filter(|_| exports);
    let kept = kept.filter_map(|word| {
        let (name, _) = leading_text(word).split_once('=')?;
        Some((name, skip(word, name.len() + 1)))
    });
    let given = command.assignments.iter();
    let given = given.map(|(name, value)| (name.as_str(), value.clone()));
    given
        .chain(kept)
        .flat_map(|(name, value)| through(name, value, text_of))
        .collect()
}

/// Returns what this variable means.
fn meaning(name: &str) -> Option<Meaning> {
    let mut known = MEANINGS.iter();
    let listed = known.find(|(names, _)| names.has(name));
    let (begin, ends) = OF_TARGETS;
    let of_target = || name.starts_with(begin) && ends.iter().any(|end| name.ends_with(end));
    match listed {
        Some((_, meaning)) => Some(*meaning),
        None => of_target().then_some(Meaning::Command),
    }
}

/// Returns whether it matters what this variable is given.
pub(in crate::guard) fn is_command(name: &str) -> bool {
    meaning(name).is_some()
}

/// Returns what runs through a variable with this value.
fn through(name: &str, value: Word, text_of: TextOf<'_>) -> Vec<Started> {
    if name.starts_with(EXPORTED_FUNCTION) {
        let is_function = leading_text(&value).starts_with("()");
        let text = words::join([&words::word("f"), &value], "");
        return is_function
            .then(|| Started::shell(text))
            .into_iter()
            .collect();
    }
    let Some(meaning) = meaning(name) else {
        return Vec::new();
    };
    let line = |words: &[&str], more: Vec<Word>| {
        let mut line: Vec<Word> = words.iter().copied().map(words::word).collect();
        line.extend(more);
        vec![Started::program(line)]
    };
    match meaning {
        Meaning::Command => vec![Started::shell(value)],
        Meaning::Opener => {
            let command = leading_text(&value).trim_start_matches(['|', '-']);
            let signs = leading_text(&value).len() - command.len();
            vec![Started::shell(skip(&value, signs))]
        }
        Meaning::Prompt => expanded(&value).collect(),
        Meaning::File => expanded(&value)
            .chain(text_of(&value).map(Started::shell))
            .collect(),
        // Options stand in front of the code.
        Meaning::Words([program, rest @ ..]) => {
            let mut more = words::split(&value);
            more.extend(rest.iter().copied().map(words::word));
            line(&[program], more)
        }
        Meaning::Words([]) => Vec::new(),
        Meaning::Word(words) => line(words, vec![value]),
        Meaning::Code(words) => match (words, leading_text(&value).strip_prefix('@')) {
            ([program, ..], Some(_)) => line(&[program], vec![skip(&value, 1)]),
            _ => line(words, vec![value]),
        },
        Meaning::Libraries => {
            let files = words::pieces(&value, |c| c == ':' || c.is_ascii_whitespace());
            let written = files.into_iter().filter(|file| text_of(file).is_some());
            written.map(|file| Started::program(vec![file])).collect()
        }
    }
}

/// Returns what runs where a shell expands a value.
fn expanded(value: &Word) -> impl Iterator<Item = Started> + use<> {
    words::expansion(value).map(Started::shell).into_iter()
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
            ("LUA_INIT=@x.lua lua", &["lua x.lua"]),
            ("LUA_INIT='x()' lua", &["lua -e x()"]),
            ("RUBYOPT='-r x' ruby", &["ruby -r x -e ''"]),
            ("CARGO_TARGET_X_RUNNER='rm x' cargo", &["sh: rm x"]),
            ("CARGO_TARGET_DIR='rm x' cargo", &[]),
            ("LD_PRELOAD=./x.so ls", &[]),
            ("echo 'PAGER=rm x'", &[]),
        ]);
    }

    #[test]
    fn options_in_a_variable_are_of_their_program() {
        check(&[
            ("MAKEFLAGS='--eval=x:;rm' make", &["sh: rm"]),
            ("MAKEFLAGS='--eval=x:;rm' ls", &[]),
            ("TAR_OPTIONS=--remove-files tar cf x y", &["rm -rf y"]),
            ("ZIPOPT=-m tar cf x y", &[]),
        ]);
    }
}
