//! Agents whose work does not fit. That two change the same files is told from
//! names alone, in no time; whether they conflict there, by a merge of what they
//! have committed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{AgentView, Contents, Work};

/// Two agents that change the same files.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Conflict {
    /// The ids of both agents.
    pub(crate) agents: [String; 2],
    /// Their names, as the table of agents has them.
    pub(crate) names: [String; 2],
    /// The files that both change.
    pub(crate) files: Vec<String>,
    /// The files in which a merge of both conflicts; `null` where nobody knows
    /// yet, since one of them still works.
    pub(crate) clash: Option<Vec<String>>,
}

/// Returns every pair of agents whose work is not merged and that change the
/// same files, but for those whose work fits all the same, by its contents.
pub(super) fn among<'a>(
    agents: impl Iterator<Item = &'a AgentView>,
    contents: Option<&mut Contents>,
) -> Vec<Conflict> {
    let mut by_file: BTreeMap<&str, Vec<&AgentView>> = BTreeMap::new();
    for agent in agents {
        let open = matches!(agent.work, Work::InProgress | Work::Unmerged);
        for file in agent.files.iter().filter(|_| open) {
            by_file.entry(file).or_default().push(agent);
        }
    }
    let mut pairs: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let mut known: BTreeMap<&str, &AgentView> = BTreeMap::new();
    for (file, agents) in by_file {
        for (n, one) in agents.iter().enumerate() {
            known.insert(&one.id, one);
            for other in &agents[n + 1..] {
                pairs.entry((&one.id, &other.id)).or_default().push(file);
            }
        }
    }
    let mut contents = contents;
    let conflicts = pairs.into_iter().map(|((one, other), files)| {
        let (one, other) = (known[one], known[other]);
        let is_committed = [one, other].iter().all(|it| it.work == Work::Unmerged);
        let contents = contents.as_deref_mut().filter(|_| is_committed);
        Conflict {
            agents: [one.id.clone(), other.id.clone()],
            names: [one.name(), other.name()],
            files: files.into_iter().map(str::to_owned).collect(),
            clash: contents.and_then(|contents| contents.clash(one, other)),
        }
    });
    let fits = |conflict: &Conflict| conflict.clash.as_ref().is_some_and(Vec::is_empty);
    conflicts.filter(|conflict| !fits(conflict)).collect()
}
