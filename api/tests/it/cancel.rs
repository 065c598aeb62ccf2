//! Submissions that nobody wants judged any more.

use std::sync::atomic::Ordering;
use std::time::Duration;

use gavel_broker::WorkSource as _;
use gavel_model::{Control, Lane, SubmissionId, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::worker::{echo, verdict};
use crate::kit::{Answer, Service, until, within};

fn hello() -> Value {
    json!({"language": "python", "source": "print('Hello')"})
}

/// The path of a new submission.
async fn submitted(service: &Service) -> String {
    service.post("/api/v1/submissions", &hello()).await.header("location").to_owned()
}

fn id(path: &str) -> SubmissionId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

fn assert_canceled(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let view = answer.json();
    assert_eq!((&view["state"], &view["verdict"]), (&json!("canceled"), &json!("CANCELED")), "{view}");
}

#[tokio::test]
async fn a_queued_submission_is_canceled_and_every_worker_is_told_however_often_it_is_asked_for() {
    let service = Service::start().await;
    let mut orders = [service.broker.controls(), service.broker.controls()];
    let path = submitted(&service).await;
    let first = service.delete(&path).await;
    assert_canceled(&first);
    let again = service.delete(&path).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, first.json()), "the same answer");
    assert_eq!(service.get(&path).await.json(), first.json());
    for orders in &mut orders {
        for _ in 0..2 {
            let order = within("an order", orders.recv()).await.unwrap();
            assert_eq!(order, Control::Cancel { id: id(&path) });
        }
    }
    assert_eq!(first.json()["tests"], json!([]));
    assert_eq!((&first.json()["attempt"], &first.json()["worker"]), (&json!(0), &json!("")));
}

#[tokio::test]
async fn what_is_unknown_or_done_is_not_canceled() {
    let service = Service::start().await;
    let mut orders = service.broker.controls();
    let unknown = service.delete("/api/v1/submissions/01890000-0000-7000-8000-000000000000").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::NOT_FOUND, "unknown_submission"));
    let none = service.delete("/api/v1/submissions/none").await;
    assert_eq!((none.status, none.error()["field"].clone()), (StatusCode::BAD_REQUEST, json!("id")));
    service.worker(echo);
    let done = service.post("/api/v1/submissions?wait=20", &hello()).await;
    let path = done.header("location").to_owned();
    let late = service.delete(&path).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "already_done"));
    assert_eq!(late.error()["message"], "the submission is done, with the verdict AC; its result stays");
    assert_eq!(service.get(&path).await.json(), done.json());
    assert!(orders.try_recv().is_err(), "no worker is told of it");
}

#[tokio::test]
async fn who_waits_is_woken_by_a_cancellation() {
    let service = Service::start().await;
    let path = submitted(&service).await;
    let waiting = format!("{path}?wait=60");
    let run = json!({"selectedLanguage": "python", "userCode": ""});
    let (told, simple, ()) = tokio::join!(service.get(&waiting), service.post("/run", &run), async {
        until("both wait", async || service.metrics.waiters().get() > 1.5).await;
        service.take(Lane::Practice).await;
        let other = service.take(Lane::Practice).await;
        for path in [path.clone(), format!("/api/v1/submissions/{}", other.id)] {
            assert_canceled(&service.delete(&path).await);
        }
    });
    assert_canceled(&told);
    assert_eq!(
        simple.json(),
        json!({"success": false, "verdict": "CANCELED", "output": "", "error": "canceled"})
    );
    assert_eq!(service.metrics.waiters().get(), 0.0);
}

#[tokio::test]
async fn a_result_that_comes_after_the_cancellation_is_counted_and_dropped() {
    let service = Service::start().await;
    let path = submitted(&service).await;
    let submission = service.take(Lane::Practice).await;
    let canceled = service.delete(&path).await;
    for said in [Verdict::Ac, Verdict::Wa] {
        service.broker.publish_result(&verdict(&submission, said)).await.unwrap();
    }
    until("both are counted", async || service.metrics.results_canceled().get() == 2).await;
    assert_eq!(service.metrics.results_duplicate().get(), 0);
    assert_eq!(service.get(&path).await.json(), canceled.json());
    let language = service.languages.label("python");
    let count = |verdict| service.metrics.results(Lane::Practice, &language, verdict).get();
    assert_eq!((count(Verdict::Canceled), count(Verdict::Ac)), (1, 0), "one final answer");
}

/// Only the API cancels: a result that says so came from nobody's judging.
#[tokio::test]
async fn a_result_that_says_canceled_cancels_nothing() {
    let service = Service::start().await;
    let path = submitted(&service).await;
    let submission = service.take(Lane::Practice).await;
    let results = [verdict(&submission, Verdict::Canceled), verdict(&submission, Verdict::Wa)];
    for result in &results {
        service.broker.publish_result(result).await.unwrap();
    }
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "WA");
    assert_eq!(service.metrics.results_duplicate().get(), 0);
}

#[tokio::test]
async fn what_is_canceled_before_a_broker_took_it_is_never_published() {
    let service = Service::with(|config| config.api.republish_after = Duration::ZERO).await;
    service.dispatcher.away.store(true, Ordering::SeqCst);
    let path = submitted(&service).await;
    // The workers cannot be told now; that is no reason to judge it.
    assert_canceled(&service.delete(&path).await);
    let other = submitted(&service).await;
    service.dispatcher.away.store(false, Ordering::SeqCst);
    until("the other one is published", async || service.metrics.handed_over().get() == 1).await;
    assert_eq!(service.take(Lane::Practice).await.id, id(&other));
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_dead_letter_of_a_canceled_submission_changes_nothing() {
    use gavel_broker::Settlement;
    let service = Service::start().await;
    let path = submitted(&service).await;
    let mut work = service.broker.submissions(Lane::Practice, 1);
    let delivery = within("it is delivered", work.recv()).await.unwrap();
    assert_canceled(&service.delete(&path).await);
    delivery.settle(Settlement::Dead).await;
    // Told in order: when the next dead letter has its answer, the one before had its own.
    let next = submitted(&service).await;
    within("it is delivered", work.recv()).await.unwrap().settle(Settlement::Dead).await;
    assert_eq!(service.get(&format!("{next}?wait=20")).await.json()["verdict"], "JE");
    assert_canceled(&service.get(&path).await);
}

#[tokio::test]
async fn of_many_that_are_canceled_while_they_are_judged_each_has_one_answer() {
    let service = Service::start().await;
    let mut paths = Vec::new();
    // As many as the lane has room for: each of them is with the worker when it is canceled.
    for _ in 0..60 {
        paths.push(submitted(&service).await);
    }
    let all: Vec<_> = paths.iter().map(|path| service.delete(path)).collect();
    service.worker(|submission| verdict(submission, Verdict::Ac));
    let answers = within("all are answered", futures_util::future::join_all(all)).await;
    let mut canceled = 0;
    for (path, answer) in paths.iter().zip(answers) {
        let told = service.get(&format!("{path}?wait=20")).await.json();
        let expected = if answer.status == StatusCode::OK { "CANCELED" } else { "AC" };
        assert_eq!(told["verdict"], expected, "{}", answer.text);
        canceled += u64::from(answer.status == StatusCode::OK);
    }
    until("late results are counted", async || service.metrics.results_canceled().get() == canceled).await;
}
