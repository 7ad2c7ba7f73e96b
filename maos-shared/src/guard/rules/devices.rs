//! Disks: nothing writes to one, formats it or changes its partitions.

use std::path::Path;

use super::super::arguments::{Argument, FLAGS_ONLY, Options, leading_text, program, read, skip};
use super::super::list::List;
use super::super::place::{Name, Place};
use super::super::scene::Scene;
use super::super::shell::{Command, Redirection, Word};
use super::Denial;

/// Returns the objections to what a script does to disks.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let in_commands = scene.commands().filter_map(|command| {
        judge_command(scene, command).or_else(|| judge_redirections(scene, &command.redirections))
    });
    in_commands
        .chain(judge_redirections(scene, &scene.script.redirections))
        .collect()
}

fn judge_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Denial> {
    let mut outputs = redirections.iter().filter(|one| one.operator != "<");
    outputs.find_map(|output| {
        let folder = scene.folder(&output.dirs);
        let place = scene.place(&output.target, &folder);
        is_disk(&place).then(|| deny(Harm::Write, &place.to_string()))
    })
}

/// What is done to a disk.
#[derive(Clone, Copy)]
enum Harm {
    Write,
    Format,
}

/// Programs that write to their last operand.
const COPIERS: List = List("cp gcp mv install rsync scp ln");

/// Programs that write to every file that they name.
const WRITERS: List = List("tee shred sponge truncate");

/// Programs that make a file system or change partitions.
const FORMATTERS: List = List(
    "\
    badblocks blkdiscard cfdisk fdisk gdisk hdparm mdadm mke2fs mkswap parted pvcreate pvremove \
    sfdisk sgdisk wipefs",
);

/// What makes them only show.
const SHOWING: List =
    List("-l --list -n --no-act -p --print -P print list status -d --dump -I -i -o --output");

/// What `diskutil` is asked for that destroys.
const DISKUTIL: List = List(
    "\
    apfs_deletecontainer apfs_deletevolume apfs_erasevolume erasecd erasedisk eraseoptical erasevolume mergepartitions partitiondisk \
    randomdisk reformat repartitiondisk secureerase splitpartition zerodisk",
);

fn judge_command(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let program = program(command)?;
    let words = command.words.get(1..)?;
    let folder = scene.folder(&command.dirs);
    let disk = |word: &Word| {
        let place = scene.place(word, &folder);
        is_disk(&place).then(|| place.to_string())
    };
    let first = || words.first().and_then(Word::literal).unwrap_or_default();
    let shows = || {
        let mut words = words.iter().filter_map(Word::known);
        words.any(|word| SHOWING.has(&word))
    };
    match &*program {
        "dd" => {
            let output = words
                .iter()
                .find(|word| leading_text(word).starts_with("of="))?;
            disk(&skip(output, 3)).map(|name| deny(Harm::Write, &name))
        }
        name if COPIERS.has(name) => {
            let target = operands(words).last()?;
            disk(target).map(|name| deny(Harm::Write, &name))
        }
        name if WRITERS.has(name) => {
            let name = operands(words).find_map(disk);
            name.map(|name| deny(Harm::Write, &name))
        }
        "diskutil" => {
            let second = words.get(1).and_then(Word::literal).unwrap_or_default();
            let asked = match first() {
                first if first == "apfs" => format!("apfs_{second}"),
                first => first,
            };
            DISKUTIL
                .has(&asked.to_ascii_lowercase())
                .then(|| deny(Harm::Format, "a disk"))
        }
        "cryptsetup" => matches!(
            first().as_str(),
            "luksFormat" | "luksErase" | "erase" | "reencrypt"
        )
        .then(|| deny(Harm::Format, "a disk")),
        name if name == "mkfs" || name.starts_with("mkfs.") || name.starts_with("newfs") => {
            let name = operands(words).find_map(|word| match word.literal() {
                Some(_) => disk(word),
                None => Some(scene.place(word, &folder).to_string()),
            });
            name.map(|name| deny(Harm::Format, &name))
        }
        "zpool" | "zfs" => (first() == "destroy").then(|| deny(Harm::Format, "a pool")),
        "lvremove" | "vgremove" => Some(deny(Harm::Format, "a volume")),
        "nvme" => matches!(first().as_str(), "format" | "sanitize" | "write-zeroes")
            .then(|| deny(Harm::Format, "a disk")),
        name if FORMATTERS.has(name) && !shows() => {
            let name = operands(words).find_map(disk);
            name.map(|name| deny(Harm::Format, &name))
        }
        _ => None,
    }
}

fn operands(words: &[Word]) -> impl DoubleEndedIterator<Item = &Word> {
    const OPTIONS: Options = FLAGS_ONLY;
    let arguments = read(words, &OPTIONS).into_iter();
    arguments.filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word),
        _ => None,
    })
}

/// What the names of disks in `/dev` begin with.
const DISKS: List = List("dasd disk dm- hd mapper md mmcblk nbd nvme rdisk sd vd xvd");

/// Returns whether it may be a disk or one of its partitions.
fn is_disk(place: &Place) -> bool {
    if !place.anchored || !place.may_be_within(Path::new("/dev")) {
        return false;
    }
    let Some(name) = place.names.get(1) else {
        return false;
    };
    let text = match name {
        Name::Known(known) => known.to_string(),
        Name::Pattern(pattern) => pattern.to_string(),
    };
    name.is_sweeping() || DISKS.names().any(|disk| text.starts_with(disk))
}

fn deny(harm: Harm, name: &str) -> Denial {
    let (rule, reason) = match harm {
        Harm::Write => (
            "devices.write",
            format!("This overwrites the disk `{name}` with all that is on it."),
        ),
        Harm::Format => (
            "devices.format",
            format!(
                "This makes a new file system or new partitions on `{name}`: what is there is lost."
            ),
        ),
    };
    Denial {
        rule: rule.into(),
        reason,
        instead: "Work on an image, such as `dd if=/dev/zero of=disk.img bs=1M count=64`, and ask \
                  the user to change a disk."
            .to_owned(),
    }
}
