//! Times as people and journals write them.

use std::time::SystemTime;

/// Returns `time` as RFC 3339 in UTC with milliseconds.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
