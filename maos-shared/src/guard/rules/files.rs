//! Removal of files: `rm`, `find -delete`, and what feeds names to them.
//!
//! What may go: anything below a temporary folder, anything named below the
//! project but its root and its `.git`, single files. The nearest known folder
//! above a place decides, so a project in a temporary folder is a project.

use std::path::{Path, PathBuf};

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, PLACEHOLDER, fill_placeholder, options, program, read,
};
use super::super::find::{self, Find};
use super::super::git_line;
use super::super::list::List;
use super::super::paths;
use super::super::place::{Name, Place, Scene, has_default};
use super::super::shell::{Command, Part, Stdin, Word};
use super::Denial;

/// Returns the objections to the removals of a script.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    commands
        .filter(|command| !command.words.is_empty())
        .filter_map(|command| match program(command).as_deref() {
            Some("rm" | "grm" | "rimraf" | "unlink" | "srm") => judge_rm(scene, command),
            Some("shred") if command.more_arguments => judge_rm(scene, command),
            Some("find" | "gfind") => judge_find(scene, command),
            Some("mv") => judge_mv(scene, command),
            Some("rsync") => judge_rsync(scene, command),
            Some("git") => judge_git_rm(scene, command),
            Some(name) => judge_carried(scene, command, name),
            None => judge_unknown_program(scene, command),
        })
        .collect()
}

/// What a removal takes away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Single files.
    Files,
    /// Folders with all that is in them.
    Trees,
}

/// Why a removal must not run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Objection {
    Root,
    TopFolder,
    Home,
    Project,
    Git,
    System,
    Outside,
    Unknown,
    Stream,
}

impl Objection {
    /// Returns whether no guess about the command excuses it.
    fn is_catastrophic(self) -> bool {
        matches!(self, Self::Root | Self::TopFolder | Self::Home)
    }
}

/// Returns the `find` whose findings a loop reads into this variable, the word
/// being nothing else (`find … | while read -r d; do rm -r "$d"; done`).
fn read_from<'a>(scene: &Scene<'a>, word: &Word) -> Option<&'a Command> {
    let [Part::Variable { name, .. }] = word.parts.as_slice() else {
        return None;
    };
    let reader = scene.reader(name)?;
    last_of(scene, &reader.stdin).filter(is_find)
}

/// Returns whether a word begins with a parameter that has a default, judged as
/// a command of its own, or must be set (`${DIR:?}`): somebody took care.
fn is_promised(word: &Word) -> bool {
    match word.parts.first() {
        Some(Part::Variable { name, .. }) => name.contains(":?") || has_default(name),
        _ => false,
    }
}

/// Returns the values that a variable is given elsewhere, the word being
/// nothing else: a function or a trap is written before they are.
fn set_later<'a>(scene: &Scene<'a>, word: &Word) -> Option<&'a [Word]> {
    let [Part::Variable { name, .. }] = word.parts.as_slice() else {
        return None;
    };
    scene.script.assigned.get(name).map(Vec::as_slice)
}

fn is_find(command: &&Command) -> bool {
    matches!(program(command).as_deref(), Some("find" | "gfind"))
}

/// Returns the last of the commands that write to an input.
fn last_of<'a>(scene: &Scene<'a>, stdin: &Stdin) -> Option<&'a Command> {
    match stdin {
        Stdin::Pipe(range) => scene.script.commands.get(range.clone())?.last(),
        _ => None,
    }
}

fn judge_rm(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let recursive = |argument: &Argument<'_>| {
        argument.is(Some('r'), "recursive") || argument.is(Some('R'), "recursive")
    };
    let always = program(command).as_deref() == Some("rimraf");
    let extent = match always || arguments.iter().any(recursive) {
        true => Extent::Trees,
        false => Extent::Files,
    };
    let operands: Vec<&Word> = operands(&arguments).collect();
    let flags_unsure = operands.iter().any(|word| may_be_flags(word));
    let folder = scene.folder(&command.dirs);
    let mut named = operands.iter().filter(|word| !is_placeholder(word));
    let denial = named.find_map(|operand| {
        let word = fill_placeholder(operand, command);
        if let Some(found) = read_from(scene, &word) {
            return judge_found(scene, found);
        }
        let judge = |word: &Word| judge_word(scene, word, &folder, extent);
        let found = match set_later(scene, &word) {
            Some(values) => values.iter().find_map(judge),
            None => judge(&word)
                .filter(|(objection, _)| *objection != Objection::Unknown || !is_promised(&word)),
        };
        found.or_else(|| {
            let worst = judge_word(scene, &word, &folder, Extent::Trees)?;
            (flags_unsure && worst.0.is_catastrophic()).then_some(worst)
        })
    });
    denial
        .or_else(|| judge_stream(scene, command, &operands, extent))
        .filter(|(objection, place)| {
            *objection != Objection::Outside
                || !is_deep_in_home(scene, place)
                || !is_on_another_machine(scene, command)
        })
        .map(|(objection, place)| deny(objection, &place))
}

