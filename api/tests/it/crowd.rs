//! Crowds of connections and bodies: an honest client is answered all the same.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use gavel_api::DropReason;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::kit::worker::echo;
use crate::kit::{Answer, Service, until, within};

/// How many are many: more than any cap below.
const MANY: usize = 400;

async fn connect(to: SocketAddr, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    socket.connect(to).await.unwrap()
}

/// A connection that has sent this much of a request.
async fn begun(service: &Service, text: &str) -> TcpStream {
    let mut stream = connect(service.address, [127, 0, 0, 1]).await;
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn connections(service: &Service, count: usize) {
    let what = format!("{count} connections are open");
    until(&what, async || service.metrics.connections().get() as usize == count).await;
}

/// Everything that comes until the other side ends it, however it does.
async fn rest(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    within("the other side ends it", stream.read_to_end(&mut read)).await.ok();
    String::from_utf8_lossy(&read).into_owned()
}

async fn hello(service: &Service) {
    let body = json!({"selectedLanguage": "python", "userCode": "print(1)"});
    let answer = within("an honest client is answered", service.post("/run", &body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn hundreds_that_never_finish_a_head_keep_nobody_out() {
    let service = Service::with(|config| config.api.max_connections = 100).await;
    service.worker(echo);
    let mut crowd = Vec::new();
    for k in 0..MANY {
        let text = ["", "GET", "POST /run HTTP/1.1\r\nHost: localhost\r\nX-Slow: "][k % 3];
        crowd.push(begun(&service, text).await);
    }
    connections(&service, 100).await;
    hello(&service).await;
    assert!(service.metrics.connections_dropped(DropReason::GaveWay).get() >= (MANY - 100) as u64);
    assert_eq!(service.metrics.connections_dropped(DropReason::Full).get(), 0);
    // The first to come were the first to go.
    assert_eq!(rest(&mut crowd[0]).await, "");
    drop((crowd, service.client.clone()));
}

#[tokio::test]
async fn connections_without_a_whole_head_end_by_themselves() {
    let service = Service::with(|config| config.api.idle_timeout = Duration::from_millis(200)).await;
    let mut crowd = Vec::new();
    for k in 0..MANY {
        let text =
            ["", "GET /healthz HTTP/1.1\r\nHost: ", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"]
                [k % 3];
        crowd.push(begun(&service, text).await);
    }
    for (k, stream) in crowd.iter_mut().enumerate() {
        // The third kind was answered, and was idle after that.
        assert_eq!(rest(stream).await.contains("200 OK"), k % 3 == 2);
    }
    connections(&service, 0).await;
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_left() {
    let service = Service::with(|config| config.api.idle_timeout = Duration::from_millis(500)).await;
    let mut greedy = connect(service.address, [127, 0, 0, 1]).await;
    let flood = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(10_000);
    // As much as is taken; the rest is never wanted.
    let sent = async {
        greedy.write_all(flood.as_bytes()).await.ok();
    };
    tokio::join!(sent, connections(&service, 0));
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let service = Service::start().await;
    let mut stream = begun(&service, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ").await;
    let sent = async { while stream.write_all(&[b'x'; 1024]).await.is_ok() {} };
    within("it is cut off", sent).await;
}

#[tokio::test]
async fn a_peer_at_its_cap_takes_nothing_from_another() {
    let service = Service::with(|config| config.api.max_connections_per_peer = 20).await;
    let mut other = connect(service.address, [127, 0, 0, 2]).await;
    let mut crowd = Vec::new();
    for _ in 0..50 {
        crowd.push(begun(&service, "GET").await);
    }
    connections(&service, 21).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    other.write_all(request).await.unwrap();
    assert!(rest(&mut other).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn one_too_many_is_told_to_come_again() {
    let service = Service::with(|config| config.api.max_connections = 3).await;
    let body = json!({"language": "python", "source": ""}).to_string();
    let waiting = format!(
        "POST /api/v1/submissions?wait=30 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut requests = Vec::new();
    for count in 1..=3 {
        requests.push(begun(&service, &waiting).await);
        until("it waits", async || service.metrics.waiters().get() as usize == count).await;
    }
    let answer = rest(&mut connect(service.address, [127, 0, 0, 1]).await).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: 2"), "{answer}");
    let (_, envelope) = answer.split_once("\r\n\r\n").unwrap();
    let envelope: Value = serde_json::from_str(envelope).unwrap();
    assert_eq!(envelope["error"]["code"], "unavailable");
    service.worker(echo);
    drop(requests);
    until("there is room again", async || {
        Client::new()
            .get(service.url("/healthz"))
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
    })
    .await;
}

/// The head of a submission whose body, of so many MiB, does not come.
fn promise(mib: usize) -> String {
    format!(
        "POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{{",
        mib << 20
    )
}

async fn submit(service: &Service, stdin: usize) -> Answer {
    let body =
        json!({"language": "python", "source": "", "work": {"kind": "run", "stdin": "x".repeat(stdin)}});
    service.post("/api/v1/submissions", &body).await
}

#[tokio::test]
async fn bodies_share_a_budget_and_give_it_back() {
    // 35 MiB of it for large bodies: enough for 11 MiB.
    let service = Service::with(|config| {
        config.api.body_memory_mb = 40;
        config.api.max_body_kb = 10 * 1024;
    })
    .await;
    let free = service.metrics.body_memory_free_bytes();
    let slow = begun(&service, &promise(10)).await;
    until("it has drawn", async || free.get() as usize == 10 << 20).await;
    let refused = submit(&service, 2 << 20).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(refused.header("retry-after"), "2");
    // Neither a small body nor one of middle size has to wait for a large one.
    for size in [0, 60 << 10, 900 << 10] {
        assert_eq!(submit(&service, size).await.status, StatusCode::ACCEPTED, "{size}");
    }
    drop(slow);
    until("it was given back", async || free.get() as usize == 40 << 20).await;
    assert_eq!(submit(&service, 2 << 20).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_body_of_no_announced_size_draws_as_it_comes() {
    let service = Service::with(|config| {
        config.api.body_memory_mb = 40;
        config.api.max_body_kb = 10 * 1024;
    })
    .await;
    let slow = begun(&service, &promise(10)).await;
    until("it has drawn", async || service.metrics.body_memory_free_bytes().get() as usize == 10 << 20).await;
    let head = "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let mut stream = begun(&service, head).await;
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let body = format!("{}0\r\n\r\n", piece.repeat(100));
    stream.write_all(body.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    drop(slow);
}

const KEY: &str = "the-one-key-of-this-test";

fn from(address: [u8; 4]) -> Client {
    Client::builder().local_address(IpAddr::from(address)).build().unwrap()
}

async fn with_key(service: &Service, client: &Client, key: &str) -> Answer {
    let request = client.get(service.url("/api/v1/languages")).bearer_auth(key);
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn who_guesses_keys_is_slowed_down_and_nobody_else() {
    let service = Service::with(|config| {
        config.api.keys = vec![KEY.into(), "the-other-key-of-this-test".into()];
        config.api.guesses_per_minute = std::num::NonZeroU32::new(5).unwrap();
    })
    .await;
    let client = from([127, 0, 0, 1]);
    assert_eq!(with_key(&service, &client, KEY).await.status, StatusCode::OK);
    let mut answers = Vec::new();
    for k in 0..40 {
        answers.push(with_key(&service, &client, &format!("a-wrong-key-{k}")).await);
    }
    let refused = answers.last().unwrap();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=12).contains(&wait), "{wait}");
    let guesses = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
    assert!((4..40).contains(&guesses), "{guesses}");
    // A right one is not told from a wrong one any more, unless it was right here before.
    let other = with_key(&service, &client, "the-other-key-of-this-test").await;
    assert_eq!(other.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(with_key(&service, &client, KEY).await.status, StatusCode::OK);
    let elsewhere = with_key(&service, &from([127, 0, 0, 2]), "the-other-key-of-this-test").await;
    assert_eq!(elsewhere.status, StatusCode::OK);
}
