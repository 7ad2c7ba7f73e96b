//! The real client, one shot, offline against a scripted API.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};

use crate::api::Api;
use crate::install;
use crate::plugin;
use crate::process::{self, Finished, Running, Stdout};
use crate::request::Transcript;
use crate::sandbox::Sandbox;
use crate::screen::Screen;
use crate::script::{Script, tag};
use crate::settings::Settings;

/// The key that the client is given; nothing but the scripted API sees it.
const KEY: &str = "sk-ant-test";

/// How long a session may take; each is over in seconds.
const DEADLINE: Duration = Duration::from_secs(90);

/// The installed client.
#[derive(Clone, Debug)]
pub struct Client {
    binary: PathBuf,
}

/// A run of the client, in the making.
#[must_use]
pub struct Session<'a> {
    client: Client,
    sandbox: &'a Sandbox,
    settings: Settings,
    tools: String,
    mode: &'static str,
    continues: bool,
    prompt: String,
    plugin: Option<PathBuf>,
}

/// A run of the client that goes on.
#[must_use]
pub struct Playing {
    api: Api,
    running: Running,
}

/// What a run of the client left behind.
#[derive(Debug)]
pub struct Run {
    /// The JSON object that the client printed at its end.
    pub output: Value,
    /// All that the client asked of the model.
    pub transcript: Transcript,
}

impl Client {
    /// The version of the client that the tests speak with.
    pub const VERSION: &str = install::VERSION;

    /// Returns the real client, installed if need be.
    ///
    /// # Errors
    /// Returns why there can be none here: npm is missing, or cannot reach its
    /// registry.
    ///
    /// # Panics
    /// When npm fails for any other reason.
    pub fn install() -> Result<Self, String> {
        Self::installed(Duration::ZERO)
    }

    /// Returns the real client, installed if need be. Where that cannot be, it
    /// says so in one line and returns `None`: the test has nothing to say.
    #[must_use]
    pub fn available() -> Option<Self> {
        static CLIENT: OnceLock<Option<Client>> = OnceLock::new();
        let client = CLIENT.get_or_init(|| match Self::installed(install::UNREACHABLE_FOR) {
            Ok(client) => Some(client),
            Err(why) => {
                // Not `eprintln!`: the test harness would keep the line back.
                writeln!(std::io::stderr(), "SKIPPED real client: {why}").expect("stderr");
                None
            }
        });
        client.clone()
    }

    /// Returns the end of `claude plugin validate` on our plugin, run in
    /// `sandbox`.
    #[must_use]
    pub fn validates_the_plugin(&self, sandbox: &Sandbox) -> Finished {
        let mut command = sandbox.command(&self.binary);
        command
            .args(["plugin", "validate"])
            .arg(plugin::within(sandbox));
        process::run(command, Vec::new(), Stdout::Kept, DEADLINE)
    }

    fn installed(trust: Duration) -> Result<Self, String> {
        install::client(trust).map(|binary| Self { binary })
    }

    /// Returns a session in the project of `sandbox`, without hooks, in which
    /// the ordinary tools are allowed.
    pub fn within(self, sandbox: &Sandbox) -> Session<'_> {
        let tools = "Agent,Bash,Edit,EnterWorktree,ExitWorktree,Glob,Grep,NotebookEdit,Read,\
                     SendMessage,Skill,ToolSearch,Workflow,Write";
        Session {
            client: self,
            sandbox,
            settings: Settings::empty(),
            tools: tools.to_owned(),
            mode: "acceptEdits",
            continues: false,
            prompt: tag("main"),
            plugin: None,
        }
    }

    /// Returns a session in the project of `sandbox` with every program
    /// registered as a person gets them.
    pub fn guarded_in(self, sandbox: &Sandbox) -> Session<'_> {
        self.within(sandbox).with(Settings::empty().registered())
    }
}

