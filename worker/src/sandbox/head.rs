//! The first and the last part of what a program writes.

use gavel_model::Captured;

use super::exec::Sink;

/// Keeps the first bytes and counts all. As a [`Sink`] it takes both streams in the order they come: what a
/// compiler says.
#[derive(Debug)]
pub struct Head {
    kept: Vec<u8>,
    limit: usize,
    total: u64,
}

impl Head {
    /// Keeps at most `limit` bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), limit, total: 0 }
    }

    /// Takes some bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let room = self.limit - self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.total += bytes.len() as u64;
    }

    /// What was kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.kept
    }

    /// What was kept, for a person.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }

    /// Whether there was more than is kept.
    #[must_use]
    pub const fn truncated(&self) -> bool {
        self.total > self.kept.len() as u64
    }

    /// What was kept, for a result; `total` counts also what never reached this side.
    #[must_use]
    pub fn captured(&self, total: u64) -> Captured {
        Captured::new(&self.kept, total.max(self.total))
    }
}

/// Keeps the last bytes.
#[derive(Debug)]
pub struct Tail {
    /// The last `limit` bytes, and perhaps as many before them: what is cut off is moved once, not with each piece.
    kept: Vec<u8>,
    limit: usize,
}

impl Tail {
    /// Keeps at most `limit` bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), limit }
    }

    /// Takes some bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(bytes);
        if self.kept.len() > 2 * self.limit {
            self.kept.drain(..self.kept.len() - self.limit);
        }
    }

    /// What was kept, for a person.
    #[must_use]
    pub fn text(&self) -> String {
        let last = self.kept.len().saturating_sub(self.limit);
        String::from_utf8_lossy(&self.kept[last..]).into_owned()
    }
}

impl Sink for Head {
    fn stdout(&mut self, bytes: &[u8]) {
        self.push(bytes);
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.push(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_last_bytes_are_kept_however_they_come(
            pieces in proptest::collection::vec("[a-z]{0,9}", 0..40), limit in 0_usize..20,
        ) {
            let mut tail = Tail::new(limit);
            for piece in &pieces {
                tail.push(piece.as_bytes());
            }
            let all = pieces.concat();
            prop_assert_eq!(tail.text(), &all[all.len().saturating_sub(limit)..]);
        }
    }
}
