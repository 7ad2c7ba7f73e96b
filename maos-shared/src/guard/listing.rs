//! Programs that list names of files, and the commands that get those names:
//! as arguments (`find -exec`, `ls | xargs`), in a loop, in place of a word.

use std::ops::Range;

use super::arguments::{Argument, FLAGS_ONLY, Options, leading_text, options, program, read};
use super::find;
use super::git_line;
use super::list::List;
use super::scene::Scene;
use super::shell::{Command, Part, Stdin, Word};
use super::starts;

/// A command that lists names of files.
pub(super) struct Listing<'a> {
    pub(super) command: &'a Command,
    pub(super) listed: Listed<'a>,
}

/// The files whose names are listed.
#[derive(Default)]
pub(super) struct Listed<'a> {
    /// The folders below which they lie; without any, and none that are named
    /// themselves, the current one.
    pub(super) roots: Vec<&'a Word>,
    /// Those that are named themselves.
    pub(super) named: Vec<&'a Word>,
    /// The patterns that the names must match.
    pub(super) names: Vec<Word>,
    /// Only few files have such names.
    pub(super) narrow: bool,
    /// Git has these files.
    pub(super) is_tracked: bool,
    /// A filter picks some of them.
    pub(super) is_picked: bool,
}

impl<'a> Listing<'a> {
    /// Returns what a command lists.
    pub(super) fn of(command: &'a Command) -> Option<Self> {
        let words = command.words.get(1..)?;
        let listed = match &*program(command)? {
            "find" | "gfind" => {
                let find = find::read(words);
                Listed {
                    roots: find.roots,
                    names: find.names.into_iter().cloned().collect(),
                    narrow: find.narrow,
                    ..Listed::default()
                }
            }
            "fd" | "fdfind" => fd(words),
            "ls" => ls(words),
            "git" => git_files(words)?,
            "rg" => rg(words)?,
            _ => return None,
        };
        Some(Self { command, listed })
    }

    /// Returns the listing whose names become arguments of a command.
    pub(super) fn fed_to(scene: &Scene<'a>, command: &'a Command) -> Option<Self> {
        if !command.more_arguments {
            return None;
        }
        let wrapper = scene.script.commands.get(command.started_by?)?;
        let streams = matches!(program(wrapper).as_deref(), Some("xargs" | "parallel"));
        let listed = (!streams).then(|| Self::of(wrapper)).flatten();
        listed.or_else(|| {
            let mut inputs = [&command.stdin, &wrapper.stdin].into_iter();
            inputs.find_map(|stdin| Self::through(scene, stdin))
        })
    }

    /// Returns the listing that a word of a command is a name of: what commands
    /// give out, what a loop reads of it (`find … | while read -r d; do rm -r "$d";
    /// done`), what a shell is given of it (`find … -exec sh -c 'rm "$1"' _ {} ';'`).
    pub(super) fn in_word(scene: &Scene<'a>, command: &'a Command, word: &Word) -> Option<Self> {
        let of_shell = || {
            let mut starters = scene.starters(command);
            Self::fed_to(scene, starters.find(|one| one.more_arguments)?)
        };
        match word.parts.as_slice() {
            [Part::Unknown { .. }] => of_shell(),
            [Part::Variable { name, .. }] if is_argument(name) => of_shell(),
            [Part::Output { commands, .. }] => Self::given_by(scene, commands),
            [Part::Variable { name, .. }] => {
                // `"${names[@]}"`
                let name = name.split('[').next()?;
                Self::through(scene, &scene.reader(name)?.stdin)
            }
            _ => None,
        }
    }

    /// Returns the listing that comes through a pipe: nothing picks from it.
    fn through(scene: &Scene<'a>, stdin: &Stdin) -> Option<Self> {
        match stdin {
            Stdin::Pipe(range) => Self::given_by(scene, range),
            Stdin::Inherited | Stdin::Text(_) => None,
        }
    }

    /// Returns the listing of the last of some commands, where all others are
    /// silent or list as well.
    fn given_by(scene: &Scene<'a>, range: &Range<usize>) -> Option<Self> {
        let commands = scene.script.commands.get(range.clone())?;
        let (last, before) = commands.split_last()?;
        let is_silent = |one: &Command| program(one).as_deref() == Some("cd");
        let listing = Self::of(last).or_else(|| Self::filtered(scene, last))?;
        let all = before
            .iter()
            .all(|one| is_silent(one) || Self::of(one).is_some());
        all.then_some(listing)
    }

    /// Returns the listing that comes through a filter. What a `grep` leaves out
    /// are few of them.
    fn filtered(scene: &Scene<'a>, filter: &Command) -> Option<Self> {
        const PASSING: List = List("cat pv shuf sort tac tee tr uniq");
        const PICKING: List = List("egrep grep head rg tail");
        let name = program(filter)?;
        let Stdin::Pipe(range) = &filter.stdin else {
            return None;
        };
        let leaves_out = || {
            let arguments = read(&filter.words[1..], &FLAGS_ONLY);
            arguments
                .iter()
                .any(|one| one.is(Some('v'), "invert-match"))
        };
        let picks = PICKING.has(&name) && !leaves_out();
        if !picks && !PASSING.has(&name) && !PICKING.has(&name) {
            return None;
        }
        // They stand before it, so that this ends.
        let before = scene.script.commands.get(range.clone())?.first()?;
        if std::ptr::eq(before, filter) {
            return None;
        }
        let mut listing = Self::given_by(scene, range)?;
        listing.listed.is_picked |= picks;
        Some(listing)
    }

