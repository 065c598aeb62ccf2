//! The compile step of a case, which may wait for a run that did not end well.

use std::time::{Duration, Instant};

use gavel_model::CompileReport;

use crate::compile::{Compiled, Compiler, Workplace};
use crate::fault::Fault;
use crate::run::Bench;

/// What is known of a case's compile step.
pub(super) struct CompileStep<'a> {
    compiler: &'a Compiler,
    /// Its check waits: nothing has shown yet that the program is one.
    unchecked: bool,
    /// What it said, if it was made.
    pub(super) report: Option<CompileReport>,
    /// How long the check that waited took.
    pub(super) took: Duration,
}

impl<'a> CompileStep<'a> {
    pub(super) const fn new(compiler: &'a Compiler, report: Option<CompileReport>, unchecked: bool) -> Self {
        Self { compiler, unchecked, report, took: Duration::ZERO }
    }

    /// Whether the program turns out to be none, asked after each test. A run that ended well, of whatever test, has
    /// answered that; else the check is made now.
    pub(super) async fn refuses(&mut self, bench: &mut Bench<'_>) -> Result<bool, Fault> {
        if !std::mem::take(&mut self.unchecked) || bench.ended_well {
            return Ok(false);
        }
        let begin = Instant::now();
        let compiled = self.check(bench).await?;
        self.took = begin.elapsed();
        Ok(match compiled {
            Compiled::Ready { report, .. } => {
                self.report = report;
                false
            }
            Compiled::Failed(report) => {
                self.report = Some(report);
                true
            }
        })
    }

    async fn check(&self, bench: &mut Bench<'_>) -> Result<Compiled, Fault> {
        let at = Workplace { sandboxes: bench.sandboxes, cores: bench.cores };
        if let Some(mut sandbox) = bench.sandbox.take() {
            let compiled = self.compiler.check(bench.program, &mut sandbox, at).await;
            // What the run left may have spoilt it; a new one has nothing of it.
            if !matches!(compiled, Err(Fault::Sandbox(_))) {
                bench.sandbox = Some(sandbox);
                return compiled;
            }
        }
        let mut sandbox = bench.load().await?;
        let compiled = self.compiler.check(bench.program, &mut sandbox, at).await;
        bench.sandbox = Some(sandbox);
        compiled
    }
}
