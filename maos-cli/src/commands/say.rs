//! `maos say`: a person tries how they are called.

use std::path::PathBuf;

use maos_shared::config::{Environment, NotifySettings, Provider, Way};
use maos_shared::notify::{self, Kind, Message, Notice, Terminal, sequence};

use crate::error::{Error, exit_code};
use crate::output::Output;
use crate::place;

/// Say something the way that notifications are said.
///
/// It goes through the providers of your own maos.toml, at once and whatever
/// the time, and prints what became of each.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  maos say 'Can you hear me?'
  maos say --by terminal hello

Exit codes:
  0  at least one provider said it
  1  none could")]
pub(crate) struct Args {
    /// What is said
    #[arg(value_parser = something)]
    text: String,
    /// A provider to try, in place of those that are set
    #[arg(long, value_name = "PROVIDER", value_parser = provider)]
    by: Option<Provider>,
    /// A folder of the project that says it
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

impl Args {
    pub(super) fn run(&self, output: &mut Output) -> Result<u8, Error> {
        let environment = Environment::read();
        let folder = environment.client_settings();
        let settings = NotifySettings::load(folder.as_deref())?;
        let project = place::project(&environment, &self.project)?;
        let notice = Notice {
            kind: Kind::Idle,
            agent: None,
            text: Some(&self.text),
        };
        // The person's own words for a kind are not what is tried here.
        let words = NotifySettings::default();
        let message = Message::new(&notice, &project.main, &words);
        let ways = self.by.map(|by| vec![Way::One(by)]);
        let tried = notify::say(
            &settings,
            ways.as_ref().unwrap_or(&settings.providers),
            &message,
        );
        for (provider, outcome) in &tried {
            if *provider == Provider::Terminal {
                let (program, term) = Environment::terminal();
                let shown = sequence(&message, Terminal::named(&program, &term), false);
                output.raw(shown.as_bytes())?;
            }
            match outcome {
                Ok(()) => output.line(format_args!("{provider}: said"))?,
                Err(why) => output.line(format_args!("{provider}: {why}"))?,
            }
        }
        let is_said = tried.iter().any(|(_, outcome)| outcome.is_ok());
        Ok(if is_said {
            exit_code::DONE
        } else {
            exit_code::FAILED
        })
    }
}

fn something(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("there is nothing to say in it"),
        _ => Ok(text.to_owned()),
    }
}

fn provider(name: &str) -> Result<Provider, String> {
    Provider::ALL
        .into_iter()
        .find(|provider| provider.name() == name)
        .ok_or_else(|| {
            let names: Vec<_> = Provider::ALL.into_iter().map(Provider::name).collect();
            format!("it is one of {}", names.join(", "))
        })
}
