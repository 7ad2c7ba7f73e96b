//! How strongly each rule is meant: the catalogue's levels, changed by the
//! person's `maos.toml`, tightened by the project's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::own_rule::{OWN, Own, asks_the_guard, text};
use super::shell::Script;
use super::verdict::{Denial, Verdict};
use super::{Access, catalogue};
use crate::config::{GuardSettings, Level, Levels};

/// What two layers of settings make of the rules.
#[derive(Default)]
pub struct Policy {
    levels: [BTreeMap<String, Level>; 2],
    own: Vec<Own>,
    /// The folders that count as temporary, as the person wrote them.
    free_folders: Vec<String>,
    discards_in_worktrees: bool,
    problems: Vec<String>,
    /// Whether a person has let a rule off for now.
    is_allowed: Option<Question>,
}

/// A question about a rule, by its id.
type Question = Box<dyn Fn(&str) -> bool>;

impl Policy {
    /// What stands before the id of a rule that a `maos.toml` adds.
    pub const OWN: &str = OWN;

    /// Returns the policy of a person's settings and a project's. The project's
    /// can only make a level stronger, add rules, and switch allowances off.
    #[must_use]
    pub fn new(user: &GuardSettings, project: &GuardSettings) -> Self {
        let mut policy = Self {
            discards_in_worktrees: user.discards_in_worktrees != Some(false)
                && project.discards_in_worktrees != Some(false),
            free_folders: user.free_folders.clone(),
            own: [user, project]
                .into_iter()
                .flat_map(|settings| settings.rules.iter().cloned().map(Own::new))
                .collect(),
            ..Self::default()
        };
        if !project.free_folders.is_empty() {
            policy
                .problems
                .push("`guard.free_folders` counts in the person's own maos.toml only".to_owned());
        }
        policy.levels = [policy.flatten(user), policy.flatten(project)];
        policy
    }

    /// Returns this policy with rules that a person has let off for now. It is
    /// asked for a rule that objects and can be weakened, and no other.
    #[must_use]
    pub fn allowing(mut self, is_allowed: impl Fn(&str) -> bool + 'static) -> Self {
        self.is_allowed = Some(Box::new(is_allowed));
        self
    }

    /// Returns the level of a rule, as the settings say it.
    #[must_use]
    pub fn level(&self, id: &str) -> Level {
        let own = id.strip_prefix(Self::OWN).and_then(|id| self.own_rule(id));
        let (default, fixed) = match (own, catalogue::rule(id)) {
            (Some(own), _) => (own.rule.level, false),
            (None, Some(rule)) => (rule.level, rule.fixed),
            (None, None) => (Level::Deny, true),
        };
        if fixed {
            return default;
        }
        let family = id.split('.').next().unwrap_or_default();
        let [user, project] = self
            .levels
            .each_ref()
            .map(|levels| levels.get(id).or_else(|| levels.get(family)).copied());
        let level = user.unwrap_or(default);
        project.map_or(level, |project| project.max(level))
    }

    /// Returns the verdict on a call that these rules object to: by the
    /// strongest level, and of that the first. Where a person has let off all
    /// that would object, by the first of those.
    #[must_use]
    pub fn decide(&self, objections: &[Denial]) -> Verdict {
        let mut strongest: Option<(Level, &Denial)> = None;
        let mut allowed = None;
        for denial in objections {
            let level = self.level(&denial.rule);
            if level == Level::Off || strongest.as_ref().is_some_and(|best| best.0 >= level) {
                continue;
            }
            if self.is_let_off(&denial.rule) {
                allowed.get_or_insert(denial);
            } else {
                strongest = Some((level, denial));
            }
        }
        match strongest {
            Some((Level::Deny, denial)) => Verdict::Deny(denial.clone()),
            Some((Level::Ask, denial)) => Verdict::Ask(denial.clone()),
            Some((_, denial)) => Verdict::Warn(denial.clone()),
            None => allowed.cloned().map_or(Verdict::Pass, Verdict::Allowed),
        }
    }

