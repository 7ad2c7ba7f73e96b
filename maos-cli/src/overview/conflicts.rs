//! Agents that change the same files. It is told from names alone, in no time
//! and without git: two such agents need not conflict line by line, which
//! `maos conflicts` finds out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{AgentView, Work};

/// Two agents that change the same files.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Conflict {
    /// The ids of both agents.
    pub(crate) agents: [String; 2],
    /// Their names, as the table of agents has them.
    pub(crate) names: [String; 2],
    /// The files that both change.
    pub(crate) files: Vec<String>,
}

/// Returns every pair of agents whose work is not merged and that change the
/// same files.
pub(super) fn among<'a>(agents: impl Iterator<Item = &'a AgentView>) -> Vec<Conflict> {
    let mut by_file: BTreeMap<&str, Vec<&AgentView>> = BTreeMap::new();
    for agent in agents {
        let open = matches!(agent.work, Work::InProgress | Work::Unmerged);
        for file in agent.files.iter().filter(|_| open) {
            by_file.entry(file).or_default().push(agent);
        }
    }
    let mut pairs: BTreeMap<(&str, &str), Conflict> = BTreeMap::new();
    for (file, agents) in by_file {
        for (n, one) in agents.iter().enumerate() {
            for other in &agents[n + 1..] {
                let pair = pairs.entry((&one.id, &other.id));
                let conflict = pair.or_insert_with(|| Conflict {
                    agents: [one.id.clone(), other.id.clone()],
                    names: [one.name(), other.name()],
                    files: Vec::new(),
                });
                conflict.files.push(file.to_owned());
            }
        }
    }
    pairs.into_values().collect()
}
