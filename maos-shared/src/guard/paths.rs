//! Paths as text: resolved without looking at the disk.

use std::path::{Component, Path, PathBuf};

/// Returns `path` as an absolute path without `.`, `..` and doubled slashes. A
/// relative one begins at `base`, one that begins with `~/` at `home`; `~name`
/// becomes a folder beside `home`. `..` at the root stays there.
pub(super) fn resolve(path: &str, base: &Path, home: Option<&Path>) -> PathBuf {
    if let Some(rest) = path.strip_prefix('~') {
        let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
        return join(&home_of(name, home), rest);
    }
    join(base, path)
}

/// Returns the home of the user with this name; with no name, of the user
/// whose `home` it is. Where that is not known, a folder that no one has.
pub(super) fn home_of(name: &str, home: Option<&Path>) -> PathBuf {
    match (name, home) {
        ("", Some(home)) => home.to_owned(),
        ("", None) => PathBuf::from(UNKNOWN_HOME),
        ("root", _) => PathBuf::from("/root"),
        (name, Some(home)) => home.parent().unwrap_or(Path::new("/home")).join(name),
        (name, None) => Path::new("/home").join(name),
    }
}

/// Stands for a home that is not known.
const UNKNOWN_HOME: &str = "/home/~";

fn join(base: &Path, path: &str) -> PathBuf {
    let mut resolved = PathBuf::from("/");
    for component in base.join(path).components() {
        match component {
            Component::Normal(name) => resolved.push(name),
            Component::ParentDir => {
                resolved.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    resolved
}

/// Returns what follows the last slash.
pub(super) fn base_name(path: &str) -> &str {
    // Asked of every command, for which a search for a character is too much.
    let slash = path.bytes().rposition(|byte| byte == b'/');
    slash.map_or(path, |slash| &path[slash + 1..])
}

/// Returns whether a path is a connection to another machine, as shells open it.
pub(super) fn is_connection(path: &str) -> bool {
    path.starts_with("/dev/tcp/") || path.starts_with("/dev/udp/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_resolved_however_it_is_spelled() {
        let cwd = Path::new("/home/dev/project");
        let home = Some(Path::new("/home/dev"));
        for (path, expected) in [
            ("src/../.env", "/home/dev/project/.env"),
            (".//./src//lib.rs", "/home/dev/project/src/lib.rs"),
            ("~", "/home/dev"),
            ("~/.ssh/", "/home/dev/.ssh"),
            ("~guest/x", "/home/guest/x"),
            ("~root/x", "/root/x"),
            ("../../../../../etc/passwd", "/etc/passwd"),
            ("/a/./b/../c", "/a/c"),
            ("", "/home/dev/project"),
            ("a~b", "/home/dev/project/a~b"),
        ] {
            assert_eq!(resolve(path, cwd, home), Path::new(expected), "{path}");
        }
        assert_eq!(resolve("~/x", cwd, None), Path::new("/home/~/x"));
    }
}