/// Returns whether a place lies below a folder of the home.
fn is_deep_in_home(scene: &Scene<'_>, place: &Place) -> bool {
    let home = scene.around.home;
    home.is_some_and(|home| place.is_below(home) && place.parent().is_below(home))
}

/// Returns whether a connection starts a command: in the home there, no project
/// is known.
fn is_on_another_machine(scene: &Scene<'_>, command: &Command) -> bool {
    let starter = |command: &&'_ Command| {
        let at = command.started_by?;
        scene.script.commands.get(at)
    };
    std::iter::successors(Some(command), starter)
        .skip(1)
        .take(FOLLOWED)
        .any(|starter| matches!(program(starter).as_deref(), Some("ssh" | "autossh")))
}

/// How many wrappers around a command are looked at.
const FOLLOWED: usize = 16;

fn operands<'a, 'w>(arguments: &'a [Argument<'w>]) -> impl Iterator<Item = &'w Word> + 'a {
    arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(*word),
        _ => None,
    })
}

fn may_be_flags(word: &Word) -> bool {
    matches!(
        word.parts.first(),
        Some(
            Part::Variable { quoted: false, .. }
                | Part::Output { quoted: false, .. }
                | Part::Unknown { quoted: false }
        )
    )
}

fn is_placeholder(word: &Word) -> bool {
    word.literal().as_deref() == Some(PLACEHOLDER)
}

/// Judges the names that come from a stream: those that a `find` gives lie
/// below its folders, others may be any.
fn judge_stream(
    scene: &Scene<'_>,
    command: &Command,
    operands: &[&Word],
    extent: Extent,
) -> Option<(Objection, Place)> {
    if !command.more_arguments {
        return None;
    }
    let into_names = |word: &&Word| fill_placeholder(word, command) != **word;
    if operands
        .iter()
        .any(|word| into_names(word) && !is_placeholder(word))
    {
        return None;
    }
    match source(scene, command) {
        Some(found) => judge_found(scene, found),
        None if extent == Extent::Trees => Some((Objection::Stream, Place::unknown())),
        None => None,
    }
}

/// Returns the `find` whose findings become arguments of `command`.
fn source<'a>(scene: &Scene<'a>, command: &'a Command) -> Option<&'a Command> {
    let commands = &scene.script.commands;
    let wrapper = commands.get(command.started_by?)?;
    if is_find(&wrapper) {
        return Some(wrapper);
    }
    [&command.stdin, &wrapper.stdin]
        .into_iter()
        .find_map(|stdin| last_of(scene, stdin).filter(is_find))
}

fn judge_find(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    if !find::read(&command.words[1..]).deletes {
        return None;
    }
    judge_found(scene, command).map(|(objection, place)| {
        let denial = deny(objection, &place);
        Denial {
            rule: "files.find-delete".into(),
            instead: format!(
                "Name a folder of build products or a temporary one to delete below, such as \
                 `find build -name '*.o' -delete`; to see what would go, end with `-print`. {}",
                denial.instead
            ),
            ..denial
        }
    })
}

fn judge_found(scene: &Scene<'_>, command: &Command) -> Option<(Objection, Place)> {
    let Find { roots, narrow, .. } = find::read(&command.words[1..]);
    let folder = scene.folder(&command.dirs);
    let judge = |place: &Place| {
        let objection = judge_contents(scene, place)?;
        let few = narrow && objection == Objection::Project;
        (!(few && place.is_within(scene.around.project))).then_some(objection)
    };
    if roots.is_empty() {
        return judge(&folder).map(|objection| (objection, folder));
    }
    roots
        .into_iter()
        .find_map(|root| both(scene, root, &folder, judge))
}

/// Judges a move by what it takes from its place: a folder without which
/// nothing works where it was.
fn judge_mv(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    const OPTIONS: Options = options("tS", "target-directory suffix");
    let arguments = read(&command.words[1..], &OPTIONS);
    let named = arguments
        .iter()
        .any(|one| one.is(Some('t'), "target-directory"));
    let all: Vec<&Word> = operands(&arguments).collect();
    let sources = match (named, all.split_last()) {
        (false, Some((_, sources))) => sources,
        _ => &all,
    };
    let folder = scene.folder(&command.dirs);
    let judge = |word: &&Word| {
        let place = scene.place(word, &folder);
        let objection = judge_place(scene, &place, Extent::Trees)?;
        (objection.is_catastrophic() || objection == Objection::Git).then_some((objection, place))
    };
    let (objection, place) = sources.iter().find_map(judge)?;
    Some(deny(objection, &place))
}

