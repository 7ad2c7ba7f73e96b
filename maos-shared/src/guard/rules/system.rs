//! The machine itself: it is not shut down, its processes are not all ended,
//! its tables and the permissions of its folders stay.

use std::path::Path;

use super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading, leading_text, program, read,
};
use super::super::list::List;
use super::super::place::{Place, Scene};
use super::super::shell::{Command, Word};
use super::Denial;

/// Returns the objection to what a script does to the machine.
pub(super) fn judge(scene: &Scene<'_>) -> Option<Denial> {
    let mut commands = scene.script.commands.iter();
    commands.find_map(|command| {
        let harm = harm(scene, command)?;
        Some(deny(harm))
    })
}

/// What happens to the machine.
enum Harm {
    PowerOff,
    KillAll,
    RemoveCrontab,
    /// The permissions or owners of all below this folder change.
    Permissions(String),
    /// This file is moved away for good.
    MoveToNull,
}

fn harm(scene: &Scene<'_>, command: &Command) -> Option<Harm> {
    let program = program(command)?;
    let words = command.words.get(1..)?;
    let first = words.first().and_then(Word::literal).unwrap_or_default();
    match program.as_str() {
        "reboot" | "halt" | "poweroff" => (!asks_help(words)).then_some(Harm::PowerOff),
        "shutdown" => (!asks_help(words) && !has(words, 'c', "")).then_some(Harm::PowerOff),
        "init" | "telinit" => matches!(first.as_str(), "0" | "6").then_some(Harm::PowerOff),
        "systemctl" => is_first(words, POWER).then_some(Harm::PowerOff),
        "kill" => kills_all(words).then_some(Harm::KillAll),
        "killall5" => Some(Harm::KillAll),
        "crontab" => has(words, 'r', "").then_some(Harm::RemoveCrontab),
        "chmod" | "chown" | "chgrp" | "chflags" | "setfacl" | "chattr" => {
            permissions(scene, command)
        }
        "mv" => moves_to_null(scene, command).then_some(Harm::MoveToNull),
        _ => None,
    }
}

/// What `systemctl` is asked for that ends all work.
const POWER: List = List("emergency halt hibernate kexec poweroff reboot rescue suspend");

fn is_first(words: &[Word], expected: List) -> bool {
    let (_, operands) = leading(words, &FLAGS_ONLY);
    let first = operands.first().and_then(Word::literal);
    first.is_some_and(|first| expected.has(&first))
}

fn asks_help(words: &[Word]) -> bool {
    has(words, '\0', "help") || has(words, '\0', "version")
}

fn has(words: &[Word], letter: char, long: &str) -> bool {
    let arguments = read(words, &FLAGS_ONLY);
    arguments.iter().any(|one| one.is(Some(letter), long))
}

/// Returns whether `kill` is to end every process: `-1` in the place of one.
fn kills_all(words: &[Word]) -> bool {
    let literals: Vec<String> = words.iter().filter_map(Word::literal).collect();
    let Some((last, before)) = literals.split_last() else {
        return false;
    };
    last == "-1"
        && !before
            .iter()
            .any(|word| matches!(word.as_str(), "-l" | "-L"))
}

fn operands<'a>(words: &'a [Word], options: &Options) -> Vec<&'a Word> {
    let arguments = read(words, options).into_iter();
    let operands = arguments.filter_map(|argument| match argument {
        Argument::Operand(word) => Some(word),
        _ => None,
    });
    operands.collect()
}

/// The folders whose permissions the system counts on.
const SYSTEM: List = List(
    "\
    /bin /boot /dev /etc /lib /lib32 /lib64 /opt /proc /root /run /sbin /sys /usr /var /System \
    /Library /Applications",
);

fn permissions(scene: &Scene<'_>, command: &Command) -> Option<Harm> {
    const OPTIONS: Options = Options {
        short: "m",
        long: List("reference from modify"),
    };
    let words = &command.words[1..];
    let recursive = has(words, 'R', "recursive");
    let around = scene.around;
    let folder = scene.folder(&command.dirs);
    let shakes = |place: &Place| {
        let is_free = around.temp.iter().any(|temp| place.is_below(temp))
            || place.is_within(around.project)
            || place.is_within(Path::new("/usr/local"));
        let is_top = place.anchored && place.names.len() < 2;
        let holds_home = around.home.is_some_and(|home| place.may_hold(home));
        let of_system = SYSTEM
            .names()
            .any(|folder| place.is_within(Path::new(folder)));
        (is_top || holds_home || of_system) && !is_free
    };
    let places = operands(words, &OPTIONS).into_iter();
    let mut places = places.map(|word| scene.place(word, &folder));
    let shaken = places.find(|place| shakes(&swept(place)))?;
    recursive.then(|| Harm::Permissions(shaken.to_string()))
}

