//! The document with the table.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use crate::case::Case;

/// How the document begins.
const HEAD: &str = "\
# Performance

Made by `scripts/bench.sh`; do not edit. A hook runs before and after every tool
call, so what is timed is a whole process, as the client starts it: the input on
its standard input, from its start to its end. All cases and `/bin/true` take
turns, so a busy machine slows all of them alike; what counts is the ratio.
";

/// Returns the document on all cases, measured against the first.
pub(crate) fn document(cases: &[Case], times: &[Vec<Duration>], machine: &str) -> String {
    let median = |times: &[Duration]| at(times, 50);
    let yardstick = times.first().map_or(Duration::ZERO, |times| median(times));
    let rounds = times.first().map_or(0, Vec::len);
    let mut text = format!(
        "{HEAD}\n{machine}; {rounds} runs of each case.\n\n\
         | case | median × `/bin/true` | median | 95th percentile | size of the program |\n\
         | --- | ---: | ---: | ---: | ---: |\n"
    );
    for (case, times) in cases.iter().zip(times) {
        let ratio = median(times).as_secs_f64() / yardstick.as_secs_f64();
        let size = fs::metadata(&case.program).map_or(0, |file| file.len());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {ratio:.2} | {} | {} | {} KB |",
            case.name,
            milliseconds(median(times)),
            milliseconds(at(times, 95)),
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
