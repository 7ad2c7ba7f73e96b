//! Times as a person reads them at a glance.

use std::time::{Duration, SystemTime};

/// Returns the duration that a person wrote, such as `90s` or `2h`; none that is
/// over before it begins.
///
/// # Errors
/// When it is none, in words for that person.
pub(crate) fn some_time(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => Err("it has to be longer than nothing".to_owned()),
        Ok(duration) => Ok(duration),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns how long a time has passed at `now`, as [`span`]; empty where `time`
/// is no RFC 3339.
pub(crate) fn age(time: &str, now: SystemTime) -> String {
    humantime::parse_rfc3339(time)
        .map(|then| span(now.duration_since(then).unwrap_or_default()))
        .unwrap_or_default()
}

/// Returns how long it is until a time at `now`, as [`span`]; empty where `time`
/// is no RFC 3339.
pub(crate) fn left(time: &str, now: SystemTime) -> String {
    humantime::parse_rfc3339(time)
        .map(|then| span(then.duration_since(now).unwrap_or_default()))
        .unwrap_or_default()
}

/// Returns a duration by its largest unit: `5s`, `12m`, `3h`, `2d`.
pub(crate) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86400),
    }
}

/// Returns a duration as [`span`], one of less than a second as [`micros`].
pub(crate) fn length(duration: Duration) -> String {
    match u64::try_from(duration.as_micros()) {
        Ok(us @ 0..1_000_000) => micros(us),
        _ => span(duration),
    }
}

/// Returns the day and the time of an RFC 3339 time in UTC, without the rest:
/// `01-31 23:59:59Z`; the text itself where it is no such time.
pub(crate) fn clock(time: &str) -> String {
    match (time.get(5..10), time.get(10..11), time.get(11..19)) {
        (Some(day), Some("T"), Some(clock)) => format!("{day} {clock}Z"),
        _ => time.to_owned(),
    }
}

/// Returns microseconds with a unit that fits: `870 µs`, `1.2 ms`, `3.4 s`.
pub(crate) fn micros(us: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", us / unit, us % unit * 10 / unit);
    match us {
        0..1000 => format!("{us} µs"),
        1000..1_000_000 => format!("{} ms", tenths(1000)),
        _ => format!("{} s", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(90_000);
        assert_eq!(age("1970-01-01T00:59:50Z", now), "1d");
        assert_eq!(age("1970-01-02T00:59:50.000Z", now), "10s");
        assert_eq!(age("1980-01-01T00:00:00Z", now), "0s");
        assert_eq!(age("soon", now), "");
        let lengths = [999, 1000].map(Duration::from_millis).map(length);
        assert_eq!(lengths, ["999.0 ms", "1s"]);
        assert_eq!(left("1970-01-02T02:00:00Z", now), "1h");
        assert_eq!(left("1970-01-01T00:00:00Z", now), "0s");
        assert_eq!(clock("2026-01-31T23:59:59.123Z"), "01-31 23:59:59Z");
        assert_eq!(clock("漢字漢字"), "漢字漢字");
        assert_eq!(
            [870, 1234, 3_456_789].map(micros),
            ["870 µs", "1.2 ms", "3.4 s"]
        );
    }
}
