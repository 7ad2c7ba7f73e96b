//! `maos explain`: what the guard makes of a command.

use std::path::PathBuf;

use maos_shared::config::{Environment, Layers};
use maos_shared::guard::shell::{Part, Redirection, Script, Word};
use maos_shared::guard::{Effect, Judgement, Policy, Surroundings, Verdict, judge_command};

use maos_shared::state::State;

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// The longest word that is shown whole, in characters.
const WORD_SHOWN: usize = 200;

/// Show which commands a shell text would run, and what the guard says of it.
///
/// Nothing is executed. What is known only when the text runs is shown as
/// `$NAME`, `$(…)` or `…`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos explain 'git push --force'
  maos explain --project ~/src/shop 'sudo bash -c \"rm -rf /\"'

Exit codes:
  0  no objection
  3  the guard would deny it")]
pub(crate) struct Args {
    /// The shell text, as one argument
    command: String,
    /// The folder that it would run in
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let judgement = self.judge()?;
        if let Some(script) = &judgement.script {
            output.line("would run")?;
            show_script(output, script)?;
        }
        let effect = match judgement.effect {
            Effect::Reads => "reads only",
            Effect::Modifies => "can change files",
        };
        output.line(format_args!("effect    {effect}"))?;
        let (verdict, denial, code) = match &judgement.verdict {
            Verdict::Deny(denial) => ("denied by", denial, exit_code::DENIED),
            Verdict::Ask(denial) => ("you are asked, by", denial, exit_code::DONE),
            Verdict::Allowed(denial) => ("passes, since you let off", denial, exit_code::DONE),
            Verdict::Warn(denial) => ("passes, with a warning by", denial, exit_code::DONE),
            _ => {
                output.line("verdict   no objection; your own permission rules decide")?;
                return Ok(exit_code::DONE);
            }
        };
        output.line(format_args!("verdict   {verdict} {}", denial.rule))?;
        output.line(format_args!("          {}", denial.reason))?;
        if !denial.instead.is_empty() {
            output.line(format_args!("          {}", denial.instead))?;
        }
        Ok(code)
    }

    fn judge(&self) -> Result<Judgement, Error> {
        let environment = Environment::read();
        let project = place::project(&environment, &self.project)?;
        let cwd = place::absolute(&self.project)?;
        let cwd = cwd.canonicalize().unwrap_or(cwd);
        let settings = environment.client_settings();
        let layers = Layers::load(settings.as_deref(), &project.main);
        let policy = Policy::new(&layers.user.guard, &layers.project.guard);
        let state = State::at(project.state_dir(), environment.now());
        let policy = policy.allowing(move |rule| state.is_allowed(rule));
        let home = environment.home.as_deref();
        let mut temp = environment.temporary_folders();
        temp.extend(policy.free_folders(home));
        let around = Surroundings {
            cwd: &cwd,
            home,
            project: &project.checkout,
            in_workspace: project.is_workspace(),
            temp: &temp,
            settings: settings.as_deref(),
        };
        Ok(judge_command(&self.command, &around, &policy))
    }
}

/// Prints the commands, those that another starts below it.
fn show_script(output: &mut Output, script: &Script) -> Result<(), Error> {
    let mut depths: Vec<usize> = Vec::new();
    for command in &script.commands {
        let starter = command.started_by.and_then(|starter| depths.get(starter));
        let depth = starter.map_or(0, |depth| depth + 1);
        depths.push(depth);
        let assigned = command.assignments.iter();
        let assigned = assigned.map(|(name, value)| format!("{name}={}", shown(value)));
        let mut parts: Vec<String> = assigned.collect();
        parts.extend(command.words.iter().map(shown));
        parts.extend(command.more_arguments.then(|| "…".to_owned()));
        parts.extend(command.redirections.iter().map(redirected));
        output.line(format_args!(
            "{}{}",
            "  ".repeat(depth + 1),
            parts.join(" ")
        ))?;
    }
    for redirection in &script.redirections {
        output.line(format_args!("  {}", redirected(redirection)))?;
    }
    Ok(())
}

fn redirected(redirection: &Redirection) -> String {
    format!("{} {}", redirection.operator, shown(&redirection.target))
}

/// Returns a word as a shell could read it.
fn shown(word: &Word) -> String {
    if word.parts.is_empty() {
        return "''".to_owned();
    }
    let text: String = word.parts.iter().map(part).collect();
    if text.chars().count() <= WORD_SHOWN {
        return text;
    }
    let start: String = text.chars().take(WORD_SHOWN).collect();
    format!("{start}…")
}

fn part(part: &Part) -> String {
    match part {
        Part::Text(text) => quoted(text),
        Part::Glob(pattern) => pattern.clone(),
        Part::Tilde(name) => format!("~{name}"),
        Part::Variable { name, .. } => format!("${{{name}}}"),
        Part::Output { .. } => "$(…)".to_owned(),
        Part::Unknown { .. } => "…".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_as_a_shell_reads_them() {
        let word = |parts: &[Part]| {
            shown(&Word {
                parts: parts.to_vec(),
            })
        };
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(word(&[]), "''");
        assert_eq!(word(&[text("--a=b/c.txt")]), "--a=b/c.txt");
        assert_eq!(word(&[text("it's")]), r"'it'\''s'");
        let name = "HOME".to_owned();
        let variable = Part::Variable { name, quoted: true };
        let glob = Part::Glob("*".to_owned());
        assert_eq!(word(&[variable, text("/"), glob]), "${HOME}/*");
        let long = word(&[text(&"x".repeat(1000))]);
        assert_eq!(long.chars().count(), WORD_SHOWN + 1);
    }
}
