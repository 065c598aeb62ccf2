//! Trying out a sandbox.

use std::collections::BTreeMap;
use std::time::Duration;

use gavel_runner::{Ending, Outcome, Stdout};

use super::calibration;
use super::evidence::{Absent, absent};
use crate::container::{ContainerError, Engine, Purpose, SandboxSpec};
use crate::protection::Protection;
use crate::sandbox::{Head, Input, Job, Sandbox, SandboxError};

/// What a sandbox that is tried out may have: little, so that all of it is soon taken.
const MEMORY_MB: u64 = 96;
const PROCESSES: u64 = 16;
const PLACES_MB: u64 = 16;

const SCRIPT: &str = include_str!("probe.sh");
/// More processes than there may be, told at the end.
const MANY: &str = "i=0; while [ $i -lt 64 ]; do sleep 30 & i=$((i+1)); done; echo all";
/// More memory than there may be: without a line end, `tail` must keep what it reads.
const MUCH: &str = "head -c 268435456 /dev/zero | tail >/dev/null";

/// Tries out what keeps programs in.
#[derive(Clone)]
pub struct Probe {
    engine: Engine,
    spec: SandboxSpec,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The protections that are not there, none where all is well.
    pub absent: Vec<Absent>,
    /// Counters of the kernel that cannot be read in a sandbox. Judging goes on without them: docs/OPERATIONS.md says
    /// what is less exact then.
    pub unreadable: Vec<&'static str>,
    /// How fast a core is, 1 being the reference of docs/OPERATIONS.md; nothing where it could not be measured.
    pub calibration: Option<f64>,
}

impl Found {
    /// What is missing, in one line; nothing where all is there.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let told: Vec<String> = self.absent.iter().map(ToString::to_string).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

impl Probe {
    /// In sandboxes like one of these that programs run in, but for their size, and for the runner's status, which is
    /// covered there; nothing where there is none.
    #[must_use]
    pub fn among<'a>(engine: Engine, specs: impl Iterator<Item = &'a SandboxSpec>) -> Option<Self> {
        let like = specs.filter(|spec| spec.purpose == Purpose::Run).min_by_key(|spec| &spec.image)?;
        let spec = SandboxSpec {
            memory_mb: MEMORY_MB,
            processes: PROCESSES,
            tmp_mb: PLACES_MB,
            work_mb: PLACES_MB,
            shows_runner: true,
            ..like.clone()
        };
        Some(Self { engine, spec })
    }

    /// Starts a sandbox, tries everything, and destroys it.
    ///
    /// # Errors
    /// When there is no sandbox to be had, or it fails in a way that is no program's doing.
    pub async fn try_out(&self) -> Result<Found, ContainerError> {
        let mut sandbox = self.engine.start(&self.spec).await?;
        let (seen, said) = run(&mut sandbox, SCRIPT).await?;
        let calibration = calibration::measured(&mut sandbox).await?;
        let mut found = Found { absent: absent(&said), unreadable: unreadable(&seen), calibration };
        let (_, said) = run(&mut sandbox, MANY).await?;
        if said.lines().any(|line| line == "all") {
            let why = format!("64 processes could be started where {PROCESSES} are allowed");
            found.absent.push(Absent { protection: Protection::Processes, why });
        }
        // The last one: it may take the sandbox with it.
        match run(&mut sandbox, MUCH).await {
            Ok((outcome, _)) if outcome.ending == Ending::Code(0) => {
                let why = format!("256 MiB could be held where {MEMORY_MB} are allowed");
                found.absent.push(Absent { protection: Protection::Memory, why });
            }
            Ok(_) | Err(SandboxError::OutOfMemory) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(found)
    }
}

fn unreadable(outcome: &Outcome) -> Vec<&'static str> {
    let counters = [
        ("CPU time of the control group", outcome.cgroup_cpu_us.is_some()),
        ("kills for memory", outcome.oom_kills.is_some()),
        ("waits for a core", outcome.waited_us.is_some()),
    ];
    counters.into_iter().filter_map(|(name, readable)| (!readable).then_some(name)).collect()
}

/// Runs a script of the shell, and keeps what it says.
pub(super) async fn run(sandbox: &mut Sandbox, script: &str) -> Result<(Outcome, String), SandboxError> {
    let job = Job {
        argv: ["/bin/sh", "-c", script].map(str::to_owned).into(),
        env: BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
        cwd: "/app/work",
        stdout: Stdout::Stream,
        cpu: Duration::from_secs(10),
        wall: Duration::from_secs(20),
        // What the sandbox has: it is the kernel's limit that is tried out, not the runner's.
        memory: u64::MAX,
        stdout_limit: LONGEST as u64,
        stderr_limit: LONGEST as u64,
        stderr_forward: LONGEST as u64,
        stack: 8 * 1024 * 1024,
        address_space: None,
        file: u64::MAX,
        cores: Vec::new(),
    };
    let mut said = Head::new(LONGEST);
    let outcome = sandbox.run(&job, &Input::Empty, &mut said).await?;
    Ok((outcome, said.text()))
}

/// Much more than the script says.
const LONGEST: usize = 256 * 1024;
