//! What a person or a caller can set, and the defaults.

mod environment;
mod level;
pub mod limits;
mod settings;
mod workspace;

pub use environment::Environment;
pub use level::Level;
pub use settings::{FILE, GuardSettings, Layers, Levels, OwnRule, Settings, SettingsError};
pub use workspace::{Base, WorkspaceSettings};
