//! The files that a text writes, so that what it runs or reads from them later
//! is known: `echo … > x.sh; sh x.sh`, `curl -o x …; sh x`.

use std::ops::Range;

use super::downloads::downloads;
use super::redirect::is_descriptor_path;
use super::scope::text;
use super::{Input, Shell, expand};
use crate::config::limits;
use crate::guard::arguments::{Argument, FLAGS_ONLY, leading_text, options, path_candidates, read};
use crate::guard::list::List;
use crate::guard::paths::base_name;
use crate::guard::shell::{Command, Error, Part, Stdin, Word};
use crate::guard::starts::{self, Started};

/// A file that was written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// What it holds, where that is known.
    pub(super) content: Option<Word>,
    /// The commands that wrote it last.
    pub(super) by: Range<usize>,
}

/// A file that standard output goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sink {
    pub(super) file: Word,
    pub(super) appends: bool,
}

impl Shell {
    /// Does something whose output goes to files, and keeps what they hold then.
    pub(super) fn writing<T>(
        &mut self,
        sinks: &[Sink],
        run: impl FnOnce(&mut Self) -> Result<T, Error>,
        printed: impl FnOnce(&T) -> Option<Word>,
    ) -> Result<T, Error> {
        if sinks.is_empty() {
            return run(self);
        }
        let start = self.script.commands.len();
        self.captures += 1;
        let result = run(self);
        self.captures -= 1;
        let result = result?;
        let by = start..self.script.commands.len();
        let content = printed(&result);
        for sink in sinks {
            self.keep_file(&sink.file, content.clone(), sink.appends, by.clone())?;
        }
        Ok(result)
    }

