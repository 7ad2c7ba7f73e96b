//! `maos trust`: a person lets the programs of a project's `maos.toml` run.

use std::io::{IsTerminal, stdin};
use std::path::PathBuf;

use maos_shared::config::limits::SETTINGS_BYTES;
use maos_shared::config::{
    Environment, FILE, Settings, SettingsError, ToolingSettings, WorkspaceSettings,
};
use maos_shared::files::read_start;
use maos_shared::state::Trust;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// Let the programs of a project's maos.toml run: in new workspaces
/// (workspace.post_create), and behind edits (tooling.run).
///
/// For a person at a terminal: no agent can run it. It names the programs, and
/// holds for the file exactly as it is now; after any change it has to be run
/// again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  maos trust")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        if environment.inside_agent || !stdin().is_terminal() {
            return Err(Error::NoPersonTrusts);
        }
        let project = place::project(&environment, &self.project)?.main;
        let file = project.join(".claude").join(FILE);
        if Settings::load(&file)?.is_none() {
            output.line(format_args!("{} does not exist", file.display()))?;
            return Ok(exit_code::DONE);
        }
        let bytes = read_start(&file, SETTINGS_BYTES);
        let bytes = bytes.map_err(|source| SettingsError::Unreadable {
            path: file.clone(),
            source,
        })?;
        let programs = WorkspaceSettings::post_create(&bytes);
        let tools = ToolingSettings::of_project(&bytes).run;
        if programs.is_empty() && tools.is_empty() {
            output.line(format_args!("{} runs no programs", file.display()))?;
            return Ok(exit_code::DONE);
        }
        let settings = environment.client_settings().ok_or(Error::NoHome)?;
        Trust::in_settings(&settings).give(&project, &bytes, environment.now())?;
        let project = project.display();
        if !programs.is_empty() {
            output.line(format_args!("in each new workspace of {project}:"))?;
        }
        for program in programs {
            output.line(format_args!("  {program:?}"))?;
        }
        if !tools.is_empty() {
            output.line(format_args!("behind the edits of agents in {project}:"))?;
        }
        for tool in tools {
            let programs = [tool.format, tool.command];
            for program in programs.iter().filter(|words| !words.is_empty()) {
                output.line(format_args!("  {}: {program:?}", tool.files))?;
            }
        }
        Ok(exit_code::DONE)
    }
}
