//! What it costs to give each submission containers of its own.

use super::Bench;
use super::figure::Figure;
use super::own::Own;
use super::progress::Steps;
use super::throughput::{figures_of, load};
use crate::samples::TINY;

const NAME: &str = "reuse";

/// Tiny Python programs in a container each, and as they are set to be.
pub async fn measure(bench: &Bench<'_>, steps: &Steps) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (what, settings) in [("a container each", vec![("sandbox.uses", "1")]), ("as they are", vec![])] {
        let own = Own::start(bench.settings, &settings).await?;
        let loaded = load(&own, &[TINY], bench, steps).await?;
        own.stop().await?;
        figures.extend(figures_of(NAME, what, &loaded, None));
    }
    Ok(figures)
}
