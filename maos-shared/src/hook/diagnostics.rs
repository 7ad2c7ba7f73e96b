//! Diagnostics on stderr, as far as a filter lets them through.

use std::io::{Write, stderr};

use log::{LevelFilter, Metadata, Record};

/// What goes to stderr, and how.
struct Diagnostics {
    /// The least level of each module, by the begin of its name.
    levels: Vec<(String, LevelFilter)>,
    /// A person reads them, and is told nothing else.
    are_told: bool,
}

impl Diagnostics {
    /// Reads a filter such as `warn,maos_shared::workspace=info`.
    fn new(filter: &str, are_told: bool) -> Self {
        let levels = filter.split(',').filter_map(|directive| {
            let (module, level) = match directive.trim().split_once('=') {
                Some((module, level)) => (module, level.parse().ok()?),
                None => match directive.trim().parse() {
                    Ok(level) => ("", level),
                    Err(_) => (directive.trim(), LevelFilter::Trace),
                },
            };
            Some((module.to_owned(), level))
        });
        Self {
            levels: levels.collect(),
            are_told,
        }
    }
}

impl log::Log for Diagnostics {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target();
        let meant = self
            .levels
            .iter()
            .filter(|(module, _)| target.starts_with(module));
        let nearest = meant.max_by_key(|(module, _)| module.len());
        nearest.is_some_and(|(_, level)| metadata.level() <= *level)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = record.args().to_string().replace(char::is_control, " ");
        // Whoever does not listen misses a diagnostic.
        let _ = match self.are_told {
            true => writeln!(stderr(), "MAOS: {line}"),
            false => writeln!(stderr(), "[{} {}] {line}", record.level(), record.target()),
        };
    }

    fn flush(&self) {}
}

/// Lets diagnostics go to stderr from here on: those that a filter lets through,
/// levels for all modules or for some (`warn,maos_shared::state=debug`). A line
/// that `are_told` says a person reads has no level and no module.
pub(super) fn start(filter: &str, are_told: bool) {
    let diagnostics = Diagnostics::new(filter, are_told);
    let levels = diagnostics.levels.iter().map(|(_, level)| *level);
    let most = levels.max().unwrap_or(LevelFilter::Off);
    if log::set_logger(Box::leak(Box::new(diagnostics))).is_ok() {
        log::set_max_level(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use log::{Level, Log};

    #[test]
    fn the_longest_module_of_a_filter_decides() {
        let filter = Diagnostics::new("error, a::b=info,c", false);
        let passes = |target, level| {
            let asked = Metadata::builder().target(target).level(level).build();
            filter.enabled(&asked)
        };
        assert!(passes("a", Level::Error) && !passes("a", Level::Warn));
        assert!(passes("a::b::c", Level::Info) && !passes("a::b", Level::Debug));
        assert!(passes("c::d", Level::Trace));
    }
}
