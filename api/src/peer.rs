//! Where a request comes from.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The bits of an IPv6 address that one customer of a network is usually given to choose from (RFC 6177).
const OWN_BITS: u32 = 64;

/// Who is at the other end of a connection, as far as limits are counted: an IPv4 address, or the first half of an
/// IPv6 address, of which anybody has the second half to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer(IpAddr);

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> OWN_BITS << OWN_BITS)),
            address => address,
        })
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("10.0.0.1", "10.0.0.2" => false; "neighbours")]
    #[test_case("10.0.0.1", "::ffff:10.0.0.1" => true; "one address in two forms")]
    #[test_case("2001:db8::1", "2001:db8::ffff:1:2:3" => true; "one network")]
    #[test_case("2001:db8::1", "2001:db8:0:1::1" => false; "two networks")]
    fn addresses_that_one_party_chooses_from_are_one_peer(a: &str, b: &str) -> bool {
        let peer = |text: &str| Peer::from(text.parse::<IpAddr>().unwrap());
        peer(a) == peer(b)
    }
}
