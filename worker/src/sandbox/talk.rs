//! A program that talks with somebody while it runs.

use std::time::Duration;

use async_trait::async_trait;
use gavel_model::LiveStream;
use gavel_runner::{CHUNK, Command, Event, Outcome, Stdin};

use super::connection::Sandbox;
use super::error::SandboxError;
use super::exec::{GRACE, Job, exec_spec};
use super::head::Head;
use super::spoilt::Spoilt;
use super::usage::cpu_time;

/// What a program is told by whoever it talks with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Standard input. At most [`CHUNK`] bytes less one may be under way that [`Partner::taken`] has not told of.
    Data(Vec<u8>),
    /// There is no more of it.
    End,
    /// A signal, by its number.
    Signal(u8),
    /// End it: the outcome says `Limit::Killed`, unless the program was faster.
    Kill,
    /// Nothing; perhaps there is room for output again.
    Nothing,
    /// Nobody listens any more.
    Gone,
}

/// Whoever a program talks with.
#[async_trait]
pub trait Partner: Send {
    /// The next thing that the program is told. Nothing is lost when the future is dropped.
    async fn next(&mut self) -> Told;
    /// Whether output is taken now. While it is not, the program waits when it writes.
    fn has_room(&self) -> bool;
    /// The program wrote something.
    async fn wrote(&mut self, stream: LiveStream, bytes: Vec<u8>);
    /// So much of its input, in bytes from the begin, is no longer under way.
    async fn taken(&mut self, total: u64);
}

impl Sandbox {
    /// Runs a program to its end, in a talk with `partner`. Nothing when the partner went away before; the sandbox must
    /// then be dropped, which ends the program.
    ///
    /// # Errors
    /// Only for faults that are not the program's; the sandbox must then be dropped.
    pub async fn talk(
        &mut self,
        job: &Job,
        partner: &mut dyn Partner,
    ) -> Result<Option<Outcome>, SandboxError> {
        let before = self.begin();
        let outcome = self.talk_to_end(job, partner).await?;
        if let Some(outcome) = &outcome {
            self.used += cpu_time(outcome);
            self.well(before, Spoilt::of(outcome));
        }
        Ok(outcome)
    }

    async fn talk_to_end(
        &mut self,
        job: &Job,
        partner: &mut dyn Partner,
    ) -> Result<Option<Outcome>, SandboxError> {
        let nonce = self.next_nonce();
        self.send(nonce, &Command::Exec(exec_spec(job, Stdin::Live))).await?;
        let within: Duration = job.longest().saturating_add(GRACE);
        let deadline = tokio::time::sleep(within);
        tokio::pin!(deadline);
        let (mut sent, mut taken) = (0_u64, 0_u64);
        let mut nothing = Head::new(0);
        loop {
            let room = partner.has_room();
            tokio::select! {
                event = self.event(), if room => match event? {
                    (of, Event::Stdout(bytes)) if of == nonce => partner.wrote(LiveStream::Stdout, bytes).await,
                    (of, Event::Stderr(bytes)) if of == nonce => partner.wrote(LiveStream::Stderr, bytes).await,
                    (of, Event::Taken { total }) if of == nonce && (taken..=sent).contains(&total) => {
                        taken = total;
                        partner.taken(total).await;
                    }
                    event => if let Some(outcome) = self.running(nonce, event, &mut nothing)? {
                        return Ok(Some(outcome));
                    }
                },
                told = partner.next() => match told {
                    Told::Data(bytes) => {
                        sent += bytes.len() as u64;
                        debug_assert!(sent - taken < CHUNK as u64, "the runner would not hear of anything else");
                        self.send(nonce, &Command::Stdin(bytes)).await?;
                    }
                    Told::End => self.send(nonce, &Command::StdinEof).await?,
                    Told::Signal(number) => self.send(nonce, &Command::Signal { number }).await?,
                    Told::Kill => self.send(nonce, &Command::Kill).await?,
                    Told::Nothing => {}
                    Told::Gone => return Ok(None),
                },
                () = &mut deadline => return Err(SandboxError::Deadline { what: "a live job's end", within }),
            }
        }
    }
}
