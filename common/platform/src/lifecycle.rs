//! The life of a process: settings, logging, work, drain, end.

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::telemetry::trace::Export;
use crate::telemetry::{LogConfig, Registry, init_logging};

/// The exit code of wrong settings: `EX_USAGE` of sysexits.h.
pub const EX_USAGE: u8 = 64;
/// The exit code of a second signal, as a shell reports SIGINT.
pub const INTERRUPTED: u8 = 130;
/// How long background tasks may take once the work is over.
const LAST_TASKS: Duration = Duration::from_secs(10);

/// What every part of a process shares.
#[derive(Clone)]
pub struct Process {
    /// What is measured.
    pub registry: Registry,
    /// Owns every task.
    pub tasks: TaskTracker,
    /// Cancelled at the first signal.
    pub shutdown: CancellationToken,
}

impl Process {
    /// Sets up logging; before this nothing is opened and no port is bound.
    ///
    /// # Errors
    /// The exit code, after the reason was printed.
    pub fn begin(log: &LogConfig) -> Result<Self, ExitCode> {
        let registry = Registry::of_process().map_err(|error| refuse(&error))?;
        Self::begin_with(log, registry, None)
    }

    /// [`Process::begin`], with metrics that are registered already, and traces that are exported.
    ///
    /// # Errors
    /// The exit code, after the reason was printed.
    pub fn begin_with(
        log: &LogConfig,
        registry: Registry,
        export: Option<&Export>,
    ) -> Result<Self, ExitCode> {
        init_logging(log, export).map_err(|error| refuse(&error))?;
        raise_descriptors();
        Ok(Self { registry, ..Self::quiet() })
    }

    /// A process that says nothing: of a test, or of a tool with a screen of its own.
    #[must_use]
    pub fn quiet() -> Self {
        Self { registry: Registry::default(), tasks: TaskTracker::new(), shutdown: CancellationToken::new() }
    }

    /// Does the work until it ends by itself or, after a signal, has drained; a second signal ends it at once.
    pub async fn run<E: std::error::Error>(self, work: impl Future<Output = Result<(), E>>) -> ExitCode {
        let outcome = tokio::select! {
            outcome = work => outcome,
            heard = signals(self.shutdown.clone()) => {
                if let Err(error) = heard {
                    tracing::error!(%error, "signals cannot be listened to");
                }
                return ExitCode::from(INTERRUPTED);
            }
        };
        self.shutdown.cancel();
        self.tasks.close();
        if tokio::time::timeout(LAST_TASKS, self.tasks.wait()).await.is_err() {
            tracing::warn!(tasks = self.tasks.len(), "background tasks did not end in time");
        }
        match outcome {
            Ok(()) => {
                tracing::info!("ended");
                ExitCode::SUCCESS
            }
            Err(error) => {
                tracing::error!(error = chain(&error), "ended by a fault");
                ExitCode::FAILURE
            }
        }
    }
}

/// Lets the process have as many descriptors as it is allowed to: the usual 1024 are fewer than the connections that it
/// may take.
fn raise_descriptors() {
    let allowed = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: allowed.maximum, ..allowed };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files cannot be raised");
    }
}

/// Prints why a process cannot begin.
pub fn refuse(error: &dyn std::error::Error) -> ExitCode {
    // Nothing else can be done when standard error is closed.
    use std::io::Write as _;
    writeln!(std::io::stderr(), "gavel: {}", chain(error)).ok();
    ExitCode::from(EX_USAGE)
}

/// An error and all it comes from, in one line.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// Cancels `shutdown` at the first SIGTERM or SIGINT; returns at the second.
async fn signals(shutdown: CancellationToken) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    for first in [true, false] {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        if first {
            tracing::info!(signal = name, "shutting down; once more ends at once");
            shutdown.cancel();
        }
    }
    Ok(())
}
