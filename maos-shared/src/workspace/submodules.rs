//! The submodules of a workspace: clones of the checkout's own, which share
//! their objects on disk, so that nothing is fetched. They are no worktrees of
//! those: a `git submodule update` in the workspace would then move the
//! checkout's submodule to the workspace.

mod kept;

pub(super) use kept::{hold_nothing, keep};

use super::git::{Checkout, Git, GitError};
use super::{Error, checkout_of};
use crate::config::limits::SUBMODULE_DEPTH;
use crate::project::Project;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// A submodule of a workspace.
struct Submodule {
    name: String,
    /// Relative to the checkout.
    path: PathBuf,
    /// The commit that the workspace's index has for it.
    commit: String,
}

impl Submodule {
    /// Returns the submodule of a workspace, and where that of the main checkout
    /// is, whose common git directory is `common_dir`.
    fn places(&self, above: &Checkout, common_dir: &Path) -> (Checkout, Checkout) {
        let below = |git_dir: &Path| git_dir.join("modules").join(&self.name);
        let inside = Checkout {
            git_dir: below(&above.git_dir),
            folder: above.folder.join(&self.path),
        };
        let git_dir = below(common_dir);
        let original = Checkout {
            folder: git_dir.clone(),
            git_dir,
        };
        (inside, original)
    }
}

/// Populates the submodules of a workspace that is not handed out yet, as far as
/// they are populated in the checkout that it starts from, each at the commit
/// that the workspace holds for it. Of one that cannot be, a warning tells.
///
/// # Errors
/// When git cannot read the workspace.
pub(super) fn populate(from: &Checkout, to: &Checkout) -> Result<(), Error> {
    populate_to(from, to, SUBMODULE_DEPTH)
}

fn populate_to(from: &Checkout, to: &Checkout, depth: usize) -> Result<(), Error> {
    for module in listed(to)? {
        let source = from.folder.join(&module.path);
        if source.join(".git").symlink_metadata().is_err() {
            continue;
        }
        let cloned = clone(&source, to, &module).and_then(|(source, target)| match depth {
            0 => Ok(()),
            _ => populate_to(&source, &target, depth - 1),
        });
        if let Err(error) = cloned {
            let path = &module.path;
            log::warn!("the submodule {path:?} is not whole in the workspace: {error}");
        }
    }
    Ok(())
}

/// Returns the submodules that a workspace has by its index and its
/// `.gitmodules`.
fn listed(to: &Checkout) -> Result<Vec<Submodule>, GitError> {
    let is_file = to.folder.join(".gitmodules").symlink_metadata();
    if !is_file.is_ok_and(|found| found.is_file()) {
        return Ok(Vec::new());
    }
    let get = [
        "config",
        "-z",
        "--file",
        ".gitmodules",
        "--get-regexp",
        r"^submodule\..*\.path$",
    ];
    let Some(text) = Git::reading(to).find(&get)? else {
        return Ok(Vec::new());
    };
    let names: Vec<(&str, &str)> = text.split('\0').filter_map(name_and_path).collect();
    let paths = names.iter().map(|(_, path)| *path);
    let list = ["ls-files", "-z", "--stage", "--"].into_iter().chain(paths);
    let text = Git::reading(to).run(&list.collect::<Vec<_>>())?;
    let links = text.split(|byte| *byte == 0).filter_map(gitlink);
    let named = links.filter_map(|(path, commit)| {
        let (name, _) = names.iter().find(|(_, known)| Path::new(known) == path)?;
        Some(Submodule {
            name: (*name).to_owned(),
            path,
            commit,
        })
    });
    Ok(named.collect())
}

/// Reads an entry of `config -z`, `submodule.<name>.path<newline><path>`.
fn name_and_path(entry: &str) -> Option<(&str, &str)> {
    let (key, path) = entry.split_once('\n')?;
    let name = key.strip_prefix("submodule.")?.strip_suffix(".path")?;
    (is_plain(name.as_ref()) && is_plain(path.as_ref())).then_some((name, path))
}

/// Reads a line of `ls-files --stage`, `mode id stage<tab>path`.
fn gitlink(line: &[u8]) -> Option<(PathBuf, String)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let mut fields = std::str::from_utf8(&line[..tab]).ok()?.split(' ');
    let (mode, commit) = (fields.next()?, fields.next()?);
    let path = PathBuf::from(OsStr::from_bytes(&line[tab + 1..]));
    (mode == "160000").then(|| (path, commit.to_owned()))
}

/// Returns whether a name or path stays below the folder that it is for.
fn is_plain(path: &Path) -> bool {
    let is_name = |part: Component<'_>| matches!(part, Component::Normal(name) if !name.eq_ignore_ascii_case(".git"));
    !path.as_os_str().is_empty()
        && !path.as_os_str().as_bytes().starts_with(b":")
        && path.components().all(is_name)
}

