//! What git starts: aliases, the commands of its settings, and those that a
//! subcommand runs.

use super::super::arguments::{
    Argument, FLAGS_ONLY, NONE, Options, leading, leading_text, options, read, skip,
};
use super::super::git_line;
use super::super::list::{List, Names};
use super::super::shell::Word;
use super::words::{self, word};
use super::{Family, Line, Started, What, git_settings, values_of};

/// The options of a subcommand whose value is shell text.
struct Texts {
    subcommands: List,
    options: Options,
    texts: &'static [(char, &'static str)],
}

const TEXTS: [Texts; 7] = [
    Texts {
        subcommands: List("rebase"),
        options: options("xsXC", "exec onto strategy strategy-option"),
        texts: &[('x', "exec")],
    },
    Texts {
        subcommands: List("filter-branch"),
        options: options(
            "d",
            "setup env-filter tree-filter index-filter parent-filter msg-filter commit-filter \
             tag-name-filter subdirectory-filter original state-branch",
        ),
        texts: &[
            (NONE, "setup"),
            (NONE, "env-filter"),
            (NONE, "tree-filter"),
            (NONE, "index-filter"),
            (NONE, "parent-filter"),
            (NONE, "msg-filter"),
            (NONE, "commit-filter"),
            (NONE, "tag-name-filter"),
        ],
    },
    Texts {
        subcommands: List("difftool"),
        options: options("xt", "extcmd tool"),
        texts: &[('x', "extcmd")],
    },
    Texts {
        subcommands: List("grep"),
        options: options("efmABCO", "open-files-in-pager"),
        texts: &[('O', "open-files-in-pager")],
    },
    Texts {
        subcommands: List("clone"),
        options: options("ubocj", "upload-pack branch origin config depth reference"),
        texts: &[('u', "upload-pack")],
    },
    Texts {
        subcommands: List("fetch pull ls-remote fetch-pack"),
        options: options("", "upload-pack"),
        texts: &[(NONE, "upload-pack")],
    },
    Texts {
        subcommands: List("push archive send-pack"),
        options: options("o", "receive-pack exec push-option output format remote"),
        texts: &[(NONE, "receive-pack"), (NONE, "exec")],
    },
];

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List("git")),
    started,
};

/// Returns what git starts.
fn started(line: &Line<'_>) -> Vec<Started> {
    if line.program() != "git" {
        return Vec::new();
    }
    let mut started: Vec<Started> = Vec::new();
    let subcommand = git_line::subcommand(line.words);
    let rest = subcommand.as_ref().map_or(&[][..], |(_, rest)| *rest);
    let globals = git_line::globals(line.words);
    let name = subcommand.as_ref().map_or("", |(name, _)| name);
    for setting in git_settings::of(line, &globals) {
        started.extend(of_setting(&setting, name, rest));
    }
    started.extend(of_subcommand(name, rest));
    let remotes = rest
        .iter()
        .filter(|word| leading_text(word).starts_with(EXTERNAL));
    // A space within one of its words has `%` in front.
    let command = |remote: &Word| words::replace(&skip(remote, EXTERNAL.len()), "% ", &word("\\ "));
    started.extend(remotes.map(command).map(Started::shell));
    let folder = values_of(&globals, &[('C', "")]).last().cloned();
    let moved = started.into_iter();
    moved.map(|one| one.in_folder(folder.clone())).collect()
}

/// A remote that begins so is reached through a command.
const EXTERNAL: &str = "ext::";

/// Returns what `-c NAME=VALUE` starts in front of a subcommand.
fn of_setting(setting: &Word, subcommand: &str, rest: &[Word]) -> Option<Started> {
    let (name, _) = leading_text(setting).split_once('=')?;
    let value = skip(setting, name.len() + 1);
    match alias_name(name) {
        Some(alias) if alias == subcommand => Some(alias_started(&value, rest)),
        Some(_) => None,
        None => command_text(name, &value).map(Started::shell),
    }
}

fn alias_name(setting: &str) -> Option<&str> {
    let (section, name) = setting.split_once('.')?;
    section.eq_ignore_ascii_case("alias").then_some(name)
}

/// Returns what an alias starts that is called with these words.
fn alias_started(value: &Word, arguments: &[Word]) -> Started {
    if leading_text(value).starts_with('!') {
        let mut text = skip(value, 1);
        if arguments.is_empty() {
            return Started::shell(text);
        }
        words::push_text(&mut text, " \"$@\"");
        let mut given = vec![word("git")];
        given.extend_from_slice(arguments);
        return Started::of(What::Shell {
            text,
            arguments: given,
        });
    }
    let mut line = vec![word("git")];
    line.extend(words::split(value));
    line.extend_from_slice(arguments);
    Started::program(line)
}

