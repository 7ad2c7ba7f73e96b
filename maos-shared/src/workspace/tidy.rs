//! Which workspaces may go: those whose work is certainly elsewhere, at once;
//! all others when nobody has used them for a while, with their work kept.
//!
//! A workspace is never touched while somebody may work in it: while the client
//! of its session runs, even when its agent has ended, since that can be
//! resumed. One that no session knows of counts as used until it was idle for
//! the same while. What is then removed is looked at once more by `remove.rs`,
//! which keeps what it finds there.

mod used;

use super::git::{Checkout, Git, GitError};
use super::marker::Marker;
use super::registry::{self, Entry};
use super::remove::{self, Checked};
use super::unfinished::Unfinished;
use super::{Error, Removal, create, elsewhere, ignored, open, spares, status};
use crate::config::limits::HANDED_OUT;
use crate::project::Project;
use crate::state::{Place, Places, State, Use};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How the reasons begin with which agents' worktrees are locked.
const AGENTS: &str = "maos agent ";

/// What may become of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays, for this reason.
    Stays(String),
    /// It goes, for this reason; nothing is lost with it.
    Goes(Elsewhere),
    /// Nobody has used it for a while: it goes, and its work is kept.
    Overdue,
}

/// Why nothing is lost with a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Elsewhere {
    /// It was never handed out: whoever made it was killed.
    Unfinished,
    /// Nothing was changed in it.
    Unchanged,
    /// Its work is merged.
    Merged,
    /// Its work has come back as uncommitted changes. Those may be thrown away,
    /// so its commits are kept by a reference.
    Returned,
}

/// A workspace, and what may become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its root.
    pub path: PathBuf,
    /// Its branch, without `refs/heads/`.
    pub branch: String,
    /// What may become of it.
    pub fate: Fate,
    /// The commit of its branch when that was judged.
    tip: Option<String>,
}

/// Returns what may become of each workspace of agents in a project. `idle` is
/// after how long one counts as not used any more. Blocks while git looks at
/// the files of those that nobody works in.
///
/// # Errors
/// Without git, and when the worktrees or the sessions cannot be listed. What goes
/// wrong with one workspace is why that one stays.
pub fn judge(project: &Project, state: &State, idle: Duration) -> Result<Vec<Judged>, Error> {
    let common_dir = project.git_common_dir.clone();
    let common_dir = common_dir.ok_or_else(|| Error::NoGit(project.checkout.clone()))?;
    let entries =
        registry::read(&common_dir).map_err(Error::io("list the worktrees of", &common_dir))?;
    let main = main(project, &common_dir);
    let places = state
        .places(idle)
        .map_err(Error::io("read the state of", state.root()))?;
    let judge = Judge {
        project,
        main,
        places,
        now: state.now(),
        idle,
    };
    let mut judged: Vec<Judged> = entries
        .iter()
        .filter_map(|entry| judge.entry(entry))
        .collect();
    judged.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(judged)
}

/// Removes a workspace that goes or is overdue; its folder moves to the trash.
/// Nothing happens to one that stays. Blocks while git works.
///
/// # Errors
/// As [`super::remove()`].
pub fn carry_out(project: &Project, judged: &Judged, trash: &Path) -> Result<Removal, Error> {
    match &judged.fate {
        Fate::Stays(_) => Ok(Removal::default()),
        Fate::Overdue => super::remove(project, &judged.path, trash),
        Fate::Goes(Elsewhere::Unfinished) => discard(project, &judged.path, trash),
        Fate::Goes(elsewhere) => {
            let keep = *elsewhere == Elsewhere::Returned;
            let checked = judged.tip.as_deref().map(|commit| Checked { commit, keep });
            remove::remove_checked(project, &judged.path, trash, checked)
        }
    }
}

/// Removes a worktree that nobody was given; its folder moves to the trash.
///
/// # Errors
/// When somebody is at work on it by now, and with the system's reason.
fn discard(project: &Project, path: &Path, trash: &Path) -> Result<Removal, Error> {
    let common_dir = project.git_common_dir.as_deref();
    let common_dir = common_dir.ok_or_else(|| Error::NoGit(project.checkout.clone()))?;
    let unfinished = Unfinished {
        common_dir,
        worktrees: &project.worktrees_dir(),
        from: &main(project, common_dir),
    };
    let _lock = create::lock(common_dir)?;
    let entries =
        registry::read(common_dir).map_err(Error::io("list the worktrees of", common_dir))?;
    let mine = |entry: &&Entry| entry.folder.as_deref() == Some(path);
    let trash = remove::place_in(trash, path);
    match entries.iter().find(mine) {
        Some(entry) if unfinished.set_aside(entry, &trash)? => Ok(Removal {
            trash: Some(trash),
            ..Removal::default()
        }),
        _ => Err(Error::NotOurs {
            path: path.into(),
            problem: "somebody is at work on it",
        }),
    }
}

/// Returns the main checkout as git is told of it.
fn main(project: &Project, common_dir: &Path) -> Checkout {
    Checkout {
        git_dir: common_dir.into(),
        folder: project.main.clone(),
    }
}

/// What all workspaces of a project are judged by.
struct Judge<'a> {
    project: &'a Project,
    main: Checkout,
    places: Places,
    now: SystemTime,
    idle: Duration,
}

