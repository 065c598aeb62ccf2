//! What every store must do for submissions.

use std::time::Duration;

use gavel_api::store::{Backlog, Cancellation, DoorPage, Finish, NewSubmission, Store, SubmissionState};
use gavel_model::{DoorNote, Lane, Submission, SubmissionId, Verdict};
use jiff::{SignedDuration, Timestamp};

use crate::kit::worker::verdict;

pub fn submission(lane: Lane, age: Duration) -> Submission {
    let created = Timestamp::now() - SignedDuration::try_from(age).unwrap();
    Submission {
        language: "cpp".to_owned(),
        created_at: Timestamp::from_millisecond(created.as_millisecond()).unwrap(),
        ..gavel_testkit::submission(lane)
    }
}

/// Everything of nobody's that waits in a lane, without keeping it from anybody.
pub async fn claim_all(store: &dyn Store, lane: Lane) -> Vec<Submission> {
    store.claim(lane, "", 100, Duration::ZERO).await.unwrap()
}

pub async fn the_first_final_result_wins(store: &dyn Store) {
    let one = submission(Lane::Practice, Duration::ZERO);
    store.insert(&one).await.unwrap();
    let stored = store.get(one.id).await.unwrap().unwrap();
    assert_eq!((stored.lane, stored.created_at, stored.result), (one.lane, one.created_at, None));
    assert_eq!(stored.state, SubmissionState::Queued);
    let stranger = submission(Lane::Practice, Duration::ZERO);
    let results = [verdict(&one, Verdict::Wa), verdict(&one, Verdict::Ac), verdict(&stranger, Verdict::Ac)];
    let outcomes = store.finish(&results).await.unwrap();
    assert_eq!(outcomes, [Finish::First(None), Finish::Duplicate, Finish::Unknown]);
    assert_eq!(store.finish(&results[1..2]).await.unwrap(), [Finish::Duplicate]);
    let stored = store.get(one.id).await.unwrap().unwrap();
    assert_eq!((stored.result.as_ref(), stored.state), (Some(&results[0]), SubmissionState::Done));
    assert_eq!(store.get(stranger.id).await.unwrap(), None);
}

pub async fn of_a_hundred_racing_results_one_wins(store: &dyn Store) {
    let one = submission(Lane::Practice, Duration::ZERO);
    store.insert(&one).await.unwrap();
    let race = (0..100).map(|_| async { store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap()[0] });
    let outcomes = futures_util::future::join_all(race).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Finish::First(None)).count(), 1);
}

pub async fn what_is_unpublished_is_found_oldest_first(store: &dyn Store) {
    let ages = [30, 20, 10, 0].map(Duration::from_secs);
    let all = ages.map(|age| submission(Lane::Contest, age));
    for one in &all[..3] {
        store.insert(one).await.unwrap();
    }
    let held = NewSubmission { ready_after: Duration::from_secs(60), ..NewSubmission::new(&all[3]) };
    store.insert_new(held).await.unwrap();
    store.insert(&submission(Lane::Practice, ages[0])).await.unwrap();
    let ids = async |limit| {
        // Until then nobody else takes them: here that is over at once.
        let found = store.claim(Lane::Contest, "", limit, Duration::ZERO).await.unwrap();
        found.iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(10).await, [all[0].id, all[1].id, all[2].id], "the youngest is not to be taken yet");
    assert_eq!(ids(2).await, [all[0].id, all[1].id]);
    store.mark_published(&[all[0].id, SubmissionId::new()]).await.unwrap();
    store.finish(&[verdict(&all[1], Verdict::Ac)]).await.unwrap();
    assert_eq!(ids(10).await, [all[2].id]);
    assert_eq!(store.forget_published().await.unwrap(), 1, "published and not finished");
    assert_eq!(ids(10).await, [all[0].id, all[2].id]);
    let claimed = store.claim(Lane::Contest, "", 1, Duration::ZERO).await.unwrap();
    assert_eq!(claimed, all[..1], "as it was inserted");
    store.mark_published(&[all[0].id, all[2].id]).await.unwrap();
    assert!(store.forget_publication(all[0].id).await.unwrap());
    assert_eq!(ids(10).await, [all[0].id], "that one alone");
    store.mark_judging(&[all[2].id]).await.unwrap();
    for begun_final_or_unknown in [all[2].id, all[1].id, SubmissionId::new()] {
        assert!(!store.forget_publication(begun_final_or_unknown).await.unwrap());
    }
}

pub async fn the_backlog_of_each_lane_is_known(store: &dyn Store) {
    assert_eq!(store.backlog().await.unwrap(), []);
    let (old, young) =
        (submission(Lane::Rejudge, Duration::from_secs(60)), submission(Lane::Rejudge, Duration::ZERO));
    let of = |submissions, oldest| [Backlog { lane: Lane::Rejudge, submissions, oldest }];
    store.insert(&young).await.unwrap();
    store.insert(&old).await.unwrap();
    assert_eq!(store.backlog().await.unwrap(), of(2, old.created_at));
    store.finish(&[verdict(&old, Verdict::Ac)]).await.unwrap();
    assert_eq!(store.backlog().await.unwrap(), of(1, young.created_at));
}