/// Returns the shell text in the value of a setting, where it is a command.
fn command_text(name: &str, value: &Word) -> Option<Word> {
    const COMMANDS: List = List(
        "\
        core.askpass core.editor core.fsmonitor core.gitproxy core.pager core.sshcommand \
        diff.external gpg.program interactive.difffilter sequence.editor \
        uploadpack.packobjectshook",
    );
    const KEYS: List = List("clean smudge process textconv command cmd driver path");
    const SECTIONS: List =
        List("browser diff difftool filter guitool man merge mergetool pager trailer");
    let name = name.to_ascii_lowercase();
    let (section, rest) = name.split_once('.').unwrap_or((&name, ""));
    let key = rest.rsplit('.').next().unwrap_or_default();
    if section == "credential" && key == "helper" {
        return leading_text(value).starts_with('!').then(|| skip(value, 1));
    }
    (COMMANDS.has(&name) || section == "pager" || (SECTIONS.has(section) && KEYS.has(key)))
        .then(|| value.clone())
}

fn of_subcommand(name: &str, rest: &[Word]) -> Vec<Started> {
    match name {
        "config" => of_config(rest).into_iter().collect(),
        "submodule" => of_foreach(rest).into_iter().collect(),
        "bisect" if is_first(rest, "run") => match rest[1..].to_vec() {
            command if command.is_empty() => Vec::new(),
            command => vec![Started::program(command)],
        },
        _ => {
            let Some(usage) = TEXTS.iter().find(|usage| usage.subcommands.has(name)) else {
                return Vec::new();
            };
            let arguments = read(rest, &usage.options);
            let texts = values_of(&arguments, usage.texts).cloned();
            texts.map(Started::shell).collect()
        }
    }
}

/// Returns what a setting would start that is being kept: later calls of git
/// run it unseen.
fn of_config(rest: &[Word]) -> Option<Started> {
    const OPTIONS: Options = options("ft", "file blob type default value comment");
    let arguments = read(rest, &OPTIONS);
    let mut operands = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(*word),
        _ => None,
    });
    let first = operands.next()?;
    let name = match first.literal().as_deref() {
        Some("set") => operands.next()?.literal()?,
        _ => first.literal()?,
    };
    let value = operands.next()?;
    match alias_name(&name) {
        Some(_) => Some(alias_started(value, &[])),
        None => command_text(&name, value).map(Started::shell),
    }
}

fn of_foreach(rest: &[Word]) -> Option<Started> {
    let (_, rest) = leading(rest, &FLAGS_ONLY);
    if !is_first(rest, "foreach") {
        return None;
    }
    let (_, text) = leading(&rest[1..], &FLAGS_ONLY);
    (!text.is_empty()).then(|| Started::shell(words::join(text, " ")))
}

fn is_first(words: &[Word], expected: &str) -> bool {
    words
        .first()
        .is_some_and(|word| word.literal().as_deref() == Some(expected))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn aliases_start_what_they_stand_for() {
        check(&[
            ("git -c 'alias.wipe=!rm x' wipe", &["sh: rm x"]),
            (
                "git -c 'alias.wipe=!rm' wipe x y",
                &["sh: rm \"$@\" | git x y"],
            ),
            (
                "git -c 'alias.wipe=reset --hard' wipe a",
                &["git reset --hard a"],
            ),
            ("git -c 'alias.wipe=!rm x' status", &[]),
            ("git -C sub -c 'alias.w=!rm x' w", &["sh: rm x @ sub"]),
            ("git config --global alias.w '!rm x'", &["sh: rm x"]),
            ("git config alias.w 'reset --hard'", &["git reset --hard"]),
            ("git config set alias.w '!rm x'", &["sh: rm x"]),
            ("git config alias.w", &[]),
            ("git config user.name 'rm x'", &[]),
        ]);
    }

    #[test]
    fn settings_hold_commands() {
        check(&[
            ("git -c core.pager='rm x' log", &["sh: rm x"]),
            ("git -c core.sshCommand='rm x' fetch", &["sh: rm x"]),
            ("git -c diff.external='rm x' diff", &["sh: rm x"]),
            ("git -c pager.log='rm x' log", &["sh: rm x"]),
            ("git -c filter.a.clean='rm x' add .", &["sh: rm x"]),
            ("git -c credential.helper='!rm x' fetch", &["sh: rm x"]),
            ("git -c credential.helper=store fetch", &[]),
            ("git -c user.name='rm x' commit", &[]),
        ]);
    }

    #[test]
    fn subcommands_run_commands() {
        check(&[
            ("git submodule foreach 'rm x'", &["sh: rm x"]),
            (
                "git submodule --quiet foreach --recursive rm x",
                &["sh: rm x"],
            ),
            ("git -C sub submodule foreach 'rm x'", &["sh: rm x @ sub"]),
            ("git submodule update", &[]),
            ("git bisect run rm -rf x", &["rm -rf x"]),
            ("git bisect run", &[]),
            (
                "git rebase -x 'rm x' --exec ls main",
                &["sh: rm x", "sh: ls"],
            ),
            ("git rebase main", &[]),
            (
                "git filter-branch -f --tree-filter 'rm x' HEAD",
                &["sh: rm x"],
            ),
            ("git difftool -yx 'rm x'", &["sh: rm x"]),
            ("git clone -u 'rm x' a b", &["sh: rm x"]),
            ("git clone 'ext::sh -c rm' b", &["sh: sh -c rm"]),
            ("git commit -m 'rm -rf /'", &[]),
        ]);
    }
}
