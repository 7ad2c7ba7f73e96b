//! Keeps a subagent's changes out of every checkout but its own workspace.
//!
//! An agent that the client isolated works in its workspace already; what is
//! left is to stop it from reaching out. An agent that shares a checkout gets
//! a workspace with its first change: a new file is written there, a command
//! runs there, an edit is refused once with the path to use, and what it reads
//! from then on is read there. Without a workspace nothing is changed: the
//! call fails with the reason.

use std::path::{Path, PathBuf};

use maos_shared::config::limits::PATH_BYTES;
use maos_shared::guard::shell::{Part, Word};
use maos_shared::guard::{Denial, Effect, Judgement, command_paths_into};
use maos_shared::hook::{Answer, Call, Error};
use maos_shared::journal::rfc3339;
use maos_shared::json::Object;
use maos_shared::project::{Kind, Project};
use maos_shared::state::agents::{Agent, Stage, fact};
use maos_shared::workspace::{self, Workspace};

use crate::guard::{self, Ground};
use crate::location::{Location, real_path};
use crate::objection;
use crate::tools::{File, Tool};

/// A call with its place.
pub(crate) struct Placed {
    /// The answer so far.
    pub(crate) answer: Answer,
    /// The file that will be changed, where it is another than was asked for.
    pub(crate) file: Option<PathBuf>,
}

impl Placed {
    /// Returns a call that stays as it is.
    pub(crate) fn as_asked() -> Self {
        Self::with(Answer::Silence)
    }

    fn with(answer: Answer) -> Self {
        Self { answer, file: None }
    }
}

/// Finds the place for a subagent's call. Where the workspace that it needs
/// cannot be made, the call is refused with the reason, also for a person who
/// lets calls pass when the guard fails: it would change what others work on.
///
/// # Errors
/// When the project or the state is broken.
pub(crate) fn place(
    call: &Call<'_>,
    agent: &str,
    tool: &Tool,
    input: &Object<'_>,
    judgement: Option<&Judgement>,
) -> Result<Placed, Error> {
    if matches!(tool, Tool::Harmless | Tool::Launch) {
        return Ok(Placed::as_asked());
    }
    let project = call.project()?;
    if project.kind == Kind::Folder {
        return Ok(Placed::as_asked());
    }
    let known: Option<Workspace> = call
        .state()?
        .session(&call.input.session_id)
        .fact(agent, fact::WORKSPACE)?;
    let subject = Subject {
        call,
        agent,
        project,
        input,
        known,
    };
    let placed = match tool {
        Tool::Command(command) => subject.command(command, judgement),
        Tool::Read(file) => subject.read(file),
        Tool::Search(path) => subject.search(path.as_deref()),
        Tool::Write(file) => subject.write(file),
        Tool::Edit(file) => subject.edit(file),
        Tool::Unknown => subject.unknown(),
        Tool::Harmless | Tool::Launch => Ok(Placed::as_asked()),
    };
    match placed {
        Err(error @ (Error::Workspace(_) | Error::State(_))) => {
            let denial = Denial {
                rule: "isolation.workspace".into(),
                reason: format!(
                    "This agent needs a git worktree of its own for its changes, and none can be \
                     made: {error}."
                ),
                instead: "Nothing was changed; tell the user what is in the way.".to_owned(),
            };
            Ok(Placed::with(objection::refuse(call, &denial, judgement)))
        }
        placed => placed,
    }
}

/// A subagent's call and what is known of the agent.
struct Subject<'a> {
    call: &'a Call<'a>,
    agent: &'a str,
    project: &'a Project,
    input: &'a Object<'a>,
    /// The workspace that it has already.
    known: Option<Workspace>,
}

