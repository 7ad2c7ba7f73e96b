//! The person's own program.

use super::{Utterance, program};
use crate::jobs::Program;

pub(super) fn programs(utterance: &Utterance, command: &[String]) -> Result<Vec<Program>, String> {
    let (name, arguments) = command
        .split_first()
        .ok_or("`notify.command` names no program")?;
    let mut program = program(name, arguments);
    program.input = format!("{}\n", utterance.spoken).into();
    Ok(vec![program])
}
