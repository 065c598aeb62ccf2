//! Dead letters, for an administrator.

use std::sync::atomic::Ordering;

use gavel_broker::{Dispatcher as _, Settlement, WorkSource as _};
use gavel_model::{Lane, Submission};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::kit::worker::echo;
use crate::kit::{Service, until, within};

/// Submissions that die: two of this service, which get their final `JE` by that, and one from elsewhere.
async fn with_letters() -> (Service, [Submission; 3]) {
    let service = Service::start().await;
    let mut dead = Vec::new();
    for name in ["one", "two"] {
        let body = json!({"language": "python", "source": name});
        let path = service.post("/api/v1/submissions", &body).await.header("location").to_owned();
        dead.push(die(&service).await);
        assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "JE");
    }
    let mut stranger = dead[0].clone();
    stranger.id = gavel_model::SubmissionId::new();
    service.broker.publish(&stranger).await.unwrap();
    dead.push(die(&service).await);
    (service, dead.try_into().unwrap())
}

async fn die(service: &Service) -> Submission {
    let mut work = service.broker.submissions(Lane::Practice, 1);
    let delivery = within("it is delivered", work.recv()).await.unwrap();
    let (submission, _, settle) = delivery.begin();
    settle.settle(Settlement::Dead).await;
    submission
}

async fn listed(service: &Service) -> Vec<Value> {
    service.get("/api/v1/dead").await.json()["letters"].as_array().unwrap().clone()
}

#[tokio::test]
async fn letters_are_listed_with_what_their_submission_came_to_and_shown_with_what_they_say() {
    let (service, [one, two, stranger]) = with_letters().await;
    let letters = listed(&service).await;
    let told: Vec<_> = letters.iter().map(|letter| (&letter["submission"], &letter["verdict"])).collect();
    let je = json!("JE");
    assert_eq!(
        told,
        [(&json!(one.id), &je), (&json!(two.id), &je), (&json!(stranger.id), &Value::Null)],
        "the oldest first"
    );
    let part = service.get("/api/v1/dead?limit=1").await.json();
    assert_eq!((part["letters"].as_array().unwrap().len(), &part["more"]), (1, &json!(true)));
    let shown = service.get(&format!("/api/v1/dead/{}", two.id)).await.json();
    assert_eq!((&shown["id"], &shown["reason"]), (&letters[1]["id"], &json!("rejected")));
    let said: Value = serde_json::from_str(shown["body"]["data"].as_str().unwrap()).unwrap();
    assert_eq!(said["files"][0]["content"]["text"], "two", "{said}");
    let by_letter = service.get(&format!("/api/v1/dead/{}", letters[1]["id"].as_str().unwrap())).await.json();
    assert_eq!(by_letter, shown);
    let unknown = service.get("/api/v1/dead/0123456789abcdef").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::NOT_FOUND, "unknown_letter"));
}

#[tokio::test]
async fn what_is_final_is_not_judged_again_and_what_is_from_elsewhere_is() {
    let (service, [one, two, stranger]) = with_letters().await;
    let done = service.post("/api/v1/dead/replay", &json!({"all": true})).await.json();
    let skipped: Vec<_> = done["skipped"].as_array().unwrap().iter().collect();
    assert_eq!(skipped.len(), 2, "{done}");
    for (skipped, submission) in skipped.into_iter().zip([&one, &two]) {
        assert_eq!((&skipped["submission"], &skipped["reason"]), (&json!(submission.id), &json!("final")));
    }
    assert_eq!(done["replayed"].as_array().unwrap().len(), 1, "{done}");
    let again = service.take(Lane::Practice).await;
    assert_eq!(again, stranger, "and nothing before it");
    assert_eq!(listed(&service).await.len(), 2);
    let fate = |label: &str| format!("gavel_dead_letters_total{{fate=\"{label}\"}} ");
    let shown = service.get("/metrics").await.text;
    assert!(shown.contains(&format!("{}1\n", fate("replayed"))), "{shown}");
    until("every arrival is counted", async || {
        service.get("/metrics").await.text.contains(&format!("{}3\n", fate("arrived")))
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sent_again_of_which_nobody_can_tell_whether_it_is_final() {
    let service = Service::start().await;
    let body = json!({"language": "python", "source": "print('Hello')"});
    let path = service.post("/api/v1/submissions", &body).await.header("location").to_owned();
    let submission = service.take(Lane::Practice).await;
    // As after a result that was lost.
    service.broker.publish(&submission).await.unwrap();
    service.store.down.store(true, Ordering::SeqCst);
    die(&service).await;
    let refused = || service.store.refused.load(Ordering::SeqCst) > 0;
    until("the API looks for it in vain", async || refused()).await;
    let away = service.post("/api/v1/dead/replay", &json!({"all": true})).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    service.store.down.store(false, Ordering::SeqCst);
    assert_eq!(service.get(&format!("{path}?wait=20")).await.json()["verdict"], "JE");
    let done = service.post("/api/v1/dead/replay", &json!({"ids": [submission.id]})).await.json();
    assert_eq!(done["skipped"][0]["reason"], "final", "{done}");
}

#[tokio::test]
async fn what_is_thrown_away_is_gone_and_the_result_stays() {
    let (service, [one, two, stranger]) = with_letters().await;
    let letters = listed(&service).await;
    let ids = json!({"ids": [letters[0]["id"], stranger.id]});
    assert_eq!(service.post("/api/v1/dead/purge", &ids).await.json(), json!({"purged": 2, "more": false}));
    let left: Vec<_> = listed(&service).await.iter().map(|letter| letter["submission"].clone()).collect();
    assert_eq!(left, [json!(two.id)]);
    let stored = service.get(&format!("/api/v1/submissions/{}", one.id)).await.json();
    assert_eq!(stored["verdict"], "JE");
    let all = service.post("/api/v1/dead/purge", &json!({"all": true})).await.json();
    assert_eq!(all, json!({"purged": 1, "more": false}));
    // What is judged now is as if nothing had been.
    service.worker(echo);
    let body = json!({"language": "python", "source": "print('Hello')"});
    assert_eq!(service.post("/api/v1/submissions?wait=20", &body).await.json()["verdict"], "AC");
}

#[tokio::test]
async fn which_letters_are_meant_must_be_said_and_a_broker_that_is_away_is_told() {
    let service = Service::start().await;
    for (body, field) in [
        (json!({}), "ids"),
        (json!({"ids": []}), "ids"),
        (json!({"ids": ["a"], "all": true}), "all"),
        (json!({"ids": ["a"], "every": true}), "every"),
    ] {
        for call in ["replay", "purge"] {
            let answer = service.post(&format!("/api/v1/dead/{call}"), &body).await;
            assert_eq!((answer.status, &answer.error()["field"]), (StatusCode::BAD_REQUEST, &json!(field)));
        }
    }
    assert_eq!(service.get("/api/v1/dead?limit=0").await.error()["field"], "limit");
    service.dispatcher.away.store(true, Ordering::SeqCst);
    let away = service.get("/api/v1/dead").await;
    assert_eq!((away.status, away.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert!(!away.header("retry-after").is_empty());
}