impl Subject<'_> {
    fn command(&self, command: &str, judgement: Option<&Judgement>) -> Result<Placed, Error> {
        if judgement.is_some_and(merges_agents) {
            return Ok(Placed::with(Answer::deny(
                "`maos merge` brings the work of agents together, which is for the main agent to \
                 decide. Say in your result what should be merged (MAOS rule isolation.merge).",
            )));
        }
        let modifies = judgement.is_none_or(|judged| judged.effect == Effect::Modifies);
        if !modifies {
            return match &self.known {
                Some(own) if !self.is_in(own) => self.run_in(own, command),
                _ => Ok(Placed::as_asked()),
            };
        }
        let own = self.workspace()?;
        if let Some(judged) = judgement
            && let Ok(script) = &judged.script
        {
            let folder = self.folder_in(&own);
            let ground = Ground {
                cwd: &folder,
                project: &own.path,
                in_workspace: true,
                free: Vec::new(),
            };
            let reached = guard::surrounded_by(self.call, ground, |around| {
                let real = |path: &Path| real_path(path, &self.project.checkout);
                command_paths_into(script, around, &self.project.main, &real)
            });
            if let Some(path) = reached {
                let denial = self.out_of_bounds(&own, &path);
                return Ok(Placed::with(objection::refuse(
                    self.call, &denial, judgement,
                )));
            }
        }
        if self.is_in(&own) {
            return Ok(Placed::as_asked());
        }
        self.run_in(&own, command)
    }

    fn read(&self, file: &File) -> Result<Placed, Error> {
        let Some(own) = &self.known else {
            return Ok(Placed::as_asked());
        };
        let Location::Shared(below) = self.locate(&file.path, Some(own)) else {
            return Ok(Placed::as_asked());
        };
        let there = inside(own, &below);
        // What only the shared checkout has (ignored files) is read there.
        if !there.exists() {
            return Ok(Placed::as_asked());
        }
        self.redirect(file.field, &there)
    }

    fn search(&self, path: Option<&str>) -> Result<Placed, Error> {
        let Some(own) = &self.known else {
            return Ok(Placed::as_asked());
        };
        let Location::Shared(below) = self.locate(path.unwrap_or("."), Some(own)) else {
            return Ok(Placed::as_asked());
        };
        let there = inside(own, &below);
        if self.is_in(own) || !there.exists() {
            return Ok(Placed::as_asked());
        }
        self.redirect("path", &there)
    }

    fn write(&self, file: &File) -> Result<Placed, Error> {
        match self.locate(&file.path, self.known.as_ref()) {
            Location::Own | Location::Outside => Ok(Placed::as_asked()),
            Location::Foreign => self.refuse_foreign(&file.path),
            Location::Shared(below) => {
                let own = self.workspace()?;
                let there = inside(&own, &below);
                if self.locate(&there.to_string_lossy(), Some(&own)) != Location::Own {
                    return self.refuse_foreign(&file.path);
                }
                let placed = self.redirect(file.field, &there)?;
                let told = format!(
                    "This agent works in its own git worktree, {}. The file was written to {}; \
                     use paths in that folder from now on.",
                    own.path.display(),
                    there.display()
                );
                Ok(Placed {
                    answer: placed.answer.and_tell(self.call.event, told),
                    file: Some(there),
                })
            }
        }
    }

    fn edit(&self, file: &File) -> Result<Placed, Error> {
        match self.locate(&file.path, self.known.as_ref()) {
            Location::Own | Location::Outside => Ok(Placed::as_asked()),
            Location::Foreign => self.refuse_foreign(&file.path),
            Location::Shared(below) => {
                let own = self.workspace()?;
                let there = inside(&own, &below);
                let denial = Denial {
                    rule: "isolation.edit".into(),
                    reason: format!(
                        "This agent works in its own git worktree, `{}`, so that its changes do \
                         not mix with others'.",
                        own.path.display()
                    ),
                    instead: format!(
                        "Read {} and edit it there; nothing was changed.",
                        there.display()
                    ),
                };
                Ok(Placed::with(objection::refuse(self.call, &denial, None)))
            }
        }
    }

    /// A tool that nobody here knows: its files are named by fields that hold
    /// a path into the shared checkout, and those are led into the workspace.
    fn unknown(&self) -> Result<Placed, Error> {
        let own = self.workspace()?;
        let mut changes: Vec<(String, String)> = Vec::new();
        for (name, _) in self.input.fields() {
            let Ok(Some(text)) = self.input.text(name) else {
                continue;
            };
            if !text.starts_with('/') || text.contains('\n') || text.len() > PATH_BYTES {
                continue;
            }
            match self.locate(&text, Some(&own)) {
                Location::Own | Location::Outside => {}
                Location::Foreign => return self.refuse_foreign(&text),
                Location::Shared(below) => {
                    let there = inside(&own, &below).to_string_lossy().into_owned();
                    changes.push((name.to_owned(), there));
                }
            }
        }
        if changes.is_empty() {
            return Ok(Placed::as_asked());
        }
        let changes: Vec<(&str, &str)> = changes
            .iter()
            .map(|(name, path)| (name.as_str(), path.as_str()))
            .collect();
        Ok(Placed::with(Answer::rewrite(self.input.with(&changes)?)))
    }

    fn refuse_foreign(&self, path: &str) -> Result<Placed, Error> {
        let place = match &self.known {
            Some(own) => format!("Work in {}", own.path.display()),
            None => "Work in this agent's own checkout".to_owned(),
        };
        let denial = Denial {
            rule: "isolation.foreign".into(),
            reason: format!("`{path}` belongs to another agent, to git or to MAOS."),
            instead: format!("{place}; what other agents did comes by merging their branches."),
        };
        Ok(Placed::with(objection::refuse(self.call, &denial, None)))
    }

    /// Returns the objection to a command that names `path`, with the path in
    /// the workspace that stands for it where there is one.
    fn out_of_bounds(&self, own: &Workspace, path: &str) -> Denial {
        let there = match Location::of(Path::new(path), self.project, Some(&own.path)) {
            Location::Shared(below) => inside(own, &below),
            _ => own.path.clone(),
        };
        Denial {
            rule: "isolation.command".into(),
            reason: format!(
                "This command can change files and names `{path}`, which is not in this agent's \
                 own worktree."
            ),
            instead: format!(
                "Use {} in its place: all work of this agent is done below {}.",
                there.display(),
                own.path.display()
            ),
        }
    }

    fn locate(&self, path: &str, own: Option<&Workspace>) -> Location {
        let path = real_path(&self.call.input.absolute(path), &self.project.checkout);
        Location::of(&path, self.project, own.map(|own| own.path.as_path()))
    }

    /// Returns whether the agent's folder lies in its workspace.
    fn is_in(&self, own: &Workspace) -> bool {
        self.project.checkout == own.path
    }

    fn redirect(&self, field: &str, there: &Path) -> Result<Placed, Error> {
        let path = there
            .to_str()
            .ok_or_else(|| Error::input("the worktree's path is not UTF-8"))?;
        let input = self.input.with(&[(field, path)])?;
        Ok(Placed::with(Answer::rewrite(input)))
    }

    /// Lets the command run in the workspace, in the folder that corresponds
    /// to the agent's. Only one form of that needs no permission of its own:
    /// `cd` in front of a plain `&&` chain. In every other command a part could
    /// run although the `cd` failed, so there a failure ends the shell first.
    fn run_in(&self, own: &Workspace, command: &str) -> Result<Placed, Error> {
        let folder = self.folder_in(own);
        let folder = folder
            .to_str()
            .ok_or_else(|| Error::input("the worktree's path is not UTF-8"))?;
        let enter = format!("cd '{}'", folder.replace('\'', r"'\''"));
        let there = if is_plain_chain(command) {
            format!("{enter} && {}", command.trim())
        } else {
            format!("{enter} || exit 1\n{command}")
        };
        let input = self.input.with(&[("command", &there)])?;
        Ok(Placed::with(Answer::rewrite(input)))
    }

    /// Returns the folder of the workspace that corresponds to the agent's.
    fn folder_in(&self, own: &Workspace) -> PathBuf {
        let cwd = real_path(self.call.input.cwd(), &self.project.checkout);
        if cwd.starts_with(&own.path) {
            return cwd;
        }
        let below = cwd.strip_prefix(&self.project.checkout);
        let folder = inside(own, below.unwrap_or(Path::new("")));
        if folder.is_dir() {
            folder
        } else {
            own.path.clone()
        }
    }

    /// Returns the agent's workspace, made now if it has none.
    ///
    /// Safe at any kill: making it is idempotent by the agent's id, the fact is
    /// written whole before the agent counts as active, and the next call takes
    /// the steps that are missing.
    fn workspace(&self) -> Result<Workspace, Error> {
        if let Some(known) = &self.known
            && known.path.is_dir()
        {
            // The step that a kill left out. It has its workspace all the same.
            if let Err(error) = self.activate() {
                log::warn!("agent: {error}");
            }
            return Ok(known.clone());
        }
        let settings = self.call.settings().workspace();
        let made = workspace::create(
            self.project,
            &workspace::Request {
                kind: self.agent_type(),
                id: self.agent,
                from: &self.project.checkout,
                settings: &settings,
                reason: "first change",
                now: self.call.now,
            },
        )?;
        let session = self.call.state()?.session(&self.call.input.session_id);
        session.record(self.agent, fact::WORKSPACE, &made)?;
        self.activate()?;
        Ok(made)
    }

    /// Lets the agent count as active, unless it does already.
    fn activate(&self) -> Result<(), Error> {
        let session = self.call.state()?.session(&self.call.input.session_id);
        if session.stage(self.agent) == Some(Stage::Active) {
            return Ok(());
        }
        let agent = Agent {
            agent_id: self.agent.to_owned(),
            agent_type: self.agent_type().to_owned(),
            registered: rfc3339(self.call.now),
            client_pid: self.call.environment.client_pid,
        };
        Ok(session.bring(&agent, Stage::Active)?)
    }

    fn agent_type(&self) -> &str {
        self.call.input.agent_type.as_deref().unwrap_or("agent")
    }
}

