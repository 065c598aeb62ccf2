//! The line between a talk and its worker: what waits, what is under way, and whether anybody is there.

use std::collections::VecDeque;

use gavel_broker::LiveSender;
use gavel_model::{LIVE_CHUNK, LiveBytes, LiveInput};
use tokio::time::Instant;

/// The most bytes of a frame to the worker: a quarter of what may be under way.
const PIECE: usize = LIVE_CHUNK / 4;

/// The line to the worker.
pub(super) struct Line {
    sender: LiveSender<LiveInput>,
    /// What the client said that waits, and what that costs.
    held: VecDeque<LiveInput>,
    pub(super) held_cost: u64,
    /// What input costs that the program has not taken.
    pub(super) under_way: u64,
    pub(super) begun: bool,
    pub(super) opened: Instant,
    pub(super) heard: Instant,
    /// Since when the worker takes nothing more.
    pub(super) unreachable: Option<Instant>,
}

impl Line {
    /// To a worker that may yet come.
    pub(super) fn new(sender: LiveSender<LiveInput>) -> Self {
        let now = Instant::now();
        Self {
            sender,
            held: VecDeque::new(),
            held_cost: 0,
            under_way: 0,
            begun: false,
            opened: now,
            heard: now,
            unreachable: None,
        }
    }

    /// Takes what the client said. A signal goes before input that waits.
    pub(super) async fn take(&mut self, input: LiveInput) {
        match input {
            LiveInput::Data { data } => {
                for piece in data.0.chunks(PIECE) {
                    self.hold(LiveInput::Data { data: LiveBytes(piece.to_vec()) });
                }
            }
            LiveInput::Signal { .. } if self.begun => return self.send(&input).await,
            input => self.hold(input),
        }
        self.flush().await;
    }

    fn hold(&mut self, input: LiveInput) {
        self.held_cost += cost(&input);
        self.held.push_back(input);
    }

    /// Sends what the window has room for.
    pub(super) async fn flush(&mut self) {
        while self.begun
            && let Some(input) = self.held.pop_front()
        {
            let cost = cost(&input);
            if let LiveInput::Data { .. } = &input {
                if self.under_way + cost > LIVE_CHUNK as u64 {
                    return self.held.push_front(input);
                }
                self.under_way += cost;
            }
            self.held_cost -= cost;
            self.send(&input).await;
        }
    }

    /// Sends a frame, while the worker takes any.
    pub(super) async fn send(&mut self, input: &LiveInput) {
        if self.unreachable.is_none() && self.sender.send(input).await.is_err() {
            self.unreachable = Some(Instant::now());
        }
    }
}

/// What a frame that waits is counted as: one without data as an empty one.
fn cost(input: &LiveInput) -> u64 {
    match input {
        LiveInput::Data { data } => data.cost(),
        _ => LiveBytes::default().cost(),
    }
}
