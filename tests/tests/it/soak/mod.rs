//! Load of every kind for as long as is wanted, while processes, connections and servers are killed: `tests/soak.sh`

mod books;
mod client;
mod load;
mod monkey;
mod part;
mod system;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gavel_testkit::{Does, Receiver};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use books::{Books, GIVEN_UP};
use client::Client;
use load::Load;
use monkey::{FAULTS, Fault, Monkey};
use system::System;

/// How many clients there are, each with one thing on its way.
const CLIENTS: u64 = 8;

/// What takes nothing from a submission: whoever is told to end finishes what it has begun.
const GENTLE: [Fault; 3] = [Fault::EndWorker, Fault::EndHalf, Fault::EndApi];

/// Each longer than every patience of ours that is meant for a hiccup.
const OUTAGES: [(Fault, u64); 8] = [
    (Fault::StallBroker, 60),
    (Fault::MuteBroker, 30),
    (Fault::KillBroker, 30),
    (Fault::StallStore, 60),
    (Fault::KillStore, 30),
    (Fault::StopEngine, 30),
    (Fault::KillEngine, 30),
    (Fault::JumpClock, 30),
];

#[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
fn setting<T: FromStr<Err: std::fmt::Display>>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// A system under load.
struct Soak {
    system: Arc<System>,
    client: Arc<Client>,
    books: Arc<Books>,
    receiver: Receiver,
    clients: JoinSet<()>,
    /// Ends the clients.
    stop: CancellationToken,
    supervision: JoinSet<()>,
    /// Ends the supervision.
    end: CancellationToken,
}

impl Soak {
    async fn start(random: &mut StdRng) -> Self {
        let system = Arc::new(System::start().await);
        let mut takes = StdRng::seed_from_u64(random.random());
        let receiver =
            Receiver::by(move || Does::Answer(if takes.random_bool(0.8) { 204 } else { 500 })).await;
        let client = Arc::new(Client::of(system.api_urls()));
        let books = Arc::new(Books::default());
        let (stop, end) = (CancellationToken::new(), CancellationToken::new());
        let mut supervision = JoinSet::new();
        supervision.spawn(Arc::clone(&system).supervise(end.clone()));
        let mut clients = JoinSet::new();
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
        Self { system, client, books, receiver, clients, stop, supervision, end }
    }

    /// Fails when a client has: it has said why.
    fn assert_all_go_on(&mut self) {
        if let Some(ended) = self.clients.try_join_next() {
            ended.unwrap();
            panic!("a client has ended");
        }
    }

    /// Waits for what is on its way, and fails unless everything became what it must. In what ways submissions ended how often.
    async fn finish(mut self, monkey: Monkey) -> BTreeMap<String, usize> {
        self.stop.cancel();
        while let Some(ended) = self.clients.join_next().await {
            ended.unwrap();
        }
        println!("{}", monkey.done());
        drop(monkey);
        let became = self.books.compare(&self.client).await;
        self.books.compare_told(self.receiver, &self.client).await;
        self.end.cancel();
        while let Some(ended) = self.supervision.join_next().await {
            ended.unwrap();
        }
        println!("requests repeated by clients: {}", self.client.repeated());
        let system = Arc::into_inner(self.system).expect("nobody else has it any more");
        system.end(&self.books).await;
        became
    }
}

/// What was accepted is judged once or canceled, whatever happens meanwhile; afterwards nothing is left of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: tests/soak.sh [minutes] [seed] [faults]"]
async fn nothing_is_lost_while_everything_is_killed() {
    let minutes: u64 = setting("GAVEL_TEST_SOAK_MINUTES").unwrap_or(1);
    let seed: u64 = setting("GAVEL_TEST_SOAK_SEED").unwrap_or_else(|| rand::rng().random());
    let named: Option<String> = setting("GAVEL_TEST_SOAK_FAULTS");
    let faults: Vec<Fault> = named.map_or_else(
        || FAULTS.to_vec(),
        |named| named.split(',').map(|name| name.parse().unwrap_or_else(|error| panic!("{error}"))).collect(),
    );
    println!("{minutes} minutes, seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut soak = Soak::start(&mut random).await;
    let mut monkey = Monkey::new(Arc::clone(&soak.system), random, faults.clone());
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(minutes * 60) {
        monkey.act().await;
        soak.assert_all_go_on();
    }
    let (acts, became) = (monkey.acts(), soak.finish(monkey).await);
    if faults.iter().all(|fault| GENTLE.contains(fault)) {
        // RabbitMQ takes back, and counts, what it sends to a consumer in the moment in which that is cancelled.
        let second = "done at attempt 2";
        let again = became.get(second).copied().unwrap_or_default();
        assert!(again * 10 <= acts, "nobody was killed, and {again} are counted as begun twice");
        let more = became.keys().find(|how| how.contains("at attempt") && *how != second || *how == GIVEN_UP);
        assert_eq!(more, None, "nobody was killed");
    }
}

/// The same with one outage after the other, each so long that everybody has given up and begun anew before it ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: deploy/test.sh --long"]
async fn nothing_is_lost_in_outages_of_half_a_minute_and_more() {
    let mut random = StdRng::seed_from_u64(11);
    let mut soak = Soak::start(&mut random).await;
    let mut monkey = Monkey::new(Arc::clone(&soak.system), random, Vec::new());
    for (fault, seconds) in OUTAGES {
        println!("{fault:?} for {seconds} s");
        monkey.commit(fault, Duration::from_secs(seconds)).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        soak.assert_all_go_on();
    }
    soak.finish(monkey).await;
}
