//! A real process under a crowd: what it takes of memory, and whether others are answered.

use std::time::Duration;

use gavel_testkit::{until, within};
use reqwest::{Body, Client, StatusCode};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::fleet::{Fleet, unique};
use crate::process::Gavel;

const SLOW: usize = 500;
const BODIES: usize = 100;
const MIB: usize = 1 << 20;

/// What the process may take at most, in MiB.
const MOST_MIB: u64 = 300;

/// What it may keep of the flood, in MiB: one body of it is taken, and 500 connections stay open.
const KEPT_MIB: u64 = 48;

/// Connections that have sent a part of a request, and go on with it as long as they live.
async fn slowloris(gavel: &Gavel) -> Vec<TcpStream> {
    let address = gavel.url().strip_prefix("http://").unwrap();
    let mut crowd = Vec::new();
    for _ in 0..SLOW {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"POST /run HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
        crowd.push(stream);
    }
    crowd
}

/// A submission of 50 MiB, its inputs full of line ends, so that none of it can be read in place.
fn large() -> String {
    let input = "1234567\n".repeat(25 * MIB / 9);
    let test = json!({"input": input, "answer": ""});
    json!({"language": "python", "source": "", "work": {"kind": "tests", "tests": [test, test]}}).to_string()
}

#[tokio::test]
async fn a_flood_of_slow_heads_and_large_bodies_takes_little_memory_and_others_are_answered() {
    let fleet = Fleet::start().await;
    let worker = fleet.worker(&unique("crowd")).await;
    let gavel = &fleet.api;
    let before = gavel.memory().unwrap() >> 20;
    let slow = slowloris(gavel).await;
    let body = bytes::Bytes::from(large());
    assert!((49 * MIB..51 * MIB).contains(&body.len()), "{}", body.len());
    let client = Client::new();
    let mut flood = JoinSet::new();
    for _ in 0..BODIES {
        let request = client.post(format!("{}/api/v1/submissions", gavel.url()));
        let request = request.header("content-type", "application/json").body(Body::from(body.clone()));
        flood.spawn(request.send());
    }
    let (mut accepted, mut refused, mut cut, mut honest) = (0, 0, 0, 0);
    let hello = json!({"selectedLanguage": "python", "userCode": "print('Hello')"});
    while !flood.is_empty() {
        let answer = within("an honest client is answered", gavel.post("/run", &hello)).await;
        assert_eq!(answer["output"], "Hello");
        honest += 1;
        while let Some(answer) = flood.try_join_next() {
            // A client that is not done with sending when the service has lost its patience may find itself cut off.
            let Ok(answer) = answer.unwrap() else {
                cut += 1;
                continue;
            };
            match answer.status() {
                StatusCode::ACCEPTED => accepted += 1,
                StatusCode::SERVICE_UNAVAILABLE if answer.headers().contains_key("retry-after") => {
                    refused += 1;
                }
                status => panic!("{status}"),
            }
        }
    }
    let (peak, after) = (gavel.peak_memory() >> 20, gavel.memory().unwrap() >> 20);
    println!(
        "{accepted} accepted, {refused} refused, {cut} cut, {honest} honest; \
         {before} MiB, at most {peak} MiB, then {after} MiB"
    );
    assert!(accepted > 0 && refused > 0 && honest > 0);
    assert!(peak < MOST_MIB, "{peak} MiB");
    until("the memory is given back", Duration::from_secs(60), async || {
        (gavel.memory().unwrap() >> 20 < before + KEPT_MIB).then_some(())
    })
    .await;
    drop((slow, worker));
    fleet.end().await;
}
