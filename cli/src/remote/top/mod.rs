//! `gavel top`: a running Gavel as it works.

mod metrics;
mod sample;
mod screen;

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use crossterm::event::{Event, EventStream, KeyCode, KeyModifiers};
use futures_util::StreamExt as _;
use gavel_client::Client;
use ratatui::DefaultTerminal;
use tokio::time::MissedTickBehavior;

use self::sample::{Sample, View};
use super::server::{connect, ended};
use crate::args::ServerOptions;

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(1);

/// Shows it until `q` is pressed.
pub async fn top(settings: Option<&Path>, server: ServerOptions) -> ExitCode {
    ended(shown(settings, server).await)
}

async fn shown(settings: Option<&Path>, server: ServerOptions) -> anyhow::Result<ExitCode> {
    let client = connect(settings, &server)?;
    if !std::io::stdout().is_terminal() {
        bail!("this needs a terminal; `gavel queues` and `gavel workers` print once");
    }
    // An address that is wrong is told before the screen is taken.
    let first = Sample::take(&client).await?;
    let terminal = ratatui::try_init()?;
    let outcome = follow(terminal, &client, first).await;
    ratatui::try_restore()?;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// What happens next.
enum Next {
    Look,
    Redraw,
    Quit,
}

async fn follow(mut terminal: DefaultTerminal, client: &Client, first: Sample) -> anyhow::Result<()> {
    let mut view = View::new(client.url().as_str(), first);
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut keys = EventStream::new();
    loop {
        terminal.draw(|frame| screen::draw(frame, &view))?;
        let next = tokio::select! {
            _ = ticks.tick() => Next::Look,
            event = keys.next() => match event {
                Some(event) => pressed(&event?),
                None => Next::Quit,
            },
        };
        match next {
            Next::Look => match Sample::take(client).await {
                Ok(sample) => view.follow(sample),
                Err(error) => view.fail(&error),
            },
            Next::Redraw => {}
            Next::Quit => return Ok(()),
        }
    }
}

fn pressed(event: &Event) -> Next {
    let Event::Key(key) = event else { return Next::Redraw };
    let interrupts = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c');
    if interrupts || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc) {
        Next::Quit
    } else {
        Next::Redraw
    }
}
