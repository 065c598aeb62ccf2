//! Mutations of inputs, the same ones for the same seed: what a fuzzer does without a look at the code.

/// A stream of numbers (Marsaglia, "Xorshift RNGs", 2003).
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Another stream for each seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next one.
    pub const fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The next one, below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.draw() >> 1).unwrap_or(0).checked_rem(bound).unwrap_or(0)
    }
}

/// Values at which lengths and counters turn.
const EDGES: [u32; 8] = [0, 1, 127, 128, 255, 65_535, 262_144, u32::MAX];

/// Longer inputs find nothing more.
const LONGEST: usize = 64 * 1024;

/// One input made of another, and of pieces of a second one.
#[must_use]
pub fn mutated(input: &[u8], other: &[u8], words: &[&str], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len() + 1);
        let length = numbers.below(16).min(bytes.len() - at);
        match numbers.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(numbers.below(256)).unwrap_or(0),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            4 => {
                let from = numbers.below(other.len());
                let piece = &other[from..(from + 1 + numbers.below(64)).min(other.len())];
                drop(bytes.splice(at..at, piece.iter().copied()));
            }
            5 if at + 4 <= bytes.len() => {
                bytes[at..at + 4].copy_from_slice(&EDGES[numbers.below(EDGES.len())].to_le_bytes());
            }
            6 => bytes.truncate(at),
            7 if !words.is_empty() => {
                let word = words[numbers.below(words.len())];
                drop(bytes.splice(at..at + length, word.bytes()));
            }
            _ => bytes.push(u8::try_from(numbers.below(256)).unwrap_or(0)),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}
