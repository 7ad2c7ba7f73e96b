//! `[workspace]` of `maos.toml`: what an agent's workspace starts from and holds.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::limits::{BASE_BYTES, PATH_BYTES, SPARES, SPARES_MAX};
use super::{Settings, tree};

/// `[workspace]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct WorkspaceSettings {
    /// What a workspace starts from.
    pub base: Option<Base>,
    /// Folders and files that git ignores and that workspaces share with the
    /// checkout, such as `node_modules`.
    pub link: Vec<Shared>,
    /// How many workspaces are kept ready for agents to come.
    pub spares: Option<usize>,
    /// Programs with their arguments that run in a new workspace, one after the
    /// other. The project's own file only, once the person trusts it.
    pub post_create: Vec<Vec<String>>,
    /// How an agent's work comes back when it stops.
    #[serde(rename = "return")]
    pub back: Option<Back>,
}

/// A path in the checkout that workspaces share: relative, and away from what
/// git, the client and this program keep there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String")]
pub struct Shared(PathBuf);

impl Shared {
    /// Returns the path, relative to the checkout.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl TryFrom<String> for Shared {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const OWNED: [&str; 3] = [".git", ".maos", ".claude"];
        let path = PathBuf::from(&text);
        let is_plain = |part: Component<'_>| match part {
            Component::Normal(name) => !OWNED.iter().any(|owned| name.eq_ignore_ascii_case(owned)),
            _ => false,
        };
        let is_odd = text.is_empty() || text.contains(char::is_control) || text.len() > PATH_BYTES;
        match !is_odd && path.components().all(is_plain) {
            true => Ok(Self(path.components().collect())),
            false => Err(
                "it must be a path inside of the checkout, without `..`, `.git`, `.maos` and `.claude`",
            ),
        }
    }
}

/// How an agent's work comes back when it stops. The later one is stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Back {
    /// As uncommitted changes of the checkout that it started from, where that
    /// disturbs nothing.
    #[default]
    Auto,
    /// Not by itself: it stays on its branch.
    Branch,
}

/// What a workspace starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// that is silent, what the person's says. Both add links. A project's file
    /// can only lower the number of spares, whose room is the person's. How
    /// work comes back, the stricter of both says: a project writes to nobody's
    /// files who does not want that.
    #[must_use]
    pub(super) fn merged(user: Self, project: Self) -> Self {
        let spares = user.spares.unwrap_or(SPARES);
        Self {
            base: project.base.or(user.base),
            link: [user.link, project.link].concat(),
            post_create: project.post_create,
            spares: Some(project.spares.map_or(spares, |fewer| fewer.min(spares))),
            back: project.back.max(user.back),
        }
    }

    /// Returns the programs that a project's file, with these bytes, has run in
    /// a new workspace; none where it is no `maos.toml`. Of a trusted file these
    /// are the ones that the person has read.
    #[must_use]
    pub fn post_create(file: &[u8]) -> Vec<Vec<String>> {
        let settings = tree::read::<Settings>(&String::from_utf8_lossy(file));
        let mut programs = settings.unwrap_or_default().workspace.post_create;
        programs.retain(|program| !program.is_empty());
        programs
    }

    /// Returns how many workspaces are kept ready.
    #[must_use]
    pub fn spares(&self) -> usize {
        self.spares.unwrap_or(SPARES).min(SPARES_MAX)
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
    fn work_stays_on_its_branch_where_anybody_says_so() {
        let back = |user: &str, project: &str| {
            let from = |text: &str| parse(text).unwrap();
            WorkspaceSettings::merged(from(user), from(project)).back
        };
        let (auto, branch) = ("return = 'auto'", "return = 'branch'");
        assert_eq!(back("", "").unwrap_or_default(), Back::Auto);
        assert_eq!(back(branch, auto), Some(Back::Branch));
        assert_eq!(back(auto, branch), Some(Back::Branch));
        assert!(parse("return = 'always'").is_err());
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

    #[test]
    fn a_link_stays_inside_and_away_from_what_is_kept_there() {
        let link = |text: &str| parse(&format!("link = [{text:?}]"));
        let found = link("web/./node_modules/").unwrap();
        assert_eq!(found.link[0].path(), Path::new("web/node_modules"));
        for odd in [
            "",
            ".",
            "/etc",
            "../x",
            "a/../../b",
            ".git/x",
            ".GIT",
            ".maos",
            ".claude/worktrees",
            "a\0b",
        ] {
            assert!(link(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn what_runs_in_a_new_workspace_is_the_projects_to_say() {
        let text = "post_create = [['npm', 'ci'], [], ['make']]";
        let programs = WorkspaceSettings::post_create(format!("[workspace]\n{text}").as_bytes());
        assert_eq!(programs, [&["npm", "ci"][..], &["make"]]);
        assert!(WorkspaceSettings::post_create(b"[workspace").is_empty());
        let merged = WorkspaceSettings::merged(parse(text).unwrap(), parse("").unwrap());
        assert!(merged.post_create.is_empty());
    }

    #[test]
    fn a_project_only_lowers_the_number_of_spares() {
        let spares = |user: &str, project: &str| {
            WorkspaceSettings::merged(parse(user).unwrap(), parse(project).unwrap()).spares()
        };
        assert_eq!(spares("", ""), SPARES);
        assert_eq!(spares("spares = 4", ""), 4);
        assert_eq!(spares("spares = 1", "spares = 8"), 1);
        assert_eq!(spares("", "spares = 0"), 0);
        assert_eq!(spares("spares = 1000", ""), SPARES_MAX);
    }
}