/// Returns the folder whose whole contents a place stands for; itself where it
/// names something.
fn swept(place: &Place) -> Place {
    match place.names.last() {
        Some(name) if name.is_sweeping() => place.parent(),
        _ => place.clone(),
    }
}

fn moves_to_null(scene: &Scene<'_>, command: &Command) -> bool {
    let folder = scene.folder(&command.dirs);
    let operands = operands(&command.words[1..], &FLAGS_ONLY);
    let [_, .., target] = operands.as_slice() else {
        return false;
    };
    leading_text(target).starts_with('/')
        && scene.place(target, &folder) == Place::of_path(Path::new("/dev/null"))
}

fn deny(harm: Harm) -> Denial {
    let (rule, reason, instead) = match harm {
        Harm::PowerOff => (
            "system.power",
            "This stops the machine and all that runs on it.".to_owned(),
            "Ask the user to do this; a service alone is restarted with \
             `systemctl restart name`.",
        ),
        Harm::KillAll => (
            "system.kill-all",
            "This ends every process that the user has.".to_owned(),
            "Find the one that you mean with `pgrep -af name` and end it by its number.",
        ),
        Harm::RemoveCrontab => (
            "system.crontab",
            "This deletes all the jobs that the user has set up.".to_owned(),
            "Look at them with `crontab -l`, and ask the user to change them.",
        ),
        Harm::Permissions(folder) => (
            "system.permissions",
            format!("This changes the permissions or owners of all that is in `{folder}`."),
            "Name the file or the folder of the project that needs it, such as \
             `chmod -R u+w build`.",
        ),
        Harm::MoveToNull => (
            "files.move-to-null",
            "What is moved to `/dev/null` is gone.".to_owned(),
            "Remove what has to go by its name, such as `rm -rf build`.",
        ),
    };
    Denial {
        rule,
        reason,
        instead: instead.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::super::Surroundings;
    use super::super::super::shell::Script;
    use super::super::super::starts::testing::test_command;
    use super::*;

    fn objection(text: &str) -> Option<Denial> {
        let temp = [PathBuf::from("/tmp")];
        let around = Surroundings {
            cwd: Path::new("/home/dev/project/sub"),
            home: Some(Path::new("/home/dev")),
            project: Path::new("/home/dev/project"),
            in_workspace: false,
            temp: &temp,
        };
        let script = Script {
            commands: vec![test_command(text)],
            redirections: Vec::new(),
        };
        judge(&Scene {
            script: &script,
            around: &around,
        })
    }

    fn rule(text: &str) -> &'static str {
        objection(text).map_or("", |denial| denial.rule)
    }

    #[test]
    fn the_machine_stays_as_it_is() {
        for (text, expected) in [
            ("shutdown -h now", "system.power"),
            ("/sbin/reboot", "system.power"),
            ("init 0", "system.power"),
            ("systemctl --force poweroff", "system.power"),
            ("kill -9 -1", "system.kill-all"),
            ("kill -s KILL -- -1", "system.kill-all"),
            ("kill -1", "system.kill-all"),
            ("crontab -r", "system.crontab"),
            ("crontab -ir", "system.crontab"),
            ("chmod -R 777 /", "system.permissions"),
            ("chmod -R 777 /etc/nginx", "system.permissions"),
            ("chown -R me:me /home/dev", "system.permissions"),
            ("chgrp -R staff ../..", "system.permissions"),
            ("chown --recursive me /usr", "system.permissions"),
            ("mv src /dev/null", "files.move-to-null"),
        ] {
            assert_eq!(rule(text), expected, "{text}");
        }
    }

    #[test]
    fn everyday_work_passes() {
        for text in [
            "shutdown -c",
            "reboot --help",
            "init q",
            "systemctl status reboot",
            "kill -1 1234",
            "kill -9 1234",
            "kill -l",
            "kill %1",
            "crontab -l",
            "chmod -R u+w .",
            "chmod -R 755 ..",
            "chmod 755 script.sh",
            "chmod +x /usr/local/bin/tool",
            "chown -R me /usr/local/lib",
            "chown -R me /tmp/build",
            "chown -R me /home/dev/.npm",
            "mv a b",
            "cp a /dev/null",
            "echo reboot",
        ] {
            assert_eq!(rule(text), "", "{text}");
        }
    }

    #[test]
    fn the_next_step_passes() {
        for text in [
            "reboot",
            "kill -9 -1",
            "crontab -r",
            "chmod -R 777 /",
            "mv a /dev/null",
        ] {
            let denial = objection(text).expect("a denial");
            for step in denial.instead.split('`').skip(1).step_by(2) {
                assert_eq!(rule(step), "", "{step}");
            }
        }
    }
}
