//! Pipelines.

use super::output::Printed;
use super::{Input, Shell};
use crate::guard::shell::syntax::tree;
use crate::guard::shell::{Error, Stdin};

impl Shell {
    /// Runs the stages of a pipeline, each in a subshell that reads what the
    /// one before prints. Some shells run the last stage in their own.
    pub(super) fn pipeline(&mut self, pipeline: &tree::Pipeline) -> Result<Printed, Error> {
        match pipeline.stages.split_last() {
            None => Ok(Printed::nothing()),
            Some((only, [])) => self.node(only),
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
}
