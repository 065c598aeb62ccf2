//! Two API processes and four workers over a RabbitMQ, a Postgres and a Docker Engine of their own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gavel_testkit::{
    DockerEngine, EngineProxy, PostgresServer, Proxy, Rabbit, RabbitServer, free_port, until,
};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::books::Books;
use super::part::{Part, Ways};
use crate::docker::Sandboxes;
use crate::fleet::{path, unique};
use crate::rabbit::{keep_results, kept_results};

/// How often the memory of every process is looked at.
const LOOK: Duration = Duration::from_secs(15);

/// What the programs of the load need.
const IMAGES: [&str; 3] = ["python-run", "c-compile", "c-run"];

/// With one slot each.
const WORKERS: usize = 4;

pub struct System {
    pub rabbit: RabbitServer,
    pub postgres: PostgresServer,
    pub engine: DockerEngine,
    pub parts: Vec<Part>,
    prefix: String,
    urls: Vec<String>,
    folder: tempfile::TempDir,
    /// Mebibytes of each process, look by look.
    memory: Mutex<BTreeMap<String, Vec<u64>>>,
}

impl System {
    /// One that answers.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = DockerEngine::start(&IMAGES).await;
        let (rabbit, postgres) = tokio::join!(RabbitServer::start(&[]), PostgresServer::start());
        let aside = Rabbit::at(rabbit.url()).await;
        let mut system = Self {
            rabbit,
            postgres,
            engine,
            parts: Vec::new(),
            prefix: aside.prefix.clone(),
            urls: Vec::new(),
            folder,
            memory: Mutex::default(),
        };
        for number in 0..2 {
            system.add_api(number).await;
        }
        for number in 0..WORKERS {
            system.add_worker(number).await;
        }
        for url in &system.urls {
            until(&format!("{url} is ready"), Duration::from_secs(120), async || {
                let answer = reqwest::get(format!("{url}/readyz")).await;
                answer.is_ok_and(|answer| answer.status().is_success()).then_some(())
            })
            .await;
        }
        keep_results(&aside).await;
        system
    }

    async fn add_api(&mut self, number: usize) {
        let store = Proxy::start(&self.postgres.url()).await;
        let broker = Proxy::start(&self.rabbit.url()).await;
        let bind = format!("127.0.0.1:{}", free_port());
        self.urls.push(format!("http://{bind}"));
        let mut settings = self.shared(&broker.url);
        settings.extend([
            ("api.bind", bind),
            ("store.url", store.url.to_string()),
            ("webhooks.allow_private", "true".to_owned()),
            ("webhooks.retry_after", "1s".to_owned()),
            ("api.submissions_per_minute", "0".to_owned()),
            // A killed process has taken some to publish.
            ("api.republish_after", "2s".to_owned()),
        ]);
        let ways = Ways { broker, store: Some(store), engine: None };
        self.parts.push(Part::start(
            &format!("api-{number}"),
            "api",
            number,
            ways,
            self.folder.path(),
            settings,
        ));
    }

    async fn add_worker(&mut self, number: usize) {
        let broker = Proxy::start(&self.rabbit.url()).await;
        let engine = EngineProxy::before(self.engine.socket());
        let name = unique(&format!("soak-{number}"));
        let mut settings = self.shared(&broker.url);
        settings.extend([
            ("worker.id", name.clone()),
            ("worker.bind", format!("127.0.0.1:{}", free_port())),
            ("worker.slots", "1".to_owned()),
            ("worker.cache_dir", path(self.folder.path(), &format!("cache-{number}"))),
            ("worker.canary_every", "1m".to_owned()),
            ("sandbox.docker", engine.address()),
            ("sandbox.pool.max", "4".to_owned()),
        ]);
        let ways = Ways { broker, store: None, engine: Some(engine) };
        self.parts.push(Part::start(&name, "worker", number, ways, self.folder.path(), settings));
    }

    fn shared(&self, broker: &Url) -> Vec<(&'static str, String)> {
        vec![
            ("broker.url", broker.to_string()),
            ("broker.prefix", self.prefix.clone()),
            ("blobs.dir", path(self.folder.path(), "blobs")),
            ("log.filter", "info,gavel_api::results=debug".to_owned()),
        ]
    }

    pub fn api_urls(&self) -> Vec<String> {
        self.urls.clone()
    }

    /// Starts processes again that have ended, and notes how much memory each has.
    pub async fn supervise(self: Arc<Self>, end: CancellationToken) {
        let looks = async {
            while !end.is_cancelled() {
                tokio::time::sleep(LOOK).await;
                let mut memory = self.memory.lock().unwrap();
                for part in &self.parts {
                    let now = part.memory().unwrap_or_default() >> 20;
                    memory.entry(part.name.clone()).or_default().push(now);
                }
            }
        };
        let all = futures_util::future::join_all(self.parts.iter().map(|part| part.supervise(&end)));
        tokio::join!(looks, all);
    }

    /// Ends all of it, and fails when anything is left.
    pub async fn end(self, books: &Books) {
        for (name, memory) in self.memory.into_inner().unwrap() {
            println!("MiB of {name} every {} s: {memory:?}", LOOK.as_secs());
        }
        let dropped: usize = self.parts.iter().map(|part| part.logs().matches("dropped").count()).sum();
        let mut workers = Vec::new();
        for part in self.parts {
            println!("{} was started {} times", part.name, part.starts());
            let logs = part.logs();
            assert!(!logs.contains("panicked"), "{} panicked", part.name);
            for line in logs.lines().filter(|line| line.contains("could not be removed")) {
                println!("{line}");
            }
            if part.role == "worker" {
                workers.push(part.name.clone());
            }
            part.end().await.assert_code(0);
        }
        let end = Instant::now();
        let rabbit = Rabbit::of(self.rabbit.url(), self.prefix).await;
        for queue in ["submissions.contest", "submissions.practice", "submissions.rejudge", "results"] {
            assert_eq!(rabbit.waiting(queue).await, 0, "{queue}");
        }
        println!("in quarantine: {}", rabbit.waiting("dead").await);
        let twice = books.compare_published(&kept_results(&rabbit).await);
        println!("results published again: {twice}; later results that were dropped: {dropped}");
        assert!(dropped >= twice, "a second result was neither dropped nor counted");
        for worker in &workers {
            Sandboxes::at(&self.engine.socket(), worker).assert_gone_after(end).await;
        }
    }
}
