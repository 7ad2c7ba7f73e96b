//! Places under other names: what a text links, mounts or moves elsewhere, and
//! what a path below such a name stands for.

use super::Shell;
use super::written::operands;
use crate::config::limits;
use crate::guard::arguments::{Argument, leading_text, options, read, skip};
use crate::guard::list::List;
use crate::guard::paths::base_name;
use crate::guard::shell::{Command, Part, Word};

/// Another name of a place.
#[derive(Clone, Debug)]
pub(super) struct Link {
    target: Word,
    kind: Kind,
}

/// How a place got its other name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The name may be removed alone.
    Linked,
    /// The name is the place itself.
    Mounted,
    /// The same; only who removes it meets what was there before.
    Moved,
}

/// Programs that work on a link itself where it is named.
const ON_LINKS: List =
    List("[ du file find gfind ln ls lstat mv readlink rm rmdir stat test trash unlink");

/// Programs that remove what they are given.
const REMOVING: List = List("find gfind grm rimraf rm shred srm unlink wipe");

/// Variables of which it is known which folders they are.
const KNOWN: List = List("HOME PWD TEMP TMP TMPDIR");

/// How many links that lead to each other are followed.
const CHAIN: usize = 8;

/// How many names of a path are looked at.
const NAMES: usize = 32;

impl Shell {
    /// Puts the places in a command that its words name by links.
    pub(super) fn follow_links(&self, command: &mut Command) {
        let Some((program, words)) = command.words.split_first_mut() else {
            return;
        };
        let name = program.known().unwrap_or_default();
        let name = base_name(&name);
        let follows = |word: &Word| matches!(leading_text(word), "-L" | "-H");
        let on_links = ON_LINKS.has(name) && !words.iter().any(follows);
        for word in words {
            // `of=FILE`
            let text = leading_text(word);
            let option = text.find('=').map_or(0, |at| at + 1);
            let removes = REMOVING.has(name);
            let value = skip(word, option);
            let Some(place) = self.behind_links(&value, on_links, removes) else {
                continue;
            };
            let mut whole = Word::default();
            whole.push_text(&text[..option]);
            place.parts.into_iter().for_each(|part| whole.push(part));
            *word = whole;
        }
    }

    /// Returns the place of a file that is opened, or of a folder that is gone to,
    /// where a link leads there.
    pub(super) fn opened_place(&self, file: &Word) -> Option<Word> {
        match self.links.is_empty() {
            true => None,
            false => self.behind_links(file, false, false),
        }
    }

    /// Returns the place that a path names by links, where it does.
    fn behind_links(&self, path: &Word, on_links: bool, removes: bool) -> Option<Word> {
        let mut place = self.behind_link(path, on_links, removes)?;
        for _ in 0..CHAIN {
            match self.behind_link(&place, on_links, removes) {
                Some(next) => place = next,
                None => break,
            }
        }
        Some(place)
    }

    fn behind_link(&self, path: &Word, on_links: bool, removes: bool) -> Option<Word> {
        let whole = self.link(path).filter(|link| match link.kind {
            Kind::Linked => !on_links,
            Kind::Mounted => true,
            Kind::Moved => removes,
        });
        if let Some(link) = whole {
            return Some(led(path, &link.target, &Word::default()));
        }
        let texts = path.parts.iter().enumerate();
        let slashes = texts.flat_map(|(at, part)| {
            let text = if let Part::Text(text) = part {
                text
            } else {
                ""
            };
            text.match_indices('/').map(move |(byte, _)| (at, byte))
        });
        slashes.take(NAMES).find_map(|(at, byte)| {
            let (folder, below) = split(path, at, byte);
            let link = self.link(&folder)?;
            let follows = link.kind != Kind::Moved || (removes && is_all(&below));
            follows.then(|| led(&folder, &link.target, &below))
        })
    }

    fn link(&self, path: &Word) -> Option<&Link> {
        self.links.get(&self.path_of(path)?)
    }

    /// Keeps that a name stands for a place.
    pub(super) fn keep_link(&mut self, place: &Word, name: &Word, kind: Kind) {
        let is_open = |part: &Part| match part {
            Part::Unknown { .. } | Part::Streamed => true,
            Part::Variable { name, .. } => !KNOWN.has(name),
            _ => false,
        };
        if place.parts.iter().any(is_open) || self.links.len() >= limits::SHELL_FILES {
            return;
        }
        let Some(path) = self.path_of(name).filter(|path| !is_folder(path)) else {
            return;
        };
        self.kept += 1;
        let target = place.clone();
        self.links.insert(path, Link { target, kind });
    }

    /// Keeps what `mount --bind` and `bindfs` put in another place.
    pub(super) fn keep_mount(&mut self, words: &[Word]) {
        let arguments = read(words, &options("ot", "options types"));
        let binds = |one: &Argument<'_>| match one {
            Argument::Valued(_, value) => leading_text(value).contains("bind"),
            other => ["bind", "rbind", "move"]
                .iter()
                .any(|long| other.is(Some('B'), long)),
        };
        let named: Vec<&Word> = operands(&arguments).collect();
        let is_device = |word: &Word| leading_text(word).starts_with("/dev/");
        if let [place, name] = named.as_slice()
            && (arguments.iter().any(binds) || !is_device(place))
        {
            self.keep_link(place, name, Kind::Mounted);
        }
    }

    /// Forgets the names that are removed.
    pub(super) fn forget_links(&mut self, words: &[Word]) {
        if self.links.is_empty() {
            return;
        }
        for word in words {
            if !leading_text(word).ends_with('/')
                && let Some(path) = self.path_of(word)
            {
                self.links.remove(&path);
            }
        }
    }
}

/// Returns whether it is all that is below a folder: `/*`.
fn is_all(below: &Word) -> bool {
    matches!(below.parts.as_slice(), [Part::Text(slash), Part::Glob(glob)] if slash == "/" && glob == "*")
}

/// Returns whether a path is that of a folder which is there before: what is
/// put there gets a name in it.
fn is_folder(path: &str) -> bool {
    let names = path.split('/').filter(|name| !name.is_empty()).count();
    let is_top = path.starts_with('/') && names < 2;
    is_top || matches!(path, "~" | "$HOME " | "/var/tmp")
}

/// Returns a path up to a slash in one of its parts, and from there on.
fn split(path: &Word, at: usize, byte: usize) -> (Word, Word) {
    let (mut folder, mut below) = (Word::default(), Word::default());
    for (number, part) in path.parts.iter().enumerate() {
        match part {
            Part::Text(text) if number == at => {
                folder.push_text(&text[..byte]);
                below.push_text(&text[byte..]);
            }
            part if number < at => folder.push(part.clone()),
            part => below.push(part.clone()),
        }
    }
    (folder, below)
}

/// Returns the path that a link leads to. A relative target begins where the link
/// is.
fn led(link: &Word, target: &Word, below: &Word) -> Word {
    let mut place = Word::default();
    let text = leading_text(target);
    if !text.is_empty()
        && !text.starts_with('/')
        && let Some(Part::Text(last)) = link.parts.last()
    {
        let before = &link.parts[..link.parts.len() - 1];
        before.iter().for_each(|part| place.push(part.clone()));
        place.push_text(&last[..last.rfind('/').map_or(0, |at| at + 1)]);
    }
    let parts = target.parts.iter().chain(&below.parts);
    parts.for_each(|part| place.push(part.clone()));
    place
}
