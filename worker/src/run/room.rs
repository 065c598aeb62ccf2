//! Room for the files that stand for standard input and output.

use super::plan::TestSpec;
use crate::container::ContainerError;
use crate::pool::{CustomShape, Kind, Lease, Needs, Sandboxes};
use crate::settings::SandboxConfig;

/// What the working directory of a run must have room for, where that is more than sandboxes have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its size, in MiB.
    pub work_mb: u64,
    /// What of that is input, in MiB: not the program's to pay for.
    pub input_mb: u64,
}

/// Beside input and output there are the program's own files.
const SPARE_MB: u64 = 16;
const MIB: u64 = 1024 * 1024;

impl Room {
    /// The room that these tests need, if it is more than there is in any sandbox.
    pub async fn of(tests: &[TestSpec], output_bytes: u64, config: &SandboxConfig) -> Option<Self> {
        let mut input = 0;
        for test in tests.iter().filter(|test| test.file_io.input_file.is_some()) {
            // One that cannot be looked at is told of when it is put.
            input = input.max(test.input.size().await.unwrap_or(0));
        }
        let input_mb = input.div_ceil(MIB);
        let leaves = tests.iter().any(|test| test.file_io.output_file.is_some());
        let output_mb = if leaves { output_bytes.div_ceil(MIB) } else { 0 };
        let work_mb = input_mb + output_mb + SPARE_MB;
        (work_mb > config.work_mb).then_some(Self { work_mb, input_mb })
    }
}

/// A sandbox for a run: a warm one, unless it needs more room than those have.
///
/// # Errors
/// As [`Sandboxes::lease`].
pub async fn lease(
    sandboxes: &Sandboxes,
    kind: &Kind,
    needs: Needs,
    room: Option<Room>,
) -> Result<Lease, ContainerError> {
    let Some(room) = room else { return sandboxes.lease(kind, needs).await };
    let needs = Needs { memory_mb: needs.memory_mb + room.input_mb, ..needs };
    let shape = CustomShape { work_mb: Some(room.work_mb), ..CustomShape::default() };
    sandboxes.start_custom(kind, needs, shape).await
}
