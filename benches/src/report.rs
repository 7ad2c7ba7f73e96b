//! The document with the table.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use crate::case::Case;
use crate::stopwatch::Pair;

/// How the document begins.
const HEAD: &str = "\
# Performance

Made by `scripts/bench.sh`; do not edit. A hook runs before and after every tool
call, so what is timed is a whole process, as the client starts it: the input on
its standard input, from its start to its end. Each case and `/bin/true` take
turns, so a busy machine slows both alike; what counts is the ratio.
";

/// Returns the document on all cases.
pub(crate) fn document(cases: &[Case], pairs: &[Pair], machine: &str) -> String {
    let rounds = pairs.first().map_or(0, |pair| pair.case.len());
    let mut text = format!(
        "{HEAD}\n{machine}; {rounds} runs of each case. Times are medians, but for the last \
         but one column.\n\n\
         | case | × `/bin/true` | time | `/bin/true` | 95th percentile | size of the program |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n"
    );
    for (case, pair) in cases.iter().zip(pairs) {
        let (median, yardstick) = (at(&pair.case, 50), at(&pair.yardstick, 50));
        let ratio = median.as_secs_f64() / yardstick.as_secs_f64();
        let size = fs::metadata(&case.program).map_or(0, |file| file.len());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {ratio:.2} | {} | {} | {} | {} KB |",
            case.name,
            milliseconds(median),
            milliseconds(yardstick),
            milliseconds(at(&pair.case, 95)),
            size / 1024
        );
    }
    text
}

/// Returns the time below which this percentage of the sorted `times` lies.
fn at(times: &[Duration], percent: usize) -> Duration {
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times: Vec<_> = (0..101).map(Duration::from_millis).collect();
        assert_eq!(at(&times, 50), Duration::from_millis(50));
        assert_eq!(at(&times, 95), Duration::from_millis(95));
        assert_eq!(at(&[], 50), Duration::ZERO);
        assert_eq!(milliseconds(Duration::from_micros(1234)), "1.23 ms");
    }
}
