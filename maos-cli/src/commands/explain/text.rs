//! The explanation for a person.

use maos_shared::guard::shell::{Part, Redirection, Script, Word};
use maos_shared::guard::{Effect, Verdict};

use super::{Explained, Objection};
use crate::error::Error;
use crate::output::{Output, Text};

/// The longest word that is shown whole, in characters.
const WORD_SHOWN: usize = 200;

/// Where what is known stands, columns from the left.
const INDENT: usize = 10;

/// Prints what would run, what that can do, and the verdict with all that
/// speaks against the text.
pub(super) fn show(output: &mut Output, explained: &Explained) -> Result<(), Error> {
    let judgement = &explained.judgement;
    if let Ok(script) = &judgement.script {
        output.line("would run")?;
        show_script(output, script)?;
    }
    let effect = match judgement.effect {
        Effect::Reads => "reads only",
        Effect::Modifies => "can change files",
    };
    output.line(format_args!("effect    {effect}"))?;
    let (verdict, denial) = match &judgement.verdict {
        Verdict::Deny(denial) => ("denied by", denial),
        Verdict::Ask(denial) => ("you are asked, by", denial),
        Verdict::Allowed(denial) => ("passes, since you let off", denial),
        Verdict::Warn(denial) => ("passes, with a warning by", denial),
        _ => return output.line("verdict   no objection; your own permission rules decide"),
    };
    output.line(format_args!("verdict   {verdict} {}", denial.rule))?;
    below(output, &denial.reason)?;
    if !denial.instead.is_empty() {
        below(output, &denial.instead)?;
    }
    let others = explained.objections.iter();
    for other in others.filter(|other| other.denial != *denial) {
        show_other(output, other)?;
    }
    Ok(())
}

/// Prints what does not decide, but speaks against the text as well.
fn show_other(output: &mut Output, other: &Objection) -> Result<(), Error> {
    let level = match other.let_off {
        true => "let off",
        false => other.level.name(),
    };
    output.line(format_args!("also      {} ({level})", other.denial.rule))?;
    below(output, &other.denial.reason)
}

/// Prints what belongs to the line above.
fn below(output: &mut Output, text: &str) -> Result<(), Error> {
    let indent = " ".repeat(INDENT);
    output.wrapped(&Text::from(indent).then(text), INDENT)
}

/// Prints the commands, those that another starts below it.
fn show_script(output: &mut Output, script: &Script) -> Result<(), Error> {
    let mut depths: Vec<usize> = Vec::new();
    for command in &script.commands {
        let starter = command.started_by.and_then(|starter| depths.get(starter));
        let depth = starter.map_or(0, |depth| depth + 1);
        depths.push(depth);
        let assigned = command.assignments.iter();
        let assigned = assigned.map(|(name, value)| format!("{name}={}", cut(value)));
        let mut parts: Vec<String> = assigned.collect();
        parts.extend(command.words.iter().map(cut));
        parts.extend(command.more_arguments.then(|| "…".to_owned()));
        parts.extend(command.redirections.iter().map(redirected));
        let indent = 2 * (depth + 1);
        let line = format!("{}{}", " ".repeat(indent), parts.join(" "));
        output.wrapped(&line.into(), indent + 2)?;
    }
    for redirection in &script.redirections {
        output.line(format_args!("  {}", redirected(redirection)))?;
    }
    Ok(())
}

fn redirected(redirection: &Redirection) -> String {
    format!("{} {}", redirection.operator, cut(&redirection.target))
}

/// Returns the beginning of a word as a shell could read it.
fn cut(word: &Word) -> String {
    let text = shown(word);
    if text.chars().count() <= WORD_SHOWN {
        return text;
    }
    let start: String = text.chars().take(WORD_SHOWN).collect();
    format!("{start}…")
}

/// Returns a word as a shell could read it.
pub(super) fn shown(word: &Word) -> String {
    if word.parts.is_empty() {
        return "''".to_owned();
    }
    word.parts.iter().map(part).collect()
}

fn part(part: &Part) -> String {
    match part {
        Part::Text(text) => quoted(text),
        Part::Glob(pattern) => pattern.clone(),
        Part::Tilde(name) => format!("~{name}"),
        Part::Variable { name, .. } => format!("${{{name}}}"),
        Part::Output { .. } => "$(…)".to_owned(),
        Part::Streamed => "{}".to_owned(),
        Part::Process { .. } => "<(…)".to_owned(),
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
            cut(&Word {
                parts: parts.to_vec(),
            })
        };
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(word(&[]), "''");
        assert_eq!(word(&[text("--a=b/c.txt")]), "--a=b/c.txt");
        assert_eq!(word(&[text("it's")]), r"'it'\''s'");
        let variable = Part::variable("HOME", true);
        let glob = Part::Glob("*".to_owned());
        assert_eq!(word(&[variable, text("/"), glob]), "${HOME}/*");
        let long = word(&[text(&"x".repeat(1000))]);
        assert_eq!(long.chars().count(), WORD_SHOWN + 1);
    }
}