    /// Returns whether no settings can weaken this rule.
    #[must_use]
    pub fn is_fixed(rule: &str) -> bool {
        catalogue::rule(rule).is_some_and(|rule| rule.fixed)
    }

    /// Returns whether a person has let this rule off for now. What cannot be
    /// made good again never is.
    #[must_use]
    pub fn is_let_off(&self, rule: &str) -> bool {
        !Self::is_fixed(rule) && self.is_allowed.as_ref().is_some_and(|ask| ask(rule))
    }

    /// Returns the person's folders that count as temporary; those from `~/`
    /// where the home is known.
    pub fn free_folders(&self, home: Option<&Path>) -> impl Iterator<Item = PathBuf> {
        self.free_folders.iter().filter_map(move |folder| {
            let below_home = folder.strip_prefix("~/");
            let path = match below_home {
                Some(below) => home?.join(below),
                None => PathBuf::from(folder),
            };
            path.is_absolute().then_some(path)
        })
    }

    /// Returns whether an agent may discard changes in its own worktree.
    #[must_use]
    pub const fn discards_in_worktrees(&self) -> bool {
        self.discards_in_worktrees
    }

    /// Returns what is wrong with the settings, a line each: rules that do not
    /// exist or cannot be set, patterns that are none. Compiles every pattern.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let patterns = self.own.iter().filter_map(Own::problem);
        self.problems.iter().cloned().chain(patterns).collect()
    }

    /// Returns what the added rules object to in the commands of a script.
    pub(super) fn judge_script(&self, script: &Script) -> Vec<Denial> {
        let rules = self.own.iter().filter(|own| own.rule.command.is_some());
        let judged = || script.commands.iter().filter(|one| !asks_the_guard(one));
        rules
            .filter(|own| judged().any(|one| own.finds_command(&text(one))))
            .map(Own::denial)
            .collect()
    }

    /// Returns what the added rules object to in a file tool's path.
    pub(super) fn judge_path(&self, path: &str, access: Access) -> Vec<Denial> {
        let rules = self.own.iter().filter(|own| own.rule.path.is_some());
        rules
            .filter(|own| access == Access::Write || !own.rule.only_writes)
            .filter(|own| own.finds_path(path))
            .map(Own::denial)
            .collect()
    }

    fn own_rule(&self, id: &str) -> Option<&Own> {
        self.own.iter().find(|own| own.rule.id == id)
    }

    /// Returns the levels by the full name of their rule or family, and notes
    /// what cannot be set.
    fn flatten(&mut self, settings: &GuardSettings) -> BTreeMap<String, Level> {
        let mut flat = BTreeMap::new();
        for (name, levels) in &settings.levels {
            match levels {
                Levels::One(level) => drop(flat.insert(name.clone(), *level)),
                Levels::Each(each) => {
                    let named =
                        |(rest, level): (&String, &Level)| (format!("{name}.{rest}"), *level);
                    flat.extend(each.iter().map(named));
                }
            }
        }
        for (name, level) in &flat {
            if let Some(problem) = self.problem_with(name, *level) {
                self.problems.push(problem);
            }
        }
        flat
    }

    fn problem_with(&self, name: &str, level: Level) -> Option<String> {
        let begins = |id: &str| id.split('.').next() == Some(name);
        let family = || catalogue::rules().iter().filter(|rule| begins(rule.id));
        let is_own = || {
            let id = name.strip_prefix(Self::OWN);
            id.is_some_and(|id| self.own_rule(id).is_some())
        };
        match catalogue::rule(name) {
            Some(rule) if rule.fixed && level != rule.level => Some(format!(
                "`{name}` cannot be set to {level}: what it stops cannot be made good again, or falls \
                 on others"
            )),
            Some(_) => None,
            None if family().any(|rule| !rule.fixed || rule.level == level) => None,
            None if family().next().is_some() => Some(format!(
                "no rule of `{name}` can be set to {level}: what they stop cannot be made good \
                 again, or falls on others"
            )),
            None if name == "own" || is_own() => None,
            None => Some(format!(
                "there is no rule `{name}`; `maos rules` lists them"
            )),
        }
    }
}

#[cfg(test)]
mod tests;
