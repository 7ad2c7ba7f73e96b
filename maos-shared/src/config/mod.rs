//! What a person or a caller can set, and the defaults.

mod agents;
mod cleanup;
mod environment;
mod file;
mod level;
pub mod limits;
mod notify;
mod problem;
mod provider;
mod quiet;
mod secret;
mod settings;
mod time;
mod tooling;
mod tree;
mod workspace;

pub use agents::{AgentSettings, LeaseMode, LeaseSettings};
pub use cleanup::CleanUpSettings;
pub use environment::Environment;
pub use file::{SettingsError, SettingsFile};
pub use level::Level;
pub use notify::{NotifySettings, ServiceSettings, SoundSettings, SpeechSettings, Wording};
pub use provider::{Provider, Way};
pub use quiet::QuietHours;
pub use secret::Secret;
pub use settings::{FILE, GuardSettings, JobSettings, Layers, Levels, OwnRule, Settings};
pub use tooling::{RustSettings, Tool, ToolSettings, ToolingSettings};
pub use workspace::{Back, Base, Shared, WorkspaceSettings};
