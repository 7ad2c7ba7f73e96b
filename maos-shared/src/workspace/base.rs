//! What a workspace starts from.

use super::git::{Checkout, Git};
use super::{Error, snapshot};
use crate::config::Base;

/// Returns the commit, in full, that a workspace starts from which is launched
/// in `checkout`.
///
/// # Errors
/// When there is no such commit, and when git fails.
pub(super) fn of(checkout: &Checkout, wanted: &Base) -> Result<String, Error> {
    // The first call refuses a repository that belongs to another user.
    let git = || Git::searching(&checkout.folder);
    match wanted {
        Base::WorkingTree => Ok(snapshot::of(checkout)?.commit),
        Base::Head => {
            let find = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
            let head = git().find(&find)?;
            head.ok_or_else(|| Error::NoCommit(checkout.folder.clone()))
        }
        Base::Commit(name) => {
            let name_of_commit = format!("{name}^{{commit}}");
            let find = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &name_of_commit,
            ];
            git()
                .find(&find)?
                .ok_or_else(|| Error::NoBase(name.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::checkout_of;
    use crate::workspace::scratch::Scratch;

    #[test]
    fn it_is_the_files_the_commit_or_any_other() {
        let scratch = Scratch::with_repository();
        let checkout = checkout_of(&scratch.project("main")).unwrap();
        let base = |wanted: &Base| of(&checkout, wanted);
        let head = scratch.git("main", &["rev-parse", "HEAD"]);
        scratch.git("main", &["tag", "-a", "-m", "x", "first"]);
        scratch.git("main", &["commit", "-q", "--allow-empty", "-m", "second"]);
        let second = scratch.git("main", &["rev-parse", "HEAD"]);
        scratch.write("main/a.txt", "changed\n");
        let named = |name: &str| base(&Base::Commit(name.to_owned()));
        assert_eq!(base(&Base::Head).unwrap(), second);
        assert_eq!(named("first").unwrap(), head);
        assert_eq!(named("main~1").unwrap(), head);
        let files = base(&Base::WorkingTree).unwrap();
        assert_eq!(
            scratch.git("main", &["rev-parse", &format!("{files}^")]),
            second
        );
        for odd in ["nowhere", "--all", "-h", "first^{tree}"] {
            let error = named(odd).unwrap_err();
            assert!(matches!(error, Error::NoBase(_)), "{odd}: {error}");
            assert!(error.to_string().contains("workspace.base"), "{error}");
        }
    }
}
