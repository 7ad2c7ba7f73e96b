//! The document with the tables, and the picture.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use crate::calls;
use crate::case::Case;
use crate::count::Counts;
use crate::crowd::{AGENTS, Crowd, Pace};
use crate::inside::Inside;
use crate::spares;
use crate::stopwatch::{Pair, at};

/// How the document begins.
const HEAD: &str = "\
# Performance

Made by `scripts/bench.sh`; do not edit. A hook runs before and after every tool
call, so what is timed is a whole process, as the client starts it: the input on
its standard input, from its start to its end, in a repository where both the
person and the project have a `maos.toml`. Each case and `/bin/true` take turns,
so a busy machine slows both alike; what counts is the ratio. `scripts/cost.sh`
counts instructions, system calls and bytes and fails where they grew.
[SPEED.md](SPEED.md) says what was tried and what it came to.

![Ratios](performance.svg)
";

/// All that was measured.
pub(crate) struct Measured {
    /// The times of each case and of the yardstick beside it.
    pub(crate) pairs: Vec<Pair>,
    /// The most memory of each case, in KiB.
    pub(crate) peaks: Vec<u64>,
    /// Steps in one process.
    pub(crate) inside: Inside,
    /// Many agents at once.
    pub(crate) crowd: Crowd,
    /// What an agent waits for in a large repository.
    pub(crate) spares: spares::Medians,
    /// What some cases take, by their names.
    pub(crate) counted: Vec<(String, Counts)>,
}

/// Returns the document.
pub(crate) fn document(cases: &[Case], measured: &Measured, machine: &str) -> String {
    let rounds = measured.pairs.first().map_or(0, |pair| pair.case.len());
    let tables = measured
        .counted
        .iter()
        .map(|(name, counts)| calls::table(name, counts));
    format!(
        "{HEAD}\n{machine}; {rounds} runs of each case. Times are medians; what a case may take \
         at most is for these.\n\n{}\n## Steps of the state\n\nIn one process, medians.\n\n{}\n\
         ## Many agents at once\n\n{}\n## A workspace in a large repository\n\n{}\n\
         ## System calls\n{}",
        times(cases, &measured.pairs, &measured.peaks),
        steps(&measured.inside),
        crowd_text(&measured.crowd),
        spares_text(&measured.spares),
        tables.collect::<String>()
    )
}

fn times(cases: &[Case], pairs: &[Pair], peaks: &[u64]) -> String {
    let mut text = "\
        | case | × `/bin/true` | time | at most | `/bin/true` | 95th percentile | memory | program |\n\
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    for ((case, pair), peak) in cases.iter().zip(pairs).zip(peaks) {
        let size = fs::metadata(&case.program).map_or(0, |file| file.len());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {:.2} | {} | {} | {} | {} | {peak} KB | {} KB |",
            case.name,
            ratio(pair),
            milliseconds(at(&pair.case, 50)),
            case.most,
            milliseconds(at(&pair.yardstick, 50)),
            milliseconds(at(&pair.case, 95)),
            size / 1024
        );
    }
    text
}

fn steps(inside: &Inside) -> String {
    let mut text =
        "| step | in memory | at most | on the disk |\n| --- | ---: | ---: | ---: |\n".to_owned();
    for (row, (name, disk, most)) in inside.disk.iter().enumerate() {
        let memory = inside.memory.as_ref().and_then(|memory| memory.get(row));
        let memory = memory.map(|(_, median, _)| format!("{} µs", median.as_micros()));
        let most = most.map(|most| format!("{} µs", most.as_micros()));
        let (memory, most) = (memory.unwrap_or_default(), most.unwrap_or_default());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {memory} | {most} | {} µs |",
            disk.as_micros()
        );
    }
    text
}

fn spares_text(medians: &spares::Medians) -> String {
    let mut text = format!(
        "What an agent waits for, in a repository of {} files; medians.\n\n\
         | case | time |\n| --- | ---: |\n",
        spares::FILES
    );
    for (name, median) in medians {
        let _ = writeln!(text, "| {name} | {} |", milliseconds(*median));
    }
    text
}

fn crowd_text(crowd: &Crowd) -> String {
    let row = |name: &str, pace: &Pace| {
        let p99 = milliseconds(pace.p99);
        format!("| {name} | {:.0} | {p99} |\n", pace.per_second)
    };
    format!(
        "{AGENTS} agents make {} edits each in worktrees of their own, with the hooks before, after \
         and behind each. Lines missing in the journals: {}.\n\n\
         | programs | a second | 99th percentile |\n| --- | ---: | ---: |\n{}{}",
        crowd.calls,
        crowd.lost,
        row("the hooks", &crowd.hooks),
        row("`/bin/true` in their place", &crowd.yardstick)
    )
}

/// Height of a bar with its gap, in pixels.
const BAR: usize = 24;
/// Where the bars begin and how long the longest is, in pixels.
const BARS: (f64, f64) = (330.0, 400.0);
/// The ratio of the longest bar; a longer one is cut.
const LONGEST: f64 = 3.0;

/// Returns a picture of the ratios: a bar a case, a line at `/bin/true`.
pub(crate) fn picture(cases: &[Case], pairs: &[Pair]) -> String {
    let (left, length) = BARS;
    let height = cases.len() * BAR + 30;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"800\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (at, (case, pair)) in cases.iter().zip(pairs).enumerate() {
        let (ratio, top) = (ratio(pair), at * BAR + 6);
        let bar = length * ratio.min(LONGEST) / LONGEST;
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect x=\"{left}\" y=\"{top}\" width=\"{bar:.0}\" height=\"16\" fill=\"#4a7ab5\"/>\
             <text x=\"{:.0}\" y=\"{}\">{ratio:.2}</text>",
            left - 8.0,
            top + 13,
            escaped(&case.name),
            left + bar + 6.0,
            top + 13,
        );
    }
    let (one, foot) = (left + length / LONGEST, height - 8);
    let _ = write!(
        text,
        "<line x1=\"{one:.0}\" y1=\"0\" x2=\"{one:.0}\" y2=\"{}\" stroke=\"#b5504a\"/>\
         <text x=\"{one:.0}\" y=\"{foot}\" text-anchor=\"middle\">/bin/true</text>\n</svg>\n",
        height - 22
    );
    text
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('`', "")
}

/// Returns how many times as long as the yardstick the case takes.
fn ratio(pair: &Pair) -> f64 {
    at(&pair.case, 50).as_secs_f64() / at(&pair.yardstick, 50).as_secs_f64()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::yardstick;

    #[test]
    fn a_bar_is_as_long_as_its_ratio() {
        let case = Case {
            name: "a & `b`".to_owned(),
            ..yardstick()
        };
        let pair = Pair {
            yardstick: vec![Duration::from_millis(2)],
            case: vec![Duration::from_millis(3)],
        };
        let picture = picture(&[case], &[pair]);
        assert!(picture.contains("width=\"200\" height=\"16\""), "{picture}");
        assert!(
            picture.contains(">a &amp; b<") && picture.contains(">1.50<"),
            "{picture}"
        );
        assert_eq!(milliseconds(Duration::from_micros(1234)), "1.23 ms");
    }
}
