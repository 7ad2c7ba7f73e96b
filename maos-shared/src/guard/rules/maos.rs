//! MAOS itself: its registration, its programs, its settings and its state are
//! the person's to change, no agent's. Looking at them is free.

use std::path::Path;

use super::super::arguments::{Argument, FLAGS_ONLY, leading_text, path_candidates, program, read};
use super::super::effect;
use super::super::git_line;
use super::super::list::List;
use super::super::listing::Listing;
use super::super::place::{Name, Place};
use super::super::programs;
use super::super::scene::Scene;
use super::super::shell::{Command, Redirection, Word};
use super::super::starts;
use super::{Access, Denial, Surroundings};

/// What of MAOS is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A settings file of the client, or `maos.toml`.
    Settings,
    /// A hook program.
    Program,
    /// `.maos`.
    State,
    /// The folder of the agents' worktrees, or one of them.
    Worktrees,
}

/// The files in a folder `.claude` that say what runs.
const SETTINGS: List = List("settings.json settings.local.json maos.toml");

/// Programs that take away or replace a folder with all that is in it.
const REMOVERS: List = List("chmod chown grm mv rename rimraf rm rmdir shred trash unlink");

/// Subcommands of git that leave the files of a checkout as they are.
const GIT_KEEPS: List = List(
    "add blame branch cat-file check-ignore commit diff fetch grep log ls-files ls-tree push remote \
     rev-parse show stage status tag",
);

/// Commands of `maos` that are for a person.
const FOR_PEOPLE: List = List("allow register trust unregister");

/// Returns the objection to a file tool's path.
pub(super) fn judge_file(path: &Path, access: Access, around: &Surroundings<'_>) -> Option<Denial> {
    let place = Place::of_path(path);
    let part = (access == Access::Write).then(|| part(&place, around))??;
    // Files in a worktree are an agent's to change; isolation says whose.
    (part != Part::Worktrees).then(|| deny(part, &place))
}

/// Returns the objections to what a script does to MAOS.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.starting_commands();
    commands
        .filter_map(|(command, starts)| {
            judge_command(scene, command, starts)
                .or_else(|| judge_redirections(scene, &command.redirections))
        })
        .chain(judge_redirections(scene, &scene.script.redirections))
        .collect()
}

fn judge_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Denial> {
    let writes = redirections.iter().filter(|one| one.operator != "<");
    writes.into_iter().find_map(|redirection| {
        let folder = scene.folder(&redirection.dirs);
        judge_word(scene, &redirection.target, &folder, false)
    })
}

fn judge_command(scene: &Scene<'_>, command: &Command, starts: bool) -> Option<Denial> {
    let program = program(command)?;
    let words = &command.words[1..];
    if program == "maos" {
        return judge_maos(words);
    }
    if uninstalls(&program, words) {
        return Some(deny(Part::Program, &Place::somewhere("maos")));
    }
    if starts || effect::only_reads(command, starts) || keeps_files(&program, words) {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    let removes = REMOVERS.has(&program);
    if let Some(listing) = Listing::fed_to(scene, command) {
        let roots = listing.listed.roots.into_iter();
        let named = roots.chain(listing.listed.named);
        let folder = scene.folder(&listing.command.dirs);
        let mut judged = named.filter_map(|word| judge_word(scene, word, &folder, removes));
        if let Some(denial) = judged.next() {
            return Some(denial);
        }
    }
    changed(&program, &starts::words_without_code(command))
        .iter()
        .find_map(|word| judge_word(scene, word, &folder, removes))
}

/// Returns whether a program that keeps others is to give up MAOS.
fn uninstalls(program: &str, words: &[Word]) -> bool {
    const KEEPERS: List = List("cargo claude");
    const GIVING_UP: List = List("disable remove uninstall");
    let is_maos = |word: &Word| {
        let name = leading_text(word).split('@').next();
        name.is_some_and(is_own_program)
    };
    let gives_up = |word: &Word| GIVING_UP.has(leading_text(word));
    KEEPERS.has(program) && words.iter().any(gives_up) && words.iter().any(is_maos)
}

/// Returns whether a command only speaks, or only tells git of files.
fn keeps_files(program: &str, words: &[Word]) -> bool {
    match program {
        "git" => git_line::subcommand(words).is_some_and(|(name, _)| GIT_KEEPS.has(&name)),
        "gh" | "mkdir" => true,
        _ => false,
    }
}

/// Returns the words that may name what a command changes: of a copy, only
/// where it goes.
fn changed(program: &str, words: &[Word]) -> Vec<Word> {
    if let ("tar" | "gtar" | "bsdtar", Some(archive)) = (program, created_archive(words)) {
        return vec![archive];
    }
    if !matches!(program, "cp" | "install" | "ln" | "rsync" | "scp") {
        let usage = programs::usage(program);
        return usage.map_or_else(|| words.to_vec(), |usage| usage.files(words));
    }
    let arguments = read(words, &FLAGS_ONLY);
    let mut operands = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(*word),
        _ => None,
    });
    operands.next_back().cloned().into_iter().collect()
}

