//! What git's own files say about a checkout: the `.git` file, `commondir`,
//! `gitdir`, `HEAD` and two values of `config`.
//!
//! All of them can be written by whoever wrote the repository, so each is read
//! once, up to a limit, never from a pipe or a device, and believed only as far
//! as git itself believes it (`gitrepository-layout(5)`, `read_gitfile` and
//! `is_git_directory` in git's `setup.c`).

use super::Error;
use crate::files::{read_start, real_path};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The most that is read of a file that holds one path or one reference, bytes.
const LINK_LIMIT: u64 = 16 * 1024;
/// The most that is read of a repository's `config`, bytes.
const CONFIG_LIMIT: u64 = 256 * 1024;

/// The git directory that a checkout's `.git` entry leads to.
pub(super) struct Link {
    /// The checkout's own git directory, real path.
    pub(super) git_dir: PathBuf,
    /// What all worktrees of the repository share, real path. It is `git_dir`
    /// itself unless the checkout is a linked worktree.
    pub(super) common_dir: PathBuf,
}

/// The two settings that say whether, and where, a repository has a main
/// checkout.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) bare: bool,
    pub(super) worktree: Option<PathBuf>,
}

/// Returns where the entry `.git` of the folder `checkout` (a real path) leads,
/// or nothing when the folder has no such entry, or one that git passes over: a
/// directory that is no repository.
///
/// # Errors
/// When the entry is a file that leads nowhere, or to a repository that does
/// not know this checkout.
pub(super) fn follow(checkout: &Path) -> Result<Option<Link>, Error> {
    let entry = checkout.join(".git");
    let Ok(mut found) = entry.symlink_metadata() else {
        return Ok(None);
    };
    if found.is_dir() {
        return Ok(directory(entry));
    }
    if found.is_symlink() {
        let Ok(target) = entry.metadata() else {
            return Err(broken(&entry, "it is a link that leads nowhere"));
        };
        if target.is_dir() {
            return Ok(entry.canonicalize().ok().and_then(directory));
        }
        found = target;
    }
    if !found.is_file() {
        return Err(broken(&entry, "it is neither a file nor a folder"));
    }
    gitfile(checkout, &entry).map(Some)
}

/// Returns the git directory `git_dir` (a real path), unless it is none.
fn directory(git_dir: PathBuf) -> Option<Link> {
    is_repository(&git_dir, &git_dir).then(|| Link {
        common_dir: git_dir.clone(),
        git_dir,
    })
}

/// Follows the `.git` file `entry` of `checkout`.
fn gitfile(checkout: &Path, entry: &Path) -> Result<Link, Error> {
    let text = read_start(entry, LINK_LIMIT).map_err(|source| unreadable(entry, source))?;
    let Some(target) = text.strip_prefix(b"gitdir: ").and_then(path) else {
        return Err(broken(entry, "it does not say `gitdir: ` and a path"));
    };
    let Ok(git_dir) = real_path(&checkout.join(target), checkout) else {
        return Err(broken(entry, "the folder that it names does not exist"));
    };
    let Some(common_dir) = common_dir(&git_dir)? else {
        return match is_repository(&git_dir, &git_dir) {
            true => Ok(Link {
                common_dir: git_dir.clone(),
                git_dir,
            }),
            false => Err(broken(entry, "the folder that it names is no repository")),
        };
    };
    if !is_repository(&git_dir, &common_dir) {
        return Err(broken(entry, "the folder that it names is no repository"));
    }
    if git_dir.parent().and_then(Path::parent) != Some(&common_dir) || !leads_back(&git_dir, entry)?
    {
        return Err(broken(entry, "its repository has no worktree here"));
    }
    Ok(Link {
        git_dir,
        common_dir,
    })
}

/// Returns the shared directory that the file `commondir` of a linked
/// worktree's git directory names, or nothing where there is no such file.
fn common_dir(git_dir: &Path) -> Result<Option<PathBuf>, Error> {
    let file = git_dir.join("commondir");
    let text = match read_start(&file, LINK_LIMIT) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unreadable(&file, source)),
    };
    path(&text)
        .and_then(|target| real_path(&git_dir.join(target), git_dir).ok())
        .map(Some)
        .ok_or_else(|| broken(&file, "it does not name a folder that exists"))
}

/// Returns whether the `gitdir` file of a linked worktree's git directory names
/// the `.git` file that led to it.
fn leads_back(git_dir: &Path, entry: &Path) -> Result<bool, Error> {
    let file = git_dir.join("gitdir");
    let text = read_start(&file, LINK_LIMIT).map_err(|source| unreadable(&file, source))?;
    let Some(target) = path(&text).map(|target| git_dir.join(target)) else {
        return Ok(false);
    };
    Ok(target == entry || target.canonicalize().is_ok_and(|target| target == entry))
}

/// Returns whether git takes the folder for a git directory: a `HEAD`, and
/// `objects` and `refs` in what its worktrees share.
pub(super) fn is_repository(git_dir: &Path, common_dir: &Path) -> bool {
    has_head(git_dir) && common_dir.join("objects").is_dir() && common_dir.join("refs").is_dir()
}

