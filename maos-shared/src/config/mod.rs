//! What a person or a caller can set, and the defaults.

mod environment;
mod level;
pub mod limits;
mod settings;

pub use environment::Environment;
pub use level::Level;
pub use settings::{
    FILE, GuardSettings, JobSettings, Layers, Levels, OwnRule, Settings, SettingsError,
};