/// Returns the archive that `tar` makes of files which it leaves as they are.
fn created_archive(words: &[Word]) -> Option<Word> {
    let first = leading_text(words.first()?);
    let letters = first.trim_start_matches('-');
    let removes = words
        .iter()
        .any(|word| leading_text(word).starts_with("--remove"));
    let creates = !first.starts_with("--") && letters.contains('c') && letters.ends_with('f');
    words.get(1).filter(|_| creates && !removes).cloned()
}

fn judge_word(scene: &Scene<'_>, word: &Word, folder: &Place, removes: bool) -> Option<Denial> {
    path_candidates(word).iter().find_map(|candidate| {
        let place = scene.place(candidate, folder);
        let part = part(&place, scene.around)
            .filter(|part| removes || *part != Part::Worktrees)
            .or_else(|| removes.then(|| part_below(&place))?)?;
        Some(deny(part, &place))
    })
}

fn judge_maos(words: &[Word]) -> Option<Denial> {
    let name = words.first()?.literal()?;
    let asks_help = words
        .iter()
        .any(|word| word.literal().as_deref() == Some("--help"));
    let drops = || {
        words
            .iter()
            .any(|word| word.literal().as_deref() == Some("drop"))
    };
    let name = match &*name {
        "rescue" if drops() => "rescue drop".into(),
        _ => name,
    };
    let is_for_people = FOR_PEOPLE.has(&name) || name == "rescue drop";
    (is_for_people && !asks_help).then(|| Denial {
        rule: "maos.command".into(),
        reason: format!("`maos {name}` is for a person at a terminal."),
        instead: format!("Ask the user to run it; `maos {name} --help` says what it does."),
    })
}

/// Returns the part of MAOS that a place may be.
fn part(place: &Place, around: &Surroundings<'_>) -> Option<Part> {
    let names = &place.names;
    if names.iter().any(|name| is(name, ".maos")) {
        return Some(Part::State);
    }
    if is_installed(place) {
        return Some(Part::Program);
    }
    let settings = around.settings.filter(|folder| place.is_below(folder));
    let below = match settings {
        Some(folder) => &names[Place::of_path(folder).names.len()..],
        None => {
            let at = names.iter().rposition(|name| is(name, ".claude"))?;
            &names[at + 1..]
        }
    };
    match below {
        [file] if SETTINGS.names().any(|name| is(file, name)) => Some(Part::Settings),
        [hooks, program] if is(hooks, "hooks") && is_program(program) => Some(Part::Program),
        [worktrees] | [worktrees, _] if is(worktrees, "worktrees") => Some(Part::Worktrees),
        _ => None,
    }
}

/// Returns whether a place is a program of MAOS where programs are kept, or
/// where it is found by its name.
fn is_installed(place: &Place) -> bool {
    let is_maos = |name: &Name| match name {
        Name::Known(name) => is_own_program(name),
        Name::Pattern(_) => false,
    };
    match place.names.as_slice() {
        [program] => !place.anchored && is_maos(program),
        [.., bin, program] => is(bin, "bin") && is_maos(program),
        [] => false,
    }
}

/// Returns whether a program has this name without its folder: `maos`,
/// `maos-pre-tool`.
fn is_own_program(name: &str) -> bool {
    let rest = name.strip_prefix("maos");
    rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('-') && !rest.contains('.')))
}

/// Returns the part that goes when this folder goes.
fn part_below(place: &Place) -> Option<Part> {
    match &place.names[..] {
        [.., last] if is(last, ".claude") => Some(Part::Settings),
        [.., folder, last] if is(folder, ".claude") && is(last, "hooks") => Some(Part::Program),
        _ => None,
    }
}

/// Returns whether a name is this one; a pattern counts where it says so.
fn is(name: &Name, expected: &str) -> bool {
    name.may_be(expected) && !name.is_sweeping()
}

fn is_program(name: &Name) -> bool {
    match name {
        Name::Known(name) => name.starts_with("maos"),
        Name::Pattern(pattern) => pattern.expands_to("maos-pre-tool"),
    }
}

fn deny(part: Part, place: &Place) -> Denial {
    let (rule, what, instead) = match part {
        Part::Settings => (
            "maos.settings",
            "says which hooks guard this project",
            "Tell the user what you would change in it, and let them do it; reading it, as with \
             `cat .claude/settings.json`, is free.",
        ),
        Part::Program => (
            "maos.programs",
            "is a program of MAOS",
            "Leave it as it is; the user brings it up to date with `scripts/install.sh`.",
        ),
        Part::State => (
            "maos.state",
            "is where MAOS keeps what agents do",
            "Leave it to MAOS; `maos status` and `maos log` show what is in it.",
        ),
        Part::Worktrees => (
            "maos.worktrees",
            "holds the work of agents",
            "See what is in it with `maos status`; the user, or `git worktree remove` without \
             force, removes one that is merged.",
        ),
    };
    Denial {
        rule: rule.into(),
        reason: format!("`{place}` {what}, so no agent changes it."),
        instead: instead.to_owned(),
    }
}
