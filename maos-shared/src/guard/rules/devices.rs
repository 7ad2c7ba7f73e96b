//! Disks and the machine: what overwrites a device, stops the system, or takes
//! down what lies in a cloud.

use super::super::arguments::{Argument, FLAGS_ONLY, program, read};
use super::super::list::List;
use super::super::place::{Name, Place, Scene};
use super::super::shell::{Command, Redirection, Word};
use super::Denial;

/// How the names of disks begin, below `/dev`.
const DISKS: [&str; 13] = [
    "disk", "dm-", "hd", "loop", "mapper", "md", "mmcblk", "nvme", "rdisk", "sd", "vd", "xvd", "zd",
];

/// Programs that write to whatever device they name.
const WRITERS: List = List("cat cp dd ddrescue pv shred tee");

/// Programs that make a file system or wipe a device, whatever their options.
const FORMATTERS: List = List(
    "\
    badblocks blkdiscard lvremove mke2fs mkswap newfs pvremove vgremove wipe",
);

/// Programs that stop the system.
const STOPPERS: List = List("halt poweroff reboot shutdown");

/// Programs that show a disk with one of these options, and change it with any
/// other or none.
const PARTITIONERS: [(&str, &[(char, &str)]); 8] = [
    (
        "fdisk",
        &[('l', "list"), ('v', "version"), ('x', "list-details")],
    ),
    ("cfdisk", &[('v', "version")]),
    (
        "sfdisk",
        &[
            ('l', "list"),
            ('d', "dump"),
            ('J', "json"),
            ('s', "show-size"),
        ],
    ),
    ("gdisk", &[('l', "list")]),
    ("sgdisk", &[('p', "print"), ('i', "info"), ('v', "verify")]),
    ("parted", &[('l', "list")]),
    ("wipefs", &[('n', "no-act")]),
    ("cryptsetup", &[]),
];

/// What speaks against a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Objection {
    Device,
    Machine,
    Processes,
    Crontab,
    Cloud,
}

/// Returns the objections to what a script does to the machine.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter().filter_map(|command| {
        of_command(scene, command).or_else(|| of_redirections(scene, &command.redirections))
    });
    commands
        .chain(of_redirections(scene, &scene.script.redirections))
        .collect()
}

fn of_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Denial> {
    let writes = redirections.iter().filter(|one| one.operator != "<");
    writes.into_iter().find_map(|redirection| {
        let folder = scene.folder(&redirection.dirs);
        of_target(&scene.place(&redirection.target, &folder))
    })
}

fn of_target(place: &Place) -> Option<Denial> {
    if is_disk(place) {
        return Some(deny(Objection::Device, &place.to_string()));
    }
    is_trigger(place).then(|| deny(Objection::Machine, &place.to_string()))
}

fn of_command(scene: &Scene<'_>, command: &Command) -> Option<Denial> {
    let name = program(command)?;
    let words = &command.words[1..];
    let folder = scene.folder(&command.dirs);
    if WRITERS.has(&name) && name != "cat" {
        let targets = targets(&name, words);
        return targets
            .iter()
            .find_map(|word| of_target(&scene.place(word, &folder)));
    }
    let objection = if formats(&name, words) {
        Some(Objection::Device)
    } else if stops(&name, words) {
        Some(Objection::Machine)
    } else if kills_all(&name, words) {
        Some(Objection::Processes)
    } else if name == "crontab" && has(words, 'r', "remove") {
        Some(Objection::Crontab)
    } else {
        takes_down(&name, words).then_some(Objection::Cloud)
    };
    objection.map(|objection| deny(objection, &name))
}

/// Returns the words that name what a program writes to.
fn targets(program: &str, words: &[Word]) -> Vec<Word> {
    match program {
        "dd" => {
            let output =
                |word: &Word| super::super::arguments::leading_text(word).starts_with("of=");
            let of = words.iter().filter(|word| output(word));
            of.map(|word| super::super::arguments::skip(word, "of=".len()))
                .collect()
        }
        "cp" | "ddrescue" => operands(words).last().cloned().into_iter().collect(),
        _ => operands(words),
    }
}

fn operands(words: &[Word]) -> Vec<Word> {
    let arguments = read(words, &FLAGS_ONLY);
    let operands = arguments.into_iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word.clone()),
        _ => None,
    });
    operands.collect()
}

fn has(words: &[Word], letter: char, long: &str) -> bool {
    read(words, &FLAGS_ONLY)
        .iter()
        .any(|one| one.is(Some(letter), long))
}

/// Returns the operands as texts, what is not known as an empty one.
fn literals(words: &[Word]) -> Vec<String> {
    let operands = operands(words).into_iter();
    operands
        .map(|word| word.literal().unwrap_or_default())
        .collect()
}

fn is_disk(place: &Place) -> bool {
    let [Name::Known(dev), device, ..] = &place.names[..] else {
        return false;
    };
    place.anchored
        && dev == "dev"
        && match device {
            Name::Known(name) => {
                DISKS.iter().any(|disk| name.starts_with(disk)) && !name.starts_with("loop-control")
            }
            Name::Pattern(pattern) => ["sda", "nvme0n1", "vda"]
                .iter()
                .any(|disk| pattern.expands_to(disk)),
        }
}

