//! Gavel's HTTP service: takes submissions, keeps them, hands them to the queue, and tells their results.

pub mod auth;
mod callback;
mod cancel;
mod dead;
pub mod error;
mod fleet;
mod handover;
mod health;
mod housekeeping;
mod http;
mod intake;
mod judging;
mod letters;
mod memory;
mod metrics;
mod openapi;
mod peer;
mod principal;
mod problems;
mod published;
mod rate;
mod results;
mod router;
mod routes;
mod server;
mod settings;
mod state;
pub mod store;
mod survey;
mod updates;
mod webhooks;

pub use metrics::{ApiMetrics, DropReason, SloOutcome, WebhookOutcome};
pub use router::openapi;
pub use routes::v1::keys::KeyView;
pub use server::{ApiParts, RunParts, ServeError, run, serve};
pub use settings::{ApiConfig, ApiSettings, SloConfig, StoreConfig, WebhooksConfig};
