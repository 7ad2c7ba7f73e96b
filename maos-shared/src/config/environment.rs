//! The only place that reads the environment. Every variable that MAOS knows
//! is a field here.
#![expect(clippy::disallowed_methods, reason = "this file owns the environment")]

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::SystemTime;

use super::Secret;

/// The variables that the programs use.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `HOME`: the person's home folder.
    pub home: Option<PathBuf>,
    /// `CLAUDE_CONFIG_DIR`: the client's folder of settings, where it is not
    /// `~/.claude`.
    pub client_config: Option<PathBuf>,
    /// `TMPDIR`: where the system puts temporary files; `/tmp` is always one.
    pub temp: Option<PathBuf>,
    /// `CLAUDE_PROJECT_DIR`: the folder that the client was started in.
    pub project_dir: Option<PathBuf>,
    /// `CLAUDE_PID`: the client's process id, the owner of what its agents hold.
    pub client_pid: Option<u32>,
    /// `CLAUDECODE`: set where a command was started by the client, so by an
    /// agent.
    pub inside_agent: bool,
    /// `CLAUDE_CODE_SESSION_ID`: the session of the client that started a command.
    pub session: Option<String>,
    /// `MAOS_PROJECT_ROOT_DIR`: keeps the state of every project below this
    /// folder's `.maos` instead of the main checkout's.
    pub root_override: Option<PathBuf>,
    /// `PATH`: where programs are searched.
    pub search_path: Option<OsString>,
    /// `VISUAL`, or `EDITOR`: what the person edits files with, as a shell reads
    /// it.
    pub editor: Option<String>,
    /// `COLUMNS`: how wide tables may be, in columns of a terminal.
    pub columns: Option<usize>,
    /// `NO_COLOR` is set, or `TERM` says that the terminal has none.
    pub no_colour: bool,
    /// `TERM` says that the terminal shows nothing but text.
    pub no_links: bool,
    /// `MAOS_LOG`: levels, for all modules or some (`warn,maos_shared::state=debug`); diagnostics go to stderr when it is set.
    pub log: Option<String>,
    /// `MAOS_NOW`: a fixed wall time (RFC 3339), for tests.
    pub now: Option<SystemTime>,
}

impl Environment {
    /// Reads the process's environment; empty, relative and malformed values
    /// count as unset.
    #[must_use]
    pub fn read() -> Self {
        let is_dumb = env::var_os("TERM").is_some_and(|v| v == "dumb");
        Self {
            home: folder("HOME"),
            client_config: folder("CLAUDE_CONFIG_DIR"),
            temp: folder("TMPDIR"),
            project_dir: folder("CLAUDE_PROJECT_DIR"),
            client_pid: env::var("CLAUDE_PID").ok().and_then(|v| v.parse().ok()),
            inside_agent: env::var_os("CLAUDECODE").is_some(),
            session: env::var("CLAUDE_CODE_SESSION_ID")
                .ok()
                .filter(|session| !session.is_empty()),
            root_override: folder("MAOS_PROJECT_ROOT_DIR"),
            search_path: env::var_os("PATH"),
            editor: ["VISUAL", "EDITOR"]
                .into_iter()
                .filter_map(|name| env::var(name).ok())
                .find(|editor| !editor.is_empty()),
            columns: env::var("COLUMNS").ok().and_then(|v| v.parse().ok()),
            no_colour: env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) || is_dumb,
            no_links: is_dumb,
            log: env::var("MAOS_LOG")
                .ok()
                .filter(|filter| !filter.is_empty()),
            now: env::var("MAOS_NOW")
                .ok()
                .and_then(|text| humantime::parse_rfc3339(&text).ok()),
        }
    }

    /// Returns the folders of temporary files, in every spelling that this
    /// system has for them.
    #[must_use]
    pub fn temporary_folders(&self) -> Vec<PathBuf> {
        let mut folders = vec![PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
        if cfg!(target_os = "macos") {
            folders.extend(["/private/tmp", "/private/var/tmp"].map(PathBuf::from));
        }
        folders.extend(self.temp.clone());
        folders
    }

    /// Returns the client's folder of settings, where the environment tells it.
    #[must_use]
    pub fn client_settings(&self) -> Option<PathBuf> {
        let home = || Some(self.home.as_ref()?.join(".claude"));
        self.client_config.clone().or_else(home)
    }

    /// Returns what the terminal calls itself (`TERM_PROGRAM`) and its
    /// capabilities (`TERM`); empty where it does not say. Only those read it
    /// who write to the terminal.
    #[must_use]
    pub fn terminal() -> (String, String) {
        let text = |name| env::var(name).unwrap_or_default();
        (text("TERM_PROGRAM"), text("TERM"))
    }

    /// Returns the name of the person's time zone (`TZ`); empty where it is the
    /// machine's.
    #[must_use]
    pub fn time_zone() -> String {
        env::var("TZ").unwrap_or_default()
    }

    /// Returns the key in the variable `name`, if there is one.
    #[must_use]
    pub fn key(name: &str) -> Secret {
        Secret::new(&env::var(name).unwrap_or_default())
    }

    /// Returns the path of the program `name` beside the one that runs.
    #[must_use]
    pub fn program_beside(name: &str) -> Option<PathBuf> {
        Some(env::current_exe().ok()?.parent()?.join(name))
    }

    /// Returns how a shell command calls `maos` here: by its name where the
    /// search path finds the one that stands beside this program, else by its
    /// path. Looks at the folders of the search path.
    #[must_use]
    pub fn maos_command(&self) -> String {
        let name = "maos";
        let Some(own) = Self::program_beside(name).and_then(|own| own.canonicalize().ok()) else {
            return name.to_owned();
        };
        let folders = self.search_path.iter().flat_map(env::split_paths);
        let mut found = folders.filter_map(|folder| folder.join(name).canonicalize().ok());
        if found.next().as_ref() == Some(&own) {
            return name.to_owned();
        }
        let own = own.to_string_lossy();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(&byte);
        match own.bytes().all(is_plain) {
            true => own.into_owned(),
            false => format!("'{}'", own.replace('\'', r"'\''")),
        }
    }

    /// Returns the wall time. The only clock that state and journals use.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.now.unwrap_or_else(SystemTime::now)
    }
}

fn folder(name: &str) -> Option<PathBuf> {
    env::var_os(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}