    /// Keeps what a command, the last of the script, writes to files that it
    /// names itself.
    pub(super) fn keep_files(&mut self, command: &Command) -> Result<(), Error> {
        let Some(program) = command.words.first().and_then(Word::literal) else {
            return Ok(());
        };
        let words = &command.words[1..];
        let at = self.script.commands.len().saturating_sub(1);
        let by = at..at + 1;
        match base_name(&program) {
            "tee" | "sponge" => {
                let arguments = read(words, &FLAGS_ONLY);
                let appends = arguments.iter().any(|one| one.is(Some('a'), "append"));
                let content = self.input.text.clone();
                for file in operands(&arguments) {
                    self.keep_file(file, content.clone(), appends, by.clone())?;
                }
            }
            "dd" => {
                let named = words
                    .iter()
                    .find_map(|word| leading_text(word).strip_prefix("of="));
                if let Some(file) = named {
                    let content = self.input.text.clone();
                    self.keep_file(&text(file), content, false, by)?;
                }
            }
            copier @ ("cp" | "mv" | "ln" | "install" | "rsync") => {
                return self.keep_copies(copier, words);
            }
            "sort" | "gsort" => {
                let arguments = read(words, &options("kotST", "output key buffer-size"));
                let content = self.input.text.clone();
                for argument in &arguments {
                    if let Argument::Valued(_, file) = argument
                        && argument.is(Some('o'), "output")
                    {
                        self.keep_file(file, content.clone(), false, by.clone())?;
                    }
                }
            }
            "mkfifo" => self.keep_pipes(words),
            "mount" | "bindfs" => self.keep_mount(words),
            "rm" | "unlink" | "umount" => self.forget_links(words),
            "cat" => return self.keep_shown(command),
            compiler @ ("cc" | "gcc" | "clang" | "tcc" | "c++" | "g++" | "clang++" | "go") => {
                return self.keep_compiled(compiler, words);
            }
            "curl" | "wget" | "aria2c" => {
                for file in downloads(base_name(&program), words) {
                    self.keep_file(&file, None, false, by.clone())?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn keep_file(
        &mut self,
        file: &Word,
        content: Option<Word>,
        appends: bool,
        by: Range<usize>,
    ) -> Result<(), Error> {
        let place = self.opened_place(file);
        let Some(path) = self.path_of(place.as_ref().unwrap_or(file)) else {
            return Ok(());
        };
        // Of all devices, memory alone keeps what is written.
        let is_device = path.starts_with("/dev/") && !path.starts_with("/dev/shm/");
        if is_device || self.files.len() >= limits::SHELL_FILES {
            return self.feed(&path, content.as_ref(), &by);
        }
        let before = self.files.remove(&path).filter(|_| appends);
        let written = match (before, content) {
            (Some(before), Some(more)) => {
                let mut longer = before.content.unwrap_or_default();
                more.parts.into_iter().for_each(|part| longer.push(part));
                Written {
                    content: Some(longer),
                    by: before.by.start.min(by.start)..before.by.end.max(by.end),
                }
            }
            (_, content) => Written { content, by },
        };
        let size = written.content.as_ref().map_or(0, expand::size);
        self.spend_bytes(size)?;
        self.kept += 1;
        let content = written.content.as_ref();
        let later = content.and_then(|text| run_later_of(&path, text));
        let by = written.by.clone();
        let is_pipe = self.pipes.contains_key(&path);
        let text = written.content.as_ref().filter(|_| is_pipe).cloned();
        self.files.insert(path.clone(), written);
        self.feed(&path, text.as_ref(), &by)?;
        let by = by.start;
        match later {
            Some(started) => self.run_later(started, by),
            None => Ok(()),
        }
    }

    /// Runs what some other program runs later, unasked.
    fn run_later(&mut self, started: Started, by: usize) -> Result<(), Error> {
        let outer = std::mem::replace(&mut self.deferred, true);
        let writer = self.script.commands.get(by).cloned().unwrap_or_default();
        let result = self.subshell(|shell| shell.start(started, &writer, by));
        self.deferred = outer;
        result.map(|_| ())
    }

    pub(super) fn written(&self, file: &Word) -> Option<&Written> {
        match self.files.is_empty() {
            true => None,
            false => {
                let place = self.opened_place(file);
                self.files
                    .get(&self.path_of(place.as_ref().unwrap_or(file))?)
            }
        }
    }

    /// Returns the files of a command that the text wrote before, each with the
    /// commands that did.
    pub(super) fn written_files(&self, command: &Command) -> Vec<(Word, Range<usize>)> {
        if self.files.is_empty() && self.descriptors.is_empty() {
            return Vec::new();
        }
        // A program without a folder is looked for elsewhere.
        let is_elsewhere = |word: &Word| word.literal().is_some_and(|name| !name.contains('/'));
        let elsewhere = command.words.first().filter(|word| is_elsewhere(word));
        let found = elsewhere.and_then(|program| {
            let by = &self.written(&self.found_by_path(program)?)?.by;
            Some((program.clone(), by.clone()))
        });
        let skipped = usize::from(elsewhere.is_some());
        let named = command.words.iter().skip(skipped).cloned();
        let named = named.flat_map(|word| path_candidates(&word));
        let files = named.chain(starts::files_of_lines(command));
        let written = files.filter_map(|file| {
            let by = match file.parts.as_slice() {
                [Part::Text(path)] if is_descriptor_path(path) => self.commands_behind(path)?,
                _ => &self.written(&file)?.by,
            };
            let by = by.clone();
            Some((file, by))
        });
        found.into_iter().chain(written).collect()
    }

    /// Returns the text that a file holds, where the text says so: one that it
    /// wrote, what commands give out (`<(…)`), a descriptor.
    pub(super) fn text_of(&self, file: &Word) -> Option<Word> {
        match file.parts.as_slice() {
            [Part::Process { commands }] => self.processes.get(commands).cloned(),
            [Part::Text(path)] if is_descriptor_path(path) => self.descriptor(path)?.text,
            _ => self.written(file)?.content.clone(),
        }
    }

    /// Returns what can be read from a file that the text wrote.
    pub(super) fn input_from_written(&self, file: &Word) -> Option<Input> {
        let written = self.written(file)?;
        Some(Input {
            stdin: Stdin::Pipe(written.by.clone()),
            text: written.content.clone(),
            from: None,
        })
    }

    /// Returns a name for a file that is the same wherever the same file is
    /// meant: from the root, or from the folder that the text starts in.
    pub(super) fn path_of(&self, file: &Word) -> Option<String> {
        let path = spelled(file)?;
        if path.starts_with(['/', '~', '$']) {
            return Some(path);
        }
        let dirs = self.dirs();
        let mut whole = String::new();
        for dir in dirs.iter() {
            let dir = spelled(dir)?;
            if dir.starts_with(['/', '~', '$']) {
                whole.clear();
            }
            whole.push_str(&dir);
            whole.push('/');
        }
        whole.push_str(&path);
        Some(whole)
    }
}

/// Returns what is run unasked where a file holds this.
fn run_later_of(path: &str, content: &Word) -> Option<Started> {
    let is_table = path == "/etc/crontab" || path.starts_with("/etc/cron.d/");
    let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(name, "sitecustomize.py" | "usercustomize.py") {
        return Some(Started::program(vec![text("python3"), text(path)]));
    }
    let content = match is_table {
        true => &starts::system_crontab(content),
        false if runs_later(path) => content,
        false => return None,
    };
    starts::script(content, &[text(path)])
}

/// Returns whether a file is run unasked: what a shell starts from in the home,
/// a hook of git, what the system runs by the clock or as it starts.
fn runs_later(path: &str) -> bool {
    const STARTS: List = List(
        "\
        .bash_login .bash_logout .bash_profile .bashrc .profile .zlogin .zprofile .zshenv .zshrc",
    );
    const OF_SYSTEM: List = List(
        "/etc/cron.daily /etc/cron.hourly /etc/cron.monthly /etc/cron.weekly /etc/init.d \
         /etc/profile.d",
    );
    // Wherever they lie: settings lead there (`core.hooksPath`), or templates.
    const HOOKS: List = List(
        "\
        applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout post-commit \
        post-index-change post-merge post-receive post-rewrite post-update pre-applypatch \
        pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase pre-receive \
        prepare-commit-msg push-to-checkout reference-transaction sendemail-validate",
    );
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    STARTS.has(name) || HOOKS.has(name) || folder.ends_with(".git/hooks") || OF_SYSTEM.has(folder)
}

pub(super) fn operands<'a>(arguments: &'a [Argument<'a>]) -> impl Iterator<Item = &'a Word> {
    arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(*word),
        _ => None,
    })
}

/// Returns a path as it is written, without `./` in it; `None` where a part of
/// it is a pattern or not known at all.
fn spelled(file: &Word) -> Option<String> {
    let mut path = String::new();
    for part in &file.parts {
        match part {
            Part::Text(text) => path.push_str(text),
            Part::Tilde(user) => path.extend(["~", user]),
            Part::Variable { name, .. } => path.extend(["$", name, " "]),
            Part::Output { commands, .. } | Part::Process { commands } => {
                path.push_str(&format!("$({} {})", commands.start, commands.end));
            }
            Part::Glob(_) | Part::Streamed | Part::Unknown { .. } => return None,
        }
    }
    let begins = path.starts_with('/');
    let names = path
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".");
    let names: Vec<&str> = names.collect();
    let path = names.join("/");
    match (path.is_empty(), begins) {
        (true, _) => None,
        (false, true) => Some(format!("/{path}")),
        (false, false) => Some(path),
    }
}
