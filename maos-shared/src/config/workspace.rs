//! `[workspace]` of `maos.toml`: what an agent's workspace starts from and holds.

use serde::Deserialize;

use super::limits::BASE_BYTES;

/// `[workspace]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkspaceSettings {
    /// What a workspace starts from.
    pub base: Option<Base>,
}

/// What a workspace starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Base {
    /// The files of the checkout as they are, committed or not.
    #[default]
    WorkingTree,
    /// The commit that is checked out.
    Head,
    /// A commit by any name that git knows; no option and no search.
    Commit(String),
}

impl TryFrom<String> for Base {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_odd = |letter: char| {
            letter.is_control() || letter.is_whitespace() || ":?*[\\".contains(letter)
        };
        match &*text {
            "working-tree" => Ok(Self::WorkingTree),
            "head" => Ok(Self::Head),
            "" => Err("it is empty; write \"working-tree\", \"head\" or the name of a commit"),
            name if name.len() > BASE_BYTES || name.starts_with('-') || name.contains(is_odd) => {
                Err("that is not the name of a branch, a tag or a commit")
            }
            _ => Ok(Self::Commit(text)),
        }
    }
}

impl WorkspaceSettings {
    /// Returns what counts for a project: what its own file says, and where
    /// that is silent, what the person's says.
    #[must_use]
    pub(super) fn merged(user: Self, project: Self) -> Self {
        Self {
            base: project.base.or(user.base),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<WorkspaceSettings, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_base_is_a_state_of_the_checkout_or_a_name() {
        let base = |text: &str| parse(&format!("base = {text:?}")).map(|found| found.base);
        assert_eq!(base("working-tree"), Ok(Some(Base::WorkingTree)));
        assert_eq!(base("head"), Ok(Some(Base::Head)));
        let name = "origin/main~2^{commit}";
        assert_eq!(base(name), Ok(Some(Base::Commit(name.to_owned()))));
        let long = "x".repeat(1000);
        for odd in [
            "",
            "--output=x",
            "a b",
            "a\nb",
            "a\0b",
            ":/text",
            "HEAD:a",
            "a*",
            &long,
        ] {
            assert!(base(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn the_project_says_it_and_else_the_person() {
        let from = |text: &str| parse(text).unwrap();
        let merged = |user, project| WorkspaceSettings::merged(from(user), from(project));
        let head = "base = 'head'";
        assert_eq!(merged(head, "").base, Some(Base::Head));
        assert_eq!(
            merged(head, "base = 'working-tree'").base,
            Some(Base::WorkingTree)
        );
    }
}
