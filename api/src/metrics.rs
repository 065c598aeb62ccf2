//! What the API measures.

use axum::extract::MatchedPath;
use axum::http::StatusCode;
use gavel_model::language::{LanguageLabel, Languages};
use gavel_model::{Lane, LiveEnd, Verdict};

use crate::settings::SloConfig;
use crate::store::{StoreKind, TryOutcome};

gavel_platform::metrics! {
    /// What the API measures.
    pub struct ApiMetrics {
        counter http_requests(route: &RouteLabel, status: &StatusLabel) = "gavel_http_requests_total", "HTTP answers, by the route's pattern";
        counter results(lane: Lane, language: &LanguageLabel, verdict: Verdict) = "gavel_results_total", "Final results stored, the first of each submission";
        counter results_duplicate() = "gavel_results_duplicate_total", "Final results after the first";
        counter results_canceled() = "gavel_results_canceled_total", "Final results of submissions that were canceled before";
        counter results_replaced() = "gavel_results_replaced_total", "Results that a rejudge put in the place of others";
        histogram publish_seconds(language: &LanguageLabel) = "gavel_publish_seconds", "From a result's end of judging to its arrival at the API";
        counter handed_over() = "gavel_handed_over_total", "Submissions that waited in the store and were then published";
        gauge handed_over_unfinished(lane: Lane) = "gavel_handed_over", "Submissions that are with the broker or a worker";
        histogram turnaround_seconds(lane: Lane) = "gavel_turnaround_seconds", "From acceptance until the result is stored";
        counter slo(lane: Lane, outcome: SloOutcome) = "gavel_slo_total", "Results by whether they came within their lane's target";
        gauge slo_target_seconds(lane: Lane) = "gavel_slo_target_seconds", "Within what time a lane's results should be stored";
        gauge unfinished(lane: Lane) = "gavel_unfinished", "Submissions without a result";
        gauge oldest_queued_seconds(lane: Lane) = "gavel_oldest_queued_seconds", "Age of the oldest unfinished submission";
        counter webhooks(outcome: WebhookOutcome) = "gavel_webhooks_total", "Calls of clients, by what came of each";
        counter forgotten() = "gavel_forgotten_total", "Final submissions that were kept as long as the settings say, and batches of them";
        counter refused(reason: RefusedFor) = "gavel_refused_total", "Submissions and batches turned away though nothing was wrong with them";
        counter dead_letters(fate: LetterFate) = "gavel_dead_letters_total", "Dead letters, by what became of them";
        counter blobs_removed() = "gavel_blobs_removed_total", "Blobs that nothing referred to, removed";
        counter blobs_removed_bytes() = "gavel_blobs_removed_bytes_total", "Their size";
        gauge workers(state: WorkerState) = "gavel_workers", "Workers that were heard of lately";
        gauge fleet_slots(state: SlotState) = "gavel_fleet_slots", "Slots of all workers that were heard of lately";
        gauge language_workers(language: &LanguageLabel) = "gavel_language_workers", "Workers that take submissions of a language";
        gauge store_connections(store: StoreKind, state: SlotState) = "gavel_store_connections", "Connections to the store";
        counter store_news_missed() = "gavel_store_news_missed_total", "Times that listening to what other processes store began, after which everything waited for is looked up";
        gauge live_sessions() = "gavel_live_sessions", "Programs that are run in a talk with their client, and those that wait for a worker";
        counter live_ended(reason: LiveEnd) = "gavel_live_ended_total", "Live runs that are over, by why";
        gauge connections() = "gavel_connections", "Connections that are open";
        counter connections_dropped(reason: DropReason) = "gavel_connections_dropped_total", "Connections ended or refused for want of room";
        gauge body_memory_free_bytes() = "gavel_body_memory_free_bytes", "What request bodies may still take of memory";
        gauge waiters() = "gavel_waiters", "Clients that wait for a result or follow events";
    }
}

