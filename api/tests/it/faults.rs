//! What fails, and what happens.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use gavel_broker::{MAX_ATTEMPTS, Settlement, WorkSource as _};
use gavel_model::{JudgingEvent, JudgingStep, Lane, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::kit::disk::SmallDisk;
use crate::kit::worker::{echo, verdict};
use crate::kit::{Service, until, within};

fn hello() -> Value {
    json!({"language": "python", "source": "print('Hello')"})
}

#[tokio::test]
async fn what_a_broker_did_not_take_is_accepted_and_published_later() {
    let service = Service::with(|config| config.api.republish_after = Duration::ZERO).await;
    service.dispatcher.away.store(true, Ordering::SeqCst);
    let answer = service.post("/api/v1/submissions", &hello()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    service.worker(echo);
    service.dispatcher.away.store(false, Ordering::SeqCst);
    let told = service.get(&format!("{}?wait=20", answer.header("location"))).await;
    assert_eq!(told.json()["verdict"], "AC");
    until("it is counted", async || service.metrics.handed_over().get() == 1).await;
}

#[tokio::test]
async fn what_was_published_is_not_published_again() {
    let service = Service::with(|config| config.api.republish_after = Duration::ZERO).await;
    service.post("/api/v1/submissions", &hello()).await;
    let submission = service.take(Lane::Practice).await;
    // The pump measures ages each time it looks, once a second; the first look may come before the note.
    let gauge = service.metrics.oldest_queued_seconds(Lane::Practice);
    until("a look", async || gauge.get() > 1.0).await;
    let published = service.dispatcher.published.load(Ordering::SeqCst);
    until("another look", async || gauge.get() > 2.5).await;
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), published);
    service.broker.publish_result(&verdict(&submission, Verdict::Ac)).await.unwrap();
    until("nothing is unfinished", async || gauge.get().abs() < f64::EPSILON).await;
}

#[tokio::test]
async fn an_embedded_broker_that_starts_empty_gets_every_unfinished_submission_again() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let first = Service::on(Arc::clone(&folder), |_| {}).await;
    let done = first.post("/api/v1/submissions", &hello()).await.json()["id"].clone();
    first.worker(echo);
    let path = format!("/api/v1/submissions/{}?wait=20", done.as_str().unwrap());
    assert_eq!(first.get(&path).await.json()["verdict"], "AC");
    let contest = json!({"language": "go", "source": "", "lane": "contest"});
    first.shutdown.cancel();
    drop(first);

    let second = Service::on(Arc::clone(&folder), |_| {}).await;
    let open = second.post("/api/v1/submissions", &contest).await.json()["id"].clone();
    assert_eq!(json!(second.take(Lane::Contest).await.id), open);
    second.stop().await;

    let third = Service::on(folder, |_| {}).await;
    assert_eq!(
        json!(third.take(Lane::Contest).await.id),
        open,
        "taken and not finished when the process ended"
    );
    until("it is counted", async || third.metrics.handed_over().get() == 1).await;
}

#[tokio::test]
async fn what_is_final_is_kept_as_long_as_the_settings_say() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let first = Service::on(Arc::clone(&folder), |_| {}).await;
    let open = first.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let done = first.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    first.delete(&done).await;
    first.stop().await;
    let second = Service::on(folder, |config| config.store.keep = Duration::from_millis(1)).await;
    until("it is forgotten", async || second.get(&done).await.status == StatusCode::NOT_FOUND).await;
    assert_eq!(second.get(&open).await.json()["state"], "queued");
    assert_eq!(second.metrics.forgotten().get(), 1);
}

#[tokio::test]
async fn while_the_store_is_down_requests_are_told_to_come_again() {
    let service = Service::start().await;
    service.store.down.store(true, Ordering::SeqCst);
    let id = "01890000-0000-7000-8000-000000000000";
    for answer in [
        service.post("/api/v1/submissions", &hello()).await,
        service.post("/run", &json!({"selectedLanguage": "go", "userCode": ""})).await,
        service.get(&format!("/api/v1/submissions/{id}")).await,
    ] {
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
        assert_eq!(answer.code(), "unavailable");
    }
    assert_eq!(service.dispatcher.published.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn results_that_come_while_the_store_is_down_are_not_lost() {
    let service = Service::start().await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let submission = service.take(Lane::Practice).await;
    service.store.down.store(true, Ordering::SeqCst);
    let before = service.store.refused.load(Ordering::SeqCst);
    service.broker.publish_result(&echo(&submission)).await.unwrap();
    until("it was refused", async || service.store.refused.load(Ordering::SeqCst) > before + 1).await;
    service.store.down.store(false, Ordering::SeqCst);
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "AC");
    assert_eq!(service.metrics.results_duplicate().get(), 0);
}

#[tokio::test]
async fn while_the_disk_is_full_nothing_new_is_accepted_and_no_result_is_lost() {
    let disk = SmallDisk::new();
    let folder = Arc::new(tempfile::tempdir_in(disk.path()).unwrap());
    let service = Service::on(folder, |_| {}).await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let submission = service.take(Lane::Practice).await;
    let filler = disk.fill();
    let answer = loop {
        let answer = service.post("/api/v1/submissions", &hello()).await;
        // The file may have room in pages of its own.
        if answer.status != StatusCode::ACCEPTED {
            break answer;
        }
    };
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
    assert_eq!(answer.code(), "unavailable");
    service.broker.publish_result(&echo(&submission)).await.unwrap();
    assert_eq!(service.get(&path).await.json()["state"], "queued", "what is there can be read");
    std::fs::remove_file(filler).unwrap();
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "AC");
    service.stop().await;
}

