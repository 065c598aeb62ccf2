//! Frames between a worker and the runner of a sandbox, both ways.

use std::fmt::Debug;

use gavel_runner::{CHUNK, Command, Decoder, Event, Message, ProtocolError, encode_command, encode_event};

/// Frames are the same however they come in pieces, and what was read can be written and read again.
///
/// # Panics
/// When a rule is broken.
pub fn read(bytes: &[u8]) {
    for (nonce, command) in both_ways::<Command>(bytes) {
        written_again(nonce, &command, encode_command);
    }
    for (nonce, event) in both_ways::<Event>(bytes) {
        written_again(nonce, &event, encode_event);
    }
}

/// What is in it, read at once and piece by piece.
fn both_ways<T: Message + Debug + PartialEq>(bytes: &[u8]) -> Vec<(u64, T)> {
    let (whole, end) = read_in::<T>(std::iter::once(bytes));
    // Pieces of one to sixteen bytes, as the bytes themselves say.
    let size = bytes.first().map_or(1, |byte| usize::from(byte % 16) + 1);
    let (pieces, end_of_pieces) = read_in::<T>(bytes.chunks(size));
    assert_eq!((&whole, &end), (&pieces, &end_of_pieces), "in pieces of {size}");
    whole
}

fn read_in<'a, T: Message>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<(u64, T)>, Option<ProtocolError>) {
    let (mut decoder, mut found) = (Decoder::<T>::new(), Vec::new());
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next() {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                // From here on it says the same, whatever comes.
                Err(error) => {
                    decoder.push(&[0; 64]);
                    assert_eq!(decoder.next().err(), Some(error.clone()));
                    return (found, Some(error));
                }
            }
        }
    }
    (found, None)
}

fn written_again<T: Message + Debug + PartialEq>(
    nonce: u64,
    message: &T,
    write: impl Fn(u64, &T, &mut Vec<u8>) -> Result<(), ProtocolError>,
) {
    let mut frame = Vec::new();
    write(nonce, message, &mut frame).unwrap();
    assert!(frame.len() <= CHUNK * 4, "{} bytes", frame.len());
    let (again, end) = read_in::<T>(std::iter::once(&frame[..]));
    assert!(end.is_none() && again.len() == 1, "{end:?}");
    assert_eq!((again[0].0, &again[0].1), (nonce, message));
}
