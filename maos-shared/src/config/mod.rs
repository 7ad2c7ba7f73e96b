//! What a person or a caller can set, and the defaults.

mod agents;
mod cleanup;
mod environment;
mod level;
pub mod limits;
mod notify;
mod settings;
mod tooling;
mod workspace;

pub use agents::{AgentSettings, LeaseMode, LeaseSettings};
pub use cleanup::CleanUpSettings;
pub use environment::Environment;
pub use level::Level;
pub use notify::{
    NotifySettings, Provider, QuietHours, Secret, ServiceSettings, SoundSettings, SpeechSettings,
    Way, Wording,
};
pub use settings::{
    FILE, GuardSettings, JobSettings, Layers, Levels, OwnRule, Settings, SettingsError,
};
pub use tooling::{RustSettings, Tool, ToolSettings, ToolingSettings};
pub use workspace::{Back, Base, Shared, WorkspaceSettings};
