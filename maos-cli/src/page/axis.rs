//! The times along a timeline.

use std::time::{Duration, SystemTime};

use super::story::Span;

/// The most that are shown.
const MOST: u64 = 5;

/// How far they can be apart, milliseconds: what people count time by.
const STEPS: [u64; 29] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500, // milliseconds
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
];
const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns the moments that are named on the axis of a span, and their names (UTC).
pub(super) fn ticks(whole: Span) -> Vec<(SystemTime, String)> {
    let since_epoch = |at: SystemTime| {
        let since = at.duration_since(SystemTime::UNIX_EPOCH);
        u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
    };
    let (from, to) = (since_epoch(whole.from), since_epoch(whole.to));
    let fits = |step: &&u64| (to - from) / **step < MOST;
    let step = match STEPS.iter().find(fits) {
        Some(step) => *step,
        // Years: as many days as it takes.
        None => ((to - from) / MOST / DAY + 1) * DAY,
    };
    let first = from.div_ceil(step) * step;
    let moments = (first..=to).step_by(usize::try_from(step).unwrap_or(usize::MAX));
    let moments = moments.map(|at| SystemTime::UNIX_EPOCH + Duration::from_millis(at));
    moments.map(|at| (at, name(at, step, to - from))).collect()
}

/// Returns a moment as exactly as the steps are, and not longer than a phone has
/// room for.
fn name(at: SystemTime, step: u64, length: u64) -> String {
    // `2026-11-30T17:18:13.123`
    let time = humantime::format_rfc3339_millis(at).to_string();
    let (from, to) = match step {
        0..SECOND => (17, 23),
        _ if length > DAY => (5, if step < DAY { 16 } else { 10 }),
        SECOND..MINUTE => (11, 19),
        MINUTE.. => (11, 16),
    };
    time.get(from..to).unwrap_or_default().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the names on an axis of so many milliseconds.
    fn names(from: u64, length: u64) -> Vec<String> {
        let at = |ms| SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
        let ticks = ticks(Span::until(at(from), at(from + length)));
        ticks.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn an_axis_names_a_few_round_times() {
        assert_eq!(names(0, 1), ["00.000", "00.001"]);
        assert_eq!(names(30, 900), ["00.200", "00.400", "00.600", "00.800"]);
        assert_eq!(
            names(61_500, 8_000),
            ["00:01:02", "00:01:04", "00:01:06", "00:01:08"]
        );
        assert_eq!(
            names(61_500, 4 * HOUR),
            ["01:00", "02:00", "03:00", "04:00"]
        );
        assert_eq!(
            names(0, 40 * HOUR),
            ["01-01 00:00", "01-01 12:00", "01-02 00:00", "01-02 12:00"]
        );
        assert_eq!(names(1, 20 * DAY), ["01-08", "01-15"]);
        for length in (0..47).map(|power| 1_u64 << power) {
            let names = names(12_345_678, length);
            assert!(names.len() <= 6, "{length}: {names:?}");
            assert!(length < 4 || !names.is_empty(), "{length}");
        }
    }
}
