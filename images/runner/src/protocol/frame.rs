//! Frames: the header, its bounds, and the incremental decoder.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::path::PathError;

/// Version of the protocol, announced in [`crate::Event::Ready`]. Both sides must speak the same one.
pub const PROTOCOL: u16 = 3;

/// Largest frame in bytes, header included.
pub const MAX_FRAME: usize = 256 * 1024;

/// Most bytes of a file or a stream in one frame.
pub const CHUNK: usize = 64 * 1024;

/// Bytes before the payload: length, kind, nonce.
pub const HEADER: usize = 4 + 1 + 8;

/// What a peer did wrong. None of them can be recovered from: the stream has lost its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtocolError {
    /// A length shorter than a header or longer than [`MAX_FRAME`].
    Length(usize),
    /// A kind that this side does not receive.
    Kind(u8),
    /// More than [`CHUNK`] bytes of data in one frame.
    Chunk(usize),
    /// A payload that does not decode, or has bytes left over.
    Payload(u8),
    /// A path that must not cross the boundary.
    Path(PathError),
}

impl ProtocolError {
    /// A fixed name, fit for a label.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Length(_) => "length",
            Self::Kind(_) => "kind",
            Self::Chunk(_) => "chunk",
            Self::Payload(_) => "payload",
            Self::Path(_) => "path",
        }
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(n) => write!(f, "frame length {n} is out of bounds"),
            Self::Kind(kind) => write!(f, "unexpected frame kind {kind:#04x}"),
            Self::Chunk(n) => write!(f, "{n} bytes of data in one frame"),
            Self::Payload(kind) => write!(f, "malformed payload of frame kind {kind:#04x}"),
            Self::Path(_) => f.write_str("refused path"),
        }
    }
}

impl std::error::Error for ProtocolError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Path(error) => Some(error),
            _ => None,
        }
    }
}

impl From<PathError> for ProtocolError {
    fn from(error: PathError) -> Self {
        Self::Path(error)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::Command {}
    impl Sealed for crate::Event {}
}

/// One direction of the protocol: [`crate::Command`] or [`crate::Event`].
pub trait Message: Sized + sealed::Sealed {
    /// Decodes a payload of the given kind.
    ///
    /// # Errors
    /// When the peer did not keep to the protocol.
    fn decode(kind: u8, payload: &[u8]) -> Result<Self, ProtocolError>;
}

/// Cuts a stream of bytes into messages, however it was split on its way.
///
/// Never panics on hostile bytes. Holds at most one incomplete frame ([`MAX_FRAME`]) plus what was pushed since
/// [`Decoder::next`] last answered `None`. After the first error every later call answers the same error.
#[derive(Debug)]
pub struct Decoder<T> {
    buffer: Vec<u8>,
    start: usize,
    broken: Option<ProtocolError>,
    direction: PhantomData<fn() -> T>,
}

impl<T: Message> Default for Decoder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Message> Decoder<T> {
    /// An empty decoder; it allocates when bytes arrive.
    #[must_use]
    pub fn new() -> Self {
        Self { buffer: Vec::new(), start: 0, broken: None, direction: PhantomData }
    }

    /// Takes bytes as they came from the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete message with its nonce; `None` when more bytes are needed.
    ///
    /// # Errors
    /// When the peer did not keep to the protocol. The length is checked as soon as it is there, before
    /// anything is waited for.
    #[expect(clippy::should_implement_trait, reason = "an error is neither an item nor an end")]
    pub fn next(&mut self) -> Result<Option<(u64, T)>, ProtocolError> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        self.cut().inspect_err(|error| {
            self.broken = Some(error.clone());
            self.buffer = Vec::new();
            self.start = 0;
        })
    }

    fn cut(&mut self) -> Result<Option<(u64, T)>, ProtocolError> {
        let pending = self.buffer.get(self.start..).unwrap_or_default();
        let Some((length, rest)) = pending.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*length) as usize;
        if !(HEADER - 4..=MAX_FRAME - 4).contains(&length) {
            return Err(ProtocolError::Length(length));
        }
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        let Some((&kind, frame)) = frame.split_first() else { return Err(ProtocolError::Length(length)) };
        let Some((nonce, payload)) = frame.split_first_chunk::<8>() else {
            return Err(ProtocolError::Length(length));
        };
        let message = T::decode(kind, payload)?;
        let nonce = u64::from_le_bytes(*nonce);
        self.start += 4 + length;
        Ok(Some((nonce, message)))
    }
}

/// Appends a frame with a raw payload.
pub(super) fn encode_raw(
    kind: u8,
    nonce: u64,
    payload: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), ProtocolError> {
    let length = HEADER - 4 + payload.len();
    if length > MAX_FRAME - 4 {
        return Err(ProtocolError::Length(length));
    }
    let prefix = u32::try_from(length).map_err(|_| ProtocolError::Length(length))?;
    out.reserve(HEADER + payload.len());
    out.extend_from_slice(&prefix.to_le_bytes());
    out.push(kind);
    out.extend_from_slice(&nonce.to_le_bytes());
    out.extend_from_slice(payload);
    Ok(())
}

/// Appends a frame of data bytes.
pub(super) fn encode_bytes(
    kind: u8,
    nonce: u64,
    bytes: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), ProtocolError> {
    if bytes.len() > CHUNK {
        return Err(ProtocolError::Chunk(bytes.len()));
    }
    encode_raw(kind, nonce, bytes, out)
}

/// Appends a frame whose payload is postcard.
pub(super) fn encode_value(
    kind: u8,
    nonce: u64,
    value: &impl Serialize,
    out: &mut Vec<u8>,
) -> Result<(), ProtocolError> {
    let payload = postcard::to_allocvec(value).map_err(|_| ProtocolError::Payload(kind))?;
    encode_raw(kind, nonce, &payload, out)
}

/// Decodes data bytes.
pub(super) fn decode_bytes(payload: &[u8]) -> Result<Vec<u8>, ProtocolError> {
    if payload.len() > CHUNK {
        return Err(ProtocolError::Chunk(payload.len()));
    }
    Ok(payload.to_vec())
}

/// Decodes a postcard payload to its last byte.
pub(super) fn decode_value<T: DeserializeOwned>(kind: u8, payload: &[u8]) -> Result<T, ProtocolError> {
    match postcard::take_from_bytes(payload) {
        Ok((value, [])) => Ok(value),
        _ => Err(ProtocolError::Payload(kind)),
    }
}

/// Decodes an empty payload.
pub(super) fn decode_empty<T>(kind: u8, payload: &[u8], message: T) -> Result<T, ProtocolError> {
    if payload.is_empty() { Ok(message) } else { Err(ProtocolError::Payload(kind)) }
}
