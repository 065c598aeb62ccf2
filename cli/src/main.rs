//! `gavel`

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    gavel::main().await
}