impl ApiMetrics {
    /// Shows at 0 what alerts look at, since Prometheus sees growth only from a value that it has seen, and what lanes are
    /// promised.
    pub fn begin(&self, languages: &Languages, slo: &SloConfig) {
        for lane in Lane::ALL {
            self.slo_target_seconds(lane).set(slo.target(lane).as_secs_f64());
            for language in languages.iter() {
                let _shown = self.results(lane, &languages.label(&language.id), Verdict::Je);
            }
            for outcome in SloOutcome::ALL {
                let _shown = self.slo(lane, outcome);
            }
        }
        for reason in [DropReason::GaveWay, DropReason::Full] {
            let _shown = self.connections_dropped(reason);
        }
        for reason in [RefusedFor::Owner, RefusedFor::Pending, RefusedFor::NoWorker] {
            let _shown = self.refused(reason);
        }
        for reason in LiveEnd::ALL {
            let _shown = self.live_ended(reason);
        }
        for fate in [LetterFate::Arrived, LetterFate::Replayed, LetterFate::Purged] {
            let _shown = self.dead_letters(fate);
        }
    }
}

/// Why something was turned away though nothing was wrong with it.
#[derive(Clone, Copy, Debug)]
pub enum RefusedFor {
    /// Its owner has sent too much.
    Owner,
    /// As much was in flight as may be.
    Pending,
    /// No worker takes its language.
    NoWorker,
}

impl RefusedFor {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Pending => "pending",
            Self::NoWorker => "no_worker",
        }
    }
}

/// What became of a dead letter.
#[derive(Clone, Copy, Debug)]
pub enum LetterFate {
    /// It came.
    Arrived,
    /// It was sent again.
    Replayed,
    /// It was thrown away.
    Purged,
}

impl LetterFate {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Replayed => "replayed",
            Self::Purged => "purged",
        }
    }
}

/// Why a connection was ended or refused.
#[derive(Clone, Copy, Debug)]
pub enum DropReason {
    /// It had no request in progress, and another one wanted its place.
    GaveWay,
    /// Every connection had a request in progress.
    Full,
}

impl DropReason {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GaveWay => "gave_way",
            Self::Full => "full",
        }
    }
}

/// What came of a call of a client.
#[derive(Clone, Copy, Debug)]
pub enum WebhookOutcome {
    /// It was taken.
    Delivered,
    /// It is made again later.
    Retried,
    /// It was given up.
    Failed,
}

impl WebhookOutcome {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retried => "retried",
            Self::Failed => "failed",
        }
    }
}

impl From<&TryOutcome> for WebhookOutcome {
    fn from(outcome: &TryOutcome) -> Self {
        match outcome {
            TryOutcome::Delivered => Self::Delivered,
            TryOutcome::Again(_) => Self::Retried,
            TryOutcome::Failed => Self::Failed,
        }
    }
}

/// A route by its pattern, never by its path.
pub struct RouteLabel(String);

impl RouteLabel {
    /// The pattern that matched, if one did.
    #[must_use]
    pub fn of(matched: Option<&MatchedPath>) -> Self {
        Self(matched.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned()))
    }

    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The status of an answer.
pub struct StatusLabel(pub StatusCode);

impl StatusLabel {
    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Whether a result came within its lane's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SloOutcome {
    /// It did.
    Met,
    /// It came later, or it says that the judge failed.
    Missed,
}

impl SloOutcome {
    /// Both.
    const ALL: [Self; 2] = [Self::Met, Self::Missed];

    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
        }
    }
}

/// What a worker is doing.
#[derive(Clone, Copy, Debug)]
pub enum WorkerState {
    /// It takes submissions.
    Ready,
    /// It finishes what it has, and ends.
    Draining,
    /// It takes nothing, since it cannot keep programs in.
    Unsound,
}

impl WorkerState {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Draining => "draining",
            Self::Unsound => "unsound",
        }
    }
}

/// What a slot of the fleet is doing.
#[derive(Clone, Copy, Debug)]
pub enum SlotState {
    /// A submission is judged on it.
    Busy,
    /// It waits for one; a draining worker has none.
    Free,
}

impl SlotState {
    /// The label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Free => "free",
        }
    }
}
