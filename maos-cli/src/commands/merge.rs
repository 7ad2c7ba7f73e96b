//! `maos merge`: agents' work comes into the branch that is checked out.

mod show;

use std::collections::BTreeSet;
use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::project::Project;
use maos_shared::state::State;
use maos_shared::state::agents::Returned;
use maos_shared::workspace::merge::{self, Joined, Part, Piece, Style};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Form, Output};
use crate::place;
use crate::work::{self, Unfinished, Work};

/// Merge the work of agents into the branch that is checked out.
///
/// Each agent's work becomes one commit in your name: what it changed since it
/// started, or since its work came back last, merged with what is there now.
/// What was uncommitted when the agent started is no part of it. Either all of
/// the agents are merged or nothing is changed: a conflict is shown by file and
/// hunk, and where your checkout has changes of its own in the same files, they
/// are named. No hook of yours runs, and nothing is signed: use --no-commit and
/// commit it yourself for both.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos merge 3f2a9c1d
  maos merge agent/coder/3f2a9c1d 'write the docs' --squash
  maos merge --all --rebase
  maos merge --resolve 3f2a9c1d

Exit codes:
  0  it is merged, or was here already
  4  it does not fit, or stands in the way; nothing was changed, but for --resolve")]
pub(crate) struct Args {
    /// The agents: id or the begin of it, branch, or a part of the task
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    agents: Vec<String>,
    /// All agents that have stopped and have work that is not merged
    #[arg(long)]
    all: bool,
    /// One commit for all of them
    #[arg(long, group = "style")]
    squash: bool,
    /// The commits of each agent one by one, with their messages
    #[arg(long, group = "style")]
    rebase: bool,
    /// Change the files and the index, and make no commit
    #[arg(long, group = "style")]
    no_commit: bool,
    /// Merge one agent although it conflicts: git's marks come into the files,
    /// for you to settle, `git add` and `git commit`; also into files with changes
    /// that are not committed, which `maos rescue` keeps as they were
    #[arg(long, group = "style", conflicts_with = "all")]
    resolve: bool,
    /// Also what came back before, for example because you discarded it
    #[arg(long)]
    again: bool,
    /// The checkout to merge into
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// What became of the merge.
#[derive(Default, Serialize, JsonSchema)]
pub(super) struct Answer {
    /// What is merged, in this order.
    merged: Vec<Merged>,
    /// What does not fit; nothing is merged then.
    conflicts: Vec<Unfit>,
    /// Files with uncommitted changes that stand in the way.
    overlap: Vec<String>,
    /// With `--resolve`: files that have git's marks now.
    to_settle: Vec<String>,
    /// With `--resolve`: the reference that keeps what was not committed before.
    kept: Option<String>,
    /// Agents that were named and are still at work: what they have not
    /// committed is no part of it.
    unfinished: Vec<Unfinished>,
}

/// An agent whose work is merged.
#[derive(Serialize, JsonSchema)]
struct Merged {
    /// Its id.
    agent: String,
    /// The commit that holds it; `null` where it was not committed, or all of it
    /// was here already.
    commit: Option<String>,
    /// The files that it changed here.
    files: Vec<String>,
    /// Files that it changed and that are as before, since a program that you merge
    /// with (`merge.*.driver`) kept them.
    dropped: Vec<String>,
    /// Files that it changed and that stay on its branch, since they may hold secrets.
    secret: Vec<String>,
}

/// An agent whose work does not fit.
#[derive(Serialize, JsonSchema)]
struct Unfit {
    /// Its id.
    agent: String,
    /// The files.
    files: Vec<merge::Conflict>,
    /// The places in them, the first of them.
    hunks: Vec<merge::Hunk>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = place::state(&environment, &self.project)?;
        let works = work::all(&project, &state)?;
        let chosen = self.chosen(&works)?;
        if self.resolve {
            return self.resolve(output, &project, &state, &chosen);
        }
        let pieces: Vec<Piece> = chosen.iter().map(|work| self.piece(work)).collect();
        let joined = merge::join(&project, &pieces, self.style())?;
        let code = match &joined {
            Joined::Done(parts) => {
                record(&project, &chosen, parts)?;
                exit_code::DONE
            }
            Joined::Conflict(_) | Joined::Overlap(_) => exit_code::UNFIT,
        };
        let unfinished: Vec<Unfinished> =
            chosen.iter().filter_map(|work| work.unfinished()).collect();
        if self.form.json {
            output.json(&Answer {
                unfinished,
                ..answer(joined)
            })?;
            return Ok(code);
        }
        for one in &unfinished {
            output.text(&one.line())?;
        }
        for work in &chosen {
            if let Some(trouble) = &work.trouble {
                let said = format!(": what it left could not be committed: {trouble}");
                output.of_name(&work.name(), &said)?;
            }
        }
        match joined {
            Joined::Done(parts) => show::parts(output, &chosen, &parts)?,
            Joined::Conflict(clashes) => {
                show::clashes(output, &chosen, &clashes, &environment.maos_command())?;
            }
            Joined::Overlap(files) => {
                show::overlap(output, &files, &chosen, &environment.maos_command())?;
            }
        }
        Ok(code)
    }

