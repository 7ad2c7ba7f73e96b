//! Programs that start the command on their line, or the text that one of
//! their options holds.

use super::super::arguments::{Argument, FLAGS_ONLY, Options, leading, leading_text, read, skip};
use super::super::list::List;
use super::super::shell::Word;
use super::{Line, Started, What, values_of, words};

/// How a program reads its line.
struct Usage {
    programs: List,
    /// It starts something behind one of these subcommands alone.
    subcommands: List,
    /// The options that take a value.
    options: Options,
    /// Those of them whose value is shell text, by letter and long name.
    texts: &'static [(char, &'static str)],
    /// Those of them whose value is a setting that may hold shell text:
    /// `ProxyCommand=TEXT`, `exec=TEXT`.
    settings: &'static [(char, &'static str)],
    /// Those of them whose value is the folder to start in.
    folders: &'static [(char, &'static str)],
    /// What its operands are.
    operands: Operands,
}

/// What the operands of a program are.
#[derive(Clone, Copy)]
enum Operands {
    /// No commands; its options may stand among them.
    Data,
    /// A command with its arguments, after this many others.
    Command { after: usize },
    /// Words of one shell text, after this many others.
    Text { after: usize },
    /// Shell texts, each for itself.
    Texts,
}

const NONE: char = '\0';

/// A program that starts the command on its line.
const PREFIX: Usage = Usage {
    programs: List(""),
    subcommands: List(""),
    options: FLAGS_ONLY,
    texts: &[],
    settings: &[],
    folders: &[],
    operands: Operands::Command { after: 0 },
};

/// A program with options whose value is shell text.
const DATA: Usage = Usage {
    operands: Operands::Data,
    ..PREFIX
};

const fn valued(short: &'static str, long: &'static str) -> Options {
    Options {
        short,
        long: List(long),
    }
}

