//! `maos conflicts`: which agents' work fits together.

use std::path::PathBuf;

use maos_shared::config::Environment;
use maos_shared::project::Project;
use maos_shared::workspace::merge::{self, Conflict};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Error, exit_code};
use crate::output::{Column, Form, Output, Table, Tone};
use crate::work::{self, Work};
use crate::{place, screen};

/// Show which agents' work would conflict, by trying each pair of merges.
///
/// Work that is not merged yet counts, of agents at work as far as they have
/// committed it. Each agent has a row and a column; `x` marks two that do not
/// fit, and the column `here` those that do not fit the branch that is checked
/// out. Of agents at work, those are named as well that change the same files and
/// have not committed it. Nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos conflicts
  maos conflicts --json | jq .pairs

Exit codes:
  0  all of it fits
  4  some of it does not")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// Who fits whom.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The ids of the agents that were compared.
    agents: Vec<String>,
    /// Those that do not fit what is checked out.
    here: Vec<Alone>,
    /// Those that do not fit each other.
    pairs: Vec<Pair>,
    /// Those that change the same files, where one of them has not committed it.
    sharing: Vec<Sharing>,
}

/// Two agents that change the same files, as far as one can see it now.
#[derive(Serialize, JsonSchema)]
struct Sharing {
    /// Their ids.
    agents: [String; 2],
    /// The files.
    files: Vec<String>,
    #[serde(skip)]
    names: [String; 2],
}

/// An agent that does not fit what is checked out.
#[derive(Serialize, JsonSchema)]
struct Alone {
    /// Its id.
    agent: String,
    /// Where.
    files: Vec<Conflict>,
}

/// Two agents that do not fit each other.
#[derive(Serialize, JsonSchema)]
struct Pair {
    /// Their ids.
    agents: [String; 2],
    /// Where.
    files: Vec<Conflict>,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let state = place::state(&environment, &self.project)?;
        let all = work::all(&project, &state)?;
        let works: Vec<&Work> = all.iter().filter(|work| work.is_new()).collect();
        let mut answer = Answer {
            agents: works.iter().map(|work| work.id().to_owned()).collect(),
            here: Vec::new(),
            pairs: Vec::new(),
            sharing: sharing(&project, &all),
        };
        for (n, one) in works.iter().enumerate() {
            let files = merge::clash_here(&project, &one.piece())?;
            if !files.is_empty() {
                let agent = one.id().to_owned();
                answer.here.push(Alone { agent, files });
            }
            for other in &works[n + 1..] {
                let files = merge::clash(&project, &one.piece(), &other.piece())?;
                if !files.is_empty() {
                    let agents = [one.id().to_owned(), other.id().to_owned()];
                    answer.pairs.push(Pair { agents, files });
                }
            }
        }
        let fits = answer.here.is_empty() && answer.pairs.is_empty();
        match self.form.json {
            true => output.json(&answer)?,
            false => answer.show(output, &works)?,
        }
        Ok(if fits {
            exit_code::DONE
        } else {
            exit_code::UNFIT
        })
    }
}

impl Answer {
    fn show(&self, output: &mut Output, works: &[&Work]) -> Result<(), Error> {
        if works.is_empty() {
            output.line("no agent has committed work that is not merged")?;
            return self.show_sharing(output);
        }
        let numbers: String = (1..=works.len()).map(|n| format!("{n:>3}")).collect();
        output.line(format_args!("{:>3} here{numbers}", ""))?;
        for (n, work) in works.iter().enumerate() {
            let here = self.here.iter().any(|one| one.agent == work.id());
            let cells = works.iter().map(|other| match self.pair(work, other) {
                _ if work.id() == other.id() => "  -",
                Some(_) => "  x",
                None => "  .",
            });
            let cells: String = cells.collect();
            let here = if here { 'x' } else { '.' };
            let line = format!("{:>3} {here:>4}{cells}  {}", n + 1, work.name());
            output.cut(&line.into())?;
        }
        let number = |id: &str| {
            let at = works.iter().position(|work| work.id() == id);
            at.unwrap_or_default() + 1
        };
        for one in &self.here {
            let n = number(&one.agent);
            output.line(format_args!("{n} and what is checked out:"))?;
            show_files(output, &one.files)?;
        }
        for pair in &self.pairs {
            let [one, other] = pair.agents.each_ref().map(|id| number(id));
            output.line(format_args!("{one} and {other}:"))?;
            show_files(output, &pair.files)?;
        }
        self.show_sharing(output)
    }

    fn show_sharing(&self, output: &mut Output) -> Result<(), Error> {
        if self.sharing.is_empty() {
            return Ok(());
        }
        let mut table = Table::new([
            Column::left("").giving_way(),
            Column::left("").giving_way(),
            Column::left("").giving_way(),
        ])
        .indented(2);
        for one in &self.sharing {
            let [first, second] = &one.names;
            let files = Tone::Warn.of(screen::named(&one.files));
            table.row([first.into(), second.into(), files]);
        }
        output.line("")?;
        output.wrapped(
            &Tone::Strong.of("same files, not all of it committed yet"),
            0,
        )?;
        output.table(&table)
    }

    fn pair(&self, one: &Work, other: &Work) -> Option<&Pair> {
        let is_of = |pair: &&Pair| {
            let has = |work: &Work| pair.agents.iter().any(|id| id == work.id());
            has(one) && has(other)
        };
        self.pairs.iter().find(is_of)
    }
}

/// Returns the pairs of agents that change the same files, one of them at least
/// in files that it has not committed.
fn sharing(project: &Project, works: &[Work]) -> Vec<Sharing> {
    let open = works.iter().filter(|work| !work.is_done || work.is_new());
    let seen = open.filter_map(|work| Some((work, work.touched(project).ok()?)));
    let seen: Vec<_> = seen.collect();
    let mut pairs = Vec::new();
    for (n, (one, its)) in seen.iter().enumerate() {
        for (other, others) in &seen[n + 1..] {
            let mut files = its.shared_uncommitted(others);
            files.extend(others.shared_uncommitted(its));
            files.sort();
            files.dedup();
            if !files.is_empty() {
                pairs.push(Sharing {
                    agents: [one.id().to_owned(), other.id().to_owned()],
                    names: [one.name(), other.name()],
                    files,
                });
            }
        }
    }
    pairs
}

fn show_files(output: &mut Output, files: &[Conflict]) -> Result<(), Error> {
    for file in files {
        output.line(format_args!("  {file}"))?;
    }
    Ok(())
}
