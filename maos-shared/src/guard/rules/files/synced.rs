//! Copies that make a folder equal to another: what only the target has is
//! removed. `rsync --delete`, `rclone sync`, `robocopy /MIR`.

use std::path::Path;

use super::super::super::arguments::{
    Argument, FLAGS_ONLY, NONE, Options, leading_text, options, read, skip,
};
use super::super::super::list::{List, Table, table};
use super::super::super::place::{Name, Place};
use super::super::super::scene::{self, Scene};
use super::super::super::shell::{Command, Part, Word};
use super::super::super::starts;
use super::places::{both, judge_contents};
use super::{Finding, Objection, is_made_anew, operands};

/// How a program makes a folder equal to another.
struct Syncing {
    programs: List,
    /// The operands that it begins with.
    asked: &'static str,
    options: Options,
    /// The options that say so, as they begin; without any, it always does.
    when: &'static [&'static str],
    /// The options that keep what is removed.
    keeps: &'static [(char, &'static str)],
    /// Whether the source and the target are the first two operands, and all
    /// others name files; else the target is the last.
    first_two: bool,
}

const ALWAYS: Syncing = Syncing {
    programs: List(""),
    asked: "",
    options: FLAGS_ONLY,
    when: &[],
    keeps: &[],
    first_two: false,
};

const SYNCING: [Syncing; 7] = [
    Syncing {
        programs: List("rsync"),
        options: options(
            "efTBM",
            "rsh filter exclude exclude-from include include-from files-from temp-dir backup-dir \
             compare-dest link-dest",
        ),
        when: &["--del"],
        keeps: &[('b', "backup"), (NONE, "backup-dir")],
        ..ALWAYS
    },
    Syncing {
        programs: List("rclone"),
        asked: "sync",
        options: options("", "backup-dir exclude filter include transfers checkers"),
        keeps: &[(NONE, "backup-dir")],
        ..ALWAYS
    },
    Syncing {
        programs: List("aws"),
        asked: "s3 sync",
        options: options("", "acl exclude include storage-class profile region"),
        when: &["--delete"],
        ..ALWAYS
    },
    Syncing {
        programs: List("gsutil"),
        asked: "rsync",
        options: options("xy", ""),
        when: &["-d"],
        ..ALWAYS
    },
    Syncing {
        programs: List("gcloud"),
        asked: "storage rsync",
        options: options("x", "exclude project"),
        when: &["--delete-unmatched-destination-objects"],
        ..ALWAYS
    },
    Syncing {
        programs: List("mc"),
        asked: "mirror",
        options: options("", "exclude"),
        when: &["--remove"],
        ..ALWAYS
    },
    Syncing {
        programs: List("robocopy robocopy.exe"),
        when: &["/mir", "/MIR", "/Mir", "/purge", "/PURGE", "/Purge"],
        first_two: true,
        ..ALWAYS
    },
];

/// The options with which they only say what they would do.
const DRY: [(char, &str); 3] = [('n', "dry-run"), (NONE, "dryrun"), (NONE, "list-only")];

/// Judges such a copy by the folder that it makes equal to another.
pub(super) fn judge(scene: &Scene<'_>, command: &Command, program: &str) -> Option<Finding> {
    static BY_PROGRAM: Table<Syncing> = table!(&SYNCING, programs);
    BY_PROGRAM
        .all(program)
        .filter_map(|one| judge_one(scene, command, one))
        .next()
}

