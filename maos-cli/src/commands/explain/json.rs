//! The explanation for a program; `docs/GUARD.md` describes it.

use maos_shared::guard::shell::{self, Command, Redirection, Script, Word};
use maos_shared::guard::{Effect, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

use super::text::shown;
use super::{Explained, Objection};

/// What the guard makes of a text; `docs/GUARD.md` describes it.
#[derive(Serialize, JsonSchema)]
pub(in crate::commands) struct Answer<'a> {
    commands: Vec<CommandShown<'a>>,
    redirections: Vec<RedirectionShown>,
    error: Option<ErrorShown>,
    effect: &'static str,
    objections: Vec<ObjectionShown<'a>>,
    verdict: VerdictShown<'a>,
}

#[derive(Serialize, JsonSchema)]
struct CommandShown<'a> {
    words: Vec<WordShown>,
    assignments: Vec<(&'a str, WordShown)>,
    redirections: Vec<RedirectionShown>,
    /// The command that starts it, as an index.
    started_by: Option<usize>,
    more_arguments: bool,
    /// First byte in the text, and the one behind the last.
    span: [usize; 2],
}

#[derive(Serialize, JsonSchema)]
struct RedirectionShown {
    operator: &'static str,
    target: WordShown,
}

/// A text that is known, or how a shell would write what is not.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum WordShown {
    Known(String),
    Unknown { unknown: String },
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ErrorShown {
    Limit { limit: usize, message: String },
    Syntax { at: usize, message: String },
}

#[derive(Serialize, JsonSchema)]
struct ObjectionShown<'a> {
    rule: &'a str,
    level: &'static str,
    fixed: bool,
    let_off: bool,
    reason: &'a str,
    instead: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct VerdictShown<'a> {
    decision: &'static str,
    rule: Option<&'a str>,
}

impl<'a> Answer<'a> {
    pub(super) fn of(explained: &'a Explained) -> Self {
        let judgement = &explained.judgement;
        let (script, error) = match &judgement.script {
            Ok(script) => (Some(script), None),
            Err(error) => (None, Some(error)),
        };
        Self {
            commands: script.map_or_else(Vec::new, commands),
            redirections: script.map_or_else(Vec::new, |script| redirections(&script.redirections)),
            error: error.map(ErrorShown::of),
            effect: match judgement.effect {
                Effect::Reads => "reads",
                Effect::Modifies => "modifies",
            },
            objections: explained.objections.iter().map(objection).collect(),
            verdict: verdict(&judgement.verdict),
        }
    }
}

fn commands(script: &Script) -> Vec<CommandShown<'_>> {
    script.commands.iter().map(command).collect()
}

fn command(command: &Command) -> CommandShown<'_> {
    let assignments = command.assignments.iter();
    CommandShown {
        words: command.words.iter().map(word).collect(),
        assignments: assignments
            .map(|(name, value)| (name.as_str(), word(value)))
            .collect(),
        redirections: redirections(&command.redirections),
        started_by: command.started_by,
        more_arguments: command.more_arguments,
        span: [command.span.start, command.span.end],
    }
}

fn redirections(redirections: &[Redirection]) -> Vec<RedirectionShown> {
    let shown = |one: &Redirection| RedirectionShown {
        operator: one.operator,
        target: word(&one.target),
    };
    redirections.iter().map(shown).collect()
}

fn word(word: &Word) -> WordShown {
    match word.literal() {
        Some(text) => WordShown::Known(text),
        None => WordShown::Unknown {
            unknown: shown(word),
        },
    }
}

impl ErrorShown {
    fn of(error: &shell::Error) -> Self {
        let message = error.to_string();
        match *error {
            shell::Error::Limit { limit, .. } => Self::Limit { limit, message },
            shell::Error::Syntax { at, .. } => Self::Syntax { at, message },
        }
    }
}

fn objection(objection: &Objection) -> ObjectionShown<'_> {
    ObjectionShown {
        rule: &objection.denial.rule,
        level: objection.level.name(),
        fixed: objection.fixed,
        let_off: objection.let_off,
        reason: &objection.denial.reason,
        instead: &objection.denial.instead,
    }
}

fn verdict(verdict: &Verdict) -> VerdictShown<'_> {
    VerdictShown {
        decision: verdict.name(),
        rule: verdict.objection().map(|denial| &*denial.rule),
    }
}
