//! Programs that keep terminals or connections and start commands in them.

use super::super::arguments::{Options, leading, leading_text, options, read, skip};
use super::super::list::{List, Names};
use super::super::shell::Word;
use super::words::{self, word};
use super::{Family, Line, Started, values_of};

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List("tmux byobu screen socat nc ncat netcat")).and(EMULATORS),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    match line.program() {
        "tmux" | "byobu" => tmux(line.words),
        "screen" => screen(line.words).into_iter().collect(),
        "socat" => line.words.iter().filter_map(socat_address).collect(),
        "nc" | "ncat" | "netcat" => netcat(line.words),
        program if EMULATORS.has(program) => emulator(line.words).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The commands of `tmux` that start something in a window, and the options of
/// each that take a value.
const TMUX_WINDOWS: [(List, Options); 3] = [
    (
        List("new new-session new-window neww respawn-pane respawn-window respawnp respawnw"),
        options("cefFnstxy", ""),
    ),
    (List("split-window splitw"), options("ceFlpt", "")),
    (List("display-popup popup"), options("bcdehsStTwxy", "")),
];

fn tmux(line: &[Word]) -> Vec<Started> {
    let (globals, rest) = leading(line, &options("cfLST", ""));
    let mut started: Vec<Started> = values_of(&globals, &[('c', "")])
        .cloned()
        .map(Started::shell)
        .collect();
    let commands = rest.split(|word| word.literal().as_deref() == Some(";"));
    for command in commands {
        let Some((name, words)) = command.split_first() else {
            continue;
        };
        let name = name.literal().unwrap_or_default();
        let window = TMUX_WINDOWS.iter().find(|(names, _)| names.has(&name));
        started.extend(match (window, name.as_str()) {
            (Some((_, options)), _) => tmux_window(words, options),
            (None, "run" | "run-shell" | "if" | "if-shell" | "pipe-pane" | "pipep") => {
                let (_, operands) = leading(words, &options("cdt", ""));
                operands.first().cloned().map(Started::shell)
            }
            (None, "send" | "send-keys") => {
                let (_, keys) = leading(words, &options("cNt", ""));
                typed(keys)
            }
            _ => None,
        });
    }
    started
}

/// Returns what a new window starts: one word is a text for a shell, more are a
/// program with its arguments.
fn tmux_window(words: &[Word], options: &Options) -> Option<Started> {
    let (arguments, operands) = leading(words, options);
    let folder = values_of(&arguments, &[('c', "")]).last().cloned();
    let started = match operands {
        [] => return None,
        [text] => Started::shell(text.clone()),
        words => Started::program(words.to_vec()),
    };
    Some(started.in_folder(folder))
}

/// Returns the text that is typed by these keys.
fn typed(keys: &[Word]) -> Option<Started> {
    let mut text = Word::default();
    for key in keys {
        match key.literal().as_deref() {
            Some("Enter" | "KPEnter" | "C-m" | "C-j") => words::push_text(&mut text, "\n"),
            Some("Space") => words::push_text(&mut text, " "),
            Some("C-c" | "C-d" | "C-u" | "C-l" | "C-z" | "Escape" | "q") => {}
            _ => text = words::join([&text, key], ""),
        }
    }
    let has_text = words::lines(&text).iter().any(|line| !is_blank(line));
    has_text.then(|| Started::shell(text))
}

fn is_blank(word: &Word) -> bool {
    word.literal().is_some_and(|text| text.trim().is_empty())
}

/// Returns what a `screen` starts; a text that is stuffed into a window counts
/// as typed there.
fn screen(line: &[Word]) -> Option<Started> {
    const OPTIONS: Options = options("cehpsStT", "");
    let (arguments, rest) = leading(line, &OPTIONS);
    let controls = arguments.iter().any(|one| one.is(Some('X'), ""));
    let (first, words) = rest.split_first()?;
    match first.literal().as_deref() {
        Some("stuff") if controls => {
            let text = words.first()?;
            let typed = ["^M", "\\r", "\\n", "\\015", "\\012"].into_iter();
            let text = typed.fold(text.clone(), |text, end| {
                words::replace(&text, end, &word("\n"))
            });
            Some(Started::shell(text))
        }
        Some("screen" | "exec") if controls && !words.is_empty() => {
            Some(Started::program(words.to_vec()))
        }
        _ if controls => None,
        _ => Some(Started::program(rest.to_vec())),
    }
}

/// Returns what an address of `socat` starts: `EXEC:command,option`. A
/// backslash takes away what the next character means to `socat`.
fn socat_address(address: &Word) -> Option<Started> {
    let text = leading_text(address);
    let (kind, _) = text.split_once(':')?;
    if !matches!(
        kind.to_ascii_uppercase().as_str(),
        "EXEC" | "SYSTEM" | "SHELL"
    ) {
        return None;
    }
    let command = skip(address, kind.len() + 1);
    let command = words::pieces(&command, |c| c == ',').into_iter().next()?;
    Some(Started::shell(words::replace(
        &command,
        "\\",
        &Word::default(),
    )))
}

/// Windows with a terminal in them.
const EMULATORS: List = List(
    "\
    alacritty foot gnome-terminal kitty konsole lxterminal mate-terminal rxvt st terminator \
    tilix urxvt uxterm wezterm x-terminal-emulator xfce4-terminal xterm",
);

/// Returns what a terminal starts: what is behind `-e`, `-x` or `--`.
fn emulator(words: &[Word]) -> Option<Started> {
    const MARKS: List = List("-e -x -- --command --execute");
    let is_mark = |word: &Word| word.literal().is_some_and(|text| MARKS.has(&text));
    let at = words.iter().position(is_mark)?;
    match &words[at + 1..] {
        [] => None,
        [text] => Some(Started::shell(text.clone())),
        words => Some(Started::program(words.to_vec())),
    }
}

fn netcat(words: &[Word]) -> Vec<Started> {
    const OPTIONS: Options = options("cegGiopqsTwxX", "exec sh-exec lua-exec");
    let arguments = read(words, &OPTIONS);
    let texts = values_of(&arguments, &[('c', "sh-exec"), ('e', "exec")]);
    texts.cloned().map(Started::shell).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn windows_start_commands() {
        check(&[
            ("tmux new-session -ds probe 'rm x'", &["sh: rm x"]),
            ("tmux new -d -s probe rm x", &["rm x"]),
            (
                "tmux -L sock new-window -c /srv 'rm x'",
                &["sh: rm x @ /srv"],
            ),
            ("tmux split-window -h -l 20 'rm x'", &["sh: rm x"]),
            ("tmux run-shell -b 'rm x'", &["sh: rm x"]),
            ("tmux new -d ';' send-keys 'rm x' Enter", &["sh: rm x\n"]),
            ("tmux send-keys -t a:0 rm Space x C-m", &["sh: rm x\n"]),
            ("tmux send-keys -t a C-c", &[]),
            ("tmux send-keys Enter", &[]),
            ("tmux ls", &[]),
            ("screen -dmS probe rm x", &["rm x"]),
            ("screen -S probe -X stuff 'rm x^M'", &["sh: rm x\n"]),
            ("screen -S probe -X quit", &[]),
            ("screen -ls", &[]),
            ("xterm -hold -e rm x", &["rm x"]),
            ("gnome-terminal -- 'rm x'", &["sh: rm x"]),
            ("kitty", &[]),
        ]);
    }

    #[test]
    fn connections_start_commands() {
        check(&[
            ("socat TCP:host:1 'EXEC:rm\\ x,pty'", &["sh: rm x"]),
            ("socat TCP:host:1 exec:ls", &["sh: ls"]),
            ("socat TCP:host:1 STDOUT", &[]),
            ("nc -e /bin/sh host 1", &["sh: /bin/sh"]),
            ("ncat --sh-exec 'rm x' host 1", &["sh: rm x"]),
            ("nc -l 1234", &[]),
        ]);
    }
}
