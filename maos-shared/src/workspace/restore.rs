//! Bringing back what a reference below `refs/maos/rescue/` keeps.

use super::git::{Checkout, Git};
use super::rescue::RESCUE;
use super::{Error, checkout_of};
use crate::project::Project;
use serde::Serialize;
use std::ffi::OsStr;
use std::path::Path;

/// Where branches are made of rescued work, unless they are named.
const BRANCHES: &str = "rescue";
/// Separates the fields of a line that git is asked for.
const FIELD: char = '\u{1f}';

/// Work that was on no branch when its workspace went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rescued {
    /// The name to ask for it by.
    pub name: String,
    /// The commit that holds every file.
    pub commit: String,
    /// When it was kept, ISO 8601.
    pub kept: String,
    /// The first line of the commit's message.
    pub subject: String,
}

/// Where rescued work is brought back to. Neither way touches a file that is
/// there.
#[derive(Clone, Debug)]
pub struct Restore<'a> {
    /// The branch to make; nothing for `rescue/<name>`.
    pub branch: Option<&'a str>,
    /// A folder to make a new worktree in, an absolute path.
    pub worktree: Option<&'a Path>,
}

/// Returns all that was rescued in a project, oldest first. Blocks while git
/// works.
///
/// # Errors
/// Without git, and with git's own reason.
pub fn rescued(project: &Project) -> Result<Vec<Rescued>, Error> {
    let checkout = checkout_of(project)?;
    let format = [
        "%(refname)",
        "%(objectname)",
        "%(committerdate:iso-strict)",
        "%(contents:subject)",
    ]
    .join(&FIELD.to_string());
    let list = Git::reading(&checkout).line(&[
        "for-each-ref",
        "--sort=committerdate",
        &format!("--format={format}"),
        RESCUE,
    ])?;
    Ok(list.lines().filter_map(Rescued::parse).collect())
}

/// Returns what was rescued under a name, or under the beginning of one that no
/// other shares.
///
/// # Errors
/// As [`rescued`], and when there is no such name, or several.
pub fn find_rescued(project: &Project, name: &str) -> Result<Rescued, Error> {
    let all = rescued(project)?;
    if let Some(exact) = all.iter().find(|found| found.name == name) {
        return Ok(exact.clone());
    }
    let mut like = all
        .into_iter()
        .filter(|found| !name.is_empty() && found.name.starts_with(name));
    match (like.next(), like.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::NoRescue(name.to_owned())),
        (Some(_), Some(_)) => Err(Error::ManyRescues(name.to_owned())),
    }
}

/// Returns what rescued work holds: its message, and the files that differ from
/// the commit that it was on, in git's own words; and what was staged beside that. Blocks while git works.
///
/// # Errors
/// As [`rescued`].
pub fn show_rescued(project: &Project, rescued: &Rescued) -> Result<String, Error> {
    let checkout = checkout_of(project)?;
    let show = [
        "log",
        "-1",
        "--first-parent",
        "--diff-merges=first-parent",
        "--stat",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        &rescued.commit,
        "--",
    ];
    let files = Git::reading(&checkout).line(&show)?;
    let staged = format!("{}^2", rescued.commit);
    let find = ["rev-parse", "--verify", "--quiet", &staged];
    let Some(staged) = Git::reading(&checkout).find(&find)? else {
        return Ok(files);
    };
    // What was staged and differs from both is a commit of its own.
    let stat = [
        "diff",
        "--stat",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
    ];
    let below = format!("{}^1", rescued.commit);
    let stat = [&stat[..], &[&below, &staged, "--"]].concat();
    let stat = Git::reading(&checkout).line(&stat)?;
    Ok(format!("{files}\n\nstaged, as commit {staged}:\n{stat}"))
}

/// Brings rescued work back as a new branch, in a new worktree where one is
/// asked for; returns the branch. The reference stays. Blocks while git works.
///
/// # Errors
/// When there is such a branch already, when git takes its name for none, or
/// when something is in the new worktree's folder; nothing is changed then.
pub fn restore(
    project: &Project,
    rescued: &Rescued,
    wanted: &Restore<'_>,
) -> Result<String, Error> {
    let checkout = checkout_of(project)?;
    let above = format!("refs/heads/{BRANCHES}");
    let branch = match wanted.branch {
        Some(branch) => branch.to_owned(),
        // A branch of that name leaves no room for others below it.
        None if Git::reading(&checkout)
            .run(&["rev-parse", "--verify", &above])
            .is_ok() =>
        {
            format!("{BRANCHES}-{}", rescued.name)
        }
        None => format!("{BRANCHES}/{}", rescued.name),
    };
    let full = format!("refs/heads/{branch}");
    let is_name = !branch.starts_with('-') && branch != "HEAD";
    let check = ["check-ref-format", &full];
    if !is_name || Git::reading(&checkout).run(&check).is_err() {
        return Err(Error::BranchName(branch));
    }
    // The old value says that there is none yet: no branch is moved.
    let create = [
        "update-ref",
        "-m",
        "maos: restore",
        &full,
        &rescued.commit,
        "",
    ];
    Git::writing(&checkout)
        .run(&create)
        .map_err(|_| Error::BranchExists(branch.clone()))?;
    if let Some(folder) = wanted.worktree
        && let Err(error) = add_worktree(&checkout, folder, &branch)
    {
        let undo = ["update-ref", "-d", &full, &rescued.commit];
        // The reason why there is no worktree matters more.
        let _ = Git::writing(&checkout).run(&undo);
        return Err(error);
    }
    Ok(branch)
}

/// Forgets rescued work: its reference goes, if it still keeps the commit that
/// was seen there. Git keeps the commit until its next housekeeping. Blocks while
/// git works.
///
/// # Errors
/// When the reference keeps another commit by now, or none; it stays then.
pub fn drop_rescued(project: &Project, rescued: &Rescued) -> Result<(), Error> {
    let checkout = checkout_of(project)?;
    let reference = format!("{RESCUE}/{}", rescued.name);
    let delete = ["update-ref", "-d", &reference, &rescued.commit];
    Ok(Git::writing(&checkout).run(&delete).map(drop)?)
}

/// Git itself refuses a folder that holds anything.
fn add_worktree(checkout: &Checkout, folder: &Path, branch: &str) -> Result<(), Error> {
    let add = ["worktree", "add", "--quiet", "--"].map(OsStr::new);
    let arguments = [&add[..], &[folder.as_os_str(), OsStr::new(branch)]].concat();
    Git::writing(checkout).run(&arguments)?;
    Ok(())
}

impl Rescued {
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.splitn(4, FIELD);
        let mut field = || fields.next().map(str::to_owned);
        let name = field()?;
        Some(Self {
            name: name.strip_prefix(RESCUE)?.strip_prefix('/')?.to_owned(),
            commit: field()?,
            kept: field()?,
            subject: field()?,
        })
    }
}

#[cfg(test)]
mod tests;