fn judge_one(scene: &Scene<'_>, command: &Command, syncing: &Syncing) -> Option<Finding> {
    let arguments = read(&command.words[1..], &syncing.options);
    let has = |wanted: &[(char, &str)]| {
        let is_one = |one: &Argument<'_>| {
            let mut wanted = wanted.iter();
            wanted.any(|(letter, long)| one.is(Some(*letter), long))
        };
        arguments.iter().any(is_one)
    };
    let begins = |text: &str| syncing.when.iter().any(|when| text.starts_with(when));
    let deletes = arguments.iter().any(|one| match one {
        Argument::Flag(flag) => begins(flag),
        Argument::Operand(word) => begins(leading_text(word)),
        Argument::Valued(..) => false,
    });
    if has(&DRY) || !(deletes || syncing.when.is_empty()) {
        return None;
    }
    let mut operands = operands(&arguments);
    for name in syncing.asked.split_ascii_whitespace() {
        (operands.next()?.known()? == name).then_some(())?;
    }
    let operands: Vec<&Word> = operands.collect();
    let (sources, target) = match (syncing.first_two, operands.as_slice()) {
        (true, [source, target, ..]) => (std::slice::from_ref(source), *target),
        (false, [sources @ .., target]) => (sources, *target),
        _ => return None,
    };
    let folder = scene.folder(&command.dirs);
    if let Some(there) = elsewhere(target) {
        let judge = |place: &Place| judge_contents(scene, place);
        let found = both(scene, &there, &Place::unknown(), judge);
        return found.filter(|(objection, _)| objection.is_catastrophic());
    }
    let sources = sources.iter().map(|word| scene.place(word, &folder));
    let sources: Vec<Place> = sources.collect();
    let from_nothing = sources.iter().any(|place| is_passing(scene, place));
    let is_kept = has(syncing.keeps);
    both(scene, target, &folder, |place| {
        let is_named_so = |source: &Place| source.names.last() == place.names.last();
        let is_copy = || is_for_copies(place) || sources.iter().any(is_named_so);
        judge_contents(scene, place).filter(|objection| match objection {
            objection if objection.is_catastrophic() => true,
            Objection::Project | Objection::Git => true,
            Objection::Outside => !is_kept && (from_nothing || !is_copy()),
            _ => from_nothing,
        })
    })
}

/// Returns the place on another machine that a word names; what is on a remote of
/// `rclone` or in a bucket is nobody's root or home.
fn elsewhere(word: &Word) -> Option<Word> {
    let text = leading_text(word);
    let at = text.find(':').filter(|at| !text[..*at].contains('/'))?;
    let path = skip(word, at + 1);
    match leading_text(&path) {
        // A drive.
        text if text.starts_with('\\') => None,
        text if text.starts_with('~') => {
            let mut home = Word {
                parts: vec![Part::Tilde(String::new())],
            };
            let below = skip(&path, 1);
            below.parts.into_iter().for_each(|part| home.push(part));
            Some(home)
        }
        text if text.starts_with('/') && !text.starts_with("//") => Some(path),
        _ => Some(starts::word("elsewhere/elsewhere")),
    }
}

/// Returns whether a folder has nothing in it, or things that are there for a
/// while: what is made equal to it was not meant to be a copy.
fn is_passing(scene: &Scene<'_>, place: &Place) -> bool {
    let temp = scene.around.temp.iter();
    let is_temp = temp.clone().any(|temp| place.is_below(temp));
    let is_ground = place.is_within(scene.around.project);
    let is_empty = match place.names.last() {
        Some(Name::Known(name)) => {
            name.starts_with(scene::FRESH) || name.to_ascii_lowercase().contains("empty")
        }
        _ => false,
    };
    is_empty || (is_temp && !is_ground)
}

/// Returns whether a folder is there to hold copies of what is elsewhere, as its
/// names say, or may be.
fn is_for_copies(place: &Place) -> bool {
    const ROOTS: List = List("/backup /backups /data /media /mnt /opt /srv /var/www /Volumes");
    const SAYING: List = List(
        "\
        archive backup copies copy deploy export mirror pages public release site snapshot staging \
        sync www",
    );
    let says = |name: &Name| match name {
        Name::Known(known) => {
            let known = known.to_ascii_lowercase();
            is_made_anew(name) || SAYING.names().any(|word| known.contains(word))
        }
        Name::Pattern(_) => true,
    };
    let mut roots = ROOTS.names().map(Path::new);
    roots.any(|root| place.is_below(root)) || place.names.iter().any(says)
}
