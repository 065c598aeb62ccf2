//! Keys of the store: what each opens, and what abuse of them is answered.

use gavel_api::auth::{Owner, Scopes, issue};
use gavel_api::store::Store as _;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use test_case::test_case;

use crate::kit::packages::{MODERN, zip};
use crate::kit::worker::echo;
use crate::kit::{Answer, Service, until};

const ROOT: &str = "the-key-of-the-settings";

async fn with_root() -> Service {
    Service::with(|config| config.api.keys = vec![ROOT.into()]).await
}

/// A key that is in the store.
pub async fn key(service: &Service, owner: &str, scopes: &str) -> String {
    let (owner, scopes): (Owner, Scopes) = (owner.parse().unwrap(), scopes.parse().unwrap());
    let issued = issue(owner, scopes, Timestamp::now());
    service.store.insert_key(&issued.stored).await.unwrap();
    issued.secret.expose_secret().to_owned()
}

async fn call(service: &Service, key: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
    let request = service.client.request(method, service.url(path)).bearer_auth(key);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    Answer::read(request.send().await.unwrap()).await
}

async fn submit(service: &Service, key: &str) -> Answer {
    let body = json!({"language": "python", "source": "print(1)"});
    call(service, key, Method::POST, "/api/v1/submissions", Some(body)).await
}

async fn look(service: &Service, key: &str, id: &Value) -> StatusCode {
    let path = format!("/api/v1/submissions/{}", id.as_str().unwrap());
    call(service, key, Method::GET, &path, None).await.status
}

/// Each call, and the scopes that open it.
const CALLS: &[(Method, &str, &[&str])] = &[
    (Method::GET, "/api/v1/languages", &["read"]),
    (Method::GET, "/api/v1/workers", &["read"]),
    (Method::GET, "/api/v1/queues", &["read"]),
    (Method::GET, "/api/v1/run/live", &["submit"]),
    (Method::GET, "/api/v1/problems", &["read"]),
    (Method::GET, "/api/v1/problems/none", &["read"]),
    (Method::GET, "/api/v1/submissions/0198c3a4-0000-7000-8000-000000000000", &["read"]),
    (Method::GET, "/api/v1/submissions/0198c3a4-0000-7000-8000-000000000000/events", &["read"]),
    (Method::GET, "/api/v1/submissions", &["read"]),
    (Method::GET, "/api/v1/batches/0198c3a4-0000-7000-8000-000000000000", &["read"]),
    (Method::GET, "/api/v1/batches/0198c3a4-0000-7000-8000-000000000000/results", &["read"]),
    (Method::GET, "/api/v1/batches/0198c3a4-0000-7000-8000-000000000000/events", &["read"]),
    (Method::GET, "/api/v1/submissions/0198c3a4-0000-7000-8000-000000000000/history", &["read"]),
    (Method::GET, "/api/v1/rejudges/0198c3a4-0000-7000-8000-000000000000", &["read"]),
    (Method::GET, "/api/v1/rejudges/0198c3a4-0000-7000-8000-000000000000/results", &["read"]),
    (Method::POST, "/api/v1/rejudges", &["submit"]),
    (Method::POST, "/api/v1/batches/0198c3a4-0000-7000-8000-000000000000/rejudge", &["submit"]),
    (Method::POST, "/api/v1/rejudges/0198c3a4-0000-7000-8000-000000000000/apply", &["submit"]),
    (Method::DELETE, "/api/v1/rejudges/0198c3a4-0000-7000-8000-000000000000", &["submit"]),
    (Method::GET, "/api/v1/webhooks", &["read"]),
    (Method::GET, "/api/v1/webhooks/secret", &["submit"]),
    (Method::POST, "/api/v1/batches", &["submit"]),
    (Method::DELETE, "/api/v1/batches/0198c3a4-0000-7000-8000-000000000000", &["submit"]),
    (Method::POST, "/api/v1/submissions", &["submit"]),
    (Method::DELETE, "/api/v1/submissions/0198c3a4-0000-7000-8000-000000000000", &["submit"]),
    (Method::POST, "/run", &["submit"]),
    (Method::PUT, "/api/v1/problems/none", &[]),
    (Method::DELETE, "/api/v1/problems/none", &[]),
    (Method::GET, "/api/v1/keys", &[]),
    (Method::POST, "/api/v1/keys", &[]),
    (Method::DELETE, "/api/v1/keys/none", &[]),
    (Method::POST, "/api/v1/workers/none/drain", &[]),
    (Method::DELETE, "/api/v1/workers/none/drain", &[]),
    (Method::GET, "/api/v1/dead", &[]),
    (Method::GET, "/api/v1/dead/none", &[]),
    (Method::POST, "/api/v1/dead/replay", &[]),
    (Method::POST, "/api/v1/dead/purge", &[]),
];

