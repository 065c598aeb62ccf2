//! Addresses that anybody on the internet could have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet, and not of this machine, a local network, or kept for a purpose
/// (IANA's registries of special-purpose addresses, RFC 6890).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0xfe == 18)
        // Multicast, and what is kept for later, the broadcast address included.
        || a >= 224;
    !special
}

/// Global unicast is `2000::/3`; all that is outside of it is local, or for a purpose.
const fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let documentation = (a == 0x2001 && b == 0x0db8) || a & 0xfff0 == 0x3ff0;
    // `2001::/23`: Teredo, ORCHID and the like.
    a & 0xe000 == 0x2000 && !documentation && !(a == 0x2001 && b < 0x0200)
}

/// The IPv4 address that is reached by an IPv6 one: mapped, or through NAT64 or 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("8.8.8.8" => true)]
    #[test_case("100.63.0.1" => true)]
    #[test_case("172.32.0.1" => true)]
    #[test_case("2606:4700::1111" => true)]
    #[test_case("::ffff:8.8.8.8" => true)]
    #[test_case("0.0.0.0" => false)]
    #[test_case("10.1.2.3" => false)]
    #[test_case("100.64.0.1" => false; "shared by carriers")]
    #[test_case("127.0.0.1" => false)]
    #[test_case("169.254.169.254" => false; "metadata of clouds")]
    #[test_case("172.16.0.1" => false)]
    #[test_case("192.168.1.1" => false)]
    #[test_case("198.19.0.1" => false)]
    #[test_case("224.0.0.1" => false)]
    #[test_case("255.255.255.255" => false)]
    #[test_case("::" => false; "any")]
    #[test_case("::1" => false; "loopback")]
    #[test_case("fe80::1" => false; "link")]
    #[test_case("fd00::1" => false; "unique local")]
    #[test_case("ff02::1" => false; "multicast")]
    #[test_case("::ffff:10.0.0.1" => false; "mapped")]
    #[test_case("64:ff9b::a00:1" => false; "behind NAT64")]
    #[test_case("2002:a00:1::" => false; "behind 6to4")]
    #[test_case("2001:db8::1" => false; "documentation")]
    #[test_case("2001::1" => false; "Teredo")]
    fn only_the_internet_is_public(address: &str) -> bool {
        is_public(address.parse().unwrap())
    }
}
