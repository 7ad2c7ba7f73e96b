//! A subagent's file tools: which file they read or change.

use maos_shared::config::limits::PATH_BYTES;
use maos_shared::guard::Denial;
use maos_shared::hook::{Answer, Error};

use super::{Placed, Subject, inside};
use crate::location::Location;
use crate::objection;
use crate::tools::File;

impl Subject<'_> {
    pub(super) fn read(&self, file: &File) -> Result<Placed, Error> {
        let Some(own) = &self.known else {
            return Ok(Placed::as_asked());
        };
        let Location::Shared(below) = self.locate(&file.path, Some(own)) else {
            return Ok(Placed::as_asked());
        };
        let there = inside(own, &below);
        // What only the shared checkout has (ignored files) is read there.
        if !there.exists() {
            return Ok(Placed::as_asked());
        }
        self.redirect(file.field, &there)
    }

    pub(super) fn search(&self, path: Option<&str>) -> Result<Placed, Error> {
        let Some(own) = &self.known else {
            return Ok(Placed::as_asked());
        };
        let Location::Shared(below) = self.locate(path.unwrap_or("."), Some(own)) else {
            return Ok(Placed::as_asked());
        };
        let there = inside(own, &below);
        if self.is_in(own) || !there.exists() {
            return Ok(Placed::as_asked());
        }
        self.redirect("path", &there)
    }

    pub(super) fn write(&self, file: &File) -> Result<Placed, Error> {
        match self.locate(&file.path, self.known.as_ref()) {
            Location::Own | Location::Outside => Ok(Placed::as_asked()),
            Location::Foreign => self.refuse_foreign(&file.path),
            Location::Shared(below) => {
                let own = self.workspace()?;
                let there = inside(&own, &below);
                if self.locate(&there.to_string_lossy(), Some(&own)) != Location::Own {
                    return self.refuse_foreign(&file.path);
                }
                let placed = self.redirect(file.field, &there)?;
                let told = format!(
                    "This agent works in its own git worktree, {}. The file was written to {}; \
                     use paths in that folder from now on.",
                    own.path.display(),
                    there.display()
                );
                Ok(Placed {
                    answer: placed.answer.and_tell(self.call.event, told),
                    file: Some(there),
                })
            }
        }
    }

    pub(super) fn edit(&self, file: &File) -> Result<Placed, Error> {
        match self.locate(&file.path, self.known.as_ref()) {
            Location::Own | Location::Outside => Ok(Placed::as_asked()),
            Location::Foreign => self.refuse_foreign(&file.path),
            Location::Shared(below) => {
                let own = self.workspace()?;
                let there = inside(&own, &below);
                let denial = Denial {
                    rule: "isolation.edit".into(),
                    reason: format!(
                        "This agent works in its own git worktree, `{}`, so that its changes do \
                         not mix with others'.",
                        own.path.display()
                    ),
                    instead: format!(
                        "Read {} and edit it there; nothing was changed.",
                        there.display()
                    ),
                };
                Ok(Placed::with(objection::refuse(self.call, &denial, None)))
            }
        }
    }

    /// A tool that nobody here knows: its files are named by fields that hold
    /// a path into the shared checkout, and those are led into the workspace.
    pub(super) fn unknown(&self) -> Result<Placed, Error> {
        let own = self.workspace()?;
        let mut changes: Vec<(String, String)> = Vec::new();
        for (name, _) in self.input.fields() {
            let Ok(Some(text)) = self.input.text(name) else {
                continue;
            };
            if !text.starts_with('/') || text.contains('\n') || text.len() > PATH_BYTES {
                continue;
            }
            match self.locate(&text, Some(&own)) {
                Location::Own | Location::Outside => {}
                Location::Foreign => return self.refuse_foreign(&text),
                Location::Shared(below) => {
                    let there = inside(&own, &below).to_string_lossy().into_owned();
                    changes.push((name.to_owned(), there));
                }
            }
        }
        if changes.is_empty() {
            return Ok(Placed::as_asked());
        }
        let changes: Vec<(&str, &str)> = changes
            .iter()
            .map(|(name, path)| (name.as_str(), path.as_str()))
            .collect();
        Ok(Placed::with(Answer::rewrite(self.input.with(&changes)?)))
    }
}