/// As a backup does that locks it, for longer than the store waits.
#[tokio::test]
async fn while_somebody_holds_the_file_requests_are_told_to_come_again_and_results_wait() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let service = Service::on(Arc::clone(&folder), |_| {}).await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let submission = service.take(Lane::Practice).await;
    let file = SqliteConnectOptions::new().filename(folder.path().join("data/gavel.db"));
    let mut holder = SqliteConnection::connect_with(&file).await.unwrap();
    holder.execute("BEGIN IMMEDIATE").await.unwrap();
    service.broker.publish_result(&echo(&submission)).await.unwrap();
    let answer = service.post("/api/v1/submissions", &hello()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
    let before = service.get(&path).await.json();
    assert!(before["verdict"].is_null(), "what is there can be read: {before}");
    holder.execute("ROLLBACK").await.unwrap();
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "AC");
    assert_eq!(service.post("/api/v1/submissions", &hello()).await.status, StatusCode::ACCEPTED);
    assert_eq!(service.metrics.results_duplicate().get(), 0);
}

/// It comes back that often, to whoever has it next.
async fn given_back(service: &Service, times: u32) {
    let mut work = service.broker.submissions(Lane::Practice, 1);
    for _ in 0..times {
        let delivery = within("it is delivered", work.recv()).await.unwrap();
        delivery.settle(Settlement::Again).await;
    }
}

#[tokio::test]
async fn a_submission_that_is_given_up_ends_as_a_judge_error() {
    let service = Service::start().await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    given_back(&service, 2).await;
    let mut work = service.broker.submissions(Lane::Practice, 1);
    let (submission, attempt, held) = within("it is delivered", work.recv()).await.unwrap().begin();
    let (worker, step) = ("w1".to_owned(), JudgingStep::Compiling);
    let event = JudgingEvent { id: submission.id, attempt, number: 1, worker, step };
    service.broker.send_event(&event).await.unwrap();
    until("it is begun", async || service.get(&path).await.json()["state"] == "judging").await;
    drop(held);
    let told = service.get(&format!("{path}?wait=20")).await.json();
    assert_eq!(
        (&told["state"], &told["verdict"], &told["attempt"]),
        (&json!("done"), &json!("JE"), &json!(3))
    );
    assert!(told["error"].as_str().unwrap().contains("delivery_limit"), "{told}");
    let language = service.languages.label("python");
    let counted = service.metrics.results(Lane::Practice, &language, Verdict::Je);
    until("it is counted", async || counted.get() == 1).await;
}

/// A connection that is lost again and again takes along what a worker holds and has no slot for yet.
#[tokio::test]
async fn what_no_worker_had_begun_is_handed_over_again_but_not_for_ever() {
    // docs/MESSAGES.md promises it.
    const TIMES: u64 = 10;
    let service = Service::start().await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    for times in 1..=TIMES {
        given_back(&service, MAX_ATTEMPTS).await;
        let counted = format!("gavel_dead_letters_total{{fate=\"replayed\"}} {times}\n");
        until("it is handed over", async || service.get("/metrics").await.text.contains(&counted)).await;
    }
    assert_eq!(service.get(&path).await.json()["state"], "queued");
    given_back(&service, MAX_ATTEMPTS).await;
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "JE");
}

#[tokio::test]
async fn a_dead_letter_does_not_replace_a_result() {
    let service = Service::start().await;
    let path = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let mut work = service.broker.submissions(Lane::Practice, 1);
    let delivery = within("it is delivered", work.recv()).await.unwrap();
    service.broker.publish_result(&echo(&delivery.body)).await.unwrap();
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "AC");
    delivery.settle(Settlement::Dead).await;
    // A second submission's burial shows that the first letter was read.
    let second = service.post("/api/v1/submissions", &hello()).await.header("location").to_owned();
    let delivery = within("it is delivered", work.recv()).await.unwrap();
    delivery.settle(Settlement::Dead).await;
    assert_eq!(service.get(&format!("{second}?wait=20")).await.json()["verdict"], "JE");
    assert_eq!(service.get(&path).await.json()["verdict"], "AC");
}

#[tokio::test]
async fn a_result_of_a_submission_from_elsewhere_holds_nothing_up() {
    let service = Service::start().await;
    service.post("/api/v1/submissions", &hello()).await;
    let mut stranger = service.take(Lane::Practice).await;
    stranger.id = gavel_model::SubmissionId::new();
    service.broker.publish_result(&echo(&stranger)).await.unwrap();
    service.worker(echo);
    assert_eq!(service.post("/api/v1/submissions?wait=20", &hello()).await.status, StatusCode::OK);
    assert_eq!(
        service.get(&format!("/api/v1/submissions/{}", stranger.id)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn clients_that_wait_are_answered_when_the_service_ends() {
    let service = Service::start().await;
    let body = hello();
    let (answer, ()) = tokio::join!(service.post("/api/v1/submissions?wait=60", &body), async {
        until("the client waits", async || service.metrics.waiters().get() > 0.5).await;
        service.shutdown.cancel();
    });
    assert_eq!((answer.status, &answer.json()["state"]), (StatusCode::ACCEPTED, &json!("queued")));
    service.stop().await;
}
