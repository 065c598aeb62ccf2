//! The settings of the API, and those that it shares with workers.

mod api;
mod doors;
mod live;
mod slo;
mod unavailable;
mod webhooks;

pub use api::{ANY_ORIGIN, ApiConfig, BODY_COPIES, large_body_memory};
pub use live::LiveConfig;
pub use slo::SloConfig;
pub use unavailable::IfUnavailable;
pub use webhooks::WebhooksConfig;

pub use crate::store::StoreConfig;

use gavel_blobs::BlobConfig;
use gavel_model::LimitsPolicy;
use gavel_model::language::LanguagesConfig;

/// Everything the API reads of the settings.
#[derive(Clone, Debug, Default)]
pub struct ApiSettings {
    /// Which languages there are.
    pub languages: LanguagesConfig,
    /// Defaults and maxima of a submission's limits.
    pub limits: LimitsPolicy,
    /// Where large bytes are kept.
    pub blobs: BlobConfig,
    /// Where submissions and results are kept.
    pub store: StoreConfig,
    /// The HTTP service.
    pub api: ApiConfig,
    /// How clients are called.
    pub webhooks: WebhooksConfig,
}
