//! Whoever breaks things, one after the other.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rustix::process::Signal;

use super::part::Part;
use super::system::System;

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    KillWorker,
    EndWorker,
    KillApi,
    EndApi,
    /// Every connection to the broker, of one process.
    CutBroker,
    /// They stay, and nothing comes through.
    StallBroker,
    /// They stay, what is sent arrives, and what is confirmed does not; then they are cut.
    MuteBroker,
    KillBroker,
    CutStore,
    StallStore,
    KillStore,
    /// Half of the workers at once, as when a fleet shrinks or is updated.
    EndHalf,
    /// The wall clock of one process, by up to two hours, and back.
    JumpClock,
    /// The Docker Engine is not answered any more, by one worker.
    StopEngine,
    /// The engine of all of them is killed.
    KillEngine,
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let named = FAULTS.into_iter().find(|fault| format!("{fault:?}") == name);
        named.ok_or_else(|| format!("no fault {name:?}: there are {FAULTS:?}"))
    }
}

pub const FAULTS: [Fault; 15] = [
    Fault::KillWorker,
    Fault::EndWorker,
    Fault::KillApi,
    Fault::EndApi,
    Fault::CutBroker,
    Fault::StallBroker,
    Fault::MuteBroker,
    Fault::KillBroker,
    Fault::CutStore,
    Fault::StallStore,
    Fault::KillStore,
    Fault::EndHalf,
    Fault::JumpClock,
    Fault::StopEngine,
    Fault::KillEngine,
];

pub struct Monkey {
    system: Arc<System>,
    random: StdRng,
    /// What it may do.
    faults: Vec<Fault>,
    /// What is still to come of this round: every fault comes as often as every other one.
    next: Vec<Fault>,
    done: BTreeMap<Fault, usize>,
}

impl Monkey {
    pub fn new(system: Arc<System>, random: StdRng, faults: Vec<Fault>) -> Self {
        Self { system, random, faults, next: Vec::new(), done: BTreeMap::new() }
    }

    /// How often it did anything.
    pub fn acts(&self) -> usize {
        self.done.values().sum()
    }

    /// How often it did what.
    pub fn done(&self) -> String {
        format!("faults: {} {:?}", self.acts(), self.done)
    }

    /// Breaks something, mends it, and leaves the system alone for a while.
    pub async fn act(&mut self) {
        if self.next.is_empty() {
            self.next.clone_from(&self.faults);
        }
        let index = self.random.random_range(0..self.next.len());
        let fault = self.next.swap_remove(index);
        let length = Duration::from_millis(self.random.random_range(500..6_000));
        self.commit(fault, length).await;
        let rest = Duration::from_millis(self.random.random_range(500..8_000));
        tokio::time::sleep(rest).await;
    }

    /// Breaks this for so long, and mends it.
    pub async fn commit(&mut self, fault: Fault, length: Duration) {
        *self.done.entry(fault).or_default() += 1;
        let system = Arc::clone(&self.system);
        let part = |random: &mut StdRng, role: &str| {
            let of_role: Vec<&Part> =
                system.parts.iter().filter(|part| role.is_empty() || part.role == role).collect();
            *of_role.choose(random).unwrap()
        };
        let random = &mut self.random;
        let wait = tokio::time::sleep(length);
        match fault {
            Fault::KillWorker => part(random, "worker").signal(Signal::KILL),
            Fault::EndWorker => part(random, "worker").signal(Signal::TERM),
            Fault::KillApi => part(random, "api").signal(Signal::KILL),
            Fault::EndApi => part(random, "api").signal(Signal::TERM),
            Fault::CutBroker => part(random, "").ways.broker.cut(),
            Fault::StallBroker => {
                let proxy = &part(random, "").ways.broker;
                proxy.stall();
                wait.await;
                proxy.forward();
            }
            Fault::MuteBroker => {
                let proxy = &part(random, "").ways.broker;
                proxy.mute();
                wait.await;
                proxy.cut();
                proxy.forward();
            }
            Fault::KillBroker => {
                system.rabbit.server.kill();
                wait.await;
                system.rabbit.server.resume();
                system.rabbit.answers().await;
            }
            Fault::CutStore => part(random, "api").ways.store.as_ref().unwrap().cut(),
            Fault::StallStore => {
                let proxy = part(random, "api").ways.store.as_ref().unwrap();
                proxy.stall();
                wait.await;
                proxy.forward();
            }
            Fault::KillStore => {
                system.postgres.server.kill();
                wait.await;
                system.postgres.server.resume();
            }
            Fault::EndHalf => {
                let workers: Vec<&Part> = system.parts.iter().filter(|part| part.role == "worker").collect();
                workers.sample(random, workers.len() / 2).for_each(|worker| worker.signal(Signal::TERM));
            }
            Fault::JumpClock => {
                let seconds = random.random_range(-7_200..7_200);
                let clock = &part(random, "").clock;
                clock.jump(seconds);
                wait.await;
                clock.jump(0);
            }
            Fault::KillEngine => {
                system.engine.kill();
                wait.await;
                system.engine.resume().await;
            }
            Fault::StopEngine => {
                let engine = part(random, "worker").ways.engine.as_ref().unwrap();
                engine.go_down();
                wait.await;
                engine.come_up();
            }
        }
    }
}