impl<'a> Session<'a> {
    /// Begins to play the `scripts` at a terminal: the client asks there for
    /// what is not allowed. `None` where there is no tmux, which it says in one
    /// line.
    ///
    /// # Panics
    /// When the client cannot be started there.
    #[must_use]
    pub fn at_a_terminal(self, scripts: impl IntoIterator<Item = Script>) -> Option<Screen<'a>> {
        let api = Api::playing(scripts);
        let _ = self.settings.install(self.sandbox);
        answer_welcomes(self.sandbox);
        let mut client = Command::new(&self.client.binary);
        offline(&mut client, self.sandbox, &api);
        client
            .args(["--permission-mode", self.mode])
            .args(["--allowedTools", &self.tools])
            .args(["--", &tag("main")]);
        Screen::show(self.sandbox, &client, api)
    }

    /// Returns the session with these settings.
    pub fn with(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Returns the session with our plugin and the built programs in it.
    pub fn with_plugin(mut self) -> Self {
        self.plugin = Some(plugin::within(self.sandbox));
        self
    }

    /// Returns the session with nothing allowed but `tools`, in the form of
    /// the client's own option; edits are not allowed by themselves.
    pub fn allowing_only(mut self, tools: &str) -> Self {
        tools.clone_into(&mut self.tools);
        self.mode = "default";
        self
    }

    /// Returns the session as one that goes on with the last one in this
    /// project.
    pub fn continuing(mut self) -> Self {
        self.continues = true;
        self
    }

    /// Returns the session as one in which the person types this before the name of
    /// the script: a command of theirs, such as `/maos:status`.
    pub fn typing(mut self, prompt: &str) -> Self {
        self.prompt = format!("{prompt} {}", tag("main"));
        self
    }

    /// Plays the `scripts`: the main agent is asked to play the one named
    /// `main`. Waits until it and all its agents are done.
    ///
    /// # Panics
    /// When the client fails, hangs, or prints anything but one JSON object.
    #[must_use]
    pub fn play(self, scripts: impl IntoIterator<Item = Script>) -> Run {
        self.start(scripts).finish()
    }

    /// Begins to play the `scripts`, as [`Session::play`] does.
    ///
    /// # Panics
    /// When the client cannot be started.
    pub fn start(self, scripts: impl IntoIterator<Item = Script>) -> Playing {
        let api = Api::playing(scripts);
        let _ = self.settings.install(self.sandbox);
        let running = Running::start(self.command(&api), Vec::new(), Stdout::Kept);
        Playing { api, running }
    }

    fn command(&self, api: &Api) -> Command {
        let mut command = self.sandbox.command(&self.client.binary);
        if self.continues {
            command.arg("--continue");
        }
        if let Some(plugin) = &self.plugin {
            command.arg("--plugin-dir").arg(plugin);
        }
        offline(&mut command, self.sandbox, api);
        command
            .args(["-p", &self.prompt])
            .args(["--permission-mode", self.mode])
            .args(["--allowedTools", &self.tools])
            .args(["--output-format", "json"]);
        command
    }
}

/// Lets a client that `command` starts speak with the scripted API alone.
fn offline(command: &mut Command, sandbox: &Sandbox, api: &Api) {
    command
        .env("ANTHROPIC_BASE_URL", api.url())
        .env("ANTHROPIC_API_KEY", KEY)
        .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
        .env("DISABLE_TELEMETRY", "1")
        .env("DISABLE_AUTOUPDATER", "1")
        .env("DISABLE_ERROR_REPORTING", "1")
        .env("CLAUDE_CODE_TMPDIR", sandbox.temporary());
}

/// Writes down that a person has answered all that the client asks at first.
fn answer_welcomes(sandbox: &Sandbox) {
    let project = sandbox.project().display().to_string();
    let trusted = json!({"hasTrustDialogAccepted": true, "hasCompletedProjectOnboarding": true});
    let answered = json!({
        "hasCompletedOnboarding": true,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [KEY], "rejected": []},
        "projects": {project: trusted},
    });
    sandbox.write("../.claude.json", &answered.to_string());
}

impl Playing {
    /// Waits until the main agent and all its agents are done.
    ///
    /// # Panics
    /// When the client fails, hangs, or prints anything but one JSON object.
    #[must_use]
    pub fn finish(self) -> Run {
        let done = self.running.finish(DEADLINE).exits(0);
        let output = done
            .answer()
            .unwrap_or_else(|| panic!("the client said nothing: {done}"));
        Run {
            output,
            transcript: self.api.transcript(),
        }
    }

    /// Kills the client at this moment, with a signal that it cannot catch;
    /// programs that it has started go on. Returns what it had asked for.
    ///
    /// # Panics
    /// When it had ended by itself.
    #[must_use]
    pub fn kill(self) -> Transcript {
        self.running.kill();
        self.api.transcript()
    }
}