pub async fn an_id_is_taken_once(store: &dyn Store) {
    let one = submission(Lane::Practice, Duration::ZERO);
    store.insert(&one).await.unwrap();
    let again = store.insert(&one).await.unwrap_err();
    assert_eq!((again.kind(), again.is_temporary()), ("refused", false), "{again:?}");
    store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap();
    assert_eq!(store.insert(&one).await.unwrap_err().kind(), "refused", "nor does a judged one begin anew");
    assert_eq!(store.get(one.id).await.unwrap().unwrap().state, SubmissionState::Done);
}

/// A note that a submission was published may come after its result.
pub async fn what_is_done_is_never_published_again(store: &dyn Store) {
    let one = submission(Lane::Contest, Duration::from_secs(60));
    store.insert(&one).await.unwrap();
    store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap();
    store.mark_published(&[one.id]).await.unwrap();
    assert_eq!(store.forget_published().await.unwrap(), 0);
    assert_eq!(claim_all(store, Lane::Contest).await, []);
    assert_eq!(store.get(one.id).await.unwrap().unwrap().state, SubmissionState::Done);
}

pub async fn a_canceled_submission_stays_canceled(store: &dyn Store) {
    let one = submission(Lane::Contest, Duration::from_secs(60));
    store.insert(&one).await.unwrap();
    let Some(Cancellation::Now(answer, None)) = store.cancel(one.id).await.unwrap() else {
        panic!("not canceled")
    };
    assert_eq!((answer.id, answer.verdict), (one.id, Verdict::Canceled));
    assert_eq!((answer.lane, &answer.language, answer.created_at), (one.lane, &one.language, one.created_at));
    assert_eq!(
        store.cancel(one.id).await.unwrap(),
        Some(Cancellation::Before(answer.clone())),
        "once is enough"
    );
    assert_eq!(store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap(), [Finish::Canceled]);
    let stored = store.get(one.id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.result), (SubmissionState::Canceled, Some(answer)));
    // A note that it was published may come late.
    store.mark_published(&[one.id]).await.unwrap();
    assert_eq!(store.forget_published().await.unwrap(), 0);
    assert_eq!(claim_all(store, Lane::Contest).await, []);
    assert_eq!(store.backlog().await.unwrap(), []);
    assert_eq!(store.cancel(SubmissionId::new()).await.unwrap(), None);
}

pub async fn what_is_done_is_not_canceled(store: &dyn Store) {
    let one = submission(Lane::Practice, Duration::ZERO);
    store.insert(&one).await.unwrap();
    let result = verdict(&one, Verdict::Wa);
    store.finish(std::slice::from_ref(&result)).await.unwrap();
    assert_eq!(store.cancel(one.id).await.unwrap(), Some(Cancellation::TooLate(result.clone())));
    let stored = store.get(one.id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.result), (SubmissionState::Done, Some(result)));
}

pub async fn of_a_result_and_a_cancellation_one_wins(store: &dyn Store) {
    for _ in 0..50 {
        let one = submission(Lane::Practice, Duration::ZERO);
        store.insert(&one).await.unwrap();
        let results = [verdict(&one, Verdict::Ac)];
        let (finished, canceled) = tokio::join!(store.finish(&results), store.cancel(one.id));
        let canceled = match canceled.unwrap().unwrap() {
            Cancellation::Now(..) => true,
            Cancellation::TooLate(_) => false,
            other @ Cancellation::Before(_) => panic!("{other:?}"),
        };
        assert_eq!(finished.unwrap(), [if canceled { Finish::Canceled } else { Finish::First(None) }]);
        let state = store.get(one.id).await.unwrap().unwrap().state;
        assert_eq!(state == SubmissionState::Canceled, canceled, "{state:?}");
    }
}

pub async fn what_came_through_a_door_is_listed_counted_and_forgotten(store: &dyn Store) {
    let mut all = Vec::new();
    for door in ["judge0", "judge0", "other", "judge0"] {
        let note = DoorNote { door: door.to_owned(), text: "{}".to_owned() };
        let one = Submission { note: Some(note), ..submission(Lane::Practice, Duration::ZERO) };
        store.insert(&one).await.unwrap();
        all.push(one);
    }
    store.insert(&submission(Lane::Practice, Duration::ZERO)).await.unwrap();
    let page = async |skip, limit| store.door_page("judge0", skip, limit).await.unwrap();
    assert_eq!(page(0, 2).await, DoorPage { ids: vec![all[3].id, all[1].id], total: 3 }, "the newest first");
    assert_eq!(page(2, 2).await, DoorPage { ids: vec![all[0].id], total: 3 });
    assert_eq!(store.submission(all[2].id).await.unwrap().as_ref(), Some(&all[2]));
    assert_eq!(store.submission(SubmissionId::new()).await.unwrap(), None);
    assert_eq!(store.count_unfinished().await.unwrap(), 5);
    assert!(!store.delete_final(all[0].id).await.unwrap(), "not while it is unfinished");
    store.finish(&[verdict(&all[0], Verdict::Wa)]).await.unwrap();
    let mut counts: Vec<_> = store.door_counts("judge0").await.unwrap();
    counts.sort_by_key(|one| one.count);
    let counts: Vec<_> = counts.iter().map(|one| (one.language.as_str(), one.verdict, one.count)).collect();
    assert_eq!(counts, [("cpp", Some(Verdict::Wa), 1), ("cpp", None, 2)]);
    assert!(store.delete_final(all[0].id).await.unwrap());
    assert_eq!((store.get(all[0].id).await.unwrap(), page(0, 9).await.total), (None, 2));
    assert_eq!(store.count_unfinished().await.unwrap(), 4);
}