/// Returns whether writing to it stops the machine.
fn is_trigger(place: &Place) -> bool {
    ["/proc/sysrq-trigger", "/proc/sys/kernel/sysrq"]
        .iter()
        .any(|path| place.may_be(path.as_ref()))
}

fn formats(program: &str, words: &[Word]) -> bool {
    let partitioner = PARTITIONERS.iter().find(|(name, _)| *name == program);
    if let Some((name, shows)) = partitioner {
        let operands = literals(words);
        let says = |part: &str| operands.iter().any(|operand| operand == part);
        return match *name {
            "cryptsetup" => says("luksFormat") || says("erase") || says("luksErase"),
            "parted" if says("print") => false,
            _ => {
                !operands.is_empty()
                    && !shows.iter().any(|(letter, long)| has(words, *letter, long))
            }
        };
    }
    let first = literals(words).into_iter().next().unwrap_or_default();
    match program {
        "zpool" => first == "destroy",
        "mdadm" => has(words, '\0', "zero-superblock"),
        "hdparm" => words.iter().any(|word| {
            word.literal()
                .is_some_and(|text| text.starts_with("--security-erase"))
        }),
        "diskutil" => first.to_ascii_lowercase().contains("erase") || first == "partitionDisk",
        _ => FORMATTERS.has(program) || program == "mkfs" || program.starts_with("mkfs."),
    }
}

fn stops(program: &str, words: &[Word]) -> bool {
    let operands = literals(words);
    let first = operands.first().map_or("", String::as_str);
    match program {
        "shutdown" => !has(words, 'c', "cancel") && !has(words, '\0', "help"),
        "init" | "telinit" => matches!(first, "0" | "6"),
        "systemctl" => matches!(
            first,
            "poweroff" | "reboot" | "halt" | "kexec" | "emergency" | "rescue"
        ),
        name => STOPPERS.has(name) && !has(words, '\0', "help"),
    }
}

fn kills_all(program: &str, words: &[Word]) -> bool {
    match program {
        "killall5" => true,
        // The first word may be a signal; `-1` behind it is every process.
        "kill" => words
            .iter()
            .skip(1)
            .any(|word| word.literal().as_deref() == Some("-1")),
        _ => false,
    }
}

/// Returns whether a command takes down what lies in containers or a cloud.
fn takes_down(program: &str, words: &[Word]) -> bool {
    let operands = literals(words);
    let operands: Vec<&str> = operands.iter().map(String::as_str).collect();
    let flag = |letter: char, long: &str| has(words, letter, long);
    match (program, &operands[..]) {
        ("docker" | "podman" | "nerdctl", ["system", "prune", ..]) => {
            flag('a', "all") || flag('\0', "volumes")
        }
        ("docker" | "podman" | "nerdctl", ["volume", "prune" | "rm" | "remove", ..]) => true,
        ("docker" | "podman" | "docker-compose", [.., "down"]) => flag('v', "volumes"),
        (
            "kubectl" | "oc",
            [
                "delete",
                "namespace" | "namespaces" | "ns" | "pv" | "pvc" | "crd",
                ..,
            ],
        ) => true,
        ("kubectl" | "oc", ["delete", ..]) => flag('\0', "all") || flag('A', "all-namespaces"),
        ("terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk", ["destroy", ..]) => true,
        ("terraform" | "tofu" | "terragrunt", ["apply", ..]) => words.iter().any(|word| {
            word.literal()
                .is_some_and(|text| text.trim_start_matches('-') == "destroy")
        }),
        ("aws", ["s3", "rb", ..]) => flag('\0', "force"),
        ("aws", ["s3", "rm", ..]) => flag('\0', "recursive"),
        ("gcloud", ["projects", "delete", ..]) => true,
        ("az", ["group", "delete", ..]) => true,
        ("gh", ["repo", "delete", ..]) => true,
        ("heroku", ["apps:destroy", ..]) => true,
        ("flyctl" | "fly", ["apps", "destroy", ..]) => true,
        ("dropdb", _) => !operands.is_empty(),
        ("redis-cli", [.., last]) => {
            matches!(last.to_ascii_lowercase().as_str(), "flushall" | "flushdb")
        }
        _ => false,
    }
}

fn deny(objection: Objection, what: &str) -> Denial {
    let (rule, reason, instead) = match objection {
        Objection::Device => (
            "devices.disk",
            format!("This would overwrite a disk or its partitions (`{what}`)."),
            "Work on an image in a file, such as `dd if=/dev/zero of=/tmp/disk.img bs=1M count=64`; \
             a real disk is for the user.",
        ),
        Objection::Machine => (
            "devices.power",
            format!("This would stop the machine (`{what}`), with all that runs on it."),
            "Leave that to the user.",
        ),
        Objection::Processes => (
            "devices.kill-all",
            "This would end every process that the user has.".to_owned(),
            "Name the one process, such as with `pkill -f my-server`.",
        ),
        Objection::Crontab => (
            "devices.crontab",
            "This would delete the user's whole crontab.".to_owned(),
            "Show it with `crontab -l` and ask the user to take the line out.",
        ),
        Objection::Cloud => (
            "cloud.destroy",
            format!(
                "This takes down what others may be using (`{what}`), and nothing brings it back."
            ),
            "Let the user run it, or say yes.",
        ),
    };
    Denial {
        rule: rule.into(),
        reason,
        instead: instead.to_owned(),
    }
}
