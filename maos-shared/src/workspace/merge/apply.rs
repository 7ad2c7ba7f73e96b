//! Changing many files of a checkout, all or none, while people and programs
//! may write to them.
//!
//! Why nothing is lost, whenever the process is killed and whoever else writes:
//!
//! - What is there is never written to. A new file takes its name in one step;
//!   what had the name gets a second name in `old/` first.
//! - A file counts as unchanged only while it is the same file with the same
//!   content as when it was compared with what the merge was made of. It is
//!   looked at once more under its second name just before it is replaced, what
//!   the replacement took out is looked at again (on Linux both change places in
//!   one step, so it cannot be overwritten unseen), and all of them once more at
//!   the end: somebody may have had one open. Anything else undoes all.
//! - The intent says what was there and what was to be there. So for each file,
//!   and at any moment, what lies at its place tells which step was the last,
//!   and undoing takes the steps back in the other order. Undone twice is the
//!   same as once. A file that somebody has changed since is left to them.
//! - The intent goes, or becomes final by a rename, only when all is in one
//!   state.

use super::files::{Folder, Seen, Spot};
use super::intent::{Desk, Intent, Step};
use std::io;
use std::path::{Path, PathBuf};

/// Why a change was not made.
#[derive(Debug)]
pub(super) enum Stopped {
    /// This file is not as it was when it was looked at.
    Changed(PathBuf),
    /// The system refused, at this file.
    Refused(PathBuf, io::Error),
}

/// What a call of the system may be followed by: in tests, a kill.
pub(super) type After<'a> = &'a mut dyn FnMut() -> io::Result<()>;

/// The open folders of one change.
pub(super) struct Work {
    root: Folder,
    new: Folder,
    old: Folder,
}

