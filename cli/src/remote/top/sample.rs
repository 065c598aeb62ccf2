//! What is known of the service at a moment, and what follows from two of them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use gavel_client::{Client, ClientError, Queues, Worker};
use gavel_model::Lane;
use jiff::Timestamp;

use super::metrics::{Results, results};

/// Over how many looks a rate is taken: about as many seconds.
const LOOKS: usize = 10;

/// One look.
#[derive(Clone, Debug)]
pub struct Sample {
    /// When it was taken.
    pub at: Timestamp,
    taken: Instant,
    /// What waits.
    pub queues: Queues,
    /// Who judges.
    pub workers: Vec<Worker>,
    results: Results,
}

impl Sample {
    /// Looks.
    pub async fn take(client: &Client) -> Result<Self, ClientError> {
        let (queues, workers, metrics) =
            tokio::try_join!(client.queues(), client.workers(), client.metrics())?;
        Ok(Self::new(queues, workers, results(&metrics)))
    }

    pub(super) fn new(queues: Queues, workers: Vec<Worker>, results: Results) -> Self {
        Self { at: Timestamp::now(), taken: Instant::now(), queues, workers, results }
    }

    #[cfg(test)]
    pub fn later(&self, by: Duration, results: Results) -> Self {
        Self { taken: self.taken + by, results, ..self.clone() }
    }
}

/// What is on the screen.
pub struct View {
    /// Where the service is.
    pub url: String,
    /// Why the last look came to nothing.
    pub trouble: Option<String>,
    /// The last looks that came to something; never empty.
    looks: VecDeque<Sample>,
    last: Sample,
}

impl View {
    /// After the first look.
    pub fn new(url: &str, first: Sample) -> Self {
        Self { url: url.to_owned(), trouble: None, looks: VecDeque::from([first.clone()]), last: first }
    }

    /// After another one.
    pub fn follow(&mut self, sample: Sample) {
        self.trouble = None;
        self.last = sample.clone();
        self.looks.push_back(sample);
        if self.looks.len() > LOOKS {
            self.looks.pop_front();
        }
    }

    /// After one that came to nothing: what was seen last stays.
    pub fn fail(&mut self, error: &ClientError) {
        self.trouble = Some(error.to_string());
    }

    /// What was seen last.
    pub const fn last(&self) -> &Sample {
        &self.last
    }

    /// Results a second of a lane by verdict, of those verdicts that came lately, most first; none before the second look.
    pub fn rates(&self, lane: Lane) -> Vec<(String, f64)> {
        let Some(first) = self.looks.front() else { return Vec::new() };
        let seconds = self.last.taken.duration_since(first.taken).as_secs_f64();
        if seconds <= 0.0 {
            return Vec::new();
        }
        let of_lane = self.last.results.iter().filter(|((of, _), _)| of == lane.as_str());
        let mut rates: Vec<(String, f64)> = of_lane
            .map(|(key, now)| {
                let before = first.results.get(key).copied().unwrap_or_default();
                // A service that began anew counts from 0.
                (key.1.clone(), if *now < before { *now } else { now - before } / seconds)
            })
            .filter(|(_, rate)| *rate > 0.0)
            .collect();
        rates.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        rates
    }

    /// How long a lane's backlog takes at this rate; none where nothing is judged or nothing waits.
    pub fn drain(&self, lane: Lane) -> Option<Duration> {
        let rate: f64 = self.rates(lane).iter().map(|(_, rate)| rate).sum();
        let waiting = self.last.queues.queues.iter().find(|queue| queue.lane == lane)?.unfinished;
        (rate > 0.0 && waiting > 0).then(|| Duration::from_secs_f64(f64::from(waiting) / rate))
    }
}
