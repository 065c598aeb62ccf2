//! The wire protocol between a worker and `gavel-runner`, the PID 1 of every sandbox.
//!
//! Frames travel over the container's attached stdin (commands) and stdout (events):
//!
//! ```text
//! u32 LE length of the rest | u8 kind | u64 LE nonce | payload
//! ```
//!
//! A frame is at most [`MAX_FRAME`] bytes in all. Payloads that are bytes of a file or a stream are raw, at most
//! [`CHUNK`] of them; every other payload is postcard (<https://postcard.jamesmunns.com/wire-format>). The nonce
//! is chosen by the worker per request; every answer carries the nonce of what it answers, so a late answer is
//! never taken for the next one. Both sides treat what they receive as hostile: see [`Decoder`].

#![forbid(unsafe_code)]

mod protocol;

pub use protocol::command::{
    Command, ExecSpec, Root, STDIN_FILE_MAX, Stdin, Stdout, encode_command, encode_data, encode_stdin,
};
pub use protocol::event::{
    Cgroup, Ending, Event, Limit, Outcome, encode_chunk, encode_event, encode_stderr, encode_stdout,
};
pub use protocol::frame::{CHUNK, Decoder, HEADER, MAX_FRAME, Message, PROTOCOL, ProtocolError};
pub use protocol::path::{MAX_COMPONENT, MAX_DEPTH, PathError, check_path};
