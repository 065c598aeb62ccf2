//! Judging one example submission.

use gavel_worker::Fault;
use gavel_worker::compile::Program;
use gavel_worker::judge::{Case, Findings, Step};
use gavel_worker::slots::Slot;

use crate::progress::Event;
use crate::site::Site;

/// Judges a submission with this limit.
pub(crate) async fn examine(
    site: &Site,
    index: usize,
    program: Program,
    limit_ms: u64,
    all_tests: bool,
    slot: &Slot,
) -> Result<Findings, Fault> {
    run_case(site, index, &case_of(site, program, limit_ms, all_tests), slot).await
}

pub(crate) fn case_of(site: &Site, program: Program, limit_ms: u64, all_tests: bool) -> Case<'_> {
    let mut case = Case::of_package(&site.package, program, site.host.judge.limits(), limit_ms);
    case.all_tests = all_tests;
    case
}

/// Judges a case, and tells whoever watches.
pub(crate) async fn run_case(
    site: &Site,
    index: usize,
    case: &Case<'_>,
    slot: &Slot,
) -> Result<Findings, Fault> {
    let submission = site.example(index).name.as_str();
    site.note(Event::Started { submission, tests: case.tests.len() });
    let mut progress = |step: Step<'_>| {
        if let Step::Tested(test) = step {
            site.note(Event::Tested { submission, test });
        }
    };
    site.host.judge.examine(case, slot, &mut progress).await
}
