//! When nothing makes a sound.

use serde::{Deserialize, Deserializer, de};

/// A time of the day in which it is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: u16,
    until: u16,
}

impl QuietHours {
    /// Returns whether the time of day `minute`, in minutes from midnight, lies
    /// in them; they may pass midnight.
    #[must_use]
    pub const fn hold(self, minute: u16) -> bool {
        if self.from <= self.until {
            self.from <= minute && minute < self.until
        } else {
            minute >= self.from || minute < self.until
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let minute = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let (from, until) = text.split_once('-')?;
        Some(Self {
            from: minute(from)?,
            until: minute(until)?,
        })
    }
}

impl<'de> Deserialize<'de> for QuietHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("expected two times of the day: \"22:00-07:00\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let night = QuietHours::parse("22:00-07:30").unwrap();
        let noon = QuietHours::parse("12:00 - 13:00").unwrap();
        for (hours, minute, quiet) in [
            (night, 22 * 60 - 1, false),
            (night, 22 * 60, true),
            (night, 0, true),
            (night, 7 * 60 + 29, true),
            (night, 7 * 60 + 30, false),
            (noon, 12 * 60, true),
            (noon, 13 * 60, false),
        ] {
            assert_eq!(hours.hold(minute), quiet, "{hours:?} {minute}");
        }
    }
}