impl Work {
    /// Opens the checkout at `root` and the folders of the desk.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn open(root: &Path, desk: &Desk) -> io::Result<Self> {
        Ok(Self {
            root: Folder::open(root)?,
            new: desk.open("new")?,
            old: desk.open("old")?,
        })
    }

    /// Takes every step of the intent. After an error some are taken; they are
    /// to be undone.
    ///
    /// # Errors
    /// When a file has changed, or the system refuses.
    pub(super) fn carry_out(&self, intent: &Intent, after: After<'_>) -> Result<(), Stopped> {
        for (number, step) in intent.steps.iter().enumerate() {
            let at = |error| Stopped::Refused(step.path().into(), error);
            if !self.take(number, step, after).map_err(at)? {
                return Err(Stopped::Changed(step.path().into()));
            }
        }
        // Somebody may have had a file open and written to it meanwhile.
        for (number, step) in intent.steps.iter().enumerate() {
            let at = |error| Stopped::Refused(step.path().into(), error);
            let kept = self.kept(number).map_err(at)?;
            if kept.look().map_err(at)? != step.old {
                return Err(Stopped::Changed(step.path().into()));
            }
        }
        Ok(())
    }

    /// Takes one step. Returns false when the file is not as it was.
    fn take(&self, number: usize, step: &Step, after: After<'_>) -> io::Result<bool> {
        match (&step.old, &step.new) {
            (None, Some(_)) => self.add(step, after),
            (Some(old), Some(_)) => self.replace(number, step, old, after),
            (Some(old), None) => self.delete(number, step, old, after),
            (None, None) => Ok(true),
        }
    }

    fn add(&self, step: &Step, after: After<'_>) -> io::Result<bool> {
        let target = self.root.spot_made(step.path())?;
        after()?;
        match self.staged(step)?.link(&target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            linked => linked?,
        }
        after()?;
        Ok(true)
    }

    fn replace(
        &self,
        number: usize,
        step: &Step,
        old: &Seen,
        after: After<'_>,
    ) -> io::Result<bool> {
        let Some(target) = self.root.spot(step.path())? else {
            return Ok(false);
        };
        let kept = self.kept(number)?;
        target.link(&kept)?;
        after()?;
        if kept.look()?.as_ref() != Some(old) {
            return Ok(false);
        }
        let staged = self.staged(step)?;
        staged.swap(&target)?;
        after()?;
        match staged.look()? {
            // Somebody put another file there between the look and the swap.
            Some(out) if !out.is(old) => {
                staged.swap(&target)?;
                after()?;
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    fn delete(&self, number: usize, step: &Step, old: &Seen, after: After<'_>) -> io::Result<bool> {
        let Some(target) = self.root.spot(step.path())? else {
            return Ok(false);
        };
        let kept = self.kept(number)?;
        target.move_to(&kept)?;
        after()?;
        Ok(kept.look()?.as_ref() == Some(old))
    }

    /// Undoes what is done of the intent, and returns the files that somebody
    /// has changed since and that were left as they are.
    ///
    /// # Errors
    /// What the system says; to try again is safe.
    pub(super) fn undo(&self, intent: &Intent, after: After<'_>) -> io::Result<Vec<PathBuf>> {
        let mut left = Vec::new();
        for (number, step) in intent.steps.iter().enumerate().rev() {
            let undone = match (&step.old, &step.new) {
                (None, Some(new)) => self.undo_add(step, new, after)?,
                (Some(_), Some(new)) => self.undo_replace(number, step, new, after)?,
                (Some(_), None) => self.undo_delete(number, step, after)?,
                (None, None) => true,
            };
            if !undone {
                left.push(step.path().into());
            }
        }
        Ok(left)
    }

    fn undo_add(&self, step: &Step, new: &Seen, after: After<'_>) -> io::Result<bool> {
        let Some(target) = self.root.spot(step.path())? else {
            return Ok(true);
        };
        let undone = match target.look()? {
            None => true,
            Some(found) if found == *new => {
                target.remove()?;
                after()?;
                true
            }
            // Somebody else's file, or ours as somebody has changed it since.
            Some(found) => !found.is(new),
        };
        self.root.prune_above(step.path(), step.folders);
        Ok(undone)
    }

    fn undo_replace(
        &self,
        number: usize,
        step: &Step,
        new: &Seen,
        after: After<'_>,
    ) -> io::Result<bool> {
        let kept = self.kept(number)?;
        let Some(old) = kept.look()? else {
            return Ok(true);
        };
        let target = self.root.spot_made(step.path())?;
        match target.look()? {
            Some(found) if found == *new => {}
            Some(found) if found.is(&old) => {
                // Not replaced yet, or put back already.
                kept.remove()?;
                return Ok(true);
            }
            // Deleted or written by somebody since.
            _ => return Ok(false),
        }
        let staged = self.staged(step)?;
        let back = match staged.look()? {
            // Killed between a swap and its way back: this is somebody's.
            Some(out) if !out.is(&old) && !out.is(new) => staged,
            _ => kept,
        };
        back.move_to(&target)?;
        after()?;
        Ok(true)
    }

    fn undo_delete(&self, number: usize, step: &Step, after: After<'_>) -> io::Result<bool> {
        let kept = self.kept(number)?;
        let Some(old) = kept.look()? else {
            return Ok(true);
        };
        let target = self.root.spot_made(step.path())?;
        match kept.link(&target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            linked => linked?,
        }
        after()?;
        let is_back = target.look()?.is_some_and(|found| found.is(&old));
        if is_back {
            kept.remove()?;
        }
        Ok(is_back)
    }

    /// Removes the folders that deletions have left empty, as git does.
    pub(super) fn prune(&self, intent: &Intent) {
        for step in intent.steps.iter().filter(|step| step.new.is_none()) {
            self.root.prune_above(step.path(), usize::MAX);
        }
    }

    fn staged(&self, step: &Step) -> io::Result<Spot> {
        let staged = self.new.spot(step.path())?;
        staged.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn kept(&self, number: usize) -> io::Result<Spot> {
        self.old.spot_made(Path::new(&number.to_string()))
    }
}
