//! The person's time of day.

use std::time::{SystemTime, UNIX_EPOCH};

use tz::TimeZone;

/// Returns the time of day at `now` in minutes from midnight, in the time zone
/// `name` (as in `TZ`), or the machine's where that is empty or not known.
pub(super) fn minute_of_day(now: SystemTime, name: &str) -> u16 {
    const DAY_S: i64 = 24 * 60 * 60;
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(seconds).unwrap_or_default();
    let named = (!name.is_empty()).then(|| TimeZone::from_posix_tz(name).ok());
    let zone = named.flatten().or_else(|| TimeZone::local().ok());
    let offset = zone
        .and_then(|zone| Some(zone.find_local_time_type(seconds).ok()?.ut_offset()))
        .unwrap_or_default();
    let local = (seconds + i64::from(offset)).rem_euclid(DAY_S);
    u16::try_from(local / 60).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_zone_moves_the_time_of_day() {
        // 2026-01-01T23:30:00Z
        let now = UNIX_EPOCH + Duration::from_secs(1_767_310_200);
        for (zone, minute) in [
            ("UTC0", 23 * 60 + 30),
            ("XXX-2", 60 + 30),
            ("YYY5:30", 18 * 60),
        ] {
            assert_eq!(minute_of_day(now, zone), minute, "{zone}");
        }
    }
}