impl Judge<'_> {
    /// Judges a registered worktree; `None` for one that is not an agent's.
    fn entry(&self, entry: &Entry) -> Option<Judged> {
        let folder = entry.folder.as_ref()?;
        let Some(marker) = &entry.marker else {
            return self.unfinished(entry, folder);
        };
        marker.agent.as_ref()?;
        let (fate, tip) = match self.fate(entry, folder, marker) {
            Ok(judged) => judged,
            Err(Stays(reason)) => (Fate::Stays(reason), None),
        };
        Some(Judged {
            path: folder.clone(),
            branch: marker.branch.clone(),
            fate,
            tip,
        })
    }

    /// Judges a worktree that was registered for an agent and never became a
    /// workspace. Spares have a job that looks after them.
    fn unfinished(&self, entry: &Entry, folder: &Path) -> Option<Judged> {
        if !entry.is_unfinished(AGENTS) || spares::is_ready(entry) {
            return None;
        }
        let fate = match used::idle_for(entry, folder, self.now) {
            Ok(idle) if idle < self.idle => Fate::Stays("it may still be made".to_owned()),
            // Its marker is missing, and that is all that is.
            Ok(_) if self.places.known.contains_key(folder) => {
                Fate::Stays("it does not have the marker of MAOS".to_owned())
            }
            Ok(_) => Fate::Goes(Elsewhere::Unfinished),
            Err(error) => Fate::Stays(error.to_string()),
        };
        Some(Judged {
            path: folder.into(),
            branch: String::new(),
            fate,
            tip: None,
        })
    }

    fn fate(
        &self,
        entry: &Entry,
        folder: &Path,
        marker: &Marker,
    ) -> Result<(Fate, Option<String>), Stays> {
        let is_used =
            |(at, place): (&PathBuf, &Place)| place.in_use == Use::Live && at.starts_with(folder);
        if self.places.known.iter().any(is_used) {
            return Err("its agent, or the client that could resume it, runs".into());
        }
        if entry.is_locked_by_another() {
            return Err("somebody has locked it".into());
        }
        if folder.symlink_metadata().is_err() {
            return Err("it is gone; `git worktree repair` finds it if it was moved".into());
        }
        let checkout = match open(folder)? {
            Some((opened, checkout)) if opened.git_common_dir == self.project.git_common_dir => {
                checkout
            }
            _ => return Err("it is no worktree of this repository any more".into()),
        };
        if let Some(who) = used::inhabitant(folder) {
            return Err(format!("the process {who} runs in it").into());
        }
        let idle = used::idle_for(entry, folder, self.now)?;
        let place = self.places.known.get(folder);
        if place.is_none() {
            if idle < self.idle.max(HANDED_OUT) {
                return Err("no session knows it, and it was used of late".into());
            }
            if let Some(trouble) = self.places.troubles.first() {
                return Err(format!("whose it is cannot be told: {trouble}").into());
            }
        }
        let returned = place.and_then(|place| place.returned.as_deref());
        let (left, tip) = self.left(&checkout, marker, returned)?;
        match left {
            Left::Nothing(elsewhere) => Ok((Fate::Goes(elsewhere), tip)),
            Left::Something(_)
                if idle >= self.idle && used::changed_for(&checkout, self.now)? >= self.idle =>
            {
                Ok((Fate::Overdue, tip))
            }
            Left::Something(reason) => Err(reason.into()),
        }
    }

    /// Returns whether something in a workspace is nowhere else, and the commit
    /// of its branch.
    fn left(
        &self,
        checkout: &Checkout,
        marker: &Marker,
        returned: Option<&str>,
    ) -> Result<(Left, Option<String>), Error> {
        let something = |text: &str| Left::Something(text.to_owned());
        let changes = status::changes(checkout)?;
        if let Some(operation) = status::operation(&checkout.git_dir, &changes) {
            return Ok((something(&format!("{operation} is unfinished in it")), None));
        }
        if !changes.is_empty() || !status::hidden(checkout)?.is_empty() {
            return Ok((something("it has changes that are not committed"), None));
        }
        let branch = format!("refs/heads/{}^{{commit}}", marker.branch);
        let [head, branch] = ["HEAD^{commit}", &branch].map(|name| {
            let find = ["rev-parse", "--verify", "--quiet", name];
            Git::reading(checkout).find(&find)
        });
        let (head, branch) = (head?, branch?);
        let find = ["symbolic-ref", "-q", "--short", "HEAD"];
        let own = Git::reading(checkout).find(&find)?;
        let mut found = Elsewhere::Unchanged;
        for commit in head.iter().chain(&branch).filter(|at| **at != marker.base) {
            let is_back = || returned == Some(&**commit);
            found = match elsewhere::is_merged(&self.main, &marker.base, commit, own.as_deref())? {
                true => found.max(Elsewhere::Merged),
                false if is_back() => Elsewhere::Returned,
                false => return Ok((something("its work is not merged yet"), branch)),
            };
        }
        if found == Elsewhere::Unchanged && !ignored::own(checkout)?.is_empty() {
            let reason = "nothing but files that git ignores was changed in it";
            return Ok((something(reason), branch));
        }
        Ok((Left::Nothing(found), branch))
    }
}

/// What a workspace has that is nowhere else.
enum Left {
    Nothing(Elsewhere),
    Something(String),
}

/// Why a workspace stays.
struct Stays(String);

impl From<&str> for Stays {
    fn from(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

impl From<String> for Stays {
    fn from(reason: String) -> Self {
        Self(reason)
    }
}

impl From<Error> for Stays {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<GitError> for Stays {
    fn from(error: GitError) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests;
