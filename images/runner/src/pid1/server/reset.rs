//! Between two jobs: nothing of the last one may be left.

use gavel_runner::Event;

use super::Server;
use crate::pid1::sys;

impl Server {
    pub(super) fn reset(&mut self, nonce: u64) {
        sys::kill_others();
        (self.fifos, self.pair) = (None, None);
        let done = self
            .places
            .wipe()
            .and_then(|()| self.shelf.seal())
            .and_then(|()| self.shelf.restore(&self.places))
            .and_then(|()| self.places.make_out());
        self.answer(nonce, done, Some(Event::ResetDone));
    }
}
