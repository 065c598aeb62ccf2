//! The client's side of a WebSocket.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::wait::within;

/// A client in a talk.
pub struct Talk(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a client heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A message.
    Message(Value),
    /// The end: the code of the close frame and its text.
    Close(u16, String),
}

impl Talk {
    /// Connects to `http://host:port/path`.
    pub async fn begin(url: &str) -> Self {
        Self::with(url, &[]).await.unwrap_or_else(|status| panic!("refused: {status}"))
    }

    /// The same with headers; the status where it is refused.
    pub async fn with(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = url.replacen("http", "ws", 1).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match within("a WebSocket begins", connect_async(request)).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Says something.
    pub async fn say(&mut self, message: &Value) {
        self.say_text(&message.to_string()).await;
    }

    /// Says something that need not be JSON.
    pub async fn say_text(&mut self, text: &str) {
        within("it is said", self.0.send(Message::text(text))).await.unwrap();
    }

    /// Says bytes.
    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        within("it is said", self.0.send(Message::binary(bytes.to_vec()))).await.unwrap();
    }

    /// Reads a kilobyte now and then, whatever it is the middle of, for as long as there is a connection.
    pub async fn sip(&mut self) {
        let MaybeTlsStream::Plain(stream) = self.0.get_mut() else { unreachable!("there is no TLS") };
        while matches!(stream.read(&mut [0; 1024]).await, Ok(1..)) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The next that it hears. What answers a ping is none.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match within("something is heard", self.0.next()).await {
                Some(Ok(Message::Text(text))) => return Heard::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    // Answered, as the other side waits for.
                    self.0.flush().await.ok();
                    return Heard::Close(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        match self.hear().await {
            Heard::Message(message) => message,
            Heard::Close(code, reason) => panic!("closed: {code} {reason}"),
        }
    }

    /// Hears what is written to a stream until it is this text, and nothing else meanwhile.
    pub async fn hear_written(&mut self, stream: &str, text: &str) {
        let mut written = String::new();
        while written != text {
            let message = self.message().await;
            assert_eq!((&message["type"], &message["stream"]), (&"data".into(), &stream.into()), "{message}");
            written.push_str(message["data"].as_str().unwrap());
            assert!(text.starts_with(&written), "{written:?} is not {text:?}");
        }
    }

    /// All that is heard until the end, and that.
    pub async fn to_the_end(&mut self) -> (Vec<Value>, u16) {
        let mut messages = Vec::new();
        loop {
            match self.hear().await {
                Heard::Message(message) => messages.push(message),
                Heard::Close(code, _) => return (messages, code),
            }
        }
    }
}