    /// The agents that are meant, each once.
    fn chosen<'a>(&self, works: &'a [Work]) -> Result<Vec<&'a Work>, Error> {
        if self.all {
            let due = works.iter().filter(|work| work.is_done && work.is_new());
            return Ok(due.collect());
        }
        let mut ids = BTreeSet::new();
        let mut chosen = Vec::new();
        for name in &self.agents {
            let work = work::find(works, name)?;
            if ids.insert(work.id()) {
                chosen.push(work);
            }
        }
        Ok(chosen)
    }

    fn piece(&self, work: &Work) -> Piece {
        match self.again {
            true => work.whole_piece(),
            false => work.piece(),
        }
    }

    const fn style(&self) -> Style {
        match (self.squash, self.rebase, self.no_commit) {
            (true, _, _) => Style::Squash,
            (_, true, _) => Style::Rebase,
            (_, _, true) => Style::NoCommit,
            _ => Style::Each,
        }
    }

    fn resolve(
        &self,
        output: &mut Output,
        project: &Project,
        state: &State,
        chosen: &[&Work],
    ) -> Result<u8, Error> {
        let [work] = chosen else {
            return Err(Error::OneAtATime);
        };
        let resolved = merge::resolve(project, &self.piece(work), work.ticket(state))?;
        let is_in_index = resolved.in_files.is_none();
        let kept = resolved.in_files.as_ref();
        let kept = kept.and_then(|returned| returned.kept.clone());
        let files = resolved.to_settle;
        if !self.form.json {
            show::secret(output, &work.name(), &resolved.secret)?;
        }
        let returned = Returned {
            commit: work.tip.clone(),
            into: project.checkout.clone(),
            merged: None,
            files: files.clone(),
            dropped: Vec::new(),
            kept: None,
        };
        work.record(&resolved.in_files.unwrap_or(returned))?;
        if self.form.json {
            output.json(&Answer {
                to_settle: files,
                kept,
                ..Answer::default()
            })?;
            return Ok(exit_code::DONE);
        }
        let todo = match (is_in_index, files.is_empty()) {
            (true, true) => " is in the index; commit it",
            (true, false) => ": settle these, `git add` them and commit",
            (false, true) => " is in your files, not committed",
            (false, false) => " is in your files, not committed; settle the marks in these:",
        };
        output.of_name(&work.name(), todo)?;
        for file in files {
            output.line(format_args!("  {file}"))?;
        }
        if let Some(kept) = kept {
            output.line(format_args!(
                "what was not committed before is kept in {kept}"
            ))?;
        }
        Ok(exit_code::DONE)
    }
}

/// Keeps what is merged, so that it is not merged again, and its workspace can
/// go.
fn record(project: &Project, chosen: &[&Work], parts: &[Part]) -> Result<(), Error> {
    for part in parts {
        // What was there already, is there as it came.
        let comes = |work: &Work| work.is_new() || part.commit.is_some();
        let is_it = |work: &&&Work| work.id() == part.name && comes(work);
        for work in chosen.iter().filter(is_it) {
            work.record(&Returned {
                commit: work.tip.clone(),
                into: project.checkout.clone(),
                merged: part.commit.clone(),
                files: part.files.clone(),
                dropped: part.dropped.clone(),
                kept: None,
            })?;
        }
    }
    Ok(())
}

fn answer(joined: Joined) -> Answer {
    match joined {
        Joined::Done(parts) => Answer {
            merged: parts
                .into_iter()
                .map(|part| Merged {
                    agent: part.name,
                    commit: part.commit,
                    files: part.files,
                    dropped: part.dropped,
                    secret: part.secret,
                })
                .collect(),
            ..Answer::default()
        },
        Joined::Conflict(clashes) => Answer {
            conflicts: clashes
                .into_iter()
                .map(|clash| Unfit {
                    agent: clash.name,
                    files: clash.conflicts,
                    hunks: clash.hunks,
                })
                .collect(),
            ..Answer::default()
        },
        Joined::Overlap(overlap) => Answer {
            overlap,
            ..Answer::default()
        },
    }
}
