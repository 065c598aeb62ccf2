//! The last steps of one submission.

use std::collections::VecDeque;
use std::sync::Arc;

use gavel_model::{JudgeResult, JudgingEvent};

use super::{News, Position};

/// How many steps are kept of a submission, each of a few hundred bytes. A follower that is further behind is told the
/// newest one instead of those that are gone.
pub(super) const KEPT: usize = 128;

/// The last steps of a submission, and its end.
#[derive(Default)]
pub(super) struct Log {
    steps: VecDeque<Arc<JudgingEvent>>,
    /// The newest step that was kept and is gone.
    gone: Position,
    done: Option<Arc<JudgeResult>>,
}

impl Log {
    /// Adds a step; false when it is no news, since it comes late or twice.
    pub(super) fn add(&mut self, event: JudgingEvent) -> bool {
        let news = self.done.is_none() && Position::of(&event) > self.end();
        if news {
            self.steps.push_back(Arc::new(event));
            if self.steps.len() > KEPT
                && let Some(oldest) = self.steps.pop_front()
            {
                self.gone = Position::of(&oldest);
            }
        }
        news
    }

    /// Adds the end; false when there is one, which stays.
    pub(super) fn finish(&mut self, result: &Arc<JudgeResult>) -> bool {
        let first = self.done.is_none();
        if first {
            self.done = Some(Arc::clone(result));
        }
        first
    }

    pub(super) fn done(&self) -> Option<&Arc<JudgeResult>> {
        self.done.as_ref()
    }

    pub(super) fn newest(&self) -> Option<&Arc<JudgingEvent>> {
        self.steps.back()
    }

    /// Whether everything after a place is here, and the place itself was reached: as far as is known here, a follower
    /// that has seen as much misses nothing.
    pub(super) fn continues(&self, seen: Position) -> bool {
        self.gone <= seen && self.newest().is_some_and(|newest| seen <= Position::of(newest))
    }

    /// What came after a place, if anything did.
    pub(super) fn after(&self, seen: Position) -> Option<News> {
        if seen < self.gone {
            return self.newest().cloned().map(News::Missed);
        }
        let steps: Vec<_> = self.steps.iter().filter(|step| Position::of(step) > seen).cloned().collect();
        match &self.done {
            _ if !steps.is_empty() => Some(News::Steps(steps)),
            Some(result) => Some(News::Done(Arc::clone(result))),
            None => None,
        }
    }

    fn end(&self) -> Position {
        self.newest().map_or(self.gone, |newest| Position::of(newest))
    }
}
