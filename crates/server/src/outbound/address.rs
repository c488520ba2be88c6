//! Which addresses are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether the address belongs to the public internet: not to this machine, its network, or a special purpose (RFC 6890).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, carrier-grade NAT, protocol assignments, 6to4 relays, benchmarks, reserved.
        [0 | 240..=255, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        _ => false,
    };
    let is_local = address.is_private() || address.is_loopback() || address.is_link_local();
    !(special || is_local || address.is_multicast() || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let [first, second] = high.to_be_bytes();
    let [third, fourth] = low.to_be_bytes();
    let last = Ipv4Addr::new(first, second, third, fourth);
    match [a, b, c, d, e, f] {
        // Mapped and translated addresses lead to the IPv4 address in them.
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => is_public_v4(last),
        // The rest of this block: unspecified, loopback, compatible addresses.
        [0, 0, 0, 0, 0, 0] => false,
        // Local translation, discard, Teredo, protocol assignments, documentation, 6to4.
        [0x64, 0xff9b, ..] | [0x100, ..] | [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] => false,
        // Unique local, link-local, site-local, multicast, documentation.
        [0xfc00..=0xfdff | 0xfe80..=0xfeff | 0xff00..=0xffff | 0x3fff, ..] => false,
        // Only this block is assigned to the internet.
        _ => a >> 13 == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_no_stranger_are_not_public() {
        for local in [
            "127.0.0.1",
            "127.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(local.parse().unwrap()), "{local}");
        }
        for public in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
