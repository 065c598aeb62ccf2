//! One connection, from its handshake to its end.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection, ConnectionProperties, Event};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::address::Address;
use super::socket::{self, Socket};
use super::topology::{self, Names};
use gavel_model::Lane;

/// How many times the time for TCP alone it may take to connect, shake hands and declare the topology: 15 s by default.
const OPEN_TIMEOUTS: u32 = 3;

/// How often the connection's state is looked at, should the event that tells of its end be missed.
const LOOK: Duration = Duration::from_secs(1);

/// What a connection is for. Publishing and consuming have one each: a broker short of memory stops reading from
/// connections that publish, and acknowledgements that free its memory must not be stuck behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Publish,
    Consume,
}

impl Role {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Consume => "consume",
        }
    }
}

/// Where messages are published to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Lane(Lane),
    Results,
    Workers,
    Control,
    Events,
}

impl Destination {
    const COUNT: usize = Lane::ALL.len() + 4;

    const fn index(self) -> usize {
        match self {
            Self::Lane(lane) => lane as usize,
            Self::Results => Lane::ALL.len(),
            Self::Workers => Lane::ALL.len() + 1,
            Self::Control => Lane::ALL.len() + 2,
            Self::Events => Lane::ALL.len() + 3,
        }
    }
}

/// A channel to publish through; with confirms, except for events.
pub(super) struct PublishChannel {
    pub(super) channel: Channel,
    /// Held while a publish hands its frames over, see [`super::publish`].
    pub(super) turn: Mutex<()>,
}

/// A connection that is open, or was.
pub(super) struct Session {
    connection: Connection,
    socket: Mutex<Option<Socket>>,
    channels: Vec<PublishChannel>,
    broken: CancellationToken,
    why: OnceLock<String>,
}

/// Why nothing comes of a connection that was given up.
pub(super) const OVER: &str = "its connection is over";

impl Session {
    /// Connects and declares the topology.
    pub(super) async fn open(address: &Address, role: Role, names: &Names) -> Result<Self, String> {
        let timeout = socket::timeout(&address.uri) * OPEN_TIMEOUTS;
        tokio::time::timeout(timeout, Self::handshake(address, role, names))
            .await
            .map_err(|_| format!("no answer within {timeout:?}"))?
            .map_err(|error| error.to_string())
    }

    async fn handshake(address: &Address, role: Role, names: &Names) -> lapin::Result<Self> {
        let name = format!("gavel {}", role.as_str());
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let (stream, socket) = socket::connect(&address.uri).await?;
        let connection = socket::handshake(address, stream, properties).await?;
        topology::declare(&connection.create_channel().await?, names).await?;
        let mut channels = Vec::new();
        if role == Role::Publish {
            for index in 0..Destination::COUNT {
                let channel = connection.create_channel().await?;
                if index != Destination::Events.index() {
                    channel.confirm_select(ConfirmSelectOptions::default()).await?;
                }
                channels.push(PublishChannel { channel, turn: Mutex::default() });
            }
        }
        Ok(Self {
            connection,
            socket: Mutex::new(Some(socket)),
            channels,
            broken: CancellationToken::new(),
            why: OnceLock::new(),
        })
    }

    /// Whether it can be used, as far as is known.
    pub(super) fn alive(&self) -> bool {
        self.connection.status().connected() && !self.broken.is_cancelled()
    }

    /// Whether the broker has asked publishers to wait, for want of memory or disk.
    pub(super) fn blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    /// The channel to publish through; only a [`Role::Publish`] session has any.
    pub(super) fn publish_channel(&self, to: Destination) -> Option<&PublishChannel> {
        self.channels.get(to.index())
    }

    /// A new channel.
    pub(super) async fn channel(&self) -> lapin::Result<Channel> {
        self.connection.create_channel().await
    }

    /// Gives the connection up: something on it went wrong, all of it is made anew.
    pub(super) fn fail(&self, why: impl std::fmt::Display) {
        self.why.get_or_init(|| why.to_string());
        self.broken.cancel();
    }

    /// What the future says, or none once the connection is given up: lapin need not end what was asked of a connection in the very
    /// moment of its end.
    pub(super) async fn while_it_lasts<F: Future>(&self, future: F) -> Option<F::Output> {
        self.broken.run_until_cancelled(future).await
    }

    /// Waits for its end, however it comes, and says why.
    pub(super) async fn ended(&self) -> String {
        enum Seen {
            Event(Option<Event>),
            Broken,
            Look,
        }
        let mut events = std::pin::pin!(self.connection.events_listener());
        loop {
            let seen = tokio::select! {
                event = events.next() => Seen::Event(event),
                () = self.broken.cancelled() => Seen::Broken,
                () = tokio::time::sleep(LOOK) => Seen::Look,
            };
            match seen {
                Seen::Event(Some(Event::Error(error))) => return error.to_string(),
                Seen::Event(Some(Event::ConnectionBlocked(reason))) => {
                    warn!(reason, "the broker takes no messages for now");
                }
                Seen::Event(Some(Event::ConnectionUnblocked)) => info!("the broker takes messages again"),
                Seen::Broken => return self.why.get().cloned().unwrap_or_default(),
                Seen::Event(None) => return "closed".to_owned(),
                Seen::Event(Some(_)) | Seen::Look if self.connection.status().connected() => {}
                Seen::Event(Some(_)) | Seen::Look => return "closed".to_owned(),
            }
        }
    }

    /// Says goodbye, should the other side still listen: deliveries not settled go back to their queues.
    pub(super) async fn close(&self) {
        self.broken.cancel();
        let goodbye = self.connection.close(200, "begin anew".into());
        if let Ok(Err(error)) = tokio::time::timeout(LOOK, goodbye).await {
            tracing::debug!(%error, "the connection was closed already");
        }
        drop(self.take_socket());
    }
    fn take_socket(&self) -> Option<Socket> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Session {
    /// Not closed, so it is in order: deliveries that are out may still be settled over it.
    fn drop(&mut self) {
        if let Some(socket) = self.take_socket() {
            socket.let_go();
        }
    }
}
