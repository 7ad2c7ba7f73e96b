//! What is in a workspace: the files of its base, and what the checkout has
//! beside its commits.

use super::registration::{Registered, State};
use super::{Creation, Order};
use crate::config::Base;
use crate::journal::rfc3339;
use crate::state::lock::Lock;
use crate::workspace::filters::Filters;
use crate::workspace::git::{Checkout, Git, GitError};
use crate::workspace::marker::Marker;
use crate::workspace::spares::{self, Spare};
use crate::workspace::update::Update;
use crate::workspace::{Error, Workspace, include, link, submodules};
use std::fs;

impl Creation {
    /// Fills a registered worktree, and writes the marker last.
    pub(super) fn fill(
        &self,
        registered: &Registered,
        state: State,
        order: &Order,
    ) -> Result<Workspace, Error> {
        let checkout = &registered.checkout;
        let making = &registered.making;
        match state {
            State::Empty => self.check_out(checkout, making)?,
            State::Spare(spare, update) => self.update(checkout, making, &spare, update)?,
            State::Unknown => {
                // A git that had locked it would hold the lock on the making.
                let _ = fs::remove_file(checkout.git_dir.join("index.lock"));
                // A copy may be half of one.
                let clean = ["clean", "-ffdx", "--quiet"];
                holding(checkout, making)?.run(&clean)?;
                self.check_out(checkout, making)?;
            }
        }
        submodules::populate(&self.from, checkout)?;
        include::copy(&self.from, checkout)?;
        link::make(&self.from, checkout, &self.links)?;
        let marker = Marker {
            agent: order.agent.clone(),
            branch: registered.branch.clone(),
            base: self.base.clone(),
            from: Some(self.from.folder.clone()),
            created: rfc3339(order.now),
        };
        marker
            .write(&checkout.git_dir)
            .map_err(Error::io("write the marker of", &checkout.folder))?;
        spares::forget(&checkout.git_dir);
        Ok(Workspace {
            path: checkout.folder.clone(),
            branch: marker.branch,
            base: marker.base,
            from: marker.from,
        })
    }

    /// Brings the files of a spare to those of the base.
    fn update(
        &self,
        checkout: &Checkout,
        making: &Lock,
        spare: &Spare,
        update: Update,
    ) -> Result<(), Error> {
        let is_filtered = match update {
            Update::None => Ok(false),
            Update::Ready(ready) => ready.carry_out(checkout, making),
            Update::Left => self.read_tree(checkout, making, spare).map(|()| true),
        };
        match is_filtered {
            Err(error) => {
                log::warn!("{:?} is written anew: {error}", checkout.folder);
                self.check_out(checkout, making)
            }
            Ok(false) if !spare.is_filtered => Ok(()),
            Ok(_) => self.take_over(&Filters::of(checkout)?, checkout),
        }
    }

    /// Has git write the files in which the base differs from a spare.
    fn read_tree(&self, checkout: &Checkout, making: &Lock, spare: &Spare) -> Result<(), Error> {
        let update = ["read-tree", "-m", "-u", &spare.base, &self.base];
        holding(checkout, making)?.run(&update)?;
        Ok(())
    }

    /// Writes the files of the base. Where a filter fails, they are written as
    /// the commit holds them.
    fn check_out(&self, checkout: &Checkout, making: &Lock) -> Result<(), Error> {
        let filters = Filters::of(checkout)?;
        let reset = ["reset", "--hard", "--quiet", "--no-recurse-submodules"];
        let reset = [&reset[..], &[&self.base, "--"]].concat();
        let git = || Ok::<_, Error>(holding(checkout, making)?.setting("checkout.workers=0"));
        match git()?.run(&reset) {
            Err(error @ GitError::Failed { .. }) if error.says("filter") => {
                log::warn!(
                    "files with a filter are in the workspace as the commit holds them: {error}"
                );
                filters.switch_off(git()?).run(&reset)?;
                Ok(())
            }
            written => {
                written?;
                self.take_over(&filters, checkout)
            }
        }
    }

    /// Brings the files with a filter to what the checkout has of them.
    fn take_over(&self, filters: &Filters, checkout: &Checkout) -> Result<(), Error> {
        let other = (self.wanted != Base::WorkingTree).then_some(&*self.base);
        filters.take_over(&self.from, checkout, other)
    }
}

/// Returns a git that holds the lock on the making for as long as it runs, and
/// waits for the person's own, which locks each worktree's `HEAD` for a moment
/// when it expires reference logs (`git gc`).
fn holding(checkout: &Checkout, making: &Lock) -> Result<Git, Error> {
    let held = making
        .share()
        .map_err(Error::io("hold the lock of", &checkout.git_dir))?;
    Ok(Git::writing(checkout).patient().holding(held))
}
