//! What the journals say of the hooks' times and answers.

use std::collections::BTreeMap;

use maos_shared::hook::Event;
use schemars::JsonSchema;
use serde::Serialize;

use crate::journal::Line;

/// How many of the slowest calls are told.
const SLOWEST: usize = 5;

/// The hooks of a project, by the journals' ends.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Stats {
    /// Each event that was answered, in the order of a session.
    pub(crate) hooks: Vec<HookStats>,
    /// Each rule that objected, the one that did so most first.
    pub(crate) rules: Vec<RuleStats>,
    /// The calls that took longest, the longest first.
    pub(crate) slowest: Vec<Line>,
}

/// One hook. Times are from the start of its program to its journal line.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct HookStats {
    /// The event.
    pub(crate) event: String,
    /// How often it was answered.
    pub(crate) count: usize,
    /// Half of the answers took no longer, in microseconds.
    pub(crate) p50_us: u64,
    /// 95 of 100 took no longer, in microseconds.
    pub(crate) p95_us: u64,
    /// 99 of 100 took no longer, in microseconds.
    pub(crate) p99_us: u64,
    /// How often the answer was no.
    pub(crate) denied: usize,
    /// How often the hook failed.
    pub(crate) errors: usize,
}

/// How often a rule objected.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct RuleStats {
    /// The rule.
    pub(crate) rule: String,
    /// How often.
    pub(crate) count: usize,
}

/// Returns what journal lines say.
pub(crate) fn stats(lines: &[Line]) -> Stats {
    let of = |event: Event| hook(event.name(), lines);
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in lines.iter().filter_map(|line| line.rule.as_deref()) {
        *rules.entry(rule).or_default() += 1;
    }
    let mut rules: Vec<RuleStats> = rules
        .into_iter()
        .map(|(rule, count)| RuleStats {
            rule: rule.to_owned(),
            count,
        })
        .collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.count));
    let mut slowest: Vec<&Line> = lines.iter().collect();
    slowest.sort_by_key(|line| std::cmp::Reverse(line.duration_us));
    Stats {
        hooks: Event::ALL.into_iter().filter_map(of).collect(),
        rules,
        slowest: slowest.into_iter().take(SLOWEST).cloned().collect(),
    }
}

fn hook(event: &str, lines: &[Line]) -> Option<HookStats> {
    let mine = || lines.iter().filter(|line| line.event == event);
    let mut times: Vec<u64> = mine().map(|line| line.duration_us).collect();
    times.sort_unstable();
    let last = times.len().checked_sub(1)?;
    // The nearest rank: the smallest time that so many of 100 do not exceed.
    let rank = |percent: usize| times[(times.len() * percent).div_ceil(100).clamp(1, last + 1) - 1];
    Some(HookStats {
        event: event.to_owned(),
        count: times.len(),
        p50_us: rank(50),
        p95_us: rank(95),
        p99_us: rank(99),
        denied: mine().filter(|line| line.is_denial()).count(),
        errors: mine().filter(|line| line.outcome == "error").count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(event: &str, outcome: &str, duration_us: u64) -> Line {
        Line {
            event: event.to_owned(),
            outcome: outcome.to_owned(),
            rule: (outcome == "deny").then(|| "files.rm-root".to_owned()),
            duration_us,
            ..Line::default()
        }
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let mut lines: Vec<Line> = (1..=200).map(|us| line("Stop", "pass", us)).collect();
        lines.push(line("PreToolUse", "deny", 7));
        let stats = stats(&lines);
        assert_eq!(
            stats.hooks,
            [
                HookStats {
                    event: "PreToolUse".to_owned(),
                    count: 1,
                    p50_us: 7,
                    p95_us: 7,
                    p99_us: 7,
                    denied: 1,
                    errors: 0,
                },
                HookStats {
                    event: "Stop".to_owned(),
                    count: 200,
                    p50_us: 100,
                    p95_us: 190,
                    p99_us: 198,
                    denied: 0,
                    errors: 0,
                },
            ]
        );
        assert_eq!(stats.rules[0].count, 1);
        assert_eq!(stats.slowest[0].duration_us, 200);
        assert_eq!(stats.slowest.len(), SLOWEST);
    }
}
