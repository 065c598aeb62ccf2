//! Where a service listens that was given port 0.

use std::net::SocketAddr;

/// The address that a log announces in the last line with this message, as `address=IP:PORT`.
///
/// Asking for port 0 and reading what came of it has no moment in which another process could take the port.
#[must_use]
pub fn announced(log: &str, message: &str) -> Option<SocketAddr> {
    // What follows the last line break is not written to its end yet.
    let (whole, _) = log.rsplit_once('\n')?;
    let line = whole.lines().rev().find(|line| line.contains(message))?;
    let (_, rest) = line.split_once("address=")?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_whole_line_is_found() {
        let log =
            "INFO begin\nINFO listening; no key address=127.0.0.1:4711\nINFO judging address=127.0.0.1:47";
        assert_eq!(announced(log, "listening").unwrap().port(), 4711);
        assert_eq!(announced(log, "judging"), None, "half a line");
        assert_eq!(announced(log, "begin"), None);
    }
}