/// Clones the checkout's submodule at `source` into the workspace `to`, as
/// `git submodule update` would leave it.
fn clone(source: &Path, to: &Checkout, module: &Submodule) -> Result<(Checkout, Checkout), Error> {
    let target = to.folder.join(&module.path);
    for folder in [source, &target] {
        if folder.canonicalize().ok().as_deref() != Some(folder) {
            return Err(Error::Link(folder.into()));
        }
    }
    let project = Project::find(source, None, None)?;
    let source = checkout_of(&project)?;
    let common_dir = project.git_common_dir.as_ref().unwrap_or(&source.git_dir);
    let git_dir = to.git_dir.join("modules").join(&module.name);
    let above = git_dir.parent().unwrap_or(&to.git_dir);
    fs::create_dir_all(above).map_err(Error::io("make the folder", above))?;
    let options = ["clone", "--quiet", "--no-checkout", "--template="].map(OsString::from);
    let mut separate = OsString::from("--separate-git-dir=");
    separate.push(&git_dir);
    let mut arguments = options.to_vec();
    arguments.extend([
        separate,
        "--".into(),
        common_dir.into(),
        target.clone().into(),
    ]);
    Git::searching(&source.folder).run(&arguments)?;

    let clone = Checkout {
        git_dir,
        folder: target,
    };
    let git = || Git::writing(&clone);
    let remote = ["config", "remote.origin.url"];
    if let Some(url) = Git::reading(&source).find(&remote)? {
        git().run(&[&remote[..], &[&url]].concat())?;
    }
    git().run(&["config", "core.worktree", &clone.folder.to_string_lossy()])?;
    let checkout = ["checkout", "--quiet", "--detach", &module.commit];
    git().setting("checkout.workers=0").run(&checkout)?;
    Ok((source, clone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::open;
    use crate::workspace::scratch::Scratch;

    #[test]
    fn they_are_there_at_the_commit_of_the_checkout_without_their_remote() {
        let scratch = Scratch::with_repository();
        let file = ["-c", "protocol.file.allow=always"];
        scratch.init("deep");
        scratch.init("library");
        let add = |what| [&file[..], &["submodule", "add", "-q", what]].concat();
        scratch.git("library", &add("../deep"));
        scratch.git("library", &["commit", "-q", "-m", "deep"]);
        scratch.git("main", &add("../library"));
        scratch.git("main", &add("../deep"));
        scratch.git("main", &["commit", "-q", "-m", "modules"]);
        let update = ["submodule", "update", "-q", "--init", "--recursive"];
        scratch.git("main", &[&file[..], &update].concat());
        scratch.git("main", &["submodule", "deinit", "-q", "-f", "deep"]);
        scratch.git(
            "main/library",
            &["commit", "-q", "--allow-empty", "-m", "local alone"],
        );
        let local = scratch.git("main/library", &["rev-parse", "HEAD"]);
        for remote in ["library", "deep"] {
            fs::remove_dir_all(scratch.path(remote)).unwrap();
        }

        let made = scratch.undisturbed("main", || scratch.workspace("a5584d067ecffbeda"));
        let inside = made.path.join("library");
        assert_eq!(scratch.git(&inside, &["rev-parse", "HEAD"]), local);
        assert!(inside.join("a.txt").exists() && inside.join("deep/a.txt").exists());
        assert_eq!(fs::read_dir(made.path.join("deep")).unwrap().count(), 0);
        assert_eq!(scratch.git(&made.path, &["status", "--porcelain"]), "");
        let url = scratch.git(&inside, &["remote", "get-url", "origin"]);
        assert_eq!(url, scratch.path("library").display().to_string());
        // An agent that updates them all the same harms nobody.
        scratch.undisturbed("main", || {
            let update = ["submodule", "update", "-q", "--init", "library"];
            scratch.git(&made.path, &update);
        });

        let checkout = open(&made.path).unwrap().unwrap().1;
        let nothing = || hold_nothing(&checkout, &scratch.path("main/.git")).unwrap();
        assert!(nothing());
        scratch.write(inside.join("deep/new.txt"), "x");
        assert!(!nothing());
        fs::remove_file(inside.join("deep/new.txt")).unwrap();
        assert!(nothing());
        scratch.git(&inside, &["branch", "mine"]);
        assert!(nothing());
        let commit = ["commit", "-q", "--allow-empty", "-m", "inner"];
        scratch.git(&inside, &commit);
        scratch.git(&inside, &["branch", "-f", "mine"]);
        scratch.git(&inside, &["checkout", "-q", "--detach", "HEAD~1"]);
        assert!(!nothing());
    }
}
