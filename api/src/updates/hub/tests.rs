//! Followers that come, go and come back.

use super::*;
use crate::updates::log::KEPT;
use crate::updates::{News, Position};
use futures_util::FutureExt as _;
use gavel_model::{Lane, SubmissionRef};

fn hub() -> Updates {
    Updates::new(Gauge::new("following", "following").unwrap(), tokio::sync::mpsc::channel(1).0)
}

fn result(id: SubmissionId, attempt: u32) -> Arc<JudgeResult> {
    let created_at = jiff::Timestamp::UNIX_EPOCH;
    let of = SubmissionRef { id, lane: Lane::Practice, language: "c", created_at };
    Arc::new(JudgeResult::judge_error(of, "", attempt, "for a test".to_owned()))
}

fn step(id: SubmissionId, attempt: u32, number: u32) -> JudgingEvent {
    JudgingEvent { id, attempt, number, worker: "w1".to_owned(), step: JudgingStep::Compiling }
}

/// What has come after a place by now: attempt and number of each step.
fn steps(follow: &mut Follow, seen: Position) -> Vec<(u32, u32)> {
    match follow.after(seen).now_or_never() {
        Some(News::Steps(steps)) => steps.iter().map(|step| (step.attempt, step.number)).collect(),
        None => Vec::new(),
        Some(other) => panic!("{other:?}"),
    }
}

fn left(hub: &Updates) -> usize {
    hub.topics().followed.len()
}

#[tokio::test]
async fn a_follower_sees_every_step_in_its_order_and_then_the_end() {
    let (hub, id) = (hub(), SubmissionId::new());
    let mut follow = hub.follow(id);
    assert_eq!(steps(&mut follow, Position::BEGIN), []);
    for (attempt, number) in [(1, 1), (1, 2), (1, 4), (2, 1)] {
        hub.step(step(id, attempt, number));
    }
    // What comes late or twice is no news; nor is what only a later version understands.
    for (attempt, number) in [(1, 3), (2, 1), (1, 5)] {
        hub.step(step(id, attempt, number));
    }
    hub.step(JudgingEvent { step: JudgingStep::Unknown, ..step(id, 3, 1) });
    assert_eq!(steps(&mut follow, Position::BEGIN), [(1, 1), (1, 2), (1, 4), (2, 1)]);
    assert_eq!(steps(&mut follow, Position::of(&step(id, 1, 2))), [(1, 4), (2, 1)]);
    hub.done(&result(id, 1));
    hub.done(&result(id, 2));
    hub.step(step(id, 2, 2));
    let end = Position::of(&step(id, 2, 1));
    assert!(matches!(follow.after(end).now_or_never(), Some(News::Done(_))), "after the last step");
    assert_eq!(follow.result().await.attempt, 1, "the first one stays");
}

#[tokio::test]
async fn a_follower_that_is_too_slow_is_told_the_newest_step_instead_of_those_that_are_gone() {
    let (hub, id) = (hub(), SubmissionId::new());
    let mut follow = hub.follow(id);
    let most = u32::try_from(KEPT).unwrap();
    for number in 1..=most + 10 {
        hub.step(step(id, 1, number));
    }
    let newest = step(id, 1, most + 10);
    let missed = follow.after(Position::of(&step(id, 1, 9))).now_or_never();
    assert_eq!(missed, Some(News::Missed(Arc::new(newest.clone()))));
    assert!(!follow.continues(Position::of(&step(id, 1, 9))));
    assert!(follow.continues(Position::of(&step(id, 1, 10))) && follow.continues(Position::of(&newest)));
    assert_eq!(steps(&mut follow, Position::of(&step(id, 1, 10))).len(), KEPT);
    assert!(!follow.continues(Position::of(&step(id, 1, most + 11))), "nobody has seen that");
}

#[tokio::test]
async fn who_comes_after_an_update_sees_it_as_long_as_somebody_else_follows() {
    let (hub, id) = (hub(), SubmissionId::new());
    let _first = hub.follow(id);
    hub.done(&result(id, 1));
    assert_eq!(hub.follow(id).result().await.id, id);
}

#[tokio::test]
async fn nothing_is_kept_for_nobody() {
    let (hub, id) = (hub(), SubmissionId::new());
    hub.step(step(id, 1, 1));
    hub.done(&result(id, 1));
    assert_eq!(left(&hub), 0);
    let (first, second) = (hub.follow(id), hub.follow_with_return(id));
    let other = hub.follow(SubmissionId::new());
    assert_eq!((hub.following.get(), left(&hub)), (3.0, 2));
    drop((first, second));
    assert_eq!((hub.following.get(), left(&hub)), (1.0, 1), "there was no step to come back for");
    drop(other);
    assert_eq!(left(&hub), 0);
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_in_time_goes_on_where_it_was() {
    let (hub, id) = (hub(), SubmissionId::new());
    let (_events, stream) = mpsc::channel(1);
    let end = CancellationToken::new();
    let relay = hub.clone().relay(stream, end.clone());
    let story = async {
        let follow = hub.follow_with_return(id);
        hub.step(step(id, 1, 1));
        drop(follow);
        hub.step(step(id, 1, 2));
        tokio::time::sleep(RETURN_WITHIN / 2).await;
        let mut back = hub.follow_with_return(id);
        let seen = Position::of(&step(id, 1, 1));
        assert!(back.continues(seen));
        assert_eq!(steps(&mut back, seen), [(1, 2)], "also what came in between");
        tokio::time::sleep(RETURN_WITHIN * 2).await;
        assert_eq!(left(&hub), 1, "it is followed");
        drop(back);
        // One that only waits for the result does not keep it longer.
        drop(hub.follow(id));
        assert_eq!(left(&hub), 1);
        tokio::time::sleep(RETURN_WITHIN + FORGET_EVERY).await;
        assert_eq!((left(&hub), hub.topics().left.len()), (0, 0), "nobody came back");

        let follow = hub.follow_with_return(id);
        hub.step(step(id, 1, 3));
        drop(follow);
        hub.done(&result(id, 1));
        assert_eq!(left(&hub), 0, "what is done is in the store");
        end.cancel();
    };
    tokio::join!(relay, story);
}

#[tokio::test]
async fn clients_without_end_that_leave_do_not_fill_the_memory() {
    let hub = hub();
    for _ in 0..MOST_LEFT + 10 {
        let id = SubmissionId::new();
        let follow = hub.follow_with_return(id);
        hub.step(step(id, 1, 1));
        drop(follow);
    }
    assert_eq!((left(&hub), hub.topics().left.len()), (MOST_LEFT, MOST_LEFT));
    // One and the same client, again and again.
    let id = SubmissionId::new();
    for number in 1..u32::try_from(MOST_LEFT * 2).unwrap() {
        let follow = hub.follow_with_return(id);
        hub.step(step(id, 1, number));
        drop(follow);
    }
    assert_eq!((left(&hub), hub.topics().left.len()), (1, MOST_LEFT));
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
            hub.step(step(id, 1, 1));
            hub.done(&result(id, 1));
            true
        });
    }
    let all = tokio::time::timeout(Duration::from_secs(60), tasks.join_all());
    assert!(all.await.expect("everybody is woken").into_iter().all(|right| right));
    assert_eq!((hub.following.get(), left(&hub)), (0.0, 0));
}
