//! What every store must do for batches, hand-over and clients' keys.

use std::time::Duration;

use gavel_api::auth::Owner;
use gavel_api::store::{
    BatchId, Begun, Cancellation, Completion, EntryKind, Filter, Finish, Inserted, Made, NewEntry,
    NewSubmission, Once, Reused, Store, SubmissionState,
};
use gavel_model::{Lane, Submission, SubmissionId, Verdict};
use gavel_testkit::until;
use jiff::{SignedDuration, Timestamp};

use super::submissions::submission;
use crate::kit::worker::verdict;

fn owner(name: &str) -> Owner {
    name.parse().unwrap()
}

fn once(key: &str, hash: Option<u8>) -> Once {
    Once { key: key.to_owned(), sha256: hash.map(|byte| [byte; 32]) }
}

/// After so long nobody receives a batch any more: one that was touched before this very moment, or all.
const NO_TIME: Duration = Duration::ZERO;
const A_MINUTE: Duration = Duration::from_secs(60);

/// A batch of an owner with some submissions and, in place 1, something else; not whole yet.
async fn begun(store: &dyn Store, of: &str, count: u32) -> (BatchId, Vec<Submission>) {
    let id = BatchId::new();
    assert_eq!(store.begin_batch(id, &owner(of), None, None, None).await.unwrap(), Begun::New);
    let submissions: Vec<_> = (0..count).map(|_| submission(Lane::Practice, Duration::ZERO)).collect();
    let mut entries: Vec<_> =
        submissions.iter().map(|one| EntryKind::Submission(Box::new(one.clone()))).collect();
    entries.insert(1, EntryKind::Refused(r#"{"code":"x"}"#.to_owned()));
    let entries: Vec<_> =
        (0..).zip(entries).map(|(place, entry)| NewEntry { place, callback: None, entry }).collect();
    // In two parts, as a long one comes.
    store.extend_batch(id, &entries[..1]).await.unwrap();
    store.extend_batch(id, &entries[1..]).await.unwrap();
    (id, submissions)
}

async fn whole(store: &dyn Store, of: &str, count: u32) -> (BatchId, Vec<Submission>) {
    let (id, submissions) = begun(store, of, count).await;
    assert!(store.complete_batch(id, Completion::default()).await.unwrap());
    (id, submissions)
}

async fn claimed(store: &dyn Store, of: &str, limit: u32) -> Vec<SubmissionId> {
    let found = store.claim(Lane::Practice, of, limit, Duration::ZERO).await.unwrap();
    found.iter().map(|one| one.id).collect()
}

pub async fn a_batch_that_is_not_whole_is_nobodys_business(store: &dyn Store) {
    let (id, submissions) = begun(store, "a", 3).await;
    assert_eq!(store.batch(id).await.unwrap(), None);
    assert_eq!(store.get(submissions[0].id).await.unwrap(), None);
    assert_eq!(store.waiting(Lane::Practice).await.unwrap(), Vec::<String>::new());
    assert_eq!(claimed(store, "a", 9).await, []);
    assert_eq!(store.backlog().await.unwrap(), []);
    assert_eq!(store.list(&Filter::default(), 9).await.unwrap(), []);
    assert!(store.complete_batch(id, Completion::default()).await.unwrap());
    assert_eq!(store.waiting(Lane::Practice).await.unwrap(), ["a"]);
    assert_eq!(claimed(store, "a", 9).await, submissions.iter().map(|one| one.id).collect::<Vec<_>>());
    let again = store.complete_batch(id, Completion::default()).await.unwrap_err();
    assert_eq!(again.kind(), "unavailable", "{again:?}");
    assert_eq!(store.extend_batch(id, &[]).await.unwrap_err().kind(), "unavailable");
}

pub async fn entries_keep_their_places_and_finals_their_turns(store: &dyn Store) {
    let (id, submissions) = whole(store, "a", 3).await;
    let outcomes = store.finish(&[verdict(&submissions[2], Verdict::Wa)]).await.unwrap();
    assert_eq!(outcomes, [Finish::First(Some(id))]);
    store.mark_judging(&[submissions[1].id, submissions[2].id]).await.unwrap();
    assert!(
        matches!(store.cancel(submissions[0].id).await.unwrap(), Some(Cancellation::Now(_, Some(of))) if of == id)
    );
    let batch = store.batch(id).await.unwrap().unwrap();
    assert_eq!((batch.entries, batch.accepted, batch.queued, batch.judging), (4, 3, 0, 1));
    assert_eq!(batch.verdicts.into_iter().collect::<Vec<_>>(), [(Verdict::Wa, 1), (Verdict::Canceled, 1)]);
    let entries = store.entries(id, 0, 9, true).await.unwrap();
    let told: Vec<_> = entries.iter().map(|entry| entry.entry.as_ref().map(|stored| stored.id)).collect();
    let refused = r#"{"code":"x"}"#.to_owned();
    let [a, b, c] = [0, 1, 2].map(|k| submissions[k].id);
    assert_eq!(told, [Ok(a), Err(&refused), Ok(b), Ok(c)]);
    assert!(entries[3].entry.as_ref().unwrap().result.is_some());
    let part = store.entries(id, 3, 1, false).await.unwrap();
    assert_eq!((part.len(), part[0].place), (1, 3));
    assert_eq!(part[0].entry.as_ref().unwrap().result, None, "not asked for");
    let turns = async |after| {
        let found = store.finished_entries(id, after, 9).await.unwrap();
        found.iter().map(|entry| (entry.turn, entry.place, entry.submission.id)).collect::<Vec<_>>()
    };
    assert_eq!(turns(0).await, [(1, 3, c), (2, 0, a)]);
    assert_eq!(turns(1).await, [(2, 0, a)]);
}

pub async fn what_is_begun_is_told_until_it_is_final(store: &dyn Store) {
    let one = submission(Lane::Practice, Duration::ZERO);
    store.insert(&one).await.unwrap();
    store.mark_judging(&[one.id, SubmissionId::new()]).await.unwrap();
    let state = async || store.get(one.id).await.unwrap().unwrap().state;
    assert_eq!(state().await, SubmissionState::Judging);
    assert_eq!(store.forget_published().await.unwrap(), 0);
    store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap();
    store.mark_judging(&[one.id]).await.unwrap();
    assert_eq!(state().await, SubmissionState::Done, "a note that comes late");
}

pub async fn a_canceled_batch_has_an_answer_for_everything_of_it(store: &dyn Store) {
    let (id, submissions) = whole(store, "a", 3).await;
    store.finish(&[verdict(&submissions[0], Verdict::Ac)]).await.unwrap();
    store.mark_published(&[submissions[1].id]).await.unwrap();
    let mut canceled = store.cancel_some(id, 1).await.unwrap();
    canceled.extend(store.cancel_some(id, 9).await.unwrap());
    let mut told: Vec<_> = canceled.iter().map(|one| (one.answer.id, one.handed_over)).collect();
    told.sort();
    assert_eq!(told, [(submissions[1].id, true), (submissions[2].id, false)]);
    assert_eq!(store.cancel_some(id, 9).await.unwrap(), []);
    let batch = store.batch(id).await.unwrap().unwrap();
    assert!(batch.canceled_at.is_some());
    assert_eq!(batch.verdicts.into_iter().collect::<Vec<_>>(), [(Verdict::Ac, 1), (Verdict::Canceled, 2)]);
    assert_eq!(store.finish(&[verdict(&submissions[2], Verdict::Ac)]).await.unwrap(), [Finish::Canceled]);
    let (done, submissions) = whole(store, "a", 1).await;
    store.finish(&[verdict(&submissions[0], Verdict::Ac)]).await.unwrap();
    assert_eq!(store.cancel_some(done, 9).await.unwrap(), []);
    assert_eq!(store.batch(done).await.unwrap().unwrap().canceled_at, None, "it was done before");
}

pub async fn a_batch_is_forgotten_as_a_whole_or_not_at_all(store: &dyn Store) {
    let (kept, _) = whole(store, "a", 1).await;
    store.drop_batch(kept).await.unwrap();
    assert!(store.batch(kept).await.unwrap().is_some(), "it is whole");
    let (dropped, submissions) = begun(store, "a", 2).await;
    store.drop_batch(dropped).await.unwrap();
    assert_eq!(store.complete_batch(dropped, Completion::default()).await.unwrap_err().kind(), "unavailable");
    store.insert(&submissions[0]).await.unwrap();
    let (_abandoned, _) = begun(store, "a", 1).await;
    let past = Timestamp::now() - SignedDuration::from_secs(60);
    assert_eq!(store.drop_abandoned(past).await.unwrap(), 0);
    assert_eq!(store.drop_abandoned(Timestamp::now() + SignedDuration::from_secs(1)).await.unwrap(), 1);
    assert!(store.batch(kept).await.unwrap().is_some());
}

pub async fn an_owner_has_so_many_in_batches_and_so_many_beside(store: &dyn Store) {
    let a = owner("a");
    whole(store, "a", 3).await;
    let begin = async |most| store.begin_batch(BatchId::new(), &a, None, Some(most), None).await.unwrap();
    assert_eq!((begin(3).await, begin(4).await), (Begun::TooMany, Begun::New));
    let (second, submissions) = begun(store, "a", 2).await;
    assert!(
        !store
            .complete_batch(second, Completion { most_unfinished: Some(4), ..Completion::default() })
            .await
            .unwrap()
    );
    store.insert(&submissions[0]).await.unwrap();
    let one = submission(Lane::Practice, Duration::ZERO);
    let new = NewSubmission { owner: Some(&a), most_unfinished: Some(1), ..NewSubmission::new(&one) };
    assert_eq!(store.insert_new(new).await.unwrap(), Inserted::Kept, "batches are counted by themselves");
    let other = submission(Lane::Practice, Duration::ZERO);
    let new = NewSubmission { submission: &other, ..new };
    assert_eq!(store.insert_new(new).await.unwrap(), Inserted::TooMany);
}

/// Single submissions before batches, batches by age, and each owner alone.
pub async fn what_waits_is_taken_in_turns(store: &dyn Store) {
    let (_, batch) = whole(store, "b", 2).await;
    let (_, later) = whole(store, "b", 1).await;
    let (one, other) =
        (submission(Lane::Practice, Duration::ZERO), submission(Lane::Practice, Duration::ZERO));
    let b = owner("b");
    store.insert_new(NewSubmission { owner: Some(&b), ..NewSubmission::new(&one) }).await.unwrap();
    store.insert(&other).await.unwrap();
    whole(store, "a", 2).await;
    assert_eq!(store.waiting(Lane::Practice).await.unwrap(), ["", "a", "b"]);
    assert_eq!(store.waiting(Lane::Contest).await.unwrap(), Vec::<String>::new());
    assert_eq!(claimed(store, "b", 9).await, [one.id, batch[0].id, batch[1].id, later[0].id]);
    assert_eq!(claimed(store, "", 9).await, [other.id]);
    // Taken for a while, it is nobody else's until that is over; what is published is with the broker.
    let brief = store.claim(Lane::Practice, "b", 1, Duration::from_secs(1)).await.unwrap();
    assert_eq!(brief, std::slice::from_ref(&one));
    until("its time is over", Duration::from_secs(10), async || {
        (claimed(store, "b", 1).await == [one.id]).then_some(())
    })
    .await;
    let long = store.claim(Lane::Practice, "b", 1, Duration::from_secs(600)).await.unwrap();
    assert_eq!(long, std::slice::from_ref(&one));
    assert_eq!(claimed(store, "b", 1).await, [batch[0].id]);
    store.mark_published(&[one.id, other.id]).await.unwrap();
    assert_eq!(store.waiting(Lane::Practice).await.unwrap(), ["a", "b"]);
    let with_broker = store.handed_over(Lane::Practice).await.unwrap();
    assert_eq!(with_broker, [(String::new(), 1), ("b".to_owned(), 1)]);
    store.finish(&[verdict(&one, Verdict::Ac)]).await.unwrap();
    assert_eq!(store.handed_over(Lane::Practice).await.unwrap(), [(String::new(), 1)]);
}

pub async fn a_clients_key_counts_once(store: &dyn Store) {
    let (a, b) = (owner("a"), owner("b"));
    let (one, two) = (submission(Lane::Practice, Duration::ZERO), submission(Lane::Practice, Duration::ZERO));
    let first = once("k", Some(1));
    let new = |submission, owner| NewSubmission {
        owner: Some(owner),
        once: Some(&first),
        ..NewSubmission::new(submission)
    };
    assert_eq!(store.insert_new(new(&one, &a)).await.unwrap(), Inserted::Kept);
    let before = Made { id: one.id.0, sha256: Some([1; 32]) };
    assert_eq!(store.insert_new(new(&two, &a)).await.unwrap(), Inserted::Before(before.clone()));
    assert_eq!(store.get(two.id).await.unwrap(), None);
    assert_eq!(store.insert_new(new(&two, &b)).await.unwrap(), Inserted::Kept, "each owner has keys");
    let begin = async |key: &str, left| {
        let id = BatchId::new();
        (id, store.begin_batch(id, &a, Some(Reused { key, left }), None, None).await.unwrap())
    };
    assert_eq!(begin("k", NO_TIME).await.1, Begun::Before(before), "what is there is not left");
    // What was not accepted has not used its key.
    let three = submission(Lane::Practice, Duration::ZERO);
    let key = once("l", Some(2));
    let refused = NewSubmission { once: Some(&key), most_unfinished: Some(1), ..new(&three, &a) };
    assert_eq!(store.insert_new(refused).await.unwrap(), Inserted::TooMany);
    let accepted = NewSubmission { most_unfinished: None, ..refused };
    assert_eq!(store.insert_new(accepted).await.unwrap(), Inserted::Kept);

    let (id, begun) = begin("m", A_MINUTE).await;
    assert_eq!(begun, Begun::New);
    assert_eq!(
        begin("m", A_MINUTE).await.1,
        Begun::Before(Made { id: id.0, sha256: None }),
        "it is still received"
    );
    let made = Completion { sha256: Some([3; 32]), ..Completion::default() };
    assert!(store.complete_batch(id, made).await.unwrap());
    assert_eq!(begin("m", NO_TIME).await.1, Begun::Before(Made { id: id.0, sha256: Some([3; 32]) }));
    for _ in 0..2 {
        let (id, begun) = begin("n", A_MINUTE).await;
        assert_eq!(begun, Begun::New);
        store.drop_batch(id).await.unwrap();
    }
    // Its process was killed.
    let (left, begun) = begin("o", A_MINUTE).await;
    assert_eq!(begun, Begun::New);
    store.touch_batch(left).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let (id, begun) = begin("o", NO_TIME).await;
    assert_eq!(begun, Begun::New, "what was left is begun anew");
    let gone = store.complete_batch(left, Completion::default()).await.unwrap_err();
    assert!(gone.is_temporary(), "who was slow is told to come again: {gone}");
    assert!(store.complete_batch(id, made).await.unwrap());
    assert_eq!(begin("o", NO_TIME).await.1, Begun::Before(Made { id: id.0, sha256: Some([3; 32]) }));
    assert_eq!(store.forget_keys(Timestamp::now() - SignedDuration::from_secs(60)).await.unwrap(), 0);
    assert_eq!(store.forget_keys(Timestamp::now() + SignedDuration::from_secs(1)).await.unwrap(), 5);
    assert_eq!(begin("m", A_MINUTE).await.1, Begun::New);
}

pub async fn submissions_are_found_by_what_they_have_in_common(store: &dyn Store) {
    let (id, batch) = whole(store, "a", 2).await;
    let b = owner("b");
    let mut one = submission(Lane::Practice, Duration::ZERO);
    one.language = "go".to_owned();
    store.insert_new(NewSubmission { owner: Some(&b), ..NewSubmission::new(&one) }).await.unwrap();
    store.finish(&[verdict(&batch[0], Verdict::Wa)]).await.unwrap();
    let found = async |filter: Filter, limit| {
        let listed = store.list(&filter, limit).await.unwrap();
        listed.iter().map(|one| one.submission.id).collect::<Vec<_>>()
    };
    let all = Filter::default();
    assert_eq!(found(all.clone(), 9).await, [one.id, batch[1].id, batch[0].id], "the latest first");
    assert_eq!(found(all.clone(), 2).await, [one.id, batch[1].id]);
    assert_eq!(found(Filter { after: Some(batch[1].id), ..all.clone() }, 9).await, [batch[0].id]);
    assert_eq!(found(Filter { batch: Some(id), ..all.clone() }, 9).await, [batch[1].id, batch[0].id]);
    assert_eq!(found(Filter { owner: Some(b), ..all.clone() }, 9).await, [one.id]);
    assert_eq!(found(Filter { language: Some("go".to_owned()), ..all.clone() }, 9).await, [one.id]);
    assert_eq!(found(Filter { problem: Some("sum".to_owned()), ..all.clone() }, 9).await, []);
    let wrong = store.list(&Filter { verdict: Some(Verdict::Wa), ..all }, 9).await.unwrap();
    assert_eq!((wrong.len(), wrong[0].submission.id, wrong[0].verdict), (1, batch[0].id, Some(Verdict::Wa)));
    assert!(wrong[0].finished_at.is_some() && wrong[0].submission.result.is_none());
}

/// Singles alone, batches whole, and nothing that is not final.
pub async fn what_is_final_is_forgotten_after_its_time(store: &dyn Store) {
    let (open, done) =
        (submission(Lane::Practice, Duration::ZERO), submission(Lane::Practice, Duration::ZERO));
    for one in [&open, &done] {
        store.insert(one).await.unwrap();
    }
    let (half, halves) = whole(store, "a", 2).await;
    let (all, alls) = whole(store, "a", 3).await;
    let mut results = vec![verdict(&done, Verdict::Ac), verdict(&halves[0], Verdict::Ac)];
    results.extend(alls.iter().map(|one| verdict(one, Verdict::Wa)));
    store.finish(&results).await.unwrap();
    let (past, future) =
        (Timestamp::now() - SignedDuration::from_secs(60), Timestamp::now() + SignedDuration::from_secs(60));
    assert_eq!(store.forget_finished(past, 2).await.unwrap(), 0);
    assert_eq!(store.forget_finished(future, 2).await.unwrap(), 1, "the single one");
    assert_eq!(store.get(done.id).await.unwrap(), None);
    assert!(store.batch(all).await.unwrap().is_some());
    assert!(store.forget_finished(future, 2).await.unwrap() > 0);
    assert_eq!(store.batch(all).await.unwrap(), None, "no batch is told that is not whole");
    assert_eq!(store.drop_abandoned(future).await.unwrap(), 0);
    while store.forget_finished(future, 2).await.unwrap() > 0 {}
    for one in &alls {
        assert_eq!(store.get(one.id).await.unwrap(), None);
    }
    assert_eq!(store.entries(all, 0, 9, true).await.unwrap(), []);
    assert!(store.get(open.id).await.unwrap().is_some());
    assert_eq!(store.batch(half).await.unwrap().unwrap().verdicts.values().sum::<u64>(), 1);
    assert_eq!(store.forget_webhooks(future, 2).await.unwrap(), 0);
}
