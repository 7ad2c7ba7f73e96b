//! `maos explain`: what the guard makes of a command.

mod json;
mod text;

use std::io::{self, Read};
use std::path::PathBuf;

use maos_shared::config::{Environment, Layers, Level, limits};
use maos_shared::guard::{Denial, Judgement, Policy, Surroundings, Verdict, judge_command};
use maos_shared::state::{Allowances, State};

use crate::error::{Error, exit_code};
use crate::output::{Form, Output};
use crate::place;

/// Show which commands a shell text would run, and what the guard says of it.
///
/// Nothing is executed. What is known only when the text runs is shown as
/// `${NAME}`, `$(…)` or `…`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos explain 'git push --force'  # exit code 3
  maos explain --project ~/src/shop 'sudo bash -c \"rm -rf /\"'  # exit code 3
  maos explain --json - < script.sh | jq .verdict

With --json, one object on one line: `commands` and `redirections` (what would
run), `error` (why the text could not be read, or null), `effect` (reads or
modifies), `objections` (each with rule, level, fixed, let_off, reason,
instead), `verdict` (decision: pass, allowed, warn, ask or deny; rule).
docs/GUARD.md has every field.

Exit codes:
  0  no objection
  1  failed; the reason is on stderr
  3  the guard would deny it")]
pub(crate) struct Args {
    /// The shell text, as one argument; `-` reads it from stdin
    command: String,
    #[command(flatten)]
    form: Form,
    /// The folder that it would run in
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

pub(super) use json::Answer;

/// What the guard makes of the text.
struct Explained {
    judgement: Judgement,
    objections: Vec<Objection>,
}

/// What a rule has against the text, and how strongly that is meant here.
struct Objection {
    denial: Denial,
    level: Level,
    /// No file can weaken it.
    fixed: bool,
    /// A person has let the rule off for now.
    let_off: bool,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let explained = match self.command.as_str() {
            "-" => self.explain(&stdin_text()?)?,
            text => self.explain(text)?,
        };
        match self.form.json {
            true => output.json(&json::Answer::of(&explained))?,
            false => text::show(output, &explained)?,
        }
        Ok(match explained.judgement.verdict {
            Verdict::Deny(_) => exit_code::DENIED,
            _ => exit_code::DONE,
        })
    }

    fn explain(&self, text: &str) -> Result<Explained, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let cwd = place::absolute(&self.project)?;
        let cwd = cwd.canonicalize().unwrap_or(cwd);
        let settings = environment.client_settings();
        let layers = Layers::load(settings.as_deref(), &project.main);
        let policy = Policy::new(&layers.user.guard, &layers.project.guard);
        let state = State::at(project.state_dir(), environment.now());
        let allowances = settings
            .as_deref()
            .map(|it| Allowances::in_settings(it, state));
        let policy =
            policy.allowing(move |rule| allowances.as_ref().is_some_and(|it| it.has(rule)));
        let home = environment.home.as_deref();
        let mut temp = environment.temporary_folders();
        temp.extend(policy.free_folders(home));
        let around = Surroundings {
            cwd: &cwd,
            home,
            project: &project.checkout,
            in_workspace: policy.discards_in_worktrees() && project.is_workspace(),
            temp: &temp,
            settings: settings.as_deref(),
        };
        let judgement = judge_command(text, &around, &policy);
        let objections = judgement.objections.iter();
        Ok(Explained {
            objections: objections.map(|one| Objection::of(one, &policy)).collect(),
            judgement,
        })
    }
}

impl Objection {
    fn of(denial: &Denial, policy: &Policy) -> Self {
        Self {
            denial: denial.clone(),
            level: policy.level(&denial.rule),
            fixed: Policy::is_fixed(&denial.rule),
            let_off: policy.is_let_off(&denial.rule),
        }
    }
}

/// Returns the text on stdin, of a longer one only as much as shows the guard
/// that it is too long.
fn stdin_text() -> Result<String, Error> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(limits::SHELL_TEXT_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(Error::Stdin)?;
    if bytes.len() > limits::SHELL_TEXT_BYTES {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::Stdin(io::Error::other(format!("it is not UTF-8 at byte {at}")))
    })
}