/// Returns whether a command runs `maos merge`, by whatever path.
fn merges_agents(judgement: &Judgement) -> bool {
    let Ok(script) = &judgement.script else {
        return false;
    };
    let is_maos = |word: &Word| match word.parts.last() {
        Some(Part::Text(text)) => Path::new(text).ends_with("maos"),
        _ => false,
    };
    script.commands.iter().any(|command| {
        let words = command.words.split_first();
        words.is_some_and(|(program, words)| {
            let mut words = words.iter().map(Word::literal);
            is_maos(program) && words.any(|word| word.as_deref() == Some("merge"))
        })
    })
}

/// Returns `below` in the workspace; joining an empty path would add a slash.
fn inside(own: &Workspace, below: &Path) -> PathBuf {
    if below.as_os_str().is_empty() {
        own.path.clone()
    } else {
        own.path.join(below)
    }
}

/// Returns whether the command is one line of commands joined by `&&` alone.
/// Text in quotes that looks like more counts as more.
fn is_plain_chain(command: &str) -> bool {
    let command = command.trim().replace("&&", "");
    !command.contains(['\n', ';', '|', '&', '(', ')', '{', '}', '`', '#', '!', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_chain_of_one_line_is_plain() {
        for plain in ["touch a", "touch a && echo 'b c' > d", " make "] {
            assert!(is_plain_chain(plain), "{plain}");
        }
        let others = [
            "a; b", "a || b", "a | b", "a & b", "a\nb", "(a)", "{ a; }", "a `b`", "a $(b)",
        ];
        for other in others {
            assert!(!is_plain_chain(other), "{other}");
        }
    }
}
