//! Places: paths of which some names may be patterns, or the start unknown.

use std::borrow::Cow;
use std::fmt;
use std::path::{Component, Path};
use std::rc::Rc;

use super::glob::Pattern;

/// A path whose names may be patterns, without `.` and `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Begins at the root; else below a folder that is not known.
    pub(super) anchored: bool,
    /// What is not known of it somebody took care of: it has a default, must be
    /// set, or is chosen in a branch.
    pub(super) promised: bool,
    /// From the root, or from that folder, downwards.
    pub(super) names: Vec<Name>,
}

/// One name of a [`Place`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// This one.
    Known(Rc<str>),
    /// Any that matches.
    Pattern(Pattern),
}

impl Name {
    /// Returns whether it may stand for `name`.
    pub(super) fn may_be(&self, name: &str) -> bool {
        match self {
            Self::Known(known) => known.eq_ignore_ascii_case(name),
            Self::Pattern(pattern) => pattern.expands_to(name),
        }
    }

    /// Returns whether it stands for about everything in its folder: `*`,
    /// `.*`, `?*`, `*.*`.
    pub(super) fn is_sweeping(&self) -> bool {
        match self {
            Self::Known(_) => false,
            Self::Pattern(pattern) => !pattern.fixed().any(char::is_alphanumeric),
        }
    }
}

impl Place {
    pub(super) fn of_path(path: &Path) -> Self {
        let names = names_of(path).map(|name| Name::Known(name.into()));
        Self {
            names: names.collect(),
            ..Self::root()
        }
    }

    pub(super) fn root() -> Self {
        Self {
            anchored: true,
            promised: false,
            names: Vec::new(),
        }
    }

    /// Returns a folder that may be any.
    pub(super) fn unknown() -> Self {
        Self {
            anchored: false,
            ..Self::root()
        }
    }

    /// Returns a name in a folder that may be any.
    pub(super) fn somewhere(name: &str) -> Self {
        Self {
            names: vec![Name::Known(name.into())],
            ..Self::unknown()
        }
    }

    /// Returns a folder that is what somebody took care of.
    pub(super) fn promised() -> Self {
        Self {
            promised: true,
            ..Self::unknown()
        }
    }

    pub(super) fn push(&mut self, name: Pattern) {
        match name.literal() {
            Some(name) if name.is_empty() || name == "." => {}
            Some(name) if name == ".." => drop(self.names.pop()),
            Some(name) => self.names.push(Name::Known(name.into())),
            None => self.names.push(Name::Pattern(name)),
        }
    }

    /// Returns whether it may be `path` or a folder above it.
    pub(super) fn may_hold(&self, path: &Path) -> bool {
        let mut others = names_of(path);
        let mut is_next = |name: &Name| others.next().is_some_and(|other| name.may_be(&other));
        self.anchored && self.names.iter().all(&mut is_next)
    }

    /// Returns whether it may be `path`.
    pub(super) fn may_be(&self, path: &Path) -> bool {
        self.may_hold(path) && self.names.len() == names_of(path).count()
    }

    /// Returns whether it may be `root` or lie below it.
    pub(super) fn may_be_within(&self, root: &Path) -> bool {
        let mut names = self.names.iter();
        let mut is_next = |root: Cow<'_, str>| names.next().is_some_and(|name| name.may_be(&root));
        self.anchored && names_of(root).all(&mut is_next)
    }

    /// Returns whether it surely is `root` or lies below it.
    pub(super) fn is_within(&self, root: &Path) -> bool {
        let mut names = self.names.iter();
        let mut is_next = |root: Cow<'_, str>| match names.next() {
            Some(Name::Known(name)) => **name == *root,
            _ => false,
        };
        self.anchored && names_of(root).all(&mut is_next)
    }

    /// Returns whether it surely lies below `root`.
    pub(super) fn is_below(&self, root: &Path) -> bool {
        self.is_within(root) && self.names.len() > names_of(root).count()
    }

    /// Returns the folder that it lies in; itself where it has none.
    pub(super) fn parent(&self) -> Self {
        let mut parent = self.clone();
        parent.names.pop();
        parent
    }
}

/// Returns the names of a path from the root downwards.
fn names_of(path: &Path) -> impl Iterator<Item = Cow<'_, str>> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    })
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.anchored && self.names.is_empty() {
            return to.write_str("/");
        }
        for (at, name) in self.names.iter().enumerate() {
            if at > 0 || self.anchored {
                to.write_str("/")?;
            }
            match name {
                Name::Known(known) => to.write_str(known)?,
                Name::Pattern(pattern) => write!(to, "{pattern}")?,
            }
        }
        Ok(())
    }
}