    /// Returns the files as patterns, which are words in the folder of the
    /// command.
    pub(super) fn patterns(&self) -> Vec<Word> {
        let Listed {
            roots,
            named,
            names,
            ..
        } = &self.listed;
        let here = starts::word(".");
        let all = [starts::word("*")];
        let roots = match roots.as_slice() {
            [] if named.is_empty() => &[&here],
            roots => roots,
        };
        let names = match names.as_slice() {
            [] => &all[..],
            names => names,
        };
        let below = |root: &Word, name: &Word| {
            let mut parts = root.parts.clone();
            parts.push(Part::Text("/".to_owned()));
            parts.extend(name.literal().map(Part::Glob));
            Word { parts }
        };
        let below_roots = roots
            .iter()
            .flat_map(|root| names.iter().map(|name| below(root, name)));
        let named = named.iter().copied().cloned();
        named.chain(below_roots).collect()
    }
}

/// Returns whether a variable is an argument of its shell, or all of them.
fn is_argument(name: &str) -> bool {
    matches!(name, "@" | "*") || name.bytes().all(|byte| byte.is_ascii_digit())
}

fn fd(words: &[Word]) -> Listed<'_> {
    const OPTIONS: Options = options(
        "cdeEjoSt",
        "base-directory changed-before changed-within color exclude extension max-depth min-depth \
         owner search-path size threads type",
    );
    const STARTING: List = List("-x -X --exec --exec-batch");
    let starts = words
        .iter()
        .position(|word| STARTING.has(leading_text(word)));
    let mut listed = Listed::default();
    let mut pattern = None;
    let mut is_glob = false;
    for argument in read(&words[..starts.unwrap_or(words.len())], &OPTIONS) {
        is_glob |= argument.is(Some('g'), "glob");
        match argument {
            Argument::Operand(word) if pattern.is_none() => pattern = Some(word),
            Argument::Operand(word) => listed.roots.push(word),
            Argument::Valued(_, ref ending) if argument.is(Some('e'), "extension") => {
                let ending = ending.literal().unwrap_or_default();
                let name = format!("*.{}", ending.trim_start_matches('.'));
                listed.names.push(starts::word(&name));
            }
            Argument::Valued(..) | Argument::Flag(_) => {}
        }
    }
    let pattern = pattern.and_then(Word::literal);
    let picks = pattern.is_some_and(|text| find::picks(&text, is_glob));
    listed.narrow = picks || !listed.names.is_empty();
    listed
}

fn ls(words: &[Word]) -> Listed<'_> {
    let is_option = |word: &&Word| leading_text(word).starts_with('-');
    let (options, given): (Vec<&Word>, Vec<&Word>) = words.iter().partition(is_option);
    let themselves = options.iter().any(|word| leading_text(word).contains('d'));
    let is_named = |word: &&Word| {
        let has_pattern = word.parts.iter().any(|part| matches!(part, Part::Glob(_)));
        themselves || has_pattern
    };
    let (named, roots) = given.into_iter().partition(is_named);
    Listed {
        roots,
        named,
        ..Listed::default()
    }
}

/// The files that git tracks, or those that it does not.
fn git_files(words: &[Word]) -> Option<Listed<'_>> {
    const PICKING: List = List("-d --deleted -i --ignored");
    const OTHERS: List = List("-o --others -i --ignored");
    const OPTIONS: Options = options("xX", "exclude exclude-from exclude-per-directory format");
    let (subcommand, words) = git_line::subcommand(words)?;
    let mut listed = Listed {
        is_tracked: true,
        ..Listed::default()
    };
    let says = |names: List| words.iter().any(|word| names.has(leading_text(word)));
    match &*subcommand {
        "ls-files" => {}
        "ls-tree" if says(List("--name-only --name-status")) => return Some(listed),
        "grep" if says(List("-l -L --files-with-matches --name-only")) => {
            listed.narrow = true;
            return Some(listed);
        }
        "diff" | "log" | "show" if says(List("--name-only")) => {
            listed.narrow = true;
            return Some(listed);
        }
        _ => return None,
    }
    for argument in read(words, &OPTIONS) {
        match argument {
            Argument::Operand(word) if leading_text(word).contains(['*', '?']) => {
                listed.names.push(word.clone());
            }
            Argument::Operand(word) => listed.roots.push(word),
            Argument::Flag(flag) => {
                listed.narrow |= PICKING.has(&flag);
                listed.is_tracked &= !OTHERS.has(&flag);
            }
            Argument::Valued(..) => {}
        }
    }
    listed.narrow |= !listed.names.is_empty();
    Some(listed)
}

fn rg(words: &[Word]) -> Option<Listed<'_>> {
    const OPTIONS: Options = options("gtTd", "glob iglob type type-not max-depth");
    let mut listed = Listed::default();
    let mut lists = false;
    for argument in read(words, &OPTIONS) {
        match argument {
            Argument::Operand(word) => listed.roots.push(word),
            Argument::Valued(..) => listed.narrow = true,
            flag => lists |= flag.is(None, "files"),
        }
    }
    lists.then_some(listed)
}
