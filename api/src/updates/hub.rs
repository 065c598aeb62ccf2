//! The hub: who follows what.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gavel_model::SubmissionId;
use prometheus::Gauge;
use tokio::sync::watch;

use super::{Follow, Update};

/// The newest update of one submission, and how many follow it.
struct Topic {
    newest: watch::Sender<Option<Update>>,
    followers: usize,
}

/// Who follows which submission. Cloning shares it.
#[derive(Clone)]
pub struct Updates {
    topics: Arc<Mutex<HashMap<SubmissionId, Topic>>>,
    following: Gauge,
}

impl Updates {
    /// A hub that nobody listens to yet; the gauge shows how many do.
    #[must_use]
    pub fn new(following: Gauge) -> Self {
        Self { topics: Arc::default(), following }
    }

    /// Begins to follow a submission. To miss nothing, begin before it is published, or before looking into the store.
    #[must_use]
    pub fn follow(&self, id: SubmissionId) -> Follow {
        let mut topics = self.topics();
        let topic =
            topics.entry(id).or_insert_with(|| Topic { newest: watch::Sender::new(None), followers: 0 });
        topic.followers += 1;
        let mut receiver = topic.newest.subscribe();
        // What is known by now is news to this follower.
        receiver.mark_changed();
        self.following.inc();
        Follow::new(id, receiver, self.clone())
    }

    /// Tells everybody who follows a submission. One that follows slowly sees the newest update only; one that was
    /// told out of order is dropped.
    pub fn tell(&self, id: SubmissionId, update: Update) {
        if let Some(topic) = self.topics().get(&id) {
            topic.newest.send_if_modified(|newest| {
                let news = update.follows(newest.as_ref());
                if news {
                    *newest = Some(update);
                }
                news
            });
        }
    }

    /// One follower less; the last one takes the topic along.
    pub(super) fn leave(&self, id: SubmissionId) {
        self.following.dec();
        let mut topics = self.topics();
        if let Some(topic) = topics.get_mut(&id) {
            topic.followers -= 1;
            if topic.followers == 0 {
                topics.remove(&id);
            }
        }
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<SubmissionId, Topic>> {
        // A panic while holding it cannot leave the map half changed.
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use gavel_model::{JudgeResult, Lane, SubmissionRef};

    fn hub() -> Updates {
        Updates::new(Gauge::new("following", "following").unwrap())
    }

    fn done(id: SubmissionId, attempt: u32) -> Update {
        let of = SubmissionRef {
            id,
            lane: Lane::Practice,
            language: "c",
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        Update::Done(Arc::new(JudgeResult::judge_error(of, "", attempt, "for a test".to_owned())))
    }

    #[tokio::test]
    async fn a_follower_sees_the_newest_update_and_then_waits_for_the_next() {
        let (hub, id) = (hub(), SubmissionId::new());
        let mut follow = hub.follow(id);
        assert!(follow.next().now_or_never().is_none(), "nothing happened yet");
        hub.tell(id, Update::Queued);
        assert_eq!(follow.next().await, Update::Queued);
        assert!(follow.next().now_or_never().is_none(), "it was told once");
        hub.tell(id, Update::Queued);
        assert!(follow.next().now_or_never().is_none(), "that is no news");
        let done = done(id, 1);
        hub.tell(id, done.clone());
        assert_eq!(follow.next().await, done);
    }

    #[tokio::test]
    async fn a_submission_never_goes_back_and_its_first_result_stays() {
        let (hub, id) = (hub(), SubmissionId::new());
        let mut follow = hub.follow(id);
        hub.tell(id, done(id, 1));
        hub.tell(id, done(id, 2));
        hub.tell(id, Update::Queued);
        assert_eq!(follow.result().await.attempt, 1);
    }

    #[tokio::test]
    async fn who_comes_after_an_update_sees_it_as_long_as_somebody_else_follows() {
        let (hub, id) = (hub(), SubmissionId::new());
        let _first = hub.follow(id);
        hub.tell(id, done(id, 1));
        assert_eq!(hub.follow(id).result().await.id, id);
    }

    #[tokio::test]
    async fn nothing_is_kept_for_nobody() {
        let (hub, id) = (hub(), SubmissionId::new());
        hub.tell(id, done(id, 1));
        assert!(hub.topics().is_empty());
        let (first, second) = (hub.follow(id), hub.follow(id));
        let other = hub.follow(SubmissionId::new());
        assert_eq!((hub.following.get(), hub.topics().len()), (3.0, 2));
        drop((first, second));
        assert_eq!((hub.following.get(), hub.topics().len()), (1.0, 1));
        drop(other);
        assert!(hub.topics().is_empty());
    }

    /// Followers come and go on many threads while results are told: each that came before sees its result, and when
    /// all have gone the hub holds nothing.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_thousands_who_wait_each_is_woken_and_nothing_is_left_behind() {
        let hub = hub();
        let ids: Vec<_> = (0..50).map(|_| SubmissionId::new()).collect();
        let mut tasks = tokio::task::JoinSet::new();
        for id in ids.iter().copied().cycle().take(5_000) {
            let mut follow = hub.follow(id);
            tasks.spawn(async move { follow.result().await.id == id });
            // Somebody who loses patience at once, beside those who wait.
            let impatient = hub.clone();
            tasks.spawn(async move {
                drop(impatient.follow(id));
                true
            });
        }
        for id in ids.iter().copied() {
            let hub = hub.clone();
            tasks.spawn(async move {
                hub.tell(id, Update::Queued);
                hub.tell(id, done(id, 1));
                true
            });
        }
        let all = tokio::time::timeout(std::time::Duration::from_secs(60), tasks.join_all());
        assert!(all.await.expect("everybody is woken").into_iter().all(|right| right));
        assert_eq!((hub.following.get(), hub.topics().len()), (0.0, 0));
    }
}
