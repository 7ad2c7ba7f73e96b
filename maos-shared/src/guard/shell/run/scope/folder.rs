//! Where a shell is.

use std::rc::Rc;

use super::unknown;
use crate::config::limits;
use crate::guard::shell::{Part, Word};

/// The folders that a shell went to, and those that `pushd` keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct Folder {
    pub(in super::super) dirs: Rc<[Word]>,
    pushed: Rc<[Rc<[Word]>]>,
}

impl Folder {
    /// Goes to a folder. The ones before it are dropped where it is absolute;
    /// so is what lies too far back to be followed, but for one that says so.
    pub(in super::super) fn enter(&mut self, dir: Word) {
        let is_absolute = match dir.parts.first() {
            Some(Part::Text(text)) => text.starts_with('/'),
            Some(Part::Tilde(name)) => name != "+" && name != "-",
            _ => false,
        };
        let skipped = match is_absolute {
            true => self.dirs.len(),
            false => self.dirs.len().saturating_sub(limits::SHELL_DIRS),
        };
        let kept = self.dirs.iter().skip(skipped).cloned();
        self.dirs = kept.chain([dir]).collect();
    }

    pub(in super::super) fn push(&mut self, dir: Word) {
        let skipped = (self.pushed.len() + 1).saturating_sub(limits::SHELL_DIRS);
        let kept = self.pushed.iter().skip(skipped).cloned();
        self.pushed = kept.chain([Rc::clone(&self.dirs)]).collect();
        self.enter(dir);
    }

    pub(in super::super) fn pop(&mut self) {
        match self.pushed.split_last() {
            Some((dirs, pushed)) => {
                self.dirs = Rc::clone(dirs);
                self.pushed = pushed.into();
            }
            None => self.enter(unknown()),
        }
    }
}
