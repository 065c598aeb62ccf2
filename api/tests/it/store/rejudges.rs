//! What every store must do for submissions that are judged again.

use std::time::Duration;

use gavel_api::auth::Owner;
use gavel_api::store::{
    Application, BatchId, Begun, Change, Completion, EntryKind, Filter, Finish, NewEntry, NewSubmission,
    Outcome, Selection, Store, Subject, SubmissionState, WebhookFilter,
};
use gavel_model::{JudgeResult, Lane, Submission, SubmissionId, Verdict};
use jiff::{SignedDuration, Timestamp};

use super::submissions::submission;
use crate::kit::worker::verdict;

fn organiser() -> Owner {
    "organiser".parse().unwrap()
}

fn scored(submission: &Submission, score: f64) -> JudgeResult {
    JudgeResult { score: Some(score), ..verdict(submission, Verdict::Pa) }
}

/// A batch of somebody's, judged so.
pub async fn batch_of(store: &dyn Store, verdicts: &[Verdict]) -> (BatchId, Vec<Submission>) {
    let (id, owner): (_, Owner) = (BatchId::new(), "contestant".parse().unwrap());
    assert_eq!(store.begin_batch(id, &owner, None, None, None).await.unwrap(), Begun::New);
    let submissions: Vec<_> = verdicts.iter().map(|_| submission(Lane::Contest, Duration::ZERO)).collect();
    let entry = |(place, one): (u32, &Submission)| {
        let entry = EntryKind::Submission(Box::new(one.clone()));
        NewEntry { place, callback: Some("http://x/one".to_owned()), entry }
    };
    let entries: Vec<_> = (0..).zip(&submissions).map(entry).collect();
    store.extend_batch(id, &entries).await.unwrap();
    let completion = Completion { callback: Some("http://x/batch"), ..Completion::default() };
    assert!(store.complete_batch(id, completion).await.unwrap());
    let judged = submissions.iter().zip(verdicts).map(|(one, of)| verdict(one, *of));
    store.finish(&judged.collect::<Vec<_>>()).await.unwrap();
    (id, submissions)
}