/// Returns whether the folder's `HEAD` names a reference or a commit.
fn has_head(git_dir: &Path) -> bool {
    let file = git_dir.join("HEAD");
    let Ok(text) = read_start(&file, LINK_LIMIT) else {
        // A `HEAD` that is a symbolic link to an unborn branch cannot be read.
        return file
            .read_link()
            .is_ok_and(|target| target.starts_with("refs"));
    };
    if let Some(name) = text.strip_prefix(b"ref:") {
        return name.trim_ascii_start().starts_with(b"refs/");
    }
    let digits = text.iter().take_while(|byte| byte.is_ascii_hexdigit());
    digits.count() >= 40
}

/// Returns what the repository's configuration says about its main checkout.
/// What cannot be read counts as git's default.
pub(super) fn layout(common_dir: &Path) -> Layout {
    let mut layout = Layout::default();
    let text = read_start(&common_dir.join("config"), CONFIG_LIMIT).unwrap_or_default();
    let per_worktree = layout.read(&text);
    if per_worktree {
        let text =
            read_start(&common_dir.join("config.worktree"), CONFIG_LIMIT).unwrap_or_default();
        layout.read(&text);
    }
    layout
}

impl Layout {
    /// Takes in one configuration file. Returns whether it says that each
    /// worktree has one of its own (`extensions.worktreeConfig`).
    fn read(&mut self, text: &[u8]) -> bool {
        let mut per_worktree = false;
        let mut section = Vec::new();
        for line in text.split(|byte| *byte == b'\n') {
            let mut line = line.trim_ascii();
            if let Some(rest) = line.strip_prefix(b"[") {
                let Some(end) = rest.iter().position(|byte| *byte == b']') else {
                    continue;
                };
                section = rest[..end].to_ascii_lowercase();
                line = rest[end + 1..].trim_ascii();
            }
            let is = |name: &[u8], key: &[u8]| section == name && key_of(line) == key;
            if is(b"core", b"bare") {
                self.bare = truth(line);
            } else if is(b"core", b"worktree") {
                self.worktree = value_of(line).and_then(path);
            } else if is(b"extensions", b"worktreeconfig") {
                per_worktree = truth(line);
            }
        }
        per_worktree
    }
}

/// Returns the key of a configuration line, lower case.
fn key_of(line: &[u8]) -> Vec<u8> {
    let key = line
        .split(|byte| *byte == b'=')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    key.to_ascii_lowercase()
}

/// Returns the value of a configuration line without its quotes, or nothing
/// when the line is a key alone.
fn value_of(line: &[u8]) -> Option<&[u8]> {
    let at = line.iter().position(|byte| *byte == b'=')?;
    let value = line[at + 1..].trim_ascii();
    let unquoted = value
        .strip_prefix(b"\"")
        .and_then(|value| value.strip_suffix(b"\""));
    Some(unquoted.unwrap_or(value))
}

/// Returns whether a configuration line switches its key on; a key alone does.
fn truth(line: &[u8]) -> bool {
    value_of(line).is_none_or(|value| {
        matches!(
            value.to_ascii_lowercase().as_slice(),
            b"true" | b"yes" | b"on" | b"1"
        )
    })
}

/// Returns the path that a link file holds: all of it but the line's end.
fn path(text: &[u8]) -> Option<PathBuf> {
    let end = text
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))?;
    let text = &text[..=end];
    (!text.contains(&0)).then(|| PathBuf::from(OsStr::from_bytes(text)))
}

fn broken(file: &Path, problem: &'static str) -> Error {
    Error::Broken {
        file: file.into(),
        problem,
    }
}

fn unreadable(file: &Path, source: io::Error) -> Error {
    Error::Unreadable {
        path: file.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Layout, bool) {
        let mut layout = Layout::default();
        let per_worktree = layout.read(text.as_bytes());
        (layout, per_worktree)
    }

    #[test]
    fn configuration_is_read_as_git_writes_and_as_people_write_it() {
        let bare = |text| parsed(text).0.bare;
        assert!(bare("[core]\n\tbare = true\n"));
        assert!(bare("[CORE] Bare=yes"));
        assert!(bare("[core]\r\n bare\r\n"));
        assert!(!bare("[core]\n\tbare = true\n\tbare = false\n"));
        assert!(!bare("[core \"x\"]\n\tbare = true\n"));
        assert!(!bare("[other]\n\tbare = true\n[core\n"));
        assert!(!bare("[core]\n\t; bare = true\n"));
        assert!(parsed("[extensions]\n worktreeConfig = true\n").1);
        assert_eq!(
            parsed("[core]\n\tworktree = \"../../a b\"\n").0.worktree,
            Some(PathBuf::from("../../a b"))
        );
        assert_eq!(parsed("[core]\n\tworktree =\n").0.worktree, None);
    }

    #[test]
    fn a_link_file_holds_one_path_and_nothing_else() {
        assert_eq!(path(b"/a b\r\n"), Some(PathBuf::from("/a b")));
        assert_eq!(path(b"/a\nb\n"), Some(PathBuf::from("/a\nb")));
        assert_eq!(path(b"\n\n"), None);
        assert_eq!(path(b""), None);
        assert_eq!(path(b"/a\0b"), None);
    }
}
