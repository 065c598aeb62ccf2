//! Memory for request bodies: bounded over all requests together, drawn before a body is read.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;
use crate::metrics::ApiMetrics;
use crate::settings::{BODY_COPIES, large_body_memory};

/// A body up to this many bytes draws nothing: the cap on connections bounds what all of them take together.
const FREE: u64 = 64 * 1024;

/// What a body draws at a time whose size is not announced, in bytes.
const STEP: u64 = 1024 * 1024;

/// Bodies above this many bytes leave a share of the memory to smaller ones, so that they cannot keep them out.
const LARGE: u64 = 1024 * 1024;

/// What is counted as one, in bytes.
const UNIT: u64 = 1024;

/// The memory that request bodies may take together; cloning shares it.
#[derive(Clone)]
pub struct BodyMemory {
    all: Arc<Semaphore>,
    large: Arc<Semaphore>,
    metrics: ApiMetrics,
}

/// Memory of one request, given back when this is dropped: keep it as long as the body or what was made of it.
pub struct Held {
    from: BodyMemory,
    /// The size of the body that it is enough for, in bytes.
    size: u64,
    all: Option<OwnedSemaphorePermit>,
    large: Option<OwnedSemaphorePermit>,
}

impl BodyMemory {
    /// So many bytes.
    #[must_use]
    pub fn new(bytes: u64, metrics: ApiMetrics) -> Self {
        let of = |bytes: u64| Arc::new(Semaphore::new(units(bytes) as usize));
        Self { all: of(bytes), large: of(large_body_memory(bytes)), metrics }
    }

    /// Memory for a request whose head is this: for what it announces, which may be nothing.
    ///
    /// # Errors
    /// When there is not so much now.
    pub fn hold(&self, headers: &HeaderMap) -> Result<Held, ApiError> {
        let mut held = Held { from: self.clone(), size: FREE, all: None, large: None };
        held.fit(announced(headers).unwrap_or_default())?;
        Ok(held)
    }

    /// Memory that is taken whatever a body's size.
    ///
    /// # Errors
    /// When there is not so much now.
    pub fn hold_flat(&self, bytes: u64) -> Result<Held, ApiError> {
        let all = self.draw(&self.all, bytes)?;
        Ok(Held { from: self.clone(), size: 0, all: Some(all), large: None })
    }

    fn draw(&self, from: &Arc<Semaphore>, bytes: u64) -> Result<OwnedSemaphorePermit, ApiError> {
        let drawn = u32::try_from(units(bytes)).ok().and_then(|units| {
            let permit = Arc::clone(from).try_acquire_many_owned(units);
            permit.ok()
        });
        let drawn = drawn.ok_or_else(|| {
            ApiError::unavailable("too many large requests are in progress, try again with this one")
        });
        self.show();
        drawn
    }

    fn show(&self) {
        self.metrics.body_memory_free_bytes().set((self.all.available_permits() as u64 * UNIT) as f64);
    }
}

impl Held {
    /// Draws what a body of this size needs beyond what is held.
    ///
    /// # Errors
    /// When there is not so much now; what was held stays held.
    pub fn fit(&mut self, size: u64) -> Result<(), ApiError> {
        if size <= self.size {
            return Ok(());
        }
        let size = size.max(if self.size > FREE { self.size + STEP } else { 0 });
        let counted = |permit: &Option<OwnedSemaphorePermit>| {
            permit.as_ref().map_or(0, |permit| permit.num_permits() as u64 * UNIT)
        };
        let wanted = size * BODY_COPIES;
        if size > LARGE {
            let more = self.from.draw(&self.from.large, wanted - counted(&self.large))?;
            merge(&mut self.large, more);
        }
        let more = self.from.draw(&self.from.all, wanted - counted(&self.all))?;
        merge(&mut self.all, more);
        self.size = size;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop((self.all.take(), self.large.take()));
        self.from.show();
    }
}

/// What a request says of the size of its body, in bytes.
#[must_use]
pub fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn merge(held: &mut Option<OwnedSemaphorePermit>, more: OwnedSemaphorePermit) {
    match held {
        Some(held) => held.merge(more),
        None => *held = Some(more),
    }
}

const fn units(bytes: u64) -> u64 {
    bytes.div_ceil(UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use gavel_platform::telemetry::Registry;

    const MIB: u64 = 1024 * 1024;

    fn memory(bytes: u64) -> BodyMemory {
        BodyMemory::new(bytes, ApiMetrics::register(&Registry::default()).unwrap())
    }

    fn head(size: u64) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_LENGTH, size.to_string().parse().unwrap())])
    }

    #[test]
    fn what_was_drawn_is_given_back() {
        let memory = memory(80 * MIB);
        let held = memory.hold(&head(20 * MIB)).unwrap();
        let refused = memory.hold(&head(20 * MIB)).err().unwrap();
        assert_eq!(refused.code, ErrorCode::Unavailable);
        drop(held);
        assert!(memory.hold(&head(20 * MIB)).is_ok());
    }

    #[test]
    fn large_bodies_leave_a_share_to_others() {
        let memory = memory(80 * MIB);
        let all: Vec<_> = std::iter::from_fn(|| memory.hold(&head(2 * MIB)).ok()).collect();
        assert_eq!(all.len() as u64, large_body_memory(80 * MIB) / (2 * MIB * BODY_COPIES));
        let medium = memory.hold(&head(MIB)).ok();
        assert!(medium.is_some(), "a body that is not large");
    }

    #[test]
    fn small_bodies_draw_nothing() {
        let memory = memory(MIB);
        let flat = memory.hold_flat(MIB).unwrap();
        assert!(memory.hold(&head(FREE)).is_ok() && memory.hold(&HeaderMap::new()).is_ok());
        assert!(memory.hold(&head(FREE + 1)).is_err());
        drop(flat);
        assert!(memory.hold(&head(FREE + 1)).is_ok());
    }

    #[test]
    fn a_body_that_announces_nothing_draws_as_it_comes() {
        let memory = memory(20 * MIB);
        let mut held = memory.hold(&HeaderMap::new()).unwrap();
        let fitted = (0..).map_while(|k| held.fit(k * 64 * 1024).ok()).count() as u64 * 64 * 1024;
        assert!((4 * MIB..=6 * MIB).contains(&fitted), "{fitted}");
        drop(held);
        assert!(memory.hold(&head(5 * MIB)).is_ok(), "all of it was given back");
    }
}
