//! What has to be on, is on: everything that MAOS needs, looked at once, each
//! fault with its remedy.

mod damage;
mod hooks;
mod machine;
mod plugin;
mod project;
mod tooling;

use maos_shared::config::Environment;
use maos_shared::project::Project;
use maos_shared::state::State;
use schemars::JsonSchema;
use serde::Serialize;

/// What was found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Report {
    /// Each thing that was looked at.
    pub(crate) findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// How it is.
    pub(crate) grade: Grade,
    /// What it is, in a word.
    pub(crate) subject: &'static str,
    /// What was found.
    pub(crate) found: String,
    /// What helps, where something is wrong.
    pub(crate) remedy: Option<String>,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    /// As it should be.
    Good,
    /// It works, but a person should know.
    Note,
    /// MAOS does not do its work.
    Fault,
}

impl Report {
    /// Returns whether MAOS does not do its work somewhere.
    pub(crate) fn has_fault(&self) -> bool {
        let faults = |finding: &Finding| finding.grade == Grade::Fault;
        self.findings.iter().any(faults)
    }
}

impl Finding {
    fn good(subject: &'static str, found: impl Into<String>) -> Self {
        Self {
            grade: Grade::Good,
            subject,
            found: found.into(),
            remedy: None,
        }
    }

    fn note(subject: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            grade: Grade::Note,
            remedy: Some(remedy.into()),
            ..Self::good(subject, found)
        }
    }

    fn fault(subject: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            grade: Grade::Fault,
            ..Self::note(subject, found, remedy)
        }
    }
}

/// Looks at everything. Starts each hook program, git and the client; writes
/// only into scratch folders.
pub(crate) fn examine(environment: &Environment, project: &Project) -> Report {
    let state = State::at(project.state_dir(), environment.now());
    let mut findings = machine::programs(environment);
    findings.extend(project::repository(project));
    findings.extend(hooks::examine(environment, project, &state));
    findings.extend(project::settings(environment, project));
    findings.extend(tooling::examine(environment, project));
    findings.extend(machine::file_system(&state));
    findings.extend(damage::examine(project, &state));
    findings.extend(project::state(project, &state));
    Report { findings }
}