/// Copies of submissions in a rejudge that is whole, with something refused behind them.
pub async fn rejudge(store: &dyn Store, of: &[Submission]) -> (BatchId, Vec<Submission>) {
    let id = BatchId::new();
    let begun = store.begin_batch(id, &organiser(), None, None, Some(r#"{"asked":1}"#)).await.unwrap();
    assert_eq!(begun, Begun::New);
    let copies: Vec<_> = of
        .iter()
        .map(|one| Submission { id: SubmissionId::new(), lane: Lane::Rejudge, ..one.clone() })
        .collect();
    let mut entries: Vec<_> =
        of.iter().zip(&copies).map(|(one, copy)| EntryKind::Copy(one.id, Box::new(copy.clone()))).collect();
    entries.push(EntryKind::Refused("{}".to_owned()));
    let entries = (0..).zip(entries).map(|(place, entry)| NewEntry { place, callback: None, entry });
    store.extend_batch(id, &entries.collect::<Vec<_>>()).await.unwrap();
    assert!(store.complete_batch(id, Completion::default()).await.unwrap());
    (id, copies)
}

async fn verdict_of(store: &dyn Store, id: SubmissionId) -> Option<Verdict> {
    store.get(id).await.unwrap().unwrap().result.map(|result| result.verdict)
}

/// How often each was to be called, in order.
async fn owed(store: &dyn Store, subjects: &[Subject]) -> Vec<usize> {
    let mut counts = Vec::new();
    for subject in subjects {
        let filter = WebhookFilter { subject: Some(*subject), ..WebhookFilter::default() };
        counts.push(store.webhooks(&filter, 9).await.unwrap().len());
    }
    counts
}

pub async fn results_are_replaced_all_at_once_and_once(store: &dyn Store) {
    let (batch, originals) = batch_of(store, &[Verdict::Wa, Verdict::Ac, Verdict::Tle]).await;
    let subjects: Vec<_> = originals.iter().map(|one| Subject::Submission(one.id)).collect();
    assert_eq!(owed(store, &subjects).await, [1, 1, 1]);
    let (id, copies) = rejudge(store, &originals).await;
    let told = store.batch(id).await.unwrap().unwrap();
    assert_eq!((told.entries, told.accepted, told.queued), (4, 3, 3));
    assert_eq!(
        told.rejudge.as_ref().map(|of| (of.asked.as_str(), of.applied)),
        Some((r#"{"asked":1}"#, None))
    );
    assert_eq!(
        store.waiting(Lane::Rejudge).await.unwrap(),
        ["organiser"],
        "in the lane of rejudges, as the asker's"
    );
    assert_eq!(
        store.apply_rejudge(id, false).await.unwrap(),
        Application::Incomplete { unfinished: 3, without_verdict: 0 }
    );

    let results: Vec<_> = copies
        .iter()
        .zip([Verdict::Ac, Verdict::Ac, Verdict::Wa])
        .map(|(one, of)| verdict(one, of))
        .collect();
    assert_eq!(store.finish(&results).await.unwrap(), [Finish::First(Some(id)); 3]);
    let change = |old, new, changed| Change { old, new, count: 1, changed };
    let expected = [
        change(Verdict::Ac, Verdict::Ac, 0),
        change(Verdict::Tle, Verdict::Wa, 1),
        change(Verdict::Wa, Verdict::Ac, 1),
    ];
    assert_eq!(store.changes(id).await.unwrap(), expected);
    assert_eq!(verdict_of(store, originals[0].id).await, Some(Verdict::Wa), "not yet");
    let before = store.rejudged(id, 0, 9).await.unwrap();
    let first = before[0].entry.as_ref().unwrap();
    assert_eq!(
        (first.submission, first.copy, first.state),
        (originals[0].id, copies[0].id, SubmissionState::Done)
    );
    let outcome = |verdict| Some(Outcome { verdict, score: None });
    assert_eq!((first.old, first.new), (outcome(Verdict::Wa), outcome(Verdict::Ac)));
    assert_eq!((first.changed, first.applied), (true, false));
    assert_eq!((before.len(), before[3].place, before[3].entry.clone()), (4, 3, Err("{}".to_owned())));
    assert_eq!(store.rejudged(id, 1, 2).await.unwrap(), before[1..3]);

    assert_eq!(store.apply_rejudge(id, false).await.unwrap(), Application::Now(3, vec![batch]));
    assert_eq!(store.apply_rejudge(id, false).await.unwrap(), Application::Before);
    let stored = store.get(originals[0].id).await.unwrap().unwrap();
    let one = &originals[0];
    let expected =
        JudgeResult { id: one.id, lane: one.lane, created_at: one.created_at, ..results[0].clone() };
    assert_eq!((stored.state, stored.result), (SubmissionState::Done, Some(expected)));
    let told = store.batch(batch).await.unwrap().unwrap();
    assert_eq!(told.verdicts.into_iter().collect::<Vec<_>>(), [(Verdict::Ac, 2), (Verdict::Wa, 1)]);
    assert!(told.rejudge.is_none());
    assert_eq!(store.batch(id).await.unwrap().unwrap().rejudge.unwrap().applied.unwrap().1, 3);
    assert_eq!(
        store.changes(id).await.unwrap(),
        [
            change(Verdict::Ac, Verdict::Ac, 0),
            change(Verdict::Tle, Verdict::Wa, 1),
            change(Verdict::Wa, Verdict::Ac, 1),
        ],
        "what was changed stays to be seen"
    );
    assert!(store.rejudged(id, 0, 3).await.unwrap().iter().all(|one| one.entry.as_ref().unwrap().applied));
    // Whoever was told what is not so any more is told again.
    assert_eq!(owed(store, &subjects).await, [2, 1, 2]);
    assert_eq!(owed(store, &[Subject::Batch(batch), Subject::Batch(id)]).await, [2, 0]);
    assert_eq!(
        store.finish(&[verdict(one, Verdict::Rte)]).await.unwrap(),
        [Finish::Duplicate],
        "the fence stands"
    );

    // And once more: the history has all of it.
    let (again, copies) = rejudge(store, &originals[..1]).await;
    store.finish(&[verdict(&copies[0], Verdict::Tle)]).await.unwrap();
    assert!(matches!(store.apply_rejudge(again, false).await.unwrap(), Application::Now(1, _)));
    let history = store.history(one.id).await.unwrap();
    let shown: Vec<_> = history
        .iter()
        .map(|past| (past.revision, past.result.verdict, past.replaced.map(|(by, _)| by)))
        .collect();
    assert_eq!(shown, [(0, Verdict::Wa, Some(id)), (1, Verdict::Ac, Some(again)), (2, Verdict::Tle, None)]);
    assert_eq!(
        store.changes(id).await.unwrap()[2],
        change(Verdict::Wa, Verdict::Ac, 1),
        "an older one tells its own"
    );
}

pub async fn copies_are_nobodys_submissions(store: &dyn Store) {
    let (batch, originals) = batch_of(store, &[Verdict::Wa, Verdict::Ac]).await;
    let (id, copies) = rejudge(store, &originals).await;
    let listed = store.list(&Filter::default(), 9).await.unwrap();
    assert_eq!(listed.len(), 2, "{listed:?}");
    let copies_too = Filter { copies: true, ..Filter::default() };
    assert_eq!(store.list(&copies_too, 9).await.unwrap().len(), 4);
    let ids: Vec<_> = originals.iter().map(|one| one.id).collect();
    assert_eq!(store.selected(&Selection::default(), None, 9).await.unwrap(), ids);
    assert_eq!(store.candidates(&[copies[0].id, ids[1]]).await.unwrap().len(), 1);
    assert_eq!(store.batch(batch).await.unwrap().unwrap().accepted, 2);
    assert_eq!(store.count_unfinished().await.unwrap(), 2, "they are work all the same");
    let _rejudge = id;
}

pub async fn submissions_are_selected_by_what_they_have_in_common(store: &dyn Store) {
    let (batch, originals) = batch_of(store, &[Verdict::Wa, Verdict::Ac, Verdict::Tle]).await;
    let mut other = submission(Lane::Practice, Duration::ZERO);
    other.language = "go".to_owned();
    let owner = organiser();
    store.insert_new(NewSubmission { owner: Some(&owner), ..NewSubmission::new(&other) }).await.unwrap();
    let ids: Vec<_> = originals.iter().map(|one| one.id).collect();
    let of = async |selection: Selection, after: Option<SubmissionId>, limit: u32| {
        store.selected(&selection, after, limit).await.unwrap()
    };
    let all = Selection::default;
    assert_eq!(of(all(), None, 9).await, [ids[0], ids[1], ids[2], other.id]);
    assert_eq!(of(all(), Some(ids[0]), 2).await, ids[1..]);
    assert_eq!(of(Selection { batch: Some(batch), ..all() }, None, 9).await, ids);
    assert_eq!(of(Selection { owner: Some(organiser()), ..all() }, None, 9).await, [other.id]);
    assert_eq!(of(Selection { language: Some("go".to_owned()), ..all() }, None, 9).await, [other.id]);
    let verdicts = vec![Verdict::Tle, Verdict::Wa];
    assert_eq!(of(Selection { verdicts, ..all() }, None, 9).await, [ids[0], ids[2]]);
    let (problem, sha256_prefix) = (Some("sum".to_owned()), "0123456789ab".to_owned());
    assert_eq!(of(Selection { problem, sha256_prefix, ..all() }, None, 9).await, []);
    let found = store.candidates(&[ids[0], SubmissionId::new()]).await.unwrap();
    assert_eq!(
        (found.len(), found[0].state, found[0].submission.as_ref()),
        (1, SubmissionState::Done, Some(&originals[0]))
    );
}

pub async fn a_judge_error_replaces_nothing(store: &dyn Store) {
    let (_, originals) = batch_of(store, &[Verdict::Wa, Verdict::Wa, Verdict::Wa, Verdict::Je]).await;
    let (id, copies) = rejudge(store, &originals).await;
    store.finish(&[verdict(&copies[0], Verdict::Ac), verdict(&copies[1], Verdict::Je)]).await.unwrap();
    store.finish(&[verdict(&copies[3], Verdict::Ac)]).await.unwrap();
    store.cancel(copies[2].id).await.unwrap();
    assert_eq!(
        store.apply_rejudge(id, false).await.unwrap(),
        Application::Incomplete { unfinished: 0, without_verdict: 2 }
    );
    assert!(matches!(store.apply_rejudge(id, true).await.unwrap(), Application::Now(2, _)));
    for (one, expected) in originals.iter().zip([Verdict::Ac, Verdict::Wa, Verdict::Wa, Verdict::Ac]) {
        assert_eq!(verdict_of(store, one.id).await, Some(expected));
    }
    let told = store.rejudged(id, 0, 4).await.unwrap();
    let told: Vec<_> =
        told.iter().map(|one| one.entry.as_ref().unwrap()).map(|one| (one.changed, one.applied)).collect();
    assert_eq!(told, [(true, true), (false, false), (false, false), (true, true)]);
    assert_eq!(store.history(originals[1].id).await.unwrap().len(), 1);
}

pub async fn another_score_is_a_change(store: &dyn Store) {
    let originals: Vec<_> = (0..2).map(|_| submission(Lane::Contest, Duration::ZERO)).collect();
    for one in &originals {
        store.insert(one).await.unwrap();
        store.finish(&[scored(one, 40.0)]).await.unwrap();
    }
    let (id, copies) = rejudge(store, &originals).await;
    store.finish(&[scored(&copies[0], 70.5), scored(&copies[1], 40.0)]).await.unwrap();
    let told = store.changes(id).await.unwrap();
    assert_eq!(told, [Change { old: Verdict::Pa, new: Verdict::Pa, count: 2, changed: 1 }]);
    let first = store.rejudged(id, 0, 1).await.unwrap().remove(0).entry.unwrap();
    assert_eq!(
        first.old.zip(first.new).map(|(old, new)| (old.score, new.score)),
        Some((Some(40.0), Some(70.5)))
    );
}

pub async fn a_rejudge_that_is_given_up_changes_nothing(store: &dyn Store) {
    let (_, originals) = batch_of(store, &[Verdict::Wa]).await;
    let (id, copies) = rejudge(store, &originals).await;
    store.finish(&[verdict(&copies[0], Verdict::Ac)]).await.unwrap();
    assert!(store.discard_rejudge(id).await.unwrap() && store.discard_rejudge(id).await.unwrap());
    assert_eq!(store.apply_rejudge(id, true).await.unwrap(), Application::Canceled);
    assert_eq!(verdict_of(store, originals[0].id).await, Some(Verdict::Wa));
    let (id, copies) = rejudge(store, &originals).await;
    store.finish(&[verdict(&copies[0], Verdict::Ac)]).await.unwrap();
    assert!(matches!(store.apply_rejudge(id, true).await.unwrap(), Application::Now(1, _)));
    assert!(!store.discard_rejudge(id).await.unwrap());
    let (batch, _) = batch_of(store, &[Verdict::Ac]).await;
    for id in [batch, BatchId::new()] {
        assert_eq!(store.apply_rejudge(id, true).await.unwrap(), Application::Unknown);
        assert!(!store.discard_rejudge(id).await.unwrap());
    }
}

pub async fn what_may_be_replaced_is_kept_as_long_as_its_rejudge(store: &dyn Store) {
    let future = Timestamp::now() + SignedDuration::from_secs(60);
    let single = submission(Lane::Contest, Duration::ZERO);
    store.insert(&single).await.unwrap();
    store.finish(&[verdict(&single, Verdict::Wa)]).await.unwrap();
    let (batch, mut originals) = batch_of(store, &[Verdict::Wa, Verdict::Wa]).await;
    originals.push(single.clone());
    let (id, copies) = rejudge(store, &originals).await;
    assert_eq!(store.forget_finished(future, 9).await.unwrap(), 0, "a rejudge waits for them");
    let results: Vec<_> = copies.iter().map(|one| verdict(one, Verdict::Ac)).collect();
    store.finish(&results).await.unwrap();
    assert!(matches!(store.apply_rejudge(id, false).await.unwrap(), Application::Now(3, _)));
    while store.forget_finished(future, 9).await.unwrap() > 0 {}
    for gone in copies.iter().chain(&originals) {
        assert_eq!(store.get(gone.id).await.unwrap(), None);
        assert_eq!(store.history(gone.id).await.unwrap(), [], "the history goes along");
    }
    assert_eq!((store.batch(id).await.unwrap(), store.batch(batch).await.unwrap()), (None, None));
}
