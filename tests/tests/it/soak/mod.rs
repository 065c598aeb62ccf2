//! Load of every kind for as long as is wanted, while processes, connections and servers are killed: `tests/soak.sh`

mod books;
mod client;
mod load;
mod monkey;
mod part;
mod system;

use std::sync::Arc;
use std::time::{Duration, Instant};

use gavel_testkit::{Does, Receiver};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use books::Books;
use client::Client;
use load::Load;
use monkey::Monkey;
use system::System;

/// How many clients there are, each with one thing on its way.
const CLIENTS: u64 = 8;

#[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// What was accepted is judged once or canceled, whatever happens meanwhile; afterwards nothing is left of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: tests/soak.sh [minutes] [seed]"]
async fn nothing_is_lost_while_everything_is_killed() {
    let minutes = setting("GAVEL_TEST_SOAK_MINUTES").unwrap_or(1);
    let seed = setting("GAVEL_TEST_SOAK_SEED").unwrap_or_else(|| rand::rng().random());
    println!("{minutes} minutes, seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let system = Arc::new(System::start().await);
    let mut takes = StdRng::seed_from_u64(random.random());
    let receiver = Receiver::by(move || Does::Answer(if takes.random_bool(0.8) { 204 } else { 500 })).await;
    let client = Arc::new(Client::of(system.api_urls()));
    let books = Arc::new(Books::default());
    let end = CancellationToken::new();

    let mut tasks = JoinSet::new();
    tasks.spawn(Arc::clone(&system).supervise(end.clone()));
    let mut clients = JoinSet::new();
    let stop = CancellationToken::new();
    for number in 0..CLIENTS {
        let load = Load {
            number,
            random: StdRng::seed_from_u64(random.random()),
            client: Arc::clone(&client),
            books: Arc::clone(&books),
            receiver: receiver.url.clone(),
        };
        clients.spawn(load.run(stop.clone()));
    }
    let begin = Instant::now();
    let mut monkey = Monkey::new(Arc::clone(&system), random);
    while begin.elapsed() < Duration::from_secs(minutes * 60) {
        monkey.act().await;
        // Whoever failed has said why.
        assert_eq!(clients.len() as u64, CLIENTS, "a client has ended");
        while let Some(ended) = clients.try_join_next() {
            ended.unwrap();
        }
    }
    stop.cancel();
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }
    println!("{}", monkey.done());
    drop(monkey);
    books.compare(&client).await;
    books.compare_told(receiver, &client).await;
    end.cancel();
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    println!("requests repeated by clients: {}", client.repeated());
    let system = Arc::into_inner(system).expect("nobody else has it any more");
    system.end(&books).await;
}
