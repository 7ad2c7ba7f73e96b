//! Pipelines.

use super::output::Printed;
use super::scope::text;
use super::{Input, Shell};
use crate::guard::shell::syntax::tree;
use crate::guard::shell::{Error, Stdin};

impl Shell {
    /// Runs the stages of a pipeline, each in a subshell that reads what the
    /// one before prints. Some shells run the last stage in their own.
    pub(super) fn pipeline(&mut self, pipeline: &tree::Pipeline) -> Result<Printed, Error> {
        match pipeline.stages.split_last() {
            None => Ok(Printed::nothing()),
            Some((only, [])) => {
                let start = self.script.commands.len();
                let printed = self.node(only);
                if pipeline.negated {
                    self.note_negated(start);
                }
                printed
            }
            Some((last, stages)) => self.stages(stages, last),
        }
    }

    /// Runs several stages. Apart, as few levels of a deep nesting need its stack.
    #[inline(never)]
    fn stages(&mut self, stages: &[tree::Node], last: &tree::Node) -> Result<Printed, Error> {
        let mut input = self.input.clone();
        for stage in stages {
            let start = self.script.commands.len();
            self.captures += 1;
            let printed = self.subshell(|shell| shell.with_input(input, |shell| shell.node(stage)));
            self.captures -= 1;
            input = Input {
                stdin: Stdin::Pipe(start..self.script.commands.len()),
                text: printed?.known(),
                from: None,
            };
        }
        let mark = self.scope.mark();
        let printed = self.nested(|shell| shell.with_input(input, |shell| shell.node(last)))?;
        let branch = self.scope.end_branch(mark);
        self.scope.join(vec![branch], true);
        Ok(printed)
    }

    /// Notes the commands from a place on as tests that are turned around.
    fn note_negated(&mut self, start: usize) {
        let commands = self.script.commands.get(start..).unwrap_or_default();
        let turned = commands.iter().enumerate().map(|(at, command)| {
            let mut words = vec![text("!")];
            words.extend(command.words.iter().cloned());
            (start + at, words)
        });
        self.script.tests.extend(turned);
        let tests = self.script.tests.iter_mut().rev();
        for (_, words) in tests.take_while(|(at, _)| *at >= start) {
            if words.first() != Some(&text("!")) {
                words.insert(0, text("!"));
            }
        }
    }
}
