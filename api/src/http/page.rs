//! A list in parts.

use crate::error::ApiError;

const DEFAULT: u32 = 100;
const MOST: u32 = 1_000;

/// How many entries a part of a list holds at most.
#[derive(Clone, Copy, Debug)]
pub struct Limit(u32);

impl Limit {
    /// What a request asks for: from 1 to 1,000, and 100 where it does not say.
    ///
    /// # Errors
    /// When it is outside these bounds.
    pub fn asked(limit: Option<u32>) -> Result<Self, ApiError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let message = format!("limit is {limit}, it must be from 1 to {MOST}");
            return Err(ApiError::invalid("limit", message));
        }
        Ok(Self(limit))
    }

    /// How many there are at most.
    pub const fn most(self) -> usize {
        self.0 as usize
    }

    /// How many to look for: one more tells whether this is the last part.
    pub const fn to_find(self) -> u32 {
        self.0 + 1
    }

    /// The part out of what was found, and what stands for its last entry; nothing when there is no further part.
    pub fn part<T, K>(self, mut found: Vec<T>, place: impl FnOnce(&T) -> K) -> (Vec<T>, Option<K>) {
        let more = found.len() > self.0 as usize;
        found.truncate(self.0 as usize);
        let next = found.last().filter(|_| more).map(place);
        (found, next)
    }
}