/// Judges an `rsync --delete` by the folder that it makes equal to another.
fn judge_rsync(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    const OPTIONS: Options = options(
        "efTBM",
        "rsh filter exclude exclude-from include include-from files-from temp-dir backup-dir \
         compare-dest link-dest",
    );
    let arguments = read(&command.words[1..], &OPTIONS);
    let deletes = |argument: &Argument<'_>| match argument {
        Argument::Flag(name) => name.starts_with("--del"),
        _ => false,
    };
    let only_says = arguments.iter().any(|one| one.is(Some('n'), "dry-run"));
    if only_says || !arguments.iter().any(deletes) {
        return None;
    }
    let target = operands(&arguments).last()?;
    let folder = scene.folder(&command.dirs);
    let (objection, place) = both(scene, target, &folder, |place| {
        judge_contents(scene, place).filter(|objection| {
            objection.is_catastrophic() || matches!(objection, Objection::Project | Objection::Git)
        })
    })?;
    Some(deny(objection, &place))
}

/// Judges a `git rm` that takes files of the worktree away without asking.
fn judge_git_rm(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let (subcommand, words) = git_line::subcommand(&command.words[1..])?;
    let arguments = read(words, &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(letter, long));
    let takes = subcommand == "rm" && has(Some('r'), "") && has(Some('f'), "force");
    if !takes || has(None, "cached") || has(Some('n'), "dry-run") {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    let (objection, place) =
        operands(&arguments).find_map(|word| judge_word(scene, word, &folder, Extent::Trees))?;
    Some(deny(objection, &place))
}

/// Programs that start a command somewhere among their words.
const CARRIERS: List = List(
    "\
    abduco adb bwrap cargo chpst cmd devbox docker dotenv dtach foreman heroku incus just kubectl lxc \
    machinectl mosh nerdctl npm npx oc pnpm podman sem ts tsp yarn",
);

/// Judges an `rm` among the words of such a program by whether it would take
/// all of the machine or the home.
fn judge_carried(scene: &Scene<'_>, command: &Command, name: &str) -> Option<Denial> {
    if !CARRIERS.has(name) {
        return None;
    }
    let is_rm = |word: &Word| {
        let text = word.literal().unwrap_or_default();
        paths::base_name(&text) == "rm"
    };
    let at = command.words.iter().skip(1).position(is_rm)?;
    let arguments = read(&command.words[at + 2..], &FLAGS_ONLY);
    let recursive = |one: &Argument<'_>| one.is(Some('r'), "") || one.is(Some('R'), "");
    if !arguments.iter().any(recursive) {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    operands(&arguments)
        .find_map(|word| {
            judge_word(scene, word, &folder, Extent::Trees)
                .filter(|(objection, _)| matches!(objection, Objection::Root | Objection::Home))
        })
        .map(|(objection, place)| deny(objection, &place))
}

/// Judges a program that is not known by what `rm` would do with its arguments.
fn judge_unknown_program(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    if !(has('r', "recursive") || has('R', "recursive")) || !has('f', "force") {
        return None;
    }
    let folder = scene.folder(&command.dirs);
    operands(&arguments)
        .find_map(|word| {
            judge_word(scene, word, &folder, Extent::Trees)
                .filter(|(objection, _)| objection.is_catastrophic())
        })
        .map(|(objection, place)| deny(objection, &place))
}

fn judge_word(
    scene: &Scene<'_>,
    word: &Word,
    folder: &Place,
    extent: Extent,
) -> Option<(Objection, Place)> {
    both(scene, word, folder, |place| {
        judge_place(scene, place, extent)
    })
}

/// Judges the place of a word, and the place where it is if what is not known
/// about it turns out empty.
fn both(
    scene: &Scene<'_>,
    word: &Word,
    folder: &Place,
    judge: impl Fn(&Place) -> Option<Objection>,
) -> Option<(Objection, Place)> {
    let place = scene.place(word, folder);
    if let Some(objection) = judge(&place) {
        return Some((objection, place));
    }
    let empty = scene.place_if_empty(word, folder)?;
    judge(&empty).map(|objection| (objection, empty))
}

fn judge_place(scene: &Scene<'_>, place: &Place, extent: Extent) -> Option<Objection> {
    if place.names.last().is_some_and(Name::is_sweeping) {
        let mut folder = place.parent();
        while folder.names.last().is_some_and(Name::is_sweeping) {
            folder = folder.parent();
        }
        return judge_contents(scene, &folder);
    }
    match extent {
        Extent::Trees => judge_tree(scene, place),
        Extent::Files => is_system_file(scene, place).then_some(Objection::System),
    }
}

/// Judges the removal of all that is in a folder.
fn judge_contents(scene: &Scene<'_>, folder: &Place) -> Option<Objection> {
    let is_temp = scene.around.temp.iter().any(|temp| folder.may_be(temp));
    if is_temp && !holds_ground(scene, folder) {
        return None;
    }
    judge_tree(scene, folder)
}

/// Returns whether it may hold the folder worked in, the project or the home.
fn holds_ground(scene: &Scene<'_>, place: &Place) -> bool {
    let around = scene.around;
    [Some(around.cwd), Some(around.project), around.home]
        .into_iter()
        .flatten()
        .any(|ground| place.may_hold(ground))
}

/// Judges the removal of a folder with all that is in it.
fn judge_tree(scene: &Scene<'_>, place: &Place) -> Option<Objection> {
    let around = scene.around;
    if place.names.is_empty() {
        return Some(if place.anchored {
            Objection::Root
        } else {
            Objection::Unknown
        });
    }
    if around.home.is_some_and(|home| place.may_hold(home)) {
        return Some(Objection::Home);
    }
    if place.may_hold(around.project) || place.may_hold(around.cwd) {
        return Some(Objection::Project);
    }
    if holds_repository(place) {
        return Some(Objection::Git);
    }
    if !place.anchored {
        return (place.climbs > 0).then_some(Objection::Unknown);
    }
    if place.names.len() == 1 || around.temp.iter().any(|temp| place.may_hold(temp)) {
        return Some(Objection::TopFolder);
    }
    (!is_free(scene, place)).then_some(Objection::Outside)
}

/// Returns whether the nearest known folder above it is the project or a
/// temporary folder. A project that holds the home is none.
fn is_free(scene: &Scene<'_>, place: &Place) -> bool {
    let around = scene.around;
    let depth = |root: &Path| place.is_below(root).then(|| root.components().count());
    let home = around.home.and_then(depth);
    let temp = around
        .temp
        .iter()
        .map(PathBuf::as_path)
        .filter_map(depth)
        .max();
    let holds_home = around
        .home
        .is_some_and(|home| home.starts_with(around.project));
    let project = depth(around.project).filter(|_| !holds_home);
    project.max(temp) > home
}

/// What a repository cannot do without, or what has no other copy.
const GIT_VITALS: List = List("objects refs logs HEAD config packed-refs worktrees modules lfs");

/// Returns whether it may be a `.git` folder or one of its vital parts.
fn holds_repository(place: &Place) -> bool {
    let is_git = |name: &Name| name.may_be(".git");
    let Some(at) = place.names.iter().position(is_git) else {
        return false;
    };
    match place.names.get(at + 1) {
        None => true,
        Some(below) => GIT_VITALS.names().any(|vital| below.may_be(vital)),
    }
}

/// The folders whose files belong to the system.
const SYSTEM: List = List(
    "\
    /bin /boot /dev /etc /lib /lib32 /lib64 /proc /sbin /sys /usr /System /Library",
);

fn is_system_file(scene: &Scene<'_>, place: &Place) -> bool {
    SYSTEM
        .names()
        .any(|folder| place.may_be_within(Path::new(folder)))
        && !place.is_within(Path::new("/usr/local"))
        && !place.is_within(Path::new("/dev/shm"))
        && !is_free(scene, place)
}

fn deny(objection: Objection, place: &Place) -> Denial {
    let (rule, what) = match objection {
        Objection::Root => ("files.rm-root", "the root of the file system"),
        Objection::TopFolder => ("files.rm-root", "a top folder of the system"),
        Objection::Home => ("files.rm-root", "the user's home or a folder that holds it"),
        Objection::Project => (
            "files.rm-project",
            "the folder that you work in, the project's root or a folder that holds them",
        ),
        Objection::Git => (
            "files.rm-git",
            "the repository itself, with all its history",
        ),
        Objection::System => ("files.rm-system", "a file of the system"),
        Objection::Outside => (
            "files.rm-outside",
            "outside the project and the temporary folders",
        ),
        Objection::Unknown | Objection::Stream => ("files.rm-unknown", ""),
    };
    let reason = match objection {
        Objection::Stream => "This removes whatever names come through the pipe.".to_owned(),
        Objection::Unknown => {
            "This removes a folder that is known only when it runs, and that may be any.".to_owned()
        }
        _ => format!("This would remove `{place}`: {what}."),
    };
    let instead = match objection {
        Objection::Project => {
            "Name what is to go, such as `rm -rf build`; `git clean -nd` lists what git does not \
             track."
        }
        Objection::Git => {
            "Let git change its own folder; a stale lock alone goes with `rm -f .git/index.lock`."
        }
        Objection::Unknown | Objection::Stream => {
            "Write the folder out, such as `rm -rf build`, or make it in the same command with \
             `mktemp -d`."
        }
        _ => {
            "Remove what is named below the project or a temporary folder, such as \
             `rm -rf build`; for anything else ask the user."
        }
    };
    Denial {
        rule: rule.into(),
        reason,
        instead: instead.to_owned(),
    }
}