#[tokio::test]
async fn a_key_opens_what_its_scopes_say_and_nothing_else() {
    let service = with_root().await;
    for scopes in ["read", "submit", "read,submit", "admin"] {
        let key = key(&service, "someone", scopes).await;
        for (method, path, opened_by) in CALLS {
            let body = (*method == Method::POST).then(|| json!({}));
            let answer = call(&service, &key, method.clone(), path, body).await;
            let opens = scopes == "admin" || scopes.split(',').any(|scope| opened_by.contains(&scope));
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !opens, "{scopes}: {method} {path}: {answer:?}");
            assert!(!refused || answer.code() == "forbidden");
        }
    }
}

/// What is described is what is asked for.
#[test]
fn every_call_is_described_with_its_scope() {
    let described = serde_json::to_value(gavel_api::openapi()).unwrap();
    for (method, path, opened_by) in CALLS {
        let path = path.replace("/none", "/{id}").replace("0198c3a4-0000-7000-8000-000000000000", "{id}");
        let call = &described["paths"][&path][method.as_str().to_lowercase()];
        let scope = opened_by.first().unwrap_or(&"admin");
        assert_eq!(call["security"], json!([{"key": [scope]}, {}]), "{method} {path}");
        assert!(call["responses"]["403"].is_object(), "{method} {path}");
    }
    let count = described["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len());
    assert_eq!(count.sum::<usize>(), CALLS.len() + 3, "a call is missing here; three are open");
}

#[tokio::test]
async fn a_client_sees_its_own_submissions_and_an_admin_all() {
    let service = with_root().await;
    let (one, other) =
        (key(&service, "one", "read,submit").await, key(&service, "other", "read,submit").await);
    let of_one_too = key(&service, "one", "read").await;
    let admin = key(&service, "boss", "admin").await;
    let id = submit(&service, &one).await.json()["id"].clone();
    assert_eq!(look(&service, &one, &id).await, StatusCode::OK);
    assert_eq!(look(&service, &of_one_too, &id).await, StatusCode::OK, "the owner's, not the key's");
    assert_eq!(look(&service, &admin, &id).await, StatusCode::OK);
    assert_eq!(look(&service, ROOT, &id).await, StatusCode::OK);
    let path = format!("/api/v1/submissions/{}", id.as_str().unwrap());
    let hidden = call(&service, &other, Method::GET, &path, None).await;
    assert_eq!((hidden.status, hidden.code().as_str()), (StatusCode::NOT_FOUND, "unknown_submission"));
    let followed = call(&service, &other, Method::GET, &format!("{path}/events"), None).await;
    assert_eq!((followed.status, followed.code().as_str()), (StatusCode::NOT_FOUND, "unknown_submission"));
    let kept = call(&service, &other, Method::DELETE, &path, None).await;
    assert_eq!((kept.status, kept.code().as_str()), (StatusCode::NOT_FOUND, "unknown_submission"));
    // It reads as if there were none.
    let none = "/api/v1/submissions/0198c3a4-0000-7000-8000-000000000000";
    let none = call(&service, &other, Method::GET, none, None).await;
    let text = |answer: &Answer| answer.error()["message"].as_str().unwrap().split(' ').count();
    assert_eq!((none.status, text(&none)), (hidden.status, text(&hidden)));
    let canceled = call(&service, &one, Method::DELETE, &path, None).await;
    assert_eq!(canceled.status, StatusCode::OK, "its owner may");
    let by_root = submit(&service, ROOT).await.json()["id"].clone();
    assert_eq!(look(&service, &one, &by_root).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn keys_are_made_listed_used_and_revoked() {
    let service = with_root().await;
    let body = json!({"owner": "contest-2026", "scopes": ["submit", "read"]});
    let made = call(&service, ROOT, Method::POST, "/api/v1/keys", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let (made, listed) = (made.json(), async || {
        let list = call(&service, ROOT, Method::GET, "/api/v1/keys", None).await;
        assert!(!list.text.contains("gavel_"), "no key is told again: {}", list.text);
        list.json()["keys"][0].clone()
    });
    let (key, id) = (made["key"].as_str().unwrap(), made["id"].as_str().unwrap());
    let fresh = listed().await;
    assert_eq!((&fresh["owner"], &fresh["scopes"]), (&json!("contest-2026"), &json!(["read", "submit"])));
    assert_eq!((&fresh["used_at"], &fresh["revoked_at"]), (&Value::Null, &Value::Null));
    assert_eq!(submit(&service, key).await.status, StatusCode::ACCEPTED);
    until("its use is noted", async || listed().await["used_at"].is_string()).await;

    let path = format!("/api/v1/keys/{id}");
    for _ in 0..2 {
        let revoked = call(&service, ROOT, Method::DELETE, &path, None).await;
        assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(submit(&service, key).await.status, StatusCode::UNAUTHORIZED, "from the next request on");
    assert!(listed().await["revoked_at"].is_string());
    let unknown = call(&service, ROOT, Method::DELETE, "/api/v1/keys/none", None).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::NOT_FOUND, "unknown_key"));
}

#[test_case(json!({"scopes": ["read"]}), "owner"; "no owner")]
#[test_case(json!({"owner": "someone"}), "scopes"; "no scopes")]
#[test_case(json!({"owner": "someone", "scopes": []}), "scopes"; "empty scopes")]
#[test_case(json!({"owner": "someone", "scopes": ["root"]}), "scopes[0]"; "an unknown scope")]
#[test_case(json!({"owner": "anonymous", "scopes": ["read"]}), "owner"; "everybody")]
#[test_case(json!({"owner": "key:0c362368", "scopes": ["read"]}), "owner"; "a key of the settings")]
#[test_case(json!({"owner": "someone", "scopes": ["read"], "key": "chosen"}), "key"; "a key of one's own")]
#[tokio::test]
async fn a_key_that_cannot_be_is_refused(body: Value, field: &str) {
    let service = with_root().await;
    let answer = call(&service, ROOT, Method::POST, "/api/v1/keys", Some(body)).await;
    assert_eq!((answer.status, answer.error()["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)));
}

#[tokio::test]
async fn the_first_key_closes_a_service_that_asked_for_none_and_revoking_it_opens_nothing() {
    let service = Service::start().await;
    assert_eq!(service.get("/api/v1/languages").await.status, StatusCode::OK);
    let issued = issue("someone".parse().unwrap(), Scopes::ALL, Timestamp::now());
    service.store.insert_key(&issued.stored).await.unwrap();
    assert_eq!(service.get("/api/v1/languages").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(look(&service, issued.secret.expose_secret(), &json!("x")).await, StatusCode::BAD_REQUEST);
    service.store.revoke_key(&issued.stored.id, Timestamp::now()).await.unwrap();
    assert_eq!(service.get("/api/v1/languages").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(look(&service, issued.secret.expose_secret(), &json!("x")).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_submits_too_fast_is_told_when_to_go_on_and_others_are_not_slowed_down() {
    let service = Service::with(|config| {
        config.api.keys = vec![ROOT.into()];
        config.api.submissions_per_minute = 6;
    })
    .await;
    let (one, other) = (key(&service, "one", "submit").await, key(&service, "other", "submit").await);
    let mut refused = None;
    for _ in 0..20 {
        let answer = submit(&service, &one).await;
        if answer.status != StatusCode::ACCEPTED {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("twenty are more than six");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=11).contains(&wait), "{wait}");
    let again = key(&service, "one", "submit").await;
    assert_eq!(submit(&service, &again).await.status, StatusCode::TOO_MANY_REQUESTS, "with another key too");
    for key in [other.as_str(), ROOT] {
        assert_eq!(submit(&service, key).await.status, StatusCode::ACCEPTED);
    }
    for _ in 0..20 {
        assert_eq!(submit(&service, ROOT).await.status, StatusCode::ACCEPTED, "an admin has no bound");
    }
}

#[tokio::test]
async fn who_has_too_much_unfinished_waits_until_some_is_judged() {
    let service = Service::with(|config| {
        config.api.keys = vec![ROOT.into()];
        config.api.max_unfinished = 5;
    })
    .await;
    let (one, other) = (key(&service, "one", "submit").await, key(&service, "other", "submit").await);
    let at_once = (0..20).map(|_| submit(&service, &one));
    let statuses: Vec<_> =
        futures_util::future::join_all(at_once).await.iter().map(|answer| answer.status).collect();
    let accepted = statuses.iter().filter(|status| **status == StatusCode::ACCEPTED).count();
    assert_eq!(accepted, 5, "{statuses:?}");
    let refused = submit(&service, &one).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "5"));
    assert_eq!(submit(&service, &other).await.status, StatusCode::ACCEPTED);
    service.worker(echo);
    until("there is room again", async || submit(&service, &one).await.status == StatusCode::ACCEPTED).await;
}

/// What is wrong with a request, as its header lines, and the status that it gets.
const ABUSES: &[(&str, &str, &str, u16)] = &[
    ("no key", "GET /api/v1/languages", "", 401),
    ("an empty header", "GET /api/v1/languages", "Authorization:\r\n", 401),
    ("no scheme", "GET /api/v1/languages", "Authorization: {key}\r\n", 401),
    ("another scheme", "GET /api/v1/languages", "Authorization: Basic {key}\r\n", 401),
    ("no key after the scheme", "GET /api/v1/languages", "Authorization: Bearer \r\n", 401),
    ("a key cut short", "GET /api/v1/languages", "Authorization: Bearer {short}\r\n", 401),
    ("a key with more behind it", "GET /api/v1/languages", "Authorization: Bearer {key}x\r\n", 401),
    ("a key in other letters", "GET /api/v1/languages", "Authorization: Bearer {upper}\r\n", 401),
    ("two keys in one header", "GET /api/v1/languages", "Authorization: Bearer {key} {key}\r\n", 401),
    (
        "two headers",
        "GET /api/v1/languages",
        "Authorization: Bearer {key}\r\nAuthorization: Bearer x\r\n",
        401,
    ),
    ("the hash of a key", "GET /api/v1/languages", "Authorization: Bearer {hash}\r\n", 401),
    ("the id of a key", "GET /api/v1/languages", "Authorization: Bearer {id}\r\n", 401),
    ("a revoked key", "GET /api/v1/languages", "Authorization: Bearer {revoked}\r\n", 401),
    ("SQL", "GET /api/v1/languages", "Authorization: Bearer ' OR 1=1 --\r\n", 401),
    ("a percent of letters", "GET /api/v1/languages", "Authorization: Bearer %00%0a\r\n", 401),
    ("a very long key", "GET /api/v1/languages", "Authorization: Bearer {long}\r\n", 401),
    ("bytes that are no text", "GET /api/v1/languages", "Authorization: Bearer \u{e9}\r\n", 401),
    ("a head without end", "GET /api/v1/languages", "Authorization: Bearer {endless}\r\n", 431),
    ("a key in the path", "GET /api/v1/languages?key={key}", "", 401),
    ("a key in a cookie", "GET /api/v1/languages", "Cookie: key={key}\r\n", 401),
    ("a path that is not there, without a key", "GET /nowhere", "", 401),
    ("a path that leaves", "GET /healthz/../api/v1/languages", "", 401),
    ("an open path in front", "GET //healthz/api/v1/languages", "", 401),
    ("another method", "PATCH /api/v1/languages", "Authorization: Bearer {key}\r\n", 405),
    ("problems without the scope", "DELETE /api/v1/problems/sum", "Authorization: Bearer {key}\r\n", 403),
    ("keys without the scope", "GET /api/v1/keys", "Authorization: Bearer {key}\r\n", 403),
    ("the right key", "GET /api/v1/languages", "Authorization: Bearer {key}\r\n", 200),
];

#[tokio::test]
async fn every_abuse_has_its_status() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let service = with_root().await;
    let right = key(&service, "someone", "read").await;
    let issued = issue("someone".parse().unwrap(), Scopes::ALL, Timestamp::now());
    service.store.insert_key(&issued.stored).await.unwrap();
    service.store.revoke_key(&issued.stored.id, Timestamp::now()).await.unwrap();
    let stored = service.store.keys().await.unwrap().remove(0);
    let hash: String = stored.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let values = [
        ("{key}", right.clone()),
        ("{short}", right[..right.len() - 1].to_owned()),
        ("{upper}", right.to_uppercase()),
        ("{hash}", hash),
        ("{id}", stored.id.clone()),
        ("{revoked}", issued.secret.expose_secret().to_owned()),
        ("{long}", "x".repeat(8_000)),
        ("{endless}", "x".repeat(60_000)),
    ];
    for (what, target, lines, status) in ABUSES {
        let fill =
            |text: &str| values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let request =
            format!("{} HTTP/1.1\r\nHost: judge\r\nConnection: close\r\n{}\r\n", fill(target), fill(lines));
        let mut stream = tokio::net::TcpStream::connect(service.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // An answer that was sent is read, though the rest of the request was not.
        stream.read_to_end(&mut answer).await.ok();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {answer}");
        assert!(!answer.contains(&right) && !answer.contains("gavel_"), "{what}: {answer}");
    }
}

/// An upload is refused before its body is read.
#[tokio::test]
async fn a_package_without_the_scope_leaves_nothing() {
    let service = with_root().await;
    let key = key(&service, "someone", "read,submit").await;
    let request = service.client.put(service.url("/api/v1/problems/sum")).bearer_auth(&key);
    let answer = Answer::read(request.body(zip(MODERN)).send().await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(service.files().is_empty());
}
