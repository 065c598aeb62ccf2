//! `gavel`

use std::process::ExitCode;

/// Gives large pieces back to the system as soon as they are free. The C library's own keeps them, up to 64 MiB for each of
/// its arenas: a service that has read large requests would stay large.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    gavel::main().await
}
