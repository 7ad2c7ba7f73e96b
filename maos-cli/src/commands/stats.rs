//! `maos stats`: how long the hooks take, and how often they object.

use std::path::PathBuf;

use maos_shared::config::Environment;

use crate::error::{Error, exit_code};
use crate::journal::{Line, Wanted, newest, tail};
use crate::output::{Column, Form, Output, Show, Table, Tone};
use crate::stats::{Stats, stats};
use crate::{place, when};

/// Show how long each hook takes and how often it objects, from the journals:
/// count, median, 95th and 99th percentile, the share of blocked calls, the
/// slowest calls.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos stats
  maos stats --since 24h
  maos stats --json | jq '.hooks[] | select(.event == \"PreToolUse\").p99_us'")]
pub(crate) struct Args {
    /// A folder of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Only what is younger: 90s, 10m, 2h, 7d
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    since: Option<std::time::Duration>,
    #[command(flatten)]
    form: Form,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let state = place::state(&environment, &self.project)?;
        let since = self.since;
        let wanted = Wanted {
            since: since.and_then(|since| environment.now().checked_sub(since)),
            ..Wanted::default()
        };
        let lines = newest(&wanted.journals(&state), &wanted, usize::MAX, tail::WINDOW)?;
        output.answer(self.form, &stats(&lines))?;
        Ok(exit_code::DONE)
    }
}

impl Show for Stats {
    fn show(&self, output: &mut Output) -> Result<(), Error> {
        if self.hooks.is_empty() {
            return output.line("no line yet in the journals");
        }
        let mut table = Table::new([
            Column::left("EVENT"),
            Column::right("COUNT"),
            Column::right("P50"),
            Column::right("P95"),
            Column::right("P99"),
            Column::right("BLOCKED"),
            Column::right("ERRORS"),
        ]);
        for hook in &self.hooks {
            let times = [hook.p50_us, hook.p95_us, hook.p99_us];
            let [p50, p95, p99] = times.map(|us| when::micros(us).into());
            let blocked = match hook.denied {
                0 => "".into(),
                denied => Tone::Bad.of(format!("{denied} ({})", percent(denied, hook.count))),
            };
            let errors = match hook.errors {
                0 => "".into(),
                errors => Tone::Bad.of(errors.to_string()),
            };
            let count = hook.count.to_string().into();
            table.row([
                hook.event.as_str().into(),
                count,
                p50,
                p95,
                p99,
                blocked,
                errors,
            ]);
        }
        output.table(&table)?;
        if !self.rules.is_empty() {
            output.line("")?;
            output.text(&Tone::Strong.of("objections by rule"))?;
            let mut table = Table::new([Column::left(""), Column::right("")]).indented(2);
            for rule in &self.rules {
                table.row([rule.rule.as_str().into(), rule.count.to_string().into()]);
            }
            output.table(&table)?;
        }
        output.line("")?;
        output.text(&Tone::Strong.of("slowest calls"))?;
        for line in &self.slowest {
            output.wrapped(&slow(line), 13)?;
        }
        Ok(())
    }
}

fn slow(line: &Line) -> crate::output::Text {
    let time = when::micros(line.duration_us);
    crate::output::Text::from(format!("  {time:>9}  ")).then(line.text())
}

fn percent(part: usize, whole: usize) -> String {
    let tenths = part * 1000 / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