/// Programs that set something up and start a command.
const PREFIXES: &[Usage] = &[
    Usage {
        programs: List(
            "\
            builtin catchsegv chronic eatmydata fakechroot i386 linux32 linux64 nohup rlwrap \
            setsid time uname26 unbuffer x86_64",
        ),
        options: valued("fo", "format output"),
        ..PREFIX
    },
    Usage {
        programs: List("sudo"),
        options: valued(
            "CDghpRrTtUu",
            "close-from chdir group host prompt chroot role command-timeout type other-user user",
        ),
        folders: &[('D', "chdir")],
        ..PREFIX
    },
    Usage {
        programs: List("doas"),
        options: valued("Cu", ""),
        ..PREFIX
    },
    Usage {
        programs: List("runuser"),
        options: valued("gGu", "group supp-group user"),
        ..PREFIX
    },
    Usage {
        programs: List("pkexec"),
        options: valued("", "user"),
        ..PREFIX
    },
    Usage {
        programs: List("exec"),
        options: valued("a", ""),
        ..PREFIX
    },
    Usage {
        programs: List("nice gnice"),
        options: valued("n", "adjustment"),
        ..PREFIX
    },
    Usage {
        programs: List("ionice"),
        options: valued("cnpPu", "class classdata pid pgid uid"),
        ..PREFIX
    },
    Usage {
        programs: List("chrt"),
        options: valued("TPD", "sched-runtime sched-period sched-deadline"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("taskset faketime"),
        options: valued("f", ""),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("timeout gtimeout"),
        options: valued("ks", "kill-after signal"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("stdbuf gstdbuf"),
        options: valued("ioe", "input output error"),
        ..PREFIX
    },
    Usage {
        programs: List("unshare"),
        options: valued(
            "RwSGl",
            "root wd setuid setgid propagation setgroups map-user map-group map-users map-groups \
             monotonic boottime load-interp owner",
        ),
        folders: &[('w', "wd")],
        ..PREFIX
    },
    Usage {
        programs: List("nsenter"),
        options: valued("tSGW", "target setuid setgid wdns"),
        ..PREFIX
    },
    Usage {
        programs: List("chroot"),
        options: valued("", "groups userspec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("caffeinate cpulimit"),
        options: valued("twlpe", "limit pid exe"),
        ..PREFIX
    },
    Usage {
        programs: List("dbus-run-session"),
        options: valued("", "config-file dbus-daemon"),
        ..PREFIX
    },
    Usage {
        programs: List("systemd-run systemd-inhibit"),
        options: valued(
            "pEHMu",
            "property setenv host machine unit description slice uid gid nice working-directory \
             service-type on-active on-boot on-startup on-calendar timer-property what who why mode",
        ),
        folders: &[(NONE, "working-directory")],
        ..PREFIX
    },
    Usage {
        programs: List("proot"),
        options: valued("rbwqkmR", "rootfs bind cwd pwd qemu kernel-release"),
        folders: &[('w', "cwd"), (NONE, "pwd")],
        ..PREFIX
    },
    Usage {
        programs: List("setpriv prlimit numactl"),
        options: valued(
            "CNmpP",
            "ruid euid rgid egid reuid regid groups inh-caps ambient-caps bounding-set \
             securebits pdeathsig selinux-label apparmor-profile membind cpunodebind physcpubind",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("fakeroot"),
        options: valued("lsib", "lib faked"),
        ..PREFIX
    },
    Usage {
        programs: List("strace ltrace"),
        options: valued(
            "abeEIoOpPsSuUXADFlnwx",
            "attach columns trace signal status fault inject env interruptible output \
             summary-columns summary-sort-by string-limit trace-path user where",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("valgrind firejail torsocks proxychains proxychains4"),
        options: valued("f", ""),
        ..PREFIX
    },
    Usage {
        programs: List("perf"),
        subcommands: List("stat record trace"),
        options: valued(
            "eorpCItFcmDG",
            "event output repeat pid tid cpu interval-print freq",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("xvfb-run"),
        options: valued(
            "efnpsw",
            "auth-file error-file server-num server-args xauth-protocol wait",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("sshpass"),
        options: valued("pfdP", ""),
        ..PREFIX
    },
    Usage {
        programs: List("watchexec entr"),
        options: valued("wefi", "watch exts filter ignore"),
        ..PREFIX
    },
    Usage {
        programs: List("busybox toybox"),
        ..PREFIX
    },
    Usage {
        programs: List("setarch"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
];

/// Tools that start a command in the surroundings that they keep.
const TOOLS: &[Usage] = &[
    Usage {
        programs: List("direnv"),
        subcommands: List("exec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("mise rtx asdf"),
        subcommands: List("exec x"),
        options: valued("cjC", "command jobs cd"),
        texts: &[('c', "command")],
        ..PREFIX
    },
    Usage {
        programs: List("poetry pipenv rye pdm hatch pipx bundle bundler dotenvx doppler op"),
        subcommands: List("run exec"),
        options: valued(
            "CPpfce",
            "directory project env-file config profile environment",
        ),
        ..PREFIX
    },
    Usage {
        programs: List("uv"),
        subcommands: List("run"),
        options: valued(
            "pmw",
            "python with with-requirements with-editable extra group only-group env-file package \
             directory project index default-index cache-dir config-file",
        ),
        folders: &[(NONE, "directory")],
        ..PREFIX
    },
    Usage {
        programs: List("conda mamba micromamba"),
        subcommands: List("run"),
        options: valued("np", "name prefix cwd"),
        folders: &[(NONE, "cwd")],
        ..PREFIX
    },
    Usage {
        programs: List("rustup aws-vault chamber"),
        subcommands: List("run exec"),
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("npx bunx pnpx uvx"),
        options: valued("cpw", "call package workspace from with python"),
        texts: &[('c', "call")],
        ..PREFIX
    },
    Usage {
        programs: List("npm pnpm yarn"),
        subcommands: List("exec x dlx"),
        options: valued("cpwC", "call package workspace dir filter"),
        texts: &[('c', "call")],
        folders: &[('C', "dir")],
        ..PREFIX
    },
    Usage {
        programs: List("bun"),
        subcommands: List("x"),
        ..PREFIX
    },
    Usage {
        programs: List("cross-env env-cmd dotenv"),
        options: valued("fe", "file environments"),
        ..PREFIX
    },
];

/// Programs that give a text to a shell.
const TEXTS: &[Usage] = &[
    Usage {
        programs: List("su"),
        options: valued(
            "cCgGsw",
            "command session-command group supp-group shell whitelist-environment",
        ),
        texts: &[('c', "command"), ('C', "session-command")],
        ..DATA
    },
    Usage {
        programs: List("flock"),
        options: valued("cwE", "command timeout wait conflict-exit-code"),
        texts: &[('c', "command")],
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("sg"),
        options: valued("c", ""),
        texts: &[('c', "")],
        operands: Operands::Text { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("script"),
        options: valued(
            "cEIOBTmot",
            "command echo log-in log-out log-io log-timing logging-format output-limit",
        ),
        texts: &[('c', "command")],
        operands: Operands::Command { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("nix-shell"),
        options: valued("pIA", "run command packages attr"),
        texts: &[(NONE, "run"), (NONE, "command")],
        ..DATA
    },
    Usage {
        programs: List("ssh autossh"),
        options: valued("BbcDEeFIiJLlmOopPQRSWw", ""),
        settings: &[('o', "")],
        operands: Operands::Text { after: 1 },
        ..PREFIX
    },
    Usage {
        programs: List("hyperfine"),
        options: valued(
            "wmMrnpscPDLSNi",
            "warmup min-runs max-runs runs command-name prepare setup cleanup conclude shell \
             export-json export-csv export-markdown parameter-list parameter-scan output input",
        ),
        texts: &[
            ('p', "prepare"),
            ('s', "setup"),
            ('c', "cleanup"),
            (NONE, "conclude"),
        ],
        operands: Operands::Texts,
        ..PREFIX
    },
    Usage {
        programs: List("concurrently"),
        options: valued(
            "nclmpts",
            "names prefix-colors max-processes prefix success",
        ),
        operands: Operands::Texts,
        ..PREFIX
    },
    Usage {
        programs: List("nodemon"),
        options: valued("xewid", "exec ext watch ignore delay"),
        texts: &[('x', "exec")],
        ..DATA
    },
    Usage {
        programs: List("tar gtar bsdtar"),
        options: valued(
            "fCITXbgHVFKLN",
            "file directory use-compress-program files-from exclude exclude-from to-command \
             info-script new-volume-script rmt-command rsh-command checkpoint-action transform",
        ),
        texts: &[
            ('I', "use-compress-program"),
            ('F', "info-script"),
            (NONE, "new-volume-script"),
            (NONE, "to-command"),
            (NONE, "rsh-command"),
            (NONE, "rmt-command"),
        ],
        settings: &[(NONE, "checkpoint-action")],
        ..DATA
    },
    Usage {
        programs: List("rsync"),
        options: valued(
            "efTMB",
            "rsh rsync-path filter exclude include exclude-from include-from files-from temp-dir",
        ),
        texts: &[('e', "rsh"), (NONE, "rsync-path")],
        ..DATA
    },
    Usage {
        programs: List("man"),
        options: valued("PCLmMRSseE", "pager"),
        texts: &[('P', "pager")],
        ..DATA
    },
    Usage {
        programs: List("scp sftp"),
        options: valued("cDFiJloPSX", ""),
        settings: &[('o', "")],
        texts: &[('S', "")],
        ..DATA
    },
    Usage {
        programs: List("sort gsort"),
        options: valued("kotST", "compress-program key output buffer-size"),
        texts: &[(NONE, "compress-program")],
        ..DATA
    },
    Usage {
        programs: List("rg"),
        options: valued("efgmtTABC", "pre hostname-bin regexp file glob type"),
        texts: &[(NONE, "pre"), (NONE, "hostname-bin")],
        ..DATA
    },
    Usage {
        programs: List("split gsplit"),
        options: valued("abClnt", "filter"),
        texts: &[(NONE, "filter")],
        ..DATA
    },
];

/// Returns what these programs start.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    let words = line.words;
    match line.program() {
        "env" | "genv" => env(words, ENV_DEPTH),
        "command" if has_flag(words, "vV") => Vec::new(),
        "command" => prefix(&PREFIX, words),
        "zip" => zip_test(words),
        "sudo" if has_flag(words, "elvkK") => Vec::new(),
        "watch" => watch(words),
        "setarch" if leading_text_of(words).starts_with('-') => prefix(&PREFIX, words),
        "gdb" | "lldb" => behind(words, &["--args", "--"]),
        "nix" => behind(words, &["-c", "--command"]),
        "mise" | "rtx" if words.iter().any(|word| is(word, "--")) => behind(words, &["--"]),
        "cargo" => cargo_watch(words),
        "runuser" if !has_flag(words, "u") => {
            usage("su").map_or_else(Vec::new, |su| of_usage(su, words))
        }
        program => usage(program).map_or_else(Vec::new, |usage| of_usage(usage, words)),
    }
}

fn usage(program: &str) -> Option<&'static Usage> {
    let tables = [PREFIXES, TOOLS, TEXTS];
    let mut usages = tables.into_iter().flatten();
    usages.find(|usage| usage.programs.has(program))
}

fn of_usage(usage: &Usage, words: &[Word]) -> Vec<Started> {
    if usage.subcommands.names().next().is_none() {
        return prefix(usage, words);
    }
    match leading(words, &usage.options).1.split_first() {
        Some((subcommand, words)) if is_one_of(subcommand, usage.subcommands) => {
            prefix(usage, words)
        }
        _ => Vec::new(),
    }
}

/// Returns what a line starts by its options and operands.
fn prefix(usage: &Usage, words: &[Word]) -> Vec<Started> {
    let (arguments, rest) = match usage.operands {
        Operands::Data => (read(words, &usage.options), &[][..]),
        Operands::Texts => leading(words, &usage.options),
        Operands::Command { after } | Operands::Text { after } => {
            behind_operands(words, &usage.options, after)
        }
    };
    let folder = values_of(&arguments, usage.folders).last().cloned();
    let texts = values_of(&arguments, usage.texts).cloned();
    let set = values_of(&arguments, usage.settings).filter_map(setting);
    let mut started: Vec<Started> = texts.chain(set).map(Started::shell).collect();
    match usage.operands {
        Operands::Command { .. } if started.is_empty() => started.extend(assigned(rest)),
        Operands::Text { .. } if !rest.is_empty() => {
            started.push(Started::shell(words::join(rest, " ")));
        }
        Operands::Texts => started.extend(rest.iter().cloned().map(Started::shell)),
        _ => {}
    }
    let moved = started.into_iter();
    moved.map(|one| one.in_folder(folder.clone())).collect()
}

/// Returns the options in front of the command, and the words from there on;
/// `operands` of others stand in front of it too.
fn behind_operands<'a>(
    words: &'a [Word],
    options: &Options,
    operands: usize,
) -> (Vec<Argument<'a>>, &'a [Word]) {
    let (mut arguments, mut rest) = leading(words, options);
    for _ in 0..operands {
        let (more, after) = leading(rest.get(1..).unwrap_or_default(), options);
        arguments.extend(more);
        rest = after;
    }
    (arguments, rest)
}

/// Returns the shell text in `ProxyCommand=TEXT` and its kin.
fn setting(value: &Word) -> Option<Word> {
    const HOLDING_TEXT: List =
        List("proxycommand knownhostscommand localcommand remotecommand exec");
    let text = leading_text(value);
    let end = text.find(['=', ' '])?;
    HOLDING_TEXT
        .has(&text[..end].to_ascii_lowercase())
        .then(|| skip(value, end + 1))
}

/// Returns the command that these words are, `NAME=value` in front of it.
fn assigned(words: &[Word]) -> Option<Started> {
    let assignments: Vec<(String, Word)> = words.iter().map_while(assignment).collect();
    let words = words[assignments.len()..].to_vec();
    (!words.is_empty()).then_some(Started::of(What::Program {
        words,
        assignments,
        more_arguments: false,
    }))
}

fn assignment(word: &Word) -> Option<(String, Word)> {
    let (name, _) = leading_text(word).split_once('=')?;
    let letters = |c: char| c == '_' || c.is_ascii_alphanumeric();
    (!name.is_empty() && name.chars().all(letters))
        .then(|| (name.to_owned(), skip(word, name.len() + 1)))
}

/// How often `env -S` within `env -S` is followed.
const ENV_DEPTH: usize = 4;

fn env(words: &[Word], depth: usize) -> Vec<Started> {
    const OPTIONS: Options = valued("uCSPa", "unset chdir split-string argv0");
    let (arguments, rest) = leading(words, &OPTIONS);
    let folder = values_of(&arguments, &[('C', "chdir")]).last().cloned();
    let started = match values_of(&arguments, &[('S', "split-string")]).next() {
        Some(_) if depth == 0 => Vec::new(),
        Some(text) => {
            let mut words = words::split(text);
            words.extend_from_slice(rest);
            env(&words, depth - 1)
        }
        None if leading_text_of(rest) == "-" => env(&rest[1..], depth),
        None => assigned(rest).into_iter().collect(),
    };
    let moved = started.into_iter();
    moved
        .map(|one| match one.folder {
            None => one.in_folder(folder.clone()),
            Some(_) => one,
        })
        .collect()
}

fn watch(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = valued("nqs", "interval equexit shotsdir");
    let (arguments, rest) = leading(words, &OPTIONS);
    let direct = arguments.iter().any(|one| one.is(Some('x'), "exec"));
    match rest {
        [] => Vec::new(),
        _ if direct => vec![Started::program(rest.to_vec())],
        _ => vec![Started::shell(words::join(rest, " "))],
    }
}

/// Returns the command behind the first of these words.
fn behind(words: &[Word], marks: &[&str]) -> Vec<Started> {
    let is_mark = |word: &Word| marks.iter().any(|mark| is(word, mark));
    let at = words.iter().position(is_mark);
    let rest = at.map_or(&[][..], |at| &words[at + 1..]);
    assigned(rest).into_iter().collect()
}

fn cargo_watch(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = valued("sxwdiC", "shell exec watch delay ignore workdir");
    if words.first().is_none_or(|first| !is(first, "watch")) {
        return Vec::new();
    }
    let arguments = read(&words[1..], &OPTIONS);
    let texts = values_of(&arguments, &[('s', "shell")]).cloned();
    let cargo = values_of(&arguments, &[('x', "exec")]);
    let cargo = cargo.map(|rest| words::join([&words::word("cargo"), rest], " "));
    texts.chain(cargo).map(Started::shell).collect()
}

/// Returns what `zip` tests its archive with: `-TT TEXT`.
fn zip_test(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = valued("", "unzip-command");
    let spelled = words.iter().map(|word| match is(word, "-TT") {
        true => words::word("--unzip-command"),
        false => word.clone(),
    });
    let spelled: Vec<Word> = spelled.collect();
    let arguments = read(&spelled, &OPTIONS);
    let texts = values_of(&arguments, &[(NONE, "unzip-command")]);
    texts.cloned().map(Started::shell).collect()
}

/// Returns whether one of these letters is an option in front of the operands.
fn has_flag(words: &[Word], letters: &str) -> bool {
    let (arguments, _) = leading(words, &FLAGS_ONLY);
    let asked = |argument: &Argument<'_>| letters.chars().any(|one| argument.is(Some(one), ""));
    arguments.iter().any(asked)
}

fn leading_text_of(words: &[Word]) -> &str {
    words.first().map_or("", leading_text)
}

fn is(word: &Word, expected: &str) -> bool {
    word.literal().as_deref() == Some(expected)
}

fn is_one_of(word: &Word, expected: List) -> bool {
    word.literal().is_some_and(|word| expected.has(&word))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn prefixes_start_the_command_behind_their_options() {
        check(&[
            ("sudo rm x", &["rm x"]),
            ("/usr/bin/sudo -u root -- rm x", &["rm x"]),
            ("sudo -E A=1 rm x", &["A=1 rm x"]),
            ("sudo -uroot -n rm -rf x", &["rm -rf x"]),
            ("sudo --user root cat x", &["cat x"]),
            ("sudo -D /srv rm x", &["rm x @ /srv"]),
            ("sudo -l", &[]),
            ("sudo -e .env", &[]),
            ("sudo", &[]),
            ("doas -u root rm x", &["rm x"]),
            ("nohup rm x", &["rm x"]),
            ("nice -n 19 rm x", &["rm x"]),
            ("nice -19 rm x", &["rm x"]),
            ("ionice -c2 -n 7 rm x", &["rm x"]),
            ("chrt -f 10 rm x", &["rm x"]),
            ("taskset -c 0,1 rm x", &["rm x"]),
            ("timeout -k 5 10s rm x", &["rm x"]),
            ("timeout --signal=KILL 10 -- rm x", &["rm x"]),
            ("gtimeout 5 rm x", &["rm x"]),
            ("stdbuf -oL rm x", &["rm x"]),
            ("setsid -w rm x", &["rm x"]),
            ("setarch x86_64 -R rm x", &["rm x"]),
            ("setarch -R rm x", &["rm x"]),
            ("linux32 rm x", &["rm x"]),
            ("unshare --mount-proc=/proc rm x", &["rm x"]),
            ("unshare -rmw /srv rm x", &["rm x @ /srv"]),
            ("nsenter -t 1 -m rm x", &["rm x"]),
            ("chroot /mnt rm x", &["rm x"]),
            ("time -f %e rm x", &["rm x"]),
            ("exec -a name rm x", &["rm x"]),
            ("exec", &[]),
            ("builtin eval x", &["eval x"]),
            ("command -p rm x", &["rm x"]),
            ("command -v rm", &[]),
            ("caffeinate -t 10 rm x", &["rm x"]),
            ("strace -f -o /tmp/trace rm x", &["rm x"]),
            ("gdb -q --args rm x", &["rm x"]),
            ("valgrind --leak-check=full rm x", &["rm x"]),
            ("perf stat -e cycles rm x", &["rm x"]),
            ("perf report rm", &[]),
            ("xvfb-run -a rm x", &["rm x"]),
            ("busybox rm x", &["rm x"]),
            ("entr -c rm x", &["rm x"]),
            ("notarealwrapper rm x", &[]),
            ("sudo ¤ rm x", &["¤ rm x"]),
        ]);
    }

    #[test]
    fn env_is_read_in_every_spelling() {
        check(&[
            ("env", &[]),
            ("env A=1 B='x y' rm x", &["A=1 B=x y rm x"]),
            ("env -i -u HOME rm x", &["rm x"]),
            ("env -uPATH rm x", &["rm x"]),
            ("env --unset=PATH rm x", &["rm x"]),
            ("env - rm x", &["rm x"]),
            ("env -C /tmp rm x", &["rm x @ /tmp"]),
            ("env -S 'rm x'", &["rm x"]),
            ("env -S 'rm' x", &["rm x"]),
            ("env --split-string='A=1 rm' x", &["A=1 rm x"]),
            ("env -iS'rm x'", &["rm x"]),
            ("env -S '-C /tmp rm x'", &["rm x @ /tmp"]),
            ("env -S '-u HOME rm x'", &["rm x"]),
            ("env -S A=1 rm x", &["A=1 rm x"]),
            ("env A=1", &[]),
        ]);
    }

    #[test]
    fn tools_start_commands_behind_their_subcommand() {
        check(&[
            ("poetry run python x.py", &["python x.py"]),
            ("poetry install", &[]),
            ("uv run --with rich python x.py", &["python x.py"]),
            ("uv pip install x", &[]),
            ("bundle exec rake x", &["rake x"]),
            ("npx -y rimraf x", &["rimraf x"]),
            ("npx -c 'rm x'", &["sh: rm x"]),
            ("npm exec -- rimraf x", &["rimraf x"]),
            ("npm exec -c 'rm x'", &["sh: rm x"]),
            ("npm run build", &[]),
            ("pnpm dlx rimraf x", &["rimraf x"]),
            ("bun x rimraf x", &["rimraf x"]),
            ("bun run test", &[]),
            ("mise exec node@20 -- rm x", &["rm x"]),
            ("direnv exec . rm x", &["rm x"]),
            ("nix develop -c rm x", &["rm x"]),
            ("nix-shell -p git --run 'rm x'", &["sh: rm x"]),
            ("cross-env A=1 rm x", &["A=1 rm x"]),
            (
                "cargo watch -s 'rm x' -x test",
                &["sh: rm x", "sh: cargo test"],
            ),
            ("cargo test -x", &[]),
            ("docker run --rm image rm -rf /", &[]),
        ]);
    }

    #[test]
    fn texts_go_to_a_shell() {
        check(&[
            ("su -c 'rm x'", &["sh: rm x"]),
            ("su root -c 'rm x'", &["sh: rm x"]),
            ("su - root --command='rm x'", &["sh: rm x"]),
            ("su root", &[]),
            ("runuser -u root -- rm x", &["rm x"]),
            ("runuser root -c 'rm x'", &["sh: rm x"]),
            ("flock lock rm x", &["rm x"]),
            ("flock -n lock -c 'rm x'", &["sh: rm x"]),
            ("script -qc 'rm x' log", &["sh: rm x"]),
            ("script -q /dev/null rm x", &["rm x"]),
            ("watch -n 1 rm x", &["sh: rm x"]),
            ("watch -x rm x", &["rm x"]),
            ("ssh -p 22 host 'rm x' y", &["sh: rm x y"]),
            ("ssh host -p 22 rm x", &["sh: rm x"]),
            ("ssh host", &[]),
            ("ssh -voProxyCommand='rm x' host", &["sh: rm x"]),
            ("scp -o 'KnownHostsCommand=rm x' a host:b", &["sh: rm x"]),
            ("scp -o StrictHostKeyChecking=no a host:b", &[]),
            (
                "hyperfine -p 'rm x' 'ls a' 'ls b'",
                &["sh: rm x", "sh: ls a", "sh: ls b"],
            ),
            ("concurrently -n a,b 'rm x' ls", &["sh: rm x", "sh: ls"]),
            ("nodemon --exec 'rm x' app.js", &["sh: rm x"]),
            ("tar -cf o.tar --info-script='rm x' src", &["sh: rm x"]),
            (
                "tar cf o.tar --checkpoint-action=exec='rm x' src",
                &["sh: rm x"],
            ),
            ("tar -xf o.tar --to-command 'rm x'", &["sh: rm x"]),
            ("tar -czf o.tgz src", &[]),
            ("rsync -ae 'rm x' src host:", &["sh: rm x"]),
            ("rsync src --rsh='rm x' host:", &["sh: rm x"]),
            ("rsync -a src dst", &[]),
            ("zip -T --unzip-command 'rm x' a.zip b", &["sh: rm x"]),
            ("zip -T -TT 'rm x' a.zip b", &["sh: rm x"]),
            ("man -P 'rm x' ls", &["sh: rm x"]),
            ("sort --compress-program='rm x' f", &["sh: rm x"]),
        ]);
    }
}
