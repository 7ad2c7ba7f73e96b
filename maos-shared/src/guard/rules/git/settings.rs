//! Settings with which a command loses what it keeps otherwise.

use super::super::super::arguments::leading_text;
use super::super::super::list::List;
use super::super::super::shell::{Command, Word};
use super::super::super::starts;
use super::{AT_ONCE, Loss};

/// Returns what is lost by the settings that come with a call of git.
pub(super) fn losses(command: &Command) -> impl Iterator<Item = Loss> {
    let settings = starts::git_settings(command).into_iter();
    settings.filter_map(|setting| {
        let text = leading_text(&setting);
        // Without a value it is on.
        let (name, value) = text.split_once('=').unwrap_or((text, "true"));
        loss(name, value)
    })
}

/// Returns what later calls lose by a setting that is kept: `git config …`.
pub(super) fn kept(operands: &[&Word]) -> Option<Loss> {
    let operands = match operands {
        [first, rest @ ..] if leading_text(first) == "set" => rest,
        all => all,
    };
    match operands {
        [name, value, ..] => loss(leading_text(name), leading_text(value)),
        _ => None,
    }
}

fn loss(name: &str, value: &str) -> Option<Loss> {
    const ON: List = List("true yes on 1");
    const OFF: List = List("false no off 0");
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let of_remote = |key: &str| name.starts_with("remote.") && name.ends_with(key);
    if of_remote(".mirror") && ON.has(&value) || of_remote(".push") && value.starts_with('+') {
        return Some(Loss::PushForce);
    }
    if of_remote(".push") && value.starts_with(':') && value.len() > 1 {
        return Some(Loss::PushDelete);
    }
    match name.as_str() {
        "clean.requireforce" if OFF.has(&value) => Some(Loss::Clean),
        "gc.pruneexpire" if List(AT_ONCE).has(&value) => Some(Loss::Prune),
        "gc.reflogexpire" | "gc.reflogexpireunreachable" if List(AT_ONCE).has(&value) => {
            Some(Loss::Reflog)
        }
        _ => None,
    }
}
