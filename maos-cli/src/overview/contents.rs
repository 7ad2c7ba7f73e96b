//! What agents' work comes to by its content: whether it is merged, whether that of
//! two fits, and what those at work have changed. Git tells, which takes a moment
//! each time; so it is asked once for as long as nothing moves, and of workspaces
//! for as long as a look may take.

use std::collections::BTreeMap;
use std::mem;
use std::path::Path;
use std::time::{Duration, Instant};

use maos_shared::guard::is_secret_file;
use maos_shared::project::Project;
use maos_shared::workspace::merge::{self, Piece};
use maos_shared::workspace::{is_merged, touched};

use super::AgentView;

/// How long an answer counts while the branch that is checked out stays where it
/// is: other branches and the remote may move.
const FRESH: Duration = Duration::from_secs(10);

/// How long one look at all workspaces may take.
const LOOK: Duration = Duration::from_secs(2);

/// What git has said of the work of agents.
#[derive(Debug)]
pub(crate) struct Contents {
    project: Project,
    head: Option<String>,
    since: Instant,
    merged: BTreeMap<Commits, bool>,
    clashes: BTreeMap<[Commits; 2], Option<Vec<String>>>,
    /// By agent: when its workspace was looked at, and what was changed there.
    touched: BTreeMap<String, (Instant, Vec<String>)>,
}

/// From which commit to which.
type Commits = [String; 2];

impl Contents {
    /// Returns what can ask git about a project's work.
    pub(crate) fn of(project: &Project) -> Self {
        Self {
            project: project.clone(),
            head: None,
            since: Instant::now(),
            merged: BTreeMap::new(),
            clashes: BTreeMap::new(),
            touched: BTreeMap::new(),
        }
    }

    /// Forgets what may have changed.
    pub(super) fn refresh(&mut self) {
        // Without a commit nothing is merged either.
        let head = merge::head(&self.project).unwrap_or_default();
        if head != self.head || self.since.elapsed() > FRESH {
            *self = Self {
                head,
                touched: mem::take(&mut self.touched),
                ..Self::of(&self.project)
            };
        }
    }

    /// Adds to the files of agents at work what is changed in their workspaces.
    /// Those are looked at first that were not for the longest time; of those that
    /// the time does not suffice for, what was seen last counts.
    pub(super) fn touch(&mut self, mut agents: Vec<&mut AgentView>) {
        agents.sort_by_key(|agent| self.touched.get(&agent.id).map(|(at, _)| *at));
        let begun = Instant::now();
        for agent in agents {
            let left = LOOK.saturating_sub(begun.elapsed());
            if !left.is_zero()
                && let (Some(folder), Some(base)) = (&agent.workspace, &agent.base)
                && let Ok(found) = touched(Path::new(folder), base, &is_secret_file, left)
            {
                let seen = (Instant::now(), found.files());
                self.touched.insert(agent.id.clone(), seen);
            }
            if let Some((_, files)) = self.touched.get(&agent.id) {
                agent.files.extend(files.iter().cloned());
                agent.files.sort();
                agent.files.dedup();
            }
        }
    }

    /// Returns whether an agent's work is merged: as it is, or as the commit that
    /// a person made of it, whatever changed the same lines later. What git does
    /// not know is not.
    pub(super) fn is_merged(&mut self, agent: &AgentView) -> bool {
        let Some(base) = &agent.base else {
            return false;
        };
        let project = &self.project;
        let mut commits = agent.merged.iter().chain(&agent.tip);
        commits.any(|commit| {
            let key = [base.clone(), commit.clone()];
            let own = agent.branch.as_deref();
            let ask = || is_merged(project, base, commit, own).unwrap_or_default();
            *self.merged.entry(key).or_insert_with(ask)
        })
    }

    /// Returns the files in which the work of two agents does not fit; `None`
    /// where that is not known.
    pub(super) fn clash(&mut self, one: &AgentView, other: &AgentView) -> Option<Vec<String>> {
        let (one, other) = (piece(one)?, piece(other)?);
        let key = [&one, &other].map(|piece| [piece.base.clone(), piece.tip.clone()]);
        let project = &self.project;
        let clash = || merge::clash(project, &one, &other).ok();
        let paths = |found: Vec<merge::Conflict>| found.into_iter().map(|one| one.path);
        let known = self.clashes.entry(key);
        known
            .or_insert_with(|| Some(paths(clash()?).collect()))
            .clone()
    }
}

/// Returns the work that an agent has committed and that has not come back.
fn piece(agent: &AgentView) -> Option<Piece> {
    Some(Piece {
        name: agent.id.clone(),
        base: agent.since.clone().or_else(|| agent.base.clone())?,
        tip: agent.tip.clone()?,
        message: String::new(),
    })
}
